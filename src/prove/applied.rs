//! Which schemas say anything of given values. A large document's schemas all refer to each other; those that apply
//! to a body are as few as the body is large, and the rest need not be compiled.
//!
//! What applies is over-estimated and never judged: every branch of `anyOf`, every member for `patternProperties`.
//! Hence a schema that is left out is one that no evaluation of these values can come to.

use std::collections::HashSet;

use mocker_source::{Kind, Node, NodeId};
use serde_json::Value;

use super::cycles::Cycles;
use super::reading::{Place, Reading};
use crate::limits::{MAX_PROOF_DEPTH, MAX_PROOF_STEPS};

/// Any string: names of properties are no values that have an address.
static NAME: Value = Value::String(String::new());

/// What a set of values meets.
#[derive(Default)]
pub(super) struct Applied {
    schemas: HashSet<NodeId>,
    /// Those that come back to themselves on a value
    cycles: Cycles,
}

impl Applied {
    /// Whether the schema is applied to any of the values.
    pub(super) fn has(&self, schema: Node<'_>) -> bool {
        self.schemas.contains(&schema.id())
    }

    /// Schemas that are applied to a value in place and come back to themselves there.
    pub(super) fn cycles(&self) -> &Cycles {
        &self.cycles
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
        Walk { reading, schemas: HashSet::new(), seen: HashSet::new(), in_place: HashSet::new(), depth: 0 };
    for value in values {
        match place {
            Place::Schema => walk.visit(None, schema, value)?,
            Place::Parameter => walk.members(schema, value)?,
        }
    }
    if place == Place::Parameter {
        walk.schemas.insert(schema.id());
    }
    Ok(Applied { schemas: walk.schemas, cycles: Cycles::of(&walk.in_place) })
}

struct Walk<'r, 't> {
    reading: Reading<'r, 't>,
    schemas: HashSet<NodeId>,
    /// Schemas with the addresses of values they were applied to
    seen: HashSet<(NodeId, usize)>,
    /// Schemas with those that they apply to the same value
    in_place: HashSet<(NodeId, NodeId)>,
    depth: usize,
}

impl<'t> Walk<'_, 't> {
    fn visit(&mut self, outer: Option<Node<'t>>, schema: Node<'t>, value: &Value) -> Result<(), TooMuch> {
        let Some(schema) = self.reading.resolved(schema).filter(|schema| schema.is_object()) else {
            return Ok(());
        };
        self.in_place.extend(outer.map(|outer| (outer.id(), schema.id())));
        if !self.seen.insert((schema.id(), std::ptr::from_ref(value) as usize)) {
            return Ok(());
        }
        self.depth += 1;
        if self.depth > MAX_PROOF_DEPTH || self.seen.len() > MAX_PROOF_STEPS {
            return Err(TooMuch);
        }
        self.schemas.insert(schema.id());
        let outcome = self.members(schema, value);
        self.depth -= 1;
        outcome
    }

    fn members(&mut self, schema: Node<'t>, value: &Value) -> Result<(), TooMuch> {
        // One pass over what is written: most schemas have few keywords, and are met often.
        for (keyword, inner) in schema.entries() {
            match (keyword, value) {
                ("$ref" | "$dynamicRef", _) => {
                    let target = inner.as_str().and_then(|text| self.reading.references.target(schema, text));
                    target.map_or(Ok(()), |target| self.visit(Some(schema), target, value))?;
                }
                ("allOf" | "anyOf" | "oneOf", _) => {
                    inner.items().try_for_each(|branch| self.visit(Some(schema), branch, value))?;
                }
                ("not" | "if" | "then" | "else", _) => self.visit(Some(schema), inner, value)?,
                ("dependentSchemas" | "dependencies", Value::Object(members)) => {
                    let mut met = inner.entries().filter(|(name, _)| members.contains_key(*name));
                    met.try_for_each(|(_, inner)| self.visit(Some(schema), inner, value))?;
                }
                (_, Value::Object(members)) => self.object(keyword, inner, members)?,
                (_, Value::Array(items)) => self.array(keyword, inner, items)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn object(
        &mut self,
        keyword: &str,
        inner: Node<'t>,
        members: &serde_json::Map<String, Value>,
    ) -> Result<(), TooMuch> {
        match keyword {
            "properties" => {
                let mut declared = members.iter().filter_map(|(name, value)| Some((inner.get(name)?, value)));
                declared.try_for_each(|(property, value)| self.visit(None, property, value))
            }
            "patternProperties" => members.values().try_for_each(|value| {
                inner.entries().try_for_each(|(_, inner)| self.visit(None, inner, value))
            }),
            "additionalProperties" | "unevaluatedProperties" => {
                members.values().try_for_each(|value| self.visit(None, inner, value))
            }
            "propertyNames" => self.visit(None, inner, &NAME),
            _ => Ok(()),
        }
    }

    fn array(&mut self, keyword: &str, inner: Node<'t>, items: &[Value]) -> Result<(), TooMuch> {
        match keyword {
            "prefixItems" | "items" if inner.kind() == Kind::Array => {
                inner.items().zip(items).try_for_each(|(inner, item)| self.visit(None, inner, item))
            }
            "items" | "additionalItems" | "contains" | "unevaluatedItems" => {
                items.iter().try_for_each(|item| self.visit(None, inner, item))
            }
            _ => Ok(()),
        }
    }
}
