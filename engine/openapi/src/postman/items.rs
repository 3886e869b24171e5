//! Items: folders and requests (Collection Format 2.1, `item` and `item-group`).

use std::rc::Rc;
use std::sync::Arc;

use mocker_source::{Kind, Node};

use super::Collection;
use crate::codes;
use crate::kind::kind_name;
use crate::limits::FOLDER_DEPTH;
use crate::model::Requirement;

/// What a folder gives to all that is in it.
#[derive(Clone, Default)]
pub(super) struct Inherited {
    pub(super) security: Rc<[Requirement]>,
    /// Names of the folders, outermost first
    pub(super) folders: Rc<[Arc<str>]>,
}

impl<'t> Collection<'_, '_, 't> {
    /// Reads all items of the collection.
    pub(super) fn read_items(&mut self, root: Node<'t>) {
        let inherited = Inherited { security: self.security(root).unwrap_or_default(), ..Default::default() };
        let items = self.list(root, "item").filter(|items| !items.is_empty());
        let Some(items) = items else {
            let message = "the collection has no requests, so no operations".to_owned();
            self.warn(codes::ITEMS_MISSING, root, message, "add `item: [{ name: ..., request: ... }]`");
            return;
        };
        self.folder(items, &inherited);
    }

    fn folder(&mut self, items: Node<'t>, inherited: &Inherited) {
        for item in items.items() {
            if item.kind() != Kind::Object {
                let message = format!("an item should be an object, this is {}", kind_name(item));
                self.error(codes::ITEM_INVALID, item, message, "write `{ name: ..., request: ... }`");
            } else if item.get("item").is_some_and(|inner| !inner.is_null()) {
                self.inner_folder(item, inherited);
            } else if let Some(request) = item.get("request").filter(|request| !request.is_null()) {
                if self.reader.is_full_with(self.drafts.list.len()) {
                    return;
                }
                self.request(item, request, inherited);
            } else {
                let message = "an item without `request` and `item` is neither a request nor a folder";
                self.error(codes::ITEM_INVALID, item, message.to_owned(), "give it one of the two");
            }
        }
    }

    fn inner_folder(&mut self, folder: Node<'t>, inherited: &Inherited) {
        let Some(items) = self.list(folder, "item") else { return };
        if inherited.folders.len() >= FOLDER_DEPTH {
            let message = format!("more than {FOLDER_DEPTH} folders in one another; this one is left out");
            self.error(codes::FOLDER_DEPTH, folder, message, "move its requests further out");
            return;
        }
        let name = self.reader.text(folder, "name").unwrap_or_default();
        let name = self.reader.shared(name);
        let security = self.security(folder).unwrap_or_else(|| Rc::clone(&inherited.security));
        let folders = inherited.folders.iter().cloned().chain([name]).collect();
        self.folder(items, &Inherited { security, folders });
    }
}
