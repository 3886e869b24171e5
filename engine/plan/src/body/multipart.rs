//! `multipart/*` (RFC 2046, section 5.1; RFC 7578).

use serde_json::Value;

use super::Rendered;

/// Delimiter between parts; no generated JSON text contains it.
const BOUNDARY: &str = "mocker-7f1d0c5b2a";

/// Members as parts: strings as text, all else as JSON.
pub(super) fn write(content_type: &str, value: &Value) -> Rendered {
    let boundary = boundary_of(content_type);
    let content_type = match &boundary {
        Some(_) => content_type.to_owned(),
        None => format!("{content_type}; boundary={BOUNDARY}"),
    };
    if let Value::String(text) = value {
        return Rendered { bytes: text.clone().into_bytes(), content_type };
    }
    let boundary = boundary.as_deref().unwrap_or(BOUNDARY);
    let mut bytes = Vec::new();
    let unnamed = |item| (None, item);
    let parts: Vec<(Option<&str>, &Value)> = match value {
        Value::Object(members) => {
            members.iter().map(|(name, member)| (Some(name.as_str()), member)).collect()
        }
        Value::Array(items) => items.iter().map(unnamed).collect(),
        single => vec![unnamed(single)],
    };
    for (name, part) in parts {
        let kind = if part.is_string() { "text/plain" } else { "application/json" };
        bytes.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
        if let Some(name) = name {
            let name = name.replace('"', "%22").replace(['\r', '\n'], " ");
            bytes
                .extend_from_slice(format!("Content-Disposition: form-data; name=\"{name}\"\r\n").as_bytes());
        }
        bytes.extend_from_slice(format!("Content-Type: {kind}\r\n\r\n").as_bytes());
        bytes.extend_from_slice(&super::text(part));
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    Rendered { bytes, content_type }
}

fn boundary_of(content_type: &str) -> Option<String> {
    let parameter = content_type.split(';').skip(1).find_map(|part| {
        let (name, value) = part.trim().split_once('=')?;
        name.eq_ignore_ascii_case("boundary").then(|| value.trim_matches('"').to_owned())
    });
    parameter.filter(|boundary| !boundary.is_empty())
}
