//! Faults below HTTP: what is done to an answer that is ready, and to its connection.

use mocker_http::response::chunk;
use mocker_schema::generate::Key;

/// The line that says how long a body is; the empty line comes behind it.
const LENGTH: &[u8] = b"\r\nContent-Length:";

/// What becomes of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It never comes
    Silence,
    /// The connection is reset
    Reset,
    /// The connection is closed
    Empty,
    /// Bytes that are no HTTP come in its place, a function of the key
    Garbage { bytes: usize, key: Key },
    /// It is changed, and the connection closed behind it
    Spoilt(Spoil),
}

/// How an answer is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spoil {
    /// Only so many bytes of the body are there; half of them where nothing is said. Of an answer without a body half
    /// of the head is
    Truncate(Option<usize>),
    /// The body comes in chunks, the second without a size
    MalformedChunk,
    /// So many bytes more are promised than there are
    WrongLength(usize),
}

impl Spoil {
    /// Changes an answer, which is all of `answer` from `start` on.
    pub(crate) fn apply(self, start: usize, answer: &mut Vec<u8>) {
        let Some(head) = memchr::memmem::find(&answer[start..], b"\r\n\r\n") else { return };
        let body = start + head + 4;
        match self {
            Spoil::Truncate(_) if body == answer.len() => answer.truncate(start + head / 2),
            Spoil::Truncate(bytes) => {
                let whole = answer.len() - body;
                answer.truncate(body + bytes.unwrap_or(whole / 2).min(whole - 1));
            }
            Spoil::WrongLength(bytes) => {
                let length = answer.len() - body + bytes;
                set_length(format!("\r\nContent-Length: {length}").as_bytes(), start, head, answer);
            }
            Spoil::MalformedChunk => {
                let sent = answer.split_off(body);
                set_length(b"\r\nTransfer-Encoding: chunked", start, head, answer);
                let (first, rest) = sent.split_at(sent.len() / 2);
                chunk(first, answer);
                answer.extend_from_slice(b"this is no size\r\n");
                answer.extend_from_slice(rest);
            }
        }
    }
}

/// Puts a line in the place of the one with the length of the body, or last where there is none.
fn set_length(line: &[u8], start: usize, head: usize, answer: &mut Vec<u8>) {
    let lines = &answer[start..start + head];
    let (from, to) = match memchr::memmem::find(lines, LENGTH) {
        Some(at) => {
            let behind = at + LENGTH.len();
            let end = memchr::memchr(b'\r', &lines[behind..]).map_or(head, |end| behind + end);
            (at, end)
        }
        None => (head, head),
    };
    answer.splice(start + from..start + to, line.iter().copied());
}

/// Appends bytes that no client takes for an answer.
pub(crate) fn garbage(bytes: usize, key: Key, out: &mut Vec<u8>) {
    // What begins so is not HTTP, of whatever version.
    const BEGINNING: [u8; 2] = [0x00, 0xff];
    let noise = (0..).flat_map(|number| key.with_number(number).0.to_le_bytes());
    out.extend(BEGINNING.into_iter().chain(noise).take(bytes));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BEFORE: &str = "HTTP/1.1 204 No Content\r\n\r\n";

    fn spoilt(spoil: Spoil, answer: &str) -> String {
        let mut bytes = format!("{BEFORE}{answer}").into_bytes();
        spoil.apply(BEFORE.len(), &mut bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(text.starts_with(BEFORE), "{text}");
        text[BEFORE.len()..].to_owned()
    }

    #[test]
    fn answers_are_spoilt() {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nA: b\r\n\r\nabcdef";
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\nA: b\r\n\r\n";
        let none = "HTTP/1.1 204 No Content\r\nA: b\r\n\r\n";
        for (spoil, answer, expected) in [
            (Spoil::Truncate(None), answer, format!("{head}abc")),
            (Spoil::Truncate(Some(0)), answer, head.to_owned()),
            (Spoil::Truncate(Some(5)), answer, format!("{head}abcde")),
            (Spoil::Truncate(Some(60)), answer, format!("{head}abcde")),
            (Spoil::Truncate(Some(5)), none, "HTTP/1.1 204 N".to_owned()),
            (
                Spoil::WrongLength(10),
                answer,
                "HTTP/1.1 200 OK\r\nContent-Length: 16\r\nA: b\r\n\r\nabcdef".to_owned(),
            ),
            (
                Spoil::WrongLength(1),
                none,
                "HTTP/1.1 204 No Content\r\nA: b\r\nContent-Length: 1\r\n\r\n".to_owned(),
            ),
            (
                Spoil::MalformedChunk,
                answer,
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nA: b\r\n\r\n00000003\r\nabc\r\nthis is no size\r\ndef"
                    .to_owned(),
            ),
            (
                Spoil::MalformedChunk,
                none,
                "HTTP/1.1 204 No Content\r\nA: b\r\nTransfer-Encoding: chunked\r\n\r\nthis is no size\r\n".to_owned(),
            ),
        ] {
            assert_eq!(spoilt(spoil, answer), expected, "{spoil:?}");
        }
    }

    #[test]
    fn garbage_repeats_and_is_as_long_as_asked() {
        let made = |bytes, key| {
            let mut out = Vec::new();
            garbage(bytes, Key(key), &mut out);
            out
        };
        for bytes in [0, 1, 2, 9, 100] {
            assert_eq!(made(bytes, 1).len(), bytes);
        }
        assert_eq!(made(50, 1), made(50, 1));
        assert_ne!(made(50, 1), made(50, 2));
    }

    proptest! {
        #[test]
        fn whatever_is_spoilt_what_stands_before_it_stays(
            answer in prop_oneof![
                proptest::collection::vec(any::<u8>(), 0..80),
                "HTTP/1.1 200 OK\r\n(Content-Length:[ 0-9\r]{0,5}\r\n)?(A: b\r\n)?\r\n[a-z]{0,9}".prop_map(String::into_bytes),
            ],
            bytes in proptest::option::of(0..100_usize),
        ) {
            for spoil in [Spoil::Truncate(bytes), Spoil::MalformedChunk, Spoil::WrongLength(bytes.unwrap_or(1))] {
                let mut all = [BEFORE.as_bytes(), &answer].concat();
                spoil.apply(BEFORE.len(), &mut all);
                prop_assert!(all.starts_with(BEFORE.as_bytes()));
            }
        }
    }
}
