//! Values decoded from text (parameters, forms), in an arena that lives as long as the request.

use mocker_schema::validate::{Instance, Num};
use mocker_source::Kind;

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
