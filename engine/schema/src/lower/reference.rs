//! `$ref` and `$dynamicRef`

use mocker_source::{Diagnostic, Node, Severity};

use super::{Dialect, Lowering, Resolve};
use crate::{SchemaId, limits};

impl<'t, R: Resolve<'t>> Lowering<'t, R> {
    /// The `$ref` of a schema that says nothing else: in OpenAPI 2.0 and 3.0 siblings of a
    /// reference are ignored; in 3.1 only those that explain are.
    pub(super) fn lone_reference(&self, schema: Node<'t>) -> Option<&'t str> {
        let reference = schema.get("$ref")?.as_str()?;
        let lone = match self.dialect {
            Dialect::Swagger2 | Dialect::OpenApi30 => true,
            Dialect::OpenApi31 => schema
                .entries()
                .all(|(key, _)| matches!(key, "$ref" | "description" | "summary" | "$comment")),
        };
        lone.then_some(reference)
    }

    /// The node at the end of a chain of references.
    pub(super) fn follow(&mut self, start: Node<'t>, reference: &'t str) -> SchemaId {
        let mut passed = vec![start.id()];
        let (mut at, mut reference) = (start, reference);
        let id = loop {
            let target = match self.resolver.resolve(at, reference) {
                Ok(target) => target,
                Err(diagnostic) => {
                    self.report(|| Diagnostic { severity: Severity::Error, ..diagnostic });
                    break self.always();
                }
            };
            if passed.contains(&target.id()) {
                self.error(
                    "ref-cycle",
                    at,
                    format!("`{reference}` leads back to itself; anything is allowed"),
                );
                break self.always();
            }
            match self.lone_reference(target) {
                Some(next) if !self.known.contains_key(&target.id()) => {
                    if passed.len() >= limits::REFERENCE_CHAIN {
                        let most = limits::REFERENCE_CHAIN;
                        self.error(
                            "ref-chain",
                            at,
                            format!("more than {most} references in a row; anything is allowed"),
                        );
                        break self.always();
                    }
                    passed.push(target.id());
                    (at, reference) = (target, next);
                }
                _ => break self.id_of(target),
            }
        };
        self.known.extend(passed.into_iter().map(|node| (node, id)));
        id
    }

    /// The node that `reference`, written in `at`, stands for; `None` (reported) where there is none.
    pub(super) fn referred(&mut self, at: Node<'t>, reference: &str) -> Option<SchemaId> {
        match self.resolver.resolve(at, reference) {
            Ok(target) => Some(self.id_of(target)),
            Err(diagnostic) => {
                self.report(|| Diagnostic { severity: Severity::Error, ..diagnostic });
                None
            }
        }
    }
}
