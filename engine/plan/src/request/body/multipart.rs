//! `multipart/form-data` (RFC 7578; its lines are those of RFC 2046 section 5.1). Lines may end in LF alone.

use bumpalo::Bump;
use bumpalo::collections::Vec as BumpVec;

use super::field::{Entry, is_json};
use super::parameter::parameter;
use crate::limits::{MAX_PART_HEADER_BYTES, MAX_PARTS};

/// The parts of a form as its fields. Contents that are not UTF-8, as those of files, have their odd bytes
/// replaced.
///
/// # Errors
/// What is wrong with the body, in Ajv's tone.
pub(super) fn entries<'b>(
    body: &[u8],
    boundary: &[u8],
    arena: &'b Bump,
) -> Result<BumpVec<'b, Entry<'b>>, String> {
    let mut entries = BumpVec::new_in(arena);
    let mut delimiters = Delimiters::new(body, boundary);
    let mut before = delimiters.next().ok_or("must begin with the boundary that Content-Type names")?;
    while !before.is_last {
        let next = delimiters.next().ok_or("must end with the closing boundary")?;
        if entries.len() == MAX_PARTS {
            return Err(format!("must NOT have more than {MAX_PARTS} parts"));
        }
        entries.push(part(&body[before.end..next.start.max(before.end)], arena)?);
        before = next;
    }
    Ok(entries)
}

/// A line that begins with two hyphens and the boundary.
struct Delimiter {
    /// Where the line end before it begins
    start: usize,
    /// Where the next line begins
    end: usize,
    is_last: bool,
}

/// Delimiters in order; each byte of the body is looked at a fixed number of times.
struct Delimiters<'a> {
    body: &'a [u8],
    marker: Vec<u8>,
    found: memchr::memmem::FindIter<'a, 'static>,
}

impl<'a> Delimiters<'a> {
    fn new(body: &'a [u8], boundary: &[u8]) -> Self {
        let marker = [b"--", boundary].concat();
        let found = memchr::memmem::Finder::new(&marker).into_owned();
        Delimiters { body, found: found_in(found, body), marker }
    }

    /// The delimiter that begins at `at`, if the rest of the line is that of one.
    fn at(&self, at: usize) -> Option<Delimiter> {
        let line_end = match at.checked_sub(1).map(|before| self.body[before]) {
            None => 0,
            Some(b'\n') if at > 1 && self.body[at - 2] == b'\r' => 2,
            Some(b'\n') => 1,
            Some(_) => return None,
        };
        let rest = &self.body[at + self.marker.len()..];
        let start = at - line_end;
        if rest.starts_with(b"--") {
            return Some(Delimiter { start, end: self.body.len(), is_last: true });
        }
        let blank = rest.iter().position(|byte| !matches!(byte, b' ' | b'\t'))?;
        let length = match &rest[blank..] {
            [b'\r', b'\n', ..] => blank + 2,
            [b'\n', ..] => blank + 1,
            _ => return None,
        };
        Some(Delimiter { start, end: at + self.marker.len() + length, is_last: false })
    }
}

fn found_in<'a>(
    finder: memchr::memmem::Finder<'static>,
    body: &'a [u8],
) -> memchr::memmem::FindIter<'a, 'static> {
    finder.find_iter(body).into_owned()
}

impl Iterator for Delimiters<'_> {
    type Item = Delimiter;

    fn next(&mut self) -> Option<Delimiter> {
        loop {
            let at = self.found.next()?;
            if let Some(delimiter) = self.at(at) {
                return Some(delimiter);
            }
        }
    }
}

