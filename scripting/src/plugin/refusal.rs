//! Answers that refuse a request: `application/problem+json` (RFC 9457).

use serde_json::json;

use crate::Response;

/// A refusal. `detail` is for people, and tells nothing that the client has not sent or may not know.
pub(super) fn refuse(status: u16, detail: &str) -> Response {
    // RFC 9457, section 4.2.1: a problem without a type of its own has the status as title.
    let title = match status {
        401 => "Unauthorized",
        403 => "Forbidden",
        429 => "Too Many Requests",
        _ => "Bad Request",
    };
    let body = json!({ "type": "about:blank", "title": title, "status": status, "detail": detail });
    let mut response = Response { status, fields: Vec::new(), body: body.to_string().into_bytes() };
    response.set_field("Content-Type", b"application/problem+json");
    response
}

/// 401, with the scheme that would do and its parameters (RFC 9110, section 11.6.1).
pub(super) fn challenge(scheme: &str, parameters: &[(&str, &str)], detail: &str) -> Response {
    let mut response = refuse(401, detail);
    response.set_field("WWW-Authenticate", challenge_value(scheme, parameters).as_bytes());
    response
}

/// The value of `WWW-Authenticate`.
pub(super) fn challenge_value(scheme: &str, parameters: &[(&str, &str)]) -> String {
    let mut value = scheme.to_owned();
    for (index, (name, text)) in parameters.iter().enumerate() {
        value.push_str(if index == 0 { " " } else { ", " });
        value.push_str(name);
        value.push('=');
        value.push_str(&quoted(text));
    }
    value
}

/// A `quoted-string` (RFC 9110, section 5.6.4). What may not stand in one is a question mark.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            ' '..='~' => quoted.push(character),
            _ => quoted.push('?'),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::{challenge, challenge_value, quoted, refuse};

    #[test]
    fn a_refusal_is_a_problem_document() {
        let response = refuse(429, "it is \"too\" much");
        let body: Value = serde_json::from_slice(&response.body).expect("JSON");
        assert_eq!((response.status, body["status"].as_u64()), (429, Some(429)));
        assert_eq!(
            (&body["title"], &body["detail"]),
            (&"Too Many Requests".into(), &"it is \"too\" much".into())
        );
        assert_eq!(response.field("content-type"), Some(&b"application/problem+json"[..]));
    }

    #[test]
    fn a_challenge_has_its_parameters_quoted() {
        assert_eq!(
            challenge_value("Bearer", &[("realm", "a \"b\""), ("error", "x")]),
            r#"Bearer realm="a \"b\"", error="x""#
        );
        let response = challenge("Basic", &[], "who are you?");
        assert_eq!(response.field("WWW-Authenticate"), Some(&b"Basic"[..]));
    }

    proptest! {
        #[test]
        fn no_text_leaves_its_quotes(text in any::<String>()) {
            let quoted = quoted(&text);
            let inner = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).expect("quotes");
            prop_assert!(inner.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
            let mut is_escaped = false;
            for byte in inner.bytes() {
                prop_assert!(is_escaped || byte != b'"');
                is_escaped = !is_escaped && byte == b'\\';
            }
            prop_assert!(!is_escaped);
        }
    }
}
