//! Saved bodies: values with their media types.

use std::collections::HashSet;

use mocker_schema::Types;
use mocker_schema::validate::Direction;
use mocker_source::Position;
use serde_json::Value;

use super::Collection;
use super::infer::Shape;
use super::pairs::Pair;
use super::variables::pieces;
use crate::limits::{SAVED_MEDIA_TYPES, SAVED_RESPONSES};
use crate::media_type::{essence, is_name};
use crate::model::{Example, ExampleValue, MediaType};

pub(super) const JSON: &str = "application/json";
pub(super) const TEXT: &str = "text/plain";

/// What has been saved of one media type.
pub(super) struct Content {
    /// As it was written first
    name: Box<str>,
    /// `None` where nothing is known of the values
    pub(super) shape: Option<Shape>,
    examples: Vec<Example>,
    names: HashSet<Box<str>>,
}

/// The media types of one body.
#[derive(Default)]
pub(super) struct Contents(Vec<Content>);

impl Contents {
    /// The content of that media type, whatever its parameters; `None` where there are too many.
    pub(super) fn of(&mut self, name: &str) -> Option<&mut Content> {
        let is_same = |content: &Content| essence(&content.name).eq_ignore_ascii_case(essence(name));
        let at = self.0.iter().position(is_same).unwrap_or(self.0.len());
        if at == self.0.len() && at < SAVED_MEDIA_TYPES {
            let name = name.trim().into();
            self.0.push(Content { name, shape: None, examples: Vec::new(), names: HashSet::new() });
        }
        self.0.get_mut(at)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Content {
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Adds a JSON text as an example, and the types of its value.
    pub(super) fn add_json(&mut self, name: &str, text: &str, value: &Value, position: Position) {
        self.shape.get_or_insert_default().add(value);
        self.add_example(name, ExampleValue::Json(compact(text).into()), position);
    }

    /// Adds a body that is sent as it stands.
    pub(super) fn add_text(&mut self, name: &str, text: &str, position: Position) {
        if essence(&self.name) == TEXT {
            self.shape = Some(Shape::of(Types::STRING));
        }
        self.add_example(name, ExampleValue::Serialized(text.into()), position);
    }

    fn add_example(&mut self, name: &str, value: ExampleValue, position: Position) {
        if self.examples.len() >= SAVED_RESPONSES {
            return;
        }
        let mut name: Box<str> = name.into();
        while !self.names.insert(name.clone()) {
            name = format!("{name} ({})", self.examples.len() + 1).into();
        }
        self.examples.push(Example { is_template: false, name, value, position });
    }
}

impl<'t> Collection<'_, '_, 't> {
    /// Media types as the model has them.
    pub(super) fn media_types(&mut self, contents: Contents, direction: Direction) -> Vec<MediaType> {
        let finish = |content: Content| MediaType {
            name: content.name,
            schema: content.shape.map(|shape| self.schema(shape, direction)),
            item_schema: None,
            examples: content.examples,
            encoding: Vec::new(),
        };
        contents.0.into_iter().map(finish).collect()
    }

    /// What the field `Content-Type` says, reported if it is no media type.
    pub(super) fn content_type<'p>(&mut self, fields: &'p [Pair<'t>]) -> Option<&'p str> {
        let field = fields.iter().find(|field| field.name.eq_ignore_ascii_case("content-type"))?;
        let name = field.value.trim();
        if name.is_empty() || name.contains("{{") {
            return None;
        }
        self.reader.check_media_type_name(name, field.node);
        is_name(name).then_some(name)
    }
}

/// The media type of a text whose author named a language at best.
pub(super) fn guessed(language: Option<&str>, text: &str) -> &'static str {
    match language.unwrap_or_default().to_ascii_lowercase().as_str() {
        "json" => JSON,
        "xml" => "application/xml",
        "html" => "text/html",
        "javascript" => "application/javascript",
        "text" | "plain" => TEXT,
        _ => match text.trim_start().starts_with(['{', '[']) && parsed(text).is_some() {
            true => JSON,
            false => TEXT,
        },
    }
}

/// The value of a JSON text.
pub(super) fn parsed(text: &str) -> Option<Value> {
    serde_json::from_str(without_mark(text)).ok()
}

/// A JSON text as it was written, but for the space between its tokens (RFC 8259 §2).
fn compact(text: &str) -> String {
    let (mut in_string, mut is_escaped) = (false, false);
    let mut is_kept = |c: char| {
        let is_space = !in_string && matches!(c, ' ' | '\t' | '\n' | '\r');
        in_string ^= c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        !is_space
    };
    without_mark(text).chars().filter(|c| is_kept(*c)).collect()
}

/// The text without the byte order mark that it may begin with.
fn without_mark(text: &str) -> &str {
    text.trim_start_matches('\u{feff}')
}

/// The value of a JSON text in which variables stand for values: `{"id": {{id}}}`.
pub(super) fn parsed_with_variables(text: &str) -> Option<Value> {
    let mut out = String::with_capacity(text.len());
    let mut in_string = false;
    for (plain, name) in pieces(text) {
        out.push_str(plain);
        in_string = ends_in_string(plain, in_string);
        if name.is_some() && !in_string {
            out.push_str("null");
        }
    }
    parsed(&out)
}

/// Whether a JSON string is open at the end of `text`.
fn ends_in_string(text: &str, mut in_string: bool) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' if in_string => {
                bytes.next();
            }
            b'"' => in_string = !in_string,
            _ => {}
        }
    }
    in_string
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::{compact, guessed, parsed, parsed_with_variables};

    #[test]
    fn variables_stand_for_values() {
        for (text, expected) in [
            (r#"{"id": {{id}}}"#, Some(r#"{"id":null}"#)),
            (r#"{"a": "x\"y{{b}}z", "c": [{{d}}]}"#, Some(r#"{"a":"x\"yz","c":[null]}"#)),
            (r#"{"a": "x\\", "c": [{{d}}, 1]}"#, Some(r#"{"a":"x\\","c":[null,1]}"#)),
            (r#"{"a": "{{b}}", "c": {{d}} }"#, Some(r#"{"a":"","c":null}"#)),
            ("{{body}}", Some("null")),
            ("{{a", None),
        ] {
            let value = parsed_with_variables(text).map(|value| value.to_string());
            assert_eq!(value.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn languages_have_media_types() {
        for (language, text, expected) in [
            (Some("json"), "oops", "application/json"),
            (Some("XML"), "<a/>", "application/xml"),
            (Some("Text"), "{}", "text/plain"),
            (Some("auto"), " {}", "application/json"),
            (None, "[1]", "application/json"),
            (None, "[oops", "text/plain"),
            (None, "1", "text/plain"),
        ] {
            assert_eq!(guessed(language, text), expected, "{language:?} {text}");
        }
    }

    proptest! {
        #[test]
        fn compact_texts_say_the_same(key in "\\PC*|[ \"\\\\\t]*", value in "\\PC*|[ \"\\\\\t]*", number: i64) {
            let value = serde_json::json!({ key: [value, number], "b": Value::Null });
            let spacious = serde_json::to_string_pretty(&value).unwrap_or_default();
            prop_assert_eq!(compact(&spacious), value.to_string());
            prop_assert_eq!(parsed(&spacious), Some(value));
        }
    }
}
