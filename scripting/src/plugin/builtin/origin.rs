//! Origins (Fetch, section 3.2), and patterns of them.

/// Origins that are meant by one entry of a list.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Pattern {
    /// `*`
    Any,
    /// An origin, with `*` for one or more characters of a host or port; in lower case
    Like(Box<str>),
}

impl Pattern {
    /// Reads an entry.
    ///
    /// # Errors
    /// What would be right, when it is no origin.
    pub(super) fn parse(text: &str) -> Result<Pattern, String> {
        if text == "*" {
            return Ok(Pattern::Any);
        }
        let lower = text.to_ascii_lowercase();
        if lower == "null" {
            return Ok(Pattern::Like(lower.into()));
        }
        let Some((scheme, authority)) = lower.split_once("://") else {
            return Err("an origin begins with a scheme, as `https://app.example.com`".into());
        };
        let is_scheme = !scheme.is_empty()
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
        if let Some((host, _)) = authority.split_once(['/', '?', '#']) {
            return Err(format!("an origin has no path: write `{scheme}://{host}`"));
        }
        let is_host = |byte: u8| is_of_host(byte) || b"*:[]".contains(&byte);
        if !is_scheme || authority.is_empty() || !authority.bytes().all(is_host) {
            return Err("scheme, host and port, as `https://app.example.com` or `http://localhost:*`".into());
        }
        Ok(Pattern::Like(lower.into()))
    }

    /// Whether an origin is meant.
    pub(super) fn matches(&self, origin: &[u8]) -> bool {
        match self {
            Pattern::Any => true,
            Pattern::Like(pattern) => is_like(pattern.as_bytes(), origin),
        }
    }
}

/// What `*` stands for: no `:` and no `/`, so that it never reaches over the end of a host.
fn is_of_host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')
}

/// Tries the shortest stretch for each `*` and, when what follows does not fit, a longer one for the last of them.
fn is_like(pattern: &[u8], origin: &[u8]) -> bool {
    let (mut at, mut seen) = (0, 0);
    let mut last_star: Option<(usize, usize)> = None;
    loop {
        match pattern.get(at) {
            Some(b'*') if origin.get(seen).is_some_and(|byte| is_of_host(*byte)) => {
                (at, seen) = (at + 1, seen + 1);
                last_star = Some((at, seen));
                continue;
            }
            Some(expected) if origin.get(seen).is_some_and(|byte| byte.eq_ignore_ascii_case(expected)) => {
                (at, seen) = (at + 1, seen + 1);
                continue;
            }
            None if seen == origin.len() => return true,
            _ => {}
        }
        match last_star {
            Some((after, end)) if origin.get(end).is_some_and(|byte| is_of_host(*byte)) => {
                (at, seen) = (after, end + 1);
                last_star = Some((after, end + 1));
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Pattern, is_like};

    #[test]
    fn origins_are_held_against_patterns() {
        for (pattern, origin, expected) in [
            ("*", "https://any.example", true),
            ("https://app.example.com", "https://app.example.com", true),
            ("https://APP.example.com", "https://app.Example.com", true),
            ("https://app.example.com", "http://app.example.com", false),
            ("https://app.example.com", "https://app.example.com:8443", false),
            ("https://*.example.com", "https://a.example.com", true),
            ("https://*.example.com", "https://a.b.example.com", true),
            ("https://*.example.com", "https://example.com", false),
            ("https://*.example.com", "https://.example.com", false),
            ("https://*.example.com", "https://a.example.com.evil.org", false),
            ("https://*.example.com", "https://evil.org/.example.com", false),
            ("https://*.example.com", "https://evil.org:1.example.com", false),
            ("http://localhost:*", "http://localhost:3000", true),
            ("http://localhost:*", "http://localhost", false),
            ("http://localhost:*", "http://localhost:", false),
            ("http://[::1]:*", "http://[::1]:80", true),
            ("https://*-*.example.com", "https://a-b-c.example.com", true),
            ("https://*-*.example.com", "https://-b.example.com", false),
            ("null", "null", true),
            ("null", "nul", false),
        ] {
            let read = Pattern::parse(pattern).expect("a pattern");
            assert_eq!(read.matches(origin.as_bytes()), expected, "{pattern} and {origin}");
        }
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        for (text, says) in [
            ("app.example.com", "scheme"),
            ("https://a.example/", "`https://a.example`"),
            ("https://a.example/x/y", "`https://a.example`"),
            ("https://", "host"),
            ("://a", "host"),
            ("https://a b", "host"),
            ("", "scheme"),
        ] {
            let error = Pattern::parse(text).expect_err("no origin");
            assert!(error.contains(says), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn a_pattern_without_stars_means_itself_alone(one in "[a-c.]{1,8}", other in "[a-c.]{1,8}") {
            prop_assert_eq!(is_like(one.as_bytes(), other.as_bytes()), one == other);
        }

        #[test]
        fn stars_stand_for_what_a_host_has(parts in prop::collection::vec("[a-b]{1,3}", 1..5), filled in prop::collection::vec("[a-b.]{1,4}", 5)) {
            let pattern = parts.join("*");
            let mut origin = parts[0].clone();
            for (part, fill) in parts[1..].iter().zip(&filled) {
                origin += fill;
                origin += part;
            }
            prop_assert!(is_like(pattern.as_bytes(), origin.as_bytes()), "{} {}", pattern, origin);
        }

        #[test]
        fn any_bytes_are_held_against_any_pattern(pattern in "[a*:/.]{0,12}", origin in prop::collection::vec(any::<u8>(), 0..20)) {
            let _ = is_like(pattern.as_bytes(), &origin);
        }
    }
}
