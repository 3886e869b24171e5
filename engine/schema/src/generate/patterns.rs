//! Strings that match a pattern: a walk over its syntax tree, then judgement by the pattern
//! itself, because look-around, anchors and lengths are beyond the walk.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind};

use super::dialect::{self, Ahead};
use super::random::Random;
use crate::limits::PATTERN_NESTING;
use crate::pattern::Pattern;

/// Walks for one set of strings.
const TRIES: usize = 160;
/// Characters beyond which a walk is given up, when no length is asked for.
const LONGEST: usize = 4096;
/// Repetitions beyond the least, where nothing bounds them.
const MORE: u64 = 8;

/// A syntax tree with its character classes ready to draw from.
enum Piece {
    Text(String),
    Class(Letters),
    Repeat { least: u64, most: u64, unit: u64, piece: Box<Piece> },
    Sequence(Vec<Piece>),
    Either(Vec<Piece>),
}

/// The characters of a class that are worth writing.
struct Letters {
    /// Letters and digits where there are such
    plain: Vec<u8>,
    /// All that can be printed
    all: Vec<u8>,
    /// The first of all, for classes beyond ASCII
    first: Option<char>,
}

/// How a walk treats what the pattern leaves open.
#[derive(Clone, Copy)]
struct Manner {
    /// Take as many repetitions as there is room for
    greedy: bool,
    /// Take all printable characters, not only letters and digits
    varied: bool,
}

struct Walk<'r> {
    random: &'r mut Random,
    manner: Manner,
    /// Characters that may still be added to the shortest match
    room: u64,
    longest: usize,
    text: String,
}

/// Up to `count` different strings between the lengths of `window` that `accept` takes.
pub(super) fn strings(
    pattern: &Pattern,
    window: (u64, u64),
    count: usize,
    random: &mut Random,
    accept: &dyn Fn(&str) -> bool,
) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (piece, shortest) in trees(pattern) {
        collect(&piece, shortest, window, count, random, accept, &mut found);
        if !found.is_empty() {
            break;
        }
    }
    found
}

/// The same where many are wanted: each is sought anew.
pub(super) fn many(
    pattern: &Pattern,
    window: (u64, u64),
    count: usize,
    random: &mut Random,
    accept: &dyn Fn(&str) -> bool,
) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (piece, shortest) in trees(pattern) {
        for _ in 0..count.saturating_mul(2) {
            let wanted = found.len() + 1;
            collect(&piece, shortest, window, wanted.min(count), random, accept, &mut found);
            if found.len() >= count {
                return found;
            }
        }
        if !found.is_empty() {
            break;
        }
    }
    found
}

fn collect(
    piece: &Piece,
    shortest: u64,
    window: (u64, u64),
    count: usize,
    random: &mut Random,
    accept: &dyn Fn(&str) -> bool,
    found: &mut Vec<String>,
) {
    for attempt in 0..TRIES {
        let manner = Manner { greedy: attempt % 4 == 3, varied: attempt >= 24 && attempt % 2 == 1 };
        let target = target(window, shortest, attempt, random);
        let longest = LONGEST.max(window.0.saturating_mul(2) as usize);
        let room = target.saturating_sub(shortest);
        let mut walk = Walk { random, manner, room, longest, text: String::new() };
        if walk.emit(piece) {
            let text = match attempt >= 8 && attempt % 2 == 0 {
                true => followed(walk.text, walk.random),
                false => padded(walk.text, window.0),
            };
            if !found.contains(&text) && accept(&text) {
                found.push(text);
            }
        }
        if found.len() == count || attempt > TRIES / 4 && !found.is_empty() {
            return;
        }
    }
}

/// The length to aim at: mostly short; long ones when short ones did not do.
fn target((least, most): (u64, u64), shortest: u64, attempt: usize, random: &mut Random) -> u64 {
    let low = least.max(shortest);
    let high = most.min(low.saturating_add(MORE * 2)).max(low);
    match attempt % 8 {
        7 if attempt > TRIES / 4 => most.min(low.saturating_add(256)),
        3 => low,
        _ => low + random.below(high - low + 1),
    }
}

/// An unanchored pattern may stand in a longer text.
fn padded(mut text: String, least: u64) -> String {
    let missing = least.saturating_sub(text.chars().count() as u64);
    if missing > 0 {
        let last = text.chars().last().filter(char::is_ascii_alphanumeric).unwrap_or('a');
        text.extend(std::iter::repeat_n(last, missing as usize));
    }
    text
}

