//! Tokens that are accepted and refused.

use std::fs;

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use mocker_scripting::host::base64;
use mocker_scripting::plugin::builtin::Kind;
use mocker_scripting::plugin::{Builtin, Verdict, Visit, limits};
use serde_json::{Value, json};

use crate::{NOW, answered, configured, detail, field, key_file, passed, request, visit};

pub(crate) const SECRET: &[u8] = b"shared secret";

/// A token with a header of its own, signed by HMAC whatever the header says.
fn forged(header: &Value, claims: &Value, secret: &[u8]) -> String {
    let part = |value: &Value| base64::encode_url(value.to_string().as_bytes()).unwrap();
    let signed = format!("{}.{}", part(header), part(claims));
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret);
    let signature = base64::encode_url(ring::hmac::sign(&key, signed.as_bytes()).as_ref()).unwrap();
    format!("{signed}.{signature}")
}

pub(crate) fn signed(algorithm: Algorithm, kid: Option<&str>, claims: &Value) -> String {
    let read = |name: &str| fs::read(key_file(name)).unwrap();
    let key = match algorithm {
        Algorithm::HS256 => EncodingKey::from_secret(SECRET),
        Algorithm::RS256 | Algorithm::PS256 => EncodingKey::from_rsa_pem(&read("rsa.private.pem")).unwrap(),
        _ => EncodingKey::from_ec_pem(&read("ec.private.pem")).unwrap(),
    };
    let header = Header { kid: kid.map(str::to_owned), ..Header::new(algorithm) };
    encode(&header, claims, &key).unwrap()
}

pub(crate) fn ask(jwt: &Builtin, token: &str, visit: &Visit<'_>) -> Verdict {
    jwt.before(&request("GET", "/pets", &[&format!("Authorization: Bearer {token}")]), visit)
}

fn all_keys() -> Value {
    json!({ "jwks": "jwks.json" })
}

/// Seconds from the time of the visit.
fn seconds(offset: i64) -> i64 {
    NOW / 1000 + offset
}

#[test]
fn a_good_token_of_each_algorithm_passes() {
    let claims = json!({ "sub": "ann", "exp": seconds(60), "nested": { "a": [1] } });
    for (config, algorithm, kid) in [
        (json!({ "secret": "shared secret" }), Algorithm::HS256, None),
        (json!({ "secret": "shared secret" }), Algorithm::HS256, Some("any")),
        (json!({ "secret_env": "JWT_SECRET" }), Algorithm::HS256, None),
        (json!({ "secret_file": "secret" }), Algorithm::HS256, None),
        (json!({ "public_key": "rsa.pub.pem" }), Algorithm::RS256, None),
        (json!({ "public_key": "ec.pub.pem" }), Algorithm::ES256, None),
        (
            json!({ "public_key": fs::read_to_string(key_file("ec.pub.pem")).unwrap() }),
            Algorithm::ES256,
            None,
        ),
        (all_keys(), Algorithm::HS256, Some("oct-1")),
        (all_keys(), Algorithm::RS256, Some("rsa-1")),
        (all_keys(), Algorithm::ES256, Some("ec-1")),
        (all_keys(), Algorithm::RS256, None),
        (json!({ "jwks": "jwks.json", "secret": "other" }), Algorithm::HS256, None),
        (json!({ "public_key": "rsa.pub.pem", "secret": "shared secret" }), Algorithm::HS256, None),
    ] {
        let jwt = configured(Kind::Jwt, &config);
        let notes = passed(ask(&jwt, &signed(algorithm, kid, &claims), &visit()));
        assert_eq!((notes.claims.as_ref(), notes.user.as_deref()), (Some(&claims), Some("ann")), "{config}");
    }
}