/// One part: header fields, an empty line, the content.
fn part<'b>(text: &[u8], arena: &'b Bump) -> Result<Entry<'b>, String> {
    let (mut name, mut is_json_part) = (None, false);
    let mut rest = text;
    loop {
        let taken = text.len() - rest.len();
        if taken > MAX_PART_HEADER_BYTES {
            return Err(format!(
                "must NOT have parts with more than {MAX_PART_HEADER_BYTES} bytes of headers"
            ));
        }
        let end =
            memchr::memchr(b'\n', rest).ok_or("must have an empty line behind the headers of a part")?;
        let line = rest[..end].strip_suffix(b"\r").unwrap_or(&rest[..end]);
        rest = &rest[end + 1..];
        if line.is_empty() {
            break;
        }
        let Some(colon) = memchr::memchr(b':', line) else { continue };
        let (field, value) = (line[..colon].trim_ascii(), line[colon + 1..].trim_ascii());
        if field.eq_ignore_ascii_case(b"content-disposition") {
            name = parameter(value, "name").map(|name| &*arena.alloc_str(&String::from_utf8_lossy(&name)));
        } else if field.eq_ignore_ascii_case(b"content-type") {
            is_json_part = is_json(&String::from_utf8_lossy(value));
        }
    }
    let name = name.ok_or("must have a name for each part")?;
    Ok(Entry { name, text: arena.alloc_str(&String::from_utf8_lossy(rest)), is_json: is_json_part })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(body: &[u8]) -> Result<Vec<(String, String, bool)>, String> {
        let arena = Bump::new();
        let entries = entries(body, b"XX", &arena)?;
        Ok(entries.iter().map(|each| (each.name.to_owned(), each.text.to_owned(), each.is_json)).collect())
    }

    const A: &str = "Content-Disposition: form-data; name=\"a\"\r\n\r\n";

    #[test]
    fn parts_are_fields() {
        let json = "content-disposition: form-data; name=j\r\nContent-Type: application/json\r\n\r\n";
        for (body, expected) in [
            (format!("--XX\r\n{A}1\r\n--XX--\r\n"), vec![("a", "1", false)]),
            (format!("--XX\r\n{A}1\r\n--XX\r\n{json}{{}}\r\n--XX--"), vec![("a", "1", false), ("j", "{}", true)]),
            (format!("preamble\r\n--XX \r\n{A}\r\n--XX--\r\nepilogue"), vec![("a", "", false)]),
            (format!("--XX\n{}1\n2\n--XX--", A.replace('\r', "")), vec![("a", "1\n2", false)]),
            (format!("--XX\r\n{A}--XX-no\r\n--XXX\r\n--XX--"), vec![("a", "--XX-no\r\n--XXX", false)]),
            ("--XX--".to_owned(), vec![]),
            (
                "--XX\r\nContent-Disposition: form-data; name=\"f\\\"x\"; filename=\"C:\\y;z\"\r\n\r\n\u{0}\r\n--XX--".to_owned(),
                vec![("f\"x", "\0", false)],
            ),
        ] {
            let found = read(body.as_bytes()).expect(&body);
            let found: Vec<_> = found.iter().map(|(n, t, j)| (n.as_str(), t.as_str(), *j)).collect();
            assert_eq!(found, expected, "{body}");
        }
    }

    #[test]
    fn malformed_bodies_say_why() {
        let many = format!("--XX\r\n{A}1\r\n").repeat(MAX_PARTS + 1) + "--XX--";
        let long = format!("--XX\r\nx: {}\r\n{A}1\r\n--XX--", "y".repeat(MAX_PART_HEADER_BYTES));
        for (body, expected) in [
            ("", "begin with"),
            ("a=1&b=2", "begin with"),
            ("--XX\r\n", "closing"),
            ("--XX\r\n--XX--", "empty line"),
            ("--XX\r\nContent-Disposition: form-data\r\n\r\n1\r\n--XX--", "name"),
            ("--XX\r\nno headers\r\n--XX--", "empty line"),
            (&many, "more than 1000 parts"),
            (&long, "bytes of headers"),
        ] {
            let reason = read(body.as_bytes()).expect_err(body);
            assert!(reason.contains(expected), "{:.60}: {reason}", body);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_judged(
            body in proptest::collection::vec(any::<u8>(), 0..200),
            lines in proptest::collection::vec("(--XX|--XX--|Content-Disposition: form-data; name=\"a|\"|;|x)?(\r\n|\n|)", 0..12),
        ) {
            let _ = read(&body);
            let _ = read(lines.concat().as_bytes());
        }
    }
}
