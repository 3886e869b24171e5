//! Raw texts to values of a shape, in the arena.

use bumpalo::Bump;
use bumpalo::collections::Vec;
use mocker_schema::validate::Direction;
use mocker_schema::{Schemas, Types};

use super::shape::{Form, ROOT, Shape, ShapeId, Shapes};
use super::split::Separator;
use crate::request::Value;
use crate::request::coerce::scalar_but_text;
use crate::request::text::{Encoding, decode};

/// Makes values of one parameter.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'s, 'a> {
    pub(crate) schemas: &'s Schemas,
    pub(crate) shapes: &'s Shapes,
    pub(crate) encoding: Encoding,
    pub(crate) arena: &'a Bump,
}

/// A member whose value is still text. Members that were sent later have the greater `order`.
#[derive(Clone, Copy)]
pub(crate) struct Member<'a> {
    pub(crate) name: &'a str,
    pub(crate) raw: &'a [u8],
    pub(crate) order: usize,
}

impl<'s, 'a> Reader<'s, 'a> {
    pub(crate) fn text(&self, raw: &'a [u8]) -> &'a str {
        decode(raw, self.encoding, self.arena)
    }

    /// The text of a place without a shape stays text.
    pub(crate) fn scalar(&self, shape: Option<ShapeId>, raw: &'a [u8]) -> Value<'a> {
        let text = self.text(raw);
        shape.map_or(Value::String(text), |shape| self.meant(&self.shapes[shape], text))
    }

    /// What a text means at a place of this shape: where it may be a string and something else, a string goes
    /// first and the first that is valid is taken.
    #[inline]
    fn meant(&self, shape: &Shape, text: &'a str) -> Value<'a> {
        let string = Value::String(text);
        let Some(other) = scalar_but_text(shape.types, text) else { return string };
        let is_valid =
            |value| shape.schema.is_none_or(|id| self.schemas.is_valid(id, value, Direction::Request));
        let is_string = shape.types.contains(Types::STRING) && (is_valid(string) || !is_valid(other));
        if is_string { string } else { other }
    }

    /// A list of scalars; `shape` is the list's.
    pub(crate) fn array(&self, shape: ShapeId, raws: impl Iterator<Item = &'a [u8]>) -> Value<'a> {
        let items = self.shapes[shape].items;
        let values = raws.map(|raw| self.scalar(items, raw));
        Value::Array(Vec::from_iter_in(values, self.arena).into_bump_slice())
    }

    /// One text, whatever the shape makes of it: a scalar, a list, or an object whose members are separated
    /// like elements, name and value in turn or, with `has_equals_signs`, joined by `=`.
    pub(crate) fn delimited(&self, raw: &'a [u8], separator: Separator, has_equals_signs: bool) -> Value<'a> {
        self.first_valid(|form| match form {
            Form::Scalar => self.scalar(Some(ROOT), raw),
            Form::Array => self.array(ROOT, separator.split(raw, self.encoding)),
            Form::Object => self.object(ROOT, self.members(raw, separator, has_equals_signs)),
        })
    }

    /// The members in `raw`. A name without a value has an empty one; of several with one name the last counts.
    pub(crate) fn members(
        &self,
        raw: &'a [u8],
        separator: Separator,
        has_equals_signs: bool,
    ) -> Vec<'a, Member<'a>> {
        let mut elements = separator.split(raw, self.encoding);
        let mut members: Vec<'a, Member<'a>> = Vec::new_in(self.arena);
        while let Some(element) = elements.next() {
            let (name, raw) = match has_equals_signs {
                true => super::pairs::cut(element),
                false => (element, elements.next().unwrap_or_default()),
            };
            members.push(Member { name: self.text(name), raw, order: members.len() });
        }
        members.sort_unstable_by_key(|member| (member.name, std::cmp::Reverse(member.order)));
        members.dedup_by_key(|member| member.name);
        members
    }

    /// An object of scalars and, where a name is there several times, of lists; members come out sorted by name.
    pub(crate) fn object(&self, shape: ShapeId, mut members: Vec<'a, Member<'a>>) -> Value<'a> {
        members.sort_unstable_by_key(|member| (member.name, member.order));
        let members = members.into_bump_slice();
        let mut made = Vec::new_in(self.arena);
        for same in members.chunk_by(|a, b| a.name == b.name) {
            let shape = self.shapes[shape].member(same[0].name);
            made.push((same[0].name, self.repeated(shape, same.iter().map(|member| member.raw))));
        }
        Value::Object(made.into_bump_slice())
    }

    /// What one name was given, once or several times: a scalar where one is asked for, else a list.
    /// Several texts for a scalar are a list of strings, which its schema then refuses.
    pub(crate) fn repeated(
        &self,
        shape: Option<ShapeId>,
        raws: impl ExactSizeIterator<Item = &'a [u8]> + Clone,
    ) -> Value<'a> {
        let admits_array = shape.filter(|shape| self.shapes[*shape].admits(Form::Array));
        let admits_scalar = shape.is_none_or(|shape| self.shapes[shape].admits(Form::Scalar));
        let mut first = raws.clone();
        match (admits_array, first.next()) {
            (Some(shape), Some(raw)) if raws.len() == 1 && admits_scalar => {
                let single = self.scalar(Some(shape), raw);
                let is_valid = |value| {
                    let schema = self.shapes[shape].schema;
                    schema.is_none_or(|id| self.schemas.is_valid(id, value, Direction::Request))
                };
                if is_valid(single) {
                    return single;
                }
                let list = self.array(shape, raws);
                if is_valid(list) { list } else { single }
            }
            (Some(shape), _) => self.array(shape, raws),
            (None, Some(raw)) if raws.len() == 1 => self.scalar(shape, raw),
            (None, _) => {
                let texts = raws.map(|raw| Value::String(self.text(raw)));
                Value::Array(Vec::from_iter_in(texts, self.arena).into_bump_slice())
            }
        }
    }

    /// The first form of the parameter's that makes a valid value, else the first of all.
    pub(crate) fn first_valid(&self, make: impl Fn(Form) -> Value<'a>) -> Value<'a> {
        let root = &self.shapes[ROOT];
        let mut forms = root.forms();
        let first = make(forms.next().unwrap_or(Form::Scalar));
        let (Some(second), Some(schema)) = (forms.next(), root.schema) else { return first };
        let is_valid = |value| self.schemas.is_valid(schema, value, Direction::Request);
        if is_valid(first) {
            return first;
        }
        std::iter::once(second).chain(forms).map(make).find(|value| is_valid(*value)).unwrap_or(first)
    }
}
