//! Bytes to text: UTF-8, or UTF-16 that says so (YAML 1.2.2, 5.2).

use std::borrow::Cow;

/// Text without its byte order mark, and the byte offset of the first broken character, where there is one.
pub(crate) fn decode(bytes: &[u8]) -> (Cow<'_, str>, Option<u32>) {
    match bytes {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: &[u8]) -> (Cow<'_, str>, Option<u32>) {
    match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), None),
        Err(error) => (String::from_utf8_lossy(bytes), Some(error.valid_up_to() as u32)),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> (Cow<'static, str>, Option<u32>) {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len());
    let mut broken = None;
    for character in char::decode_utf16(pairs.iter().map(|&pair| unit(pair))) {
        text.push(character.unwrap_or_else(|_| {
            broken.get_or_insert(text.len() as u32);
            char::REPLACEMENT_CHARACTER
        }));
    }
    if !odd.is_empty() {
        broken.get_or_insert(text.len() as u32);
    }
    (Cow::Owned(text), broken)
}
