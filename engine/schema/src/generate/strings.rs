//! Strings: by format, by pattern, by name, or plain words; always within their length.

use std::sync::Arc;

use super::block::{Block, Op, Pool, quoted};
use super::compile::{Compiler, Place};
use super::fail::Fail;
use super::fakers::{self, Source};
use super::formats::{by_format, trusts};
use super::merge::Merged;
use super::told::{self, Origin, Told, Why};
use super::{limits, names, patterns};
use crate::format::Format;
use crate::pattern::Pattern;

/// Texts in a pool that is made for one place.
const TEXTS: usize = 48;
/// Strings to draw from for each one that must differ from the others.
const SPARE: usize = 4;
/// Rows that must suit a member for it to be drawn from one.
const ROWS: usize = 8;
/// Matching strings by which a name's faker earns its place beside a pattern.
const EVIDENCE: usize = 4;

/// A faker, whether it is dictated, patterns by address, formats, and the length in characters.
pub(super) type Sifted = (usize, bool, Vec<usize>, Vec<Format>, (u64, u64));

/// String keywords of a conjunction.
struct Rules<'s> {
    least: u64,
    most: u64,
    patterns: Vec<&'s Arc<Pattern>>,
    formats: Vec<Format>,
}

impl Rules<'_> {
    fn accepts(&self, text: &str) -> bool {
        let length = text.chars().count() as u64;
        (self.least..=self.most).contains(&length)
            && self.patterns.iter().all(|pattern| pattern.is_match(text))
            && self.formats.iter().all(|format| format.check(text))
    }

    fn accepts_quoted(&self, text: &[u8]) -> bool {
        serde_json::from_slice::<String>(text).is_ok_and(|text| self.accepts(&text))
    }

    /// Whether only the length stands between the pool of `source` and its use.
    fn is_free_for(&self, source: Source) -> bool {
        let is_its = |format: &Format| by_format(*format).is_none_or(|own| own == source);
        self.is_free() && self.formats.iter().all(is_its)
    }

    /// Whether only the length stands between the pool of the format and its use.
    fn is_free(&self) -> bool {
        self.patterns.is_empty()
            && self.formats.len() < 2
            && self.formats.iter().all(|format| trusts(*format))
    }

    /// What the rules leave of a faker's pool goes by this name.
    fn sifted(&self, faker: usize, is_dictated: bool) -> Sifted {
        let patterns = self.patterns.iter().map(|pattern| Arc::as_ptr(pattern) as usize).collect();
        (faker, is_dictated, patterns, self.formats.clone(), (self.least, self.most))
    }

    fn fits(&self, shortest: u64, longest: u64) -> bool {
        self.least <= shortest && longest <= self.most
    }
}

impl<'s> Compiler<'s> {
    /// A string that obeys every atom of `merged`.
    pub(super) fn string(&mut self, merged: &Merged<'s>, place: Place<'_>) -> Result<Block, Fail> {
        let rules = self.rules(merged)?;
        let source = self.source(merged, place);
        let formatted = rules.formats.iter().find_map(|format| by_format(*format));
        let narrower =
            source.filter(|source| formatted.is_some_and(|format| names::narrows(*source, format)));
        let dictated = formatted.or(source.filter(|_| rules.formats.is_empty()));
        let is_dictated = formatted.is_some();
        let in_era = dictated.zip(names::era(place.name, place.parent));
        let in_era = in_era.map(|(source, era)| fakers::in_era(source, era)).filter(|_| place.different == 0);
        let added = self.added_source(merged, place);
        if let Some(source) = added.or(narrower)
            && let Some((source, block)) = self.sourced(source, &rules, false, place)
        {
            let why = || if added.is_some() { Why::Added } else { named(merged, place) };
            return Ok(self.told(various(block, &rules, place.different), |_| told::of_source(source, why())));
        }
        if let Some(block) = self.species(&rules, place) {
            return Ok(self.told(block, |_| told::of_species(place.name)));
        }
        // Where the rules leave nothing of the half that the name asks for, any time will do.
        let sourced = in_era
            .into_iter()
            .chain(dictated)
            .find_map(|source| self.sourced(source, &rules, is_dictated, place));
        if let Some((source, block)) = sourced {
            let block = various(block, &rules, place.different);
            return Ok(self.told(block, |_| told::of_source(source, self.why(merged, &rules, place))));
        }
        if !rules.patterns.is_empty() {
            let block = self.patterned(merged, &rules)?;
            return Ok(self.told(block, |_| of_patterns(&rules)));
        }
        match formatted {
            Some(_) => Err(Fail::contradiction(
                merged.schema(),
                format!("no {} fits the length that is asked for", rules.formats[0].name()),
            )),
            None => Ok(various(self.plain(&rules), &rules, place.different)),
        }
    }

