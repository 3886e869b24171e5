//! What an operation is made of, as a number: two deployments that agree in it answer and judge alike.

pub(crate) mod components;
mod operations;
mod schemas;

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, HashMap};
use std::hash::{Hash, Hasher};

use mocker_openapi::Document;
use mocker_plan::{Plan, method_name};

/// Fingerprints of what is not in documents.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marks {
    /// Of what the user added to operations, by number
    pub(crate) operations: Vec<u64>,
    /// Of what counts for all
    pub(crate) all: u64,
}

/// Fingerprints by the names of operations, as `GET /pets/{petId}`; those of one name are one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fingerprints(BTreeMap<String, u64>);

/// Operations that are not what they were.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) added: Vec<String>,
    pub(crate) changed: Vec<String>,
    pub(crate) removed: Vec<String>,
}

impl Fingerprints {
    /// Those of a plan, with what is added to it.
    pub(crate) fn of(plan: &Plan, marks: &Marks) -> Fingerprints {
        let mut readers: HashMap<*const Document, operations::Reader<'_>> = HashMap::new();
        let mut names = BTreeMap::new();
        for number in 0..plan.len() as u32 {
            let operation = plan.operation(number);
            let (model, document) = (operation.model(), operation.document());
            let reader = readers.entry(document).or_insert_with(|| operations::Reader::new(document));
            let parts = (reader.operation(model), marks.operations.get(number as usize), marks.all);
            let condition = model.path_condition.as_deref().unwrap_or_default();
            let name = format!("{} {}{condition}", method_name(&model.method), model.path);
            let sum = names.entry(name).or_insert(0u64);
            *sum = sum.wrapping_add(fingerprint(parts));
        }
        Fingerprints(names)
    }

    /// What is different in `after`, in the order of names.
    pub(crate) fn difference(&self, after: &Fingerprints) -> Difference {
        let missing = |of: &Fingerprints, other: &Fingerprints| {
            of.0.keys().filter(|name| !other.0.contains_key(*name)).cloned().collect()
        };
        let is_changed =
            |(name, now): &(&String, &u64)| self.0.get(*name).is_some_and(|before| before != *now);
        Difference {
            added: missing(after, self),
            changed: after.0.iter().filter(is_changed).map(|(name, _)| name.clone()).collect(),
            removed: missing(self, after),
        }
    }
}

/// The fingerprint of a value.
pub(crate) fn fingerprint(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// The fingerprint of what a value shows, without the places where it was written.
pub(crate) fn of_shown(value: &dyn std::fmt::Debug) -> u64 {
    let shown = format!("{value:?}");
    let mut hasher = DefaultHasher::new();
    let mut parts = shown.split("Position { ");
    parts.next().hash(&mut hasher);
    for part in parts {
        part.split_once('}').map_or(part, |(_, behind)| behind).hash(&mut hasher);
    }
    hasher.finish()
}

#[cfg(test)]
mod tests;
