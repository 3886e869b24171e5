//! The files of one description: each read and parsed once, as references name them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use mocker_source::{Diagnostic, FileId, Node, NodeId, Severity, Tree};

use crate::limits::Limits;
use crate::scan::{Index, scan};
use crate::version::Version;
use crate::{Fetch, Location, codes};

/// Why a file that was named is not there.
#[derive(Clone, Debug)]
pub(crate) struct Absence {
    pub(crate) code: &'static str,
    pub(crate) reason: String,
}

/// All files read so far, and what scanning them made known.
#[derive(Debug)]
pub(crate) struct Files {
    trees: Vec<Tree>,
    locations: Vec<Location>,
    known: HashMap<Location, Result<FileId, Absence>>,
    /// Files whose content is an example, read and not parsed
    contents: HashMap<Location, Result<Arc<[u8]>, Absence>>,
    index: Index,
    diagnostics: Vec<Diagnostic>,
    limits: Limits,
    bytes: usize,
}

impl Files {
    /// Reads and parses the root file.
    ///
    /// # Errors
    /// Says why it cannot be had.
    pub(crate) fn open(
        root: Location,
        fetch: &mut dyn Fetch,
        limits: Limits,
    ) -> Result<Files, Box<Diagnostic>> {
        let mut files = Files {
            trees: Vec::new(),
            locations: Vec::new(),
            known: HashMap::new(),
            contents: HashMap::new(),
            index: Index::default(),
            diagnostics: Vec::new(),
            limits,
            bytes: 0,
        };
        files.add(root.clone(), fetch);
        match files.known.get(&root) {
            Some(Err(Absence { code, reason })) => Err(Box::new(Diagnostic {
                code: if *code == codes::REF_UNREADABLE { codes::FILE_UNREADABLE } else { code },
                severity: Severity::Error,
                message: format!("{root} cannot be read: {reason}"),
                position: None,
                pointer: String::new(),
                help: None,
            })),
            _ => Ok(files),
        }
    }

    /// Fetches what references name, and what references in there name, until nothing is left.
    /// What cannot be had is remembered; it is reported where it is missed.
    pub(crate) fn follow_references(&mut self, fetch: &mut dyn Fetch, version: &Version) {
        let mut next = 0;
        let mut asked = HashSet::new();
        while next < self.trees.len() {
            let location = self.locations[next].clone();
            let root = self.trees[next].root();
            let named = scan(root, &base_uri(&location), version.is_swagger2(), &mut self.index);
            for target in named.contents.iter().filter_map(|url| location.join(url).ok()) {
                self.add_content(target, fetch);
            }
            for url in named.files {
                if self.index.ids.contains_key(&url) || self.is_bare_name(&url) {
                    continue;
                }
                let Ok(target) = location.join(&url) else { continue };
                if asked.insert(target.clone()) {
                    self.add(target, fetch);
                }
            }
            next += 1;
        }
    }

    fn add(&mut self, location: Location, fetch: &mut dyn Fetch) {
        if self.known.contains_key(&location) {
            return;
        }
        let outcome = self.read(&location, fetch).map(|text| {
            let file = FileId(u16::try_from(self.trees.len()).unwrap_or(u16::MAX));
            let (tree, diagnostics) = mocker_source::parse(file, &text);
            self.bytes += text.len();
            self.trees.push(tree);
            self.locations.push(location.clone());
            self.diagnostics.extend(diagnostics);
            file
        });
        self.known.insert(location, outcome);
    }

    fn add_content(&mut self, location: Location, fetch: &mut dyn Fetch) {
        if self.contents.contains_key(&location) {
            return;
        }
        let content = self.read(&location, fetch);
        self.bytes += content.as_ref().map_or(0, Vec::len);
        self.contents.insert(location, content.map(Arc::from));
    }

    /// The content of an example's file; `None` if nobody asked for it before.
    pub(crate) fn content(&self, location: &Location) -> Option<&Result<Arc<[u8]>, Absence>> {
        self.contents.get(location)
    }

    /// Files whose content is an example, those that could not be read among them.
    pub(crate) fn contents(&self) -> Vec<Location> {
        self.contents.keys().cloned().collect()
    }

    fn read(&self, location: &Location, fetch: &mut dyn Fetch) -> Result<Vec<u8>, Absence> {
        let over = |reason| Err(Absence { code: codes::FILE_LIMIT, reason });
        if self.trees.len() + self.contents.len() >= self.limits.files.min(usize::from(u16::MAX)) {
            return over(format!("a description may have {} files, and this is one more", self.limits.files));
        }
        let text = fetch
            .fetch(location)
            .map_err(|error| Absence { code: codes::REF_UNREADABLE, reason: error.reason })?;
        if text.len() > self.limits.file_bytes {
            return over(format!(
                "{} bytes are more than the {} allowed",
                text.len(),
                self.limits.file_bytes
            ));
        }
        if self.bytes + text.len() > self.limits.total_bytes {
            return over(format!(
                "all files together would have more than {} bytes",
                self.limits.total_bytes
            ));
        }
        Ok(text)
    }

    /// `$ref: Pet`, meaning the schema of that name.
    fn is_bare_name(&self, url: &str) -> bool {
        !url.contains(['/', '.']) && self.component(url).is_some()
    }

    /// The root file's schema of that name.
    pub(crate) fn component(&self, name: &str) -> Option<Node<'_>> {
        let root = self.root();
        let schemas = root.get("components").and_then(|components| components.get("schemas"));
        schemas.or_else(|| root.get("definitions")).and_then(|schemas| schemas.get(name))
    }

    /// The topmost value of the root file.
    pub(crate) fn root(&self) -> Node<'_> {
        self.trees[0].root()
    }

    /// The topmost value of a file.
    pub(crate) fn root_of(&self, file: FileId) -> Node<'_> {
        self.trees[usize::from(file.0)].root()
    }

    /// The value with this identity.
    pub(crate) fn node(&self, id: NodeId) -> Node<'_> {
        self.trees[usize::from(id.file.0)].node(id)
    }

    /// Where a file was read from.
    pub(crate) fn location(&self, file: FileId) -> &Location {
        &self.locations[usize::from(file.0)]
    }

    /// The file read from `location`; `None` if nobody asked for it before.
    pub(crate) fn at(&self, location: &Location) -> Option<&Result<FileId, Absence>> {
        self.known.get(location)
    }

    /// The bounds of this description.
    pub(crate) fn limits(&self) -> Limits {
        self.limits
    }

    /// What scanning made known.
    pub(crate) fn index(&self) -> &Index {
        &self.index
    }

    /// What parsing reported.
    pub(crate) fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// What outlives the trees.
    pub(crate) fn into_locations(self) -> (Vec<Location>, Vec<Diagnostic>) {
        (self.locations, self.diagnostics)
    }
}

/// The URI against which a file's `$id`s are resolved.
pub(crate) fn base_uri(location: &Location) -> String {
    match location {
        Location::Url(url) => url.clone(),
        Location::File(path) => format!("file:///{}", path.to_string_lossy().trim_start_matches('/')),
    }
}
