//! Last resorts: odd values where branches overlap or exclude each other, and something at
//! all where nothing can obey.

use serde_json::{Value, json};

use super::block::Block;
use super::compile::{Compiler, Fill, Place};
use super::decide::Decisions;
use super::merge::Merger;
use super::outline;
use crate::{SchemaId, Types};

/// Properties that are tried with odd values.
const NAMES: usize = 8;

/// Values at the edges, one of which often falls outside what overlaps.
fn odd() -> Vec<Value> {
    let long = "a".repeat(300);
    let mut values =
        vec![json!(null), json!(false), json!(true), json!(0), json!(-1), json!(-1_000_000), json!(1)];
    values.extend([
        json!(1_000_000),
        json!(0.5),
        json!(""),
        json!("a"),
        json!("A"),
        json!("0"),
        json!("-"),
        json!(long),
    ]);
    values.extend([json!([]), json!({}), json!([null]), json!(["a"]), json!([0])]);
    values
}

impl Compiler<'_> {
    /// A value that obeys although no instructions for such could be found.
    pub(super) fn rescued(&mut self, conjunction: &[SchemaId], place: Place<'_>) -> Option<Block> {
        let mut decisions = Decisions::default();
        let merged = loop {
            match Merger::merge(self.schemas, conjunction, &mut decisions, false) {
                Ok(merged) => break Some(merged),
                Err(_) if decisions.advance() => {}
                Err(_) => break None,
            }
        };
        if merged.as_ref().is_some_and(|merged| merged.sound) {
            return None;
        }
        let values = odd();
        let kept = values.iter().filter(|value| self.obeys(conjunction, value));
        if let Some(value) = kept.max_by_key(|value| !value.is_null()) {
            return Some(Block::literal(value.to_string()));
        }
        let merged =
            merged.filter(|merged| merged.types.contains(Types::OBJECT) && !merged.avoid.is_empty())?;
        let block = self.object(&merged, place, Fill::Required).ok()?;
        let text = block.sample(&mut self.random);
        let base: Value = serde_json::from_slice(&text).ok()?;
        let names = merged.avoid.iter().filter(|name| base.get(&***name).is_none()).take(NAMES);
        // a property that spoils the branch that was not chosen
        let spoilt = names.flat_map(|name| values.iter().map(move |value| (name, value)));
        spoilt
            .map(|(name, value)| {
                let mut spoilt = base.clone();
                spoilt[&**name] = value.clone();
                spoilt
            })
            .find(|value| self.obeys(conjunction, value))
            .map(|value| Block::literal(value.to_string()))
    }

    /// Something of the right type, where nothing can obey.
    pub(super) fn something(&self, conjunction: &[SchemaId]) -> Block {
        let types =
            conjunction.iter().map(|id| outline::types(self.schemas, *id)).fold(Types::ANY, Types::and);
        let texts = [
            (Types::OBJECT, "{}"),
            (Types::ARRAY, "[]"),
            (Types::STRING, "\"string\""),
            (Types::NUMBER, "0"),
            (Types::BOOLEAN, "true"),
        ];
        let text = texts.iter().find(|(kind, _)| types.intersects(*kind)).map_or("null", |(_, text)| text);
        Block::literal(text)
    }
}
