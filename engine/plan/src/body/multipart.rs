//! `multipart/*` (RFC 2046, section 5.1; RFC 7578).

use serde_json::Value;

use super::Rendered;

/// Delimiter between parts, with a number behind it where their content holds it.
const BOUNDARY: &str = "mocker-7f1d0c5b2a";

/// Members as parts: strings as text, all else as JSON. A body that is one string was written by its author,
/// boundaries and all.
pub(super) fn write(content_type: &str, value: &Value) -> Rendered {
    if let Value::String(text) = value {
        let content_type = match (boundary_of(content_type), text.strip_prefix("--")) {
            (None, Some(rest)) => with_boundary(content_type, rest.lines().next().unwrap_or_default().trim()),
            (None, None) => with_boundary(content_type, BOUNDARY),
            (Some(_), _) => content_type.to_owned(),
        };
        return Rendered { bytes: text.clone().into_bytes(), content_type };
    }
    let parts: Vec<Vec<u8>> = match value {
        Value::Object(members) => members.iter().map(|(name, member)| part(Some(name), member)).collect(),
        Value::Array(items) => items.iter().map(|item| part(None, item)).collect(),
        single => vec![part(None, single)],
    };
    joined(content_type, &parts)
}

/// A body of these parts, each its head, an empty line and its content with the line end behind it. The boundary is
/// the one that `content_type` names, where no part has it.
pub fn joined(content_type: &str, parts: &[Vec<u8>]) -> Rendered {
    let is_free = |boundary: &String| {
        !parts.iter().any(|part| part.windows(boundary.len()).any(|window| window == boundary.as_bytes()))
    };
    let authored = boundary_of(content_type).filter(is_free);
    let content_type = match &authored {
        Some(_) => content_type.to_owned(),
        None => {
            let mut numbered = (1_u64..).map(|number| format!("{BOUNDARY}-{number}"));
            let own = Some(BOUNDARY.to_owned()).filter(is_free).or_else(|| numbered.find(is_free));
            with_boundary(content_type, &own.unwrap_or_default())
        }
    };
    let boundary = boundary_of(&content_type).unwrap_or_default();
    let mut bytes = Vec::new();
    for part in parts {
        bytes.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
        bytes.extend_from_slice(part);
    }
    bytes.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    Rendered { bytes, content_type }
}

/// Head and content of one part.
fn part(name: Option<&String>, value: &Value) -> Vec<u8> {
    let kind = if value.is_string() { "text/plain" } else { "application/json" };
    let mut bytes = Vec::new();
    if let Some(name) = name {
        let name = name.replace('"', "%22").replace(['\r', '\n'], " ");
        bytes.extend_from_slice(format!("Content-Disposition: form-data; name=\"{name}\"\r\n").as_bytes());
    }
    bytes.extend_from_slice(format!("Content-Type: {kind}\r\n\r\n").as_bytes());
    bytes.extend_from_slice(&super::text(value));
    bytes.extend_from_slice(b"\r\n");
    bytes
}

/// The media type with a boundary: its own, else ours.
pub(crate) fn bounded(content_type: &str) -> String {
    match boundary_of(content_type) {
        Some(_) => content_type.to_owned(),
        None => with_boundary(content_type, BOUNDARY),
    }
}

/// The media type with this boundary in the place of any other.
fn with_boundary(content_type: &str, boundary: &str) -> String {
    let kept = content_type.split(';').filter(|part| {
        let name = part.split('=').next().unwrap_or_default().trim();
        !name.eq_ignore_ascii_case("boundary")
    });
    format!("{}; boundary={boundary}", kept.collect::<Vec<_>>().join(";"))
}

fn boundary_of(content_type: &str) -> Option<String> {
    let parameter = content_type.split(';').skip(1).find_map(|part| {
        let (name, value) = part.trim().split_once('=')?;
        name.eq_ignore_ascii_case("boundary").then(|| value.trim_matches('"').to_owned())
    });
    parameter.filter(|boundary| !boundary.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_boundary_stands_in_the_content() {
        let own = |number: &str| format!("multipart/form-data; boundary={BOUNDARY}{number}");
        for (content_type, value, expected) in [
            ("multipart/form-data", json!({"a": "x"}), own("")),
            ("multipart/form-data", json!({"a": format!("--{BOUNDARY}")}), own("-1")),
            ("multipart/form-data", json!({"a": {"b": [format!("{BOUNDARY}-1")]}}), own("-2")),
            ("multipart/form-data", json!({BOUNDARY: 1}), own("-1")),
            (
                "multipart/form-data; boundary=xyz",
                json!(["x"]),
                "multipart/form-data; boundary=xyz".to_owned(),
            ),
            ("multipart/form-data; boundary=\"xyz\"", json!(["a xyz b"]), own("")),
            ("multipart/mixed", json!("--q\r\n\r\n1\r\n--q--\r\n"), "multipart/mixed; boundary=q".to_owned()),
        ] {
            let Rendered { bytes, content_type } = write(content_type, &value);
            assert_eq!(content_type, expected);
            let delimiter = format!("--{}", boundary_of(&expected).unwrap_or_default());
            let text = String::from_utf8(bytes).unwrap_or_default();
            assert_eq!(text.matches(&delimiter).count(), 2, "{text}");
        }
    }
}
