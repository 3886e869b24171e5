//! Lines of the log.

use std::time::Duration;

use mocker_scripting::plugin::builtin::Kind;
use mocker_scripting::plugin::limits::LOGGED_BYTES;
use mocker_scripting::plugin::{Notes, Visit};
use mocker_scripting::{Request, Response};
use serde_json::{Value, json};

use crate::{configured, passed, request, visit};

fn line(config: &Value, request: &Request, user: Option<&str>, body: &[u8]) -> String {
    let logging = configured(Kind::Logging, config);
    assert_eq!(passed(logging.before(request, &visit())), Notes::default());
    let notes = Notes { user: user.map(Box::from), ..Notes::default() };
    let visit = Visit { notes, took: Duration::from_micros(1500), ..visit() };
    let mut response = Response { status: 200, fields: Vec::new(), body: body.to_vec() };
    logging.after(request, &visit, &mut response).unwrap()
}

#[test]
fn lines_are_written_as_web_servers_do() {
    let request = request(
        "GET",
        "/pets?limit=5&api_key=hidden&flag&Access_Token=x",
        &["User-Agent: curl/8 \"x\"", "X-A: 1", "x-a: 2", "Authorization: Bearer t"],
    );
    let target = "/pets?limit=5&api_key=[redacted]&flag&Access_Token=[redacted]";
    let common = format!("192.0.2.1 - - [02/Jan/2026:03:04:05 +0000] \"GET {target} HTTP/1.1\" 200");
    assert_eq!(line(&json!({}), &request, None, b"12345"), format!("{common} 5"));
    assert_eq!(
        line(&json!({ "format": "combined" }), &request, None, b""),
        format!(r#"{common} - "-" "curl/8 \"x\"""#)
    );
    assert_eq!(
        line(&json!({ "headers": ["X-A", "Authorization", "X-None"] }), &request, None, b""),
        format!(r#"{common} - "1, 2" "[redacted]" "-""#)
    );
    let everything =
        line(&json!({ "redact": [] , "headers": "authorization" }), &request, Some("ann lee"), b"");
    assert!(everything.starts_with("192.0.2.1 - ann_lee ["), "{everything}");
    assert!(everything.contains("api_key=hidden") && everything.ends_with("\"Bearer t\""), "{everything}");
}

#[test]
fn lines_are_written_as_json() {
    let request = request("POST", "/pets?q=a%20b", &["X-A: 1", "Cookie: a=b"]);
    let config = json!({ "format": "json", "headers": ["X-A", "Cookie", "X-None"] });
    let read: Value = serde_json::from_str(&line(&config, &request, Some("ann"), b"12")).unwrap();
    assert_eq!(
        read,
        json!({
            "time": "2026-01-02T03:04:05.678Z", "client": "192.0.2.1", "method": "POST", "target": "/pets?q=a%20b",
            "protocol": "HTTP/1.1", "operation": "GET /pets", "status": 200, "bytes": 2, "duration_us": 1500,
            "user": "ann", "headers": { "x-a": "1", "cookie": "[redacted]" },
        })
    );
    let plain: Value =
        serde_json::from_str(&line(&json!({ "format": "json" }), &request, None, b"")).unwrap();
    assert!(plain.get("user").is_none() && plain.get("headers").is_none());
}

#[test]
fn values_are_cut() {
    for (length, logged) in [(LOGGED_BYTES, LOGGED_BYTES), (LOGGED_BYTES + 1, LOGGED_BYTES)] {
        let request = request("GET", "/", &[&format!("X-A: {}", "a".repeat(length))]);
        let line = line(&json!({ "headers": "X-A" }), &request, None, b"");
        assert!(line.ends_with(&format!("\"{}\"", "a".repeat(logged))), "{line}");
    }
}

#[test]
fn queries_are_written_as_sent() {
    for (target, expected) in [
        ("/a", "/a"),
        ("/a?&", "/a?&"),
        ("/a?b=&&c", "/a?b=&&c"),
        ("/a?%61pi_key=1&x=api_key", "/a?%61pi_key=[redacted]&x=api_key"),
        ("/a?api_key", "/a?api_key"),
    ] {
        let line = line(&json!({}), &request("GET", target, &[]), None, b"");
        assert!(line.contains(&format!("GET {expected} HTTP")), "{line}");
    }
}

proptest::proptest! {
    #[test]
    fn a_request_is_one_line_whatever_it_has(agent in "[^\\x00]{0,20}", query in "\\PC{0,20}", user in "\\PC{0,9}") {
        let request = request("GET", &format!("/p?{query}"), &[&format!("User-Agent: {agent}")]);
        for format in ["common", "combined", "json"] {
            let line = line(&json!({ "format": format }), &request, Some(&user), b"");
            proptest::prop_assert!(!line.chars().any(|character| character.is_control() && format != "json"), "{line}");
            proptest::prop_assert!(!line.contains(['\n', '\r']), "{line}");
        }
    }
}
