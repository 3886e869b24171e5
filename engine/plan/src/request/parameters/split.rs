//! Lists in one text: elements between separators that stand there as themselves or percent-encoded.

use mocker_openapi::model::Style;

use crate::request::text::Encoding;

/// What stands between the elements of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Separator {
    /// `,` where one stands there as itself, else `%2C`: clients that encode whole values mean the same list
    Comma,
    /// ` `, however written: `%20`, `+` in a query
    Space,
    /// `|` or `%7C`
    Pipe,
    /// Tab or `%09`
    Tab,
    /// `.`, `;`, `&`: as itself only
    Byte(u8),
}

impl Separator {
    /// Of a style that writes a list into one text; a comma where the style has no separator of its own.
    pub(crate) fn of(style: Style) -> Separator {
        match style {
            Style::SpaceDelimited => Separator::Space,
            Style::PipeDelimited => Separator::Pipe,
            Style::TabDelimited => Separator::Tab,
            _ => Separator::Comma,
        }
    }

    /// Elements of `text`, still encoded; one at least. Whitespace around elements of header fields is dropped
    /// (RFC 9110, 5.6.1).
    pub(crate) fn split(self, text: &[u8], encoding: Encoding) -> impl Iterator<Item = &[u8]> {
        let elements = Elements { rest: Some(text), marks: self.marks(text, encoding) };
        elements.map(move |element| match encoding {
            Encoding::Plain => element.trim_ascii(),
            Encoding::Query | Encoding::Percent => element,
        })
    }

    fn marks(self, text: &[u8], encoding: Encoding) -> Marks {
        let (itself, encoded) = match self {
            Separator::Comma if text.contains(&b',') => (Some(b','), None),
            Separator::Comma => (None, Some(*b"2c")),
            Separator::Space if encoding == Encoding::Query => (Some(b'+'), Some(*b"20")),
            Separator::Space => (Some(b' '), Some(*b"20")),
            Separator::Pipe => (Some(b'|'), Some(*b"7c")),
            Separator::Tab => (Some(b'\t'), Some(*b"09")),
            Separator::Byte(byte) => (Some(byte), None),
        };
        Marks { itself, encoded: encoded.filter(|_| encoding != Encoding::Plain) }
    }
}

/// The forms of a separator.
#[derive(Clone, Copy)]
struct Marks {
    itself: Option<u8>,
    /// The digits behind `%`, in lower case
    encoded: Option<[u8; 2]>,
}

impl Marks {
    /// Bytes that a separator at the start of `text` takes.
    fn width(self, text: &[u8]) -> Option<usize> {
        match text {
            [first, ..] if Some(*first) == self.itself => Some(1),
            [b'%', high, low, ..]
                if self.encoded == Some([high.to_ascii_lowercase(), low.to_ascii_lowercase()]) =>
            {
                Some(3)
            }
            _ => None,
        }
    }
}

struct Elements<'a> {
    rest: Option<&'a [u8]>,
    marks: Marks,
}

impl<'a> Iterator for Elements<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.rest?;
        let found = (0..rest.len()).find_map(|at| Some((at, self.marks.width(&rest[at..])?)));
        let (element, behind) = match found {
            Some((at, width)) => (&rest[..at], Some(&rest[at + width..])),
            None => (rest, None),
        };
        self.rest = behind;
        Some(element)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators() {
        use Encoding::{Percent, Plain, Query};
        for (text, separator, encoding, expected) in [
            ("a,b,,c", Separator::Comma, Query, &["a", "b", "", "c"][..]),
            ("a%2Cb,c", Separator::Comma, Query, &["a%2Cb", "c"]),
            ("a%2Cb%2cc", Separator::Comma, Percent, &["a", "b", "c"]),
            ("a%2Cb", Separator::Comma, Plain, &["a%2Cb"]),
            ("a , b", Separator::Comma, Plain, &["a", "b"]),
            ("a+b%20c", Separator::Space, Query, &["a", "b", "c"]),
            ("a+b%20c", Separator::Space, Percent, &["a+b", "c"]),
            ("1%2520x", Separator::Space, Query, &["1%2520x"]),
            ("a b", Separator::Space, Plain, &["a", "b"]),
            ("a|b%7Cc%7cd", Separator::Pipe, Query, &["a", "b", "c", "d"]),
            ("a%09b\tc", Separator::Tab, Query, &["a", "b", "c"]),
            ("3.4", Separator::Byte(b'.'), Percent, &["3", "4"]),
            ("", Separator::Comma, Query, &[""]),
            ("%2", Separator::Comma, Query, &["%2"]),
        ] {
            let elements: Vec<_> =
                separator.split(text.as_bytes(), encoding).map(|e| e.escape_ascii().to_string()).collect();
            assert_eq!(elements, expected, "{text}");
        }
    }
}
