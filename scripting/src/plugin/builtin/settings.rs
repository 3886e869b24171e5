//! Values of a configuration that was checked against its schema.

use serde_json::Value;

/// A text; `None` where there is none.
pub(super) fn text<'v>(config: &'v Value, key: &str) -> Option<&'v str> {
    config[key].as_str()
}

/// A text, or the texts of a list.
pub(super) fn texts<'v>(config: &'v Value, key: &str) -> Vec<&'v str> {
    match &config[key] {
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    }
}

/// Texts as they are kept.
pub(super) fn owned(texts: Vec<&str>) -> Box<[Box<str>]> {
    texts.into_iter().map(Box::from).collect()
}

/// A switch; off where it is not given.
pub(super) fn flag(config: &Value, key: &str) -> bool {
    config[key].as_bool().unwrap_or_default()
}
