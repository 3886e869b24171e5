//! Credentials of a request: whether what an operation asks for is there. Nothing is verified: any password,
//! key and signature will do.
//!
//! The requirements of an operation are alternatives; one of them must be met whole. The empty alternative
//! (`{}`) is met by a request without `Authorization`, as in Prism: credentials that fit nothing are refused
//! even where none are needed.

mod base64;
mod credentials;
mod scopes;

#[cfg(test)]
mod tests;

use bumpalo::Bump;
use mocker_http::request::{Fields, Known};
use mocker_openapi::Document;
use mocker_openapi::model::{Operation, Place, Requirement, SecurityScheme};

use super::parameters::{of_cookies, of_query};
use credentials::Credentials;

/// The security requirements of one operation, compiled.
#[derive(Debug)]
pub struct Security {
    /// Each of them suffices; none: everybody may
    alternatives: Box<[Box<[Need]>]>,
    check_scopes: bool,
}

/// One scheme of an alternative.
#[derive(Debug)]
struct Need {
    scheme: Scheme,
    /// Asked for where scopes are checked
    scopes: Box<[Box<str>]>,
}

/// A security scheme as it is checked.
#[derive(Debug)]
enum Scheme {
    Basic,
    Digest,
    /// A bearer token, and what challenges for it: `Bearer`, `OAuth2`, `OpenID`
    Bearer(&'static str),
    /// Any other scheme of `Authorization`, in lower case
    Other(Box<str>),
    KeyInHeader(Box<str>),
    KeyInQuery(Box<str>),
    KeyInCookie(Box<str>),
    /// Of the connection, not of the request: always met
    MutualTls,
}

/// Why a request is turned away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Denied {
    /// Credentials are missing or not what the scheme asks for: 401
    Unauthorized(Unauthorized),
    /// A token that lacks scopes: 403
    Forbidden(Forbidden),
}

/// Credentials are missing or not what the scheme asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unauthorized {
    /// Value of `WWW-Authenticate`: what would be accepted, joined by `,`. `None` where there is nothing to
    /// say: for keys, and where the right scheme came with credentials that cannot be read.
    pub challenge: Option<String>,
}

/// A token that lacks scopes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forbidden {
    /// Scopes that are required and not in the token, of the first alternative that asks for them
    pub missing: Vec<String>,
}

/// What is wrong with the credentials for one scheme.
enum Failure {
    /// They are not there, or are for another scheme
    Missing,
    /// The scheme is right, what follows is not
    Unreadable,
}

/// What has credentials in a request.
struct Request<'a> {
    credentials: Option<Credentials<'a>>,
    fields: &'a Fields<'a>,
    query: &'a [u8],
    arena: &'a Bump,
}

impl Security {
    /// Prepares the requirements of `operation`, which is one of `document`'s. With `check_scopes` a bearer token
    /// that is a JSON Web Token must name the scopes that the operation asks for.
    pub fn compile(document: &Document, operation: &Operation, check_scopes: bool) -> Security {
        let of = |requirement: &Requirement| {
            requirement.iter().filter_map(|need| compile(document, need)).collect()
        };
        Security { alternatives: operation.security.iter().map(of).collect(), check_scopes }
    }

    /// Whether nothing is asked for: then there is nothing to check.
    pub fn is_empty(&self) -> bool {
        self.alternatives.is_empty()
    }

    /// Looks for credentials in a request; `query` is as received, without `?`. Nothing but the arena grows where
    /// they suffice.
    ///
    /// # Errors
    /// [`Denied`] where no alternative is met: [`Denied::Forbidden`] if one of them only lacks scopes.
    pub fn check<'a>(&self, fields: &'a Fields<'a>, query: &'a [u8], arena: &'a Bump) -> Result<(), Denied> {
        if self.is_empty() {
            return Ok(());
        }
        let authorization = fields.get(Known::Authorization).filter(|value| !value.is_empty());
        let credentials = authorization.map(Credentials::parse);
        let request = Request { credentials, fields, query, arena };
        let mut missing = None;
        for needs in &self.alternatives {
            if !request.meets(needs) {
                continue;
            }
            if !self.check_scopes || !request.lacks_scopes(needs) {
                return Ok(());
            }
            missing = missing.or_else(|| Some(request.missing_scopes(needs)));
        }
        Err(match missing {
            Some(missing) => Denied::Forbidden(Forbidden { missing }),
            None => Denied::Unauthorized(self.unauthorized(&request)),
        })
    }

    /// Challenges of what fails, in the order of the document.
    fn unauthorized(&self, request: &Request<'_>) -> Unauthorized {
        let mut challenges: Vec<&str> = Vec::new();
        for needs in &self.alternatives {
            if needs.is_empty() {
                challenges.push("None");
            }
            let failing = needs.iter().filter_map(|need| Some((need, request.failure(need)?)));
            challenges.extend(failing.filter_map(|(need, failure)| need.scheme.challenge(&failure)));
        }
        Unauthorized { challenge: (!challenges.is_empty()).then(|| challenges.join(",")) }
    }
}

