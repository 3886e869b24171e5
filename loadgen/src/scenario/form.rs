//! Members of a body as fields of a form (OpenAPI 3.1, section 4.8.15; RFC 7578): what `encoding` says of each.

use mocker_openapi::model::{Encoding, MediaType, Style};
use mocker_plan::body::{Rendered, multipart, view};
use mocker_plan::media::{self, Kind};
use mocker_schema::format::Format;
use mocker_schema::limits::REFERENCE_CHAIN;
use mocker_schema::{SchemaId, Schemas};
use serde_json::Value;

use super::text::{Unwritable, scalar};
use super::{brackets, encode};

/// A field as it is sent.
struct Field {
    name: String,
    text: String,
    is_json: bool,
}

/// `application/x-www-form-urlencoded`
pub(super) fn urlencoded(media: &MediaType, value: &Value) -> Result<Vec<u8>, Unwritable> {
    let mut pairs = Vec::new();
    for (name, value) in members(value)? {
        for field in fields(name, value, encoding(media, name))? {
            pairs.push(format!("{}={}", encode::form(&field.name), encode::form(&field.text)));
        }
    }
    Ok(pairs.join("&").into_bytes())
}

/// `multipart/form-data`
pub(super) fn multipart(
    schemas: &Schemas,
    media: &MediaType,
    content_type: &str,
    value: &Value,
) -> Result<Rendered, Unwritable> {
    let mut parts = Vec::new();
    for (name, value) in members(value)? {
        let encoding = encoding(media, name);
        let property = media.schema.and_then(|schema| view::property(schemas, schema, name));
        let file = property.filter(|property| is_file(schemas, *property));
        for field in fields(name, value, encoding)? {
            parts.push(part(&field, encoding, file.is_some()));
        }
    }
    match parts.is_empty() {
        true => Err("a form in parts has at least one"),
        false => Ok(multipart::joined(content_type, &parts)),
    }
}

fn members(value: &Value) -> Result<&serde_json::Map<String, Value>, Unwritable> {
    value.as_object().ok_or("a form is made of members")
}

fn encoding<'m>(media: &'m MediaType, name: &str) -> Option<&'m Encoding> {
    media.encoding.iter().find(|(known, _)| **known == *name).map(|(_, encoding)| encoding)
}

/// The fields that a member becomes.
fn fields(name: &str, value: &Value, encoding: Option<&Encoding>) -> Result<Vec<Field>, Unwritable> {
    let is_json = encoding.and_then(|encoding| encoding.content_type.as_deref()).is_some_and(is_json);
    let field = |name: &str, text: String, is_json| Field { name: name.to_owned(), text, is_json };
    if encoding.is_some_and(|encoding| encoding.style == Some(Style::DeepObject)) {
        let mut pairs = Vec::new();
        brackets::pairs(name, value, &mut pairs)?;
        return Ok(pairs.into_iter().map(|(name, text)| field(&name, text, false)).collect());
    }
    let separator = encoding.and_then(Encoding::separator);
    Ok(match (value, separator) {
        // As one text a list of lists is plain
        (Value::Array(items), _) if is_json && items.iter().any(Value::is_array) => {
            vec![field(name, value.to_string(), true)]
        }
        (Value::Array(items), Some(separator)) => {
            let text = |item| {
                let text = scalar(item)?;
                match text.contains(separator) {
                    true => Err("a value has the separator of its style in it"),
                    false => Ok(text.into_owned()),
                }
            };
            let texts: Vec<String> = items.iter().map(text).collect::<Result<_, _>>()?;
            vec![field(name, texts.join(separator.encode_utf8(&mut [0; 4])), false)]
        }
        (Value::Array(items), None) => items.iter().map(|item| one(name, item, is_json)).collect(),
        (single, _) => vec![one(name, single, is_json)],
    })
}

/// One value as one field: text as it is, what has parts as JSON.
fn one(name: &str, value: &Value, is_json: bool) -> Field {
    let is_json = is_json || value.is_object() || value.is_array();
    let text = match value {
        Value::String(text) if !is_json => text.clone(),
        Value::Null if !is_json => String::new(),
        other => other.to_string(),
    };
    Field { name: name.to_owned(), text, is_json }
}

/// Head and content of a part.
fn part(field: &Field, encoding: Option<&Encoding>, is_file: bool) -> Vec<u8> {
    let declared = encoding.and_then(|encoding| encoding.content_type.as_deref());
    let declared = declared
        .and_then(|names| names.split(',').next())
        .map(|name| media::concrete(name, is_file, !is_file));
    let usual = match (field.is_json, is_file) {
        (true, _) => "application/json",
        (false, true) => "application/octet-stream",
        (false, false) => "text/plain",
    };
    let content_type = declared.unwrap_or_else(|| usual.to_owned());
    // RFC 7578, section 2: names are quoted as browsers do (HTML, section 4.10.21.8)
    let name = field.name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
    let filename = if is_file { "; filename=\"file\"" } else { "" };
    let content_type: String = content_type.chars().filter(|c| !c.is_control()).collect();
    let head = format!(
        "Content-Disposition: form-data; name=\"{name}\"{filename}\r\nContent-Type: {content_type}\r\n\r\n"
    );
    [head.as_bytes(), field.text.as_bytes(), b"\r\n"].concat()
}

/// Whether a list of media types, as `contentType` has it, names JSON first.
fn is_json(content_type: &str) -> bool {
    media::kind(content_type.split(',').next().unwrap_or_default()) == Kind::Json
}

/// Whether a schema, or that of its elements, says bytes.
fn is_file(schemas: &Schemas, property: SchemaId) -> bool {
    let element = view::item(schemas, property, 0);
    [Some(property), element].into_iter().flatten().any(|id| {
        let along =
            std::iter::successors(Some(&schemas[id]), |schema| schema.reference.map(|next| &schemas[next]));
        along.take(REFERENCE_CHAIN).any(|schema| schema.format == Some(Format::Binary))
    })
}
