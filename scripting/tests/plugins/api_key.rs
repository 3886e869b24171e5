//! API keys.

use mocker_scripting::plugin::Verdict;
use mocker_scripting::plugin::builtin::Kind;
use mocker_scripting::plugin::limits::{CREDENTIAL_BYTES, SECRETS};
use serde_json::{Value, json};

use crate::{answered, configured, detail, field, passed, refused, request, visit};

#[test]
fn keys_are_found_where_they_are_sent() {
    let keys = json!(["s3cret", { "key": "t0 ken", "name": "ann" }]);
    let with = |mut config: Value| {
        config["keys"] = keys.clone();
        config
    };
    let header = with(json!({}));
    let query = with(json!({ "query": "api_key" }));
    let cookie = with(json!({ "cookie": "key" }));
    let any = with(json!({ "header": "X-Key", "query": "api_key", "cookie": "key" }));
    for (config, target, fields, expected) in [
        (&header, "/", &["x-api-key: s3cret"][..], Some(None)),
        (&header, "/", &["X-API-Key: t0 ken"], Some(Some("ann"))),
        (&header, "/?X-API-Key=s3cret", &[], None),
        (&header, "/", &["X-API-Key: S3cret"], None),
        (&header, "/", &["X-API-Key: "], None),
        (&query, "/?a=1&api_key=t0+ken", &[], Some(Some("ann"))),
        (&query, "/?a=1&api_key=t0%20ken", &[], Some(Some("ann"))),
        (&query, "/?API_KEY=s3cret", &[], None),
        (&query, "/", &["X-API-Key: s3cret"], None),
        (&cookie, "/", &["Cookie: a=b; key=s3cret"], Some(None)),
        (&cookie, "/", &["Cookie: key=wrong"], None),
        (&any, "/?api_key=wrong", &["X-Key: wrong", "Cookie: key=s3cret"], Some(None)),
        (&any, "/?api_key=s3cret", &["X-API-Key: s3cret"], Some(None)),
        (&any, "/", &[], None),
    ] {
        let verdict = configured(Kind::ApiKey, config).before(&request("GET", target, fields), &visit());
        let got = match &verdict {
            Verdict::Pass(notes) => Some(notes.user.as_deref()),
            Verdict::Answer(response) => {
                assert_eq!(response.status, 401);
                None
            }
        };
        assert_eq!(got, expected, "{config} {target} {fields:?}");
    }
}

#[test]
fn refusals_say_what_is_wanted() {
    let config = json!({ "keys": ["a"], "query": "api_key", "cookie": "key" });
    let api_key = configured(Kind::ApiKey, &config);
    let response = answered(api_key.before(&request("GET", "/", &[]), &visit()));
    assert_eq!(
        detail(&response),
        "This operation needs an API key, in the query parameter `api_key` or in the cookie `key`."
    );
    assert_eq!(field(&response, "WWW-Authenticate").as_deref(), Some(r#"ApiKey in="query", name="api_key""#));
    let response = answered(api_key.before(&request("GET", "/?api_key=b", &[]), &visit()));
    assert_eq!(detail(&response), "The API key is not known.");
}

#[test]
fn limits_hold_at_their_edge() {
    let keys =
        |count: usize| json!({ "keys": (0..count).map(|index| format!("k{index}")).collect::<Vec<_>>() });
    configured(Kind::ApiKey, &keys(SECRETS));
    assert_eq!(refused(Kind::ApiKey, &keys(SECRETS + 1))[0].pointer, "/keys");
    for (length, is_read) in [(CREDENTIAL_BYTES, true), (CREDENTIAL_BYTES + 1, false)] {
        let key = "k".repeat(length);
        let api_key = configured(Kind::ApiKey, &json!({ "keys": [key] }));
        let verdict = api_key.before(&request("GET", "/", &[&format!("X-API-Key: {key}")]), &visit());
        assert_eq!(matches!(verdict, Verdict::Pass(_)), is_read);
    }
}

#[test]
fn configurations_are_checked() {
    for (config, pointer, says) in [
        (json!({}), "", "`keys` is missing"),
        (json!({ "keys": [] }), "/keys", "fewer than 1"),
        (json!({ "keys": [""] }), "/keys/0", "fewer than 1"),
        (json!({ "keys": [1] }), "/keys/0", "must be string,object"),
        (json!({ "keys": [{ "name": "ann" }] }), "/keys/0", "`key` is missing"),
        (json!({ "keys": [{ "key": "a", "nam": "ann" }] }), "/keys/0/nam", "not known"),
        (json!({ "keys": ["a"], "header": "X Key" }), "/header", "not written"),
        (json!({ "keys": ["a"], "headers": "X-Key" }), "/headers", "not known"),
    ] {
        let faults = refused(Kind::ApiKey, &config);
        assert_eq!(faults.len(), 1, "{faults:#?}");
        assert!(faults[0].message.contains(says), "{faults:#?}");
        assert_eq!(faults[0].pointer, pointer, "{faults:#?}");
    }
    passed(
        configured(Kind::ApiKey, &json!({ "keys": ["a"] }))
            .before(&request("GET", "/", &["X-API-Key: a"]), &visit()),
    );
}
