//! The values that are kept: JSON, cheap to clone and to write.

mod elements;
mod equality;
mod read;

use std::fmt;
use std::sync::Arc;

use thiserror::Error;

use crate::limits::DEPTH;
use crate::{Number, Refusal};
use elements::Elements;
pub(crate) use elements::Measure;

/// A JSON value. A clone shares its text.
///
/// Integers beyond 64 bits signed are floats. Equality is by the meaning in JSON: `1` is `1.0`, and members of an
/// object have no order.
#[derive(Clone)]
pub struct Value(Repr);

#[derive(Clone)]
enum Repr {
    Null,
    Bool(bool),
    Number(Number),
    /// The content, not escaped.
    String(Arc<str>),
    /// JSON text without space.
    Object {
        text: Arc<str>,
        depth: u8,
    },
    Array {
        text: Arc<str>,
        depth: u8,
        count: usize,
    },
    /// An array that was appended to.
    Grown(Arc<Elements>),
}

/// What kind of JSON value it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind {
    Null,
    Bool,
    Integer,
    Float,
    String,
    Array,
    Object,
}

/// The text is not a JSON value that can be kept.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("not a JSON value: {0}")]
pub struct Invalid(pub(crate) String);

impl Value {
    /// `null`.
    pub const NULL: Value = Value(Repr::Null);

    /// The value's kind.
    pub fn kind(&self) -> Kind {
        match &self.0 {
            Repr::Null => Kind::Null,
            Repr::Bool(_) => Kind::Bool,
            Repr::Number(Number::Integer(_)) => Kind::Integer,
            Repr::Number(Number::Float(_)) => Kind::Float,
            Repr::String(_) => Kind::String,
            Repr::Object { .. } => Kind::Object,
            Repr::Array { .. } | Repr::Grown(_) => Kind::Array,
        }
    }

    /// Is it `null`?
    pub fn is_null(&self) -> bool {
        matches!(self.0, Repr::Null)
    }

    /// The truth value, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self.0 {
            Repr::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_number(&self) -> Option<Number> {
        match self.0 {
            Repr::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The number, if it is an integer of 64 bits; `3.0` is 3.
    pub fn as_i64(&self) -> Option<i64> {
        match self.as_number()? {
            Number::Integer(integer) => Some(integer),
            Number::Float(float) => equality::integer(float),
        }
    }

    /// The number, rounded where a float cannot tell it exactly.
    pub fn as_f64(&self) -> Option<f64> {
        match self.as_number()? {
            Number::Integer(integer) => Some(integer as f64),
            Number::Float(float) => Some(float),
        }
    }

    /// The content of a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.0 {
            Repr::String(text) => Some(text),
            _ => None,
        }
    }

    /// The content of a string, shared.
    pub fn as_shared_str(&self) -> Option<Arc<str>> {
        match &self.0 {
            Repr::String(text) => Some(Arc::clone(text)),
            _ => None,
        }
    }

    /// How many elements an array has.
    pub fn array_len(&self) -> Option<usize> {
        match &self.0 {
            Repr::Array { count, .. } => Some(*count),
            Repr::Grown(elements) => Some(elements.count()),
            _ => None,
        }
    }

    /// Writes the value as JSON, without space between tokens.
    pub fn write_json(&self, out: &mut Vec<u8>) {
        match &self.0 {
            Repr::Null => out.extend_from_slice(b"null"),
            Repr::Bool(true) => out.extend_from_slice(b"true"),
            Repr::Bool(false) => out.extend_from_slice(b"false"),
            Repr::Number(Number::Integer(integer)) => serde_json::to_writer(out, integer).expect(MEMORY),
            Repr::Number(Number::Float(float)) => serde_json::to_writer(out, float).expect(MEMORY),
            Repr::String(text) => serde_json::to_writer(out, &**text).expect(MEMORY),
            Repr::Object { text, .. } | Repr::Array { text, .. } => out.extend_from_slice(text.as_bytes()),
            Repr::Grown(elements) => elements.write_json(out),
        }
    }

    /// The value as JSON text.
    pub fn to_json(&self) -> String {
        let mut out = Vec::with_capacity(self.text_bytes() + 2);
        self.write_json(&mut out);
        String::from_utf8(out).expect("JSON is written as UTF-8")
    }

