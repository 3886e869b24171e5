//! Parameters as they stand in a request (OpenAPI 3.1, section 4.8.12.3; 3.2, section 4.12.6; RFC 6570).

use std::borrow::Cow;

use mocker_openapi::model::{Parameter, Place, Style};
use mocker_plan::media::{self, Kind};
use serde_json::Value;

use super::text::{Unwritable, scalar};
use super::{brackets, encode, field};

/// How a place writes text.
type Encode = fn(&str) -> Cow<'_, str>;

/// The text of a parameter where it belongs: a path variable's value, pairs of the query or of the field `Cookie`, the
/// value of a header field.
pub(super) fn write(parameter: &Parameter, value: &Value) -> Result<String, Unwritable> {
    if let Some(media) = &parameter.content {
        return content(parameter, &media.name, value);
    }
    match parameter.place {
        Place::Path => path(parameter, value),
        Place::Query => query(parameter, value),
        Place::QueryString => whole_query(value),
        Place::Header => joined(value, &Joint::new(parameter, ",", as_is)).and_then(in_field),
        Place::Cookie => cookie(parameter, value),
    }
}

/// A value that a media type describes.
fn content(parameter: &Parameter, media: &str, value: &Value) -> Result<String, Unwritable> {
    let text = match media::kind(media) {
        Kind::Json => Cow::Owned(value.to_string()),
        Kind::Form if parameter.place == Place::QueryString => return whole_query(value),
        _ => scalar(value)?,
    };
    match parameter.place {
        Place::Path => in_path(encode::value(&text).into_owned()),
        Place::Query => Ok(format!("{}={}", encode::value(&parameter.name), encode::value(&text))),
        Place::QueryString => Ok(encode::value(&text).into_owned()),
        Place::Header => in_field(text.into_owned()),
        Place::Cookie => Ok(format!("{}={}", cookie_name(&parameter.name)?, cookie_value(&text)?)),
    }
}

/// How the parts of one text are joined.
struct Joint {
    /// Between elements, and between names and values where `assign` says no other
    separator: &'static str,
    assign: &'static str,
    encode: Encode,
    /// The separator as a part must not have it, encoded or not: most servers split what they decoded
    forbidden: char,
    /// Whitespace around parts is dropped (RFC 9110, section 5.6.1)
    is_trimmed: bool,
}

impl Joint {
    fn new(parameter: &Parameter, separator: &'static str, encode: Encode) -> Joint {
        let forbidden = match separator {
            "%20" => ' ',
            "%7C" => '|',
            "%09" => '\t',
            other => other.chars().next().unwrap_or(','),
        };
        let assign = if parameter.explode { "=" } else { separator };
        Joint { separator, assign, encode, forbidden, is_trimmed: parameter.place == Place::Header }
    }

    fn part(&self, value: &Value) -> Result<Cow<'static, str>, Unwritable> {
        let text = scalar(value)?;
        if text.is_empty() || text.contains(self.forbidden) {
            return Err("a value is empty or has the separator of its style in it");
        }
        self.told(&text)
    }

    /// A name or a value.
    fn told(&self, text: &str) -> Result<Cow<'static, str>, Unwritable> {
        match self.is_trimmed && text.trim() != text {
            true => Err("whitespace around it would be lost"),
            false => Ok(Cow::Owned((self.encode)(text).into_owned())),
        }
    }
}

/// A value as one text.
fn joined(value: &Value, joint: &Joint) -> Result<String, Unwritable> {
    let parts: Vec<String> = match value {
        Value::Array(items) => {
            items.iter().map(|item| joint.part(item).map(Cow::into_owned)).collect::<Result<_, _>>()?
        }
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| {
                if name.is_empty() || name.contains([joint.forbidden, '=']) {
                    return Err("a name is empty or has the separator of its style in it");
                }
                Ok(format!("{}{}{}", joint.told(name)?, joint.assign, joint.part(value)?))
            };
            members.iter().map(member).collect::<Result<_, _>>()?
        }
        single => return Ok((joint.encode)(&scalar(single)?).into_owned()),
    };
    match parts.is_empty() {
        true => Err("its style has no way to write nothing"),
        false => Ok(parts.join(joint.separator)),
    }
}

fn path(parameter: &Parameter, value: &Value) -> Result<String, Unwritable> {
    let in_one = |separator| joined(value, &Joint::new(parameter, separator, encode::value));
    let is_exploded = parameter.explode && (value.is_array() || value.is_object());
    let text = match parameter.style {
        Style::Label => format!(".{}", in_one(if is_exploded { "." } else { "," })?),
        Style::Matrix if is_exploded && value.is_object() => format!(";{}", in_one(";")?),
        Style::Matrix => {
            let name = encode::value(&parameter.name);
            match value {
                Value::Array(items) if is_exploded && !items.is_empty() => {
                    let joint = Joint::new(parameter, ";", encode::value);
                    let item = |item| Ok(format!(";{name}={}", joint.part(item)?));
                    items.iter().map(item).collect::<Result<String, Unwritable>>()?
                }
                _ => format!(";{name}={}", in_one(",")?),
            }
        }
        Style::SpaceDelimited => in_one("%20")?,
        Style::PipeDelimited => in_one("%7C")?,
        Style::TabDelimited => in_one("%09")?,
        _ => in_one(",")?,
    };
    // A list of one in a style that another separator would be seen in
    if parameter.style == Style::Label
        && !is_exploded
        && value.is_array()
        && !text.contains(',')
        && text[1..].contains('.')
    {
        return Err("a value has the separator of its style in it");
    }
    in_path(text)
}

