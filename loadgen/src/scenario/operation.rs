//! Requests of one operation.

use std::borrow::Cow;
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

use mocker_openapi::Document;
use mocker_openapi::model::{self, Parameter, Place};
use mocker_plan::method_name;
use mocker_plan::route::{Captures, variable_name};
use mocker_schema::generate::Key;

use super::accept::accept;
use super::body::Bodies;
use super::credentials::{self, Credential};
use super::expected::expected;
use super::field::{Role, role};
use super::head::Message;
use super::parameter::Parameters;
use super::routes::{Routes, template};
use super::values::Values;
use super::variant::Variant;
use super::{Operation, Options, Origin, Request, encode, template as path};
use crate::limits::{ATTEMPTS, MAX_VARIANTS};

/// What requests of one document are made with.
pub(super) struct Maker<'d> {
    pub(super) document: &'d Document,
    pub(super) options: &'d Options,
    pub(super) base_path: &'d str,
    pub(super) routes: Routes,
    pub(super) values: Values<'d>,
    pub(super) parameters: Parameters,
}

/// The operation that requests are being made of.
struct Draft<'d> {
    index: u32,
    operation: &'d model::Operation,
    bodies: Option<Bodies<'d>>,
    credentials: Vec<Credential<'d>>,
    accept: String,
    key: Key,
}

