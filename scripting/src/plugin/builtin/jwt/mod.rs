//! `jwt`: JSON Web Tokens (RFC 7519) as bearer tokens (RFC 6750).

mod claims;
mod keys;
mod pem;
mod token;

use serde_json::{Map, Value};

use super::authorization::credentials;
use super::settings::{flag, text};
use crate::Request;
use crate::plugin::limits::TOKEN_BYTES;
use crate::plugin::refusal::{challenge, challenge_value, refuse};
use crate::plugin::{Files, Misconfiguration, Notes, Verdict, Visit};
use claims::{Expected, Scopes};
use keys::Keys;

/// Checks JSON Web Tokens.
#[derive(Debug)]
pub(in crate::plugin) struct Jwt {
    keys: Keys,
    expected: Expected,
    scopes: Scopes,
    check_scopes: bool,
    realm: Box<str>,
}

impl Jwt {
    pub(in crate::plugin) fn configure(
        config: &Value,
        files: &mut dyn Files,
    ) -> Result<Jwt, Vec<Misconfiguration>> {
        Ok(Jwt {
            keys: Keys::configure(config, files)?,
            expected: Expected::configure(config),
            scopes: Scopes::configure(config),
            check_scopes: flag(config, "check_scopes"),
            realm: text(config, "realm").unwrap_or_default().into(),
        })
    }

    pub(in crate::plugin) fn before(&self, request: &Request, visit: &Visit<'_>) -> Verdict {
        let Some(token) = credentials(request, "Bearer") else {
            // RFC 6750, section 3.1: who sent no token at all is told of no error.
            let detail = "This operation needs a bearer token.";
            return Verdict::Answer(challenge("Bearer", &[("realm", &self.realm)], detail));
        };
        let claims = match self.verified(&token, visit.now) {
            Ok(claims) => claims,
            Err(reason) => return Verdict::Answer(self.invalid(&reason)),
        };
        let lacks_scopes = self.check_scopes && !self.scopes.cover(&claims, visit.scopes);
        if lacks_scopes {
            return Verdict::Answer(self.insufficient(visit.scopes));
        }
        let user = claims.get("sub").and_then(Value::as_str).map(Box::from);
        Verdict::Pass(Notes { claims: Some(Value::Object(claims)), user, ..Notes::default() })
    }

    /// The claims of a token that is what it must be.
    fn verified(&self, token: &str, now: i64) -> Result<Map<String, Value>, String> {
        if token.len() > TOKEN_BYTES {
            return Err(format!("the token has more than {TOKEN_BYTES} bytes"));
        }
        let claims = token::verified(token, &self.keys)?;
        self.expected.judge(&claims, now)?;
        Ok(claims)
    }

    fn invalid(&self, reason: &str) -> crate::Response {
        let parameters = [("realm", &*self.realm), ("error", "invalid_token"), ("error_description", reason)];
        challenge("Bearer", &parameters, &format!("The token is not valid: {reason}."))
    }

    fn insufficient(&self, scopes: &[Box<str>]) -> crate::Response {
        let needed = scopes.join(" ");
        let mut response =
            refuse(403, &format!("The token lacks scopes that this operation needs: {needed}."));
        let parameters = [("realm", &*self.realm), ("error", "insufficient_scope"), ("scope", &*needed)];
        response.set_field("WWW-Authenticate", challenge_value("Bearer", &parameters).as_bytes());
        response
    }
}
