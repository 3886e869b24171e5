//! Requests with and without credentials.

#![allow(clippy::unwrap_used)]

use bumpalo::Bump;
use mocker_http::Limits;
use mocker_http::request::{Progress, Slots, head};
use mocker_openapi::Document;
use proptest::prelude::*;

use super::{Denied, Forbidden, Security, Unauthorized};

const SCHEMES: &str = "{ basic: { type: http, scheme: Basic }, digest: { type: http, scheme: digest }, \
    bearer: { type: http, scheme: bearer }, hoba: { type: http, scheme: HOBA }, \
    header: { type: apiKey, in: header, name: X-Key }, query: { type: apiKey, in: query, name: key }, \
    cookie: { type: apiKey, in: cookie, name: sid }, \
    oauth: { type: oauth2, flows: { implicit: { authorizationUrl: 'http://a', scopes: { read: r, write: w } } } }, \
    openid: { type: openIdConnect, openIdConnectUrl: 'http://a' }, mtls: { type: mutualTLS } }";

const DIGEST: &str =
    "Digest username=\"u\", realm=\"r\", nonce=\"n\", uri=\"/a,b\", response=\"5f\", qop=auth";

fn document(security: &str) -> Document {
    crate::request::parameters::tests::document(&format!(
        "openapi: 3.1.0\ninfo: {{ title: T, version: '1' }}\npaths:\n  /a:\n    get:\n      \
         {security}\n      responses: {{ '204': {{ description: none }} }}\n\
         components: {{ securitySchemes: {SCHEMES} }}\n"
    ))
}

fn ask(security: &str, check_scopes: bool, target: &str, fields: &str) -> Result<(), Denied> {
    let document = document(&format!("security: {security}"));
    let security = Security::compile(&document, &document.operations[0], check_scopes);
    let input = format!("GET {target} HTTP/1.1\r\nHost: x\r\n{fields}\r\n");
    let mut slots = Slots::new();
    let head =
        head(input.as_bytes(), &mut Progress::default(), &Limits::default(), &mut slots).unwrap().unwrap();
    security.check(&head.fields, head.target.query.unwrap_or_default(), &Bump::new())
}

fn refused(challenge: Option<&str>) -> Result<(), Denied> {
    Err(Denied::Unauthorized(Unauthorized { challenge: challenge.map(str::to_owned) }))
}

/// Rows of requirements, a target, header fields, and `WWW-Authenticate` where the request is refused.
type Row<'r> = (&'r str, &'r str, &'r str, Result<(), Option<&'r str>>);

