//! Judges a JSON value by a schema node (JSON Schema 2020-12, as the arena states it).

mod array;
pub(crate) mod equality;
mod evaluated;
mod instance;
mod logic;
mod number;
mod object;
mod path;
mod sink;
mod string;

use mocker_source::Kind;

pub use instance::{Instance, Members};
pub use number::Num;

use crate::format::Format;
use crate::node::Schema;
use crate::{SchemaId, Schemas, Types, limits};
use path::Path;
use sink::{Listing, Quiet, Sink};

/// Which way a message goes: `readOnly` properties are not required of requests,
/// `writeOnly` ones not of responses (OpenAPI 3.0.3, "Schema Object").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From client to server
    Request,
    /// From server to client
    Response,
}

/// One broken rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    /// Where in the value, as JSON pointer tokens
    pub path: Vec<String>,
    /// The keyword that was broken, such as `maxLength`
    pub keyword: &'static str,
    /// In Ajv's wording: `must NOT have fewer than 2 characters`
    pub message: String,
    /// What Ajv has in `params` beyond the message: the name of the property that is too many
    /// (`additionalProperties`, `unevaluatedProperties`, `propertyNames`), or the allowed
    /// values separated by `, ` (`enum`)
    pub detail: Option<String>,
}

impl Violation {
    /// What its texts take.
    fn bytes(&self) -> usize {
        let detail = self.detail.as_ref().map_or(0, String::len);
        self.path.iter().map(String::len).sum::<usize>() + self.message.len() + detail
    }
}

impl Schemas {
    /// Whether `value` obeys schema `id`. Ends at the first broken rule and allocates nothing
    /// for ordinary values.
    pub fn is_valid<'a, I: Instance<'a>>(&self, id: SchemaId, value: I, direction: Direction) -> bool {
        Validator::new(self, direction).node(id, value, &Path::Root, &mut Quiet)
    }

    /// [`Self::is_valid`] for one of many values: takes what it needs from `steps`, and says no when they are used up.
    pub(crate) fn is_valid_within<'a, I: Instance<'a>>(
        &self,
        id: SchemaId,
        value: I,
        direction: Direction,
        steps: &mut u64,
    ) -> bool {
        let mut validator = Validator::new(self, direction);
        validator.most_steps = u32::try_from(*steps).unwrap_or(u32::MAX).min(limits::VALIDATION_STEPS);
        let valid = validator.node(id, value, &Path::Root, &mut Quiet);
        *steps = steps.saturating_sub(u64::from(validator.steps));
        valid
    }

    /// Every broken rule, in the order of Ajv; empty when valid.
    pub fn validate<'a, I: Instance<'a>>(
        &self,
        id: SchemaId,
        value: I,
        direction: Direction,
    ) -> Vec<Violation> {
        let mut listing = Listing::default();
        Validator::new(self, direction).node(id, value, &Path::Root, &mut listing);
        listing.violations
    }

    /// Whether the node is the schema `false`.
    pub(crate) fn refuses_all(&self, id: SchemaId) -> bool {
        self[id].types.is_none()
    }

    /// Whether the node has no keyword that could refuse a value.
    pub(crate) fn accepts_all(&self, id: SchemaId) -> bool {
        self[id].types == Types::ANY && self[id].is_bare()
    }

    /// `readOnly` of the node or of what it refers to.
    pub fn is_read_only(&self, id: SchemaId) -> bool {
        self.along_references(id).any(|schema| schema.read_only)
    }

    /// `writeOnly` of the node or of what it refers to.
    pub fn is_write_only(&self, id: SchemaId) -> bool {
        self.along_references(id).any(|schema| schema.write_only)
    }

    fn along_references(&self, id: SchemaId) -> impl Iterator<Item = &Schema> {
        std::iter::successors(Some(&self[id]), |schema| schema.reference.map(|next| &self[next]))
            .take(limits::REFERENCE_CHAIN)
    }
}

impl Schema {
    fn is_bare(&self) -> bool {
        self.reference.is_none()
            && self.values.is_none()
            && self.format.is_none()
            && self.number.is_none()
            && self.string.is_none()
            && self.array.is_none()
            && self.object.is_none()
            && self.logic.is_none()
    }
}

/// One judgement: what it judges by, and how much of the limits is used.
pub(crate) struct Validator<'s> {
    schemas: &'s Schemas,
    direction: Direction,
    depth: u32,
    steps: u32,
    most_steps: u32,
}

impl<'s> Validator<'s> {
    fn new(schemas: &'s Schemas, direction: Direction) -> Self {
        Validator { schemas, direction, depth: 0, steps: 0, most_steps: limits::VALIDATION_STEPS }
    }

    /// Counts one more schema over the current one; false at a limit.
    fn enter(&mut self) -> bool {
        self.steps += 1;
        if self.depth >= limits::VALIDATION_DEPTH || self.steps > self.most_steps {
            return false;
        }
        self.depth += 1;
        true
    }

    fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Judges `value` by node `id`.
    fn node<'a, I: Instance<'a>, S: Sink>(
        &mut self,
        id: SchemaId,
        value: I,
        path: &Path<'_>,
        sink: &mut S,
    ) -> bool {
        if !self.enter() {
            sink.report(path, "depth", || "must NOT need so many nested schemas".to_owned());
            return false;
        }
        let valid = self.keywords(id, value, path, sink);
        self.leave();
        valid
    }

