//! Public keys in PEM (RFC 7468).

use jsonwebtoken::{Algorithm, DecodingKey};

use super::keys::{Key, MODULUS_BYTES};
use crate::host::base64;

/// The object identifier 1.2.840.10045.3.1.7, P-256, in DER (RFC 5480, section 2.1.1.1).
const P256: [u8; 10] = [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];

/// A public key in PEM.
///
/// # Errors
/// What would be right.
pub(super) fn key(pem: &[u8]) -> Result<Key, String> {
    let text = std::str::from_utf8(pem).map_err(|_| "a key in PEM is text")?;
    if text.contains("PRIVATE KEY-----") {
        return Err("this is the private key, with which tokens are signed; give the public one: \
                    `openssl pkey -in private.pem -pubout`"
            .into());
    }
    if text.contains("BEGIN CERTIFICATE-----") {
        return Err("this is a certificate; give its key: `openssl x509 -in cert.pem -noout -pubkey`".into());
    }
    let der = der(text)
        .ok_or("a key in PEM stands between `-----BEGIN PUBLIC KEY-----` and `-----END PUBLIC KEY-----`")?;
    if let Ok(decoding) = DecodingKey::from_rsa_pem(pem) {
        // DER of a key holds its modulus whole.
        return match der.len() < MODULUS_BYTES {
            true => Err("an RSA key has 2048 bits at least".into()),
            false => Ok(Key::new(None, Algorithm::RS256, decoding)),
        };
    }
    match DecodingKey::from_ec_pem(pem) {
        Ok(decoding) if der.windows(P256.len()).any(|window| window == P256) => {
            Ok(Key::new(None, Algorithm::ES256, decoding))
        }
        Ok(_) => Err("a key for ES256 is one of the curve P-256".into()),
        Err(_) => Err("RS256 needs an RSA key, ES256 one of the curve P-256".into()),
    }
}

/// What stands between the first two lines of dashes.
fn der(text: &str) -> Option<Vec<u8>> {
    let (_, rest) = text.split_once("PUBLIC KEY-----")?;
    let (body, _) = rest.split_once("-----END")?;
    let digits: String = body.split_ascii_whitespace().collect();
    base64::decode(&digits).ok()
}
