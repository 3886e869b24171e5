//! Operations: each made of the requests that have method and path in common.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use mocker_schema::validate::Direction;
use mocker_source::{Node, Position};

use super::Collection;
use super::address::Address;
use super::content::Contents;
use super::items::Inherited;
use super::pairs::{Pair, Syntax};
use super::parameter::{self, example};
use super::response::Responses;
use crate::codes;
use crate::kind::kind_name;
use crate::limits::{REQUIREMENTS, SERVERS};
use crate::media_type::is_token;
use crate::model::{Example, Method, Operation, RequestBody, Requirement, Server};
use crate::reader::{METHODS, quoted};
use crate::template::{template_variables, without_names};

/// The operations so far.
#[derive(Default)]
pub(super) struct Drafts {
    pub(super) list: Vec<Draft>,
    /// Index of an operation by what requests are matched with
    known: HashMap<(Method, Arc<str>), usize>,
    /// The first path of each shape: `/pets/:id` and `/pets/:pet` are one
    paths: HashMap<String, Arc<str>>,
}

/// An operation, as long as requests may still be added to it.
pub(super) struct Draft {
    method: Method,
    path: Arc<str>,
    position: Position,
    summary: Option<Box<str>>,
    tags: Vec<Arc<str>>,
    servers: Vec<Server>,
    security: Vec<Requirement>,
    /// Examples of the path's variables, in the order of the path
    variables: Vec<Vec<Example>>,
    parameters: parameter::Drafts,
    body: Contents,
    responses: Responses,
    /// Requests seen
    requests: usize,
}

impl Drafts {
    /// The operation that requests of this method and path belong to.
    fn of(
        &mut self,
        method: Method,
        path: String,
        new: impl FnOnce(Method, Arc<str>) -> Draft,
    ) -> &mut Draft {
        let path = Arc::clone(self.paths.entry(without_names(&path)).or_insert_with(|| path.into()));
        let key = (method.clone(), Arc::clone(&path));
        let at = *self.known.entry(key).or_insert(self.list.len());
        if at == self.list.len() {
            self.list.push(new(method, path));
        }
        &mut self.list[at]
    }
}

impl<'t> Collection<'_, '_, 't> {
    /// Reads one request: a new operation, or more of a known one.
    pub(super) fn request(&mut self, item: Node<'t>, request: Node<'t>, inherited: &Inherited) {
        if !request.is_object() && request.as_str().is_none() {
            let message = format!("a request should be an object, this is {}", kind_name(request));
            self.error(codes::ITEM_INVALID, request, message, "write `{ method: GET, url: ... }`");
            return;
        }
        let Some(method) = self.method(request) else { return };
        let Some(address) = self.address(request) else { return };
        let security = self.security(request).unwrap_or_else(|| Rc::clone(&inherited.security));
        let summary = self.reader.text(item, "name").map(Into::into);
        let fields = self.pairs(request, "header", Syntax::Fields);
        let examples = examples_of_path(&address);
        // what the draft is filled by needs the rest of the collection
        let mut drafts = std::mem::take(&mut self.drafts);
        let draft = drafts.of(method, address.path, |method, path| Draft {
            method,
            path,
            position: item.position(),
            summary,
            tags: inherited.folders.iter().filter(|name| !name.is_empty()).cloned().collect(),
            servers: Vec::new(),
            security: security.to_vec(),
            variables: examples,
            parameters: parameter::Drafts::default(),
            body: Contents::default(),
            responses: Responses::default(),
            requests: 0,
        });
        draft.requests += 1;
        draft.add_server(address.server);
        draft.add_security(&security);
        self.add_parameters(&mut draft.parameters, draft.requests, &address.query, &fields);
        self.add_body(&mut draft.body, request, &fields);
        self.add_responses(&mut draft.responses, item);
        self.drafts = drafts;
    }

    fn method(&mut self, request: Node<'t>) -> Option<Method> {
        let written = self.reader.text(request, "method").unwrap_or_default().trim();
        let written = if written.is_empty() { "GET" } else { written };
        if let Some((_, method)) = METHODS.iter().find(|(name, _)| name.eq_ignore_ascii_case(written)) {
            return Some(method.clone());
        }
        if !is_token(written) {
            let message = format!("`{}` cannot be a request method", quoted(written));
            let at = request.get("method").unwrap_or(request);
            self.error(codes::METHOD_INVALID, at, message, "use letters, as in `COPY`");
            return None;
        }
        Some(Method::Other(written.into()))
    }
}

impl Draft {
    fn add_server(&mut self, server: Option<Server>) {
        let new = server.filter(|server| self.servers.len() < SERVERS && !self.servers.contains(server));
        self.servers.extend(new);
    }

    /// The first request says whether credentials are needed: others try what comes of none, or of other ones.
    fn add_security(&mut self, security: &[Requirement]) {
        if self.security.is_empty() {
            return;
        }
        for requirement in security {
            if self.security.len() < REQUIREMENTS && !self.security.contains(requirement) {
                self.security.push(requirement.clone());
            }
        }
    }

    /// The operation of all requests that were added.
    pub(super) fn finish(self, collection: &mut Collection<'_, '_, '_>) -> Operation {
        let mut examples = self.variables.into_iter();
        let mut parameters: Vec<_> = template_variables(&self.path)
            .map(|name| collection.path_parameter(name, examples.next().unwrap_or_default()))
            .collect();
        parameters.extend(collection.parameters(self.parameters, self.requests));
        let request_body = (!self.body.is_empty()).then(|| {
            let content = collection.media_types(self.body, Direction::Request);
            Arc::new(RequestBody { required: false, content })
        });
        let responses = collection.responses(self.responses).into_iter();
        Operation {
            method: self.method,
            path: self.path,
            path_condition: None,
            id: None,
            summary: self.summary,
            tags: self.tags,
            deprecated: false,
            parameters,
            request_body,
            responses: responses.map(|(status, response)| (status, Arc::new(response))).collect(),
            callbacks: Vec::new(),
            security: self.security,
            servers: self.servers,
            extensions: Vec::new(),
            position: self.position,
        }
    }
}

/// What the author tried for each variable of the path.
fn examples_of_path(address: &Address<'_>) -> Vec<Vec<Example>> {
    let tried = |name: &str| address.examples.iter().find(|pair: &&Pair<'_>| pair.name == name);
    let of = |name| tried(name).map(|pair| example(&pair.value, pair.node.position())).unwrap_or_default();
    template_variables(&address.path).map(of).collect()
}