fn compile(document: &Document, (name, scopes): &(std::sync::Arc<str>, Vec<Box<str>>)) -> Option<Need> {
    let (_, scheme) = document.security_schemes.iter().find(|(known, _)| known == name)?;
    let scheme = match scheme {
        SecurityScheme::Http(scheme) => match &**scheme {
            "basic" => Scheme::Basic,
            "digest" => Scheme::Digest,
            "bearer" => Scheme::Bearer("Bearer"),
            _ => Scheme::Other(scheme.clone()),
        },
        SecurityScheme::ApiKey { place: Place::Query, name } => Scheme::KeyInQuery(name.clone()),
        SecurityScheme::ApiKey { place: Place::Cookie, name } => Scheme::KeyInCookie(name.clone()),
        SecurityScheme::ApiKey { name, .. } => Scheme::KeyInHeader(name.clone()),
        SecurityScheme::OAuth2 => Scheme::Bearer("OAuth2"),
        SecurityScheme::OpenIdConnect => Scheme::Bearer("OpenID"),
        SecurityScheme::MutualTls => Scheme::MutualTls,
    };
    Some(Need { scheme, scopes: scopes.as_slice().into() })
}

impl Scheme {
    /// What `WWW-Authenticate` says of the scheme.
    fn challenge(&self, failure: &Failure) -> Option<&str> {
        match (self, failure) {
            (_, Failure::Unreadable) => None,
            (Scheme::Basic, _) => Some("Basic realm=\"*\""),
            (Scheme::Digest, _) => Some("Digest realm=\"*\", nonce=\"abc123\""),
            (Scheme::Bearer(challenge), _) => Some(challenge),
            (Scheme::Other(scheme), _) => Some(scheme),
            (Scheme::KeyInHeader(_) | Scheme::KeyInQuery(_) | Scheme::KeyInCookie(_), _) => None,
            (Scheme::MutualTls, _) => None,
        }
    }
}

impl Request<'_> {
    fn meets(&self, needs: &[Need]) -> bool {
        match needs {
            [] => self.credentials.is_none(),
            needs => needs.iter().all(|need| self.failure(need).is_none()),
        }
    }

    fn failure(&self, need: &Need) -> Option<Failure> {
        let is_there =
            match &need.scheme {
                Scheme::Basic => {
                    return self.authorization("basic", |sent| sent.are_basic(), Failure::Unreadable);
                }
                Scheme::Digest => {
                    return self.authorization("digest", |sent| sent.are_digest(), Failure::Unreadable);
                }
                Scheme::Bearer(_) => {
                    return self.authorization("bearer", |sent| sent.are_there(), Failure::Missing);
                }
                Scheme::Other(scheme) => return self.authorization(scheme, |_| true, Failure::Missing),
                Scheme::KeyInHeader(name) => self.fields.find_all(name).any(|value| !value.is_empty()),
                Scheme::KeyInQuery(name) => of_query(self.query, self.arena)
                    .any(|pair| *pair.name == **name && !pair.value.is_empty()),
                Scheme::KeyInCookie(name) => of_cookies(self.fields, self.arena)
                    .any(|pair| *pair.name == **name && !pair.value.is_empty()),
                Scheme::MutualTls => true,
            };
        if is_there { None } else { Some(Failure::Missing) }
    }

    /// What is wrong with `Authorization` for a scheme whose credentials must be `readable`.
    fn authorization(
        &self,
        scheme: &str,
        readable: impl Fn(&Credentials<'_>) -> bool,
        unreadable: Failure,
    ) -> Option<Failure> {
        match &self.credentials {
            Some(credentials) if credentials.are_for(scheme) => {
                if readable(credentials) {
                    None
                } else {
                    Some(unreadable)
                }
            }
            _ => Some(Failure::Missing),
        }
    }

    fn lacks_scopes(&self, needs: &[Need]) -> bool {
        needs.iter().any(|need| self.missing(need).next().is_some())
    }

    fn missing_scopes(&self, needs: &[Need]) -> Vec<String> {
        needs.iter().flat_map(|need| self.missing(need)).map(str::to_owned).collect()
    }

    /// Scopes of a bearer scheme that its token, if it can be looked into, does not name.
    fn missing<'n>(&self, need: &'n Need) -> impl Iterator<Item = &'n str> {
        let token = match (&need.scheme, &self.credentials) {
            (Scheme::Bearer(_), Some(credentials)) if !need.scopes.is_empty() => {
                scopes::granted(credentials.parameters, self.arena)
            }
            _ => None,
        };
        let scopes = need.scopes.iter().map(|scope| &**scope);
        scopes.filter(move |scope| token.is_some_and(|token| !scopes::names(token, scope)))
    }
}
