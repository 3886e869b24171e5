//! A value written as a body of a media type.

mod binary;
mod csv;
mod form;
mod html;
pub mod multipart;
pub mod view;
mod xml;

pub(crate) use multipart::bounded;

use std::borrow::Cow;

use mocker_schema::{SchemaId, Schemas};
use serde_json::Value;

use crate::media::{Kind, essence};

/// The schema a value was made by, where there is one: it names XML elements.
#[derive(Clone, Copy)]
pub struct Typed<'s> {
    /// The document's arena
    pub schemas: &'s Schemas,
    /// The body's schema
    pub schema: Option<SchemaId>,
}

/// A finished body, and the media type where writing it had to add a parameter to it.
pub struct Rendered {
    /// What goes out
    pub bytes: Vec<u8>,
    /// `Content-Type` as it must be sent
    pub content_type: String,
}

/// Writes `value` in the way of `content_type`.
pub fn render(content_type: &str, kind: Kind, typed: Typed<'_>, value: &Value) -> Rendered {
    let plain = |bytes: Vec<u8>| Rendered { bytes, content_type: content_type.to_owned() };
    match kind {
        Kind::Json => plain(json(value)),
        Kind::JsonLines => plain(records(value, b"", b"\n")),
        Kind::JsonSequence => plain(records(value, b"\x1e", b"\n")),
        Kind::EventStream => plain(events(value)),
        Kind::Xml => plain(text_or(value, |value| xml::write(typed, value))),
        Kind::Form => plain(text_or(value, form::write)),
        Kind::Csv => plain(text_or(value, csv::write)),
        Kind::Html => plain(html::write(typed, value)),
        Kind::Text => plain(text(value)),
        Kind::Binary => plain(binary::sample(&essence(content_type))),
        Kind::Multipart => multipart::write(content_type, value),
    }
}

fn json(value: &Value) -> Vec<u8> {
    // A `Value` has string keys only, so this cannot fail.
    serde_json::to_vec(value).unwrap_or_default()
}

fn text(value: &Value) -> Vec<u8> {
    text_or(value, json)
}

/// A string as it stands (the author wrote the text itself), all else through `write`.
fn text_or(value: &Value, write: impl FnOnce(&Value) -> Vec<u8>) -> Vec<u8> {
    match value {
        Value::String(text) => text.clone().into_bytes(),
        other => write(other),
    }
}

/// A scalar as text, null as nothing; what has parts as JSON.
pub(crate) fn scalar(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        Value::Null => Cow::Borrowed(""),
        other => Cow::Owned(other.to_string()),
    }
}

/// Elements of an array one by one, or the value alone.
fn elements(value: &Value) -> &[Value] {
    match value {
        Value::Array(items) => items,
        single => std::slice::from_ref(single),
    }
}

fn records(value: &Value, before: &[u8], after: &[u8]) -> Vec<u8> {
    if let Value::String(text) = value {
        return text.clone().into_bytes();
    }
    elements(value).iter().flat_map(|item| [before, &json(item), after].concat()).collect()
}

/// Server-sent events (HTML, section 9.2.5): an object with `data` is an event itself, any
/// other value is the data of one.
fn events(value: &Value) -> Vec<u8> {
    if let Value::String(text) = value
        && text.contains(':')
        && text.contains('\n')
    {
        return text.clone().into_bytes();
    }
    let mut out = Vec::new();
    for item in elements(value) {
        let fields = item.as_object().filter(|fields| fields.contains_key("data"));
        for name in ["event", "id", "retry"] {
            if let Some(field) = fields.and_then(|fields| fields.get(name)) {
                event_field(name, &text(field), &mut out);
            }
        }
        let data = fields.and_then(|fields| fields.get("data")).unwrap_or(item);
        event_field("data", &text(data), &mut out);
        out.push(b'\n');
    }
    out
}

fn event_field(name: &str, text: &[u8], out: &mut Vec<u8>) {
    for line in text.split(|&byte| byte == b'\n') {
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b": ");
        out.extend(line.iter().filter(|&&byte| byte != b'\r'));
        out.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rendered(content_type: &str, value: Value) -> String {
        let schemas = Schemas::default();
        let typed = Typed { schemas: &schemas, schema: None };
        let kind = crate::media::kind(content_type);
        String::from_utf8(render(content_type, kind, typed, &value).bytes).expect("text")
    }

    #[test]
    fn every_kind_of_text() {
        for (content_type, value, expected) in [
            ("application/json", json!({"a": [1, "x"]}), "{\"a\":[1,\"x\"]}"),
            ("application/x-ndjson", json!([{"a": 1}, {"a": 2}]), "{\"a\":1}\n{\"a\":2}\n"),
            ("application/json-seq", json!([1]), "\u{1e}1\n"),
            ("text/event-stream", json!([{"event": "x", "data": {"a": 1}}]), "event: x\ndata: {\"a\":1}\n\n"),
            ("text/event-stream", json!({"a": 1}), "data: {\"a\":1}\n\n"),
            ("text/event-stream", json!("data: 1\n\n"), "data: 1\n\n"),
            ("text/plain", json!("hello"), "hello"),
            ("text/plain", json!(12), "12"),
            ("application/x-www-form-urlencoded", json!({"a": "x y", "b": [1, 2]}), "a=x+y&b=1&b=2"),
            (
                "text/csv",
                json!([{"a": 1, "b": "x,y"}, {"a": 2, "b": "q\"q"}]),
                "a,b\r\n1,\"x,y\"\r\n2,\"q\"\"q\"\r\n",
            ),
            ("application/xml", json!("<a/>"), "<a/>"),
        ] {
            assert_eq!(rendered(content_type, value), expected, "{content_type}");
        }
    }

    #[test]
    fn binary_samples_begin_as_their_kind_does() {
        let schemas = Schemas::default();
        let typed = Typed { schemas: &schemas, schema: None };
        for (content_type, magic) in [
            ("image/png", &b"\x89PNG\r\n"[..]),
            ("image/gif", b"GIF89a"),
            ("image/jpeg", b"\xff\xd8\xff"),
            ("application/pdf", b"%PDF-"),
            ("application/zip", b"PK"),
            ("application/gzip", b"\x1f\x8b"),
            ("audio/wav", b"RIFF"),
        ] {
            let bytes = render(content_type, Kind::Binary, typed, &Value::Null).bytes;
            assert!(bytes.starts_with(magic), "{content_type}");
        }
    }
}