/// A segment that is empty or made of dots would not arrive (RFC 3986, section 5.2.4).
fn in_path(text: String) -> Result<String, Unwritable> {
    match text.as_str() {
        "" | "." | ".." => Err("a path variable is neither empty nor made of dots"),
        _ => Ok(text),
    }
}

fn query(parameter: &Parameter, value: &Value) -> Result<String, Unwritable> {
    let encode: Encode = if parameter.allow_reserved { encode::reserved } else { encode::value };
    let name = encode::value(&parameter.name);
    match (parameter.style, value) {
        (Style::DeepObject, Value::Object(_) | Value::Array(_)) => {
            let mut pairs = Vec::new();
            brackets::pairs(&parameter.name, value, &mut pairs)?;
            in_query(pairs.iter().map(|(name, text)| format!("{}={}", encode::value(name), encode(text))))
        }
        (_, Value::Array(items)) if parameter.explode => {
            let pairs = items.iter().map(|item| pair(&name, item, encode));
            in_query(pairs.collect::<Result<Vec<_>, _>>()?.into_iter())
        }
        (Style::Form, Value::Object(members)) if parameter.explode => {
            let mut pairs = Vec::new();
            for (member, value) in members {
                let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
                for item in items {
                    pairs.push(pair(&encode::value(member), item, encode)?);
                }
            }
            in_query(pairs.into_iter())
        }
        (_, Value::Object(_)) if parameter.explode => Err("its style has no way to explode an object"),
        (style, _) => {
            let separator = match style {
                Style::SpaceDelimited => "%20",
                Style::PipeDelimited => "%7C",
                Style::TabDelimited => "%09",
                _ => ",",
            };
            Ok(format!("{name}={}", joined(value, &Joint::new(parameter, separator, encode))?))
        }
    }
}

fn pair(name: &str, value: &Value, encode: Encode) -> Result<String, Unwritable> {
    match &*scalar(value)? {
        "" => Err("a value among others is empty"),
        text => Ok(format!("{name}={}", encode(text))),
    }
}

fn in_query(pairs: impl Iterator<Item = String>) -> Result<String, Unwritable> {
    let pairs: Vec<String> = pairs.collect();
    if pairs.is_empty() { Err("its style has no way to write nothing") } else { Ok(pairs.join("&")) }
}

/// `in: querystring` as a form (OpenAPI 3.2, section 4.12.2).
fn whole_query(value: &Value) -> Result<String, Unwritable> {
    let members = value.as_object().ok_or("a form is made of members")?;
    let mut pairs = Vec::new();
    for (name, value) in members {
        let items = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        for item in items {
            pairs.push(pair(&encode::form(name), item, |text| Cow::Owned(encode::form(text)))?);
        }
    }
    in_query(pairs.into_iter())
}

/// Style `form` is percent-encoded and explodes with `&`; style `cookie` writes values as they are, each in a cookie.
fn cookie(parameter: &Parameter, value: &Value) -> Result<String, Unwritable> {
    let is_plain = parameter.style == Style::Cookie;
    let name = cookie_name(&parameter.name)?;
    let encode: Encode = if is_plain { as_is } else { encode::value };
    let between = if is_plain { "; " } else { "&" };
    let pairs: Vec<String> = match value {
        Value::Array(items) if parameter.explode && !items.is_empty() => {
            items.iter().map(|item| pair(name, item, encode)).collect::<Result<_, _>>()?
        }
        Value::Object(members) if parameter.explode && !members.is_empty() => {
            let pairs = members.iter().map(|(member, value)| pair(cookie_name(member)?, value, encode));
            pairs.collect::<Result<_, _>>()?
        }
        _ => vec![format!("{name}={}", joined(value, &Joint::new(parameter, ",", encode))?)],
    };
    let is_cookie = |pair: &String| {
        let has_value = pair.split_once('=').is_some_and(|(_, value)| !value.is_empty());
        has_value && pair.bytes().all(is_cookie_octet)
    };
    match pairs.iter().all(is_cookie) {
        true => Ok(pairs.join(between)),
        false => Err("a cookie cannot have it as it is"),
    }
}

fn cookie_name(name: &str) -> Result<&str, Unwritable> {
    match mocker_http::response::is_field_name(name) {
        true => Ok(name),
        false => Err("a cookie cannot have its name"),
    }
}

fn cookie_value(text: &str) -> Result<Cow<'_, str>, Unwritable> {
    if text.is_empty() { Err("a cookie cannot be empty") } else { Ok(encode::value(text)) }
}

/// RFC 6265, section 4.1.1
fn is_cookie_octet(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'"' | b',' | b';' | b'\\') || byte == b','
}

fn as_is(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}

fn in_field(text: String) -> Result<String, Unwritable> {
    if field::is_value(&text) { Ok(text) } else { Err("a header field cannot have it as it is") }
}
