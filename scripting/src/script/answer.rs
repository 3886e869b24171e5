//! What a script returned, as a response.

use rhai::{Dynamic, INT, Map};

use super::json;
use super::objects::{ResponseObject, legal_values};
use crate::Response;
use crate::limits::MAX_FIELDS;

const JSON: &str = "application/json";
const TEXT: &str = "text/plain; charset=utf-8";
const BYTES: &str = "application/octet-stream";

/// Members of a map that describes a response.
const PARTS: [&str; 3] = ["status", "headers", "body"];

/// A returned value as a response: one already, a map of status, headers and body, or a body alone.
///
/// # Errors
/// When it cannot be sent; the text says what would be right.
pub(crate) fn response(value: Dynamic) -> Result<Response, String> {
    let value = value.flatten();
    if value.is::<ResponseObject>() {
        return match value.try_cast::<ResponseObject>() {
            Some(response) => response.finish(),
            None => Err("a response was lost".to_owned()),
        };
    }
    if value.as_map_ref().is_ok_and(|map| describes_response(&map)) {
        return described(value.try_cast::<Map>().unwrap_or_default());
    }
    plain(200, value)
}

/// A response of a status and a body.
///
/// # Errors
/// When the body cannot be sent.
pub(crate) fn plain(status: u16, value: Dynamic) -> Result<Response, String> {
    let (body, media_type) = body(value)?;
    let mut response = Response { status, fields: Vec::new(), body };
    if let Some(media_type) = media_type {
        response.fields.push(("content-type".into(), media_type.as_bytes().into()));
    }
    Ok(response)
}

/// Whether a map is a response and not a body: it has none but the parts of one, and they are what those must be. So a
/// pet whose `status` is a text is a body.
fn describes_response(map: &Map) -> bool {
    !map.is_empty()
        && map.keys().all(|name| PARTS.contains(&name.as_str()))
        && map.get("status").is_none_or(Dynamic::is_int)
        && map.get("headers").is_none_or(Dynamic::is_map)
}

fn described(mut map: Map) -> Result<Response, String> {
    let status = match map.get("status").and_then(|value| value.as_int().ok()) {
        Some(number) => status(number)?,
        None => 200,
    };
    let mut response = Response { status, ..Response::default() };
    if let Some(headers) = map.remove("headers").and_then(Dynamic::try_cast::<Map>) {
        for (name, value) in &headers {
            for value in legal_values(name, value)? {
                response.fields.push((name.as_str().into(), value.as_bytes().into()));
            }
        }
        if response.fields.len() > MAX_FIELDS {
            return Err(format!("there are more than {MAX_FIELDS} headers"));
        }
    }
    let (body, media_type) = body(map.remove("body").unwrap_or_default())?;
    response.body = body;
    if let Some(media_type) = media_type.filter(|_| response.field("content-type").is_none()) {
        response.fields.push(("content-type".into(), media_type.as_bytes().into()));
    }
    Ok(response)
}

/// The bytes of a body, and what they are; neither for `()`.
///
/// # Errors
/// When it is no body.
pub(crate) fn body(value: Dynamic) -> Result<(Vec<u8>, Option<&'static str>), String> {
    if value.is_unit() {
        return Ok((Vec::new(), None));
    }
    if let Ok(text) = value.as_immutable_string_ref() {
        return Ok((text.as_bytes().to_vec(), Some(TEXT)));
    }
    if value.is_blob() {
        return Ok((value.into_blob().unwrap_or_default(), Some(BYTES)));
    }
    let mut out = Vec::with_capacity(256);
    json::write(&value, &mut out)?;
    Ok((out, Some(JSON)))
}

/// A status that can end an exchange (RFC 9110, section 15).
///
/// # Errors
/// When it is none.
pub(crate) fn status(number: INT) -> Result<u16, String> {
    match u16::try_from(number) {
        Ok(status @ 200..=599) => Ok(status),
        _ => Err(format!("{number} is no status of an answer; it can be 200 to 599")),
    }
}

