//! Identities by number and numbers by identity: the entity at an index has one identity, and what is no identity of
//! any is known to be none, with nothing stored.

use std::collections::HashMap;

use mocker_schema::generate::{self, Key, Record};
use mocker_schema::node::StringRules;
use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Schemas, Types};
use serde_json::Value;

use crate::composition::parts;
use crate::limits::MAX_TABLED_IDENTITIES;
use crate::request::whole_number;

/// The identities of one resource.
#[derive(Debug)]
pub(super) struct Codec {
    style: Style,
    is_number: bool,
    salt: u64,
}

#[derive(Debug)]
enum Style {
    /// Whole numbers from here on
    Counted { first: i64 },
    /// UUIDs of version 4 (RFC 9562, section 5.4)
    Uuid,
    /// So many hexadecimal digits
    Hex { digits: usize },
    /// Words and a number: `amber-falcon-12`
    Slug,
    /// What the generator made of the schema, where nothing else obeys it
    Table { texts: Box<[Box<str>]>, by_text: HashMap<Box<str>, u64> },
}

const FIRST: [&str; 16] = [
    "amber", "bright", "calm", "coral", "crisp", "early", "fair", "golden", "green", "late", "mild", "quiet",
    "rapid", "silver", "solid", "warm",
];
const SECOND: [&str; 16] = [
    "bay", "bridge", "cedar", "creek", "falcon", "field", "grove", "harbor", "hill", "lake", "maple",
    "meadow", "otter", "river", "stone", "valley",
];

/// Lengths of hexadecimal identities that are tried, the usual first.
const DIGITS: [usize; 8] = [24, 16, 32, 20, 12, 40, 8, 64];

/// Numbers of identities for what clients create that are tried; the greatest leaves them within 32 bits.
const ROOMS: [u64; 7] = [1_000_000_000, 1_000_000, 10_000, 1_000, 100, 10, 1];

/// What an identity has to be.
pub(super) struct Wanted<'a> {
    pub(super) schemas: &'a Schemas,
    /// The property in what is read, and in what is listed
    pub(super) property: &'a [SchemaId],
    /// The variable of the path
    pub(super) variable: Option<SchemaId>,
    /// Whether it is a name rather than a number or key
    pub(super) is_name: bool,
    /// How many are needed
    pub(super) size: u64,
    pub(super) salt: u64,
}

