//! Equality by the meaning in JSON.

use serde_json::Value as Tree;

use super::{Repr, Value};
use crate::Number;

impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        match (&self.0, &other.0) {
            (Repr::Null, Repr::Null) => true,
            (Repr::Bool(left), Repr::Bool(right)) => left == right,
            (Repr::Number(left), Repr::Number(right)) => numbers(*left, *right),
            (Repr::String(left), Repr::String(right)) => left == right,
            (Repr::Object { text: left, .. }, Repr::Object { text: right, .. })
            | (Repr::Array { text: left, .. }, Repr::Array { text: right, .. })
                if left == right =>
            {
                true
            }
            _ => {
                self.kind() == other.kind()
                    && self.is_structured()
                    && trees(&self.to_tree(), &other.to_tree())
            }
        }
    }
}

impl Value {
    /// Is it an array or an object, which are looked into to be compared?
    pub(crate) fn is_structured(&self) -> bool {
        matches!(self.0, Repr::Object { .. } | Repr::Array { .. } | Repr::Grown(_))
    }
}

fn trees(left: &Tree, right: &Tree) -> bool {
    match (left, right) {
        (Tree::Number(left), Tree::Number(right)) => {
            let exact = !left.is_f64() && !right.is_f64();
            if exact { left == right } else { numbers(super::read::number(left), super::read::number(right)) }
        }
        (Tree::Array(left), Tree::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| trees(left, right))
        }
        (Tree::Object(left), Tree::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(name, value)| right.get(name).is_some_and(|other| trees(value, other)))
        }
        (left, right) => left == right,
    }
}

/// Exact: an integer that a float would round equals no float.
fn numbers(left: Number, right: Number) -> bool {
    match (left, right) {
        (Number::Integer(left), Number::Integer(right)) => left == right,
        (Number::Float(left), Number::Float(right)) => left == right,
        (Number::Integer(exact), Number::Float(float)) | (Number::Float(float), Number::Integer(exact)) => {
            integer(float) == Some(exact)
        }
    }
}

/// The float as an integer, where it is one of 64 bits.
pub(super) fn integer(float: f64) -> Option<i64> {
    // 2^63, the first that is too large; its negative is the last that is not.
    const END: f64 = 9_223_372_036_854_775_808.0;
    (float.trunc() == float && (-END..END).contains(&float)).then_some(float as i64)
}
