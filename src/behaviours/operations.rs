//! The operations that something is added to: found by selector, with where they stand.

use std::path::PathBuf;
use std::sync::Arc;

use mocker_openapi::{Document, Location, model};
use mocker_plan::{Operation, Plan, Selector, method_name};
use mocker_source::Position;

use super::fault::{Fault, Place};
use crate::report;

/// A document, and the files it was read from.
pub(crate) struct Origin {
    pub(crate) document: Arc<Document>,
    /// By number
    pub(crate) files: Vec<Location>,
}

/// The operations of a plan.
#[derive(Clone, Copy)]
pub(super) struct Operations<'p> {
    pub(super) plan: &'p Plan,
    pub(super) origins: &'p [Origin],
}

impl<'p> Operations<'p> {
    pub(super) fn numbers(self) -> impl Iterator<Item = u32> {
        0..self.plan.len() as u32
    }

    pub(super) fn model(self, number: u32) -> &'p model::Operation {
        self.plan.operation(number).model()
    }

    /// Those that a selector names.
    pub(super) fn matching(self, selector: &Selector) -> Vec<u32> {
        self.numbers().filter(|number| matches(selector, self.model(*number))).collect()
    }

    /// What to say of a selector that names none.
    pub(super) fn unknown(self, selector: &Selector, place: Place) -> Fault {
        let fault = Fault::warning(place, "operation-unknown", format!("no operation is `{selector}`"));
        self.with_nearest(fault, selector)
    }

    /// The same of a plugin: one that is to guard an operation guards none, so that everybody is let in.
    pub(super) fn unguarded(self, selector: &Selector, plugin: &str, place: Place) -> Fault {
        let message = format!("no operation is `{selector}`, and the plugin `{plugin}` would not run for it");
        self.with_nearest(Fault::error(place, "plugin-operation", message), selector)
    }

    fn with_nearest(self, fault: Fault, selector: &Selector) -> Fault {
        let names = self.numbers().flat_map(|number| {
            let operation = self.model(number);
            operation.id.as_deref().map(str::to_owned).into_iter().chain([named(operation)])
        });
        let near = |name: &String| strsim::jaro_winkler(name, selector.text());
        let nearest = names.max_by(|one, other| near(one).total_cmp(&near(other)));
        match nearest {
            Some(name) => fault.with_help(format!("the nearest is `{name}`")),
            None => fault,
        }
    }

    /// File, line and column of a place in the operation's document.
    pub(super) fn place(self, number: u32, position: Position) -> Place {
        let file = self.file(number, position)?;
        Some((report::name(file), position.line, position.column))
    }

    /// The folder of the file in which an operation stands.
    pub(super) fn folder(self, number: u32, position: Position) -> Option<PathBuf> {
        match self.file(number, position)? {
            Location::File(path) => Some(path.parent().map_or_else(PathBuf::new, PathBuf::from)),
            Location::Url(_) => None,
        }
    }

    fn file(self, number: u32, position: Position) -> Option<&'p Location> {
        file(self.origins, self.plan.operation(number), position)
    }
}

/// File and line of an operation.
pub(crate) fn declared(origins: &[Origin], operation: &Operation) -> Option<(String, u32)> {
    let position = operation.model().position;
    Some((report::name(file(origins, operation, position)?), position.line))
}

fn file<'o>(origins: &'o [Origin], operation: &Operation, position: Position) -> Option<&'o Location> {
    let document: *const Document = operation.document();
    let origin = origins.iter().find(|origin| std::ptr::eq(Arc::as_ptr(&origin.document), document))?;
    origin.files.get(usize::from(position.file.0))
}

fn matches(selector: &Selector, operation: &model::Operation) -> bool {
    let tags = operation.tags.iter().map(|tag| &**tag);
    selector.matches(method_name(&operation.method), &operation.path, operation.id.as_deref(), tags)
}

/// `GET /pets/{petId}`
pub(crate) fn named(operation: &model::Operation) -> String {
    format!("{} {}", method_name(&operation.method), operation.path)
}

/// Scopes that requests of an operation need: those of the first way to authorise them.
pub(super) fn scopes(operation: &model::Operation) -> Box<[Box<str>]> {
    let requirement = operation.security.first().into_iter().flatten();
    requirement.flat_map(|(_, scopes)| scopes.iter().cloned()).collect()
}
