//! Keys that tokens may be signed with.

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::Value;

use super::super::settings::{text, texts};
use super::pem;
use crate::host::base64;
use crate::plugin::limits::{KEY_FILE_BYTES, TOKEN_KEYS};
use crate::plugin::{Files, Misconfiguration};

/// Bytes of the modulus of an RSA key (2048 bits), below which signatures are not accepted
pub(super) const MODULUS_BYTES: usize = 256;

/// Bytes of a coordinate of a point of P-256
const COORDINATE_BYTES: usize = 32;

/// Keys by which tokens are judged.
#[derive(Debug)]
pub(super) struct Keys(Box<[Key]>);

/// A key with the one algorithm that it is for: a token that names another is not judged by it.
pub(super) struct Key {
    id: Option<Box<str>>,
    algorithm: Algorithm,
    decoding: DecodingKey,
    validation: Validation,
}

/// Keys are not shown.
impl std::fmt::Debug for Key {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "a key of {:?}", self.algorithm)
    }
}

impl Key {
    pub(super) fn new(id: Option<&str>, algorithm: Algorithm, decoding: DecodingKey) -> Key {
        let mut validation = Validation::new(algorithm);
        // Claims are judged by the clock of the request, and in other words.
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        Key { id: id.map(Box::from), algorithm, decoding, validation }
    }

    pub(super) fn decoding(&self) -> &DecodingKey {
        &self.decoding
    }

    pub(super) fn validation(&self) -> &Validation {
        &self.validation
    }
}