/// Whether a media type is JSON or built on it (RFC 6839, section 3.1).
pub(crate) fn is_json(media_type: &[u8]) -> bool {
    let essence = media_type.split(|&byte| byte == b';').next().unwrap_or_default().trim_ascii();
    let ends_in = |end: &[u8]| {
        essence.len() >= end.len() && essence[essence.len() - end.len()..].eq_ignore_ascii_case(end)
    };
    ends_in(b"/json") || ends_in(b"+json")
}

/// What a value is, in words.
pub(crate) fn kind(value: &Dynamic) -> &'static str {
    match value {
        value if value.is_map() => "a map",
        value if value.is_array() => "an array",
        value if value.is_string() => "a text",
        value if value.is_blob() => "a blob",
        value if value.is_fnptr() => "a function",
        value if value.is_unit() => "nothing",
        value if value.is_bool() => "a boolean",
        value if value.is_int() || value.is_float() => "a number",
        _ => "something else",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use rhai::Dynamic;

    use super::{is_json, response};

    fn shown(value: Dynamic) -> String {
        match response(value) {
            Err(reason) => reason,
            Ok(response) => {
                let fields: Vec<String> = response
                    .fields
                    .iter()
                    .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value)))
                    .collect();
                format!(
                    "{} [{}] {}",
                    response.status,
                    fields.join(", "),
                    String::from_utf8_lossy(&response.body)
                )
            }
        }
    }

    #[test]
    fn what_is_returned_becomes_a_response() {
        for (script, expected) in [
            (
                "#{ status: 201, body: #{ b: 1, a: [true, ()] } }",
                r#"201 [content-type: application/json] {"a":[true,null],"b":1}"#,
            ),
            ("#{ body: \"hi\" }", "200 [content-type: text/plain; charset=utf-8] hi"),
            ("#{ status: 204 }", "204 [] "),
            (
                "#{ headers: #{ \"Content-Type\": \"application/xml\" }, body: \"<a/>\" }",
                "200 [Content-Type: application/xml] <a/>",
            ),
            ("#{ headers: #{ a: [1, \"x\"], b: true, c: () } }", "200 [a: 1, a: x, b: true] "),
            ("#{ body: blob(2, 65) }", "200 [content-type: application/octet-stream] AA"),
            (
                "#{ id: 1, status: \"sold\" }",
                r#"200 [content-type: application/json] {"id":1,"status":"sold"}"#,
            ),
            ("#{ status: \"up\" }", r#"200 [content-type: application/json] {"status":"up"}"#),
            ("#{ id: 1, body: 2 }", r#"200 [content-type: application/json] {"body":2,"id":1}"#),
            ("#{}", "200 [content-type: application/json] {}"),
            ("[1, 2.5]", "200 [content-type: application/json] [1,2.5]"),
            ("42", "200 [content-type: application/json] 42"),
            ("\"text\"", "200 [content-type: text/plain; charset=utf-8] text"),
            ("#{ status: 99 }", "99 is no status of an answer; it can be 200 to 599"),
            ("#{ status: 100 }", "100 is no status of an answer; it can be 200 to 599"),
            ("#{ status: 600 }", "600 is no status of an answer; it can be 200 to 599"),
            ("#{ headers: #{ \"a b\": 1 } }", "`a b` is no name of a header"),
            ("#{ headers: #{ a: [#{}] } }", "header `a` must be a text, a number or a boolean; it is a map"),
            (
                "#{ headers: #{ a: \"b\\r\\nc: d\" } }",
                "the value of header `a` has control characters: \"b\\r\\nc: d\"",
            ),
            ("Fn(\"x\")", "a function has no JSON"),
            ("#{ body: [|x| x] }", "a function has no JSON, at /0"),
            ("0.0/0.0", "NaN is no number of JSON"),
        ] {
            assert_eq!(shown(rhai::Engine::new().eval(script).unwrap()), expected, "{script}");
        }
    }

    #[test]
    fn json_is_known_by_its_media_type() {
        for media_type in ["application/json", "Application/JSON; charset=utf-8", "application/problem+json"]
        {
            assert!(is_json(media_type.as_bytes()), "{media_type}");
        }
        for media_type in ["", "json", "text/plain", "application/jsonp", "application/json-seq"] {
            assert!(!is_json(media_type.as_bytes()), "{media_type}");
        }
    }
}
