//! Whether a body is well-formed XML (XML 1.0, sections 2.1, 2.8 and 3). What it says is not compared with
//! the schema.

use std::collections::HashSet;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::limits;

/// Reads the text to its end.
///
/// # Errors
/// Why it is not well-formed, in a few words.
pub(super) fn check(body: &[u8]) -> Result<(), String> {
    let Ok(text) = std::str::from_utf8(body) else {
        return if is_of_another_encoding(body) { Ok(()) } else { Err("it is not UTF-8".to_owned()) };
    };
    if let Some(at) = text.bytes().position(|byte| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r')) {
        return Err(format!("a control character at byte {at}"));
    }
    let mut reader = Reader::from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
    let mut nesting = Nesting::default();
    loop {
        let event =
            reader.read_event().map_err(|error| format!("{error} at byte {}", reader.error_position()))?;
        if matches!(event, Event::Eof) {
            return nesting.finish();
        }
        nesting.enter(&event).map_err(|reason| format!("{reason} at byte {}", reader.buffer_position()))?;
    }
}

/// UTF-16 begins with its mark; other encodings are named in the first line.
fn is_of_another_encoding(body: &[u8]) -> bool {
    let start = &body[..body.len().min(100)];
    start.starts_with(b"\xfe\xff")
        || start.starts_with(b"\xff\xfe")
        || memchr::memmem::find(start, b"encoding").is_some()
}

/// What was seen so far.
#[derive(Default)]
struct Nesting {
    depth: usize,
    has_root: bool,
    has_types: bool,
}

impl Nesting {
    fn enter(&mut self, event: &Event<'_>) -> Result<(), String> {
        match event {
            Event::Start(tag) => {
                self.element(tag)?;
                self.depth += 1;
                match self.depth > limits::MAX_XML_BODY_DEPTH {
                    true => Err(format!("elements nest deeper than {}", limits::MAX_XML_BODY_DEPTH)),
                    false => Ok(()),
                }
            }
            Event::Empty(tag) => self.element(tag),
            Event::End(_) => {
                self.depth = self.depth.saturating_sub(1);
                Ok(())
            }
            Event::Text(text) if self.depth == 0 && !text.trim_ascii().is_empty() => {
                Err("text stands outside of the root element".to_owned())
            }
            Event::CData(_) | Event::GeneralRef(_) if self.depth == 0 => {
                Err("text stands outside of the root element".to_owned())
            }
            Event::GeneralRef(name) if !self.has_types && !is_known(name) => {
                Err(format!("the entity `{}` is not declared", &**name))
            }
            Event::DocType(_) => {
                self.has_types = true;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn element(&mut self, tag: &BytesStart<'_>) -> Result<(), String> {
        if self.depth == 0 && self.has_root {
            return Err("there is a second root element".to_owned());
        }
        self.has_root = true;
        if !begins_as_name(tag.name().as_ref()) {
            return Err("an element has no name".to_owned());
        }
        let mut names = HashSet::new();
        let mut attributes = tag.attributes();
        for attribute in attributes.with_checks(false) {
            let attribute = attribute.map_err(|error| error.to_string())?;
            if !names.insert(attribute.key) {
                return Err("an attribute is there twice".to_owned());
            }
        }
        Ok(())
    }

    fn finish(&self) -> Result<(), String> {
        match (self.has_root, self.depth) {
            (false, _) => Err("there is no root element".to_owned()),
            (true, 0) => Ok(()),
            (true, _) => Err("an element is not closed".to_owned()),
        }
    }
}

/// Whether a name begins as one (XML 1.0, section 2.3); beyond ASCII nearly every character may.
fn begins_as_name(name: &str) -> bool {
    name.starts_with(|first: char| {
        first.is_ascii_alphabetic() || matches!(first, '_' | ':') || !first.is_ascii()
    })
}

/// References to characters, and the entities that need no declaration (XML 1.0, section 4.6).
fn is_known(name: &str) -> bool {
    matches!(name, "amp" | "lt" | "gt" | "apos" | "quot") || name.starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn well_formed_or_not() {
        let deep = "<a>".repeat(2_000);
        let wide = format!("<a {}/>", (0..5_000).map(|n| format!("n{n}='' ")).collect::<String>());
        for (text, is_well_formed) in [
            ("<a/>", true),
            (
                "\u{feff}<?xml version=\"1.0\"?>\n<!-- x --><a b='1' c=\"2\">&lt;&#65;<![CDATA[<]]></a>\n",
                true,
            ),
            ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", true),
            (&wide, true),
            ("", false),
            ("plain", false),
            ("{\"a\": 1}", false),
            ("<a>", false),
            ("<a></b>", false),
            ("<a/><b/>", false),
            ("<a/>text", false),
            ("<a b='1' b='2'/>", false),
            ("<a b=1/>", false),
            ("<a>&nope;</a>", false),
            ("<a", false),
            ("< a/>", false),
            ("<1/>", false),
            ("<a>\u{0}</a>", false),
            ("<é.1/>", true),
            (&deep, false),
        ] {
            assert_eq!(check(text.as_bytes()).is_ok(), is_well_formed, "{:.40}", text);
        }
        assert!(check(b"<a>\xff</a>").is_err());
        assert!(check(b"<?xml version='1.0' encoding='latin1'?><a>\xff</a>").is_ok());
    }

    proptest! {
        #[test]
        fn any_bytes_are_judged(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "[<>/a'\"=&;!?\\[\\]-]{0,60}") {
            let _ = check(&bytes);
            let _ = check(text.as_bytes());
        }
    }
}
