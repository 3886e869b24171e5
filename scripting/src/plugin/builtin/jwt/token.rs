//! A token and its signature (RFC 7515).

use jsonwebtoken::errors::ErrorKind;
use serde_json::{Map, Value};

use super::keys::Keys;
use crate::host::base64;

/// The claims of a token that is signed with one of the keys, by the key's own algorithm. Times and names are not
/// looked at.
///
/// # Errors
/// Why it is refused.
pub(super) fn verified(token: &str, keys: &Keys) -> Result<Map<String, Value>, String> {
    let header = header(token)?;
    let algorithm = header.get("alg").and_then(Value::as_str);
    let algorithm = algorithm.ok_or("the token does not say how it is signed")?;
    if header.contains_key("crit") {
        // RFC 7515, section 4.1.11: extensions that are not understood and must be.
        return Err("the token uses extensions that are not supported".into());
    }
    let id = header.get("kid").map(|id| id.as_str().ok_or("the token's 'kid' is no text")).transpose()?;
    let mut candidates = keys.of(algorithm, id)?.peekable();
    if candidates.peek().is_none() {
        return Err("the token is signed with a key that is not known".into());
    }
    let mut reason = "the signature does not belong to the token and the key";
    for key in candidates {
        match jsonwebtoken::decode::<Map<String, Value>>(token, key.decoding(), key.validation()) {
            Ok(token) => return Ok(token.claims),
            Err(error) => match error.kind() {
                ErrorKind::Json(_) | ErrorKind::Utf8(_) => reason = "the claims are not a JSON object",
                ErrorKind::Base64(_) => reason = "the token is not base 64",
                _ => {}
            },
        }
    }
    Err(reason.into())
}

/// The JOSE header. Nothing in it is believed: it says which of the known keys to try.
fn header(token: &str) -> Result<Map<String, Value>, String> {
    let mut parts = token.split('.');
    let [Some(header), Some(_), Some(_), None] = [parts.next(), parts.next(), parts.next(), parts.next()]
    else {
        return Err("a token is three parts with a dot between them".into());
    };
    let bytes = base64::decode(header).map_err(|_| "the token's header is not base 64")?;
    serde_json::from_slice(&bytes).map_err(|_| "the token's header is not a JSON object".into())
}
