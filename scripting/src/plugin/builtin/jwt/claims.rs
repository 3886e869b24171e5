//! What the claims of a token must say.

use serde_json::{Map, Value};

use super::super::settings::{owned, texts};

/// What claims must be.
#[derive(Debug)]
pub(super) struct Expected {
    issuers: Box<[Box<str>]>,
    audiences: Box<[Box<str>]>,
    required: Box<[Box<str>]>,
    /// In seconds
    leeway: f64,
}

/// Where scopes are named.
#[derive(Debug)]
pub(super) struct Scopes(Box<[Box<str>]>);

impl Expected {
    pub(super) fn configure(config: &Value) -> Expected {
        Expected {
            issuers: owned(texts(config, "issuer")),
            audiences: owned(texts(config, "audience")),
            required: owned(texts(config, "required")),
            leeway: config["leeway"].as_f64().unwrap_or_default(),
        }
    }

    /// Judges claims at a time in milliseconds since 1970 (RFC 7519, section 4.1).
    pub(super) fn judge(&self, claims: &Map<String, Value>, now: i64) -> Result<(), String> {
        let now = now as f64 / 1000.0;
        if date(claims, "exp")?.is_some_and(|end| now >= end + self.leeway) {
            return Err("the token has expired".into());
        }
        if date(claims, "nbf")?.is_some_and(|start| now + self.leeway < start) {
            return Err("the token is not valid yet".into());
        }
        let issuer = claims.get("iss").and_then(Value::as_str);
        if !self.issuers.is_empty() && !issuer.is_some_and(|issuer| has(&self.issuers, issuer)) {
            return Err("the token is from another issuer".into());
        }
        if !self.audiences.is_empty() && !is_for(&self.audiences, claims.get("aud")) {
            return Err("the token is for another audience".into());
        }
        let is_there = |name: &str| claims.get(name).is_some_and(|claim| !claim.is_null());
        match self.required.iter().find(|name| !is_there(name)) {
            Some(missing) => Err(format!("the token has no claim '{missing}'")),
            None => Ok(()),
        }
    }
}

/// A `NumericDate` (RFC 7519, section 2).
fn date(claims: &Map<String, Value>, name: &str) -> Result<Option<f64>, String> {
    match claims.get(name) {
        None => Ok(None),
        Some(claim) => match claim.as_f64() {
            Some(date) => Ok(Some(date)),
            None => Err(format!("the claim '{name}' is not a number of seconds")),
        },
    }
}

fn has(known: &[Box<str>], text: &str) -> bool {
    known.iter().any(|known| **known == *text)
}

fn is_for(known: &[Box<str>], audience: Option<&Value>) -> bool {
    match audience {
        Some(Value::String(one)) => has(known, one),
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).any(|item| has(known, item)),
        _ => false,
    }
}

impl Scopes {
    pub(super) fn configure(config: &Value) -> Scopes {
        Scopes(owned(texts(config, "scope_claims")))
    }

    /// Whether claims name all of the scopes that are needed.
    pub(super) fn cover(&self, claims: &Map<String, Value>, needed: &[Box<str>]) -> bool {
        if needed.is_empty() {
            return true;
        }
        let granted = self.0.iter().find_map(|name| find(claims, name));
        needed.iter().all(|scope| match granted {
            Some(Value::String(words)) => words.split_ascii_whitespace().any(|word| word == &**scope),
            Some(Value::Array(items)) => items.iter().any(|item| item.as_str() == Some(scope)),
            _ => false,
        })
    }
}

/// A claim by its name, or by a JSON pointer. Names may begin with `/` too, as those that are URLs do not.
fn find<'c>(claims: &'c Map<String, Value>, name: &str) -> Option<&'c Value> {
    let Some(path) = name.strip_prefix('/') else { return claims.get(name) };
    let (first, rest) = match path.split_once('/') {
        Some((first, rest)) => (first, format!("/{rest}")),
        None => (path, String::new()),
    };
    claims.get(&*mocker_source::unescape_token(first))?.pointer(&rest)
}
