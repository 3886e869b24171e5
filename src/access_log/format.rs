//! Lines of the access log. No byte that a client sends ends a line or a text in it.

use std::io::Write;
use std::net::IpAddr;

use mocker_engine::access::Entry;
use mocker_http::request::Version;
use serde::Serialize;

use super::time::{NANOSECONDS, apache, rfc3339_seconds};
use crate::config::section::logging::Format;

/// Writes lines. The second and the client are mostly those of the line before, and their texts are kept.
pub(super) struct Lines {
    format: Format,
    /// Since 1970
    second: Option<u64>,
    time: String,
    client: Option<IpAddr>,
    address: String,
}

impl Lines {
    pub(super) fn new(format: Format) -> Lines {
        Lines { format, second: None, time: String::new(), client: None, address: String::new() }
    }

    /// Appends the line of an answer.
    pub(super) fn put(&mut self, entry: &Entry<'_>, out: &mut Vec<u8>) {
        self.keep(entry);
        match self.format {
            Format::Common => self.common(entry, out),
            Format::Combined => {
                self.common(entry, out);
                for text in [entry.referer, entry.agent] {
                    out.push(b' ');
                    quoted(text, out);
                }
            }
            Format::Json => self.json(entry, out),
        }
        out.push(b'\n');
    }

    fn keep(&mut self, entry: &Entry<'_>) {
        let second = entry.time / NANOSECONDS;
        if self.second.replace(second) != Some(second) {
            self.time = match self.format {
                Format::Json => rfc3339_seconds(entry.time),
                Format::Common | Format::Combined => apache(entry.time),
            };
        }
        if self.client.replace(entry.client) != Some(entry.client) {
            self.address = entry.client.to_string();
        }
    }

    /// The Common Log Format of Apache's mod_log_config, `%h %l %u %t "%r" %>s %b`.
    fn common(&self, entry: &Entry<'_>, out: &mut Vec<u8>) {
        put(&[self.address.as_bytes(), b" - - [", self.time.as_bytes(), b"] \""], out);
        match protocol(entry) {
            None => out.push(b'-'),
            Some(protocol) => {
                escape(entry.method, out);
                out.push(b' ');
                escape(entry.target, out);
                put(&[b" ", protocol.as_bytes()], out);
            }
        }
        out.push(b'"');
        for number in [u64::from(entry.status.unwrap_or(0)), entry.bytes] {
            out.push(b' ');
            match number {
                0 => out.push(b'-'),
                _ => json(&number, out),
            }
        }
    }

    fn json(&self, entry: &Entry<'_>, out: &mut Vec<u8>) {
        let micros = entry.time % NANOSECONDS / 1_000;
        put(&[b"{\"time\":\"", self.time.as_bytes()], out);
        // Writing to memory does not fail.
        let _ = write!(out, ".{micros:06}Z\"");
        member("client", &self.address, out);
        member("method", &known(entry.method), out);
        member("target", &known(entry.target), out);
        member("protocol", &protocol(entry), out);
        member("route", &String::from_utf8_lossy(entry.route), out);
        member("status", &entry.status, out);
        member("bytes", &entry.bytes, out);
        member("duration_us", &(entry.took.as_nanos() as f64 / 1e3), out);
        member("referer", &known(entry.referer), out);
        member("user_agent", &known(entry.agent), out);
        member("scenario", &known(entry.scenario), out);
        out.push(b'}');
    }
}

/// A member behind another one.
fn member(name: &str, value: &impl Serialize, out: &mut Vec<u8>) {
    put(&[b",\"", name.as_bytes(), b"\":"], out);
    json(value, out);
}

fn json(value: &impl Serialize, out: &mut Vec<u8>) {
    // Writing to memory does not fail.
    let _ = serde_json::to_writer(out, value);
}

fn put(pieces: &[&[u8]], out: &mut Vec<u8>) {
    pieces.iter().for_each(|piece| out.extend_from_slice(piece));
}

/// A text of the request, if it had one.
fn known(bytes: &[u8]) -> Option<std::borrow::Cow<'_, str>> {
    (!bytes.is_empty()).then(|| String::from_utf8_lossy(bytes))
}

