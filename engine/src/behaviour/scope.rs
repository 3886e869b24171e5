//! Whose state a request sees.

use std::borrow::Cow;
use std::net::IpAddr;

use mocker_http::request::Known;
use mocker_scripting::{Request, host};

use super::Arrived;

/// Where the name of a request's scope stands. Requests without it have the client's address for a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScopeSource {
    /// A header field
    Header(Box<str>),
    /// A cookie
    Cookie(Box<str>),
    /// A claim of the JSON web token in `Authorization: Bearer`; the token is not verified
    Claim(Box<str>),
    /// Nowhere: always the client's address
    Client,
}

impl Default for ScopeSource {
    fn default() -> ScopeSource {
        ScopeSource::Header("X-Mocker-Session".into())
    }
}

impl ScopeSource {
    /// The name of a request's scope; it is never empty.
    pub(super) fn name(&self, request: &Request, client: IpAddr) -> String {
        let named = match self {
            ScopeSource::Header(name) => request.field(name),
            ScopeSource::Cookie(name) => {
                request.cookies().find(|(known, _)| **known == **name).map(|(_, value)| value)
            }
            ScopeSource::Claim(name) => {
                request.field("Authorization").and_then(|field| claim(&field, name)).map(Cow::Owned)
            }
            ScopeSource::Client => None,
        };
        match named.filter(|name| !name.is_empty()) {
            Some(name) => name.into_owned(),
            None => address(client),
        }
    }

    /// The same of a head; nothing where the request does not have it and the user did not ask for addresses.
    pub(crate) fn of_head<'a>(&self, arrived: &Arrived<'a>) -> Option<Cow<'a, str>> {
        let fields = &arrived.head.fields;
        let named = match self {
            ScopeSource::Header(name) => fields.find(name).map(String::from_utf8_lossy),
            ScopeSource::Cookie(name) => {
                let named = fields.cookies().find(|(known, _)| *known == name.as_bytes());
                named.map(|(_, value)| String::from_utf8_lossy(value))
            }
            ScopeSource::Claim(name) => {
                let field = fields.get(Known::Authorization).map(String::from_utf8_lossy)?;
                claim(&field, name).map(Cow::Owned)
            }
            ScopeSource::Client => Some(Cow::Owned(address(arrived.client))),
        };
        named.filter(|name| !name.is_empty())
    }
}

fn address(client: IpAddr) -> String {
    client.to_canonical().to_string()
}

fn claim(field: &str, name: &str) -> Option<String> {
    let (scheme, token) = field.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    let token = host::jwt::decode(token.trim()).ok()?;
    match token.claims.get(name)? {
        serde_json::Value::String(text) => Some(text.clone()),
        value @ (serde_json::Value::Number(_) | serde_json::Value::Bool(_)) => Some(value.to_string()),
        _ => None,
    }
}