    /// What an object calls what it is, in words of its schema's name.
    fn species(&self, rules: &Rules<'_>, place: Place<'_>) -> Option<Block> {
        let family = place.family.filter(|_| place.different == 0)?;
        let species = family.species(place.name).filter(|species| rules.accepts(species))?;
        Some(Block::literal(quoted(&species)))
    }

    /// A string of which only the name is known.
    pub(super) fn free_string(&mut self, place: Place<'_>) -> Block {
        let rules = Rules { least: 0, most: u64::MAX, patterns: Vec::new(), formats: Vec::new() };
        let source = self.by_name(place);
        let sourced = source.and_then(|source| self.sourced(source, &rules, false, place));
        let told =
            sourced.as_ref().map(|(source, _)| told::of_source(*source, Why::Name(place.name.to_owned())));
        let block = sourced.map_or_else(|| self.plain(&rules), |(_, block)| block);
        let block = various(block, &rules, place.different);
        self.told(block, |_| told.unwrap_or_else(|| Told::of(Origin::Words)))
    }

    /// What led to a source.
    fn why(&self, merged: &Merged<'s>, rules: &Rules<'_>, place: Place<'_>) -> Why {
        let by_format = rules.formats.iter().find(|format| by_format(**format).is_some());
        by_format.map_or_else(|| named(merged, place), |format| Why::Format(format.name()))
    }