impl Wanted<'_> {
    /// What gives such identities, and how many; `None` where nothing does.
    pub(super) fn codec(&self, record: &Record, column: Option<usize>) -> Option<(Codec, u64)> {
        let types = self.property.iter().map(|id| crate::resources::types(self.schemas, *id));
        let types = types.fold(Types::ANY, Types::and);
        let is_number = !types.intersects(Types::STRING) && types.intersects(Types::INTEGER);
        let codec = |style| Codec { style, is_number, salt: self.salt };
        let minimum =
            self.asked().filter_map(|id| self.schemas[id].number.as_ref()?.minimum.as_ref()?.as_i64());
        let first = minimum.max().unwrap_or(1).max(1);
        let hexadecimal = DIGITS.map(|digits| Style::Hex { digits });
        let styles: Vec<Style> = match is_number {
            true => vec![Style::Counted { first }],
            false if self.is_name => [Style::Slug, Style::Uuid].into_iter().chain(hexadecimal).collect(),
            false => [Style::Uuid]
                .into_iter()
                .chain(hexadecimal)
                .chain([Style::Counted { first: 1 }, Style::Slug])
                .collect(),
        };
        // a UUID is for those who ask for one: any text would do otherwise
        let is_uuid =
            self.asked().any(|id| self.schemas[id].format == Some(mocker_schema::format::Format::Uuid));
        let fits = |style: &Style| is_uuid || !matches!(style, Style::Uuid);
        let made = styles.into_iter().filter(fits).map(codec).find(|codec| self.is_fit(codec));
        let count = |codec: Codec| {
            let size = self.size.min(codec.count());
            (codec, size)
        };
        made.map(count).or_else(|| self.tabled(record, column?, is_number))
    }

    /// All that say what an identity is.
    fn asked(&self) -> impl Iterator<Item = SchemaId> {
        self.property.iter().copied().chain(self.variable)
    }

    /// How many identities there are behind those of `size` entities: as far as they are tried, and none of a table.
    pub(super) fn room(&self, codec: &Codec, size: u64) -> u64 {
        let is_fit = |room: &&u64| {
            [0, **room / 2, **room - 1]
                .into_iter()
                .all(|index| self.accepts(codec, &codec.text(size.saturating_add(index))))
        };
        match codec.style {
            Style::Table { .. } => 0,
            _ => {
                let room = codec.count().saturating_sub(size);
                ROOMS.iter().filter(|wanted| **wanted <= room).find(is_fit).copied().unwrap_or_default()
            }
        }
    }

    fn is_fit(&self, codec: &Codec) -> bool {
        let last = self.size.min(codec.count()).saturating_sub(1);
        let some = [0, 1.min(last), last / 2, last].into_iter().map(|index| codec.text(index));
        some.chain(codec.extremes(last)).all(|text| self.accepts(codec, &text))
    }

    fn accepts(&self, codec: &Codec, text: &str) -> bool {
        let obeys = |id: &SchemaId, value: &Value| self.schemas.is_valid(*id, value, Direction::Response);
        let own = codec.value(text);
        let as_number = text.parse::<i64>().map(Value::from).ok();
        let in_path = |id| {
            obeys(&id, &Value::from(text)) || as_number.as_ref().is_some_and(|number| obeys(&id, number))
        };
        own.is_some_and(|own| self.property.iter().all(|id| obeys(id, &own)))
            && self.variable.is_none_or(in_path)
    }

    /// What the generator makes, as far as it differs.
    fn tabled(&self, record: &Record, column: usize, is_number: bool) -> Option<(Codec, u64)> {
        let wanted = self.size.min(MAX_TABLED_IDENTITIES);
        let (mut texts, mut by_text) = (Vec::new(), HashMap::new());
        // `const: 7` says by its value alone that it is a number
        let mut bytes = Vec::new();
        record.value(Key(self.salt), column, &mut bytes);
        let is_number =
            is_number || bytes.first().is_some_and(|first| first.is_ascii_digit() || *first == b'-');
        let plain = Codec { style: Style::Slug, is_number, salt: self.salt };
        let drawn = |draw: u64| {
            let mut bytes = Vec::new();
            record.value(Key(self.salt).with_number(draw), column, &mut bytes);
            match serde_json::from_slice(&bytes) {
                Ok(Value::String(text)) => Some(Box::from(text)),
                Ok(Value::Number(number)) => Some(number.to_string().into()),
                _ => None,
            }
        };
        let matching = self.matching(wanted as usize).into_iter().map(Box::from);
        for text in matching.chain((0..wanted.saturating_mul(4)).map_while(drawn)) {
            let text: Box<str> = text;
            if text.is_empty() || by_text.contains_key(&text) || !self.accepts(&plain, &text) {
                continue;
            }
            by_text.insert(text.clone(), texts.len() as u64);
            texts.push(text);
            if texts.len() as u64 == wanted {
                break;
            }
        }
        let size = texts.len() as u64;
        let style = Style::Table { texts: texts.into(), by_text };
        (size > 0).then_some((Codec { style, is_number, salt: self.salt }, size))
    }

    /// Strings of the property's pattern.
    fn matching(&self, count: usize) -> Vec<String> {
        let parts = self.property.iter().flat_map(|id| parts(self.schemas, Some(*id)));
        let rules: Vec<&StringRules> = parts.filter_map(|schema| schema.string.as_deref()).collect();
        let Some(pattern) = rules.iter().find_map(|rules| rules.pattern.as_ref()) else { return Vec::new() };
        let least = rules.iter().map(|rules| rules.min_length).max().unwrap_or_default();
        let most = rules.iter().filter_map(|rules| rules.max_length).min().unwrap_or(u64::MAX);
        generate::matching(pattern, least, most, count, Key(self.salt))
    }
}

impl Codec {
    /// How many identities there can be.
    fn count(&self) -> u64 {
        match &self.style {
            Style::Counted { first } => i64::MAX.abs_diff(*first).saturating_add(1),
            Style::Hex { digits } => 1_u64.checked_shl(*digits as u32 * 4).unwrap_or(u64::MAX),
            Style::Uuid => 1 << UUID_BITS,
            Style::Slug => u64::MAX,
            Style::Table { texts, .. } => texts.len() as u64,
        }
    }

