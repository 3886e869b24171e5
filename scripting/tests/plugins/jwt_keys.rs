//! Keys that `jwt` takes, and what it says of others.

use std::fs;

use jsonwebtoken::Algorithm;
use mocker_scripting::plugin::builtin::Kind;
use mocker_scripting::plugin::limits::TOKEN_KEYS;
use serde_json::{Value, json};

use crate::jwt::{ask, signed};
use crate::{answered, configured, detail, key_file, passed, refused, visit};

#[test]
fn what_is_no_key_is_told() {
    let jwks = |key: Value| json!({ "jwks": { "keys": [key] } });
    for (config, pointer, says) in [
        (json!({}), "", "`jwks`"),
        (json!({ "secret": "a", "secret_env": "JWT_SECRET" }), "/secret_env", "together"),
        (json!({ "secret_env": "NONE" }), "/secret_env", "`NONE` is not set"),
        (json!({ "secret_file": "none" }), "/secret_file", "cannot be read: "),
        (json!({ "secret_file": "empty" }), "/secret_file", "empty"),
        (json!({ "secret_file": "huge" }), "/secret_file", "allowed"),
        (json!({ "public_key": "none.pem" }), "/public_key", "cannot be read"),
        (json!({ "public_key": "text" }), "/public_key", "BEGIN PUBLIC KEY"),
        (
            json!({ "public_key": "-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----" }),
            "/public_key",
            "RSA key",
        ),
        (json!({ "public_key": "rsa.private.pem" }), "/public_key", "private key"),
        (json!({ "public_key": "rsa.crt.pem" }), "/public_key", "certificate"),
        (json!({ "public_key": "rsa-small.pub.pem" }), "/public_key", "2048 bits"),
        (json!({ "public_key": "p384.pub.pem" }), "/public_key", "P-256"),
        (json!({ "public_key": "ed.pub.pem" }), "/public_key", "P-256"),
        (json!({ "jwks": "none.json" }), "/jwks", "cannot be read"),
        (json!({ "jwks": "text" }), "/jwks", "not JSON"),
        (json!({ "jwks": {} }), "/jwks", "no JSON Web Key Set"),
        (json!({ "jwks": { "keys": [] } }), "/jwks", "no key of the set"),
        (jwks(json!({})), "/jwks", "key 0 of the set: `kty`"),
        (jwks(json!({ "kty": "oct", "k": "" })), "/jwks", "`k` is empty"),
        (jwks(json!({ "kty": "oct" })), "/jwks", "key 0"),
        (jwks(json!({ "kty": "oct", "k": "!" })), "/jwks", "key 0"),
        (jwks(json!({ "kty": "RSA", "n": "AQAB", "e": "AQAB" })), "/jwks", "2048 bits"),
        (jwks(json!({ "kty": "EC", "crv": "P-256", "x": "AA", "y": "AA" })), "/jwks", "coordinates"),
        (jwks(json!({ "kty": "EC", "crv": "P-384", "x": "AA", "y": "AA" })), "/jwks", "no key of the set"),
        (jwks(json!({ "kty": "oct", "k": "YQ", "alg": "HS512" })), "/jwks", "no key of the set"),
        (json!({ "secret": "a", "algorithms": ["RS256"] }), "/algorithms", "no key is for RS256"),
    ] {
        let faults = refused(Kind::Jwt, &config);
        assert_eq!(faults.len(), 1, "{faults:#?}");
        let told = format!("{} | {}", faults[0].message, faults[0].help.as_deref().unwrap_or_default());
        assert_eq!(faults[0].pointer, pointer, "{told}");
        assert!(told.contains(says), "{told} does not say {says}");
    }
    let both = refused(Kind::Jwt, &json!({ "secret_env": "NONE", "public_key": "text" }));
    assert_eq!(both.len(), 2);
}

#[test]
fn keys_have_a_limit() {
    let set = |count: usize| {
        let key = |index: usize| json!({ "kty": "oct", "kid": format!("k{index}"), "k": "YQ" });
        json!({ "jwks": { "keys": (0..count).map(key).collect::<Vec<_>>() } })
    };
    configured(Kind::Jwt, &set(TOKEN_KEYS));
    assert!(refused(Kind::Jwt, &set(TOKEN_KEYS + 1))[0].message.contains("32 are allowed"));
}

#[test]
fn a_set_in_the_configuration_is_as_good_as_a_file() {
    let set: Value = serde_json::from_slice(&fs::read(key_file("jwks.json")).unwrap()).unwrap();
    let jwt = configured(Kind::Jwt, &json!({ "jwks": set }));
    passed(ask(&jwt, &signed(Algorithm::ES256, Some("ec-1"), &json!({})), &visit()));
}

#[test]
fn algorithms_are_restricted() {
    let jwt = configured(Kind::Jwt, &json!({ "jwks": "jwks.json", "algorithms": ["ES256", "RS256"] }));
    passed(ask(&jwt, &signed(Algorithm::ES256, None, &json!({})), &visit()));
    let response = answered(ask(&jwt, &signed(Algorithm::HS256, None, &json!({})), &visit()));
    assert!(detail(&response).contains("not accepted"));
}

#[test]
fn secrets_are_not_shown() {
    let jwt = configured(Kind::Jwt, &json!({ "secret": "hidden", "public_key": "ec.pub.pem" }));
    let shown = format!("{jwt:?}");
    assert!(shown.contains("a key of HS256") && !shown.contains("hidden"), "{shown}");
}