#[test]
fn what_is_wrong_with_a_token_is_told() {
    let good = json!({ "sub": "ann" });
    let hs = |claims: Value| signed(Algorithm::HS256, None, &claims);
    let part = |text: &str| base64::encode_url(text.as_bytes()).unwrap();
    let public = fs::read(key_file("rsa.pub.pem")).unwrap();
    let header = |alg: &str| json!({ "alg": alg, "typ": "JWT" });
    let strict = json!({
        "secret": "shared secret", "public_key": "rsa.pub.pem", "issuer": ["me", "you"], "audience": "pets", "required": ["sub"],
    });
    let strict_claims = |changes: Value| {
        let mut claims = json!({ "iss": "me", "aud": ["x", "pets"], "sub": "ann" });
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        hs(claims)
    };
    let open = json!({ "secret": "shared secret", "public_key": "rsa.pub.pem" });
    let (known, rsa) = (all_keys(), json!({ "public_key": "rsa.pub.pem" }));
    for (config, token, says) in [
        (&open, hs(json!({ "exp": seconds(0) })), "expired"),
        (&open, hs(json!({ "exp": seconds(-1) })), "expired"),
        (&open, hs(json!({ "exp": "tomorrow" })), "'exp' is not a number"),
        (&open, hs(json!({ "nbf": seconds(2) })), "not valid yet"),
        (&open, forged(&header("none"), &good, b""), "in a way that is not accepted"),
        (&open, format!("{}.{}.", part(r#"{"alg":"none"}"#), part("{}")), "in a way that is not accepted"),
        (&open, format!("{}.{}.", part(r#"{"alg":"None"}"#), part("{}")), "in a way that is not accepted"),
        (&open, forged(&header("HS512"), &good, SECRET), "in a way that is not accepted"),
        (&open, forged(&header("hs256"), &good, SECRET), "in a way that is not accepted"),
        (&open, signed(Algorithm::PS256, None, &good), "in a way that is not accepted"),
        (&open, signed(Algorithm::ES256, None, &good), "in a way that is not accepted"),
        // the public key taken for a secret
        (&open, forged(&header("HS256"), &good, &public), "signature"),
        (&rsa, forged(&header("HS256"), &good, &public), "in a way that is not accepted"),
        (&open, forged(&header("RS256"), &good, &public), "signature"),
        (&open, forged(&header("HS256"), &good, b"other"), "signature"),
        (&open, forged(&json!({ "typ": "JWT" }), &good, SECRET), "how it is signed"),
        (&open, forged(&json!({ "alg": "HS256", "kid": 1 }), &good, SECRET), "'kid'"),
        (
            &open,
            forged(&json!({ "alg": "HS256", "crit": ["b64"], "b64": false }), &good, SECRET),
            "extensions",
        ),
        (&open, forged(&header("HS256"), &json!([1]), SECRET), "JSON object"),
        (&open, "garbage".to_owned(), "three parts"),
        (&open, "a.b.c.d".to_owned(), "three parts"),
        (&open, "!.e30.AA".to_owned(), "not base 64"),
        (&open, format!("{}.e30.AA", part("{")), "not a JSON object"),
        (&open, format!("{}.e30.!", part(r#"{"alg":"RS256"}"#)), "not base 64"),
        (&open, hs(good.clone()) + "A", "signature"),
        (&open, format!("{}{}", hs(good.clone()), "a".repeat(limits::TOKEN_BYTES)), "bytes"),
        (&known, signed(Algorithm::RS256, Some("none-such"), &good), "key that is not known"),
        (&known, signed(Algorithm::HS256, Some("rsa-1"), &good), "key that is not known"),
        (&known, signed(Algorithm::RS256, Some("enc"), &good), "key that is not known"),
        (&strict, strict_claims(json!({ "iss": "they" })), "another issuer"),
        (&strict, strict_claims(json!({ "iss": null })), "another issuer"),
        (&strict, strict_claims(json!({ "aud": "cats" })), "another audience"),
        (&strict, strict_claims(json!({ "aud": [1] })), "another audience"),
        (&strict, strict_claims(json!({ "aud": null })), "another audience"),
        (&strict, strict_claims(json!({ "sub": null })), "no claim 'sub'"),
    ] {
        let response = answered(ask(&configured(Kind::Jwt, config), &token, &visit()));
        assert_eq!(response.status, 401, "{token}");
        let told = detail(&response);
        assert!(told.contains(says), "{told} does not say {says}");
        let challenge = field(&response, "WWW-Authenticate").unwrap();
        assert!(
            challenge.starts_with("Bearer realm=\"mocker\", error=\"invalid_token\", error_description=\"")
        );
        assert!(challenge.contains(says), "{challenge}");
    }
    let strict = configured(Kind::Jwt, &strict);
    passed(ask(&strict, &strict_claims(json!({})), &visit()));
    passed(ask(&strict, &strict_claims(json!({ "aud": "pets", "iss": "you" })), &visit()));
}

#[test]
fn leeway_moves_both_ends() {
    let jwt = configured(Kind::Jwt, &json!({ "secret": "shared secret", "leeway": 10 }));
    // The clock of the visit stands 678 ms behind the second.
    for (claims, is_valid) in [
        (json!({ "exp": seconds(-9) }), true),
        (json!({ "exp": seconds(-10) }), false),
        (json!({ "exp": (NOW as f64) / 1000.0 - 10.0 }), false),
        (json!({ "exp": (NOW as f64) / 1000.0 - 9.9 }), true),
        (json!({ "nbf": seconds(10) }), true),
        (json!({ "nbf": seconds(11) }), false),
    ] {
        let verdict = ask(&jwt, &signed(Algorithm::HS256, None, &claims), &visit());
        assert_eq!(matches!(verdict, Verdict::Pass(_)), is_valid, "{claims}");
    }
}

#[test]
fn who_sends_no_token_is_asked_for_one() {
    let jwt = configured(Kind::Jwt, &json!({ "secret": "x", "realm": "the \"zoo\"" }));
    for fields in
        [&[][..], &["Authorization: Basic YTpi"], &["Authorization: Bearer"], &["Authorization: Bearer "]]
    {
        let response = answered(jwt.before(&request("GET", "/pets", fields), &visit()));
        assert_eq!(response.status, 401);
        assert_eq!(field(&response, "WWW-Authenticate").as_deref(), Some(r#"Bearer realm="the \"zoo\"""#));
    }
}

#[test]
fn scopes_come_from_claims() {
    let needed: [Box<str>; 2] = ["read".into(), "write".into()];
    let visit = Visit { scopes: &needed, ..visit() };
    let with = |more: Value| {
        let mut config = more;
        config["secret"] = json!("shared secret");
        config
    };
    let usual = with(json!({}));
    let roles = with(json!({ "scope_claims": ["/realm~1/roles", "/scope"] }));
    for (config, claims, is_enough) in [
        (&usual, json!({ "scope": "write  read other" }), true),
        (&usual, json!({ "scp": ["read", "write"] }), true),
        (&usual, json!({ "scopes": ["read", "write"] }), true),
        (&usual, json!({ "scope": "read" }), false),
        (&usual, json!({ "scope": "read", "scp": ["read", "write"] }), false),
        (&usual, json!({ "scope": "reads writes" }), false),
        (&usual, json!({ "scope": ["read write"] }), false),
        (&usual, json!({ "scope": 5 }), false),
        (&usual, json!({}), false),
        (&roles, json!({ "realm/": { "roles": ["read", "write"] } }), true),
        (&roles, json!({ "realm/": ["read", "write"] }), false),
        (&roles, json!({ "scope": "read write" }), true),
        (&with(json!({ "check_scopes": false })), json!({}), true),
    ] {
        let verdict = ask(&configured(Kind::Jwt, config), &signed(Algorithm::HS256, None, &claims), &visit);
        if is_enough {
            assert_eq!(passed(verdict).claims, Some(claims));
            continue;
        }
        let response = answered(verdict);
        assert_eq!(response.status, 403, "{claims}");
        assert_eq!(
            field(&response, "WWW-Authenticate").as_deref(),
            Some(r#"Bearer realm="mocker", error="insufficient_scope", scope="read write""#)
        );
        assert!(detail(&response).contains("read write"));
    }
    let none: Visit<'_> = crate::visit();
    passed(ask(&configured(Kind::Jwt, &usual), &signed(Algorithm::HS256, None, &json!({})), &none));
}

proptest::proptest! {
    #[test]
    fn any_token_is_judged(token in "[!-~]{0,80}|[a-zA-Z0-9_-]{0,20}\\.[a-zA-Z0-9_-]{0,20}\\.[a-zA-Z0-9_-]{0,20}") {
        let jwt = configured(Kind::Jwt, &json!({ "secret": "shared secret" }));
        proptest::prop_assert!(matches!(ask(&jwt, &token, &visit()), Verdict::Answer(response) if response.status == 401));
    }

    #[test]
    fn a_token_with_one_other_character_is_refused(at in 0usize..100, with in "[a-zA-Z0-9_-]") {
        let token = signed(Algorithm::HS256, None, &json!({ "sub": "ann", "n": 1 }));
        let at = at % token.len();
        let changed = format!("{}{with}{}", &token[..at], &token[at + 1..]);
        let jwt = configured(Kind::Jwt, &json!({ "secret": "shared secret" }));
        let passes = matches!(ask(&jwt, &changed, &visit()), Verdict::Pass(_));
        proptest::prop_assert_eq!(passes, changed == token);
    }
}