    /// The value as a tree.
    pub fn to_tree(&self) -> serde_json::Value {
        match &self.0 {
            Repr::Null => serde_json::Value::Null,
            Repr::Bool(value) => (*value).into(),
            Repr::Number(Number::Integer(integer)) => (*integer).into(),
            Repr::Number(Number::Float(float)) => (*float).into(),
            Repr::String(text) => serde_json::Value::String(text.to_string()),
            Repr::Object { text, .. } | Repr::Array { text, .. } => tree(text),
            Repr::Grown(_) => tree(&self.to_json()),
        }
    }

    /// What [`crate::Limits::value_bytes`] limits.
    pub(crate) fn text_bytes(&self) -> usize {
        match &self.0 {
            Repr::Null | Repr::Bool(_) | Repr::Number(_) => 0,
            Repr::String(text) | Repr::Object { text, .. } | Repr::Array { text, .. } => text.len(),
            Repr::Grown(elements) => elements.measure().text_bytes(),
        }
    }

    /// Bytes of memory besides the value itself.
    pub(crate) fn heap_bytes(&self) -> usize {
        match &self.0 {
            Repr::Null | Repr::Bool(_) | Repr::Number(_) => 0,
            Repr::String(text) | Repr::Object { text, .. } | Repr::Array { text, .. } => {
                shared_text(text.len())
            }
            Repr::Grown(elements) => elements.measure().heap_bytes(),
        }
    }

    /// Arrays and objects inside one another.
    pub(crate) fn depth(&self) -> u8 {
        match &self.0 {
            Repr::Null | Repr::Bool(_) | Repr::Number(_) | Repr::String(_) => 0,
            Repr::Object { depth, .. } | Repr::Array { depth, .. } => *depth,
            Repr::Grown(elements) => elements.depth(),
        }
    }

    /// What it is, in words.
    pub(crate) fn describe(&self) -> &'static str {
        match self.kind() {
            Kind::Null => "null",
            Kind::Bool => "a boolean",
            Kind::Integer | Kind::Float => "a number",
            Kind::String => "a string",
            Kind::Array => "an array",
            Kind::Object => "an object",
        }
    }

    /// Can `element` be appended?
    ///
    /// # Errors
    ///
    /// [`Refusal::NotAnArray`], [`Refusal::TooDeep`].
    pub(crate) fn check_append(&self, element: &Value) -> Result<(), Refusal> {
        if self.kind() != Kind::Array {
            return Err(Refusal::NotAnArray { found: self.describe() });
        }
        if element.depth() >= DEPTH {
            return Err(Refusal::TooDeep { limit: usize::from(DEPTH) });
        }
        Ok(())
    }

    /// What the array would measure with one more element of so many bytes of JSON.
    pub(crate) fn grown(&self, json_bytes: usize) -> Measure {
        match &self.0 {
            Repr::Grown(elements) => elements.measure().grown(json_bytes),
            Repr::Array { text, .. } => Measure::of_text(text.len()).grown(json_bytes),
            _ => Measure::of_text(2),
        }
    }

    /// Appends an element, given as JSON, in time that does not depend on how many there are, but for the first
    /// time. Clones made before stay as they are. What is not an array is left alone.
    pub(crate) fn push(&mut self, json: &str, depth: u8) {
        if let Repr::Array { text, depth, count } = &self.0 {
            self.0 = Repr::Grown(Arc::new(Elements::new(text, *count, *depth)));
        }
        if let Repr::Grown(elements) = &mut self.0 {
            Arc::make_mut(elements).push(json, depth);
        }
    }

    /// The array with one more element.
    pub(crate) fn with(mut self, json: &str, depth: u8) -> Value {
        self.push(json, depth);
        self
    }

    /// Is it the very same, without looking into it?
    pub(crate) fn is_same(&self, other: &Value) -> bool {
        match (&self.0, &other.0) {
            (Repr::Object { text: left, .. }, Repr::Object { text: right, .. })
            | (Repr::Array { text: left, .. }, Repr::Array { text: right, .. }) => Arc::ptr_eq(left, right),
            (Repr::Grown(left), Repr::Grown(right)) => Arc::ptr_eq(left, right),
            _ => false,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_json())
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Bytes of a shared text on the heap: two counters, the text, what the allocator adds.
const fn shared_text(len: usize) -> usize {
    allocated(16 + len)
}

/// Bytes that an allocation takes: multiples of 16, and 8 of the allocator's own.
pub(crate) const fn allocated(bytes: usize) -> usize {
    (bytes + 8).next_multiple_of(16)
}

fn tree(text: &str) -> serde_json::Value {
    serde_json::from_str(text).expect("what is kept was JSON when it came, and not too deep")
}

const MEMORY: &str = "writing to memory does not fail";
