//! Values from JSON text and from Rust.

use std::sync::Arc;

use serde_json::Value as Tree;

use super::{Invalid, Repr, Value};
use crate::Number;
use crate::limits::DEPTH;

impl Value {
    /// Reads JSON text.
    ///
    /// # Errors
    ///
    /// The text is not JSON (RFC 8259), or nested deeper than 127.
    pub fn parse(text: &str) -> Result<Value, Invalid> {
        let tree: Tree = serde_json::from_str(text).map_err(|error| Invalid(error.to_string()))?;
        Value::from_tree(&tree)
    }

    /// Reads text that the caller knows to be JSON. What is not JSON after all is kept as a string.
    pub fn from_json(text: impl AsRef<str>) -> Value {
        Value::parse(text.as_ref()).unwrap_or_else(|_| text.as_ref().into())
    }

    /// From a tree.
    ///
    /// # Errors
    ///
    /// The tree is deeper than 127.
    pub fn from_tree(tree: &Tree) -> Result<Value, Invalid> {
        let depth = depth(tree, DEPTH).ok_or_else(|| Invalid(format!("nested deeper than {DEPTH}")))?;
        Ok(Value(match tree {
            Tree::Null => Repr::Null,
            Tree::Bool(value) => Repr::Bool(*value),
            Tree::Number(value) => Repr::Number(number(value)),
            Tree::String(text) => Repr::String(text.as_str().into()),
            Tree::Array(elements) => {
                Repr::Array { text: tree.to_string().into(), depth, count: elements.len() }
            }
            Tree::Object(_) => Repr::Object { text: tree.to_string().into(), depth },
        }))
    }

    /// An array without elements.
    pub fn empty_array() -> Value {
        Value(Repr::Array { text: "[]".into(), depth: 1, count: 0 })
    }
}

/// Arrays and objects inside one another, if not more than `most`.
fn depth(tree: &Tree, most: u8) -> Option<u8> {
    let inside = |deepest: Option<u8>, child| Some(deepest?.max(depth(child, most.checked_sub(1)?)?));
    match tree {
        Tree::Array(_) | Tree::Object(_) if most == 0 => None,
        Tree::Array(elements) => elements.iter().try_fold(0, |deepest, child| inside(Some(deepest), child)),
        Tree::Object(members) => members.values().try_fold(0, |deepest, child| inside(Some(deepest), child)),
        _ => return Some(0),
    }
    .map(|deepest| deepest + 1)
}

pub(super) fn number(number: &serde_json::Number) -> Number {
    match number.as_i64() {
        Some(integer) => Number::Integer(integer),
        None => Number::Float(number.as_f64().unwrap_or(f64::MAX)),
    }
}

impl TryFrom<&Tree> for Value {
    type Error = Invalid;

    fn try_from(tree: &Tree) -> Result<Value, Invalid> {
        Value::from_tree(tree)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value(Repr::Bool(value))
    }
}

impl From<i64> for Value {
    fn from(integer: i64) -> Value {
        Value(Repr::Number(Number::Integer(integer)))
    }
}

/// What is not finite is `null`, as there is no such number in JSON.
impl From<f64> for Value {
    fn from(float: f64) -> Value {
        Number::Float(float).into()
    }
}

/// What is not finite is `null`, as there is no such number in JSON.
impl From<Number> for Value {
    fn from(number: Number) -> Value {
        match number {
            Number::Float(float) if !float.is_finite() => Value::NULL,
            number => Value(Repr::Number(number)),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value(Repr::String(text.into()))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value(Repr::String(text.into()))
    }
}

impl From<Arc<str>> for Value {
    fn from(text: Arc<str>) -> Value {
        Value(Repr::String(text))
    }
}
