//! Filters for hashes and encodings.

use minijinja::value::Value;
use minijinja::{Environment, Error};

use super::super::convert::to_json;
use super::super::convert::{bytes, host, made, of_json, text};
use crate::host::hash::{self, Algorithm};
use crate::host::{base64, json, jwt};

pub(super) const NAMES: &[&str] = &[
    "md5",
    "sha1",
    "sha256",
    "sha512",
    "crc32",
    "hmac",
    "base64",
    "base64_url",
    "base64_decode",
    "from_json",
    "pointer",
    "jwt_claims",
    "jwt_sign",
];

pub(super) fn register(environment: &mut Environment<'_>) {
    for (name, algorithm) in Algorithm::ALL {
        environment.add_filter(name, move |value: Value| made(hash::hash(algorithm, &bytes(&value)?)));
    }
    environment.add_filter("hmac", |value: Value, secret: Value| {
        made(hash::hmac_sha256(&bytes(&value)?, &bytes(&secret)?))
    });
    environment.add_filter("base64", |value: Value| made(base64::encode(&bytes(&value)?)));
    environment.add_filter("base64_url", |value: Value| made(base64::encode_url(&bytes(&value)?)));
    environment.add_filter("base64_decode", base64_decode);
    environment.add_filter("from_json", |value: Value| -> Result<Value, Error> {
        Ok(of_json(&host(json::parse(text(&value)?.as_bytes()))?))
    });
    environment.add_filter("pointer", pointer);
    environment.add_filter("jwt_claims", |value: Value| -> Result<Value, Error> {
        Ok(of_json(&host(jwt::decode(&text(&value)?))?.claims))
    });
    environment.add_filter("jwt_sign", |claims: Value, secret: Value| {
        made(jwt::sign(&to_json(&claims)?, &bytes(&secret)?))
    });
}

/// A text where the bytes are one, else bytes.
fn base64_decode(value: Value) -> Result<Value, Error> {
    let decoded = host(base64::decode(&text(&value)?))?;
    match String::from_utf8(decoded) {
        Ok(text) => made(Ok(text)),
        Err(error) => Ok(Value::from_bytes(error.into_bytes())),
    }
}

fn pointer(value: Value, pointer: &str) -> Result<Value, Error> {
    Ok(host(json::get(&to_json(&value)?, pointer))?.map_or(Value::UNDEFINED, of_json))
}
