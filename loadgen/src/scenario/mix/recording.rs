//! A recording of requests, of whatever kind, read with bounded memory.

use std::io::{self, BufRead, Cursor, Read};

use serde::de::IgnoredAny;

use super::asked::Asked;
use super::line::{self, Line, UNDERSTOOD};
use super::{har, show};
use crate::limits::{MAX_HAR, MAX_RECORDED_LINE, MAX_RECORDED_LINES, MAX_RECORDING};
use crate::number;
use crate::scenario::Fault;

/// How many lines or entries a recording has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// With a request
    pub(super) requests: u64,
    /// Not understood
    pub(super) unknown: u64,
    /// The first that was not understood: its number, from 1, and its text as it is shown
    pub(super) first_unknown: Option<(u64, String)>,
}

/// Reads a recording; `take` gets each request.
///
/// # Errors
/// It cannot be read or is too large, most of it is not understood, or there is no request in it.
pub(super) fn read(reader: impl BufRead, take: &mut dyn FnMut(&Asked)) -> Result<Tally, Fault> {
    let mut lines =
        Lines { reader: reader.take(MAX_RECORDING + 1), line: Vec::new(), is_cut: false, number: 0 };
    let mut is_there = lines.next()?;
    if lines.line.starts_with(GZIP) {
        return Err(Fault::new("the recording is compressed: unpack it first, `--mix <(zcat FILE)`"));
    }
    if lines.line.starts_with(BYTE_ORDER_MARK) {
        lines.line.drain(..BYTE_ORDER_MARK.len());
    }
    while is_there && lines.line.trim_ascii().is_empty() {
        is_there = lines.next()?;
    }
    let mut tally = Tally::default();
    if is_archive(&lines.line) {
        tally.archive(Cursor::new(lines.line).chain(lines.reader), take)?;
    } else {
        while is_there {
            tally.add(lines.number, lines.read(), &lines.line, take);
            is_there = lines.next()?;
        }
    }
    tally.checked()
}

const GZIP: &[u8] = b"\x1f\x8b";
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Whether a recording with this first line is one JSON value and not one a line.
fn is_archive(first: &[u8]) -> bool {
    let goes_on = || serde_json::from_slice::<IgnoredAny>(first).is_err_and(|error| error.is_eof());
    har::begins(first) || (first.trim_ascii_start().starts_with(b"{") && goes_on())
}

/// Lines of a file, one held at a time.
struct Lines<R> {
    reader: io::Take<R>,
    /// With its end, up to what a line may have
    line: Vec<u8>,
    /// More of the line is still to be read
    is_cut: bool,
    /// Of the line, from 1
    number: u64,
}

impl<R: BufRead> Lines<R> {
    /// Goes to the next line. Gives whether there is one.
    fn next(&mut self) -> Result<bool, Fault> {
        let count = self.fill().map_err(|error| unreadable(&error))?;
        if self.reader.limit() == 0 {
            return Err(too_large(MAX_RECORDING));
        }
        self.number += u64::from(count > 0);
        match self.number > MAX_RECORDED_LINES {
            true => Err(Fault::new(format!(
                "the recording has more than {MAX_RECORDED_LINES} lines: give a part of it"
            ))),
            false => Ok(count > 0),
        }
    }

    fn fill(&mut self) -> io::Result<usize> {
        if self.is_cut {
            self.reader.skip_until(b'\n')?;
        }
        self.line.clear();
        let most = MAX_RECORDED_LINE + 1;
        let count = (&mut self.reader).take(most as u64).read_until(b'\n', &mut self.line)?;
        self.is_cut = count == most && !self.line.ends_with(b"\n");
        Ok(count)
    }

    fn read(&self) -> Line {
        if self.is_cut { Line::Unknown } else { line::read(&self.line) }
    }
}

impl Tally {
    /// Counts what line or entry `number` is, which is shown as `text` where it is not understood.
    fn add(&mut self, number: u64, line: Line, text: &[u8], take: &mut dyn FnMut(&Asked)) {
        match line {
            Line::Asked(asked) => {
                self.requests += 1;
                take(&asked);
            }
            Line::Silent => {}
            Line::Unknown => {
                self.unknown += 1;
                self.first_unknown.get_or_insert_with(|| (number, show::text(text.trim_ascii())));
            }
        }
    }

