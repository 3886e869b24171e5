//! Values that the author wrote into the schema: `enum`, `const`, `example`, `default`.

use std::sync::Arc;

use serde_json::Value;

use super::block::{Block, Pool};
use super::compile::{Compiler, Place};
use super::fail::Fail;
use super::merge::Merged;
use super::told::Origin;
use super::{limits, names, outline};
use crate::node::Schema;
use crate::validate::Direction;
use crate::{SchemaId, Types};

impl<'s> Compiler<'s> {
    /// The author's own value for the whole, where it obeys.
    pub(super) fn authored(&self, conjunction: &[SchemaId], place: Place<'_>) -> Option<(Vec<u8>, Origin)> {
        let mut tried = 0;
        for schema in conjunction.iter().flat_map(|id| self.spokesmen(*id)) {
            let Some(notes) = &schema.notes else { continue };
            if schema.values.is_some() {
                return None;
            }
            let examples = notes.examples.iter().map(|value| (value, Origin::Example));
            let default = notes.default.iter().map(|value| (value, Origin::Default));
            for (value, origin) in examples.chain(default) {
                tried += 1;
                if tried > limits::VALUES {
                    return None;
                }
                let value = self.adapted(conjunction, value);
                if self.is_worth(&value, place) && self.obeys(conjunction, &value) {
                    return serde_json::to_vec(&value).ok().map(|text| (text, origin));
                }
            }
        }
        None
    }

    /// The schemas whose examples speak for the whole: the schema itself, what it refers to,
    /// and the only member of an `allOf`.
    fn spokesmen(&self, id: SchemaId) -> Vec<&'s Schema> {
        let mut found = vec![&self.schemas[id]];
        while let Some(schema) = found.last() {
            let only = schema.logic.as_deref().and_then(|logic| match &*logic.all_of {
                [only] => Some(*only),
                _ => None,
            });
            match schema.reference.or(only) {
                Some(next) if found.len() < 16 => found.push(&self.schemas[next]),
                _ => break,
            }
        }
        found
    }

    /// Empty containers and nulls say nothing; large ones have no place where little is wanted.
    fn is_worth(&self, value: &Value, place: Place<'_>) -> bool {
        match value {
            Value::Null => false,
            Value::Array(items) => !items.is_empty() && !place.minimal,
            Value::Object(members) => !members.is_empty() && !place.minimal,
            _ => true,
        }
    }

    /// The value as its type wants it: numbers written as strings and the other way round,
    /// JSON written as a string, members that this direction does not carry left out.
    fn adapted(&self, conjunction: &[SchemaId], value: &Value) -> Value {
        let types =
            conjunction.iter().map(|id| outline::types(self.schemas, *id)).fold(Types::ANY, Types::and);
        match value {
            Value::String(text) if !types.contains(Types::STRING) => {
                serde_json::from_str(text).unwrap_or_else(|_| value.clone())
            }
            Value::Number(number) if !types.intersects(Types::NUMBER) && types.contains(Types::STRING) => {
                Value::String(number.to_string())
            }
            Value::Object(members) => {
                let kept = members.iter().filter(|(name, _)| !self.is_withheld_member(conjunction, name));
                Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
            }
            _ => value.clone(),
        }
    }

    fn is_withheld_member(&self, conjunction: &[SchemaId], name: &str) -> bool {
        conjunction.iter().any(|id| {
            outline::property(self.schemas, *id, name).is_some_and(|schema| self.is_withheld(&[schema]))
        })
    }

    /// Whether a message in this direction leaves the value out (`readOnly`, `writeOnly`).
    pub(super) fn is_withheld(&self, conjunction: &[SchemaId]) -> bool {
        conjunction
            .iter()
            .any(|id| outline::marks(self.schemas, *id, self.options.direction == Direction::Response))
    }

    /// One of the values of `enum` or `const`, if there are such.
    pub(super) fn enumerated(
        &self,
        merged: &Merged<'s>,
        conjunction: &[SchemaId],
        place: Place<'_>,
    ) -> Result<Option<Block>, Fail> {
        let Some(values) = merged.values() else { return Ok(None) };
        let mut kept: Vec<&Value> = values
            .into_iter()
            .filter(|value| merged.types.contains(Types::of(value)) && self.obeys(conjunction, value))
            .take(limits::VALUES)
            .collect();
        if kept.is_empty() {
            let schema = merged.atoms.iter().find(|(_, schema)| schema.values.is_some());
            let reason = "no value of enum obeys the other keywords";
            return Err(Fail::contradiction(schema.map_or(merged.schema(), |(id, _)| *id), reason));
        }
        if kept.iter().any(|value| !value.is_null()) {
            kept.retain(|value| !value.is_null());
        }
        // what is usual stands there more often
        let weight = |value: &Value| match place.different {
            0 => value.as_str().map_or(names::USUAL, names::weight),
            _ => 1,
        };
        let weights: Vec<usize> = kept.iter().map(|value| weight(value)).collect();
        let is_even = weights.iter().all(|weight| *weight == weights[0]);
        let times = |weight: usize| if is_even { 1 } else { weight };
        let texts =
            kept.iter().zip(&weights).flat_map(|(value, weight)| vec![value.to_string(); times(*weight)]);
        Ok(Some(Block::pool(Arc::new(Pool::new(texts)))))
    }
}
