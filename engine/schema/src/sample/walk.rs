//! Through the schema: for each of its nodes the plain sample, and where that does not obey, other ones.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::join::join;
use super::{Options, TooComplex, scalar};
use crate::generate::{self, Key, Program};
use crate::node::{ArrayRules, Logic, ObjectRules, Schema};
use crate::validate::Direction;
use crate::{SchemaId, Schemas, Types, limits};

/// What stands for a schema: nothing where it would contain itself and is no container.
struct Sample {
    value: Option<Value>,
    obeys: bool,
}

/// Where in a schema's order of sources a sample begins.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Source {
    /// `$ref` and `allOf`
    All,
    OneOf,
    AnyOf,
    Condition,
    /// Author's values, then the type
    Own,
}

/// The making of one sample.
pub(super) struct Sampler<'s> {
    schemas: &'s Schemas,
    options: Options,
    /// Schemas entered, outermost first
    active: Vec<SchemaId>,
    /// Containers entered
    depth: usize,
    nodes: usize,
    /// Bytes of the values taken, about
    bytes: usize,
    /// Nodes, with those of samples that did not obey
    work: usize,
    /// Steps that are left for judging values
    judgement: u64,
    generated: HashMap<SchemaId, Option<Value>>,
}

impl<'s> Sampler<'s> {
    pub(super) fn new(schemas: &'s Schemas, options: Options) -> Self {
        let judgement = generate::limits::JUDGEMENT;
        Sampler {
            schemas,
            options,
            active: Vec::new(),
            depth: 0,
            nodes: 0,
            bytes: 0,
            work: 0,
            judgement,
            generated: HashMap::new(),
        }
    }

    /// The sample of the whole.
    pub(super) fn root(mut self, id: SchemaId) -> Result<Value, TooComplex> {
        let sample = self.node(id, "")?;
        let generated = if sample.obeys { None } else { self.generate(id)? };
        Ok(generated.or(sample.value).unwrap_or_default())
    }

    /// The sample of schema `id`, in a property called `name` (empty for none).
    fn node(&mut self, id: SchemaId, name: &str) -> Result<Sample, TooComplex> {
        (self.nodes, self.work) = (self.nodes + 1, self.work + 1);
        if self.nodes > limits::SAMPLE_NODES {
            return Err(TooComplex);
        }
        let is_deep = self.depth >= limits::SAMPLE_DEPTH || self.active.len() >= limits::SAMPLE_NESTING;
        if is_deep || self.active.contains(&id) {
            let value = self.circular(id);
            let obeys = value.as_ref().is_some_and(|value| self.obeys(id, value));
            return Ok(Sample { value, obeys });
        }
        self.active.push(id);
        let sample = self.best(id, name);
        self.active.pop();
        sample
    }

    /// The first of the ways to a sample that obeys; the first of all where none does.
    fn best(&mut self, id: SchemaId, name: &str) -> Result<Sample, TooComplex> {
        let first = self.from(Source::All, id, name)?;
        if let Some(value) = &first
            && self.obeys(id, value)
        {
            return Ok(Sample { value: first, obeys: true });
        }
        let repaired = match self.repaired(id, name) {
            Some(value) => Some(value),
            None => self.generate_within_budget(id)?,
        };
        Ok(match repaired {
            Some(value) => Sample { value: Some(value), obeys: true },
            None => Sample { value: first, obeys: false },
        })
    }

    /// Another sample, which obeys. What it takes counts apart from what the sample itself takes.
    fn repaired(&mut self, id: SchemaId, name: &str) -> Option<Value> {
        if self.work > limits::SAMPLE_WORK {
            return None;
        }
        let (nodes, bytes, depth, entered) = (self.nodes, self.bytes, self.depth, self.active.len());
        let found = self.other(id, name).unwrap_or_default();
        (self.nodes, self.bytes, self.depth) = (nodes, bytes, depth);
        self.active.truncate(entered);
        found
    }

    /// The other branches, then the author's other values, then the type alone.
    fn other(&mut self, id: SchemaId, name: &str) -> Result<Option<Value>, TooComplex> {
        let schema = &self.schemas[id];
        if let Some(logic) = schema.logic.as_deref() {
            let branches = logic.one_of.iter().chain(&logic.any_of).copied().map(Some).chain([None]);
            for branch in branches.take(limits::SAMPLE_BRANCHES) {
                let value = self.with_branch(id, logic, branch, name)?;
                if self.obeys(id, &value) {
                    return Ok(Some(value));
                }
            }
        }
        for value in authored(schema).take(limits::SAMPLE_BRANCHES) {
            if self.obeys(id, value) {
                return Ok(Some(value.clone()));
            }
        }
        let typed = self.typed(schema, name)?;
        Ok(self.obeys(id, &typed).then_some(typed))
    }

