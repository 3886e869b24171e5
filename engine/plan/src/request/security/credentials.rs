//! The field `Authorization` (RFC 9110, 11.6.2).

use super::base64;

/// Parameters that a client must send for Digest (RFC 7616, 3.4).
const DIGEST: [&str; 5] = ["username", "realm", "nonce", "uri", "response"];

/// A scheme and what follows it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Credentials<'a> {
    scheme: &'a [u8],
    /// A token or a list of parameters, without whitespace around it
    pub(super) parameters: &'a [u8],
}

impl<'a> Credentials<'a> {
    pub(super) fn parse(value: &'a [u8]) -> Credentials<'a> {
        let end = value.iter().position(u8::is_ascii_whitespace).unwrap_or(value.len());
        Credentials { scheme: &value[..end], parameters: value[end..].trim_ascii() }
    }

    /// Whether the scheme is `scheme`; names of schemes know no case.
    pub(super) fn are_for(&self, scheme: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(scheme.as_bytes())
    }

    /// Whether anything follows the scheme.
    pub(super) fn are_there(&self) -> bool {
        !self.parameters.is_empty()
    }

    /// Whether they are a user's name and a password, joined by a colon, in Base64. Passwords may have colons
    /// (RFC 7617, 2).
    pub(super) fn are_basic(&self) -> bool {
        base64::decode(self.parameters).is_some_and(|mut bytes| bytes.any(|byte| byte == b':'))
    }

    /// Whether everything is there that Digest needs.
    pub(super) fn are_digest(&self) -> bool {
        let is_there = |wanted: &&str| {
            parameters(self.parameters)
                .any(|(name, value)| name.eq_ignore_ascii_case(wanted.as_bytes()) && !value.is_empty())
        };
        DIGEST.iter().all(is_there)
    }
}

/// Names and values of `a=b, c="d, e"`; quotes of a value belong to it.
fn parameters(text: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let parts = text.split(move |&byte| {
        let was_escaped = std::mem::take(&mut is_escaped);
        match byte {
            _ if was_escaped => false,
            b'\\' if is_quoted => {
                is_escaped = true;
                false
            }
            b'"' => {
                is_quoted = !is_quoted;
                false
            }
            byte => byte == b',' && !is_quoted,
        }
    });
    parts.filter_map(|part| {
        let at = part.iter().position(|&byte| byte == b'=')?;
        Some((part[..at].trim_ascii(), part[at + 1..].trim_ascii()))
    })
}
