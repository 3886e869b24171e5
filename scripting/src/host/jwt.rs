//! JSON Web Tokens (RFC 7519): read without a check, or signed and checked with HS256 (RFC 7518, section 3.2).

use serde_json::{Value, json};

use super::{base64, hash, limits};

/// The two parts of a token that are JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    /// The JOSE header, an object
    pub header: Value,
    /// The claims, an object
    pub claims: Value,
}

/// Reads a token, with or without `Bearer ` in front. Nothing is checked but its form: whoever asks who sent it asks
/// [`verify`].
///
/// # Errors
/// When it is not three parts of base 64 of which the first two are JSON objects.
pub fn decode(token: &str) -> Result<Token, String> {
    let [header, claims, _] = parts(token)?;
    Ok(Token { header: object(header, "header")?, claims: object(claims, "claims")? })
}

/// A token with these claims, signed with HS256.
///
/// # Errors
/// When the claims are no object, or too long.
pub fn sign(claims: &Value, secret: &[u8]) -> Result<String, String> {
    if !claims.is_object() {
        return Err("the claims of a token are an object, as `{\"sub\": \"42\"}`".into());
    }
    let header = json!({ "alg": "HS256", "typ": "JWT" });
    let encoded = |value: &Value| base64::encode_url(value.to_string().as_bytes());
    let signed = format!("{}.{}", encoded(&header)?, encoded(claims)?);
    let signature = base64::encode_url(hash::mac(signed.as_bytes(), secret)?.as_ref())?;
    Ok(format!("{signed}.{signature}"))
}

/// The claims of a token that is signed with HS256 and `secret` and valid at `now`, in milliseconds since 1970
/// (`exp`, `nbf`: RFC 7519, sections 4.1.4 and 4.1.5).
///
/// # Errors
/// When it is not; the text says why.
pub fn verify(token: &str, secret: &[u8], now: i64) -> Result<Value, String> {
    let Token { header, claims } = decode(token)?;
    if header["alg"] != "HS256" {
        return Err(format!("the token is signed with {}, not with \"HS256\"", header["alg"]));
    }
    let (signed, signature) = bare(token).rsplit_once('.').unwrap_or_default();
    limits::text(secret)?;
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret);
    ring::hmac::verify(&key, signed.as_bytes(), &base64::decode(signature)?)
        .map_err(|_| "the token's signature does not belong to it and the secret".to_owned())?;
    let now = now as f64 / 1000.0;
    match (claims["exp"].as_f64(), claims["nbf"].as_f64()) {
        (Some(end), _) if now >= end => Err(format!("the token expired at {end} (seconds since 1970)")),
        (_, Some(start)) if now < start => {
            Err(format!("the token is valid from {start} on (seconds since 1970)"))
        }
        _ => Ok(claims),
    }
}

fn bare(token: &str) -> &str {
    let token = token.trim();
    match token.split_at_checked(7) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("bearer ") => rest.trim_start(),
        _ => token,
    }
}

fn parts(token: &str) -> Result<[&str; 3], String> {
    limits::text(token.as_bytes())?;
    let mut parts = bare(token).split('.');
    match [parts.next(), parts.next(), parts.next(), parts.next()] {
        [Some(header), Some(claims), Some(signature), None] => Ok([header, claims, signature]),
        _ => Err("a token is three parts with a dot between them: header.claims.signature".into()),
    }
}

fn object(part: &str, what: &str) -> Result<Value, String> {
    let bytes = base64::decode(part).map_err(|error| format!("the token's {what}: {error}"))?;
    let value: Value =
        serde_json::from_slice(&bytes).map_err(|error| format!("the token's {what} is not JSON: {error}"))?;
    match value.is_object() {
        true => Ok(value),
        false => Err(format!("the token's {what} must be a JSON object")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{decode, sign, verify};

    #[test]
    fn what_is_signed_is_read_and_verified() {
        let claims = json!({ "sub": "42", "exp": 2000, "nbf": 1000 });
        let token = sign(&claims, b"secret").expect("claims");
        let read = decode(&format!("Bearer {token}")).expect("a token");
        assert_eq!((&read.header["alg"], &read.claims), (&json!("HS256"), &claims));
        assert_eq!(verify(&token, b"secret", 1_500_000).as_ref(), Ok(&claims));
        assert_eq!(verify(&format!("bearer {token}"), b"secret", 1_000_000).as_ref(), Ok(&claims));
        for (secret, now, says) in [
            (&b"other"[..], 1_500_000, "signature"),
            (b"secret", 2_000_000, "expired"),
            (b"secret", 999_999, "valid from"),
        ] {
            let error = verify(&token, secret, now).expect_err("not valid");
            assert!(error.contains(says), "{error}");
        }
    }

    #[test]
    fn a_known_token_is_made() {
        // RFC 7515 has no example with this header order; this one is widely known.
        let token = sign(
            &json!({ "sub": "1234567890", "name": "John Doe", "iat": 1516239022 }),
            b"your-256-bit-secret",
        );
        assert_eq!(
            token.as_deref(),
            Ok(
                "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c"
            )
        );
    }

    #[test]
    fn what_is_no_token_is_refused() {
        let none = "eyJhbGciOiJub25lIn0.e30.";
        assert!(decode(none).is_ok());
        for (token, says) in [
            ("", "three parts"),
            ("a.b", "three parts"),
            ("a.b.c.d", "three parts"),
            ("!.e30.", "base 64"),
            ("bm8.e30.", "not JSON"),
            ("MQ.e30.", "JSON object"),
            (none, "\"none\""),
        ] {
            let error = verify(token, b"", 0).expect_err("no token");
            assert!(error.contains(says), "{token}: {error}");
        }
        assert!(sign(&json!([1]), b"").is_err());
    }
}
