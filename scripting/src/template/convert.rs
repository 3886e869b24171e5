//! Values of templates, of JSON and of the state, one to another.

use std::borrow::Cow;
use std::rc::Rc;

use minijinja::value::{Kwargs, Value, ValueKind};
use minijinja::{Error, ErrorKind};
use mocker_state::Kind;

use super::{meter, print};
use crate::context::{self, Context};
use crate::host::numbers::Number;
use crate::host::time;

/// A fault with its text.
pub(super) fn fault(text: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidOperation, text.into())
}

/// What the host said.
pub(super) fn host<T>(result: Result<T, String>) -> Result<T, Error> {
    result.map_err(fault)
}

/// The context of the request.
pub(super) fn context() -> Result<Rc<Context>, Error> {
    context::current().ok_or_else(|| fault("no request is being answered"))
}

/// A text that was made.
pub(super) fn made(result: Result<String, String>) -> Result<Value, Error> {
    let text = host(result)?;
    meter::spend(text.len())?;
    Ok(Value::from(text))
}

/// A value as a text: what is no text as it is printed.
pub(super) fn text(value: &Value) -> Result<Cow<'_, str>, Error> {
    if let Some(text) = value.as_str() {
        return Ok(Cow::Borrowed(text));
    }
    if value.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    let mut text = String::new();
    print::json(&mut text, value)?;
    Ok(Cow::Owned(text))
}

/// The bytes of a text, or bytes.
pub(super) fn bytes(value: &Value) -> Result<Cow<'_, [u8]>, Error> {
    match (value.kind(), value.as_bytes()) {
        (ValueKind::Bytes, Some(bytes)) => Ok(Cow::Borrowed(bytes)),
        _ => Ok(match text(value)? {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        }),
    }
}

/// The elements of a list.
pub(super) fn list(value: &Value) -> Result<Vec<Value>, Error> {
    if value.is_undefined() {
        return Err(Error::from(ErrorKind::UndefinedError));
    }
    if !matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable) {
        return Err(fault(format!("a list is needed, not {}", kind(value))));
    }
    let length = value.len().unwrap_or_default();
    meter::spend(length.saturating_mul(size_of::<Value>()))?;
    Ok(value.try_iter()?.collect())
}

/// The numbers of a list.
pub(super) fn numbers(value: &Value) -> Result<Vec<Number>, Error> {
    list(value)?.iter().map(number).collect()
}

/// A number; texts that are numbers count, since parameters are texts.
pub(super) fn number(value: &Value) -> Result<Number, Error> {
    if let Some(text) = value.as_str() {
        let whole = text.trim().parse().map(Number::Integer);
        let number = whole.or_else(|_| text.trim().parse().map(Number::Float));
        return number.map_err(|_| fault(format!("a number is needed, not the text `{}`", shortened(text))));
    }
    match value.as_i64().filter(|_| value.is_integer()) {
        Some(integer) => Ok(Number::Integer(integer)),
        None if value.is_number() => f64::try_from(value.clone()).map(Number::Float),
        None => Err(fault(format!("a number is needed, not {}", kind(value)))),
    }
}

pub(super) fn of_number(number: Number) -> Value {
    match number {
        Number::Integer(number) => Value::from(number),
        Number::Float(number) => Value::from(number),
    }
}

/// A whole number.
pub(super) fn integer(value: &Value) -> Result<i64, Error> {
    match number(value)? {
        Number::Integer(integer) => Ok(integer),
        Number::Float(float) if float.fract() == 0.0 && float.abs() < 9e15 => Ok(float as i64),
        Number::Float(float) => Err(fault(format!("a whole number is needed, not {float}"))),
    }
}

/// A size: a whole number from 0 on.
pub(super) fn size(value: &Value) -> Result<usize, Error> {
    let number = integer(value)?;
    usize::try_from(number).map_err(|_| fault(format!("a number from 0 on is needed, not {number}")))
}

/// What a JSON value is in templates.
pub(super) fn of_json(value: &serde_json::Value) -> Value {
    Value::from_serialize(value)
}

/// The JSON value of what a template has.
pub(super) fn to_json(value: &Value) -> Result<serde_json::Value, Error> {
    let mut text = String::new();
    print::json(&mut text, value)?;
    serde_json::from_str(&text).map_err(|error| fault(format!("the value is not JSON: {error}")))
}

/// What a value of the state is in templates.
pub(super) fn of_state(value: &mocker_state::Value) -> Value {
    match value.kind() {
        Kind::Null => Value::from(()),
        Kind::Bool => Value::from(value.as_bool()),
        Kind::Integer => Value::from(value.as_i64()),
        Kind::Float => Value::from(value.as_f64()),
        Kind::String => value.as_shared_str().map_or(Value::UNDEFINED, Value::from),
        Kind::Array | Kind::Object => of_json(&value.to_tree()),
    }
}

/// What the state is to keep.
pub(super) fn to_state(value: &Value) -> Result<mocker_state::Value, Error> {
    let mut text = String::new();
    print::json(&mut text, value)?;
    mocker_state::Value::parse(&text).map_err(|error| fault(error.to_string()))
}

/// What a value is, in words.
pub(super) fn kind(value: &Value) -> &'static str {
    match value.kind() {
        ValueKind::Undefined => "nothing: it is not defined",
        ValueKind::None => "null",
        ValueKind::Bool => "a boolean",
        ValueKind::Number => "a number",
        ValueKind::String | ValueKind::Bytes => "a text",
        ValueKind::Seq | ValueKind::Iterable => "a list",
        ValueKind::Map => "an object",
        _ => "a function",
    }
}

/// The start of a long text.
pub(super) fn shortened(text: &str) -> Cow<'_, str> {
    const CHARACTERS: usize = 40;
    match text.char_indices().nth(CHARACTERS) {
        Some((end, _)) => Cow::Owned(format!("{}...", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// What was given by position or by name.
pub(super) fn argument(given: Option<&Value>, named: &Kwargs, name: &str) -> Result<Option<Value>, Error> {
    match given.filter(|value| !value.is_kwargs()) {
        Some(value) => Ok(Some(value.clone())),
        None => named.get(name),
    }
}

/// Milliseconds of a duration such as `10m`, or of a number of seconds.
pub(super) fn milliseconds(value: &Value) -> Result<u64, Error> {
    let length = match value.as_str() {
        Some(duration) => host(time::add(0, duration))?,
        None => integer(value)?.saturating_mul(1000),
    };
    u64::try_from(length).map_err(|_| fault("a time to live is not negative"))
}