    /// All keywords of a node: the type first unless it has rules of that very type (Ajv then
    /// speaks of the type in their place), those of every type, those of the value's own.
    fn keywords<'a, I: Instance<'a>, S: Sink>(
        &mut self,
        id: SchemaId,
        value: I,
        path: &Path<'_>,
        sink: &mut S,
    ) -> bool {
        let schemas = self.schemas;
        let schema = &schemas[id];
        let kind = value.kind();
        let typed = has_type(schema.types, kind, value);
        if !typed && !S::ALL {
            return false;
        }
        let late = S::ALL && !typed && has_rules_of(schema);
        if !typed && !late {
            report_type(schema.types, path, sink);
        }
        let mut valid = typed;
        if let Some(target) = schema.reference
            && !self.node(target, value, path, sink)
        {
            valid = false;
        }
        if (valid || S::ALL) && !values(schema, value, path, sink) {
            valid = false;
        }
        if let Some(logic) = &schema.logic
            && (valid || S::ALL)
            && !self.logic(logic, value, path, sink)
        {
            valid = false;
        }
        if late {
            report_type(schema.types, path, sink);
        }
        if valid || S::ALL { self.own(id, schema, kind, value, path, sink) && valid } else { false }
    }

    /// The keywords of the value's own type.
    fn own<'a, I: Instance<'a>, S: Sink>(
        &mut self,
        id: SchemaId,
        schema: &Schema,
        kind: Kind,
        value: I,
        path: &Path<'_>,
        sink: &mut S,
    ) -> bool {
        match kind {
            Kind::Null | Kind::Bool => true,
            Kind::Number => value.as_num().is_none_or(|number| {
                let valid =
                    schema.number.as_ref().is_none_or(|rules| number::check(rules, number, path, sink));
                if valid || S::ALL { number_format(schema.format, number, path, sink) & valid } else { false }
            }),
            Kind::String => value.as_str().is_none_or(|text| {
                let valid = schema.string.as_ref().is_none_or(|rules| string::check(rules, text, path, sink));
                if valid || S::ALL { string_format(schema.format, text, path, sink) & valid } else { false }
            }),
            Kind::Array => schema.array.as_ref().is_none_or(|rules| self.array(id, rules, value, path, sink)),
            Kind::Object => {
                schema.object.as_ref().is_none_or(|rules| self.object(id, rules, value, path, sink))
            }
        }
    }
}

fn has_type<'a, I: Instance<'a>>(types: Types, kind: Kind, value: I) -> bool {
    match kind {
        Kind::Null => types.contains(Types::NULL),
        Kind::Bool => types.contains(Types::BOOLEAN),
        Kind::String => types.contains(Types::STRING),
        Kind::Array => types.contains(Types::ARRAY),
        Kind::Object => types.contains(Types::OBJECT),
        Kind::Number if types.contains(Types::NUMBER) => true,
        Kind::Number => value.as_num().is_some_and(|number| {
            types.contains(if number.is_integer() { Types::INTEGER } else { Types::FRACTION })
        }),
    }
}

/// Whether the node's one type has keywords of its own. (Integers have none in Ajv's tables.)
fn has_rules_of(schema: &Schema) -> bool {
    match schema.types {
        Types::NUMBER => schema.number.is_some() || schema.format.is_some(),
        Types::STRING => schema.string.is_some() || schema.format.is_some(),
        Types::ARRAY => schema.array.is_some(),
        Types::OBJECT => schema.object.is_some(),
        _ => false,
    }
}

fn report_type<S: Sink>(types: Types, path: &Path<'_>, sink: &mut S) {
    if types.is_none() {
        sink.report(path, "false schema", || "boolean schema is false".to_owned());
    } else {
        sink.report(path, "type", || format!("must be {}", types.names().join(",")));
    }
}

fn values<'a, I: Instance<'a>, S: Sink>(schema: &Schema, value: I, path: &Path<'_>, sink: &mut S) -> bool {
    let Some(values) = &schema.values else { return true };
    if values.iter().any(|allowed| equality::equal(value, allowed)) {
        return true;
    }
    if schema.constant {
        sink.report(path, "const", || "must be equal to constant".to_owned());
    } else {
        let message = || "must be equal to one of the allowed values".to_owned();
        sink.report_with(path, "enum", message, || Some(listed(values)));
    }
    false
}

fn listed(values: &[serde_json::Value]) -> String {
    let texts = values.iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    texts.collect::<Vec<_>>().join(", ")
}

fn string_format<S: Sink>(format: Option<Format>, text: &str, path: &Path<'_>, sink: &mut S) -> bool {
    let Some(format) = format.filter(|format| !format.check(text)) else { return true };
    sink.report(path, "format", || format!("must match format \"{}\"", format.name()));
    false
}

fn number_format<S: Sink>(format: Option<Format>, number: Num, path: &Path<'_>, sink: &mut S) -> bool {
    use std::cmp::Ordering::{Greater, Less};
    let Some(format) = format else { return true };
    let Some((least, most)) = format.range() else { return true };
    let low = number.order(Num::Integer(least)) == Some(Less);
    let high = number.order(Num::Integer(most)) == Some(Greater);
    if low || high {
        sink.report(path, "format", || format!("must match format \"{}\"", format.name()));
    }
    !low && !high
}
