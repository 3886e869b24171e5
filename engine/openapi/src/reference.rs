//! From a `$ref` to the value it stands for.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use mocker_schema::lower::Resolve;
use mocker_source::{Diagnostic, FileId, Node, NodeId, escape_token, unescape_token};
use percent_encoding::percent_decode_str;

use crate::files::{Files, base_uri};
use crate::limits::{self, REF_HOPS};
use crate::location::{join_url, scheme};
use crate::suggest::nearest;
use crate::{Location, codes};

/// Resolves the references of one set of files.
pub(crate) struct Resolver<'t> {
    files: &'t Files,
    memo: RefCell<HashMap<FileId, HashMap<Box<str>, Outcome>>>,
    warnings: RefCell<Vec<Diagnostic>>,
    comparisons: Cell<usize>,
}

type Outcome = Result<NodeId, Rc<Trouble>>;

/// Why there is nothing behind a reference; becomes a diagnostic where it is missed.
#[derive(Debug)]
struct Trouble {
    code: &'static str,
    message: String,
    help: Option<String>,
}

impl Trouble {
    fn new(code: &'static str, message: String) -> Self {
        Trouble { code, message, help: None }
    }
}

/// Where a search starts: the reference's own file, the resource (`$id`) it stands in, and
/// how many references may still be followed.
struct Search<'t, 'h> {
    at: Node<'t>,
    resource: Option<usize>,
    hops: &'h mut usize,
}

impl<'t> Resolver<'t> {
    pub(crate) fn new(files: &'t Files) -> Self {
        Resolver { files, memo: RefCell::default(), warnings: RefCell::default(), comparisons: Cell::new(0) }
    }

    /// The value itself, or the one at the end of its chain of references.
    ///
    /// # Errors
    /// A diagnostic at the `$ref` that leads nowhere.
    pub(crate) fn deref(&self, node: Node<'t>) -> Result<Node<'t>, Diagnostic> {
        let mut current = node;
        for _ in 0..=REF_HOPS {
            match current.get("$ref").and_then(Node::as_str) {
                None => return Ok(current),
                Some(reference) => current = self.resolve(current, reference)?,
            }
        }
        Err(Diagnostic::error(
            codes::REF_CYCLE,
            place(node, ""),
            "these references lead to each other and never to a value",
        ))
    }

    /// References that are to be found and lead nowhere, those in unused parts too; at most `limit`.
    pub(crate) fn unresolved(&self, limit: usize) -> Vec<Diagnostic> {
        let references = self.files.index().references.iter().map(|id| self.files.node(*id));
        let broken = references.filter_map(|node| {
            let reference = node.get("$ref").and_then(Node::as_str)?;
            self.resolve(node, reference).err()
        });
        broken.take(limit.saturating_add(1)).collect()
    }

    /// What was found in spite of how it was written.
    pub(crate) fn into_warnings(self) -> Vec<Diagnostic> {
        self.warnings.into_inner()
    }

    /// The content of the file that `reference`, written in `at`, names.
    ///
    /// # Errors
    /// The file's location, and why it cannot be had.
    pub(crate) fn content(&self, at: Node<'t>, reference: &str) -> Result<Arc<[u8]>, (String, String)> {
        let location = self.files.location(at.id().file).join(reference);
        let location = location.map_err(|error| (reference.to_owned(), error.to_string()))?;
        match self.files.content(&location) {
            Some(Ok(content)) => Ok(Arc::clone(content)),
            Some(Err(absence)) => Err((location.to_string(), absence.reason.clone())),
            None => Err((location.to_string(), "it was not looked for".to_owned())),
        }
    }

    fn find(&self, at: Node<'t>, reference: &str, hops: &mut usize) -> Outcome {
        let resource = self.files.index().scopes.get(&at.id()).copied();
        let file = at.id().file;
        if resource.is_none()
            && let Some(known) = self.memo.borrow().get(&file).and_then(|known| known.get(reference))
        {
            return known.clone();
        }
        let mut search = Search { at, resource, hops };
        let outcome = self.search(&mut search, reference).map(Node::id).map_err(Rc::new);
        // whether references still could be followed depends on who asked
        let lasting = outcome.as_ref().err().is_none_or(|trouble| trouble.code != codes::REF_CYCLE);
        if resource.is_none() && lasting {
            self.memo.borrow_mut().entry(file).or_default().insert(reference.into(), outcome.clone());
        }
        outcome
    }

    fn search(&self, search: &mut Search<'t, '_>, reference: &str) -> Result<Node<'t>, Trouble> {
        let (url, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        if url.is_empty() {
            return self.in_own_file(search, reference, fragment);
        }
        let (root, resource) = match self.resource_of(search, url) {
            Some(resource) => (self.files.node(self.files.index().resources[resource].root), Some(resource)),
            None => match self.file_of(search.at, url) {
                Ok(file) => (self.files.root_of(file), None),
                Err(trouble) => return self.bare_name(search.at, reference).ok_or(trouble),
            },
        };
        self.in_value(search, root, resource, reference, fragment)
    }

    fn in_own_file(
        &self,
        search: &mut Search<'t, '_>,
        reference: &str,
        fragment: &str,
    ) -> Result<Node<'t>, Trouble> {
        let file_root = self.files.root_of(search.at.id().file);
        if let Some(resource) = search.resource {
            let root = self.files.node(self.files.index().resources[resource].root);
            if let Ok(node) = self.in_value(search, root, Some(resource), reference, fragment) {
                return Ok(node);
            }
        }
        let trouble = match self.in_value(search, file_root, None, reference, fragment) {
            Ok(node) => return Ok(node),
            Err(trouble) => trouble,
        };
        let root = self.files.root();
        if root.id().file == file_root.id().file {
            return Err(trouble);
        }
        let node = self.in_value(search, root, None, reference, fragment).map_err(|_| trouble)?;
        let message = format!("`{reference}` is not in this file but in the root file");
        let name = self.files.location(root.id().file);
        let help = format!("name the file before `#`: `{}{reference}`", file_name(name));
        self.warn(search.at, reference, codes::REF_IN_ROOT, message, help);
        Ok(node)
    }

