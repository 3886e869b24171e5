//! `auth` of the collection, of folders and of requests.

use std::rc::Rc;
use std::sync::Arc;

use mocker_source::{Kind, Node};

use super::Collection;
use crate::codes;
use crate::model::{Place, Requirement, SecurityScheme};

impl<'t> Collection<'_, '_, 't> {
    /// What `holder` asks for; `None` where it leaves that to the folder around it.
    pub(super) fn security(&mut self, holder: Node<'t>) -> Option<Rc<[Requirement]>> {
        let auth = self.object(holder, "auth")?;
        let kind = self.reader.text(auth, "type").unwrap_or_default();
        if kind == "inherit" {
            return None;
        }
        let Some((name, scheme)) = self.scheme(auth, kind) else { return Some(Rc::default()) };
        let scopes = match scheme {
            SecurityScheme::OAuth2 => self.setting(auth, kind, "scope").unwrap_or_default(),
            _ => "",
        };
        let scopes = scopes.split_whitespace().filter(|scope| !scope.contains("{{")).map(Into::into);
        let need = (self.declared(name, scheme), scopes.collect());
        Some([vec![need]].into())
    }

    /// The scheme with its name; `None` where no credentials are needed, or none that can be checked.
    fn scheme(&mut self, auth: Node<'t>, kind: &str) -> Option<(String, SecurityScheme)> {
        let http = |scheme: &str| Some((kind.to_owned(), SecurityScheme::Http(scheme.into())));
        match kind {
            "noauth" => None,
            "basic" | "digest" | "bearer" | "hawk" | "ntlm" => http(kind),
            "jwt" if self.setting(auth, kind, "addTokenTo") == Some("queryParam") => {
                let name = self.setting(auth, kind, "queryParamKey").unwrap_or("token");
                self.api_key(auth, Place::Query, name)
            }
            "jwt" | "asap" => http("bearer"),
            "awsv4" if self.setting(auth, kind, "addAuthDataToQuery") == Some("true") => None,
            "awsv4" => http("aws4-hmac-sha256"),
            "edgegrid" => http("eg1-hmac-sha256"),
            "oauth1" => {
                http("oauth").filter(|_| self.setting(auth, kind, "addParamsToHeader") == Some("true"))
            }
            "oauth2" if self.setting(auth, kind, "addTokenTo") == Some("queryParams") => {
                self.api_key(auth, Place::Query, "access_token")
            }
            "oauth2" => Some((kind.to_owned(), SecurityScheme::OAuth2)),
            "apikey" => {
                let in_query = self.setting(auth, kind, "in") == Some("query");
                let name = self.setting(auth, kind, "key").unwrap_or_default();
                self.api_key(auth, if in_query { Place::Query } else { Place::Header }, name)
            }
            _ => {
                let message = match kind {
                    "" => "`auth` has no `type`; no credentials are asked for".to_owned(),
                    _ => format!("there is no auth of type `{kind}`; no credentials are asked for"),
                };
                let help = "write `basic`, `bearer`, `apikey`, `oauth2`, `digest` or `noauth`";
                self.warn(codes::SECURITY_SCHEME_INVALID, auth, message, help);
                None
            }
        }
    }

    /// Name and scheme say the same: equal names are equal schemes.
    fn api_key(&mut self, auth: Node<'t>, place: Place, name: &str) -> Option<(String, SecurityScheme)> {
        let name = self.resolved(auth, name.trim());
        if name.is_empty() || name.contains("{{") {
            let message = "the key has no name; no credentials are asked for".to_owned();
            self.warn(codes::SECURITY_SCHEME_INVALID, auth, message, "name its header or parameter in `key`");
            return None;
        }
        let kind = if place == Place::Query { "query" } else { "header" };
        let scheme = SecurityScheme::ApiKey { place, name: (&*name).into() };
        Some((format!("apikey-{kind}-{name}"), scheme))
    }

    /// A setting of one type: 2.1 lists keys and values, 2.0 has an object.
    fn setting(&mut self, auth: Node<'t>, kind: &str, name: &str) -> Option<&'t str> {
        let settings = auth.get(kind)?;
        let value = match settings.kind() {
            Kind::Array => {
                let is_named = |one: &Node<'t>| one.get("key").and_then(Node::as_str) == Some(name);
                settings.items().find(is_named)?.get("value")?
            }
            _ => settings.get(name)?,
        };
        value.scalar_text().filter(|text| !text.is_empty())
    }

    /// Declares the scheme, once.
    fn declared(&mut self, name: String, scheme: SecurityScheme) -> Arc<str> {
        if let Some(known) = self.schemes.get(name.as_str()) {
            return Arc::clone(known);
        }
        let name: Arc<str> = name.into();
        self.schemes.insert(Arc::clone(&name));
        self.reader.schemes.known.push((Arc::clone(&name), scheme));
        name
    }
}
