//! User names and passwords.

use mocker_scripting::host::base64;
use mocker_scripting::plugin::builtin::Kind;
use mocker_scripting::plugin::limits::{CREDENTIAL_BYTES, SECRETS};
use mocker_scripting::plugin::{Builtin, Verdict};
use serde_json::{Map, Value, json};

use crate::{answered, configured, detail, field, passed, refused, request, visit};

fn ask(basic: &Builtin, credentials: &str) -> Verdict {
    basic.before(&request("GET", "/", &[&format!("Authorization: Basic {credentials}")]), &visit())
}

fn encoded(pair: &str) -> String {
    base64::encode(pair.as_bytes()).unwrap()
}

#[test]
fn users_pass_with_their_passwords() {
    let basic =
        configured(Kind::Basic, &json!({ "users": { "ann": "a:b c", "bøb": "pässword", "eve": "" } }));
    for (pair, user) in [
        ("ann:a:b c", Some("ann")),
        ("bøb:pässword", Some("bøb")),
        ("eve:", Some("eve")),
        ("ann:a:b", None),
        ("ann", None),
        ("ann:pässword", None),
        ("Ann:a:b c", None),
        ("", None),
        (":", None),
    ] {
        match ask(&basic, &encoded(pair)) {
            Verdict::Pass(notes) => assert_eq!(notes.user.as_deref(), user, "{pair}"),
            Verdict::Answer(response) => {
                assert_eq!((response.status, user), (401, None), "{pair}");
                assert_eq!(
                    field(&response, "WWW-Authenticate").as_deref(),
                    Some(r#"Basic realm="mocker", charset="UTF-8""#)
                );
            }
        }
    }
}

#[test]
fn what_is_no_credentials_is_refused() {
    let basic = configured(Kind::Basic, &json!({ "users": { "ann": "x" }, "realm": "zoo" }));
    for credentials in ["!", "YW5uOng=extra=", "YW5u", "\u{e9}"] {
        let response = answered(ask(&basic, credentials));
        assert!(detail(&response).contains("wrong"), "{credentials}");
    }
    for fields in [&[][..], &["Authorization: Bearer YW5uOng="], &["Authorization: Basic"]] {
        let response = answered(basic.before(&request("GET", "/", fields), &visit()));
        assert!(detail(&response).contains("needs"));
        assert_eq!(
            field(&response, "WWW-Authenticate").as_deref(),
            Some(r#"Basic realm="zoo", charset="UTF-8""#)
        );
    }
    passed(basic.before(&request("GET", "/", &["authorization: bASIC  YW5uOng="]), &visit()));
    // without padding, as some clients send it
    passed(ask(&basic, "YW5uOng"));
}

#[test]
fn limits_hold_at_their_edge() {
    let users = |count: usize| {
        let users: Map<String, Value> = (0..count).map(|index| (format!("u{index}"), json!("p"))).collect();
        json!({ "users": users })
    };
    let basic = configured(Kind::Basic, &users(SECRETS));
    passed(ask(&basic, &encoded(&format!("u{}:p", SECRETS - 1))));
    assert_eq!(refused(Kind::Basic, &users(SECRETS + 1))[0].pointer, "/users");
    // Three bytes are four characters.
    let longest = "p".repeat(CREDENTIAL_BYTES / 4 * 3 - 2);
    for (password, is_read) in [(longest.clone(), true), (longest + "ppp", false)] {
        let basic = configured(Kind::Basic, &json!({ "users": { "a": password } }));
        assert_eq!(matches!(ask(&basic, &encoded(&format!("a:{password}"))), Verdict::Pass(_)), is_read);
    }
}

#[test]
fn configurations_are_checked() {
    for (config, pointer, says) in [
        (json!({}), "", "`users` is missing"),
        (json!({ "users": {} }), "/users", "fewer than 1"),
        (json!({ "users": { "a:b": "x" } }), "/users/a:b", "may not be a key of `users`"),
        (json!({ "users": { "ann": 1 } }), "/users/ann", "string"),
        (json!({ "users": { "ann": "x" }, "realm": "a\nb" }), "/realm", "not written"),
        (json!({ "users": { "ann": "x" }, "relm": "a" }), "/relm", "not known"),
    ] {
        let faults = refused(Kind::Basic, &config);
        assert!(faults[0].message.contains(says), "{faults:#?}");
        assert_eq!(faults[0].pointer, pointer, "{faults:#?}");
    }
}

proptest::proptest! {
    #[test]
    fn any_credentials_are_judged(credentials in "\\PC{0,60}") {
        let basic = configured(Kind::Basic, &json!({ "users": { "ann": "x" } }));
        let passes = matches!(ask(&basic, &credentials), Verdict::Pass(_));
        proptest::prop_assert!(!passes || credentials.trim().starts_with("YW5uOng"));
    }

    #[test]
    fn any_password_is_found(name in "[^:\\x00-\\x1f]{1,12}", password in any_text()) {
        let basic = configured(Kind::Basic, &json!({ "users": { &name: &password } }));
        let notes = passed(ask(&basic, &encoded(&format!("{name}:{password}"))));
        proptest::prop_assert_eq!(notes.user.as_deref(), Some(&*name));
    }
}

fn any_text() -> impl proptest::strategy::Strategy<Value = String> {
    proptest::prelude::any::<String>()
}
