//! Schemas in pieces: each that references lead to has a validator of its own, compiled once for all operations that come to
//! it. Where one refers to another stands a keyword ([`room`](super::room)) that asks for the other's validator when a
//! value gets there: nothing is compiled that no value reaches, and nothing twice while it is kept.
//!
//! Pieces say whether a value obeys, and no more. What breaks is told by [`super::judge`] from a schema of one piece, and so
//! is what pieces cannot tell: `unevaluatedProperties` and `unevaluatedItems` look into what is referred to.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use jsonschema::ValidationOptions;
use serde_json::Value;

use super::judge::compiled;
use super::parts::Found;
use super::reading::{Place, Reading};
use super::room::{Outcome, Room, keyword};
use super::translate::{Links, PIECE, piece};
use crate::limits::{MAX_PROOF_PIECES, MAX_PROOF_PIECES_SIZE};

/// The pieces of one thread, of schemas read one way.
pub(super) struct Pieces<'t> {
    room: Arc<Room>,
    options: ValidationOptions<'static>,
    links: Links<'t>,
    count: usize,
    /// Values that their schemas have, members and elements counted
    size: usize,
}

impl<'t> Pieces<'t> {
    pub(super) fn new() -> Pieces<'t> {
        let room = Arc::new(Room::default());
        let weak = Arc::downgrade(&room);
        let options =
            super::judge::options().with_keyword(PIECE, move |_, value, _| Ok(keyword(&weak, value)));
        Pieces { room, options, links: Links::default(), count: 0, size: 0 }
    }

    /// Whether `value` obeys; `None` where pieces cannot tell.
    pub(super) fn accept(
        &mut self,
        reading: Reading<'_, 't>,
        found: Found<'t>,
        value: &Value,
    ) -> Option<bool> {
        if self.is_full() {
            self.room.clear();
            (self.count, self.size) = (0, 0);
        }
        let (schema, place) = found;
        let schema = if place == Place::Schema { reading.resolved(schema)? } else { schema };
        if !schema.is_object() {
            return None;
        }
        let root = self.links.number((schema, place));
        loop {
            let outcome = catch_unwind(AssertUnwindSafe(|| self.room.run(root, value)));
            match outcome.unwrap_or(Outcome::Unsure) {
                Outcome::Obeys => return Some(true),
                Outcome::Breaks => return Some(false),
                Outcome::Unsure => return None,
                Outcome::Missing(numbers) => {
                    numbers.into_iter().for_each(|number| self.compile(reading, number));
                }
            }
            if self.is_full() {
                return None;
            }
        }
    }

    /// Validators that are kept.
    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        self.count
    }

    fn is_full(&self) -> bool {
        self.count >= MAX_PROOF_PIECES || self.size >= MAX_PROOF_PIECES_SIZE
    }

    fn compile(&mut self, reading: Reading<'_, 't>, number: usize) {
        let mut schema = match self.links.get(number) {
            Some(found) => piece(reading, &mut self.links, found),
            None => Value::Bool(true),
        };
        self.count += 1;
        self.size += size(&schema);
        let make = || if looks_beyond(&schema) { None } else { compiled(&self.options, &mut schema).ok() };
        let validator = catch_unwind(AssertUnwindSafe(make)).ok().flatten();
        self.room.put(number, validator);
    }
}

/// Whether a schema asks what others have looked at.
fn looks_beyond(schema: &Value) -> bool {
    match schema {
        Value::Array(items) => items.iter().any(looks_beyond),
        Value::Object(members) => members.iter().any(|(name, value)| {
            matches!(&**name, "unevaluatedProperties" | "unevaluatedItems") || looks_beyond(value)
        }),
        _ => false,
    }
}

fn size(schema: &Value) -> usize {
    1 + match schema {
        Value::Array(items) => items.iter().map(size).sum(),
        Value::Object(members) => members.values().map(size).sum(),
        _ => 0,
    }
}