    /// The value under a fragment: a pointer, an anchor, or a pointer that forgot its slash.
    fn in_value(
        &self,
        search: &mut Search<'t, '_>,
        root: Node<'t>,
        resource: Option<usize>,
        reference: &str,
        fragment: &str,
    ) -> Result<Node<'t>, Trouble> {
        if fragment.is_empty() {
            return Ok(root);
        }
        if let Some(pointer) = fragment.strip_prefix('/') {
            return self.walk(search, root, pointer, reference);
        }
        if let Some(id) = self.files.index().anchor(root.id().file, resource, fragment) {
            return Ok(self.files.node(id));
        }
        let node = self.walk(search, root, fragment, reference)?;
        let url = reference.split('#').next().unwrap_or_default();
        let message = format!("`{reference}` has no `/` behind its `#`");
        self.warn(search.at, reference, codes::REF_SLOPPY, message, format!("write `{url}#/{fragment}`"));
        Ok(node)
    }

    /// JSON pointer (RFC 6901), through references where the way leads through one.
    fn walk(
        &self,
        search: &mut Search<'t, '_>,
        root: Node<'t>,
        pointer: &str,
        reference: &str,
    ) -> Result<Node<'t>, Trouble> {
        let mut node = root;
        for raw in pointer.split('/') {
            let decoded = percent_decode_str(raw).decode_utf8_lossy();
            let token = unescape_token(&decoded);
            node = loop {
                if let Some(child) = step(node, &token).or_else(|| step(node, raw)) {
                    break child;
                }
                let Some(through) = node.get("$ref").and_then(Node::as_str) else {
                    return Err(self.not_found(node, &token, raw, reference));
                };
                if *search.hops == 0 {
                    let message = format!("`{reference}` leads through references to each other");
                    return Err(Trouble::new(codes::REF_CYCLE, message));
                }
                *search.hops -= 1;
                let outcome = self.find(node, through, search.hops);
                node = self.files.node(outcome.map_err(|why| Trouble {
                    code: why.code,
                    message: why.message.clone(),
                    help: why.help.clone(),
                })?);
            };
        }
        Ok(node)
    }

    /// The candidate that was meant, as long as not too many have been compared.
    pub(crate) fn nearest<'n>(
        &self,
        wrong: &str,
        candidates: impl Iterator<Item = &'n str>,
        count: usize,
    ) -> Option<&'n str> {
        let compared = self.comparisons.get() + count;
        if compared > limits::COMPARISONS {
            return None;
        }
        self.comparisons.set(compared);
        nearest(wrong, candidates)
    }

    fn not_found(&self, parent: Node<'t>, token: &str, raw: &str, reference: &str) -> Trouble {
        let within = parent.pointer();
        let within = if within.is_empty() { "the file".to_owned() } else { format!("`{within}`") };
        let mut trouble = Trouble::new(
            codes::REF_NOT_FOUND,
            format!("`{reference}` points at nothing: there is no `{token}` in {within}"),
        );
        let near = self.nearest(token, parent.entries().map(|(key, _)| key), parent.len());
        let guess = match near {
            Some(name) => Some(replace_token(reference, raw, &escape_token(name))),
            None => {
                let last = reference.rsplit('/').next().unwrap_or_default();
                self.files.component(&unescape_token(last)).map(|node| format!("#{}", node.pointer()))
            }
        };
        trouble.help =
            guess.filter(|guess| guess != reference).map(|guess| format!("did you mean `{guess}`?"));
        trouble
    }

    fn resource_of(&self, search: &Search<'t, '_>, url: &str) -> Option<usize> {
        let index = self.files.index();
        if index.ids.is_empty() {
            return None;
        }
        if let Some(resource) = index.ids.get(url) {
            return Some(*resource);
        }
        let base = match search.resource {
            Some(resource) => index.resources[resource].uri.clone(),
            None => base_uri(self.files.location(search.at.id().file)),
        };
        join_url(&base, url).ok().and_then(|absolute| index.ids.get(&absolute).copied())
    }

    fn file_of(&self, at: Node<'t>, url: &str) -> Result<FileId, Trouble> {
        let refused = |reason| Trouble::new(codes::REF_REFUSED, format!("`{url}` is not followed: {reason}"));
        let location = self.files.location(at.id().file).join(url).map_err(refused)?;
        match self.files.at(&location) {
            Some(Ok(file)) => Ok(*file),
            Some(Err(absence)) => {
                Err(Trouble::new(absence.code, format!("{location} cannot be read: {}", absence.reason)))
            }
            None => Err(Trouble::new(codes::REF_UNREADABLE, format!("{location} was not read"))),
        }
    }

    /// `$ref: Pet`, a custom of early Swagger.
    fn bare_name(&self, at: Node<'t>, reference: &str) -> Option<Node<'t>> {
        if scheme(reference).is_some() || reference.contains('#') {
            return None;
        }
        let node = self.files.component(reference)?;
        let help = format!("write `#{}`", node.pointer());
        self.warn(
            at,
            reference,
            codes::REF_SLOPPY,
            format!("`{reference}` is the name of a schema, not a reference"),
            help,
        );
        Some(node)
    }

    fn warn(&self, at: Node<'t>, reference: &str, code: &'static str, message: String, help: String) {
        self.warnings
            .borrow_mut()
            .push(Diagnostic::warning(code, place(at, reference), message).with_help(help));
    }
}

