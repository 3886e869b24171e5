//! `sl-violations`: what is wrong with a request or with its answer, told in the answer's head.

use mocker_http::response::Writer;
use mocker_plan::request::{Fault, Severity};
use serde_json::{Value, json};

/// Longest list that is sent whole, in characters; Prism's limit.
const LONGEST: usize = 8092;

/// Appends the field where there is anything to tell.
pub(crate) fn append(request: &[Fault], response: &[Fault], out: &mut Vec<u8>) {
    if request.is_empty() && response.is_empty() {
        return;
    }
    let of = |part: &'static str| move |fault: &Fault| entry(fault, Some(part));
    let entries = request.iter().map(of("request")).chain(response.iter().map(of("response")));
    let text = ascii(&Value::Array(entries.collect()).to_string());
    let text = match text.len() > LONGEST {
        true => format!("Too many violations! {}", &text[..LONGEST]),
        false => text,
    };
    Writer::line("sl-violations", text.as_bytes(), out);
}

/// A fault as JSON; `message` stands before its location.
pub(crate) fn entry(fault: &Fault, message: Option<&str>) -> Value {
    let severity = match fault.severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
    };
    let location: Vec<&str> = message.into_iter().chain(fault.location.iter().map(String::as_str)).collect();
    let mut entry = json!({});
    if !location.is_empty() {
        entry["location"] = json!(location);
    }
    entry["severity"] = severity.into();
    // Statuses are numbers, keywords are texts
    entry["code"] = fault.code.parse::<u16>().map_or(fault.code.into(), Value::from);
    entry["message"] = fault.message.as_str().into();
    entry
}

/// JSON with every character beyond ASCII escaped: a field value holds no other text reliably (RFC 9110, section 5.5).
fn ascii(json: &str) -> String {
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
