//! Which pages may call.

use mocker_scripting::Response;
use mocker_scripting::plugin::builtin::Kind;
use mocker_scripting::plugin::limits::ORIGINS;
use mocker_scripting::plugin::{Builtin, Verdict};
use serde_json::{Value, json};

use crate::{configured, detail, field, passed, refused, request, visit};

const APP: &str = "Origin: https://app.example.com";

/// What the answer to a request says; preflights are answered by the plugin.
fn answer(cors: &Builtin, method: &str, fields: &[&str], vary: Option<&str>) -> Response {
    let request = request(method, "/pets", fields);
    let mut response = match cors.before(&request, &visit()) {
        Verdict::Answer(response) => response,
        Verdict::Pass(_) => {
            let mut response = Response { status: 200, ..Response::default() };
            response.set_field("Access-Control-Allow-Origin", b"https://example.of.the.document");
            if let Some(vary) = vary {
                response.set_field("Vary", vary.as_bytes());
            }
            response
        }
    };
    assert_eq!(cors.after(&request, &visit(), &mut response), None);
    response
}

fn shared(response: &Response) -> [Option<String>; 4] {
    [
        "Access-Control-Allow-Origin",
        "Access-Control-Allow-Credentials",
        "Access-Control-Expose-Headers",
        "Vary",
    ]
    .map(|name| field(response, name))
}

fn some(values: [&str; 4]) -> [Option<String>; 4] {
    values.map(|value| (!value.is_empty()).then(|| value.to_owned()))
}

#[test]
fn answers_are_shared_with_pages_that_may_call() {
    let open = json!({});
    let listed =
        json!({ "origins": ["https://app.example.com", "https://*.example.org"], "expose": ["X-A", "X-B"] });
    let with_credentials = json!({ "credentials": true });
    let app = "https://app.example.com";
    for (config, fields, expected) in [
        (&open, &[APP][..], ["*", "", "", ""]),
        (&open, &[], ["*", "", "", ""]),
        (&listed, &[APP], [app, "", "X-A, X-B", "Origin"]),
        (
            &listed,
            &["Origin: https://a.b.example.org"],
            ["https://a.b.example.org", "", "X-A, X-B", "Origin"],
        ),
        (&listed, &["Origin: https://evil.example"], ["", "", "", "Origin"]),
        (&listed, &["Origin: null"], ["", "", "", "Origin"]),
        (&listed, &[], ["", "", "", "Origin"]),
        (&with_credentials, &[APP], [app, "true", "", "Origin"]),
        (&with_credentials, &[], ["", "", "", "Origin"]),
    ] {
        let response = answer(&configured(Kind::Cors, config), "GET", fields, None);
        assert_eq!(shared(&response), some(expected), "{config} {fields:?}");
    }
}

#[test]
fn vary_is_added_to() {
    let cors = configured(Kind::Cors, &json!({ "origins": "https://app.example.com" }));
    for (there, expected) in [
        (None, "Origin"),
        (Some("Accept"), "Accept, Origin"),
        (Some("accept, ORIGIN"), "accept, ORIGIN"),
        (Some("*"), "*"),
    ] {
        assert_eq!(field(&answer(&cors, "GET", &[APP], there), "Vary").as_deref(), Some(expected));
    }
}

#[test]
fn preflights_are_answered() {
    let asked = "Access-Control-Request-Method: PUT";
    let headers = "Access-Control-Request-Headers: x-one,x-two";
    let listed = json!({
        "origins": "https://app.example.com", "methods": ["GET", "PUT"], "headers": ["X-One", "Content-Type"], "max_age": 60,
    });
    for (config, fields, allowed) in [
        (json!({}), vec![APP, asked], ["*", "*", "600"]),
        (listed, vec![APP, asked, headers], ["GET, PUT", "X-One, Content-Type", "60"]),
        (
            json!({ "credentials": true, "max_age": 0 }),
            vec![APP, asked, headers],
            ["PUT", "x-one,x-two", "0"],
        ),
        (json!({ "credentials": true }), vec![APP, asked], ["PUT", "", "600"]),
    ] {
        let cors = configured(Kind::Cors, &config);
        let response = answer(&cors, "OPTIONS", &fields, None);
        assert_eq!((response.status, response.body.len()), (204, 0));
        let names =
            ["Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Access-Control-Max-Age"];
        let got = names.map(|name| field(&response, name).unwrap_or_default());
        assert_eq!(got, allowed.map(str::to_owned), "{config}");
        assert!(field(&response, "Access-Control-Allow-Origin").is_some());
        let vary = field(&response, "Vary").unwrap();
        assert!(vary.starts_with("Access-Control-Request-Method, Access-Control-Request-Headers"), "{vary}");
    }
}

#[test]
fn a_preflight_of_another_page_is_refused() {
    let cors = configured(Kind::Cors, &json!({ "origins": ["https://app.example.com"] }));
    let fields = ["Origin: https://evil.example", "Access-Control-Request-Method: GET"];
    let response = answer(&cors, "OPTIONS", &fields, None);
    assert_eq!((response.status, detail(&response).contains("origin")), (403, true));
    assert_eq!(shared(&response), some(["", "", "", "Origin"]));
}

#[test]
fn what_is_no_preflight_goes_on() {
    let cors = configured(Kind::Cors, &json!({}));
    let asked = "Access-Control-Request-Method: PUT";
    for (method, fields) in
        [("OPTIONS", &[APP][..]), ("OPTIONS", &[asked]), ("GET", &[APP, asked]), ("options", &[APP, asked])]
    {
        passed(cors.before(&request(method, "/pets", fields), &visit()));
    }
}

#[test]
fn configurations_are_checked() {
    let origins = |count: usize| -> Value {
        json!({ "origins": (0..count).map(|index| format!("https://a{index}.example")).collect::<Vec<_>>() })
    };
    configured(Kind::Cors, &origins(ORIGINS));
    for (config, pointer, says) in [
        (origins(ORIGINS + 1), "/origins", "1000 are allowed"),
        (json!({ "origins": [] }), "/origins", "fewer than 1"),
        (
            json!({ "origins": ["*", "https://a.example/"] }),
            "/origins/1",
            "`https://a.example/` is no origin",
        ),
        (json!({ "origins": "a.example" }), "/origins", "no origin"),
        (json!({ "methods": "GET POST" }), "/methods", "not written"),
        (json!({ "headers": ["a b"] }), "/headers/0", "`headers[0]` is not written"),
        (json!({ "expose": ["a\r\nb"] }), "/expose/0", "not written"),
        (json!({ "credentials": "yes" }), "/credentials", "boolean"),
        (json!({ "max_age": 86401 }), "/max_age", "<= 86400"),
    ] {
        let faults = refused(Kind::Cors, &config);
        assert_eq!(faults.len(), 1, "{faults:#?}");
        assert!(faults[0].message.contains(says), "{faults:#?}");
        assert_eq!(faults[0].pointer, pointer, "{faults:#?}");
    }
}