/// Parameters of one request, each as it is written.
#[derive(Default)]
struct Written<'d> {
    path: Vec<(&'d str, Rc<str>)>,
    query: Vec<(&'d str, Rc<str>)>,
    fields: Vec<(&'d str, Rc<str>)>,
    cookies: Vec<(&'d str, Rc<str>)>,
}

impl<'d> Maker<'d> {
    /// The requests of operation `index`, and what could not be made. None where no request can be made.
    pub(super) fn operation(&mut self, index: usize) -> (Option<Operation>, Vec<String>) {
        let operation = &self.document.operations[index];
        let mut unmade = Vec::new();
        let requests = match self.draft(index as u32, operation, &mut unmade) {
            Ok(mut draft) => self.requests(&mut draft, &mut unmade),
            Err(reason) => {
                unmade.push(reason);
                Vec::new()
            }
        };
        let made = (!requests.is_empty()).then(|| Operation {
            id: operation.id.as_deref().map(str::to_owned),
            method: method_name(&operation.method).to_owned(),
            path: template(operation),
            weight: 1.0,
            requests,
            origin: Some(Origin { document: self.options.document, operation: index }),
            expected: expected(&operation.responses),
        });
        (made, unmade)
    }

    fn draft(
        &self,
        index: u32,
        operation: &'d model::Operation,
        unmade: &mut Vec<String>,
    ) -> Result<Draft<'d>, String> {
        if let Some(why) = self.routes.refused(index) {
            return Err(format!("no request leads to it: {why}"));
        }
        let key = Key(self.options.seed).with(method_name(&operation.method).as_bytes());
        let key = key.with(template(operation).as_bytes());
        let mut bodies = operation.request_body.as_deref().map(|body| Bodies::of(&self.values, body));
        let left_out = bodies.as_mut().map(|bodies| bodies.prune(key)).unwrap_or_default();
        unmade.extend(left_out.iter().map(|(name, reason)| format!("no body in {name}: {reason}")));
        if let Some(none) = bodies.take_if(|bodies| bodies.media_types() == 0)
            && none.required
        {
            return Err("a body is required, and none can be made".to_owned());
        }
        let credentials = credentials::choose(self.document, operation)?;
        Ok(Draft { index, operation, bodies, credentials, accept: accept(operation), key })
    }

    fn requests(&mut self, draft: &mut Draft<'d>, unmade: &mut Vec<String>) -> Vec<Request> {
        let parameters = draft.operation.parameters.iter();
        let of_parameters =
            parameters.map(|parameter| self.parameters.authored(&self.values, parameter).len());
        let of_bodies = draft.bodies.as_ref().map_or(0, Bodies::authored);
        let authored = of_parameters.max().unwrap_or(0).max(of_bodies);
        let count = self.options.variants.clamp(1, MAX_VARIANTS);
        let mut requests = Vec::new();
        let mut seen = HashSet::new();
        let mut reason = None;
        for (turn, variant) in Variant::all(authored, count).enumerate() {
            let mut left_out = Vec::new();
            match self.variant(draft, variant, turn, &mut left_out) {
                Ok(request) if seen.insert(request.bytes.clone()) => requests.push(request),
                Ok(_) => {}
                Err(why) => reason = Some(why),
            }
            if variant == Variant::Full {
                unmade.extend(left_out);
            }
        }
        if requests.is_empty() {
            unmade.extend(reason);
        }
        requests
    }

    /// One request. Where another operation would take it, other values are tried.
    fn variant(
        &mut self,
        draft: &mut Draft<'d>,
        variant: Variant,
        turn: usize,
        left_out: &mut Vec<String>,
    ) -> Result<Request, String> {
        let mut reason = String::new();
        for attempt in 0..ATTEMPTS {
            let key = draft.key.with_number(variant.number()).with_number(attempt);
            // The author's values are the same at every attempt
            let variant = if attempt > 0 && matches!(variant, Variant::Authored(_)) {
                Variant::Seeded(0)
            } else {
                variant
            };
            left_out.clear();
            let written = self.written(draft, variant, key, left_out)?;
            let target = self.target(draft, &written);
            match self.leads_to(draft, &target, &written) {
                Ok(()) => return self.request(draft, &target, &written, variant, turn, key),
                Err(why) => reason = why,
            }
        }
        Err(reason)
    }

    /// The parameters of one request.
    ///
    /// # Errors
    /// One that is required cannot be written.
    fn written(
        &mut self,
        draft: &Draft<'d>,
        variant: Variant,
        key: Key,
        left_out: &mut Vec<String>,
    ) -> Result<Written<'d>, String> {
        let mut written = Written::default();
        for parameter in &draft.operation.parameters {
            if !self.is_sent(parameter, variant, key) {
                continue;
            }
            let list = match parameter.place {
                Place::Path => &mut written.path,
                Place::Query | Place::QueryString => &mut written.query,
                Place::Cookie => &mut written.cookies,
                Place::Header => match role(&parameter.name) {
                    Role::Parameter => &mut written.fields,
                    Role::Cookies => &mut written.cookies,
                    Role::Ignored | Role::Ours => continue,
                    Role::Forbidden if !parameter.required => continue,
                    Role::Forbidden => {
                        return Err(format!("the header parameter `{}` cannot be sent", parameter.name));
                    }
                },
            };
            match self.parameters.text(&mut self.values, parameter, variant, key) {
                Ok(text) => list.push((&parameter.name, text)),
                Err(why) if parameter.required => {
                    return Err(format!("parameter `{}`: {why}", parameter.name));
                }
                Err(why) => left_out.push(format!("parameter `{}` is left out: {why}", parameter.name)),
            }
        }
        Ok(written)
    }

    fn is_sent(&mut self, parameter: &Arc<Parameter>, variant: Variant, key: Key) -> bool {
        let is_current = !parameter.deprecated;
        parameter.required
            || match variant {
                Variant::Required => false,
                Variant::Full => true,
                Variant::Authored(_) => {
                    is_current && !self.parameters.authored(&self.values, parameter).is_empty()
                }
                Variant::Seeded(_) => {
                    is_current && key.with(b"is sent").with(parameter.name.as_bytes()).0 & 1 == 0
                }
            }
    }

    fn target(&self, draft: &Draft<'d>, written: &Written<'d>) -> String {
        let mut target = format!("{}{}", self.base_path, path::filled(&draft.operation.path, &written.path));
        let is_written = |name: &str| written.query.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
        let condition = draft.operation.path_condition.as_deref().unwrap_or_default();
        let conditions = path::condition(condition, is_written);
        let keys = draft.credentials.iter().filter_map(|credential| match credential {
            Credential::Query(name) if !is_written(name) => Some(credentials::key(&encode::value(name))),
            _ => None,
        });
        let pairs = written.query.iter().map(|(_, text)| text.to_string());
        for (index, pair) in conditions.into_iter().chain(pairs).chain(keys).enumerate() {
            target.push(if index == 0 { '?' } else { '&' });
            target.push_str(&pair);
        }
        target
    }

    /// # Errors
    /// Which operation the target leads to instead, or that its variables are read otherwise than they were written.
    fn leads_to(&self, draft: &Draft<'d>, target: &str, written: &Written<'d>) -> Result<(), String> {
        let method = method_name(&draft.operation.method);
        let mut captures = Captures::new();
        let Some((operation, matched)) = self.routes.find(self.document, method, target, &mut captures)
        else {
            return Err("no value of its path variables leads to it".to_owned());
        };
        if operation != draft.index {
            let other = template(&self.document.operations[operation as usize]);
            return Err(format!("its requests are taken by {method} {other}"));
        }
        let names = self.routes.names(operation, matched);
        let is_read = |(name, text): &(&str, Rc<str>)| {
            let name = variable_name(name);
            let index = names.iter().position(|known| known.eq_ignore_ascii_case(name));
            index.is_none_or(|index| captures.get(index, target.as_bytes()) == Some(text.as_bytes()))
        };
        match written.path.iter().all(is_read) {
            true => Ok(()),
            false => Err("no values of its path variables can be told apart".to_owned()),
        }
    }

    fn request(
        &self,
        draft: &mut Draft<'d>,
        target: &str,
        written: &Written<'d>,
        variant: Variant,
        turn: usize,
        key: Key,
    ) -> Result<Request, String> {
        let has_body = |bodies: &Bodies<'d>| {
            bodies.required
                || match variant {
                    Variant::Required => false,
                    Variant::Full => true,
                    Variant::Authored(_) => bodies.authored() > 0,
                    Variant::Seeded(_) => key.with(b"body").0 & 3 != 0,
                }
        };
        let body = match draft.bodies.as_mut().filter(|bodies| has_body(bodies)) {
            Some(bodies) => match bodies.body(variant, turn, key) {
                Ok(body) => Some(body),
                Err(why) if bodies.required => return Err(format!("its body: {why}")),
                Err(_) => None,
            },
            None => None,
        };
        let mut fields: Vec<(&str, Cow<'_, str>)> = vec![
            ("Host", self.options.host.as_str().into()),
            ("User-Agent", self.options.user_agent.as_str().into()),
            ("Accept", draft.accept.as_str().into()),
        ];
        fields.extend(written.fields.iter().map(|(name, text)| (*name, Cow::Borrowed(&**text))));
        add_credentials(&draft.credentials, target, &mut fields);
        fields.push(("Cookie", cookies(&draft.credentials, written).into()));
        if let Some(body) = &body {
            fields.push(("Content-Type", body.content_type.as_str().into()));
        }
        let method = method_name(&draft.operation.method);
        let message =
            Message { method, target, fields, body: body.as_ref().map(|body| body.bytes.as_slice()) };
        message.finish(&self.options.headers).map_err(|why| format!("a request is left out: {why}"))
    }
}

/// Credentials in fields that no parameter has filled.
fn add_credentials<'m>(
    credentials: &'m [Credential<'_>],
    target: &str,
    fields: &mut Vec<(&'m str, Cow<'m, str>)>,
) {
    for credential in credentials {
        let (name, value) = match credential {
            Credential::Field(name, value) => (*name, Cow::Borrowed(value.as_str())),
            Credential::Digest => ("Authorization", Cow::Owned(credentials::digest(target))),
            Credential::Query(_) | Credential::Cookie(_) => continue,
        };
        if !fields.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
            fields.push((name, value));
        }
    }
}

/// Value of the one field `Cookie`; empty where there are none.
fn cookies(credentials: &[Credential<'_>], written: &Written<'_>) -> String {
    let keys = credentials.iter().filter_map(|credential| match credential {
        Credential::Cookie(name) if !written.cookies.iter().any(|(known, _)| known == name) => {
            Some(credentials::key(name))
        }
        _ => None,
    });
    let texts = written.cookies.iter().map(|(_, text)| text.to_string());
    texts.chain(keys).collect::<Vec<_>>().join("; ")
}
