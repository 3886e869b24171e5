//! Security Schemes and Requirements (OpenAPI 3.1 §4.8.27, §4.8.30).

use std::collections::HashSet;
use std::sync::Arc;

use mocker_source::{Diagnostic, Kind, Node};

use super::Reader;
use crate::codes;
use crate::kind::kind_name;
use crate::limits::REQUIREMENTS;
use crate::model::{Place, Requirement, SecurityScheme};
use crate::version::Family;

/// The schemes of a description.
#[derive(Default)]
pub(crate) struct Schemes<'t> {
    pub(crate) known: Vec<(Arc<str>, SecurityScheme)>,
    /// Declared, but not to be understood: reported once, where they are declared
    invalid: HashSet<&'t str>,
}

impl<'t> Reader<'_, 't> {
    pub(super) fn security_schemes(&mut self) -> Schemes<'t> {
        let map = match self.family {
            Family::Swagger2 => self.object(self.root, "securityDefinitions"),
            _ => self
                .object(self.root, "components")
                .and_then(|components| self.object(components, "securitySchemes")),
        };
        let mut schemes = Schemes::default();
        let Some(map) = map else { return schemes };
        for (name, node) in map.entries().filter(|(name, _)| !name.starts_with("x-")) {
            match self.security_scheme(name, node) {
                Some(scheme) => schemes.known.push((self.shared(name), scheme)),
                None => {
                    schemes.invalid.insert(name);
                }
            }
        }
        schemes
    }

    fn security_scheme(&mut self, name: &str, node: Node<'t>) -> Option<SecurityScheme> {
        let node = self.deref(node)?;
        let kind = if node.kind() == Kind::Object { self.text(node, "type").unwrap_or_default() } else { "" };
        let scheme = match kind {
            "basic" => Some(SecurityScheme::Http("basic".into())),
            "http" => self
                .text(node, "scheme")
                .map(|scheme| SecurityScheme::Http(scheme.to_ascii_lowercase().into())),
            "apiKey" => self.api_key(node),
            "oauth2" => Some(SecurityScheme::OAuth2),
            "openIdConnect" => Some(SecurityScheme::OpenIdConnect),
            "mutualTLS" => Some(SecurityScheme::MutualTls),
            _ => None,
        };
        if scheme.is_none() {
            let (message, help) = match kind {
                "http" => (
                    format!("the scheme `{name}` has no `scheme`"),
                    "add `scheme: bearer` or `scheme: basic`",
                ),
                "apiKey" => (
                    format!("the key of `{name}` is nowhere"),
                    "add `name` and `in: header`, `query` or `cookie`",
                ),
                "" => (format!("the scheme `{name}` has no `type`"), "add `type`"),
                other => (
                    format!("the scheme `{name}` has the unknown type `{other}`"),
                    "write `http`, `apiKey`, `oauth2`, `openIdConnect` or `mutualTLS`",
                ),
            };
            self.report(Diagnostic::warning(codes::SECURITY_SCHEME_INVALID, node, message).with_help(help));
        }
        scheme
    }

    fn api_key(&mut self, node: Node<'t>) -> Option<SecurityScheme> {
        let place = match self.text(node, "in")? {
            "header" => Place::Header,
            "query" => Place::Query,
            "cookie" => Place::Cookie,
            _ => return None,
        };
        Some(SecurityScheme::ApiKey { place, name: self.text(node, "name")?.into() })
    }

    /// The operation's requirements, or the document's. An alternative with an unknown scheme
    /// is no alternative.
    pub(super) fn security(&mut self, operation: Node<'t>) -> Vec<Requirement> {
        let holder = if operation.get("security").is_some() { operation } else { self.root };
        let Some(list) = self.array(holder, "security") else { return Vec::new() };
        if let Some(known) = self.requirements.get(&list.id()) {
            return known.clone();
        }
        if list.len() > REQUIREMENTS {
            let message = format!("more than {REQUIREMENTS} alternatives; the rest is left out");
            self.report(Diagnostic::warning(codes::LIST_TOO_LONG, list, message));
        }
        let alternatives = list.items().take(REQUIREMENTS);
        let read: Vec<Requirement> =
            alternatives.filter_map(|alternative| self.requirement(alternative)).collect();
        self.requirements.insert(list.id(), read.clone());
        read
    }

    fn requirement(&mut self, alternative: Node<'t>) -> Option<Requirement> {
        if alternative.kind() != Kind::Object {
            let message =
                format!("a security requirement should be an object, this is {}", kind_name(alternative));
            let help = "write `- some-scheme: []`";
            self.report(Diagnostic::warning(codes::WRONG_TYPE, alternative, message).with_help(help));
            return None;
        }
        let mut requirement = Vec::with_capacity(alternative.len());
        let mut whole = true;
        for (name, scopes) in alternative.entries() {
            if !self.is_scheme(name, scopes) {
                whole = false;
                continue;
            }
            let scopes = scopes.items().filter_map(Node::as_str).map(Into::into).collect();
            requirement.push((self.shared(name), scopes));
        }
        whole.then_some(requirement)
    }

    fn is_scheme(&mut self, name: &'t str, node: Node<'t>) -> bool {
        if self.schemes.known.iter().any(|(known, _)| **known == *name) {
            return true;
        }
        if self.schemes.invalid.contains(name) {
            return false;
        }
        // OpenAPI 3.2 §4.29: the name may be the URI of a scheme
        if self.family >= Family::V32
            && name.contains(['/', '#'])
            && let Ok(target) = self.resolver.resolve(node, name)
            && let Some(scheme) = self.security_scheme(name, target)
        {
            let name = self.shared(name);
            self.schemes.known.push((name, scheme));
            return true;
        }
        let message = format!("there is no security scheme `{name}`; this requirement is left out");
        let known = &self.schemes.known;
        let near = self.resolver.nearest(name, known.iter().map(|(known, _)| &**known), known.len());
        let help = near.map_or("declare it".to_owned(), |near| format!("did you mean `{near}`?"));
        self.report(Diagnostic::warning(codes::SECURITY_UNKNOWN, node, message).with_help(help));
        false
    }
}
