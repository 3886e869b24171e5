//! What `{{ }}` prints.

use std::fmt;
use std::sync::Arc;

use super::{limits, meter};
use minijinja::value::{Object, ObjectRepr, Value, ValueKind};
use minijinja::{AutoEscape, Error, ErrorKind, Output, State};

/// Texts that are a whole JSON document: what is printed is escaped for the inside of a string.
pub(super) const JSON: &str = "json";
/// A JSON value with templates among its texts: what is printed stands inside a string.
pub(super) const STRUCTURED: &str = "value";

/// JSON that is printed as it is.
#[derive(Debug)]
pub(super) struct Written(pub(super) String);

impl Object for Written {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// Where bytes go that count against the budget.
pub(super) trait Sink {
    /// # Errors
    /// When a budget is used up.
    fn put(&mut self, text: &str) -> Result<(), Error>;
}

impl Sink for Output<'_> {
    fn put(&mut self, text: &str) -> Result<(), Error> {
        meter::spend(text.len())?;
        self.write_str(text).map_err(Error::from)
    }
}

impl Sink for String {
    fn put(&mut self, text: &str) -> Result<(), Error> {
        meter::spend(text.len())?;
        self.push_str(text);
        Ok(())
    }
}

/// Prints a value in the way of the template.
pub(super) fn format(out: &mut Output<'_>, state: &State<'_, '_>, value: &Value) -> Result<(), Error> {
    if value.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    if meter::take_typed() {
        return typed(out, value);
    }
    match state.auto_escape() {
        AutoEscape::Custom(STRUCTURED) => inside_string(out, value),
        AutoEscape::Json => match value.as_str() {
            Some(text) if value.is_safe() => out.put(text),
            Some(text) => escape(out, text),
            None => json(out, value),
        },
        _ => match value.as_str() {
            Some(text) => out.put(text),
            None => json(out, value),
        },
    }
}

/// A JSON value of its own.
fn typed(out: &mut Output<'_>, value: &Value) -> Result<(), Error> {
    match value.as_str() {
        // What a macro printed is escaped already.
        Some(text) if value.is_safe() => {
            out.put("\"")?;
            out.put(text)?;
            out.put("\"")
        }
        _ => json(out, value),
    }
}

/// A part of a JSON string.
fn inside_string(out: &mut Output<'_>, value: &Value) -> Result<(), Error> {
    match value.as_str() {
        Some(text) if value.is_safe() => out.put(text),
        Some(text) => escape(out, text),
        None if value.is_number() || value.kind() == ValueKind::Bool => json(out, value),
        None => {
            let mut text = String::new();
            json(&mut text, value)?;
            escape(out, &text)
        }
    }
}

/// Writes a value as JSON.
///
/// # Errors
/// When it is nested deeper than [`limits::PRINTED_DEPTH`], or a budget is used up.
pub(super) fn json(out: &mut impl Sink, value: &Value) -> Result<(), Error> {
    nested(out, value, 0)
}

fn nested(out: &mut impl Sink, value: &Value, depth: usize) -> Result<(), Error> {
    if depth > limits::PRINTED_DEPTH {
        let text = format!("a value nested deeper than the limit of {} is printed", limits::PRINTED_DEPTH);
        return Err(Error::new(ErrorKind::InvalidOperation, text));
    }
    match value.kind() {
        ValueKind::Undefined | ValueKind::None => out.put("null"),
        ValueKind::Bool => out.put(if value.is_true() { "true" } else { "false" }),
        ValueKind::Number => number(out, value),
        ValueKind::String => quote(out, value.as_str().unwrap_or_default()),
        ValueKind::Bytes => quote(out, &String::from_utf8_lossy(value.as_bytes().unwrap_or_default())),
        ValueKind::Seq | ValueKind::Iterable => {
            out.put("[")?;
            for (index, element) in value.try_iter()?.enumerate() {
                if index > 0 {
                    out.put(",")?;
                }
                nested(out, &element, depth + 1)?;
            }
            out.put("]")
        }
        ValueKind::Map => {
            out.put("{")?;
            for (index, key) in value.try_iter()?.enumerate() {
                if index > 0 {
                    out.put(",")?;
                }
                match key.as_str() {
                    Some(name) => quote(out, name)?,
                    None => quote(out, &key.to_string())?,
                }
                out.put(":")?;
                nested(out, &value.get_item(&key)?, depth + 1)?;
            }
            out.put("}")
        }
        _ => match value.downcast_object_ref::<Written>() {
            Some(Written(text)) => out.put(text),
            None => quote(out, &value.to_string()),
        },
    }
}

fn number(out: &mut impl Sink, value: &Value) -> Result<(), Error> {
    if let Some(integer) = value.as_i64().filter(|_| value.is_integer()) {
        return out.put(itoa::Buffer::new().format(integer));
    }
    match f64::try_from(value.clone()) {
        Ok(float) if !value.is_integer() => out.put(&serde_json::Value::from(float).to_string()),
        _ => out.put(&value.to_string()),
    }
}

fn quote(out: &mut impl Sink, text: &str) -> Result<(), Error> {
    out.put("\"")?;
    escape(out, text)?;
    out.put("\"")
}

/// For the inside of a JSON string (RFC 8259, section 7).
pub(super) fn escape(out: &mut impl Sink, text: &str) -> Result<(), Error> {
    let mut start = 0;
    for (at, byte) in text.bytes().enumerate() {
        let code;
        let escaped = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..=0x1f => {
                code = format!("\\u{byte:04x}");
                &code
            }
            _ => continue,
        };
        out.put(&text[start..at])?;
        out.put(escaped)?;
        start = at + 1;
    }
    match start {
        0 => out.put(text),
        _ => out.put(&text[start..]),
    }
}
