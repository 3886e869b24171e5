//! Secrets in URLs: names and passwords before the host, and values of the query, are not shown to anybody.

use std::borrow::Cow;

/// What stands for a secret.
pub(crate) const MASK: &str = "********";

const SCHEMES: [&str; 2] = ["http://", "https://"];

/// A text with every HTTP URL in it as it may be shown.
pub(crate) fn urls(text: &str) -> Cow<'_, str> {
    if !text.contains("://") {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = next(rest) {
        let (before, from) = rest.split_at(start);
        let (url, behind) = from.split_at(length(from));
        shown.push_str(before);
        veil(url, &mut shown);
        rest = behind;
    }
    shown.push_str(rest);
    Cow::Owned(shown)
}

/// The same for a text that is a URL as a whole, or is meant to be one: its scheme may be missing, or its host too.
pub(crate) fn url(url: &str) -> String {
    let mut shown = String::with_capacity(url.len());
    veil(url, &mut shown);
    shown
}

/// Where the next URL begins.
fn next(text: &str) -> Option<usize> {
    let is_scheme = |at: usize| {
        let bytes = &text.as_bytes()[at..];
        SCHEMES.iter().any(|scheme| {
            bytes.get(..scheme.len()).is_some_and(|given| given.eq_ignore_ascii_case(scheme.as_bytes()))
        })
    };
    text.match_indices(['h', 'H']).map(|(at, _)| at).find(|at| is_scheme(*at))
}

/// Bytes of the URL that a text begins with; what ends a sentence is none of it.
fn length(text: &str) -> usize {
    let is_behind = |letter: char| letter.is_whitespace() || letter.is_control() || "\"'`<>".contains(letter);
    let url = &text[..text.find(is_behind).unwrap_or(text.len())];
    url.trim_end_matches([':', ',', ';', '.', ')']).len()
}

/// Appends a URL without what is secret in it (RFC 3986 §3).
fn veil(url: &str, shown: &mut String) {
    let (scheme, rest) = url.split_at(url.find("://").map_or(0, |at| at + 3));
    let (rest, fragment) = rest.split_at(rest.find('#').unwrap_or(rest.len()));
    let (place, query) = rest.split_at(rest.find('?').unwrap_or(rest.len()));
    let (authority, path) = place.split_at(place.find('/').unwrap_or(place.len()));
    shown.push_str(scheme);
    match authority.rsplit_once('@') {
        Some((_, host)) => [MASK, "@", host].iter().for_each(|part| shown.push_str(part)),
        None => shown.push_str(authority),
    }
    shown.push_str(path);
    let parameters = query.strip_prefix('?').into_iter().flat_map(|query| query.split('&'));
    for (number, parameter) in parameters.enumerate() {
        shown.push(if number == 0 { '?' } else { '&' });
        match parameter.split_once('=') {
            Some((name, "")) => [name, "="].iter().for_each(|part| shown.push_str(part)),
            Some((name, _)) => [name, "=", MASK].iter().for_each(|part| shown.push_str(part)),
            None if parameter.is_empty() => {}
            None => shown.push_str(MASK),
        }
    }
    shown.push_str(fragment);
}

#[cfg(test)]
mod tests {
    use super::{url, urls};

    #[test]
    fn what_is_secret_in_urls_is_not_shown() {
        for (text, shown) in [
            ("openapi.yaml", "openapi.yaml"),
            ("https://host/api.yaml#/paths", "https://host/api.yaml#/paths"),
            ("https://ann:s3@host:81/a.yaml", "https://********@host:81/a.yaml"),
            ("HTTPS://s3@[::1]", "HTTPS://********@[::1]"),
            ("http://a@s3@host/@x", "http://********@host/@x"),
            (
                "http://h?token=s3&empty=&=s3&s3&#/a?b=c",
                "http://h?token=********&empty=&=********&********&#/a?b=c",
            ),
            (
                "`http://u:s3@h/a` and http://h/?k=s3: no file",
                "`http://********@h/a` and http://h/?k=********: no file",
            ),
            (
                "error: https://h/ä?k=s3ä (https://s3@h).",
                "error: https://h/ä?k=******** (https://********@h).",
            ),
            ("http://", "http://"),
            ("h://x, ftp://u@h", "h://x, ftp://u@h"),
        ] {
            assert_eq!(urls(text), shown, "{text}");
            assert_eq!(urls(shown), shown, "{text}");
        }
    }

    #[test]
    fn what_is_meant_to_be_a_url_is_one_without_a_scheme() {
        for (text, shown) in [
            ("/pets?token=s3", "/pets?token=********"),
            ("/pets/@me", "/pets/@me"),
            ("localhost:80/?s3", "localhost:80/?********"),
            ("ann:s3@localhost/a", "********@localhost/a"),
            ("ftp://ann:s3@host/?k=s3#a", "ftp://********@host/?k=********#a"),
            ("http://h/a b?k=s3 s3", "http://h/a b?k=********"),
        ] {
            assert_eq!(url(text), shown, "{text}");
        }
    }

    #[test]
    fn no_secret_is_left_and_nothing_else_is_lost() {
        let parts = ["", "é`h", "S3CRET@host/a?S3CRET=", ":/#?&@"];
        for before in parts.map(|part| part.replace("S3CRET", "h")) {
            for user in ["", "S3CRET@", "ann:S3CRET@", "a@S3CRET:@"] {
                for query in ["", "?S3CRET", "?k=S3CRET", "?k=S3CRET?/@:&&k=a=S3CRET"] {
                    for behind in ["", " é", "` https://h", "\n://"] {
                        let text = format!("{before} http://{user}host/path{query}{behind}");
                        let shown = urls(&text);
                        assert!(!shown.contains("S3CRET"), "{text}: {shown}");
                        assert!(shown.starts_with(&before) && shown.ends_with(behind), "{text}: {shown}");
                        assert!(shown.contains("host/path"), "{text}: {shown}");
                    }
                }
            }
        }
    }
}
