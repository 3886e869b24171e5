//! Faults as JSON; `sl-violations`: what is wrong with a request or with its answer, told in the answer's head.

use std::io;

use serde::ser::Serializer;
use serde_json::ser::Formatter;

use super::{Fault, Severity};

/// Longest list that is sent whole in a field, in characters; Prism's limit.
const LONGEST: usize = 8092;

/// Stands before a list that is not whole.
const CUT: &[u8] = b"Too many violations! ";

/// Appends the field where there is anything to tell.
pub fn append(request: &[Fault], response: &[Fault], out: &mut Vec<u8>) {
    if request.is_empty() && response.is_empty() {
        return;
    }
    out.extend_from_slice(b"sl-violations: [");
    let start = out.len() - 1;
    let faults = request.iter().map(|fault| (fault, "request"));
    for (fault, message) in faults.chain(response.iter().map(|fault| (fault, "response"))) {
        entry(fault, Some(message), in_ascii, out);
        out.push(b',');
        if out.len() > start + LONGEST + 1 {
            break;
        }
    }
    close(out);
    if out.len() > start + LONGEST {
        out.truncate(start + LONGEST);
        out.splice(start..start, CUT.iter().copied());
    }
    out.extend_from_slice(b"\r\n");
}

/// Appends faults as a JSON array; `message` stands before their locations.
pub fn list(faults: &[Fault], message: Option<&str>, out: &mut Vec<u8>) {
    out.push(b'[');
    for fault in faults {
        entry(fault, message, in_utf8, out);
        out.push(b',');
    }
    close(out);
}

/// Ends an array whose entries have a comma behind them.
fn close(out: &mut Vec<u8>) {
    match out.last_mut() {
        Some(comma @ b',') => *comma = b']',
        _ => out.push(b']'),
    }
}

/// How a text is written that is more than plain characters.
type Write = fn(&str, &mut Vec<u8>);

fn entry(fault: &Fault, message: Option<&str>, write: Write, out: &mut Vec<u8>) {
    let Fault { location, severity, code, message: sentence } = fault;
    out.push(b'{');
    if message.is_some() || !location.is_empty() {
        out.extend_from_slice(b"\"location\":[");
        for part in message.into_iter().chain(location.iter().map(String::as_str)) {
            string(part, write, out);
            out.push(b',');
        }
        close(out);
        out.push(b',');
    }
    out.extend_from_slice(match severity {
        Severity::Error => b"\"severity\":\"Error\",\"code\":",
        Severity::Warning => b"\"severity\":\"Warning\",\"code\":",
    });
    // Statuses are numbers, keywords are texts
    match code.parse::<u16>() {
        Ok(_) => out.extend_from_slice(code.as_bytes()),
        Err(_) => string(code, write, out),
    }
    out.extend_from_slice(b",\"message\":");
    string(sentence, write, out);
    out.push(b'}');
}

fn string(text: &str, write: Write, out: &mut Vec<u8>) {
    let is_plain = |byte: u8| (b' '..0x7f).contains(&byte) & (byte != b'"') & (byte != b'\\');
    // Without a way out of the loop it takes many bytes at a time
    if text.bytes().fold(true, |plain, byte| plain & is_plain(byte)) {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else {
        write(text, out);
    }
}

fn in_utf8(text: &str, out: &mut Vec<u8>) {
    // Into memory: this cannot fail.
    let _ = serde_json::Serializer::new(out).serialize_str(text);
}

/// A field value holds no other text reliably (RFC 9110, section 5.5).
fn in_ascii(text: &str, out: &mut Vec<u8>) {
    let _ = serde_json::Serializer::with_formatter(out, Ascii).serialize_str(text);
}

struct Ascii;

impl Formatter for Ascii {
    fn write_string_fragment<W: io::Write + ?Sized>(&mut self, out: &mut W, text: &str) -> io::Result<()> {
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