fn check(rows: &[Row<'_>]) {
    for (security, target, fields, expected) in rows {
        let expected = expected.or_else(refused);
        assert_eq!(ask(security, false, target, fields), expected, "{security} {target} {fields}");
    }
}

#[test]
fn basic() {
    let challenge = Err(Some("Basic realm=\"*\""));
    check(&[
        ("[{ basic: [] }]", "/a", "", challenge),
        ("[{ basic: [] }]", "/a", "Authorization: Basic dTpw\r\n", Ok(())),
        ("[{ basic: [] }]", "/a", "authorization: BASIC dTpw\r\n", Ok(())),
        ("[{ basic: [] }]", "/a", "Authorization: Basic dTpwOnE=\r\n", Ok(())),
        ("[{ basic: [] }]", "/a", "Authorization: Basic Og==\r\n", Ok(())),
        ("[{ basic: [] }]", "/a", "Authorization: Basic dXA=\r\n", Err(None)),
        ("[{ basic: [] }]", "/a", "Authorization: Basic u:p\r\n", Err(None)),
        ("[{ basic: [] }]", "/a", "Authorization: Basic\r\n", Err(None)),
        ("[{ basic: [] }]", "/a", "Authorization: Bearer dTpw\r\n", challenge),
        ("[{ basic: [] }]", "/a", "Authorization: Basically dTpw\r\n", challenge),
        ("[{ basic: [] }]", "/a", "Authorization:\r\n", challenge),
    ]);
}

#[test]
fn digest() {
    let challenge = Err(Some("Digest realm=\"*\", nonce=\"abc123\""));
    let whole = format!("Authorization: {DIGEST}\r\n");
    let missing = whole.replace("nonce=", "n=");
    let quoted = whole.replace("nonce=\"n\"", "x=\"nonce=1\"");
    check(&[
        ("[{ digest: [] }]", "/a", "", challenge),
        ("[{ digest: [] }]", "/a", &whole, Ok(())),
        ("[{ digest: [] }]", "/a", &missing, Err(None)),
        ("[{ digest: [] }]", "/a", &quoted, Err(None)),
        ("[{ digest: [] }]", "/a", "Authorization: Basic dTpw\r\n", challenge),
    ]);
}

#[test]
fn bearer_and_what_is_like_it() {
    for (scheme, challenge) in [("bearer", "Bearer"), ("oauth", "OAuth2"), ("openid", "OpenID")] {
        let security = format!("[{{ {scheme}: [] }}]");
        check(&[
            (&security, "/a", "Authorization: Bearer x\r\n", Ok(())),
            (&security, "/a", "Authorization: bearer x\r\n", Ok(())),
            (&security, "/a", "Authorization: Bearer\r\n", Err(Some(challenge))),
            (&security, "/a", "Authorization: Basic dTpw\r\n", Err(Some(challenge))),
            (&security, "/a", "", Err(Some(challenge))),
        ]);
    }
}

#[test]
fn other_schemes() {
    check(&[
        ("[{ hoba: [] }]", "/a", "Authorization: Hoba x=y\r\n", Ok(())),
        ("[{ hoba: [] }]", "/a", "", Err(Some("hoba"))),
        ("[{ mtls: [] }]", "/a", "", Ok(())),
        ("[{ mtls: [], basic: [] }]", "/a", "", Err(Some("Basic realm=\"*\""))),
    ]);
}

#[test]
fn keys() {
    check(&[
        ("[{ header: [] }]", "/a", "x-key: 1\r\n", Ok(())),
        ("[{ header: [] }]", "/a", "X-Key:\r\n", Err(None)),
        ("[{ header: [] }]", "/a?X-Key=1", "", Err(None)),
        ("[{ query: [] }]", "/a?key=1", "", Ok(())),
        ("[{ query: [] }]", "/a?x=y&k%65y=1", "", Ok(())),
        ("[{ query: [] }]", "/a?key=", "", Err(None)),
        ("[{ query: [] }]", "/a?Key=1", "", Err(None)),
        ("[{ query: [] }]", "/a", "key: 1\r\n", Err(None)),
        ("[{ cookie: [] }]", "/a", "Cookie: a=b; sid=1\r\n", Ok(())),
        ("[{ cookie: [] }]", "/a", "Cookie: xsid=1\r\n", Err(None)),
        ("[{ cookie: [] }]", "/a", "Cookie: sid=\r\n", Err(None)),
    ]);
}

#[test]
fn alternatives_and_what_is_needed_together() {
    let both = Err(Some("Basic realm=\"*\",Bearer"));
    check(&[
        ("[{ basic: [] }, { bearer: [] }]", "/a", "", both),
        ("[{ basic: [] }, { bearer: [] }]", "/a", "Authorization: Bearer x\r\n", Ok(())),
        ("[{ basic: [] }, { bearer: [] }]", "/a", "Authorization: Basic x\r\n", Err(Some("Bearer"))),
        ("[{ basic: [], header: [] }]", "/a", "Authorization: Basic dTpw\r\n", Err(None)),
        ("[{ basic: [], header: [] }]", "/a", "X-Key: 1\r\n", Err(Some("Basic realm=\"*\""))),
        ("[{ basic: [], header: [] }]", "/a", "Authorization: Basic dTpw\r\nX-Key: 1\r\n", Ok(())),
        ("[{ basic: [], header: [] }, { query: [] }]", "/a?key=1", "", Ok(())),
        (
            "[{ oauth: [] }, { digest: [], openid: [] }, { cookie: [] }]",
            "/a",
            "",
            Err(Some("OAuth2,Digest realm=\"*\", nonce=\"abc123\",OpenID")),
        ),
    ]);
}

#[test]
fn optional_security() {
    check(&[
        ("[{}, { basic: [] }]", "/a", "", Ok(())),
        ("[{ basic: [] }, {}]", "/a", "", Ok(())),
        ("[{}, { basic: [] }]", "/a", "Authorization: Basic dTpw\r\n", Ok(())),
        ("[{}, { basic: [] }]", "/a", "Authorization: Bearer x\r\n", Err(Some("None,Basic realm=\"*\""))),
        ("[{}, { header: [] }]", "/a", "Authorization: Bearer x\r\n", Err(Some("None"))),
        ("[{}]", "/a", "", Ok(())),
        ("[{}]", "/a", "Authorization:\r\n", Ok(())),
    ]);
}

#[test]
fn nothing_is_asked_for() {
    check(&[("[]", "/a", "", Ok(())), ("[]", "/a", "Authorization: x\r\n", Ok(()))]);
    check(&[("[{ unknown: [] }]", "/a", "", Ok(()))]);
    let text = document("description: none");
    assert!(Security::compile(&text, &text.operations[0], true).is_empty());
}

#[test]
fn requirements_of_the_document_hold_where_the_operation_has_none() {
    let of = |operation: &str| {
        let document = crate::request::parameters::tests::document(&format!(
            "openapi: 3.1.0\ninfo: {{ title: T, version: '1' }}\nsecurity: [{{ key: [] }}]\npaths:\n  /a:\n    get:\n      \
             {operation}\n      responses: {{ '204': {{ description: none }} }}\n\
             components: {{ securitySchemes: {{ key: {{ type: apiKey, in: header, name: K }} }} }}\n"
        ));
        Security::compile(&document, &document.operations[0], false).is_empty()
    };
    assert!(!of("summary: s") && of("security: []"));
}

/// A token with this payload, in Base64 of URLs.
fn token(payload: &str) -> String {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for group in payload.as_bytes().chunks(3) {
        let bits = (0..3).fold(0u32, |bits, at| bits << 8 | u32::from(group.get(at).copied().unwrap_or(0)));
        for digit in 0..=group.len() {
            text.push(char::from(alphabet[(bits >> (18 - 6 * digit) & 63) as usize]));
        }
    }
    format!("Authorization: Bearer e30.{text}.sig\r\n")
}

#[test]
fn scopes() {
    let forbidden = |missing: &[&str]| {
        Err(Denied::Forbidden(Forbidden {
            missing: missing.iter().map(|scope| (*scope).to_owned()).collect(),
        }))
    };
    let security = "[{ oauth: [read, write] }]";
    for (payload, expected) in [
        (r#"{"scope": "read write"}"#, Ok(())),
        (r#"{"scope": "read  other write"}"#, Ok(())),
        (r#"{"scp": ["write", "read"]}"#, Ok(())),
        (r#"{"scp": "read write"}"#, Ok(())),
        (r#"{"scopes": ["read"], "scope": "write"}"#, Ok(())),
        (r#"{"scope": "read"}"#, forbidden(&["write"])),
        (r#"{"scope": "reads writes"}"#, forbidden(&["read", "write"])),
        (r#"{"scope": 5}"#, forbidden(&["read", "write"])),
        ("{}", forbidden(&["read", "write"])),
        ("[1]", Ok(())),
        ("no JSON", Ok(())),
    ] {
        assert_eq!(ask(security, true, "/a", &token(payload)), expected, "{payload}");
        assert_eq!(ask(security, false, "/a", &token(payload)), Ok(()), "{payload}");
    }
    for opaque in ["x", "a.b", "a.b.c", "a.b.c.d", "..", "e30.e30.x.y"] {
        let fields = format!("Authorization: Bearer {opaque}\r\n");
        assert_eq!(ask(security, true, "/a", &fields), Ok(()), "{opaque}");
    }
    assert_eq!(ask(security, true, "/a", ""), refused(Some("OAuth2")));
    let either = "[{ oauth: [write] }, { header: [] }]";
    assert_eq!(ask(either, true, "/a", &token("{}")), forbidden(&["write"]));
    assert_eq!(ask(either, true, "/a", &format!("{}X-Key: 1\r\n", token("{}"))), Ok(()));
    assert_eq!(ask("[{ bearer: [admin] }]", true, "/a", &token("{}")), forbidden(&["admin"]));
    assert_eq!(ask("[{ openid: [] }]", true, "/a", &token("{}")), Ok(()));
}

proptest! {
    #[test]
    fn arbitrary_credentials_never_panic(
        text in "(Basic |Digest |Bearer |)([ -~]{0,60}|[a-z]?[.][A-Za-z0-9+/_-]{0,60}={0,2}[.][a-z]?)"
    ) {
        for scheme in ["basic", "digest", "bearer", "oauth: [read], header", "hoba"] {
            let security = format!("[{{ {scheme}: [] }}]");
            let fields = format!("Authorization: {text}\r\n");
            let _ = ask(&security, true, "/a", &fields);
        }
    }

    #[test]
    fn arbitrary_claims_never_panic(
        claims in "\\PC{0,30}|[{]\"(scope|scp)\": ?(\"[ a-z]{0,9}\"|[\\[][\", a-z1]{0,20}[\\]]|null|1)[}]"
    ) {
        let fields = token(&claims);
        let _ = ask("[{ oauth: [read] }]", true, "/a", &fields);
    }
}
