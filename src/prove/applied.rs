//! Which schemas say anything of given values. A large document's schemas all refer to each other; those that apply
//! to a body are as few as the body is large, and the rest need not be compiled.
//!
//! What applies is over-estimated and never judged: every branch of `anyOf`, every member for `patternProperties`.
//! Hence a schema that is left out is one that no evaluation of these values can come to.

use std::collections::HashSet;

use mocker_source::{Kind, Node, NodeId};
use serde_json::Value;

use super::reading::{Place, Reading};
use crate::limits::{MAX_PROOF_DEPTH, MAX_PROOF_STEPS};

/// Any string: names of properties are no values that have an address.
static NAME: Value = Value::String(String::new());

/// What a set of values meets.
#[derive(Default)]
pub(super) struct Applied {
    schemas: HashSet<NodeId>,
    /// Pairs of schemas of which the first applies the second to the value it is itself applied to, endlessly
    loops: HashSet<(NodeId, NodeId)>,
}

impl Applied {
    /// Whether the schema is applied to any of the values.
    pub(super) fn has(&self, schema: Node<'_>) -> bool {
        self.schemas.contains(&schema.id())
    }

    /// Whether `inner`, a part of `outer`, leads back to `outer` and so adds nothing to it.
    pub(super) fn is_loop(&self, outer: Node<'_>, inner: Node<'_>) -> bool {
        self.loops.contains(&(outer.id(), inner.id()))
    }
}

/// The values go deeper, or meet more, than is followed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooMuch;

/// What applies to `values` under `schema`.
///
/// # Errors
/// When that exceeds the limits.
pub(super) fn applied<'t>(
    reading: Reading<'_, 't>,
    schema: Node<'t>,
    place: Place,
    values: &[Value],
) -> Result<Applied, TooMuch> {
    let mut walk =
        Walk { reading, applied: Applied::default(), seen: HashSet::new(), open: HashSet::new(), depth: 0 };
    for value in values {
        match place {
            Place::Schema => walk.visit(None, schema, value)?,
            Place::Parameter => walk.members(schema, value)?,
        }
    }
    if place == Place::Parameter {
        walk.applied.schemas.insert(schema.id());
    }
    Ok(walk.applied)
}

struct Walk<'r, 't> {
    reading: Reading<'r, 't>,
    applied: Applied,
    /// Schemas with the addresses of values they were applied to
    seen: HashSet<(NodeId, usize)>,
    /// Those being followed
    open: HashSet<(NodeId, usize)>,
    depth: usize,
}

impl<'t> Walk<'_, 't> {
    fn visit(&mut self, outer: Option<Node<'t>>, schema: Node<'t>, value: &Value) -> Result<(), TooMuch> {
        let Some(schema) = self.reading.resolved(schema).filter(|schema| schema.is_object()) else {
            return Ok(());
        };
        let pair = (schema.id(), std::ptr::from_ref(value) as usize);
        if let (true, Some(outer)) = (self.open.contains(&pair), outer) {
            self.applied.loops.insert((outer.id(), schema.id()));
            return Ok(());
        }
        if !self.seen.insert(pair) {
            return Ok(());
        }
        self.depth += 1;
        if self.depth > MAX_PROOF_DEPTH || self.seen.len() > MAX_PROOF_STEPS {
            return Err(TooMuch);
        }
        self.applied.schemas.insert(schema.id());
        self.open.insert(pair);
        let outcome = self.members(schema, value);
        self.open.remove(&pair);
        self.depth -= 1;
        outcome
    }

    fn members(&mut self, schema: Node<'t>, value: &Value) -> Result<(), TooMuch> {
        self.in_place(schema, value)?;
        match value {
            Value::Object(members) => self.object(schema, members),
            Value::Array(items) => self.array(schema, items),
            _ => Ok(()),
        }
    }

    /// Keywords whose schemas apply to the same value.
    fn in_place(&mut self, schema: Node<'t>, value: &Value) -> Result<(), TooMuch> {
        for target in self.reading.beside(schema) {
            self.visit(Some(schema), target, value)?;
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            for branch in schema.get(keyword).into_iter().flat_map(Node::items) {
                self.visit(Some(schema), branch, value)?;
            }
        }
        for keyword in ["not", "if", "then", "else"] {
            if let Some(inner) = schema.get(keyword) {
                self.visit(Some(schema), inner, value)?;
            }
        }
        for keyword in ["dependentSchemas", "dependencies"] {
            for (name, inner) in schema.get(keyword).into_iter().flat_map(Node::entries) {
                if value.get(name).is_some() {
                    self.visit(Some(schema), inner, value)?;
                }
            }
        }
        Ok(())
    }

    fn object(&mut self, schema: Node<'t>, members: &serde_json::Map<String, Value>) -> Result<(), TooMuch> {
        let declared = schema.get("properties");
        for (name, value) in members {
            if let Some(property) = declared.and_then(|declared| declared.get(name)) {
                self.visit(None, property, value)?;
            }
            for (_, inner) in schema.get("patternProperties").into_iter().flat_map(Node::entries) {
                self.visit(None, inner, value)?;
            }
            for keyword in ["additionalProperties", "unevaluatedProperties"] {
                if let Some(inner) = schema.get(keyword) {
                    self.visit(None, inner, value)?;
                }
            }
        }
        match schema.get("propertyNames") {
            Some(names) => self.visit(None, names, &NAME),
            None => Ok(()),
        }
    }

    fn array(&mut self, schema: Node<'t>, items: &[Value]) -> Result<(), TooMuch> {
        for keyword in ["items", "additionalItems", "contains", "unevaluatedItems"] {
            let inner = schema.get(keyword).filter(|inner| inner.kind() != Kind::Array);
            for (inner, item) in
                inner.into_iter().flat_map(|inner| items.iter().map(move |item| (inner, item)))
            {
                self.visit(None, inner, item)?;
            }
        }
        for keyword in ["prefixItems", "items"] {
            for (inner, item) in schema.get(keyword).into_iter().flat_map(Node::items).zip(items) {
                self.visit(None, inner, item)?;
            }
        }
        Ok(())
    }
}
