//! JSON texts (RFC 8259): read into buffers that serve one request after the other.

use std::collections::HashMap;

use bumpalo::Bump;
use mocker_schema::validate::Instance;
use mocker_source::Kind;
use serde::de::IgnoredAny;
use simd_json::{Buffers, ErrorType, INPUT_PADDING, Tape};

use super::super::Value;
use super::tape::Json;
use crate::limits;

/// What a worker keeps for reading bodies; one request uses it at a time.
pub struct Scratch {
    input: Vec<u8>,
    buffers: Buffers,
    tape: Tape<'static>,
}

/// Why a text is not JSON, with the place: `expected value at line 1 column 2`.
pub(super) struct Malformed(pub(super) String);

impl Default for Scratch {
    fn default() -> Self {
        Scratch {
            input: Vec::new(),
            buffers: Buffers::with_max_depth(0, limits::MAX_JSON_DEPTH),
            tape: Tape(Vec::new()),
        }
    }
}

impl Scratch {
    /// Parses `text` and shows its value to `read`. A byte order mark in front is left out.
    pub(super) fn json<T>(
        &mut self,
        text: &[u8],
        read: impl for<'t> FnOnce(Json<'t>) -> T,
    ) -> Result<T, Malformed> {
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        self.input.clear();
        self.input.extend_from_slice(text);
        self.input.resize(text.len() + INPUT_PADDING, b' ');
        let mut tape = std::mem::replace(&mut self.tape, Tape(Vec::new())).reset();
        let filled = simd_json::fill_tape_padded(&mut self.input, text.len(), &mut self.buffers, &mut tape);
        let outcome = match filled {
            Ok(()) => Json::root(&tape.0).map(read).ok_or_else(|| Malformed("nothing is there".to_owned())),
            Err(error) => Err(Malformed(reason(text, error.error()))),
        };
        self.tape = tape.reset();
        if text.len() > limits::MAX_KEPT_BODY {
            *self = Scratch::default();
        }
        outcome
    }

    /// The JSON value of a form's field, copied to where the rest of the form stands; `None` if it is none.
    pub(super) fn embedded<'b>(&mut self, text: &str, arena: &'b Bump) -> Option<Value<'b>> {
        self.json(text.as_bytes(), |json| copied(json, arena)).ok()
    }
}

/// The value in an arena; of members of one name the last counts, as in JavaScript. It recurses no deeper
/// than [`limits::MAX_JSON_DEPTH`].
pub(super) fn copied<'b>(json: Json<'_>, arena: &'b Bump) -> Value<'b> {
    match json.kind() {
        Kind::Null => Value::Null,
        Kind::Bool => Value::Bool(json.as_bool().unwrap_or_default()),
        Kind::Number => json.as_num().map_or(Value::Null, Value::Number),
        Kind::String => Value::String(arena.alloc_str(json.as_str().unwrap_or_default())),
        Kind::Array => {
            let mut items = bumpalo::collections::Vec::with_capacity_in(json.len(), arena);
            items.extend(json.items().map(|item| copied(item, arena)));
            Value::Array(items.into_bump_slice())
        }
        Kind::Object => {
            let mut places: HashMap<&str, usize> = HashMap::with_capacity(json.len());
            let mut members =
                bumpalo::collections::Vec::<(&str, Value<'b>)>::with_capacity_in(json.len(), arena);
            for (name, value) in json.entries() {
                let value = copied(value, arena);
                match places.get(name) {
                    Some(place) => members[*place] = (members[*place].0, value),
                    None => {
                        places.insert(name, members.len());
                        members.push((&*arena.alloc_str(name), value));
                    }
                }
            }
            Value::Object(members.into_bump_slice())
        }
    }
}

/// What is wrong and where. The fast parser does not always know the place; a second reading does.
fn reason(text: &[u8], error: &ErrorType) -> String {
    if matches!(error, ErrorType::DepthLimitExceeded) {
        return format!("nested deeper than {}", limits::MAX_JSON_DEPTH);
    }
    if let Err(error) = std::str::from_utf8(text) {
        return format!("the byte at offset {} is not UTF-8", error.valid_up_to());
    }
    match serde_json::from_slice::<IgnoredAny>(text) {
        Err(error) => error.to_string(),
        Ok(_) => match error {
            ErrorType::InvalidUnicodeCodepoint | ErrorType::InvalidUnicodeEscape => {
                "an escape stands for no character".to_owned()
            }
            ErrorType::InvalidNumber | ErrorType::InvalidExponent => "a number is too large".to_owned(),
            _ => "it cannot be read".to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_texts_are_faults_with_a_reason() {
        let brackets = "[".repeat(100_000);
        let mut scratch = Scratch::default();
        for (text, expected) in [
            (&b"{"[..], "EOF while parsing"),
            (b"{\"a\": 1,}", "line 1 column 9"),
            (b"{\"a\"\n 1}", "line 2 column 2"),
            (b"nul", "line 1"),
            (b"1 2", "trailing characters"),
            (b" \n", "EOF while parsing"),
            (b"\"\x00\"", "control character"),
            (b"\"\xff\"", "offset 1 is not UTF-8"),
            (b"01", "line 1 column 2"),
            (b"'a'", "line 1 column 1"),
            (brackets.as_bytes(), "nested deeper than 512"),
        ] {
            let outcome = scratch.json(text, |_| ());
            let reason = outcome.map_or_else(|fault| fault.0, |()| "accepted".to_owned());
            let shown = String::from_utf8_lossy(&text[..text.len().min(20)]);
            assert!(reason.contains(expected), "{shown}: {reason}");
        }
    }

    #[test]
    fn odd_texts_do_no_harm() {
        let mut scratch = Scratch::default();
        let arena = Bump::new();
        for text in [
            "1e999",
            "-0",
            "\"\\ud800\"",
            "\"\\udc00\\ud800\"",
            "123456789012345678901234567890",
            "\u{feff}1",
        ] {
            let _ = scratch.json(text.as_bytes(), |json| format!("{:?}", copied(json, &arena)));
        }
        let large = "9".repeat(1_000_000);
        let _ = scratch.json(large.as_bytes(), |_| ());
        let value = scratch.json(b"\xef\xbb\xbf[1]", |json| format!("{:?}", copied(json, &arena)));
        assert_eq!(value.ok().as_deref(), Some("Array([Number(Integer(1))])"));
    }

    #[test]
    fn the_last_of_duplicate_members_counts() {
        let mut scratch = Scratch::default();
        let arena = Bump::new();
        let names: String = (0..20).map(|n| format!("\"n{n}\": {n}, ")).collect();
        for (text, expected) in [
            ("{\"a\": 1, \"b\": 2}".to_owned(), false),
            ("[{\"a\": 1, \"a\": 2}]".to_owned(), true),
            (format!("{{{names} \"z\": {{}}}}"), false),
            (format!("{{{names} \"n3\": {{}}}}"), true),
        ] {
            let outcome = scratch.json(text.as_bytes(), |json| json.has_duplicates());
            assert_eq!(outcome.ok(), Some(expected), "{text}");
        }
        let text = b"{\"a\": {\"x\": 1}, \"b\": [true, null], \"a\": \"2\"}";
        let value = scratch.json(text, |json| format!("{:?}", copied(json, &arena)));
        let expected = "Object([(\"a\", String(\"2\")), (\"b\", Array([Bool(true), Null]))])";
        assert_eq!(value.ok().as_deref(), Some(expected));
    }
}
