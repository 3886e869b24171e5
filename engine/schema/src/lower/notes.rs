//! What constrains nothing: `default`, examples, `title`, `x-faker`, `xml`.

use mocker_source::{Kind, Node};

use super::schema::Draft;
use super::{Lowering, Resolve};
use crate::SchemaId;
use crate::node::{Code, Notes, Xml};

impl<'t, R: Resolve<'t>> Lowering<'t, R> {
    pub(super) fn note(&mut self, draft: &mut Draft<'t>, keyword: &str, value: Node<'t>) {
        let notes = notes(draft);
        match keyword {
            "default" => notes.default = Some(value.to_json()),
            "x-faker" => notes.faker = Some(Box::new(value.to_json())),
            _ => notes.xml = Some(Box::new(xml(value))),
        }
    }

    /// `example` first, then the list of `examples` (an object of named ones, as media types
    /// have them, occurs too).
    pub(super) fn examples(&mut self, draft: &mut Draft<'t>) {
        if let Some(title) = draft.title.and_then(Node::as_str) {
            let name = self.intern(title);
            notes(draft).name = Some(name);
        }
        let listed = draft.examples.filter(|list| list.kind() == Kind::Array);
        if draft.example.is_none() && listed.is_none() {
            return;
        }
        let all = draft.example.into_iter().chain(listed.into_iter().flat_map(Node::items));
        notes(draft).examples = all.map(Node::to_json).collect();
    }
}

/// Bytes of a description that are looked at.
const DESCRIPTION: usize = 400;

/// How the description of a property says that its codes are written; `None` for what is no country and no currency.
fn code(name: &str, description: &str) -> Option<Code> {
    let is_called = |word: &str| {
        name.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
    };
    let (is_country, is_currency) = (is_called("country"), is_called("currency"));
    if !is_country && !is_currency {
        return None;
    }
    let start: String = description.chars().take(DESCRIPTION).collect::<String>().to_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| start.contains(phrase));
    if says(&["lowercase", "lower case", "lower-case"]) {
        return Some(Code::Lower);
    }
    if is_country && says(&["alpha-3", "alpha 3", "three-letter", "three letter", "3-letter", "3 letter"]) {
        return Some(Code::ThreeLetters);
    }
    let is_code = says(&[
        "iso 3166",
        "iso-3166",
        "iso3166",
        "two-letter",
        "two letter",
        "2-letter",
        "2 letter",
        "two-character",
        "alpha-2",
    ]);
    (is_country && is_code).then_some(Code::Upper)
}

impl<'t, R: Resolve<'t>> Lowering<'t, R> {
    /// Notes how the property `name` says in its own words that it is written.
    pub(super) fn note_code(&mut self, name: &str, property: Node<'t>, id: SchemaId) {
        let own =
            property.get("description").and_then(Node::as_str).filter(|_| property.get("$ref").is_none());
        if let Some(code) = own.and_then(|description| code(name, description)) {
            self.codes.push((id, code));
        }
    }
}

pub(super) fn notes<'d>(draft: &'d mut Draft<'_>) -> &'d mut Notes {
    draft.node.notes.get_or_insert_with(Box::<Notes>::default)
}

fn xml(value: Node<'_>) -> Xml {
    let text = |key: &str| value.get(key).and_then(Node::as_str);
    let flag = |key: &str| value.get(key).and_then(Node::as_bool).unwrap_or(false);
    let node_type = text("nodeType");
    Xml {
        name: text("name").map(Into::into),
        namespace: text("namespace").map(Into::into),
        prefix: text("prefix").map(Into::into),
        attribute: flag("attribute") || node_type == Some("attribute"),
        wrapped: flag("wrapped") || node_type == Some("element"),
        text: matches!(node_type, Some("text" | "cdata")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_say_how_codes_are_written() {
        for (name, description, expected) in [
            ("country", "Two-letter country code (ISO 3166-1 alpha-2).", Some(Code::Upper)),
            ("account_country", "A 2-letter code.", Some(Code::Upper)),
            ("country", "ISO 3166-1 alpha-3", Some(Code::ThreeLetters)),
            ("country", "Where it was made.", None),
            ("currency", "Three-letter ISO currency code, in lowercase.", Some(Code::Lower)),
            ("baseCurrency", "ISO 4217", None),
            ("state", "Two-letter code, lowercase", None),
        ] {
            assert_eq!(code(name, description), expected, "{name}: {description}");
        }
    }
}
