//! Digests, base 64 and tokens.

use rhai::plugin::*;
use rhai::{Blob, Dynamic, FuncRegistration, ImmutableString, Map, Module};

use crate::host::hash::Algorithm;
use crate::host::{base64, hash, jwt};
use crate::script::answer;
use crate::script::json;
use crate::script::meter::works_on;
use crate::script::objects::{Failure, current, failure};

/// The bytes of a text or blob.
fn bytes(value: &Dynamic) -> Result<Vec<u8>, Failure> {
    if let Ok(text) = value.as_immutable_string_ref() {
        works_on(text.len());
        return Ok(text.as_bytes().to_vec());
    }
    match value.as_blob_ref() {
        Ok(blob) => {
            works_on(blob.len());
            Ok(blob.to_vec())
        }
        Err(_) => Err(failure(format!("a text or a blob is needed; this is {}", answer::kind(value)))),
    }
}

/// What stands above the digests in the reference.
pub(crate) const HASH_DOCS: &str = "Digests of a text or blob, in lower-case hexadecimal digits.";

/// Every digest as a function.
pub(crate) fn digests() -> Module {
    let mut module = Module::new();
    for (name, algorithm) in Algorithm::ALL {
        let docs = format!(
            "/// The digest {name}.\n///\n/// ```rhai\n/// let etag = hash::{name}(\"text\");\n/// ```"
        );
        FuncRegistration::new(name).with_comments([docs]).with_params_info(["value: ?", ""]).set_into_module(
            &mut module,
            move |value: Dynamic| -> Result<String, Failure> {
                hash::hash(algorithm, &bytes(&value)?).map_err(failure)
            },
        );
    }
    let docs = "/// HMAC-SHA-256 (RFC 2104) with a secret.\n///\n/// ```rhai\n/// let signature = \
                hash::hmac_sha256(req.body, \"secret\");\n/// ```";
    FuncRegistration::new("hmac_sha256")
        .with_comments([docs])
        .with_params_info(["value: ?", "secret: ?", ""])
        .set_into_module(&mut module, |value: Dynamic, secret: Dynamic| -> Result<String, Failure> {
            hash::hmac_sha256(&bytes(&value)?, &bytes(&secret)?).map_err(failure)
        });
    module
}

/// Base 64 (RFC 4648).
#[export_module]
#[allow(missing_docs, unreachable_pub, clippy::unwrap_used)]
pub(crate) mod base64_functions {
    /// A text or blob in base 64, padded.
    ///
    /// ```rhai
    /// let basic = "Basic " + base64::encode("user:password");
    /// ```
    #[rhai_fn(name = "encode", return_raw)]
    pub fn encode(value: Dynamic) -> Result<String, Failure> {
        base64::encode(&bytes(&value)?).map_err(failure)
    }

    /// A text or blob in the alphabet for URLs, not padded.
    ///
    /// ```rhai
    /// let cursor = base64::encode_url(`offset:${20}`);
    /// ```
    #[rhai_fn(name = "encode_url", return_raw)]
    pub fn encode_url(value: Dynamic) -> Result<String, Failure> {
        base64::encode_url(&bytes(&value)?).map_err(failure)
    }

    /// The text that was encoded, in either alphabet, padded or not.
    ///
    /// ```rhai
    /// let cursor = base64::decode("b2Zmc2V0OjIw");
    /// ```
    #[rhai_fn(name = "decode", return_raw)]
    pub fn decode(text: &str) -> Result<ImmutableString, Failure> {
        let bytes = base64::decode(text).map_err(failure)?;
        let text = String::from_utf8(bytes)
            .map_err(|_| failure("what was encoded is no text; ask `decode_bytes`"))?;
        Ok(text.into())
    }

    /// The bytes that were encoded, as a blob.
    ///
    /// ```rhai
    /// let bytes = base64::decode_bytes("AAEC");
    /// ```
    #[rhai_fn(name = "decode_bytes", return_raw)]
    pub fn decode_bytes(text: &str) -> Result<Blob, Failure> {
        base64::decode(text).map_err(failure)
    }
}

/// JSON Web Tokens (RFC 7519), with or without `Bearer ` in front.
#[export_module]
#[allow(missing_docs, unreachable_pub, clippy::unwrap_used)]
pub(crate) mod jwt_functions {
    /// Header and claims of a token: `#{ header, claims }`. The signature is not checked.
    ///
    /// ```rhai
    /// let algorithm = jwt::decode(req.headers.authorization).header.alg;
    /// ```
    #[rhai_fn(name = "decode", return_raw)]
    pub fn decode(token: &str) -> Result<Map, Failure> {
        let token = jwt::decode(token).map_err(failure)?;
        let (header, claims) = (json::from_value(&token.header), json::from_value(&token.claims));
        Ok(Map::from([("header".into(), header), ("claims".into(), claims)]))
    }

    /// The claims of a token. The signature is not checked.
    ///
    /// ```rhai
    /// let user = jwt::claims(req.headers.authorization).sub;
    /// ```
    #[rhai_fn(name = "claims", return_raw)]
    pub fn claims(token: &str) -> Result<Dynamic, Failure> {
        jwt::decode(token).map(|token| json::from_value(&token.claims)).map_err(failure)
    }

    /// A token of these claims, signed with HS256.
    ///
    /// ```rhai
    /// let token = jwt::sign(#{ sub: "ada", exp: time::unix() + 3_600 }, "secret");
    /// ```
    #[rhai_fn(name = "sign", return_raw)]
    pub fn sign(claims: Map, secret: &str) -> Result<String, Failure> {
        let claims = json::to_value(&claims.into()).map_err(failure)?;
        jwt::sign(&claims, secret.as_bytes()).map_err(failure)
    }

    /// The claims of a token that was signed with HS256 and the secret, and is valid now. Another is a fault that can
    /// be caught.
    ///
    /// ```rhai
    /// try { ctx.vars.user = jwt::verify(req.headers.authorization ?? "", "secret").sub; }
    /// catch (reason) { return unauthorized(reason); }
    /// ```
    #[rhai_fn(name = "verify", return_raw)]
    pub fn verify(token: &str, secret: &str) -> Result<Dynamic, Failure> {
        let claims = jwt::verify(token, secret.as_bytes(), current()?.now).map_err(failure)?;
        Ok(json::from_value(&claims))
    }
}
