//! `sl-violations`: what is wrong with a request or with its answer, told in the answer's head.

use std::io;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::ser::Formatter;

use super::{Fault, Severity};

/// Longest list that is sent whole, in characters; Prism's limit.
const LONGEST: usize = 8092;

/// Stands before a list that is not whole.
const CUT: &[u8] = b"Too many violations! ";

/// Appends the field where there is anything to tell.
pub fn append(request: &[Fault], response: &[Fault], out: &mut Vec<u8>) {
    if request.is_empty() && response.is_empty() {
        return;
    }
    out.extend_from_slice(b"sl-violations: ");
    let start = out.len();
    let of = |message: &'static str| move |fault| Entry { fault, message: Some(message) };
    let entries = request.iter().map(of("request")).chain(response.iter().map(of("response")));
    let room = Room { out, left: LONGEST + 1 };
    // It ends early where there is no room.
    let _ = serde_json::Serializer::with_formatter(room, Ascii).collect_seq(entries);
    if out.len() > start + LONGEST {
        out.truncate(start + LONGEST);
        out.splice(start..start, CUT.iter().copied());
    }
    out.extend_from_slice(b"\r\n");
}

/// Takes so many bytes and no more.
struct Room<'o> {
    out: &'o mut Vec<u8>,
    left: usize,
}

impl io::Write for Room<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(self.left);
        self.out.extend_from_slice(&bytes[..taken]);
        self.left -= taken;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// JSON with every character beyond ASCII escaped: a field value holds no other text reliably (RFC 9110, section 5.5).
struct Ascii;

impl Formatter for Ascii {
    fn write_string_fragment<W: io::Write + ?Sized>(&mut self, out: &mut W, text: &str) -> io::Result<()> {
        if text.is_ascii() {
            return out.write_all(text.as_bytes());
        }
        let mut units = [0; 2];
        for character in text.chars() {
            match u8::try_from(character) {
                Ok(byte) if byte.is_ascii() => out.write_all(&[byte])?,
                _ => {
                    for unit in character.encode_utf16(&mut units) {
                        write!(out, "\\u{unit:04x}")?;
                    }
                }
            }
        }
        Ok(())
    }
}

/// A fault as it is told.
pub struct Entry<'f> {
    /// What is wrong
    pub fault: &'f Fault,
    /// Stands before its location: `request`, `response`
    pub message: Option<&'static str>,
}

impl Serialize for Entry<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Fault { location, severity, code, message } = self.fault;
        let mut entry = serializer.serialize_map(None)?;
        if self.message.is_some() || !location.is_empty() {
            entry.serialize_entry("location", &Location(self))?;
        }
        let severity = match severity {
            Severity::Error => "Error",
            Severity::Warning => "Warning",
        };
        entry.serialize_entry("severity", severity)?;
        // Statuses are numbers, keywords are texts
        match code.parse::<u16>() {
            Ok(status) => entry.serialize_entry("code", &status)?,
            Err(_) => entry.serialize_entry("code", code)?,
        }
        entry.serialize_entry("message", message)?;
        entry.end()
    }
}

struct Location<'e>(&'e Entry<'e>);

impl Serialize for Location<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Entry { fault, message } = self.0;
        serializer.collect_seq(message.iter().copied().chain(fault.location.iter().map(String::as_str)))
    }
}