    /// Everything that holds beside `oneOf` and `anyOf`, with one branch of those, whose name the discriminator
    /// then has.
    fn with_branch(
        &mut self,
        id: SchemaId,
        logic: &'s Logic,
        branch: Option<SchemaId>,
        name: &str,
    ) -> Result<Value, TooComplex> {
        let mut parts = self.conjuncts(id, Source::Own, name)?;
        if let Some(branch) = branch {
            parts.extend(self.node(branch, name)?.value);
        }
        let mut value = join(parts).unwrap_or_default();
        let named = logic.discriminator.as_ref().and_then(|discriminator| {
            let (name, _) = discriminator.mapping.iter().find(|(_, id)| Some(*id) == branch)?;
            Some((&*discriminator.property, &**name))
        });
        if let (Some((property, name)), Some(members)) = (named, value.as_object_mut()) {
            members.insert(property.to_owned(), Value::from(name));
        }
        Ok(value)
    }

    /// The plain sample: of the first source, from `source` on, that the schema has.
    fn from(&mut self, source: Source, id: SchemaId, name: &str) -> Result<Option<Value>, TooComplex> {
        let schema = &self.schemas[id];
        let has_all =
            schema.reference.is_some() || schema.logic.as_ref().is_some_and(|logic| !logic.all_of.is_empty());
        if source <= Source::All && has_all {
            let own = authored(schema).next().filter(|_| schema.reference.is_some());
            return match own {
                Some(value) => self.taken(value).map(Some),
                None => Ok(join(self.conjuncts(id, Source::OneOf, name)?)),
            };
        }
        if let Some(logic) = schema.logic.as_deref() {
            let one_of = logic.one_of.first().filter(|_| source <= Source::OneOf);
            let any_of = logic.any_of.first().filter(|_| source <= Source::AnyOf);
            if let Some(branch) = one_of.or(any_of) {
                return Ok(self.node(*branch, name)?.value);
            }
            if let (Some(condition), Some(then), true) =
                (logic.condition, logic.then, source <= Source::Condition)
            {
                let parts = [self.node(condition, name)?.value, self.node(then, name)?.value];
                return Ok(join(parts.into_iter().flatten()));
            }
        }
        match authored(schema).next() {
            Some(value) => self.taken(value).map(Some),
            None => self.typed(schema, name).map(Some),
        }
    }

    /// Samples of the schema itself (from `source` on), of what it refers to, and of `allOf`.
    fn conjuncts(&mut self, id: SchemaId, source: Source, name: &str) -> Result<Vec<Value>, TooComplex> {
        let schema = &self.schemas[id];
        let mut parts: Vec<Value> = self.from(source, id, name)?.into_iter().collect();
        let all_of = schema.logic.iter().flat_map(|logic| logic.all_of.iter());
        for part in schema.reference.iter().chain(all_of) {
            parts.extend(self.node(*part, name)?.value);
        }
        Ok(parts)
    }

    /// The sample of the schema's type.
    fn typed(&mut self, schema: &'s Schema, name: &str) -> Result<Value, TooComplex> {
        Ok(match kind(schema) {
            Types::OBJECT => Value::Object(self.object(schema.object.as_deref())?),
            Types::ARRAY => Value::Array(self.array(schema.array.as_deref())?),
            Types::STRING => {
                let text = scalar::string(schema, name);
                self.spend(text.len(), 1)?;
                Value::String(text)
            }
            Types::NUMBER => scalar::number(schema),
            Types::BOOLEAN => Value::Bool(true),
            _ => Value::Null,
        })
    }

