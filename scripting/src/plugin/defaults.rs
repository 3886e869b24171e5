//! Adds what the user left out and the schema has a default for.

use mocker_schema::node::Schema;
use mocker_schema::{SchemaId, Schemas};
use serde_json::Value;

use super::limits::{DEFAULTS_DEPTH, DEFAULTS_STEPS};

/// Adds defaults to `value`, also to those of its parts that are there. Alternatives (`anyOf`, `oneOf`, `if`) add none.
pub(super) fn fill(schemas: &Schemas, root: SchemaId, value: &mut Value) {
    Filling { schemas, steps: 0 }.fill(root, value, 0);
}

struct Filling<'s> {
    schemas: &'s Schemas,
    steps: usize,
}

impl Filling<'_> {
    fn fill(&mut self, id: SchemaId, value: &mut Value, depth: usize) {
        self.steps += 1;
        if depth > DEFAULTS_DEPTH || self.steps > DEFAULTS_STEPS {
            return;
        }
        let schema = &self.schemas[id];
        if let Some(target) = schema.reference {
            self.fill(target, value, depth + 1);
        }
        for part in schema.logic.iter().flat_map(|logic| &logic.all_of) {
            self.fill(*part, value, depth + 1);
        }
        self.members(schema, value, depth);
        self.items(schema, value, depth);
    }

    fn members(&mut self, schema: &Schema, value: &mut Value, depth: usize) {
        let (Some(rules), Value::Object(members)) = (&schema.object, value) else { return };
        for (name, property) in &rules.properties {
            if !members.contains_key(&**name)
                && let Some(default) = self.default(*property)
            {
                members.insert(name.to_string(), default);
            }
        }
        for (name, member) in members {
            if let Some(schema) = rules.property(name).or(rules.additional) {
                self.fill(schema, member, depth + 1);
            }
        }
    }

    fn items(&mut self, schema: &Schema, value: &mut Value, depth: usize) {
        let (Some(rules), Value::Array(items)) = (&schema.array, value) else { return };
        for (index, item) in items.iter_mut().enumerate() {
            if let Some(schema) = rules.prefix.get(index).copied().or(rules.items) {
                self.fill(schema, item, depth + 1);
            }
        }
    }

    /// The default of a schema, or of what it refers to.
    fn default(&self, id: SchemaId) -> Option<Value> {
        let schemas = std::iter::successors(Some(&self.schemas[id]), |schema| {
            schema.reference.map(|next| &self.schemas[next])
        });
        let mut defaults =
            schemas.take(DEFAULTS_DEPTH).filter_map(|schema| schema.notes.as_ref()?.default.as_ref());
        defaults.next().cloned()
    }
}
