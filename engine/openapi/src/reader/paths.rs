//! The Paths Object (OpenAPI 3.1 §4.8.8): what keys mean that are no plain paths.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use mocker_source::{Diagnostic, Kind, Node, Position};

use super::Reader;
use crate::codes;
use crate::kind::kind_name;
use crate::limits::{QUOTED_PATH, TEMPLATE_VARIABLES};
use crate::model::{Method, Operation};
use crate::template::{template_variables, without_names};

/// A key of `paths`, taken apart.
#[derive(Clone)]
pub(super) struct PathKey<'t> {
    /// The value behind the key
    pub(super) item: Node<'t>,
    /// The key as written
    pub(super) written: &'t str,
    /// What requests are matched with
    pub(super) path: Arc<str>,
    /// What stood behind the path, from its `?` or `#` on
    pub(super) condition: Option<Box<str>>,
}

/// What has been seen so far, to notice repetitions.
#[derive(Default)]
pub(super) struct Seen<'t> {
    /// Shape of a path to the first key that had it
    shapes: HashMap<String, &'t str>,
    /// Method, path and condition that are taken
    taken: HashSet<(Method, Arc<str>, Option<Box<str>>)>,
    /// `operationId` to where it was used first
    pub(super) ids: HashMap<Arc<str>, Position>,
    /// What is being read belongs to a callback
    pub(super) is_in_callback: bool,
}

impl Seen<'_> {
    /// Reads something of a callback: it takes no path of the document's, but operation ids are one space.
    pub(super) fn within_callback(&mut self, read: impl FnOnce(&mut Self)) {
        let ids = std::mem::take(&mut self.ids);
        let mut inner = Seen { ids, is_in_callback: true, ..Seen::default() };
        read(&mut inner);
        self.ids = inner.ids;
    }
}

