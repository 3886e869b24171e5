//! References inside one file, for callers that have no more than one.

use mocker_source::{Diagnostic, Node, Tree};

use super::{Dialect, Lowering, Resolve};

/// Resolves `#` and `#/json/pointer` inside one tree.
#[derive(Clone, Copy, Debug)]
pub struct Local<'t> {
    tree: &'t Tree,
}

/// A lowering of schemas whose references stay inside `tree`.
pub fn local(tree: &Tree, dialect: Dialect) -> Lowering<'_, Local<'_>> {
    Lowering::new(dialect, Local { tree })
}

impl<'t> Resolve<'t> for Local<'t> {
    fn resolve(&self, at: Node<'t>, reference: &str) -> Result<Node<'t>, Diagnostic> {
        let missing = || Diagnostic::error("ref-not-found", at, format!("`{reference}` points at nothing"));
        let fragment = reference.strip_prefix('#').ok_or_else(missing)?;
        let pointer = percent_encoding::percent_decode_str(fragment).decode_utf8_lossy();
        self.tree.root().at_pointer(&pointer).ok_or_else(missing)
    }
}
