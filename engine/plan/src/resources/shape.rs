//! Where in a body the entities are: `[...]`, `{data: [...], total, next}`, `{pagination, items}`, `_embedded`,
//! `{article: {...}}`, JSON:API's `{data: {id, attributes}}`.

use mocker_schema::{SchemaId, Schemas};

use super::naming;
use super::properties;
use crate::limits::MAX_PROPERTIES;

/// One step into a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The member of this name
    Member(Box<str>),
    /// The first element, and the only one
    Only,
}

/// The way from the root of a body to what is meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pointer(pub Vec<Step>);

impl Pointer {
    fn member(&self, name: &str) -> Pointer {
        self.with(Step::Member(name.into()))
    }

    /// This way and one step more.
    pub(super) fn with(&self, step: Step) -> Pointer {
        Pointer(self.0.iter().cloned().chain([step]).collect())
    }
}

impl std::fmt::Display for Pointer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            match step {
                Step::Member(name) if index == 0 => write!(out, "{name}")?,
                Step::Member(name) => write!(out, ".{name}")?,
                Step::Only => write!(out, "[0]")?,
            }
        }
        Ok(())
    }
}

/// Something in a body that may be what is looked for.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) at: Pointer,
    /// Schema of the entity: of a list, of its elements
    pub(super) entity: SchemaId,
    /// How likely its name alone makes it, 0 for not at all
    pub(super) likely: u8,
}

/// Names under which envelopes have their list.
const LISTS: [&str; 17] = [
    "data",
    "items",
    "results",
    "value",
    "values",
    "entries",
    "records",
    "content",
    "list",
    "elements",
    "rows",
    "docs",
    "hits",
    "objects",
    "resources",
    "members",
    "hydramember",
];

/// Members inside one another that are looked into for a list.
const DEPTH: usize = 2;

/// The lists of entities that a body of schema `id` has; `collection` is the last text of the path.
pub(super) fn lists(schemas: &Schemas, id: SchemaId, collection: &str) -> Vec<Candidate> {
    let mut found = Vec::new();
    collect(schemas, id, &naming::squashed(collection), &Pointer::default(), &mut found);
    found.sort_by_key(|candidate| std::cmp::Reverse(candidate.likely));
    found
}

fn collect(schemas: &Schemas, id: SchemaId, collection: &str, at: &Pointer, found: &mut Vec<Candidate>) {
    if properties::is_array(schemas, id) {
        let Some(entity) = properties::elements(schemas, id) else { return };
        if properties::is_object(schemas, entity) {
            found.push(Candidate { at: at.clone(), entity, likely: likely(at, collection) });
        }
        return;
    }
    if at.0.len() >= DEPTH {
        return;
    }
    // a wrapper may declare `data` first, and say of what it is only where it is used
    for (name, schema) in properties::declared(schemas, id).take(MAX_PROPERTIES) {
        let is_inner = at.0.len() + 1 < DEPTH && properties::is_object(schemas, schema);
        if properties::is_array(schemas, schema) || is_inner {
            collect(schemas, schema, collection, &at.member(name), found);
        }
    }
}

/// `collection` is squashed.
fn likely(at: &Pointer, collection: &str) -> u8 {
    let Some(Step::Member(name)) = at.0.last() else { return 3 };
    let name = naming::squashed(name);
    let is_of_collection = name == collection || name.ends_with(collection) || collection.ends_with(&name);
    let depth = at.0.len() as u8 - 1;
    match (is_of_collection, LISTS.contains(&&*name)) {
        (true, _) => 3 - depth,
        (false, true) => 2,
        (false, false) => 0,
    }
}

/// What a body of schema `id` may have as its one entity: itself, one of its members, the only element of a list.
pub(super) fn singles(schemas: &Schemas, id: SchemaId, collection: &str) -> Vec<Candidate> {
    let root = Pointer::default();
    let mut found = Vec::new();
    if properties::is_object(schemas, id) && !properties::is_array(schemas, id) {
        found.push(Candidate { at: root.clone(), entity: id, likely: 1 });
        let one = naming::singular(collection);
        for (name, schema) in properties::properties(schemas, id) {
            if properties::is_object(schemas, schema) && !properties::is_array(schemas, schema) {
                let name_says = naming::squashed(name);
                let is_wrapper =
                    name_says == one || ["data", "result", "item", "value"].contains(&&*name_says);
                let likely = if is_wrapper { 2 } else { 0 };
                found.push(Candidate { at: root.member(name), entity: schema, likely });
            }
        }
    }
    let only = lists(schemas, id, collection).into_iter().filter(|list| list.likely > 0);
    found.extend(only.map(|list| Candidate { at: list.at.with(Step::Only), likely: 0, ..list }));
    found
}