impl<'t> Reader<'_, 't> {
    pub(super) fn paths(&mut self) -> Vec<Operation> {
        let Some(paths) = self.object(self.root, "paths") else {
            self.report_no_paths();
            return Vec::new();
        };
        let mut operations = Vec::new();
        let mut seen = Seen::default();
        for (written, item) in paths.entries() {
            if written.starts_with("x-") {
                continue;
            }
            if item.kind() != Kind::Object {
                let message = format!(
                    "the path item of `{}` should be an object, this is {}",
                    quoted(written),
                    kind_name(item)
                );
                let fault = if item.is_null() { Diagnostic::warning } else { Diagnostic::error };
                self.report(
                    fault(codes::PATH_ITEM_INVALID, item, message)
                        .with_help("give it a method, `get: {...}`"),
                );
                continue;
            }
            if self.is_full() {
                break;
            }
            let key = self.path_key(written, item);
            if !self.check_template(&key) {
                continue;
            }
            self.compare(&key, &mut seen);
            self.path_item(&key, &mut seen, &mut operations);
        }
        operations
    }

    fn path_key(&mut self, written: &'t str, item: Node<'t>) -> PathKey<'t> {
        let end = written.find(['?', '#']).unwrap_or(written.len());
        let (path, condition) = written.split_at(end);
        if condition.contains('#') {
            let message = format!("clients never send what is behind `#` in `{}`", quoted(written));
            let help = "it is looked for in the query and the headers; describe it by parameters";
            self.report(
                at_key(Diagnostic::warning(codes::PATH_FRAGMENT, item, message), item).with_help(help),
            );
        }
        if condition.starts_with('?') {
            let message =
                format!("`{}` holds a query string, which requests must then have", quoted(written));
            let help = "describe the query by parameters with `in: query`";
            self.report(at_key(Diagnostic::warning(codes::PATH_QUERY, item, message), item).with_help(help));
        }
        let mut path: Arc<str> = path.into();
        if !path.starts_with('/') {
            let message = format!("the path `{}` does not begin with `/`", quoted(written));
            path = format!("/{path}").into();
            self.report(
                at_key(Diagnostic::warning(codes::PATH_NO_SLASH, item, message), item)
                    .with_help(format!("write `{}`", quoted(&path))),
            );
        }
        let condition = (condition.len() > 1).then(|| condition.into());
        PathKey { item, written, path, condition }
    }

    /// Whether there may be no further operation; reported if so.
    pub(super) fn is_full(&mut self) -> bool {
        self.is_full_with(self.operations)
    }

    /// [`Reader::is_full`], with so many operations.
    pub(crate) fn is_full_with(&mut self, operations: usize) -> bool {
        let full = operations >= self.limits.operations;
        if full {
            let message = format!("more than {} operations; the rest is left out", self.limits.operations);
            self.report(Diagnostic::error(codes::TOO_MANY_OPERATIONS, self.root, message));
        }
        full
    }

    /// Reports what is odd about the variables; whether the path can be served.
    fn check_template(&mut self, key: &PathKey<'t>) -> bool {
        if template_variables(&key.path).count() > TEMPLATE_VARIABLES {
            let message = format!("a path may have {TEMPLATE_VARIABLES} variables, this one has more");
            self.report(Diagnostic::error(codes::PATH_TEMPLATE, key.item, message));
            return false;
        }
        let names: Vec<&str> = template_variables(&key.path).collect();
        let braces = key.path.matches(['{', '}']).count();
        let fault = if braces != names.len() * 2 {
            Some("has a brace without its partner, which is read as plain text".to_owned())
        } else if names.iter().any(|name| name.trim().is_empty()) {
            Some("has a variable without a name".to_owned())
        } else {
            let twice = names.iter().enumerate().find(|(index, name)| names[..*index].contains(name));
            twice.map(|(_, name)| format!("names `{{{}}}` twice", quoted(name)))
        };
        if let Some(fault) = fault {
            let message = format!("the path `{}` {fault}", quoted(key.written));
            let help = "write each variable once, as `{name}`";
            self.report(
                at_key(Diagnostic::warning(codes::PATH_TEMPLATE, key.item, message), key.item)
                    .with_help(help),
            );
        }
        true
    }

    /// Reports a path that matches what one before matches. Operations of one method are tried in order, by what
    /// they declare of the path's variables.
    fn compare(&mut self, key: &PathKey<'t>, seen: &mut Seen<'t>) {
        let shape = without_names(&key.path) + key.condition.as_deref().unwrap_or_default();
        let first = *seen.shapes.entry(shape).or_insert(key.written);
        if first == key.written || first.split(['?', '#']).next() == key.written.split(['?', '#']).next() {
            return;
        }
        let message = format!(
            "`{}` matches the same paths as `{}`, and answers those that break the path parameters of that one",
            quoted(key.written),
            quoted(first)
        );
        let help = "use one path with one name for each variable, or path parameters that tell the two apart";
        self.report(
            at_key(Diagnostic::warning(codes::PATH_SIMILAR, key.item, message), key.item).with_help(help),
        );
    }

    /// Whether this is the first operation with that method and path; reported if not.
    pub(super) fn is_first(
        &mut self,
        method: &Method,
        key: &PathKey<'t>,
        at: Node<'t>,
        seen: &mut Seen<'t>,
    ) -> bool {
        let first = seen.taken.insert((method.clone(), Arc::clone(&key.path), key.condition.clone()));
        if !first {
            let message = format!(
                "the path of `{}` has another operation for this method already",
                quoted(key.written)
            );
            let help = "the first one answers; give this one a path of its own";
            self.report(Diagnostic::warning(codes::PATH_DUPLICATE, at, message).with_help(help));
        }
        first
    }
}

/// A path as messages repeat it: its beginning, where it is very long.
pub(crate) fn quoted(path: &str) -> Cow<'_, str> {
    match path.char_indices().nth(QUOTED_PATH) {
        Some((end, _)) => Cow::Owned(format!("{}...", &path[..end])),
        None => Cow::Borrowed(path),
    }
}

/// The same, at the key instead of at the value.
pub(super) fn at_key(mut diagnostic: mocker_source::Diagnostic, item: Node<'_>) -> mocker_source::Diagnostic {
    if let (Some(parent), Some(key)) = (item.parent(), item.key()) {
        diagnostic.position = parent.key_position(key);
    }
    diagnostic
}
