//! Examples of properties that many objects have: the first has them as they are written, the others something like them.

use std::sync::Arc;

use serde_json::Value;

use super::block::{Block, Pool, quoted};
use super::compile::{Compiler, Place};
use super::formats::by_format;
use super::random::Random;
use super::{limits, names, outline};
use crate::SchemaId;
use crate::format::Format;

/// What the example of a property says of other objects' values.
pub(super) enum Likeness {
    /// They have it too: nothing else says what values are like
    Same,
    /// They look like it
    Shape(Block),
    /// Name, format or properties say more of them
    Free,
}

/// Values that look like one example.
const SHAPES: usize = 64;

/// Characters in a row, letters with digits among them, from which on they are taken for a token.
const TOKEN: usize = 8;

impl Compiler<'_> {
    /// What an author's example, written as JSON, says of the values of other objects.
    pub(super) fn likeness(
        &mut self,
        conjunction: &[SchemaId],
        place: Place<'_>,
        example: &[u8],
    ) -> Likeness {
        match serde_json::from_slice(example) {
            Ok(Value::String(text)) => self.likeness_of_text(conjunction, place, &text),
            Ok(Value::Number(number)) => {
                let is_known = names::number(place.name, place.parent, !number.is_f64()).is_some();
                if is_known { Likeness::Free } else { Likeness::Same }
            }
            Ok(Value::Array(items)) if items.iter().all(Value::is_object) => Likeness::Free,
            Ok(Value::Object(_)) => {
                let has_properties = |id: &SchemaId| !outline::names(self.schemas, *id).is_empty();
                if conjunction.iter().any(has_properties) { Likeness::Free } else { Likeness::Same }
            }
            _ => Likeness::Same,
        }
    }

    fn likeness_of_text(&mut self, conjunction: &[SchemaId], place: Place<'_>, text: &str) -> Likeness {
        let formats = conjunction.iter().filter_map(|id| outline::format(self.schemas, *id));
        let formatted = formats.filter(|format| *format != Format::Binary).find_map(by_format);
        let named = names::string(place.name, place.parent);
        let is_code = is_code(text);
        match formatted.or(named) {
            Some(source) if source.is_link() && is_code => self.shaped(conjunction, text),
            // what is called by words has a sign here
            Some(source) if formatted.is_none() && is_code && source.is_prose() => {
                self.shaped(conjunction, text)
            }
            Some(source) if source.is_various() && !source.is_link() => Likeness::Free,
            _ if is_code => self.shaped(conjunction, text),
            _ => Likeness::Same,
        }
    }

    /// Texts of the example's shape, as far as they obey.
    fn shaped(&mut self, conjunction: &[SchemaId], text: &str) -> Likeness {
        let shapes = (0..SHAPES).map(|_| alike(text, &mut self.random));
        let mut texts: Vec<String> = shapes.collect();
        texts.retain(|text| self.obeys(conjunction, &Value::from(text.as_str())));
        texts.sort_unstable();
        texts.dedup();
        match texts.len() {
            0 | 1 => Likeness::Same,
            _ => Likeness::Shape(Block::pool(Arc::new(Pool::new(texts.iter().map(|text| quoted(text)))))),
        }
    }
}

/// Whether a text is made of signs rather than words, so that other digits make another one of the kind. Dates, times and
/// addresses are none: most digits would be wrong there.
fn is_code(text: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_time = |text: &str| text.split(['-', ':', '.', '/']).filter(|part| is_number(part)).count() >= 3;
    text.len() <= limits::CODE
        && text.bytes().any(|byte| byte.is_ascii_digit())
        && !text.contains(char::is_whitespace)
        && !is_time(text)
}

/// A text with other digits; in what looks like a token with other letters too.
fn alike(text: &str, random: &mut Random) -> String {
    let mut made = String::with_capacity(text.len());
    for run in text.split_inclusive(|character: char| !character.is_ascii_alphanumeric()) {
        let stem = run.trim_end_matches(|character: char| !character.is_ascii_alphanumeric());
        let has = |test: fn(&u8) -> bool| stem.as_bytes().iter().any(test);
        let is_token = stem.len() >= TOKEN && has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic);
        let is_hex = stem.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let mut other = |(at, character): (usize, char)| match character {
            '1'..='9' if at == 0 => char::from(b'1' + random.below(9) as u8),
            '0'..='9' => char::from(b'0' + random.below(10) as u8),
            'a'..='f' if is_token && is_hex => char::from(b'a' + random.below(6) as u8),
            'a'..='z' if is_token => char::from(b'a' + random.below(26) as u8),
            'A'..='Z' if is_token => char::from(b'A' + random.below(26) as u8),
            _ => character,
        };
        made.extend(run.chars().enumerate().map(&mut other));
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_told_from_words_and_times() {
        for (text, expected) in [
            ("cus_NffrFeUfNV2Hib", true),
            ("INV-0042", true),
            ("https://api.example.com/pets/7", true),
            ("6dcb09b5b57875f3", true),
            ("Hello World 2", false),
            ("main", false),
            ("2024-01-31", false),
            ("10:15:00", false),
            ("192.0.2.1", false),
            ("2024-01-31T10:15:00Z", false),
            ("", false),
        ] {
            assert_eq!(is_code(text), expected, "{text}");
        }
        assert!(!is_code(&"1".repeat(limits::CODE + 1)) && is_code(&"1".repeat(limits::CODE)));
    }

    #[test]
    fn what_is_alike_keeps_its_shape() {
        let mut random = Random::new(1);
        for (text, pattern) in [
            ("INV-0042", r"^INV-\d{4}$"),
            ("cus_NffrFeUfNV2Hib", r"^cus_[A-Z][a-z]{3}[A-Z][a-z][A-Z][a-z][A-Z]{2}\d[A-Z][a-z]{2}$"),
            ("https://api.example.com/pets/7?x=ä", r"^https://api\.example\.com/pets/[1-9]\?x=ä$"),
            ("6dcb09b5b57875f3", r"^[1-9][a-f]{3}\d{2}[a-f]\d[a-f]\d{5}[a-f]\d$"),
        ] {
            let shape = crate::pattern::Pattern::new(pattern);
            for _ in 0..50 {
                let made = alike(text, &mut random);
                assert!(shape.is_match(&made), "{made}");
            }
        }
    }
}
