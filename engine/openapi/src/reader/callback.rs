//! The Callback Object (OpenAPI 3.1 §4.8.18).

use std::sync::Arc;

use mocker_source::{Diagnostic, Kind, Node};

use super::Reader;
use super::paths::{PathKey, Seen, at_key, quoted};
use crate::codes;
use crate::expression::UrlTemplate;
use crate::limits::CALLBACKS;
use crate::model::{Callback, Operation};
use crate::version::Family;

/// A URL with what is sent there; many operations may share it.
#[derive(Clone)]
pub(crate) struct ReadCallback {
    url: Arc<UrlTemplate>,
    operations: Arc<[Operation]>,
}

impl<'t> Reader<'_, 't> {
    /// The callbacks of an operation. Those of a callback's own operations are not read: nobody answers them.
    pub(super) fn callbacks(&mut self, operation: Node<'t>, seen: &mut Seen<'t>) -> Vec<Callback> {
        if self.family == Family::Swagger2 || seen.is_in_callback {
            return Vec::new();
        }
        let Some(map) = self.object(operation, "callbacks") else { return Vec::new() };
        let mut callbacks = Vec::new();
        for (name, node) in map.entries().filter(|(name, _)| !name.starts_with("x-")) {
            if callbacks.len() > CALLBACKS {
                break;
            }
            let Some(node) = self.deref(node) else { continue };
            if node.kind() != Kind::Object {
                self.wrong_type(node, name, "an object");
                continue;
            }
            let name = self.shared(name);
            callbacks.extend(self.callback(node, seen).into_iter().map(|read| Callback {
                name: Arc::clone(&name),
                url: read.url,
                operations: read.operations,
            }));
        }
        if callbacks.len() > CALLBACKS {
            let message = format!("more than {CALLBACKS} callbacks; the rest is left out");
            self.report(Diagnostic::warning(codes::LIST_TOO_LONG, map, message));
            callbacks.truncate(CALLBACKS);
        }
        callbacks
    }

    fn callback(&mut self, node: Node<'t>, seen: &mut Seen<'t>) -> Vec<ReadCallback> {
        if let Some(known) = self.callbacks.get(&node.id()) {
            return known.clone();
        }
        let mut read = Vec::new();
        for (written, item) in node.entries().filter(|(written, _)| !written.starts_with("x-")) {
            if read.len() > CALLBACKS {
                break;
            }
            read.extend(self.called(written, item, seen));
        }
        self.callbacks.insert(node.id(), read.clone());
        read
    }

    fn called(&mut self, written: &'t str, item: Node<'t>, seen: &mut Seen<'t>) -> Option<ReadCallback> {
        let url = match UrlTemplate::parse(written.trim()) {
            Ok(url) => url,
            Err(fault) => {
                let message = format!("this callback is never sent: {}", fault.message);
                let fault =
                    Diagnostic::warning(codes::CALLBACK_EXPRESSION, item, message).with_help(fault.help);
                self.report(at_key(fault, item));
                return None;
            }
        };
        if item.kind() != Kind::Object {
            self.wrong_type(item, &quoted(written), "an object");
            return None;
        }
        // The key is no path: it has no variables, and no other path takes its methods.
        let key = PathKey { item, written, path: Arc::default(), condition: None };
        let mut operations = Vec::new();
        seen.within_callback(|seen| self.path_item(&key, seen, &mut operations));
        Some(ReadCallback { url: Arc::new(url), operations: operations.into() })
    }
}
