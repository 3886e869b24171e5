//! Operations whose paths mean the same collection.

use std::collections::{HashMap, HashSet};

use mocker_openapi::Document;

use super::super::author::Said;
use super::super::path::{Place, Position};

/// An operation of a collection.
#[derive(Clone, Debug)]
pub(super) struct Member<'d> {
    pub(super) operation: usize,
    /// Variables behind the collection: of items
    pub(super) variables: Vec<&'d str>,
    /// Text behind it: `search`, `create`
    pub(super) below: Option<&'d str>,
}

/// Operations of one collection.
#[derive(Debug)]
pub(super) struct Group<'d> {
    /// The collection's path, with nameless variables
    pub(super) key: String,
    /// What the author calls it
    pub(super) name: Option<String>,
    /// Texts of its path
    pub(super) texts: Vec<&'d str>,
    /// In the order of the document
    pub(super) members: Vec<Member<'d>>,
    /// Operations that lie below the collection and turned out to be something else
    pub(super) returned: Vec<usize>,
}

/// The collections that have items, and the operations that belong to none of these.
pub(super) fn groups<'d>(document: &'d Document, said: &[Said]) -> (Vec<Group<'d>>, Vec<usize>) {
    let positions: Vec<Vec<Position<'d>>> =
        document.operations.iter().map(|operation| Place::parse(&operation.path).positions()).collect();
    let is_item = |position: &&Position<'_>| !position.variables.is_empty();
    let with_items: HashSet<&str> =
        positions.iter().flatten().filter(is_item).map(|position| &*position.collection).collect();
    let names = names(&positions, said);
    let mut collected = Collected::default();
    let mut rest = Vec::new();
    for (index, (positions, said)) in positions.iter().zip(said).enumerate() {
        if said.is_none {
            continue;
        }
        let position = positions.iter().find(|position| {
            with_items.contains(&*position.collection) || names.contains_key(&*position.collection)
        });
        match (position, &said.name) {
            (Some(position), name) => {
                let name = name.as_ref().or_else(|| names.get(&*position.collection).copied());
                collected.add(document, index, position, name);
            }
            (None, _) => rest.push(index),
        }
    }
    (collected.groups, rest)
}

/// Collections of which only a list is known.
pub(super) fn of_lists<'d>(document: &'d Document, operations: Vec<usize>, said: &[Said]) -> Vec<Group<'d>> {
    let mut collected = Collected::default();
    for index in operations {
        let positions = Place::parse(&document.operations[index].path).positions();
        if let Some(position) = positions.first() {
            collected.add(document, index, position, said[index].name.as_ref());
        }
    }
    collected.groups
}

/// What authors call collections, by path.
fn names<'s>(positions: &'s [Vec<Position<'_>>], said: &'s [Said]) -> HashMap<&'s str, &'s String> {
    let mut names = HashMap::new();
    for (positions, said) in positions.iter().zip(said) {
        if let (Some(position), Some(name)) = (positions.first(), &said.name) {
            names.entry(&*position.collection).or_insert(name);
        }
    }
    names
}

#[derive(Default)]
struct Collected<'d> {
    groups: Vec<Group<'d>>,
    known: HashMap<String, usize>,
}

impl<'d> Collected<'d> {
    fn add(
        &mut self,
        document: &'d Document,
        operation: usize,
        position: &Position<'d>,
        name: Option<&String>,
    ) {
        // a name has no slash before it, so it is no path
        let id = name.cloned().unwrap_or_else(|| position.collection.clone());
        let index = *self.known.entry(id).or_insert_with(|| {
            let mut texts = Place::parse(&document.operations[operation].path).texts();
            texts.truncate(texts.len() - usize::from(position.below.is_some()));
            self.groups.push(Group {
                key: position.collection.clone(),
                name: name.cloned(),
                texts,
                members: Vec::new(),
                returned: Vec::new(),
            });
            self.groups.len() - 1
        });
        let member = Member { operation, variables: position.variables.clone(), below: position.below };
        self.groups[index].members.push(member);
    }
}
