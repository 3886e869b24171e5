//! Resources found in a document: which operations list, read, create, replace, change and delete one kind of
//! thing, what identifies one, and what refers to others.
//!
//! The way of a document: [`path`] says where a collection and its items lie, [`shape`] where in a body they are,
//! [`agreement`] whether two schemas describe the same thing, [`collection`] joins these to a resource; then
//! [`identity`] and [`reference`] look at its properties. [`author`] reads `x-mocker-resource`, which goes before all
//! of them. Nothing is guessed silently: each finding has its reason, and what is doubtful is left out and said.

mod agreement;
mod author;
mod collection;
mod identity;
mod naming;
mod path;
mod properties;
mod reference;
mod shape;
#[cfg(test)]
mod tests;

use mocker_openapi::Document;
use mocker_schema::SchemaId;

pub use collection::find;
pub(crate) use naming::{singular, squashed};
pub(crate) use path::Place;
pub(crate) use properties::{
    at, branches, declared, elements, properties, property, requires, target, types,
};
pub(crate) use reference::{naming, stem};
pub use shape::{Pointer, Step};

/// What was found in a document.
#[derive(Debug, Default)]
pub struct Resources {
    /// In the order of the document
    pub found: Vec<Resource>,
    /// What looks like a part of a resource and was left out
    pub doubts: Vec<Doubt>,
}

/// One kind of thing that the document's operations deal in.
#[derive(Debug)]
pub struct Resource {
    /// The last static segments of its path that no other resource has: `pets`, `customers/sources`; what the author
    /// calls it
    pub name: Box<str>,
    /// Path of the collection, as the first of its operations writes it: `/owners/{id}/pets`
    pub collection: Box<str>,
    /// Schema of one entity as it is read, else as it is listed
    pub entity: SchemaId,
    /// Schema of one entity as it is listed, where that and a read are known
    pub listed: Option<SchemaId>,
    /// What tells one entity from another
    pub identity: Option<Identity>,
    /// The resource that it lies within
    pub parent: Option<Parent>,
    /// In the order of the document
    pub actions: Vec<Action>,
    /// Properties that name entities of other resources
    pub references: Vec<Reference>,
}

/// What an operation does with a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Gives many entities
    List,
    /// Gives one
    Read,
    /// Makes one
    Create,
    /// Puts another in its place
    Replace,
    /// Changes some of its properties
    Change,
    /// Takes it away
    Delete,
}

/// An operation of a resource.
#[derive(Debug)]
pub struct Action {
    /// Index among the document's operations
    pub operation: usize,
    /// What it does
    pub role: Role,
    /// Where its usual answer has the entities, or the one entity; `None` where it has none
    pub body: Option<Pointer>,
    /// Why it is taken for that
    pub reason: String,
}

/// What tells one entity from another.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Where an entity has it: names of members, outermost first
    pub property: Vec<Box<str>>,
    /// Variable of the path that takes it; `None` where nothing is read by it
    pub variable: Option<Box<str>>,
    /// Schema of the property
    pub schema: SchemaId,
    /// Why it is taken for that
    pub reason: String,
}

/// The resource within which another lies.
#[derive(Clone, Debug)]
pub struct Parent {
    /// Index among the resources
    pub resource: usize,
    /// Variable of the path that names the parent
    pub variable: Box<str>,
    /// Where a child names it; `None` where it does not
    pub property: Option<Vec<Box<str>>>,
    /// Why
    pub reason: String,
}

/// A property that names an entity of another resource.
#[derive(Clone, Debug)]
pub struct Reference {
    /// Names of members, outermost first
    pub property: Vec<Box<str>>,
    /// Index among the resources
    pub target: usize,
    /// How it names it
    pub form: Form,
    /// Whether it is a list of them
    pub is_many: bool,
    /// Why it is taken for that
    pub reason: String,
}

/// How a property names an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// By its identity
    Identity,
    /// By what it is itself
    Whole,
    /// By either
    Either,
}

/// What was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// Index among the document's operations
    pub operation: usize,
    /// Why
    pub reason: String,
}

impl Role {
    /// `lists`, `reads`: what an operation of this role does.
    pub fn verb(self) -> &'static str {
        match self {
            Role::List => "lists",
            Role::Read => "reads",
            Role::Create => "creates",
            Role::Replace => "replaces",
            Role::Change => "changes",
            Role::Delete => "deletes",
        }
    }

    /// `list`, `read`: what authors write.
    pub fn name(self) -> &'static str {
        self.verb().trim_end_matches('s')
    }

    /// The role of this name.
    fn named(name: &str) -> Option<Role> {
        let all = [Role::List, Role::Read, Role::Create, Role::Replace, Role::Change, Role::Delete];
        all.into_iter().find(|role| role.name() == name)
    }
}

impl Resource {
    /// Its operations of one role.
    pub fn of(&self, role: Role) -> impl Iterator<Item = &Action> {
        self.actions.iter().filter(move |action| action.role == role)
    }
}

impl Resources {
    /// The resource that an operation belongs to, and what it does there.
    pub fn of(&self, operation: usize) -> Option<(&Resource, &Action)> {
        self.found.iter().find_map(|resource| {
            let action = resource.actions.iter().find(|action| action.operation == operation)?;
            Some((resource, action))
        })
    }

    /// The resources within which one lies, innermost first: the index of the variable in its collection's path that names
    /// one of them, theirs among the resources, and what that variable is called.
    pub(crate) fn ancestors<'a>(
        &'a self,
        resource: &'a Resource,
    ) -> impl Iterator<Item = (usize, usize, &'a str)> {
        let variables = Place::parse(&resource.collection).variables();
        let mut child = resource;
        std::iter::from_fn(move || {
            let parent = child.parent.as_ref()?.resource;
            let index = Place::parse(&child.collection).variables().len().checked_sub(1)?;
            child = &self.found[parent];
            Some((index, parent, *variables.get(index)?))
        })
    }

    /// Every list together with the reads of what it lists: indexes among the document's operations.
    pub fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        self.found.iter().flat_map(|resource| {
            let reads = move || resource.of(Role::Read).map(|read| read.operation);
            resource.of(Role::List).flat_map(move |list| reads().map(|read| (list.operation, read)))
        })
    }
}

/// The document's words for an operation: `GET /pets/{id}`.
pub fn operation_name(document: &Document, operation: usize) -> String {
    let operation = &document.operations[operation];
    format!("{} {}", crate::operation::method_name(&operation.method), operation.path)
}
