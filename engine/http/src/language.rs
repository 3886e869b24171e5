//! Languages that a client accepts (RFC 9110, section 12.5.4).

use crate::limits::MAX_LANGUAGE_RANGES;
use crate::media::quality;
use crate::request::list;

/// A language range (RFC 4647, section 2.1) and how much it is liked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LanguageRange<'a> {
    /// As sent: `de-AT`, `*`
    pub text: &'a [u8],
    /// Thousandths; with 0 it is not wanted
    pub quality: u16,
}

impl<'a> LanguageRange<'a> {
    fn parse(element: &'a [u8]) -> Option<Self> {
        let (text, quality) = match memchr::memchr(b';', element) {
            None => (element, 1000),
            Some(at) => (element[..at].trim_ascii_end(), weight(&element[at + 1..])?),
        };
        let is_of_range = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'*');
        (!text.is_empty() && text.iter().all(is_of_range)).then_some(Self { text, quality })
    }
}

/// The ranges of the lines of `Accept-Language`, in order. Those that cannot be read are left out, and so are those behind
/// the first [`MAX_LANGUAGE_RANGES`].
pub fn language_ranges<'a>(lines: impl Iterator<Item = &'a [u8]>) -> impl Iterator<Item = LanguageRange<'a>> {
    lines.flat_map(list).take(MAX_LANGUAGE_RANGES).filter_map(LanguageRange::parse)
}

/// The value of `q=0.5`.
fn weight(text: &[u8]) -> Option<u16> {
    match text.trim_ascii() {
        [b'q' | b'Q', b'=', value @ ..] => quality(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[&str]) -> Vec<(String, u16)> {
        let ranges = language_ranges(lines.iter().map(|line| line.as_bytes()));
        ranges.map(|range| (String::from_utf8_lossy(range.text).into_owned(), range.quality)).collect()
    }

    #[test]
    fn ranges_of_all_shapes() {
        for (lines, expected) in [
            (&["de"][..], &[("de", 1000)][..]),
            (&["de-CH, de;q=0.9 , *;q=0.5"], &[("de-CH", 1000), ("de", 900), ("*", 500)]),
            (&["de ; Q=0", "fr;q=1.000"], &[("de", 0), ("fr", 1000)]),
            (&["de;q=0.1239"], &[("de", 123)]),
            (&["de;q=", "fr;q=2", "it;q=-1", "nl;q=nan", "pl;x=1", "es;", "tr"], &[("tr", 1000)]),
            (&["", " , ,", "d\u{fc}", "de DE", "de_DE", ";q=1"], &[]),
        ] {
            let expected: Vec<_> =
                expected.iter().map(|(text, quality)| ((*text).to_owned(), *quality)).collect();
            assert_eq!(read(lines), expected, "{lines:?}");
        }
    }

    #[test]
    fn ranges_behind_the_limit_are_not_looked_at() {
        for (before, is_seen) in [(MAX_LANGUAGE_RANGES - 1, true), (MAX_LANGUAGE_RANGES, false)] {
            // what cannot be read counts too, what is empty does not
            let line = format!("{}, , de", vec!["x;q=x"; before].join(","));
            assert_eq!(!read(&[&line]).is_empty(), is_seen, "{before}");
        }
    }
}
