//! Lines of the access log. No byte that a client sends ends a line or a text in it.

use std::io::Write;

use mocker_engine::access::Entry;
use mocker_http::request::Version;
use serde_json::Value;

use super::time::{apache, rfc3339};
use crate::config::section::logging::Format;

impl Format {
    /// Appends the line of an answer.
    pub(super) fn line(self, entry: &Entry<'_>, out: &mut Vec<u8>) {
        match self {
            Format::Common => common(entry, out),
            Format::Combined => {
                common(entry, out);
                for text in [entry.referer, entry.agent] {
                    out.push(b' ');
                    quoted(text, out);
                }
            }
            Format::Json => json(entry, out),
        }
        out.push(b'\n');
    }
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

/// The Common Log Format of Apache's mod_log_config, `%h %l %u %t "%r" %>s %b`.
fn common(entry: &Entry<'_>, out: &mut Vec<u8>) {
    // Writing to memory does not fail.
    let _ = write!(out, "{} - - [{}] ", entry.client, apache(entry.time));
    match protocol(entry) {
        None => out.extend_from_slice(b"\"-\""),
        Some(protocol) => {
            out.push(b'"');
            escape(entry.method, out);
            out.push(b' ');
            escape(entry.target, out);
            let _ = write!(out, " {protocol}\"");
        }
    }
    let or_dash = |number: u64| if number == 0 { "-".to_owned() } else { number.to_string() };
    let _ = write!(out, " {} {}", or_dash(entry.status.unwrap_or(0).into()), or_dash(entry.bytes));
}

fn json(entry: &Entry<'_>, out: &mut Vec<u8>) {
    let text = |bytes: &[u8]| Value::from(String::from_utf8_lossy(bytes));
    let known = |bytes: &[u8]| if bytes.is_empty() { Value::Null } else { text(bytes) };
    let line = serde_json::json!({
        "time": rfc3339(entry.time),
        "client": entry.client.to_string(),
        "method": known(entry.method),
        "target": known(entry.target),
        "protocol": protocol(entry),
        "route": text(entry.route),
        "status": entry.status,
        "bytes": entry.bytes,
        "duration_us": entry.took.as_nanos() as f64 / 1e3,
        "referer": known(entry.referer),
        "user_agent": known(entry.agent),
        "scenario": known(entry.scenario),
    });
    // Writing to memory does not fail.
    let _ = serde_json::to_writer(out, &line);
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
fn escape(text: &[u8], out: &mut Vec<u8>) {
    for &byte in text {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b' '..=b'~' => out.push(byte),
            _ => drop(write!(out, "\\x{byte:02x}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv6Addr;
    use std::time::Duration;

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
        format.line(entry, &mut out);
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
    fn what_was_not_sent_is_a_dash() {
        let unread = Entry { version: None, method: b"", target: b"", status: None, bytes: 0, ..entry() };
        let common = line(Format::Common, &unread);
        assert!(common.ends_with("] \"-\" - -\n"), "{common}");
        let json = line(Format::Json, &unread);
        assert!(json.contains(r#""method":null,"target":null,"protocol":null"#), "{json}");
        assert!(json.contains(r#""status":null"#), "{json}");
    }
}
