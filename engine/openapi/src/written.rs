//! A description in its author's words: the values of its files, and what references in them stand for. For whoever
//! judges what was made of a document and may not take our reading of it for granted.

use mocker_schema::lower::Dialect;
use mocker_source::Node;

use crate::files::Files;
use crate::limits::Limits;
use crate::reference::Resolver;
use crate::version;
use crate::{Fetch, Location};

/// The files of one description, parsed and not interpreted.
#[derive(Debug)]
pub struct Written {
    files: Files,
    dialect: Dialect,
}

impl Written {
    /// Reads the description at `root` with everything it refers to; `None` where it cannot be had, or is none that
    /// schemas are written in (Postman collections have saved values in their place).
    pub fn read(root: Location, fetch: &mut dyn Fetch) -> Option<Written> {
        let mut files = Files::open(root.normalized(), fetch, Limits::default()).ok()?;
        let version = version::detect(files.root(), files.diagnostics(), &mut Vec::new())?;
        if !version.has_references() {
            return None;
        }
        files.follow_references(fetch, &version);
        Some(Written { files, dialect: version.dialect() })
    }

    /// The topmost value of the root file.
    pub fn root(&self) -> Node<'_> {
        self.files.root()
    }

    /// How its schemas are written.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Its references. What was found is remembered: one for each thread.
    pub fn references(&self) -> References<'_> {
        References { resolver: Resolver::new(&self.files) }
    }
}

/// Follows the references of one description.
pub struct References<'t> {
    resolver: Resolver<'t>,
}

impl<'t> References<'t> {
    /// The value that `reference`, written in `at`, stands for.
    pub fn target(&self, at: Node<'t>, reference: &str) -> Option<Node<'t>> {
        self.resolver.resolve(at, reference).ok()
    }

    /// The value itself, or the one at the end of its chain of references.
    pub fn deref(&self, node: Node<'t>) -> Option<Node<'t>> {
        self.resolver.deref(node).ok()
    }
}
