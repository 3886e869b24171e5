//! Filters for texts.

use minijinja::value::{Kwargs, Value};
use minijinja::{Environment, Error};

use super::super::convert::{argument, fault, host, list, made, size, text};
use super::super::meter;
use crate::host::text::{self as texts, Case};

pub(super) const NAMES: &[&str] = &[
    "upper",
    "lower",
    "title",
    "camel",
    "pascal",
    "snake",
    "kebab",
    "slug",
    "truncate",
    "pad_start",
    "pad_end",
    "replace",
    "join",
    "string",
    "urlencode",
];

pub(super) fn register(environment: &mut Environment<'_>) {
    for (name, case) in Case::ALL {
        environment.add_filter(name, move |value: Value| made(texts::case(&text(&value)?, case)));
    }
    environment.add_filter("truncate", truncate);
    environment.add_filter("pad_start", |value: Value, width: usize, fill: Option<char>| {
        made(texts::pad_start(&text(&value)?, width, fill.unwrap_or(' ')))
    });
    environment.add_filter("pad_end", |value: Value, width: usize, fill: Option<char>| {
        made(texts::pad_end(&text(&value)?, width, fill.unwrap_or(' ')))
    });
    environment.add_filter("replace", replace);
    environment.add_filter("join", join);
    environment.add_filter("string", |value: Value| made(Ok(text(&value)?.into_owned())));
    environment.add_filter("urlencode", urlencode);
}

fn truncate(value: Value, length: Option<Value>, named: Kwargs) -> Result<Value, Error> {
    let length = argument(length.as_ref(), &named, "length")?;
    let length = length.ok_or_else(|| fault("`truncate` needs a length, as `truncate(20)`"))?;
    let end: Option<Value> = named.get("end")?;
    named.assert_all_used()?;
    let end = end.as_ref().map(text).transpose()?;
    made(texts::truncate(&text(&value)?, size(&length)?, end.as_deref().unwrap_or("...")))
}

fn replace(value: Value, from: Value, to: Value) -> Result<Value, Error> {
    let (value, from, to) = (text(&value)?, text(&from)?, text(&to)?);
    if from.is_empty() {
        return Err(fault("`replace` needs a text to look for, not an empty one"));
    }
    let count = value.matches(&*from).count();
    meter::spend_text(count.saturating_mul(to.len()).saturating_add(value.len()))?;
    Ok(Value::from(value.replace(&*from, &to)))
}

fn join(value: Value, with: Option<Value>) -> Result<Value, Error> {
    let with = with.as_ref().map(text).transpose()?;
    let with = with.as_deref().unwrap_or("");
    let mut joined = String::new();
    for (index, element) in list(&value)?.iter().enumerate() {
        let element = text(element)?;
        meter::spend(with.len() + element.len())?;
        if index > 0 {
            joined.push_str(with);
        }
        joined.push_str(&element);
    }
    Ok(Value::from(joined))
}

/// A text for a query; an object as a whole query.
fn urlencode(value: Value) -> Result<Value, Error> {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    let encoded = |value: &Value| -> Result<String, Error> {
        let value = text(value)?;
        host(crate::host::limits::text(value.as_bytes()))?;
        Ok(utf8_percent_encode(&value, KEPT).to_string())
    };
    if value.kind() != minijinja::value::ValueKind::Map {
        return made(Ok(encoded(&value)?));
    }
    let mut query = String::new();
    for name in value.try_iter()? {
        if !query.is_empty() {
            query.push('&');
        }
        query.push_str(&encoded(&name)?);
        query.push('=');
        query.push_str(&encoded(&value.get_item(&name)?)?);
        meter::spend(query.len().min(64))?;
    }
    made(Ok(query))
}