impl<'t> Resolve<'t> for &Resolver<'t> {
    fn resolve(&self, at: Node<'t>, reference: &str) -> Result<Node<'t>, Diagnostic> {
        match self.find(at, reference, &mut REF_HOPS.clone()) {
            Ok(id) => Ok(self.files.node(id)),
            Err(trouble) => {
                let mut diagnostic =
                    Diagnostic::error(trouble.code, place(at, reference), trouble.message.clone());
                diagnostic.help.clone_from(&trouble.help);
                Err(diagnostic)
            }
        }
    }
}

impl<'t> Resolver<'t> {
    /// See [`Resolve::resolve`].
    ///
    /// # Errors
    /// A diagnostic at the reference.
    pub(crate) fn resolve(&self, at: Node<'t>, reference: &str) -> Result<Node<'t>, Diagnostic> {
        Resolve::resolve(&self, at, reference)
    }
}

/// The reference's own text where `at` is the object around it.
fn place<'t>(at: Node<'t>, reference: &str) -> Node<'t> {
    let texts = ["$ref", "$dynamicRef"].into_iter().filter_map(|key| at.get(key));
    let mut texts =
        texts.filter(|text| text.as_str().is_some_and(|text| reference.is_empty() || text == reference));
    texts.next().unwrap_or(at)
}

fn step<'t>(node: Node<'t>, token: &str) -> Option<Node<'t>> {
    node.get(token).or_else(|| node.at(token.parse().ok()?))
}

fn replace_token(reference: &str, raw: &str, name: &str) -> String {
    let tokens = reference.split('/').map(|token| if token == raw { name } else { token });
    tokens.collect::<Vec<_>>().join("/")
}

fn file_name(location: &Location) -> String {
    let text = location.to_string();
    text.rsplit('/').next().unwrap_or_default().to_owned()
}
