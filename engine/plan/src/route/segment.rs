//! One segment of a path template: literal text with variables in it.

use super::Captures;
use mocker_http::percent::unit;

use super::encoded::is_reserved;

/// `{a}-{b}.json` as its literals: `["", "-", ".json"]`. Variables stand between the literals.
///
/// Every variable takes at least one character. Variables are lazy, left to right: each ends where the literal
/// after it first occurs, except the last one, which ends where the last literal ends the text. That finds a
/// match whenever there is one (a later place leaves less room to what follows), in time linear in the text
/// for each literal. Of two variables with nothing between them the first takes one character.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Pattern {
    /// Decoded; at least one
    literals: Box<[Box<[u8]>]>,
}

/// How an encoded delimiter in a request compares with the template's plain one.
#[derive(Clone, Copy, PartialEq)]
enum Delimiters {
    /// `%2C` is data, and no `,`
    Distinct,
    /// `%2C` is a `,`, sent by a client that encodes too much
    Same,
}

impl Pattern {
    /// `literals` as they mean, at least one.
    pub(super) fn new(literals: Vec<Box<[u8]>>) -> Pattern {
        debug_assert!(!literals.is_empty());
        Pattern { literals: literals.into() }
    }

    /// The text, if no variable is in it.
    pub(super) fn as_literal(&self) -> Option<&[u8]> {
        match &*self.literals {
            [literal] => Some(literal),
            _ => None,
        }
    }

    /// Whether it is one variable and nothing else.
    pub(super) fn is_variable(&self) -> bool {
        matches!(&*self.literals, [before, after] if before.is_empty() && after.is_empty())
    }

    /// Bytes of its literals.
    pub(super) fn literal_bytes(&self) -> usize {
        self.literals.iter().map(|literal| literal.len()).sum()
    }

    /// Number of its variables.
    pub(super) fn variables(&self) -> usize {
        self.literals.len() - 1
    }

    /// Whether `path[start..end]` matches; the variables are added to `captures`, which is unchanged where it
    /// does not.
    pub(super) fn matches(&self, path: &[u8], start: usize, end: usize, captures: &mut Captures) -> bool {
        let text = &path[..end];
        let before = captures.len();
        let mut attempt = |delimiters| {
            let matched = self.take(text, start, delimiters, captures).is_some();
            if !matched {
                captures.truncate(before);
            }
            matched
        };
        attempt(Delimiters::Distinct) || (text[start..].contains(&b'%') && attempt(Delimiters::Same))
    }

    fn take(&self, text: &[u8], start: usize, delimiters: Delimiters, captures: &mut Captures) -> Option<()> {
        let (first, rest) = self.literals.split_first()?;
        let mut at = literal_end(text, start, first, delimiters)?;
        for (index, literal) in rest.iter().enumerate() {
            let last = index + 1 == rest.len();
            let (stop, next) = match (last, literal.is_empty()) {
                (true, true) => (at < text.len()).then_some((text.len(), text.len()))?,
                (true, false) => find(text, at, literal, delimiters, Some(text.len()))?,
                (false, true) => character_end(text, at).map(|stop| (stop, stop))?,
                (false, false) => find(text, at, literal, delimiters, None)?,
            };
            captures.push(at, stop);
            at = next;
        }
        (at == text.len()).then_some(())
    }
}

/// Where `literal`, standing at `at`, ends.
fn literal_end(text: &[u8], mut at: usize, literal: &[u8], delimiters: Delimiters) -> Option<usize> {
    for &byte in literal {
        if at >= text.len() {
            return None;
        }
        let unit = unit(text, at);
        let data = unit.width > 1 && delimiters == Delimiters::Distinct && is_reserved(unit.byte);
        if unit.byte != byte || data {
            return None;
        }
        at += unit.width;
    }
    Some(at)
}

/// First place of `literal` behind a variable that begins at `at`: its start and its end, which is `end` if given.
fn find(
    text: &[u8],
    at: usize,
    literal: &[u8],
    delimiters: Delimiters,
    end: Option<usize>,
) -> Option<(usize, usize)> {
    let mut start = at;
    while start < text.len() {
        start += unit(text, start).width;
        match literal_end(text, start, literal, delimiters) {
            Some(stop) if end.is_none_or(|end| end == stop) => return Some((start, stop)),
            _ => {}
        }
    }
    None
}

/// End of the character at `at`: one byte and the continuation bytes of UTF-8 behind it.
fn character_end(text: &[u8], at: usize) -> Option<usize> {
    let mut end = at + (at < text.len()).then(|| unit(text, at).width)?;
    while end < text.len() && unit(text, end).byte & 0xC0 == 0x80 {
        end += unit(text, end).width;
    }
    Some(end)
}