/// The same for variety: a pattern without an end anchor leaves the rest open.
fn followed(mut text: String, random: &mut Random) -> String {
    let count = 2 + random.below(6);
    text.extend((0..count).map(|_| char::from(b'a' + random.below(26) as u8)));
    text
}

/// The readings of a pattern, best first, each with the length of its shortest match.
fn trees(pattern: &Pattern) -> Vec<(Piece, u64)> {
    let translated = pattern.translated().unwrap_or_else(|| pattern.source.to_string());
    let parse = |text: &str| {
        let tree = ParserBuilder::new().nest_limit(PATTERN_NESTING).build().parse(text).ok()?;
        Some((Piece::of(&tree), tree.properties().minimum_len().unwrap_or(0) as u64))
    };
    if let Some(tree) = parse(&translated) {
        return vec![tree];
    }
    let readings = [Ahead::Cut, Ahead::Consume].map(|ahead| dialect::simplified(&translated, ahead));
    readings.iter().filter_map(|text| parse(text)).collect()
}

impl Piece {
    fn of(tree: &Hir) -> Piece {
        match tree.kind() {
            HirKind::Empty | HirKind::Look(_) => Piece::Text(String::new()),
            HirKind::Literal(literal) => Piece::Text(String::from_utf8_lossy(&literal.0).into_owned()),
            HirKind::Class(class) => Piece::Class(Letters::of(class)),
            HirKind::Repetition(repetition) => Piece::Repeat {
                least: repetition.min.into(),
                most: repetition.max.map_or(u64::MAX, u64::from),
                unit: repetition.sub.properties().minimum_len().unwrap_or(0).max(1) as u64,
                piece: Box::new(Piece::of(&repetition.sub)),
            },
            HirKind::Capture(capture) => Piece::of(&capture.sub),
            HirKind::Concat(parts) => Piece::Sequence(parts.iter().map(Piece::of).collect()),
            HirKind::Alternation(branches) => Piece::Either(branches.iter().map(Piece::of).collect()),
        }
    }
}

impl Letters {
    fn of(class: &Class) -> Letters {
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        match class {
            Class::Unicode(class) => {
                ranges.extend(class.ranges().iter().map(|r| (r.start().into(), r.end().into())))
            }
            Class::Bytes(class) => {
                ranges.extend(class.ranges().iter().map(|r| (r.start().into(), r.end().into())))
            }
        }
        let within = |character: &u8| ranges.iter().any(|(a, b)| (*a..=*b).contains(&u32::from(*character)));
        let all: Vec<u8> = (b' '..=b'~').filter(within).collect();
        // nearly everything is allowed: small letters are the most readable
        let is_wide = all.len() > 64;
        let is_plain = |character: &u8| match is_wide {
            true => character.is_ascii_lowercase(),
            false => character.is_ascii_alphanumeric(),
        };
        let plain: Vec<u8> = all.iter().copied().filter(is_plain).collect();
        let first = ranges.first().and_then(|(first, _)| char::from_u32(*first));
        Letters { plain: if plain.is_empty() { all.clone() } else { plain }, all, first }
    }
}

impl Walk<'_> {
    /// Appends a match of `piece`; false where there is none or it grows too long.
    fn emit(&mut self, piece: &Piece) -> bool {
        if self.text.len() > self.longest {
            return false;
        }
        match piece {
            Piece::Text(text) => {
                self.text.push_str(text);
                true
            }
            Piece::Class(letters) => self.emit_letter(letters),
            Piece::Repeat { least, most, unit, piece } => {
                let most = (most - least).min(self.room / unit);
                let more = match self.manner.greedy {
                    true => most,
                    false => self.random.below(most + 1),
                };
                self.room -= more * unit;
                (0..least + more).all(|_| self.emit(piece))
            }
            Piece::Sequence(pieces) => pieces.iter().all(|piece| self.emit(piece)),
            Piece::Either(pieces) => {
                let branch = self.random.index(pieces.len());
                self.emit(&pieces[branch])
            }
        }
    }

    fn emit_letter(&mut self, letters: &Letters) -> bool {
        let among = if self.manner.varied { &letters.all } else { &letters.plain };
        let letter = match among.as_slice() {
            [] => letters.first,
            _ => Some(char::from(among[self.random.index(among.len())])),
        };
        self.text.extend(letter);
        letter.is_some()
    }
}
