//! One request of a recording.

use crate::limits::MAX_METHOD;

/// One request of a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) method: String,
    /// As received: `/pets?limit=5`, `http://host/pets`; still percent-encoded
    pub(super) target: Vec<u8>,
}

/// A target taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Target<'a> {
    /// `http`; empty where the target has none
    pub(super) scheme: &'a [u8],
    /// `host:port`; empty where the target has none
    pub(super) host: &'a [u8],
    pub(super) path: &'a [u8],
    /// Without the `?`
    pub(super) query: &'a [u8],
}

impl Asked {
    /// `None` where one of them is none.
    pub(super) fn new(method: &[u8], target: &[u8]) -> Option<Asked> {
        if target.is_empty() {
            return None;
        }
        Some(Asked { method: method_name(method)?, target: target.to_vec() })
    }

    pub(super) fn target(&self) -> Target<'_> {
        let (target, _) = split(&self.target, b'#').unwrap_or((&self.target, &[]));
        let (scheme, behind) = absolute(target).unwrap_or((&[], target));
        let (host, path) = match scheme.is_empty() {
            true => (&target[..0], target),
            false => {
                let end = behind.iter().position(|byte| matches!(byte, b'/' | b'?'));
                behind.split_at(end.unwrap_or(behind.len()))
            }
        };
        let (path, query) = split(path, b'?').unwrap_or((path, &[]));
        let path = if path.is_empty() { b"/" } else { path };
        Target { scheme, host, path, query }
    }
}

/// Whether a text looks like the target of a request: `/pets`, `http://host/pets`, `*`.
pub(super) fn is_target(text: &[u8]) -> bool {
    let is_one = text.starts_with(b"/") || text == b"*" || absolute(text).is_some();
    is_one && !text.iter().any(u8::is_ascii_whitespace)
}

/// The scheme of a URL, and what is behind its `://`.
fn absolute(target: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = target.iter().position(|byte| !byte.is_ascii_alphanumeric() && !b"+-.".contains(byte))?;
    let behind = target[end..].strip_prefix(b"://")?;
    (end > 0).then(|| (&target[..end], behind))
}

/// What is before and behind the first `byte`.
fn split(text: &[u8], byte: u8) -> Option<(&[u8], &[u8])> {
    let at = text.iter().position(|&other| other == byte)?;
    Some((&text[..at], &text[at + 1..]))
}

/// A method as requests have it, whatever the case of its letters in the log. Every registered one is of letters, and
/// `-` stands for none.
fn method_name(text: &[u8]) -> Option<String> {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_method = text.len() <= MAX_METHOD
        && text.first().is_some_and(u8::is_ascii_alphabetic)
        && text.iter().all(is_part);
    is_method.then(|| String::from_utf8_lossy(text).to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn targets_are_taken_apart() {
        for (target, scheme, host, path, query) in [
            ("/pets?limit=5", "", "", "/pets", "limit=5"),
            ("/pets", "", "", "/pets", ""),
            ("/pets?a=b?c#d?e", "", "", "/pets", "a=b?c"),
            ("/pets#top?x", "", "", "/pets", ""),
            ("/a?to=http://b/c", "", "", "/a", "to=http://b/c"),
            ("http://h:8/pets?x", "http", "h:8", "/pets", "x"),
            ("https://h", "https", "h", "/", ""),
            ("https://[::1]:8?x", "https", "[::1]:8", "/", "x"),
            ("https://h#x", "https", "h", "/", ""),
            ("h:443", "", "", "h:443", ""),
            ("*", "", "", "*", ""),
            ("://h/a", "", "", "://h/a", ""),
            ("?x", "", "", "/", "x"),
            ("data:image/png;base64,AA", "", "", "data:image/png;base64,AA", ""),
        ] {
            let asked = Asked::new(b"GET", target.as_bytes()).unwrap();
            let expected = Target {
                scheme: scheme.as_bytes(),
                host: host.as_bytes(),
                path: path.as_bytes(),
                query: query.as_bytes(),
            };
            assert_eq!(asked.target(), expected, "{target}");
        }
    }

    #[test]
    fn methods_are_told_from_other_words() {
        for (text, expected) in [
            ("GET", Some("GET")),
            ("get", Some("GET")),
            ("M-SEARCH", Some("M-SEARCH")),
            ("VERSION-CONTROL", Some("VERSION-CONTROL")),
            ("-", None),
            ("", None),
            ("G T", None),
            ("\u{16}\u{3}", None),
            ("10.0.0.1", None),
            ("ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG", None),
        ] {
            assert_eq!(method_name(text.as_bytes()).as_deref(), expected, "{text}");
        }
    }
}