    /// The shortest and the longest identities up to an index, where those at its ends need not be that.
    fn extremes(&self, last: u64) -> Vec<String> {
        let Style::Slug = self.style else { return Vec::new() };
        let shortest =
            |words: &[&'static str]| words.iter().copied().min_by_key(|word| word.len()).unwrap_or("");
        let longest =
            |words: &[&'static str]| words.iter().copied().max_by_key(|word| word.len()).unwrap_or("");
        vec![
            format!("{}-{}-1", shortest(&FIRST), shortest(&SECOND)),
            format!("{}-{}-{}", longest(&FIRST), longest(&SECOND), last.saturating_add(1)),
        ]
    }

    /// The identity at an index, as it stands in a path.
    pub(super) fn text(&self, index: u64) -> String {
        match &self.style {
            Style::Counted { first } => first.saturating_add_unsigned(index).to_string(),
            Style::Uuid => self.uuid(index),
            Style::Hex { digits } => self.hex(index, *digits),
            Style::Slug => {
                let chosen = self.noise(index);
                let (one, two) = (chosen as usize % FIRST.len(), (chosen >> 32) as usize % SECOND.len());
                format!("{}-{}-{}", FIRST[one], SECOND[two], index.saturating_add(1))
            }
            Style::Table { texts, .. } => {
                texts.get(index as usize).map(|text| text.to_string()).unwrap_or_default()
            }
        }
    }

    /// The index that an identity belongs to; `None` for a text that is the identity of no index.
    pub(super) fn index(&self, text: &str) -> Option<u64> {
        let index = match &self.style {
            Style::Counted { first } => u64::try_from(text.parse::<i64>().ok()?.checked_sub(*first)?).ok()?,
            Style::Uuid => {
                let digits = [text.get(..8)?, text.get(9..13)?].concat();
                unscramble(u64::from_str_radix(&digits, 16).ok()?, self.salt, UUID_BITS)
            }
            Style::Hex { digits } => {
                let count = (*digits).min(16);
                let scrambled = u64::from_str_radix(text.get(..count)?, 16).ok()?;
                unscramble(scrambled, self.salt, count as u32 * 4)
            }
            Style::Slug => text.rsplit_once('-')?.1.parse::<u64>().ok()?.checked_sub(1)?,
            Style::Table { by_text, .. } => return by_text.get(text).copied(),
        };
        (self.text(index) == text).then_some(index)
    }

    /// A text as identities are written, numbers as validation takes them: `007`, `7.0` and `0x7` are 7; `None` where a
    /// number is wanted and it is none.
    pub(super) fn canonical(&self, text: Box<str>) -> Option<Box<str>> {
        match self.is_number {
            true => whole_number(&text).map(|number| number.to_string().into()),
            false => Some(text),
        }
    }

    /// The identity as the property has it; `None` for a text that is none where the property is a number.
    pub(super) fn value(&self, text: &str) -> Option<Value> {
        match self.is_number {
            true => text.parse::<i64>().ok().map(Value::from),
            false => Some(Value::from(text)),
        }
    }

    /// Appends the identity as the property has it.
    pub(super) fn write(&self, text: &str, out: &mut Vec<u8>) {
        match self.is_number {
            true => out.extend_from_slice(text.as_bytes()),
            // Writing to memory does not fail.
            false => drop(serde_json::to_writer(out, text)),
        }
    }

    fn noise(&self, index: u64) -> u64 {
        Key(self.salt).with_number(index).0
    }

    fn hex(&self, index: u64, digits: usize) -> String {
        let count = digits.min(16);
        let mut text = format!("{:0count$x}", scramble(index, self.salt, count as u32 * 4));
        let mut noise = index;
        while text.len() < digits {
            noise = self.noise(noise);
            text.push_str(&format!("{noise:016x}"));
        }
        text.truncate(digits);
        text
    }

    fn uuid(&self, index: u64) -> String {
        let (scrambled, noise) = (scramble(index, self.salt, UUID_BITS), self.noise(index));
        let (high, low) = (scrambled >> 16, scrambled & 0xffff);
        let variant = 0x8000 | (noise >> 48 & 0x3fff);
        format!("{high:08x}-{low:04x}-4{:03x}-{variant:04x}-{:012x}", noise & 0xfff, self.noise(noise) >> 16)
    }
}

/// Bits of a UUID that say which it is.
const UUID_BITS: u32 = 48;

/// Odd, so that multiplying by it can be undone.
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// A permutation of the numbers of so many bits, an even count.
fn scramble(number: u64, salt: u64, bits: u32) -> u64 {
    let mask = u64::MAX >> (64 - bits);
    let mut mixed = (number ^ salt) & mask;
    for _ in 0..2 {
        mixed = mixed.wrapping_mul(FACTOR) & mask;
        mixed ^= mixed >> (bits / 2);
    }
    mixed
}

/// What [`scramble`] made it of.
fn unscramble(mut mixed: u64, salt: u64, bits: u32) -> u64 {
    let mask = u64::MAX >> (64 - bits);
    for _ in 0..2 {
        // shifting by half of the bits twice leaves nothing, so this undoes itself
        mixed ^= mixed >> (bits / 2);
        mixed = mixed.wrapping_mul(inverse(FACTOR)) & mask;
    }
    (mixed ^ salt) & mask
}

/// Of an odd number, modulo 2^64 (Newton's iteration doubles the bits that are right).
fn inverse(odd: u64) -> u64 {
    (0..6).fold(odd, |known, _| known.wrapping_mul(2_u64.wrapping_sub(odd.wrapping_mul(known))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn styles() -> Vec<Style> {
        vec![
            Style::Counted { first: 1 },
            Style::Uuid,
            Style::Hex { digits: 8 },
            Style::Hex { digits: 24 },
            Style::Hex { digits: 64 },
            Style::Slug,
        ]
    }

    proptest! {
        #[test]
        fn an_identity_leads_back_to_its_index(index in 0_u64..1 << 32, salt: u64) {
            for style in styles() {
                let codec = Codec { style, is_number: false, salt };
                let text = codec.text(index);
                prop_assert_eq!(codec.index(&text), Some(index), "{}", text);
            }
        }

        /// Each style knows its own from what only looks like it.
        #[test]
        fn what_is_nearly_an_identity_is_none(
            index in 0_u64..1 << 32,
            salt: u64,
            at: prop::sample::Index,
            letter in "[0-9a-zA-Z-]",
        ) {
            for style in styles() {
                let codec = Codec { style, is_number: false, salt };
                let text = codec.text(index);
                let at = at.index(text.len());
                let changed = format!("{}{letter}{}", &text[..at], &text[at + 1..]);
                let added = [format!("0{text}"), format!("+{text}"), format!(" {text}"), format!("{text}0")];
                let longest = text.to_uppercase();
                for other in added.into_iter().chain([changed, longest]).filter(|other| *other != text) {
                    prop_assert_ne!(codec.index(&other), Some(index), "{} for {}", other, text);
                    // what has digits enough to prove itself is nobody's when one is changed
                    let is_proved = matches!(codec.style, Style::Uuid | Style::Hex { digits: 24.. });
                    prop_assert!(!is_proved || codec.index(&other).is_none(), "{} for {}", other, text);
                }
            }
        }

        #[test]
        fn all_short_texts_lead_somewhere(text in "[0-9a-f]{8}", salt: u64) {
            let codec = Codec { style: Style::Hex { digits: 8 }, is_number: false, salt };
            prop_assert!(codec.index(&text).is_some_and(|index| index < codec.count()));
        }

        #[test]
        fn numbers_have_one_form(number: i64, zeros in 0_usize..4) {
            let codec = Codec { style: Style::Counted { first: 1 }, is_number: true, salt: 0 };
            let sign = if number < 0 { "-" } else { "+" };
            let written = format!("{sign}{}{}", "0".repeat(zeros), number.unsigned_abs());
            prop_assert_eq!(codec.canonical(written.into()), Some(number.to_string().into()));
            for one in ["1.0", "0x1", " 1", "1e0", "10e-1"] {
                prop_assert_eq!(codec.canonical(one.into()), Some("1".into()));
            }
            let others = ["", "x", "1.5", "0x", "1e19", "9223372036854775808"];
            prop_assert!(others.into_iter().all(|other| codec.canonical(other.into()).is_none()));
        }
    }

    #[test]
    fn identities_look_like_what_they_are() {
        let text = |style| Codec { style, is_number: false, salt: 7 }.text(41);
        assert_eq!(text(Style::Counted { first: 1 }), "42");
        assert!(text(Style::Slug).ends_with("-42"));
        assert_eq!(text(Style::Hex { digits: 40 }).len(), 40);
        let uuid = text(Style::Uuid);
        assert_eq!((uuid.len(), &uuid[14..15]), (36, "4"));
        assert!(["8", "9", "a", "b"].contains(&&uuid[19..20]), "{uuid}");
    }
}
