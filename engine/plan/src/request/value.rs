//! Values decoded from text (parameters, forms), in an arena that lives as long as the request.

use mocker_schema::validate::{Instance, Num};
use mocker_source::Kind;
use serde::ser::{Serialize, Serializer};

/// A JSON value in an arena.
#[derive(Clone, Copy, Debug)]
pub enum Value<'b> {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number
    Number(Num),
    /// A string
    String(&'b str),
    /// Elements
    Array(&'b [Value<'b>]),
    /// Members in order, names unique
    Object(&'b [(&'b str, Value<'b>)]),
}

impl From<Value<'_>> for serde_json::Value {
    fn from(value: Value<'_>) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(truth) => truth.into(),
            Value::Number(Num::Integer(number)) => match (i64::try_from(number), u64::try_from(number)) {
                (Ok(number), _) => number.into(),
                (_, Ok(number)) => number.into(),
                _ => (number as f64).into(),
            },
            Value::Number(Num::Float(number)) => number.into(),
            Value::String(text) => text.into(),
            Value::Array(items) => items.iter().copied().map(Self::from).collect(),
            Value::Object(members) => {
                members.iter().map(|(name, value)| ((*name).to_owned(), Self::from(*value))).collect()
            }
        }
    }
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(truth) => serializer.serialize_bool(*truth),
            Value::Number(Num::Integer(number)) => serializer.serialize_i128(*number),
            Value::Number(Num::Float(number)) => serializer.serialize_f64(*number),
            Value::String(text) => serializer.serialize_str(text),
            Value::Array(items) => serializer.collect_seq(items.iter()),
            Value::Object(members) => {
                serializer.collect_map(members.iter().map(|(name, value)| (name, value)))
            }
        }
    }
}

impl<'b> Instance<'b> for Value<'b> {
    type Items = std::iter::Copied<std::slice::Iter<'b, Value<'b>>>;
    type Entries = std::iter::Copied<std::slice::Iter<'b, (&'b str, Value<'b>)>>;

    fn kind(self) -> Kind {
        match self {
            Value::Null => Kind::Null,
            Value::Bool(_) => Kind::Bool,
            Value::Number(_) => Kind::Number,
            Value::String(_) => Kind::String,
            Value::Array(_) => Kind::Array,
            Value::Object(_) => Kind::Object,
        }
    }

    fn as_str(self) -> Option<&'b str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    fn as_bool(self) -> Option<bool> {
        match self {
            Value::Bool(truth) => Some(truth),
            _ => None,
        }
    }

    fn as_num(self) -> Option<Num> {
        match self {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    fn len(self) -> usize {
        match self {
            Value::Array(items) => items.len(),
            Value::Object(members) => members.len(),
            _ => 0,
        }
    }

    fn items(self) -> Self::Items {
        match self {
            Value::Array(items) => items.iter().copied(),
            _ => [].iter().copied(),
        }
    }

    fn entries(self) -> Self::Entries {
        match self {
            Value::Object(members) => members.iter().copied(),
            _ => [].iter().copied(),
        }
    }

    fn get(self, name: &str) -> Option<Self> {
        self.entries().find(|(member, _)| *member == name).map(|(_, value)| value)
    }
}
