//! What says of a thing what most things are not: `canceled_at` of what goes on, `deleted` of what is there.

use std::sync::Arc;

use serde_json::Value;

use super::block::{Block, Pool};
use super::compile::{Compiler, Fill, Place};
use super::merge::Merged;
use super::names::{self, Unlikely};
use super::outline;
use super::told::{Origin, Told};
use crate::validate::Direction;
use crate::{SchemaId, Types};

/// How many of so many things are what most are not, as far as flags say it.
const FLAGS: usize = 8;

/// Members that no answer has which only says what went wrong.
const THING: usize = 6;

/// What becomes of a member that says what most things are not.
pub(super) enum Excluded {
    Value(Block),
    Absent,
}

impl<'s> Compiler<'s> {
    /// What becomes of the member `name` of an object with these members; `None` where it is like any other.
    pub(super) fn excluded(
        &mut self,
        merged: &Merged<'s>,
        members: &[(Arc<str>, bool)],
        (name, is_required, fill): (&str, bool, Fill),
        conjunction: &[SchemaId],
        place: Place<'_>,
    ) -> Option<Excluded> {
        let says = names::unlikely(name)?;
        let is_open = (merged.sound || fill == Fill::All)
            && self.options.direction == Direction::Response
            && place.different == 0;
        if !is_open || self.is_about_it(merged, members, name, place) {
            return None;
        }
        let inside = Place { name, parent: place.name, depth: place.depth + 1, ..place };
        if merged.pins.iter().any(|(pinned, _)| **pinned == *name) || self.is_added(conjunction, inside) {
            return None;
        }
        let types = self.kinds(conjunction)?;
        let is_shown = self.authored(conjunction, inside).is_some();
        if types.contains(Types::BOOLEAN) {
            let flag = self.flag(conjunction).filter(|_| !is_shown || self.varies)?;
            self.has_departed |= is_shown;
            return Some(Excluded::Value(flag));
        }
        let is_counted = says == Unlikely::Fact && types.intersects(Types::NUMBER);
        if types.intersects(Types::ARRAY) || is_counted || is_shown && !self.varies {
            return None;
        }
        if types.contains(Types::NULL) && self.obeys(conjunction, &Value::Null) {
            self.has_departed |= is_shown;
            let null = Block::literal("null");
            return Some(Excluded::Value(self.told(null, |_| Told::of(Origin::Null))));
        }
        let is_free = !is_required && !is_shown && !is_needed(merged, name);
        is_free.then_some(Excluded::Absent)
    }

    /// Whether the object is of that very thing, has nothing else to say, or is only an answer.
    fn is_about_it(
        &self,
        merged: &Merged<'s>,
        members: &[(Arc<str>, bool)],
        name: &str,
        place: Place<'_>,
    ) -> bool {
        let is_so = |name: &str| names::has_word(name, "gone") || names::has_word(name, "going");
        let others = || members.iter().filter(|(other, _)| names::unlikely(other).is_none());
        let has_identity =
            || others().any(|(other, _)| names::key(other) == "id") || others().count() >= THING;
        let is_thing = || !names::has_word(name, "trouble") || has_identity();
        is_so(place.name)
            || is_so(self.holder(merged, place))
            || is_so(self.title(merged))
            || others().next().is_none()
            || !is_thing()
    }

    /// What types such a member may have; `None` where it may be a flag and something else too.
    fn kinds(&self, conjunction: &[SchemaId]) -> Option<Types> {
        let types =
            conjunction.iter().map(|id| outline::types(self.schemas, *id)).fold(Types::ANY, Types::and);
        let has_branches = types == Types::ANY;
        let probes = [
            (Types::BOOLEAN, Value::Bool(true)),
            (Types::NUMBER, Value::from(1)),
            (Types::ARRAY, Value::Array(Vec::new())),
            (Types::NULL, Value::Null),
        ];
        let tried = probes.iter().filter(|(_, value)| self.obeys(conjunction, value)).map(|(kind, _)| *kind);
        let types = if has_branches { tried.fold(Types::STRING, Types::or) } else { types };
        let others = Types::STRING.or(Types::NUMBER).or(Types::ARRAY).or(Types::OBJECT);
        let is_flag = types.contains(Types::BOOLEAN);
        (!is_flag || !types.intersects(others)).then_some(types)
    }

    /// `false`, and now and then `true`, where both are allowed and the author shows neither.
    fn flag(&self, conjunction: &[SchemaId]) -> Option<Block> {
        let both = [false, true].into_iter().all(|flag| self.obeys(conjunction, &Value::Bool(flag)));
        let texts = (0..FLAGS).map(|index| if index == 0 { "true" } else { "false" });
        let block = both.then(|| Block::pool(Arc::new(Pool::new(texts))))?;
        Some(self.told(block, |_| Told::of(Origin::Boolean)))
    }
}

/// Whether something depends on the member, or on how many there are.
fn is_needed(merged: &Merged<'_>, name: &str) -> bool {
    merged.wanted.iter().any(|wanted| **wanted == *name)
        || merged.objects().any(|(_, rules)| {
            let depends = |(on, needed): &(Arc<str>, Box<[Arc<str>]>)| {
                **on == *name || needed.iter().any(|need| **need == *name)
            };
            rules.min_properties > 0 || rules.dependent_required.iter().any(depends)
        })
}
