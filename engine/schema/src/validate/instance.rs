//! What the validator reads: a cursor over a JSON value, however it is stored.

use mocker_source::Kind;
use serde_json::Value;

use super::number::Num;

/// A JSON value as the validator sees it: a cursor, cheap to copy. Implemented for
/// `&serde_json::Value`; request bodies in an arena implement it too.
pub trait Instance<'a>: Copy {
    /// Elements of an array
    type Items: Iterator<Item = Self> + Clone;
    /// Members of an object
    type Entries: Iterator<Item = (&'a str, Self)> + Clone;

    /// What the value is.
    fn kind(self) -> Kind;
    /// The text of a string.
    fn as_str(self) -> Option<&'a str>;
    /// The truth value of a boolean.
    fn as_bool(self) -> Option<bool>;
    /// A number.
    fn as_num(self) -> Option<Num>;
    /// Number of elements or members; 0 for scalars.
    fn len(self) -> usize;
    /// Whether there are no elements or members.
    fn is_empty(self) -> bool {
        self.len() == 0
    }
    /// Elements in order; none for other kinds.
    fn items(self) -> Self::Items;
    /// Members in order; none for other kinds.
    fn entries(self) -> Self::Entries;
    /// The member `name` of an object.
    fn get(self, name: &str) -> Option<Self>;
}

impl<'a> Instance<'a> for &'a Value {
    type Items = std::slice::Iter<'a, Value>;
    type Entries = Members<'a>;

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
    fn as_str(self) -> Option<&'a str> {
        Value::as_str(self)
    }
    fn as_bool(self) -> Option<bool> {
        Value::as_bool(self)
    }
    fn as_num(self) -> Option<Num> {
        match self {
            Value::Number(number) => Some(Num::from(number)),
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
            Value::Array(items) => items.iter(),
            _ => [].iter(),
        }
    }
    fn entries(self) -> Members<'a> {
        Members(self.as_object().map(serde_json::Map::iter))
    }
    fn get(self, name: &str) -> Option<&'a Value> {
        self.as_object()?.get(name)
    }
}

/// Members of a [`Value`]; none where it is no object.
#[derive(Clone)]
pub struct Members<'a>(Option<serde_json::map::Iter<'a>>);

impl<'a> Iterator for Members<'a> {
    type Item = (&'a str, &'a Value);
    fn next(&mut self) -> Option<Self::Item> {
        let (name, value) = self.0.as_mut()?.next()?;
        Some((name, value))
    }
}

/// A string that stands in no document: the name of a property, judged by `propertyNames`.
#[derive(Clone, Copy)]
pub(super) struct Text<'a>(pub(super) &'a str);

impl<'a> Instance<'a> for Text<'a> {
    type Items = std::iter::Empty<Self>;
    type Entries = std::iter::Empty<(&'a str, Self)>;

    fn kind(self) -> Kind {
        Kind::String
    }
    fn as_str(self) -> Option<&'a str> {
        Some(self.0)
    }
    fn as_bool(self) -> Option<bool> {
        None
    }
    fn as_num(self) -> Option<Num> {
        None
    }
    fn len(self) -> usize {
        0
    }
    fn items(self) -> Self::Items {
        std::iter::empty()
    }
    fn entries(self) -> Self::Entries {
        std::iter::empty()
    }
    fn get(self, _: &str) -> Option<Self> {
        None
    }
}
