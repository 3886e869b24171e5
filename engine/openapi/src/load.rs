//! From a location to a document: the file, the files and URLs it refers to, the model.

use std::cmp::{Ordering, Reverse};

use mocker_source::Diagnostic;

use crate::files::Files;
use crate::limits::Limits;
use crate::reader;
use crate::reference::Resolver;
use crate::version::{self, Version};
use crate::{Document, Location, codes};

/// Why a file could not be had.
#[derive(Clone, Debug, PartialEq)]
pub struct FetchError {
    /// One sentence for a person: `no such file`, `permission denied`, `404 from ...`
    pub reason: String,
}

/// Brings the bytes of a file; limits of size and time are the implementation's.
pub trait Fetch {
    /// The whole file.
    ///
    /// # Errors
    /// Says why it cannot be had.
    fn fetch(&mut self, location: &Location) -> Result<Vec<u8>, FetchError>;
}

/// What came of loading.
#[derive(Debug)]
pub struct Loaded {
    /// `None` only when the root file is no API description at all
    pub document: Option<Document>,
    /// All faults, in the order of files and lines
    pub diagnostics: Vec<Diagnostic>,
    /// Every file that was read, by [`mocker_source::FileId`]; for messages and for watching.
    /// The root comes first and is named even when it could not be read.
    pub files: Vec<Location>,
    /// Files whose content is an example; for watching
    pub contents: Vec<Location>,
}

/// Reads the description at `root` with everything it refers to.
pub fn load(root: Location, fetch: &mut dyn Fetch) -> Loaded {
    load_within(root, fetch, &Limits::default())
}

/// [`load`] with other bounds than the default ones.
pub fn load_within(root: Location, fetch: &mut dyn Fetch, limits: &Limits) -> Loaded {
    let root = root.normalized();
    let mut files = match Files::open(root.clone(), fetch, *limits) {
        Ok(files) => files,
        Err(diagnostic) => {
            let (diagnostics, files) = (vec![*diagnostic], vec![root]);
            return Loaded { document: None, diagnostics, files, contents: Vec::new() };
        }
    };
    let mut diagnostics = Vec::new();
    let document = match version::detect(files.root(), files.diagnostics(), &mut diagnostics) {
        None => None,
        Some(version) => {
            if version.has_references() {
                files.follow_references(fetch, &version);
            }
            Some(read(&files, &version, &mut diagnostics))
        }
    };
    let contents = files.contents();
    let (locations, of_parsing) = files.into_locations();
    diagnostics.extend(of_parsing);
    let diagnostics = arranged(diagnostics, limits.diagnostics);
    Loaded { document, diagnostics, files: locations, contents }
}

fn read(files: &Files, version: &Version, diagnostics: &mut Vec<Diagnostic>) -> Document {
    let resolver = Resolver::new(files);
    let (document, of_reading) = reader::read(files, &resolver, version);
    diagnostics.extend(of_reading);
    diagnostics.extend(resolver.unresolved(files.limits().diagnostics));
    diagnostics.extend(resolver.into_warnings());
    document
}

/// The order of files and lines.
pub(crate) fn in_order(a: &Diagnostic, b: &Diagnostic) -> Ordering {
    let place = a.position.cmp(&b.position);
    place.then_with(|| a.code.cmp(b.code)).then_with(|| a.message.cmp(&b.message))
}

/// In order, without repetitions, at most `limit` and a last one that says how many more.
fn arranged(mut diagnostics: Vec<Diagnostic>, limit: usize) -> Vec<Diagnostic> {
    diagnostics.sort_by(in_order);
    diagnostics.dedup();
    if diagnostics.len() > limit {
        let more = diagnostics.len() - limit;
        // what cannot be served matters more than what is odd
        diagnostics.sort_by_key(|diagnostic| Reverse(diagnostic.severity));
        diagnostics.truncate(limit);
        diagnostics.sort_by(in_order);
        let message = format!("at least {more} further faults are not shown");
        diagnostics.push(Diagnostic::warning_at(codes::TOO_MANY_FAULTS, None, message));
    }
    diagnostics
}
