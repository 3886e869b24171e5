//! The texts of one field of a form to the value that its schema asks for.

use bumpalo::Bump;
use bumpalo::collections::Vec as BumpVec;
use mocker_openapi::model::{Encoding, Style};
use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Schemas, Types};

use super::super::{Value, coerce};
use super::fields::types;
use super::json::Scratch;
use crate::composition::parts;
use crate::limits::MAX_FORM_FIELDS;
use crate::media::{self, Kind};

/// How the texts of one name are read.
#[derive(Debug)]
pub(super) struct Field {
    whole: Typed,
    items: Typed,
    is_json: bool,
    /// What stands between the elements of an array in one text (`explode: false`)
    separator: Option<char>,
    /// Style `deepObject`: `name[member]`, by the schema
    pub(super) deep: Option<SchemaId>,
}

/// What a text may be.
#[derive(Clone, Copy, Debug)]
struct Typed {
    types: Types,
    /// Decides where the types leave a choice; `None` where several schemas have a say
    schema: Option<SchemaId>,
}

/// One field as it came.
#[derive(Clone, Copy)]
pub(super) struct Entry<'b> {
    pub(super) name: &'b str,
    pub(super) text: &'b str,
    /// Its own header says it is JSON
    pub(super) is_json: bool,
}

/// Where values are put, and what reads and judges them.
pub(super) struct Reading<'r, 'b> {
    pub(super) arena: &'b Bump,
    pub(super) scratch: &'r mut Scratch,
    pub(super) schemas: &'r Schemas,
    /// A text stays one wherever it may, unless that refuses the whole
    pub(super) prefers_text: bool,
    /// A text had more than [`MAX_FORM_FIELDS`] elements
    pub(super) is_cut: bool,
}

impl Typed {
    fn of(schemas: &Schemas, schema: SchemaId) -> Typed {
        Typed { types: types(schemas, schema), schema: Some(schema) }
    }

    fn widen(&mut self, other: Typed) {
        self.types = self.types.or(other.types);
        self.schema = self.schema.filter(|_| self.schema == other.schema);
    }

    fn allows(self, types: Types) -> bool {
        self.types.intersects(types)
    }

    fn fits(self, value: Value<'_>, schemas: &Schemas) -> bool {
        self.schema.is_none_or(|schema| schemas.is_valid(schema, value, Direction::Request))
    }
}

impl Field {
    /// How values of `schema` are read, without an `encoding` or with one.
    pub(super) fn new(schemas: &Schemas, schema: Option<SchemaId>, encoding: Option<&Encoding>) -> Field {
        let style = encoding.and_then(|encoding| encoding.style);
        let items = parts(schemas, schema).find_map(|part| part.array.as_deref()?.items);
        let anything = Typed { types: Types::ANY, schema: None };
        Field {
            whole: schema.map_or(anything, |schema| Typed::of(schemas, schema)),
            items: items.map_or(anything, |items| Typed::of(schemas, items)),
            is_json: encoding.and_then(|encoding| encoding.content_type.as_deref()).is_some_and(is_json),
            separator: encoding.and_then(Encoding::separator),
            deep: schema.filter(|_| style == Some(Style::DeepObject)),
        }
    }

    /// Takes in what another schema says of the same field.
    pub(super) fn widen(&mut self, other: &Field) {
        self.whole.widen(other.whole);
        self.items.widen(other.items);
    }

    /// One text or several under one name.
    pub(super) fn value<'b>(&self, entries: &[Entry<'b>], reading: &mut Reading<'_, 'b>) -> Value<'b> {
        let [entry] = entries else { return self.array(entries, reading) };
        if !self.whole.allows(Types::ARRAY) {
            return self.one(*entry, self.whole, reading);
        }
        if self.whole.allows(Types::STRING) {
            let value = self.one(*entry, self.whole, reading);
            if self.whole.fits(value, reading.schemas) {
                return value;
            }
        }
        if (self.is_json || entry.is_json)
            && let Some(value @ Value::Array(_)) = reading.scratch.embedded(entry.text, reading.arena)
        {
            return value;
        }
        let Some(separator) = self.separator else { return self.array(entries, reading) };
        let mut texts = entry.text.split(separator);
        let parts = texts.by_ref().take(MAX_FORM_FIELDS).map(|text| Entry { text, ..*entry });
        let parts = BumpVec::from_iter_in(parts, reading.arena);
        reading.is_cut |= texts.next().is_some();
        self.array(&parts, reading)
    }

    fn array<'b>(&self, entries: &[Entry<'b>], reading: &mut Reading<'_, 'b>) -> Value<'b> {
        let typed = if self.whole.allows(Types::ARRAY) { self.items } else { self.whole };
        let mut items = BumpVec::with_capacity_in(entries.len(), reading.arena);
        for entry in entries {
            items.push(self.one(*entry, typed, reading));
        }
        Value::Array(items.into_bump_slice())
    }

    fn one<'b>(&self, entry: Entry<'b>, typed: Typed, reading: &mut Reading<'_, 'b>) -> Value<'b> {
        let is_structured = typed.allows(Types::OBJECT) && !typed.allows(Types::STRING);
        if (self.is_json || entry.is_json || is_structured)
            && let Some(value) = reading.scratch.embedded(entry.text, reading.arena)
        {
            return value;
        }
        let value = coerce(typed.types, entry.text);
        let is_only_text = typed.types == Types::STRING || !typed.allows(Types::STRING);
        if is_only_text || (reading.prefers_text && typed.fits(value, reading.schemas)) {
            return value;
        }
        other_than_text(entry, typed, reading).unwrap_or(value)
    }
}

/// What the text is where a string is allowed but would not do.
fn other_than_text<'b>(entry: Entry<'b>, typed: Typed, reading: &mut Reading<'_, 'b>) -> Option<Value<'b>> {
    let scalars = typed.types.and(Types::NUMBER.or(Types::BOOLEAN).or(Types::NULL));
    let scalar = coerce(scalars, entry.text);
    if !matches!(scalar, Value::String(_)) && typed.fits(scalar, reading.schemas) {
        return Some(scalar);
    }
    if !typed.allows(Types::OBJECT.or(Types::ARRAY)) {
        return None;
    }
    let parsed = reading.scratch.embedded(entry.text, reading.arena)?;
    (matches!(parsed, Value::Object(_) | Value::Array(_)) && typed.fits(parsed, reading.schemas))
        .then_some(parsed)
}

/// Whether a list of media types, as `encoding.contentType` has it, names JSON first.
pub(super) fn is_json(content_type: &str) -> bool {
    media::kind(content_type.split(',').next().unwrap_or_default()) == Kind::Json
}