    fn archive(&mut self, reader: impl Read, take: &mut dyn FnMut(&Asked)) -> Result<(), Fault> {
        let mut reader = reader.take(MAX_HAR);
        let mut number = 0;
        let mut add = |line| {
            number += 1;
            self.add(number, line, b"an entry without method and url", take);
        };
        let read = har::read(&mut reader, &mut add);
        if reader.limit() == 0 {
            return Err(too_large(MAX_HAR));
        }
        match read {
            Ok(true) => Ok(()),
            Ok(false) => Err(Fault::new(format!("the recording has no `log.entries`; {UNDERSTOOD}"))),
            Err(error) if error.is_io() => Err(unreadable(&error)),
            Err(error) => Err(Fault::new(format!("the recording is no HAR: {error}; {UNDERSTOOD}"))),
        }
    }

    /// # Errors
    /// Most of it is not understood, or there is nothing in it.
    fn checked(self) -> Result<Tally, Fault> {
        match &self.first_unknown {
            Some((number, text)) if self.unknown > self.requests => Err(Fault::new(format!(
                "{} of {} lines of the recording are no requests; the first is line {number}: `{text}`; {UNDERSTOOD}",
                number::count(self.unknown),
                number::count(self.unknown + self.requests)
            ))),
            _ if self.requests == 0 => {
                Err(Fault::new(format!("there is no request in the recording; {UNDERSTOOD}")))
            }
            _ => Ok(self),
        }
    }
}

fn unreadable(error: &dyn std::error::Error) -> Fault {
    Fault::new(format!("the recording cannot be read: {error}"))
}

