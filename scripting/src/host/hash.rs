//! Digests, in lower-case hexadecimal digits.

use md5::{Digest as _, Md5};
use ring::digest;
use ring::hmac;

use super::limits;

/// What digests there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// RFC 1321
    Md5,
    /// FIPS 180-4
    Sha1,
    /// FIPS 180-4
    Sha256,
    /// FIPS 180-4
    Sha512,
    /// As in zip and gzip (RFC 1952, section 8)
    Crc32,
}

impl Algorithm {
    /// Every algorithm, by the name of its function.
    pub const ALL: [(&'static str, Algorithm); 5] = [
        ("md5", Algorithm::Md5),
        ("sha1", Algorithm::Sha1),
        ("sha256", Algorithm::Sha256),
        ("sha512", Algorithm::Sha512),
        ("crc32", Algorithm::Crc32),
    ];
}

/// The digest of some bytes.
///
/// # Errors
/// When there are more than [`limits::TEXT_BYTES`].
pub fn hash(algorithm: Algorithm, bytes: &[u8]) -> Result<String, String> {
    limits::text(bytes)?;
    Ok(match algorithm {
        Algorithm::Md5 => hex(&Md5::digest(bytes)),
        Algorithm::Sha1 => hex(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref()),
        Algorithm::Sha256 => hex(digest::digest(&digest::SHA256, bytes).as_ref()),
        Algorithm::Sha512 => hex(digest::digest(&digest::SHA512, bytes).as_ref()),
        Algorithm::Crc32 => format!("{:08x}", crc32(bytes)),
    })
}

/// The HMAC-SHA-256 (RFC 2104) of some bytes.
///
/// # Errors
/// When `bytes` or `secret` are longer than [`limits::TEXT_BYTES`].
pub fn hmac_sha256(bytes: &[u8], secret: &[u8]) -> Result<String, String> {
    mac(bytes, secret).map(|tag| hex(tag.as_ref()))
}

/// The bytes of [`hmac_sha256`].
pub(crate) fn mac(bytes: &[u8], secret: &[u8]) -> Result<hmac::Tag, String> {
    limits::text(bytes)?;
    limits::text(secret)?;
    Ok(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), bytes))
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits =
        bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    digits.map(char::from).collect()
}

fn crc32(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = {
        let mut table = [0; 256];
        let mut byte = 0;
        while byte < 256 {
            let (mut entry, mut bit) = (byte as u32, 0);
            while bit < 8 {
                entry = if entry & 1 == 1 { entry >> 1 ^ 0xedb8_8320 } else { entry >> 1 };
                bit += 1;
            }
            table[byte] = entry;
            byte += 1;
        }
        table
    };
    !bytes.iter().fold(!0, |crc: u32, byte| crc >> 8 ^ TABLE[usize::from(crc as u8 ^ byte)])
}

#[cfg(test)]
mod tests {
    use super::{Algorithm, hash, hmac_sha256, limits};

    #[test]
    fn known_answers() {
        for (algorithm, expected) in [
            (Algorithm::Md5, "900150983cd24fb0d6963f7d28e17f72"),
            (Algorithm::Sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (Algorithm::Sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (Algorithm::Crc32, "352441c2"),
        ] {
            assert_eq!(hash(algorithm, b"abc").as_deref(), Ok(expected), "{algorithm:?}");
        }
        let sha512 = hash(Algorithm::Sha512, b"abc").expect("three bytes");
        assert!(sha512.starts_with("ddaf35a193617aba") && sha512.len() == 128, "{sha512}");
        // RFC 4231, section 4.3
        assert_eq!(
            hmac_sha256(b"what do ya want for nothing?", b"Jefe").as_deref(),
            Ok("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        );
    }

    #[test]
    fn what_is_too_long_is_refused() {
        let (most, more) = (vec![0; limits::TEXT_BYTES], vec![0; limits::TEXT_BYTES + 1]);
        assert!(hash(Algorithm::Crc32, &most).is_ok());
        assert!(hash(Algorithm::Crc32, &more).is_err());
        assert!(hmac_sha256(b"", &more).is_err());
    }
}