    fn rules(&self, merged: &Merged<'s>) -> Result<Rules<'s>, Fail> {
        let strings = || merged.atoms.iter().filter_map(|(_, schema)| schema.string.as_deref());
        let least = strings().map(|rules| rules.min_length).max().unwrap_or(0);
        let most = strings().filter_map(|rules| rules.max_length).min().unwrap_or(u64::MAX);
        if least > most {
            let reason = format!("minLength {least} is above maxLength {most}");
            return Err(Fail::contradiction(merged.schema(), reason));
        }
        if least > limits::CHARACTERS {
            return Err(Fail::limit(merged.schema(), format!("minLength {least} is more than is made")));
        }
        let mut patterns: Vec<&Arc<Pattern>> = strings().filter_map(|rules| rules.pattern.as_ref()).collect();
        patterns.dedup_by(|one, other| one.source == other.source);
        let encoded = strings().filter_map(|rules| match rules.content_encoding.as_deref()? {
            "base64" => Some(Format::Byte),
            "base64url" => Some(Format::Base64Url),
            _ => None,
        });
        let mut formats: Vec<Format> = merged.atoms.iter().filter_map(|(_, schema)| schema.format).collect();
        formats.extend(encoded);
        formats.retain(|format| *format != Format::Other);
        formats.dedup();
        Ok(Rules { least, most, patterns, formats })
    }

    /// What `x-faker` or the name asks for.
    fn source(&self, merged: &Merged<'s>, place: Place<'_>) -> Option<Source> {
        let asked = merged.atoms.iter().find_map(|(_, schema)| schema.notes.as_ref()?.faker.as_deref());
        let mut codes = merged.atoms.iter().filter_map(|(_, schema)| schema.notes.as_ref()?.code);
        asked.and_then(names::faker).or_else(|| {
            let source = self.by_name(place)?;
            Some(codes.next().map_or(source, |code| fakers::coded(source, code)))
        })
    }

    fn by_name(&self, place: Place<'_>) -> Option<Source> {
        let source = names::string(place.name, place.parent)?;
        Some(place.family.map_or(source, |family| family.source(place.name, source)))
    }

    /// The source's strings as far as the rules allow them, or those of another column of its row; `None` where too few
    /// remain.
    fn sourced(
        &mut self,
        source: Source,
        rules: &Rules<'_>,
        is_dictated: bool,
        place: Place<'_>,
    ) -> Option<(Source, Block)> {
        let block = match source {
            Source::Faker(faker) => match self.of_row(faker, rules, place) {
                Some((column, block)) => return Some((Source::Faker(column), block)),
                None => self.of_pool(faker, rules, is_dictated)?,
            },
            Source::Uuid if rules.is_free() && rules.fits(36, 36) => Block::of(Op::Uuid),
            Source::Uuid if is_dictated => self.drawn(&Block::of(Op::Uuid), rules)?,
            Source::Uuid => return self.sourced(Source::Characters(fakers::HEX, 24), rules, false, place),
            Source::Characters(alphabet, length) => characters(alphabet, length, rules)?,
        };
        Some((source, block))
    }

    /// What the rules leave of a faker's pool.
    fn of_pool(&mut self, faker: usize, rules: &Rules<'_>, is_dictated: bool) -> Option<Block> {
        let filled = fakers::filled(self.options.locale, faker);
        if rules.is_free_for(Source::Faker(faker)) && rules.fits(filled.shortest, filled.longest) {
            return Some(Block::pool(filled.pool.clone()));
        }
        let name = rules.sifted(faker, is_dictated);
        if let Some(known) = self.sifted.get(&name) {
            return known.clone().map(Block::pool);
        }
        let kept = filled.pool.iter().filter(|text| rules.accepts_quoted(text));
        let kept: Vec<&[u8]> = kept.collect();
        let needed = if is_dictated { 1 } else { EVIDENCE.min(filled.pool.len()) };
        let pool = (kept.len() >= needed).then(|| Arc::new(Pool::new(kept)));
        self.sifted.insert(name, pool.clone());
        pool.map(Block::pool)
    }

    /// The column of a row that the members of the object have in common, or another of the row that the rules leave more
    /// of.
    fn of_row(&self, faker: usize, rules: &Rules<'_>, place: Place<'_>) -> Option<(usize, Block)> {
        let (family, group) = (place.family?, fakers::group(faker)?);
        let salt = family.salt(place.name, group);
        let mut best: Option<(usize, &Arc<Pool>, Vec<u16>)> = None;
        for column in fakers::columns(faker) {
            let filled = fakers::filled(self.options.locale, column);
            let pool = &filled.pool;
            if pool.len() < place.different {
                continue;
            }
            if rules.is_free_for(Source::Faker(column)) && rules.fits(filled.shortest, filled.longest) {
                return Some((column, Block::of(Op::Row { pool: Arc::clone(pool), rows: None, salt })));
            }
            let kept = pool.iter().zip(0..).filter(|(text, _)| rules.accepts_quoted(text));
            let kept: Vec<u16> = kept.map(|(_, row)| row).collect();
            if best.as_ref().is_none_or(|(.., rows)| rows.len() < kept.len()) {
                best = Some((column, pool, kept));
            }
            if best.as_ref().is_some_and(|(.., rows)| rows.len() * 2 > pool.len()) {
                break;
            }
        }
        let (column, pool, rows) =
            best.filter(|(.., rows)| rows.len() >= ROWS && rows.len() > place.different)?;
        let rows = (rows.len() < pool.len()).then(|| rows.into());
        Some((column, Block::of(Op::Row { pool: Arc::clone(pool), rows, salt })))
    }

    /// What the rules leave of a block's strings.
    fn drawn(&mut self, block: &Block, rules: &Rules<'_>) -> Option<Block> {
        let mut kept: Vec<Vec<u8>> = Vec::new();
        for _ in 0..limits::SAMPLES {
            let text = block.sample(&mut self.random);
            if rules.accepts_quoted(&text) {
                kept.push(text);
            }
        }
        kept.truncate(TEXTS);
        (!kept.is_empty()).then(|| Block::pool(Arc::new(Pool::new(kept))))
    }

    fn patterned(&mut self, merged: &Merged<'s>, rules: &Rules<'s>) -> Result<Block, Fail> {
        let key = match rules.patterns.as_slice() {
            [only] if rules.formats.is_empty() => Some((Arc::as_ptr(only) as usize, rules.least, rules.most)),
            _ => None,
        };
        let known = key.and_then(|key| self.pools.get(&key).cloned());
        let pool = known.unwrap_or_else(|| {
            let texts = self.matching_all(rules);
            (!texts.is_empty()).then(|| Arc::new(Pool::new(texts.iter().map(|text| quoted(text)))))
        });
        if let Some(key) = key {
            self.pools.insert(key, pool.clone());
        }
        // what no engine understands is not checked either: any text will do
        if pool.is_none() && rules.patterns.iter().all(|pattern| pattern.problem().is_some()) {
            let plain = Rules { patterns: Vec::new(), formats: Vec::new(), ..*rules };
            return Ok(self.plain(&plain));
        }
        pool.map(Block::pool).ok_or_else(|| {
            let sources: Vec<String> =
                rules.patterns.iter().map(|pattern| format!("`{}`", pattern.source)).collect();
            let reason = match (rules.least, rules.most) {
                (0, u64::MAX) => {
                    format!("no string was found that matches pattern {}", sources.join(" and "))
                }
                (least, u64::MAX) => {
                    format!(
                        "no string of at least {least} characters was found that matches pattern {}",
                        sources.join(" and ")
                    )
                }
                (least, most) => {
                    format!(
                        "no string of {least} to {most} characters was found that matches pattern {}",
                        sources.join(" and ")
                    )
                }
            };
            Fail::contradiction(merged.schema(), reason)
        })
    }

    /// Strings made from one of the patterns, or from all one behind the other, that suit all.
    fn matching_all(&mut self, rules: &Rules<'_>) -> Vec<String> {
        let window = (rules.least, rules.most);
        for pattern in &rules.patterns {
            let texts =
                patterns::strings(pattern, window, TEXTS, &mut self.random, &|text| rules.accepts(text));
            if !texts.is_empty() {
                return texts;
            }
        }
        let parts: Vec<Vec<String>> = rules
            .patterns
            .iter()
            .map(|pattern| {
                patterns::strings(pattern, (0, rules.most), TEXTS, &mut self.random, &|text| {
                    pattern.is_match(text)
                })
            })
            .collect();
        let joined = (0..TEXTS).filter_map(|index| {
            let chosen = parts.iter().map(|texts| texts.get(index % texts.len().max(1)).cloned());
            chosen.collect::<Option<Vec<String>>>().map(|texts| texts.concat())
        });
        joined.filter(|text| rules.accepts(text)).collect()
    }

    /// Strings that match `pattern`, for the names of properties.
    pub(super) fn matching(&mut self, pattern: &Pattern, least: u64, most: u64) -> Vec<String> {
        patterns::strings(pattern, (least, most), TEXTS, &mut self.random, &|text| pattern.is_match(text))
    }

    /// Words, as many as the length asks for.
    fn plain(&mut self, rules: &Rules<'_>) -> Block {
        if let Some(Source::Faker(faker)) = fakers::source("phrase") {
            let filled = fakers::filled(self.options.locale, faker);
            if rules.fits(filled.shortest, filled.longest) {
                return Block::pool(filled.pool.clone());
            }
        }
        let count = if rules.least > 1024 { 1 } else { TEXTS };
        let mut texts: Vec<String> = (0..count).map(|_| self.words(rules.least, rules.most)).collect();
        texts.sort_unstable();
        texts.dedup();
        Block::pool(Arc::new(Pool::new(texts.iter().map(|text| quoted(text)))))
    }

    fn words(&mut self, least: u64, most: u64) -> String {
        let target = (least.max(8) + self.random.below(8)).min(most) as usize;
        let mut text = String::with_capacity(target + 16);
        while text.len() < target {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(fakers::word(self.random.below(1 << 16) as usize));
        }
        // words are ASCII, so bytes are characters
        text.truncate(target);
        if text.ends_with(' ') {
            text.pop();
            text.push('a');
        }
        text
    }
}

/// What led to a source that no format asks for.
fn named(merged: &Merged<'_>, place: Place<'_>) -> Why {
    let mut notes = merged.atoms.iter().filter_map(|(_, schema)| schema.notes.as_ref()?.faker.as_deref());
    match notes.next().and_then(names::faker) {
        Some(_) => Why::Asked,
        None => Why::Name(place.name.to_owned()),
    }
}

/// Strings of which `different` can differ: where `block` has too few, each of its own gets a tail of digits.
fn various(block: Block, rules: &Rules<'_>, different: usize) -> Block {
    let texts: Vec<&[u8]> = match block.ops.as_slice() {
        [Op::Pool(pool)] => pool.iter().collect(),
        [Op::Literal(text)] => vec![text],
        _ => return block,
    };
    let is_dictated = !rules.patterns.is_empty() || !rules.formats.is_empty();
    if texts.len() >= different || is_dictated {
        return block;
    }
    let needed = different.saturating_mul(SPARE);
    let room = |length: u32| rules.most.checked_sub(u64::from(length));
    let digits = needed.ilog10() + 1;
    let (alphabet, length) = match room(digits) {
        Some(_) => (fakers::DIGITS, digits),
        None => (fakers::LETTERS, rules.most as u32),
    };
    let heads = texts.into_iter().filter_map(|text| {
        let text: String = serde_json::from_slice(text).ok()?;
        let kept = text.chars().take(room(length + 1).unwrap_or(0) as usize).collect::<String>();
        let head = if kept.is_empty() { kept } else { kept + "-" };
        Some(quoted(&head)).map(|mut head| {
            head.pop();
            head
        })
    });
    let mut heads: Vec<Vec<u8>> = heads.collect();
    heads.dedup();
    let mut block = Block::pool(Arc::new(Pool::new(heads)));
    block.push(Block::of(Op::Characters { alphabet, length }));
    block.push_bytes(b"\"");
    block
}

/// So many characters, or as many as the rules want.
fn characters(alphabet: &'static [u8], length: u32, rules: &Rules<'_>) -> Option<Block> {
    if !rules.is_free() {
        return None;
    }
    let length = u64::from(length).clamp(rules.least, rules.most);
    let mut block = Block::literal("\"");
    block.ops.push(Op::Characters { alphabet, length: u32::try_from(length).ok()? });
    block.push_bytes(b"\"");
    Some(block)
}

fn of_patterns(rules: &Rules<'_>) -> Told {
    let sources: Vec<String> = rules.patterns.iter().map(|pattern| format!("`{}`", pattern.source)).collect();
    Told::of(Origin::Pattern(sources.join(" and ")))
}
