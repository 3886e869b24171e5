//! A line of a recording, by what it looks like: logs of several kinds may follow each other.

use super::access::{self, is_version};
use super::asked::{Asked, is_target};
use super::json;

/// What a line is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A request
    Asked(Asked),
    /// Understood, and no request: blank, a comment, a connection that asked nothing
    Silent,
    /// Not understood
    Unknown,
}

/// What is understood, for those who gave something else.
pub(super) const UNDERSTOOD: &str = "understood are HAR, access logs (`... \"GET /pets HTTP/1.1\" 200 ...`), a JSON object \
                                     a line with a method and a path, and lines as `GET /pets`";

/// Reads one line.
pub(super) fn read(line: &[u8]) -> Line {
    let text = line.trim_ascii();
    match text.first() {
        None | Some(b'#') => Line::Silent,
        Some(b'{') => json::read(text),
        Some(_) => of_text(text),
    }
}

/// Reads a line that is no JSON.
pub(super) fn of_text(text: &[u8]) -> Line {
    match access::read(text) {
        Line::Unknown => plain(text).map_or(Line::Unknown, Line::Asked),
        line => line,
    }
}

/// `GET /pets`, with a version or a status behind it.
fn plain(text: &[u8]) -> Option<Asked> {
    let mut words = text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let (method, target) = (words.next()?, words.next()?);
    let is_status = |word: &[u8]| word.len() == 3 && word.iter().all(u8::is_ascii_digit);
    let may_follow = words.next().is_none_or(|word| is_version(word) || is_status(word));
    // `see /docs` is prose
    let is_written = !method.iter().any(u8::is_ascii_lowercase);
    (is_target(target) && may_follow && is_written).then(|| Asked::new(method, target))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_lines_are_read() {
        for (line, expected) in [
            ("GET /pets", Some(("GET", "/pets"))),
            ("  DELETE\t/pets/7?x=1 \r\n", Some(("DELETE", "/pets/7?x=1"))),
            ("GET http://h:8/pets", Some(("GET", "http://h:8/pets"))),
            ("GET /pets HTTP/1.1", Some(("GET", "/pets"))),
            ("GET /pets 200 3.4 ms - 17", Some(("GET", "/pets"))),
            ("GET /pets?name=\"a\"", Some(("GET", "/pets?name=\"a\""))),
            ("OPTIONS *", Some(("OPTIONS", "*"))),
            ("GET pets", None),
            ("GET", None),
            ("see /docs", None),
            ("ERROR /etc/passwd cannot be read", None),
            ("10.0.0.1 /pets", None),
            ("/pets", None),
        ] {
            let expected =
                expected.and_then(|(method, target)| Asked::new(method.as_bytes(), target.as_bytes()));
            let expected = expected.map_or(Line::Unknown, Line::Asked);
            assert_eq!(read(line.as_bytes()), expected, "{line}");
        }
    }

    #[test]
    fn blank_lines_and_comments_say_nothing() {
        for line in ["", " \t\r\n", "# GET /pets", "#Fields: date time"] {
            assert_eq!(read(line.as_bytes()), Line::Silent, "{line}");
        }
    }
}
