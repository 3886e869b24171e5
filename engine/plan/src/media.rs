//! What kind of body a media type asks for.

/// The kinds of body that are written differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One JSON text (`application/json`, `+json`)
    Json,
    /// One JSON text a line (`application/jsonl`, `application/x-ndjson`)
    JsonLines,
    /// JSON texts behind record separators (RFC 7464)
    JsonSequence,
    /// Server-sent events
    EventStream,
    /// XML (`application/xml`, `+xml`)
    Xml,
    /// `application/x-www-form-urlencoded`
    Form,
    /// `multipart/*`
    Multipart,
    /// Comma-separated values
    Csv,
    /// A page
    Html,
    /// Any other text; YAML too, of which JSON is a part
    Text,
    /// Bytes that are no text
    Binary,
}

/// Media types of `application/` whose content is not text.
const BINARY_APPLICATIONS: &[&str] = &[
    "octet-stream",
    "pdf",
    "zip",
    "gzip",
    "x-gzip",
    "x-tar",
    "x-7z-compressed",
    "x-bzip2",
    "x-rar-compressed",
    "zstd",
    "msword",
    "protobuf",
    "x-protobuf",
    "vnd.google.protobuf",
    "wasm",
    "cbor",
    "msgpack",
    "x-msgpack",
    "vnd.msgpack",
    "avro",
    "x-binary",
    "binary",
    "force-download",
    "x-zip-compressed",
    "java-archive",
    "vnd.apple.pkpass",
];

/// The name as it is meant: some authors write `*`, or nothing, for anything.
pub fn written(name: &str) -> &str {
    if matches!(name.trim(), "*" | "") { "*/*" } else { name }
}

/// `type/subtype` of a media type, lower-cased, parameters dropped.
pub fn essence(name: &str) -> String {
    name.split(';').next().unwrap_or("").trim().to_ascii_lowercase()
}

/// The kind of a concrete media type.
pub fn kind(name: &str) -> Kind {
    let essence = essence(name);
    let (family, subtype) = essence.split_once('/').unwrap_or(("", essence.as_str()));
    match (family, subtype) {
        ("text", "event-stream") => Kind::EventStream,
        ("text", "html") => Kind::Html,
        ("text", "csv") => Kind::Csv,
        ("multipart", _) => Kind::Multipart,
        (_, "x-www-form-urlencoded") => Kind::Form,
        (
            _,
            "x-ndjson" | "ndjson" | "jsonl" | "x-jsonlines" | "jsonlines" | "stream+json" | "x-json-stream",
        ) => Kind::JsonLines,
        (_, "json-seq") => Kind::JsonSequence,
        (_, s) if s.ends_with("+json-seq") => Kind::JsonSequence,
        (_, s) if s.contains("json") => Kind::Json,
        (_, s) if s == "xml" || s.ends_with("+xml") || s == "xml-dtd" => Kind::Xml,
        ("image" | "audio" | "video" | "font" | "model", _) => Kind::Binary,
        ("application", s) if is_binary_application(s) => Kind::Binary,
        _ => Kind::Text,
    }
}

fn is_binary_application(subtype: &str) -> bool {
    BINARY_APPLICATIONS.contains(&subtype)
        || subtype.starts_with("vnd.openxmlformats")
        || subtype.starts_with("vnd.ms-")
        || subtype.starts_with("vnd.oasis.opendocument")
        || subtype.ends_with("+zip")
        || subtype.ends_with("+gzip")
        || subtype.ends_with("+proto")
}

/// What a body declared under a range (`*/*`, `text/*`) is sent as. `binary`: its schema
/// says bytes; `text`: its schema admits a string and nothing structured.
pub fn concrete(name: &str, binary: bool, text: bool) -> String {
    let essence = essence(name);
    let family = match essence.split_once('/') {
        Some((family, "*")) => family.to_owned(),
        Some(("*", subtype)) => return format!("application/{subtype}"),
        Some((family, subtype)) if subtype.starts_with("*+") => {
            return format!("{family}/{}", &subtype[2..]);
        }
        None if essence == "*" || essence.is_empty() => "*".to_owned(),
        _ => return name.trim().to_owned(),
    };
    match family.as_str() {
        "*" | "application" if binary => "application/octet-stream",
        "*" if text => "text/plain",
        "*" | "application" => "application/json",
        "text" => "text/plain",
        "image" => "image/png",
        "audio" => "audio/wav",
        "video" => "video/mp4",
        "multipart" => "multipart/form-data",
        _ => "application/octet-stream",
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds() {
        for (name, expected) in [
            ("application/json", Kind::Json),
            ("Application/JSON; charset=utf-8", Kind::Json),
            ("application/vnd.github.v3+json", Kind::Json),
            ("application/problem+json", Kind::Json),
            ("application/x-ndjson", Kind::JsonLines),
            ("application/json-seq", Kind::JsonSequence),
            ("text/event-stream", Kind::EventStream),
            ("text/xml", Kind::Xml),
            ("application/atom+xml", Kind::Xml),
            ("image/svg+xml", Kind::Xml),
            ("image/png", Kind::Binary),
            ("application/pdf", Kind::Binary),
            ("application/octet-stream", Kind::Binary),
            ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Kind::Binary),
            ("text/csv", Kind::Csv),
            ("text/plain", Kind::Text),
            ("application/yaml", Kind::Text),
            ("multipart/form-data", Kind::Multipart),
            ("application/x-www-form-urlencoded", Kind::Form),
            ("garbage", Kind::Text),
            ("", Kind::Text),
        ] {
            assert_eq!(kind(name), expected, "{name}");
        }
    }

    #[test]
    fn ranges_become_concrete() {
        for (name, binary, text, expected) in [
            ("*/*", false, false, "application/json"),
            ("*/*", false, true, "text/plain"),
            ("*/*", true, true, "application/octet-stream"),
            ("text/*", false, false, "text/plain"),
            ("image/*", false, false, "image/png"),
            ("application/*", false, true, "application/json"),
            ("application/*+json", false, false, "application/json"),
            ("*", false, false, "application/json"),
            ("application/json; v=1", false, false, "application/json; v=1"),
        ] {
            assert_eq!(concrete(name, binary, text), expected, "{name}");
        }
    }
}