fn too_large(most: u64) -> Fault {
    Fault::new(format!("the recording has more than {} MiB: give a part of it", most >> 20))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use proptest::prelude::*;

    fn recorded(bytes: &[u8]) -> Result<(Vec<String>, Tally), String> {
        let mut requests = Vec::new();
        let mut take = |asked: &Asked| {
            requests.push(format!("{} {}", asked.method, String::from_utf8_lossy(&asked.target)));
        };
        let tally = read(bytes, &mut take).map_err(|fault| fault.to_string())?;
        assert_eq!(tally.requests, requests.len() as u64);
        Ok((requests, tally))
    }

    #[test]
    fn recordings_are_known_by_what_is_in_them() {
        let pretty =
            "{\n  \"log\": {\n \"entries\": [{\"request\": {\"method\": \"GET\",\n\"url\": \"/a\"}}]}}\n";
        let padded = format!(
            r#"{{"creator": "{}", "log": {{"entries": [{{"request": {{"method": "GET", "url": "/a"}}}}]}}}}"#,
            "x".repeat(MAX_RECORDED_LINE)
        );
        for (text, expected) in [
            (pretty, &["GET /a"][..]),
            (r#"{"log":{"entries":[{"request":{"method":"GET","url":"/a"}}]}}"#, &["GET /a"]),
            (
                "\u{feff}{\"log\":{\"entries\":[{\"request\":{\"method\":\"GET\",\"url\":\"/a\"}}]}}",
                &["GET /a"],
            ),
            (&padded, &["GET /a"]),
            (
                "{\"method\":\"GET\",\"path\":\"/a\"}\n{\"method\":\"GET\",\"path\":\"/b\"}",
                &["GET /a", "GET /b"],
            ),
            ("\u{feff}GET /a\r\n\r\n# more\r\nGET /b", &["GET /a", "GET /b"]),
            (
                "\n \n::1 - - [x] \"GET /a HTTP/1.1\" 200 1\n{\"method\":\"GET\",\"path\":\"/b\"}\nGET /c\n",
                &["GET /a", "GET /b", "GET /c"],
            ),
        ] {
            assert_eq!(recorded(text.as_bytes()).unwrap().0, expected, "{text:.100}");
        }
    }

    #[test]
    fn what_is_not_understood_is_counted() {
        let text = "GET /a\nwhat\x1b[31m is this\nGET /b\n::1 - - [x] \"-\" 400 0\nfoo\nGET /c\n";
        let (requests, tally) = recorded(text.as_bytes()).unwrap();
        assert_eq!(requests, ["GET /a", "GET /b", "GET /c"]);
        let first_unknown = Some((2, "what?[31m is this".to_owned()));
        assert_eq!(tally, Tally { requests: 3, unknown: 2, first_unknown });
    }

    #[test]
    fn a_line_that_is_too_long_costs_itself_only() {
        let long = format!("GET /{}", "a".repeat(3 * MAX_RECORDED_LINE));
        let (requests, tally) = recorded(format!("GET /a\n{long}\nGET /b\n").as_bytes()).unwrap();
        assert_eq!((&*requests.join(" "), tally.unknown), ("GET /a GET /b", 1));
        let (number, text) = tally.first_unknown.unwrap();
        assert!(number == 2 && text.ends_with('…') && text.len() < 200, "{text}");
        let longest = format!("GET /{}", "a".repeat(MAX_RECORDED_LINE - 5));
        for end in ["", "\n", "\nGET /b"] {
            assert!(recorded(format!("{longest}{end}").as_bytes()).unwrap().0[0] == longest);
        }
    }

    #[test]
    fn what_is_no_recording_is_refused_with_the_reason() {
        for (bytes, expected) in [
            (&b""[..], "there is no request in the recording; understood are HAR"),
            (b" \n\n", "there is no request"),
            (b"# GET /a", "there is no request"),
            (b"::1 - - [x] \"-\" 400 0", "there is no request"),
            (
                b"\nfoo\nbar\nGET /a",
                "2 of 3 lines of the recording are no requests; the first is line 2: `foo`; understood",
            ),
            (b"\0\0\0", "1 of 1 lines of the recording are no requests; the first is line 1: `???`"),
            (b"\xff\xfe\xfd", "1 of 1 lines"),
            (b"\x1f\x8b\x08", "the recording is compressed"),
            (b"openapi: 3.1.0\ninfo:\n", "the first is line 1: `openapi: 3.1.0`"),
            (b"{\n", "the recording is no HAR: EOF"),
            (b"{\n \"openapi\": \"3.1.0\"}", "the recording has no `log.entries`"),
            (b"{\"log\":{\"entries\":[]}}", "there is no request"),
            (b"{\"log\":{\"entries\":[{}]}}", "1 of 1 lines"),
            (
                b"{\"log\":{\"entries\":[{\"request\":{\"url\":\"\xff\"}}]}}",
                "the recording is no HAR: invalid unicode",
            ),
            (b"[{\"method\":\"GET\",\"path\":\"/\"}]", "1 of 1 lines"),
        ] {
            let error = recorded(bytes).unwrap_err();
            assert!(error.starts_with(expected) || error.contains(expected), "{error}");
        }
        let deep = format!("{{\"a\":{}", "[".repeat(100_000));
        assert!(recorded(deep.as_bytes()).unwrap_err().starts_with("the recording is no HAR"));
    }

    /// Fails after its bytes.
    struct Broken(&'static [u8]);

    impl Read for Broken {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Err(io::Error::other("gone"));
            }
            self.0.read(buffer)
        }
    }

    #[test]
    fn a_file_that_breaks_off_is_told() {
        for start in [&b"GET /a\n"[..], b"{\"log\":{", b""] {
            let fault = read(io::BufReader::new(Broken(start)), &mut |_| {}).unwrap_err().to_string();
            assert!(fault.starts_with("the recording cannot be read: gone"), "{fault}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = recorded(&bytes);
        }

        #[test]
        fn any_text_of_the_right_letters_is_read(text in "[\"\\\\{}:,a-c/ GETHP1.0x\\n\\[\\]-]{0,80}") {
            let _ = recorded(text.as_bytes());
            let _ = recorded(format!("{{\"log\":{{\"entries\":[{text}").as_bytes());
            let _ = recorded(format!("{{\"method\":\"GET\",\"path\":\"{text}").as_bytes());
        }

        #[test]
        fn what_a_server_writes_is_read_back(target in "/[ -~]{0,40}") {
            let escaped: String = target
                .chars()
                .map(|c| if matches!(c, '"' | '\\') { format!("\\x{:02X}", c as u32) } else { c.to_string() })
                .collect();
            let line = format!("::1 - - [x] \"GET {escaped} HTTP/1.1\" 200 1");
            let expected = format!("GET {}", target.trim_end());
            prop_assert_eq!(recorded(line.as_bytes()).unwrap().0, [expected]);
        }
    }
}
