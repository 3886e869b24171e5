//! Strings that match a pattern: a walk over its syntax tree, then judgement by the pattern
//! itself, because look-around, anchors and lengths are beyond the walk.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind, Repetition};

use super::random::Random;
use crate::limits::PATTERN_NESTING;
use crate::pattern::Pattern;

/// Walks for one set of strings.
const TRIES: usize = 160;
/// Characters beyond which a walk is given up, when no length is asked for.
const LONGEST: usize = 4096;
/// Repetitions beyond the least, where nothing bounds them.
const MORE: u64 = 8;

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
    let Some(tree) = parse(pattern) else { return Vec::new() };
    let shortest = tree.properties().minimum_len().unwrap_or(0) as u64;
    let mut found: Vec<String> = Vec::new();
    for attempt in 0..TRIES {
        let manner = Manner { greedy: attempt % 4 == 3, varied: attempt >= 24 && attempt % 2 == 1 };
        let target = target(window, shortest, attempt, random);
        let longest = LONGEST.max(window.0.saturating_mul(2) as usize);
        let room = target.saturating_sub(shortest);
        let mut walk = Walk { random, manner, room, longest, text: String::new() };
        if walk.emit(&tree) {
            let text = padded(walk.text, window.0);
            if !found.contains(&text) && accept(&text) {
                found.push(text);
            }
        }
        if found.len() == count || attempt > TRIES / 2 && !found.is_empty() {
            break;
        }
    }
    found
}

/// The length to aim at: mostly short, now and then each end of the window.
fn target((least, most): (u64, u64), shortest: u64, attempt: usize, random: &mut Random) -> u64 {
    let low = least.max(shortest);
    let high = most.min(low.saturating_add(MORE * 2)).max(low);
    match attempt % 8 {
        7 => most.min(low.saturating_add(256)),
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

/// The syntax tree, with look-around cut out where the parser has none.
fn parse(pattern: &Pattern) -> Option<Hir> {
    let translated = pattern.translated().unwrap_or_else(|| pattern.source.to_string());
    let parse = |text: &str| ParserBuilder::new().nest_limit(PATTERN_NESTING).build().parse(text).ok();
    parse(&translated).or_else(|| parse(&without_look_around(&translated)))
}

/// The expression without its `(?=..)`, `(?!..)`, `(?<=..)`, `(?<!..)` groups and without
/// the possessive and atomic forms that the parser does not know.
fn without_look_around(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let look = ["(?=", "(?!", "(?<=", "(?<!"].iter().find(|look| rest.starts_with(**look));
        let end = match (look, first) {
            (Some(_), _) => {
                rest = &rest[group_length(rest)..];
                continue;
            }
            (None, '[') => class_length(rest),
            (None, '\\') => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            (None, _) => first.len_utf8(),
        };
        let (taken, left) = rest.split_at(end);
        let is_back_reference = taken.starts_with('\\') && taken[1..].starts_with(|c: char| ('1'..='9').contains(&c));
        out.push_str(if is_back_reference { "" } else { taken });
        rest = left;
    }
    out
}

/// Bytes of the group at the start of `text`, its parentheses included.
fn group_length(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(next) = text[at..].chars().next() {
        match next {
            '(' => depth += 1,
            ')' if depth == 1 => return at + 1,
            ')' => depth = depth.saturating_sub(1),
            '[' => {
                at += class_length(&text[at..]);
                continue;
            }
            '\\' => at += 1,
            _ => {}
        }
        at += text[at..].chars().next().map_or(1, char::len_utf8);
    }
    text.len()
}

/// Bytes of the bracketed class at the start of `text`; nested classes are counted.
fn class_length(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(next) = text[at..].chars().next() {
        match next {
            '[' => depth += 1,
            ']' if depth == 1 => return at + 1,
            ']' => depth -= 1,
            '\\' => at += 1,
            _ => {}
        }
        at += text[at..].chars().next().map_or(1, char::len_utf8);
    }
    text.len()
}

impl Walk<'_> {
    /// Appends a match of `tree`; false where there is none or it grows too long.
    fn emit(&mut self, tree: &Hir) -> bool {
        if self.text.len() > self.longest {
            return false;
        }
        match tree.kind() {
            HirKind::Empty | HirKind::Look(_) => true,
            HirKind::Literal(literal) => {
                self.text.push_str(&String::from_utf8_lossy(&literal.0));
                true
            }
            HirKind::Class(class) => self.emit_class(class),
            HirKind::Repetition(repetition) => self.emit_repetition(repetition),
            HirKind::Capture(capture) => self.emit(&capture.sub),
            HirKind::Concat(parts) => parts.iter().all(|part| self.emit(part)),
            HirKind::Alternation(branches) => {
                let branch = self.random.index(branches.len());
                self.emit(&branches[branch])
            }
        }
    }

    fn emit_repetition(&mut self, repetition: &Repetition) -> bool {
        let least = u64::from(repetition.min);
        let unit = repetition.sub.properties().minimum_len().unwrap_or(0).max(1) as u64;
        let open = repetition.max.map_or(u64::MAX, |max| u64::from(max) - least);
        let most = open.min(self.room / unit);
        let more = match self.manner.greedy {
            true => most,
            false => self.random.below(most.min(MORE.max(self.room / unit)) + 1),
        };
        self.room -= more * unit;
        (0..least + more).all(|_| self.emit(&repetition.sub))
    }

    fn emit_class(&mut self, class: &Class) -> bool {
        let ranges: Vec<(u32, u32)> = match class {
            Class::Unicode(class) => class.ranges().iter().map(|r| (r.start().into(), r.end().into())).collect(),
            Class::Bytes(class) => class.ranges().iter().map(|r| (r.start().into(), r.end().into())).collect(),
        };
        let Some((first, _)) = ranges.first() else { return false };
        let within = |character: u8| ranges.iter().any(|(a, b)| (*a..=*b).contains(&u32::from(character)));
        let kept = |test: fn(&u8) -> bool| (b' '..=b'~').filter(test).filter(|c| within(*c)).collect::<Vec<u8>>();
        let lower = kept(u8::is_ascii_lowercase);
        let is_wide = lower.len() == 26 && within(b'!') && within(b'~');
        let candidates = match (self.manner.varied, is_wide) {
            (false, true) => lower,
            (false, false) => kept(u8::is_ascii_alphanumeric),
            (true, _) => kept(|_| true),
        };
        let candidates = if candidates.is_empty() { kept(|_| true) } else { candidates };
        let chosen = match candidates.as_slice() {
            [] => char::from_u32(*first),
            _ => Some(char::from(candidates[self.random.index(candidates.len())])),
        };
        chosen.is_some_and(|character| {
            self.text.push(character);
            true
        })
    }
}