impl Keys {
    pub(super) fn configure(config: &Value, files: &mut dyn Files) -> Result<Keys, Vec<Misconfiguration>> {
        let mut keys = Vec::new();
        let mut faults = Vec::new();
        for read in [secret, public_key, jwks] {
            match read(config, files) {
                Ok(more) => keys.extend(more),
                Err(fault) => faults.push(fault),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        if keys.is_empty() {
            let help = "give `secret`, `secret_env`, `secret_file`, `public_key` or `jwks`";
            return Err(vec![
                Misconfiguration::new("", "there is no key to verify tokens with").with_help(help),
            ]);
        }
        if keys.len() > TOKEN_KEYS {
            let message = format!("there are {} keys; {TOKEN_KEYS} are allowed", keys.len());
            return Err(vec![Misconfiguration::new("/jwks", message)]);
        }
        restricted(keys, &texts(config, "algorithms")).map_err(|fault| vec![fault])
    }

    /// Keys by which a token may be judged that names an algorithm and, perhaps, a key.
    ///
    /// # Errors
    /// When no key is for this algorithm.
    pub(super) fn of<'k>(
        &'k self,
        algorithm: &str,
        id: Option<&'k str>,
    ) -> Result<impl Iterator<Item = &'k Key>, &'static str> {
        let algorithm =
            algorithm_of(algorithm).filter(|algorithm| self.0.iter().any(|key| key.algorithm == *algorithm));
        let algorithm = algorithm.ok_or("the token is signed in a way that is not accepted")?;
        let is_meant = move |key: &&Key| {
            key.algorithm == algorithm && (id.is_none() || key.id.is_none() || key.id.as_deref() == id)
        };
        Ok(self.0.iter().filter(is_meant))
    }
}

/// Only these are accepted: `none` is not among them.
fn algorithm_of(name: &str) -> Option<Algorithm> {
    match name {
        "HS256" => Some(Algorithm::HS256),
        "RS256" => Some(Algorithm::RS256),
        "ES256" => Some(Algorithm::ES256),
        _ => None,
    }
}

fn restricted(mut keys: Vec<Key>, algorithms: &[&str]) -> Result<Keys, Misconfiguration> {
    if !algorithms.is_empty() {
        let accepted: Vec<Algorithm> = algorithms.iter().filter_map(|name| algorithm_of(name)).collect();
        keys.retain(|key| accepted.contains(&key.algorithm));
    }
    if keys.is_empty() {
        let message = format!("no key is for {}", algorithms.join(" or "));
        let help = "HS256 needs a secret, RS256 an RSA key, ES256 a key of the curve P-256";
        return Err(Misconfiguration::new("/algorithms", message).with_help(help));
    }
    Ok(Keys(keys.into()))
}

/// The one secret of `secret`, `secret_env` or `secret_file`.
fn secret(config: &Value, files: &mut dyn Files) -> Result<Vec<Key>, Misconfiguration> {
    let given = ["secret", "secret_env", "secret_file"].into_iter();
    let mut given = given.filter_map(|name| Some((name, text(config, name)?)));
    let Some((name, value)) = given.next() else { return Ok(Vec::new()) };
    if let Some((other, _)) = given.next() {
        let message = format!("`{name}` and `{other}` cannot be given together");
        return Err(Misconfiguration::new(format!("/{other}"), message).with_help("leave one of them out"));
    }
    let pointer = format!("/{name}");
    let secret = match name {
        "secret" => value.as_bytes().to_vec(),
        "secret_env" => match files.variable(value) {
            Some(secret) => secret.into_bytes(),
            None => {
                let message = format!("the environment variable `{value}` is not set");
                return Err(Misconfiguration::new(pointer, message));
            }
        },
        _ => {
            let mut secret = file(&pointer, value, files)?;
            while secret.ends_with(b"\n") || secret.ends_with(b"\r") {
                secret.pop();
            }
            secret
        }
    };
    if secret.is_empty() {
        return Err(Misconfiguration::new(pointer, "the secret is empty"));
    }
    Ok(vec![Key::new(None, Algorithm::HS256, DecodingKey::from_secret(&secret))])
}

fn public_key(config: &Value, files: &mut dyn Files) -> Result<Vec<Key>, Misconfiguration> {
    const POINTER: &str = "/public_key";
    let Some(given) = text(config, "public_key") else { return Ok(Vec::new()) };
    let bytes = match given.trim_start().starts_with("-----BEGIN") {
        true => given.as_bytes().to_vec(),
        false => file(POINTER, given, files)?,
    };
    let key = pem::key(&bytes);
    key.map(|key| vec![key]).map_err(|help| {
        Misconfiguration::new(POINTER, "this is no public key that tokens can be verified with")
            .with_help(help)
    })
}

fn jwks(config: &Value, files: &mut dyn Files) -> Result<Vec<Key>, Misconfiguration> {
    const POINTER: &str = "/jwks";
    let wrong = |message: String| {
        Misconfiguration::new(POINTER, message)
            .with_help("a JSON Web Key Set is `{\"keys\": [...]}` (RFC 7517, section 5)")
    };
    let set = match &config["jwks"] {
        Value::Null => return Ok(Vec::new()),
        Value::String(path) => {
            let bytes = file(POINTER, path, files)?;
            serde_json::from_slice(&bytes).map_err(|error| wrong(format!("`{path}` is not JSON: {error}")))?
        }
        set => set.clone(),
    };
    let Some(listed) = set["keys"].as_array() else {
        return Err(wrong("this is no JSON Web Key Set".into()));
    };
    let mut keys = Vec::new();
    for (index, key) in listed.iter().enumerate() {
        keys.extend(jwk(key).map_err(|reason| wrong(format!("key {index} of the set: {reason}")))?);
    }
    match keys.is_empty() {
        true => Err(wrong("no key of the set is for HS256, RS256 or ES256".into())),
        false => Ok(keys),
    }
}

/// A key of a set; `None` for one that is for something else (RFC 7517, section 5: those are ignored).
fn jwk(given: &Value) -> Result<Option<Key>, String> {
    let algorithm = match (given["kty"].as_str(), given["crv"].as_str()) {
        (Some("oct"), _) => Algorithm::HS256,
        (Some("RSA"), _) => Algorithm::RS256,
        (Some("EC"), Some("P-256")) => Algorithm::ES256,
        (Some(_), _) => return Ok(None),
        (None, _) => return Err("`kty` is missing".into()),
    };
    let is_for_others = given["use"].as_str().is_some_and(|purpose| purpose != "sig")
        || given["alg"].as_str().is_some_and(|name| algorithm_of(name) != Some(algorithm));
    if is_for_others {
        return Ok(None);
    }
    let key: Jwk = serde_json::from_value(given.clone()).map_err(|error| error.to_string())?;
    let length = |part: &str| base64::decode(part).map(|bytes| bytes.len());
    match &key.algorithm {
        AlgorithmParameters::OctetKey(secret) if length(&secret.value)? == 0 => {
            return Err("`k` is empty".into());
        }
        AlgorithmParameters::RSA(rsa) if length(&rsa.n)? < MODULUS_BYTES => {
            return Err("an RSA key has 2048 bits at least".into());
        }
        AlgorithmParameters::EllipticCurve(curve)
            if curve.curve != EllipticCurve::P256
                || length(&curve.x)? != COORDINATE_BYTES
                || length(&curve.y)? != COORDINATE_BYTES =>
        {
            return Err("`x` and `y` are coordinates of a point of P-256".into());
        }
        _ => {}
    }
    let decoding = DecodingKey::from_jwk(&key).map_err(|error| error.to_string())?;
    Ok(Some(Key::new(given["kid"].as_str(), algorithm, decoding)))
}

fn file(pointer: &str, path: &str, files: &mut dyn Files) -> Result<Vec<u8>, Misconfiguration> {
    let bytes = files
        .read(path)
        .map_err(|reason| Misconfiguration::new(pointer, format!("`{path}` cannot be read: {reason}")))?;
    match bytes.len() > KEY_FILE_BYTES {
        true => {
            let message = format!("`{path}` has {} bytes; {KEY_FILE_BYTES} are allowed", bytes.len());
            Err(Misconfiguration::new(pointer, message))
        }
        false => Ok(bytes),
    }
}
