//! Scopes in a JSON Web Token (RFC 7519; RFC 8693, 4.2). Signatures are not looked at.

use bumpalo::Bump;
use bumpalo::collections::Vec;

use super::base64;
use crate::request::Value;
use crate::request::parameters::parse_json;

/// Claims that name scopes: the standard's, and those of well-known issuers.
const CLAIMS: [&str; 3] = ["scope", "scp", "scopes"];

/// The claims of a token; `None` for a token that cannot be looked into.
pub(super) fn granted<'a>(token: &[u8], arena: &'a Bump) -> Option<Value<'a>> {
    let mut parts = token.split(|&byte| byte == b'.');
    let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let payload = Vec::from_iter_in(base64::decode(payload)?, arena).into_bump_slice();
    let claims = parse_json(std::str::from_utf8(payload).ok()?, arena)?;
    matches!(claims, Value::Object(_)).then_some(claims)
}

/// Whether a token with these claims has a scope: in a string of words or a list.
pub(super) fn names(claims: Value<'_>, scope: &str) -> bool {
    let Value::Object(claims) = claims else { return false };
    let claims = claims.iter().filter(|(name, _)| CLAIMS.contains(name));
    claims.into_iter().any(|(_, value)| match value {
        Value::String(words) => words.split(' ').any(|word| word == scope),
        Value::Array(items) => items.iter().any(|item| matches!(item, Value::String(text) if *text == scope)),
        _ => false,
    })
}
