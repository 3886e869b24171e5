//! Values as text, before anything is encoded.

use std::borrow::Cow;

use serde_json::Value;

/// Why a value cannot be written where it belongs.
pub(super) type Unwritable = &'static str;

/// The text of a value without parts.
pub(super) fn scalar(value: &Value) -> Result<Cow<'_, str>, Unwritable> {
    match value {
        Value::String(text) => Ok(Cow::Borrowed(text)),
        Value::Number(_) | Value::Bool(_) => Ok(Cow::Owned(value.to_string())),
        Value::Null => Err("null has no text"),
        Value::Array(_) | Value::Object(_) => Err("its style has no way to nest values"),
    }
}

/// What of a value has a text: without nulls, empty lists and empty objects among its parts.
pub(super) fn sayable(value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(sayable).filter(is_sayable).collect()),
        Value::Object(members) => {
            let members = members.into_iter().map(|(name, value)| (name, sayable(value)));
            Value::Object(members.filter(|(_, value)| is_sayable(value)).collect())
        }
        single => single,
    }
}

fn is_sayable(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => true,
    }
}
