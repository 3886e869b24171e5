//! What a client sends of an entity, laid over what its record has.

use std::sync::Arc;

use crate::request::Value;

/// What an entity has in place of what its record has.
pub(super) struct Overlay<'b> {
    columns: Vec<Laid<'b>>,
    /// Members that no column is of
    others: Vec<(&'b str, Value<'b>)>,
}

/// What becomes of a column.
#[derive(Clone, Copy, Debug)]
pub(super) enum Laid<'b> {
    /// It is the record's
    Nothing,
    Value(Value<'b>),
    /// The entity does not have it
    Gone,
}

impl<'b> Overlay<'b> {
    /// One that leaves so many columns as they are.
    pub(super) fn new(columns: usize) -> Overlay<'b> {
        Overlay { columns: vec![Laid::Nothing; columns], others: Vec::new() }
    }

    /// Decides what becomes of a column.
    pub(super) fn lay(&mut self, column: usize, laid: Laid<'b>) {
        if let Some(place) = self.columns.get_mut(column) {
            *place = laid;
        }
    }

    /// Adds a member that no column is of.
    pub(super) fn add(&mut self, name: &'b str, value: Value<'b>) {
        self.others.push((name, value));
    }

    pub(super) fn is_gone(&self, column: usize) -> bool {
        matches!(self.columns.get(column), Some(Laid::Gone))
    }

    /// Appends the value of a column, if it has one here; whether it has.
    pub(super) fn write(&self, column: usize, out: &mut Vec<u8>) -> bool {
        let Some(Laid::Value(value)) = self.columns.get(column) else { return false };
        json(*value, out);
        true
    }

    /// Adds to the object at the end of `out` what it has not yet: `written` says which columns it has.
    pub(super) fn complete(&self, names: &[Arc<str>], written: &[bool], out: &mut Vec<u8>) {
        let columns = names.iter().zip(&self.columns).zip(written);
        let missing = columns.filter_map(|((name, laid), is_written)| match laid {
            Laid::Value(value) if !is_written => Some((&**name, *value)),
            _ => None,
        });
        for (name, value) in missing.chain(self.others.iter().copied()) {
            if out.pop() != Some(b'}') {
                return;
            }
            if out.last() != Some(&b'{') {
                out.push(b',');
            }
            json(Value::String(name), out);
            out.push(b':');
            json(value, out);
            out.push(b'}');
        }
    }
}

fn json(value: Value<'_>, out: &mut Vec<u8>) {
    // Writing to memory does not fail.
    drop(serde_json::to_writer(out, &value));
}
