//! Text of a path compared with what a template says.

use mocker_http::percent::decoded;

/// Whether `text` means exactly `plain`.
pub(super) fn means(text: &[u8], plain: &[u8]) -> bool {
    text == plain || decoded(text).eq(plain.iter().copied())
}

/// Delimiters, which mean something else when they are percent-encoded (RFC 3986, 2.2).
pub(super) fn is_reserved(byte: u8) -> bool {
    b":/?#[]@!$&'()*+,;=".contains(&byte)
}
