//! `Server-Timing`, for clients that ask how long their answer took (W3C Server Timing).

use std::time::{Duration, Instant};

use mocker_http::prefer::preferences;
use mocker_http::request::{Head, Known};

/// The preference that asks (RFC 7240).
const PREFERENCE: &[u8] = b"server-timing";

/// The time now, for who asks; nobody else has the clock read.
#[inline]
pub(crate) fn begun(head: &Head<'_>) -> Option<Instant> {
    head.fields.get(Known::Prefer)?;
    begun_if_preferred(head)
}

#[cold]
fn begun_if_preferred(head: &Head<'_>) -> Option<Instant> {
    let now = Instant::now();
    let mut names = preferences(head.fields.all(Known::Prefer)).map(|(name, _)| name);
    names.any(|name| name.eq_ignore_ascii_case(PREFERENCE)).then_some(now)
}

/// Puts the field into the head of an answer, which is all of `answer` from `start` on: `app` is what making it took,
/// `inj` what it waited on purpose, both in milliseconds.
#[cold]
pub(crate) fn tell(took: Duration, waited: Duration, start: usize, answer: &mut Vec<u8>) {
    let Some(end) = memchr::memmem::find(&answer[start..], b"\r\n\r\n") else { return };
    let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
    let mut line = format!("\r\nServer-Timing: app;dur={:.3}", milliseconds(took.saturating_sub(waited)));
    if !waited.is_zero() {
        line.push_str(&format!(", inj;dur={:.3}", milliseconds(waited)));
    }
    answer.splice(start + end..start + end, line.into_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_is_the_last_of_its_own_head() {
        let first = b"HTTP/1.1 200 OK\r\nA: b\r\n\r\nx\r\n\r\n";
        let mut answers = first.repeat(2);
        tell(Duration::from_micros(21), Duration::ZERO, first.len(), &mut answers);
        let second = b"HTTP/1.1 200 OK\r\nA: b\r\nServer-Timing: app;dur=0.021\r\n\r\nx\r\n\r\n";
        assert_eq!(answers, [&first[..], &second[..]].concat());
        let mut waited = first.to_vec();
        tell(Duration::from_micros(5_021), Duration::from_millis(5), 0, &mut waited);
        assert!(
            String::from_utf8_lossy(&waited).contains("\r\nServer-Timing: app;dur=0.021, inj;dur=5.000\r\n")
        );
    }
}
