//! `sl-violations`: what is wrong with a request or with its answer, told in the answer's head.

use mocker_http::response::Writer;
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Fault, Severity};

/// Longest list that is sent whole, in characters; Prism's limit.
const LONGEST: usize = 8092;

/// Appends the field where there is anything to tell.
pub fn append(request: &[Fault], response: &[Fault], out: &mut Vec<u8>) {
    if request.is_empty() && response.is_empty() {
        return;
    }
    let of = |message: &'static str| move |fault| Entry { fault, message: Some(message) };
    let entries: Vec<Entry<'_>> =
        request.iter().map(of("request")).chain(response.iter().map(of("response"))).collect();
    // Texts and numbers only: this cannot fail.
    let text = ascii(serde_json::to_string(&entries).unwrap_or_default());
    let text = match text.len() > LONGEST {
        true => format!("Too many violations! {}", &text[..LONGEST]),
        false => text,
    };
    Writer::line("sl-violations", text.as_bytes(), out);
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

/// JSON with every character beyond ASCII escaped: a field value holds no other text reliably (RFC 9110, section 5.5).
fn ascii(json: String) -> String {
    if json.is_ascii() {
        return json;
    }
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        if character.is_ascii() {
            out.push(character);
            continue;
        }
        let mut units = [0; 2];
        for unit in character.encode_utf16(&mut units) {
            out.push_str(&format!("\\u{unit:04x}"));
        }
    }
    out
}