    /// All properties in their order; those that need not be there only if they obey.
    fn object(&mut self, rules: Option<&'s ObjectRules>) -> Result<Map<String, Value>, TooComplex> {
        let mut members = Map::new();
        let Some(rules) = rules else { return Ok(members) };
        self.depth += 1;
        for (name, property) in &rules.properties {
            if self.options.withhold && self.is_withheld(*property) {
                continue;
            }
            let sample = self.node(*property, name)?;
            let is_required = rules.required.contains(name);
            if let Some(value) = sample.value.filter(|_| sample.obeys || is_required) {
                members.insert(name.to_string(), value);
            }
        }
        // `additionalProperties: true` stands nowhere, a schema does
        let additional = rules.additional.filter(|id| self.schemas[*id].position.is_some());
        let room =
            rules.max_properties.map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(usize::MAX));
        if let Some(additional) = additional {
            for name in ["property1", "property2"] {
                let sample = self.node(additional, "")?;
                if let Some(value) = sample.value.filter(|_| sample.obeys && members.len() < room) {
                    members.insert(name.to_owned(), value);
                }
            }
        }
        self.depth -= 1;
        Ok(members)
    }

    /// As many elements as are required, at least one where one is allowed.
    fn array(&mut self, rules: Option<&'s ArrayRules>) -> Result<Vec<Value>, TooComplex> {
        let Some((rules, items)) = rules.and_then(|rules| Some((rules, rules.items?))) else {
            return Ok(Vec::new());
        };
        if self.schemas.refuses_all(items) {
            return Ok(Vec::new());
        }
        self.depth += 1;
        let sample = self.node(items, "")?;
        self.depth -= 1;
        let is_wanted = sample.obeys || rules.min_items > 0;
        let Some(value) = sample.value.filter(|_| is_wanted) else { return Ok(Vec::new()) };
        let count = rules.min_items.max(1).min(rules.max_items.unwrap_or(u64::MAX));
        let count = count.min(limits::SAMPLE_NODES as u64) as usize;
        self.spend(size(&value), count.saturating_sub(1))?;
        Ok(vec![value; count])
    }

    fn is_withheld(&self, property: SchemaId) -> bool {
        match self.options.direction {
            Direction::Request => self.schemas.is_read_only(property),
            Direction::Response => self.schemas.is_write_only(property),
        }
    }

    /// What stands for a schema that would contain itself.
    fn circular(&self, id: SchemaId) -> Option<Value> {
        let target = std::iter::successors(Some(&self.schemas[id]), |schema| {
            schema.reference.map(|next| &self.schemas[next])
        });
        let kinds = target.take(limits::REFERENCE_CHAIN).map(kind);
        kinds.into_iter().find_map(|kind| match kind {
            Types::OBJECT => Some(Value::Object(Map::new())),
            Types::ARRAY => Some(Value::Array(Vec::new())),
            _ => None,
        })
    }

    fn obeys(&mut self, id: SchemaId, value: &Value) -> bool {
        self.schemas.is_valid_within(id, value, self.options.direction, &mut self.judgement)
    }

    /// A copy of what the author wrote.
    fn taken(&mut self, value: &Value) -> Result<Value, TooComplex> {
        self.spend(size(value), 1)?;
        Ok(value.clone())
    }

    /// Counts what values take, so that those which contain each other many times end in time.
    fn spend(&mut self, size: usize, times: usize) -> Result<(), TooComplex> {
        self.bytes = self.bytes.saturating_add(size.saturating_mul(times));
        if self.bytes > generate::limits::BODY { Err(TooComplex) } else { Ok(()) }
    }

    fn generate_within_budget(&mut self, id: SchemaId) -> Result<Option<Value>, TooComplex> {
        if !self.generated.contains_key(&id) && self.generated.len() >= limits::SAMPLE_REPAIRS {
            return Ok(None);
        }
        self.generate(id)
    }

    /// A value of the generator's, for what has no plain sample that obeys.
    fn generate(&mut self, id: SchemaId) -> Result<Option<Value>, TooComplex> {
        if !self.generated.contains_key(&id) {
            let options = generate::Options::new(self.options.direction, true);
            let program = Program::compile(self.schemas, id, &options).ok();
            self.generated.insert(id, program.map(|program| program.value(Key(0))));
        }
        let value = self.generated.get(&id).cloned().flatten();
        self.spend(value.as_ref().map_or(0, size), 1)?;
        Ok(value)
    }
}

/// What a value takes, about as many bytes as its JSON.
fn size(value: &Value) -> usize {
    const SCALAR: usize = 8;
    match value {
        Value::String(text) => SCALAR + text.len(),
        Value::Array(items) => SCALAR + items.iter().map(size).sum::<usize>(),
        Value::Object(members) => {
            SCALAR + members.iter().map(|(name, value)| name.len() + size(value)).sum::<usize>()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => SCALAR,
    }
}

/// What the author wrote as a value, best first.
fn authored(schema: &Schema) -> impl Iterator<Item = &Value> {
    let notes = schema.notes.as_deref();
    let default = notes.and_then(|notes| notes.default.as_ref());
    let values = schema.values.as_deref().unwrap_or_default().iter();
    default.into_iter().chain(values).chain(notes.into_iter().flat_map(|notes| notes.examples.iter()))
}

/// The one type that a sample has: the first that is allowed, or where all are, that of the keywords; `null`
/// where nothing is said.
fn kind(schema: &Schema) -> Types {
    if schema.types != Types::ANY {
        let order = [Types::STRING, Types::NUMBER, Types::BOOLEAN, Types::OBJECT, Types::ARRAY];
        return order.into_iter().find(|kind| schema.types.intersects(*kind)).unwrap_or(Types::NULL);
    }
    let said = [
        (Types::OBJECT, schema.object.is_some()),
        (Types::ARRAY, schema.array.is_some()),
        (Types::NUMBER, schema.number.is_some()),
        (Types::STRING, schema.string.is_some()),
    ];
    said.into_iter().find(|(_, is_said)| *is_said).map_or(Types::NULL, |(kind, _)| kind)
}
