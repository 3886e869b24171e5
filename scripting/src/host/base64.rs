//! Base 64 (RFC 4648): the standard alphabet with padding, and the one for URLs without.

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::limits;

const ANY_PADDING: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const PLAIN: GeneralPurpose = GeneralPurpose::new(&STANDARD, ANY_PADDING);
const URL: GeneralPurpose = GeneralPurpose::new(&URL_SAFE, ANY_PADDING.with_encode_padding(false));

/// In the standard alphabet, padded (RFC 4648, section 4).
///
/// # Errors
/// When there are more than [`limits::TEXT_BYTES`].
pub fn encode(bytes: &[u8]) -> Result<String, String> {
    limits::text(bytes)?;
    Ok(PLAIN.encode(bytes))
}

/// In the alphabet for URLs, not padded (RFC 4648, section 5).
///
/// # Errors
/// When there are more than [`limits::TEXT_BYTES`].
pub fn encode_url(bytes: &[u8]) -> Result<String, String> {
    limits::text(bytes)?;
    Ok(URL.encode(bytes))
}

/// The bytes of a text in either alphabet, padded or not.
///
/// # Errors
/// When it is in neither, or longer than [`limits::TEXT_BYTES`].
pub fn decode(text: &str) -> Result<Vec<u8>, String> {
    limits::text(text.as_bytes())?;
    let engine = if text.contains(['-', '_']) { &URL } else { &PLAIN };
    engine.decode(text).map_err(|error| format!("the text is not base 64: {error}"))
}

#[cfg(test)]
mod tests {
    use super::{decode, encode, encode_url, limits};

    #[test]
    fn both_alphabets_are_written_and_read() {
        let bytes = [0xfb, 0xff, 0xfe, 0x01];
        assert_eq!(encode(&bytes).as_deref(), Ok("+//+AQ=="));
        assert_eq!(encode_url(&bytes).as_deref(), Ok("-__-AQ"));
        for text in ["+//+AQ==", "+//+AQ", "-__-AQ==", "-__-AQ"] {
            assert_eq!(decode(text).as_deref(), Ok(&bytes[..]), "{text}");
        }
        for wrong in ["a", "+//+AQ=a", "a b", "+_", "é"] {
            assert!(decode(wrong).is_err(), "{wrong}");
        }
        assert!(encode(&vec![0; limits::TEXT_BYTES + 1]).is_err());
    }
}