/// An answer in a few words: `GET /pets: 200 in 12.5 µs`.
pub(super) fn told(entry: &Entry<'_>) -> String {
    let mut out = Vec::new();
    escape(if entry.method.is_empty() { b"-" } else { entry.method }, &mut out);
    out.push(b' ');
    escape(if entry.target.is_empty() { b"-" } else { entry.target }, &mut out);
    let status = entry.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string());
    // Writing to memory does not fail.
    let _ = write!(out, ": {status} in {:.1} µs", entry.took.as_nanos() as f64 / 1e3);
    String::from_utf8_lossy(&out).into_owned()
}

fn protocol(entry: &Entry<'_>) -> Option<&'static str> {
    entry.version.map(|version| match version {
        Version::Http10 => "HTTP/1.0",
        Version::Http11 => "HTTP/1.1",
    })
}

fn quoted(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    escape(if text.is_empty() { b"-" } else { text }, out);
    out.push(b'"');
}

/// As Apache does: `\"`, `\\`, and `\xhh` for every byte that is not printable ASCII.
fn escape(mut text: &[u8], out: &mut Vec<u8>) {
    let is_plain = |byte: &u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\');
    loop {
        let (plain, rest) = text.split_at(text.iter().take_while(|byte| is_plain(byte)).count());
        out.extend_from_slice(plain);
        let Some((byte, behind)) = rest.split_first() else { return };
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', *byte]),
            _ => drop(write!(out, "\\x{byte:02x}")),
        }
        text = behind;
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv6Addr;
    use std::time::Duration;

    use serde_json::Value;

    use super::*;

    fn entry() -> Entry<'static> {
        Entry {
            time: 1_795_365_600_123_456_789,
            took: Duration::from_nanos(12_500),
            client: Ipv6Addr::LOCALHOST.into(),
            status: Some(200),
            bytes: 123,
            version: Some(Version::Http11),
            method: b"GET",
            target: b"/pets?a=\"b\\",
            referer: b"",
            agent: b"curl\n\x1b\xff\" \"",
            route: b"/pets",
            scenario: b"",
        }
    }

    fn line(format: Format, entry: &Entry<'_>) -> String {
        let mut out = Vec::new();
        Lines::new(format).put(entry, &mut out);
        String::from_utf8(out).expect("lines are text")
    }

    #[test]
    fn no_client_ends_a_text() {
        let start = r#"::1 - - [22/Nov/2026:16:40:00 +0000] "GET /pets?a=\"b\\ HTTP/1.1" 200 123"#;
        assert_eq!(line(Format::Common, &entry()), format!("{start}\n"));
        let combined = format!("{start} \"-\" {}\n", r#""curl\x0a\x1b\xff\" \"""#);
        assert_eq!(line(Format::Combined, &entry()), combined);
        let json = line(Format::Json, &entry());
        assert_eq!(json.lines().count(), 1, "{json}");
        let read: Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(read["user_agent"], "curl\n\u{1b}\u{fffd}\" \"");
        assert_eq!((&read["duration_us"], &read["referer"]), (&Value::from(12.5), &Value::Null));
    }

    #[test]
    fn an_answer_is_told_in_a_few_words() {
        assert_eq!(told(&entry()), r#"GET /pets?a=\"b\\: 200 in 12.5 µs"#);
        let unread = Entry { method: b"", target: b"\n", status: None, ..entry() };
        assert_eq!(told(&unread), r"- \x0a: no answer in 12.5 µs");
    }

    #[test]
    fn times_and_clients_are_those_of_each_line() {
        for format in [Format::Common, Format::Combined, Format::Json] {
            let mut lines = Lines::new(format);
            for (later, client) in
                [(0, "::1"), (0, "192.0.2.1"), (NANOSECONDS, "192.0.2.1"), (900_000_000, "::1")]
            {
                let client = client.parse().expect("an address");
                let entry = Entry { time: entry().time + later, client, ..entry() };
                let mut out = Vec::new();
                lines.put(&entry, &mut out);
                assert_eq!(String::from_utf8_lossy(&out), line(format, &entry));
            }
        }
    }

    #[test]
    fn what_was_not_sent_is_a_dash() {
        let unread = Entry { version: None, method: b"", target: b"", status: None, bytes: 0, ..entry() };
        let common = line(Format::Common, &unread);
        assert!(common.ends_with("] \"-\" - -\n"), "{common}");
        let json = line(Format::Json, &unread);
        assert!(json.contains(r#""method":null,"target":null,"protocol":null"#), "{json}");
        assert!(json.contains(r#""status":null"#), "{json}");
    }
}
