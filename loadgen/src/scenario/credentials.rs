//! Credentials of the right form. Nobody checks them here; who needs real ones gives them as header fields.

use mocker_http::response::is_field_name;
use mocker_openapi::Document;
use mocker_openapi::model::{Operation, Place, Requirement, SecurityScheme};

use super::field::is_field;

/// What stands for a token or a key.
const TOKEN: &str = "mocker";
/// `mocker:mocker` (RFC 7617)
const BASIC: &str = "Basic bW9ja2VyOm1vY2tlcg==";
const AUTHORIZATION: &str = "Authorization";

/// Credentials for one scheme, where they are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Credential<'d> {
    /// A field and its value
    Field(&'d str, String),
    /// Digest, whose value hangs on method and target
    Digest,
    /// A key in the query, by its name
    Query(&'d str),
    /// A key in a cookie, by its name
    Cookie(&'d str),
}

impl<'d> Credential<'d> {
    fn of(scheme: &'d SecurityScheme) -> Option<Credential<'d>> {
        Some(match scheme {
            SecurityScheme::Http(scheme) => match &**scheme {
                "basic" => Credential::Field(AUTHORIZATION, BASIC.to_owned()),
                "digest" => Credential::Digest,
                "bearer" => Credential::Field(AUTHORIZATION, format!("Bearer {TOKEN}")),
                other => Credential::Field(AUTHORIZATION, format!("{other} {TOKEN}")),
            },
            SecurityScheme::OAuth2 | SecurityScheme::OpenIdConnect => {
                Credential::Field(AUTHORIZATION, format!("Bearer {TOKEN}"))
            }
            SecurityScheme::ApiKey { place: Place::Query, name } => Credential::Query(name),
            SecurityScheme::ApiKey { place: Place::Cookie, name } => Credential::Cookie(name),
            SecurityScheme::ApiKey { name, .. } => Credential::Field(name, TOKEN.to_owned()),
            SecurityScheme::MutualTls => return None,
        })
    }

    /// Whether what the document names can stand in a request.
    fn is_sendable(&self) -> bool {
        match self {
            Credential::Field(name, value) => is_field(name, value),
            Credential::Cookie(name) => is_field_name(name),
            Credential::Digest | Credential::Query(_) => true,
        }
    }

    /// The field that it takes, if it takes one.
    fn field(&self) -> Option<&str> {
        match self {
            Credential::Field(name, _) => Some(name),
            Credential::Digest => Some(AUTHORIZATION),
            Credential::Query(_) | Credential::Cookie(_) => None,
        }
    }
}

/// Credentials for the first alternative that can be met.
///
/// # Errors
/// Why none can be met.
pub(super) fn choose<'d>(
    document: &'d Document,
    operation: &Operation,
) -> Result<Vec<Credential<'d>>, String> {
    if operation.security.is_empty() {
        return Ok(Vec::new());
    }
    let mut reason = String::new();
    for requirement in &operation.security {
        match all_of(document, requirement) {
            Ok(credentials) => return Ok(credentials),
            Err(why) => reason = why,
        }
    }
    Err(format!("no credentials can be made: {reason}"))
}

fn all_of<'d>(document: &'d Document, requirement: &Requirement) -> Result<Vec<Credential<'d>>, String> {
    let mut credentials: Vec<Credential<'d>> = Vec::new();
    for (name, _) in requirement {
        let known = document.security_schemes.iter().find(|(known, _)| known == name);
        let (_, scheme) = known.ok_or_else(|| format!("the security scheme `{name}` is not described"))?;
        let Some(credential) = Credential::of(scheme) else { continue };
        if !credential.is_sendable() {
            return Err(format!("the security scheme `{name}` names what no request can have"));
        }
        // Two schemes that one token is good for
        if credentials.contains(&credential) {
            continue;
        }
        let is_of = |field: &str| {
            credentials
                .iter()
                .any(|other| other.field().is_some_and(|other| other.eq_ignore_ascii_case(field)))
        };
        if credential.field().is_some_and(is_of) {
            return Err(format!("two schemes ask for one header field, `{name}` is one of them"));
        }
        credentials.push(credential);
    }
    Ok(credentials)
}

/// Value of `Authorization` for Digest (RFC 7616, section 3.4): complete, and wrong.
pub(super) fn digest(target: &str) -> String {
    format!(
        "Digest username=\"{TOKEN}\", realm=\"*\", nonce=\"abc123\", uri=\"{target}\", \
         response=\"00000000000000000000000000000000\""
    )
}

/// A key in the query or in a cookie, whose name is as it is sent.
pub(super) fn key(name: &str) -> String {
    format!("{name}={TOKEN}")
}
