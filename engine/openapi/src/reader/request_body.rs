//! The Request Body Object (OpenAPI 3.1 §4.8.13).

use std::sync::Arc;

use mocker_source::{Kind, Node};

use super::Reader;
use crate::model::RequestBody;

impl<'t> Reader<'_, 't> {
    pub(super) fn request_body(&mut self, operation: Node<'t>) -> Option<Arc<RequestBody>> {
        let node = operation.get("requestBody").filter(|node| !node.is_null())?;
        let node = self.deref(node)?;
        if let Some(known) = self.bodies.get(&node.id()) {
            return known.clone();
        }
        let body = if node.kind() == Kind::Object {
            let required = self.flag(node, "required").unwrap_or_default();
            Some(Arc::new(RequestBody { required, content: self.content(node) }))
        } else {
            self.wrong_type(node, "requestBody", "an object");
            None
        };
        self.bodies.insert(node.id(), body.clone());
        body
    }
}
