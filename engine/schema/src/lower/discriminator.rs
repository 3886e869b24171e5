//! OpenAPI's `discriminator`: the values that name schemas, written or implied.

use std::sync::Arc;

use mocker_source::{Diagnostic, Kind, Node};

use super::schema::Draft;
use super::{Dialect, Lowering, Resolve};
use crate::SchemaId;
use crate::node::{Discriminator, Logic};

impl<'t, R: Resolve<'t>> Lowering<'t, R> {
    /// A property's name (2.0), or an object with `propertyName` and `mapping`.
    pub(super) fn discriminator(&mut self, draft: &mut Draft<'t>, schema: Node<'t>, value: Node<'t>) {
        let property = match value.kind() {
            Kind::String => value.as_str(),
            _ => value.get("propertyName").and_then(Node::as_str),
        };
        let Some(property) = property else {
            self.warn("discriminator-property", value, "`discriminator` names no property; it is ignored");
            return;
        };
        let property = self.intern(property);
        let mut mapping = Vec::new();
        if let Some(written) = value.get("mapping") {
            for (name, target) in written.entries() {
                self.mapped(&mut mapping, name, target);
            }
        }
        for branches in ["oneOf", "anyOf"].into_iter().filter_map(|keyword| schema.get(keyword)) {
            for branch in branches.items() {
                self.implied(&mut mapping, branch);
            }
        }
        let discriminator = Some(Discriminator { property, mapping: mapping.into() });
        draft.node.logic.get_or_insert_with(Box::<Logic>::default).discriminator = discriminator;
    }

    fn mapped(&mut self, mapping: &mut Vec<(Arc<str>, SchemaId)>, name: &str, target: Node<'t>) {
        let Some(text) = target.as_str() else {
            self.warn(
                "discriminator-mapping",
                target,
                "`mapping` gives schema names or references; this is neither",
            );
            return;
        };
        match self.named_or_referred(target, text) {
            Ok(found) => {
                let id = self.id_of(found);
                mapping.push((self.intern(name), id));
            }
            Err(_) => {
                let message =
                    format!("`{text}` is neither a schema's name nor a reference that leads to one");
                self.warn("discriminator-mapping", target, message);
            }
        }
    }

    /// A bare name is looked for among the document's schemas first (OpenAPI 3.1.1, "Discriminator Object").
    fn named_or_referred(&self, at: Node<'t>, text: &str) -> Result<Node<'t>, Diagnostic> {
        let bare = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
        let folder = match self.dialect {
            Dialect::Swagger2 => "#/definitions/",
            _ => "#/components/schemas/",
        };
        if bare && let Ok(found) = self.resolver.resolve(at, &format!("{folder}{text}")) {
            return Ok(found);
        }
        self.resolver.resolve(at, text)
    }

    /// A branch that is a reference is also meant by the last part of that reference.
    fn implied(&mut self, mapping: &mut Vec<(Arc<str>, SchemaId)>, branch: Node<'t>) {
        let Some(reference) = branch.get("$ref").and_then(Node::as_str) else { return };
        let name = reference.rsplit(['/', '#']).next().unwrap_or(reference);
        if name.is_empty() || mapping.iter().any(|(known, _)| **known == *name) {
            return;
        }
        let id = self.id_of(branch);
        mapping.push((self.intern(name), id));
    }

    /// A component that has `allOf` a schema with a discriminator is one of its values
    /// (OpenAPI 2.0 and 3.0: the way to write inheritance).
    pub(super) fn inherit_discriminators(&mut self) {
        let mut found = Vec::new();
        for (index, node) in self.nodes.iter().enumerate() {
            let Some(logic) = &node.logic else { continue };
            let Some(name) = self.names.get(&SchemaId::new(index)) else { continue };
            for parent in &logic.all_of {
                let logic = self.nodes[parent.index()].logic.as_ref();
                if logic.is_some_and(|logic| logic.discriminator.is_some()) {
                    found.push((*parent, Arc::clone(name), SchemaId::new(index)));
                }
            }
        }
        for (parent, name, child) in found {
            let logic = self.nodes[parent.index()].logic.as_mut();
            let Some(discriminator) = logic.and_then(|logic| logic.discriminator.as_mut()) else { continue };
            let known = discriminator.mapping.iter().any(|(known, id)| *known == name || *id == child);
            if !known {
                let mut mapping = std::mem::take(&mut discriminator.mapping).into_vec();
                mapping.push((name, child));
                discriminator.mapping = mapping.into();
            }
        }
    }
}
