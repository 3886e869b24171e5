//! What users add to the table of names: `generation.fakers` of the configuration.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use super::block::{Block, Pool};
use super::compile::{Compiler, Place};
use super::fakers::{self, Source};
use super::limits;
use super::merge::Merged;
use super::names::{self, Range};
use crate::SchemaId;
use crate::format::Format;
use crate::node::Schema;

/// What makes values of a name, as a user says it.
#[derive(Clone, Debug)]
pub struct Maker(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Source(Source),
    Range(Range),
    Values(Box<[Value]>),
}

impl Maker {
    /// A faker by name, `uuid`, `hex:N`, `digits:N` or `letters:N`, a range such as `1..10` or `0.00..9.99`, or texts
    /// between `|`. `None` where it is none of these.
    pub fn parse(text: &str) -> Option<Maker> {
        let text = text.trim();
        let kind = match text.split_once('|') {
            Some(_) => Kind::Values(text.split('|').map(|value| Value::from(value.trim())).collect()),
            None => match fakers::source(text) {
                Some(Source::Characters(_, length))
                    if length == 0 || u64::from(length) > limits::CHARACTERS =>
                {
                    None
                }
                Some(source) => Some(Kind::Source(source)),
                None => names::range(text).filter(|range| range.low <= range.high).map(Kind::Range),
            }?,
        };
        Some(Maker(kind))
    }

    /// One of these values.
    pub fn values(values: Vec<Value>) -> Maker {
        Maker(Kind::Values(values.into()))
    }

    /// What [`Maker::parse`] takes for fakers.
    pub fn fakers() -> impl Iterator<Item = &'static str> {
        fakers::names().chain(["uuid"])
    }
}

/// Makers by names of properties and of formats; they go before the table's.
#[derive(Clone, Debug, Default)]
pub struct Fakers {
    names: HashMap<String, Maker>,
    formats: Vec<(Box<str>, Maker)>,
}

impl Fakers {
    /// Adds what makes values of a name, which is cut into words as those of properties are: `customer ref` is
    /// `customerRef` too. `format:plate` is for all texts of a format.
    pub fn add(&mut self, name: &str, maker: Maker) {
        match name.strip_prefix("format:") {
            Some(format) => self.formats.push((format.trim().into(), maker)),
            None => _ = self.names.insert(names::key(name), maker),
        }
    }

    fn maker<'s>(&self, place: Place<'_>, mut schemas: impl Iterator<Item = &'s Schema>) -> Option<&Kind> {
        let by_name = names::look_up(&self.names, place.name, place.parent);
        let by_format = || schemas.find_map(|schema| self.by_format(schema));
        by_name.or_else(by_format).map(|maker| &maker.0)
    }

    fn by_format(&self, schema: &Schema) -> Option<&Maker> {
        let format = schema.format?;
        let is_it = |name: &str| match Format::from_name(name) {
            Format::Other => {
                let own = schema.notes.as_ref().and_then(|notes| notes.format.as_deref());
                own.is_some_and(|own| own.eq_ignore_ascii_case(name))
            }
            known => known == format,
        };
        self.formats.iter().find(|(name, _)| is_it(name)).map(|(_, maker)| maker)
    }
}

impl<'s> Compiler<'s> {
    fn added(&self, place: Place<'_>, schemas: impl Iterator<Item = &'s Schema>) -> Option<&'s Kind> {
        self.options.fakers.as_deref()?.maker(place, schemas)
    }

    /// Whether a user says what values are like here.
    pub(super) fn is_added(&self, conjunction: &[SchemaId], place: Place<'_>) -> bool {
        self.added(place, conjunction.iter().map(|id| &self.schemas[*id])).is_some()
    }

    /// One of the values that a user lists, as far as they obey.
    pub(super) fn listed(
        &self,
        merged: &Merged<'s>,
        conjunction: &[SchemaId],
        place: Place<'_>,
    ) -> Option<Block> {
        let Kind::Values(values) = self.added(place, merged.atoms.iter().map(|(_, schema)| *schema))? else {
            return None;
        };
        let kept = values.iter().filter(|value| merged.pins.is_empty() && self.obeys(conjunction, value));
        let kept: Vec<String> = kept.map(Value::to_string).collect();
        let is_enough = !kept.is_empty() && kept.len() >= place.different;
        is_enough.then(|| Block::pool(Arc::new(Pool::new(kept))))
    }

    /// What a user has make the strings of a place.
    pub(super) fn added_source(&self, merged: &Merged<'s>, place: Place<'_>) -> Option<Source> {
        match self.added(place, merged.atoms.iter().map(|(_, schema)| *schema))? {
            Kind::Source(source) => Some(*source),
            _ => None,
        }
    }

    /// The range that a user gives the numbers of a place.
    pub(super) fn added_range(&self, merged: &Merged<'s>, place: Place<'_>) -> Option<Range> {
        match self.added(place, merged.atoms.iter().map(|(_, schema)| *schema))? {
            Kind::Range(range) => Some(*range),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makers_are_read_as_users_write_them() {
        for (text, is_known) in [
            ("username", true),
            ("uuid", true),
            ("hex:12", true),
            ("digits:8", true),
            ("1..10", true),
            ("0.50..2.00", true),
            ("-5..5", true),
            ("bronze|silver | gold", true),
            ("usernam", false),
            ("hex:", false),
            ("hex:0", false),
            ("hex:99999999", false),
            ("10..1", false),
            ("", false),
        ] {
            assert_eq!(Maker::parse(text).is_some(), is_known, "{text}");
        }
    }
}
