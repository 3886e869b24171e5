//! What the compiler is given: the user's text with the changes that it needs, and the way back from a place in it to
//! the place where the user wrote it.

use std::ops::Range;

use super::lex::{Piece, PieceKind, pieces};
use super::{guard, limits};

/// A text as the user wrote it, and where it stands in its file.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    pub(super) text: Box<str>,
    /// Of the first character, from 1
    pub(super) line: usize,
    /// Of the first character, from 1, in characters; further lines are taken to start in the same column
    pub(super) column: usize,
}

/// A range of the assembled text that is the user's.
#[derive(Clone, Debug)]
struct Span {
    start: usize,
    origin: usize,
    from: Range<usize>,
}

/// What is used in the tags, by origin.
#[derive(Debug, Default)]
pub(super) struct Used {
    pub(super) filters: Vec<Place>,
    pub(super) tests: Vec<Place>,
    pub(super) variables: Vec<Place>,
    /// Statements that templates have not
    pub(super) statements: Vec<Place>,
    /// Tags whose parentheses are nested too deeply
    pub(super) too_deep: Vec<Place>,
}

/// A range of one origin.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) origin: usize,
    pub(super) range: Range<usize>,
}

/// The assembled text.
#[derive(Debug, Default)]
pub(super) struct Assembled {
    pub(super) source: String,
    pub(super) origins: Vec<Origin>,
    spans: Vec<Span>,
}

/// How the text between tags is written.
pub(super) type Write = fn(&str) -> String;

impl Assembled {
    /// A text as it stands, its tags guarded.
    pub(super) fn of_text(origin: Origin, used: &mut Used) -> Assembled {
        let mut assembled = Assembled::default();
        assembled.mixed(origin, None, used);
        assembled
    }

    /// Adds text of the assembler's own.
    pub(super) fn push(&mut self, text: &str) {
        self.source.push_str(text);
    }

    /// Adds a text with its tags guarded; text between them through `write`, where white space that a tag takes away
    /// is gone already.
    pub(super) fn mixed(&mut self, origin: Origin, write: Option<Write>, used: &mut Used) {
        let text = origin.text.clone();
        let origin = self.origin(origin);
        let pieces = pieces(&text);
        let mut elifs = pieces.iter().filter(|piece| is_statement(&text, piece, "elif"));
        if let Some(piece) = elifs.nth(limits::ELIFS) {
            used.too_deep.push(Place { origin, range: piece.range.clone() });
            return;
        }
        let keeps = pieces.iter().any(|piece| keeps_text(&text, piece));
        for (index, piece) in pieces.iter().enumerate() {
            let before = index.checked_sub(1).map(|before| &pieces[before]);
            if keeps {
                self.count(&text, before, piece, pieces.get(index + 1));
            }
            match (piece.kind, write) {
                (PieceKind::Text, Some(write)) => {
                    let mut content = &text[piece.range.clone()];
                    if pieces.get(index + 1).is_some_and(|next| next.trims_before) {
                        content = content.trim_end();
                    }
                    if before.is_some_and(|before| before.trims_after) {
                        content = content.trim_start();
                    }
                    self.push(&write(content));
                }
                (PieceKind::Text | PieceKind::Comment, _) => self.copy(origin, &text, piece.range.clone()),
                (PieceKind::Expression | PieceKind::Statement, _) => {
                    self.copy(origin, &text, piece.range.start..piece.inner.start);
                    let set = self.guarded(origin, &text, piece, used);
                    self.copy(origin, &text, piece.inner.end..piece.range.end);
                    let ends = if piece.trims_after { "-%}" } else { "%}" };
                    for variable in set {
                        self.push(&format!("{{%do {}({variable}){ends}", guard::BOUND));
                    }
                }
            }
        }
    }

    /// Has a long text count that may be kept: the interpreter counts only what is printed. The tag takes away the
    /// white space that its neighbour would have.
    fn count(&mut self, text: &str, before: Option<&Piece>, piece: &Piece, next: Option<&Piece>) {
        let is_raw =
            |piece: &Piece| piece.kind == PieceKind::Statement && text[piece.inner.clone()].trim() == "raw";
        let counted = match piece.kind {
            PieceKind::Text if before.is_some_and(is_raw) => return,
            PieceKind::Text => piece,
            // No tag can stand in the text that follows, so it stands before this one.
            PieceKind::Statement if is_raw(piece) => match next {
                Some(next) => next,
                None => return,
            },
            _ => return,
        };
        if counted.range.len() < limits::COUNTED_TEXT {
            return;
        }
        let starts = if is_raw(piece) && piece.trims_before { "{%-" } else { "{%" };
        let ends = if before.is_some_and(|before| before.trims_after) { "-%}" } else { "%}" };
        self.push(&format!("{starts} do {}({}){ends}", guard::WROTE, counted.range.len()));
    }

    /// Adds the one expression that a text is, printed as a value of its own through the filter `filter`.
    pub(super) fn value(&mut self, origin: Origin, piece: &Piece, filter: &str, used: &mut Used) {
        let text = origin.text.clone();
        let origin = self.origin(origin);
        self.push("{{(");
        self.guarded(origin, &text, piece, used);
        self.push(")|");
        self.push(filter);
        self.push("}}");
    }

    /// Where the user wrote what stands at an offset: of the span that it is in, else of the one before.
    pub(super) fn origin_of(&self, offset: usize) -> Option<(usize, usize)> {
        let index = self.spans.partition_point(|span| span.start <= offset).checked_sub(1)?;
        let span = &self.spans[index];
        Some((span.origin, (span.from.start + offset - span.start).min(span.from.end)))
    }

    /// The user's own words for a range.
    pub(super) fn words(&self, range: Range<usize>) -> Option<&str> {
        let (origin, start) = self.origin_of(range.start)?;
        let (end_origin, end) = self.origin_of(range.end.checked_sub(1)?)?;
        let text = &self.origins[origin].text;
        let start = self.path_start(origin, start);
        (origin == end_origin).then(|| text.get(start..(end + 1).min(text.len())))?
    }

    /// Where the path starts that goes on with `.name` or `[...]` at an offset: the interpreter names the last member
    /// alone.
    pub(super) fn path_start(&self, origin: usize, offset: usize) -> usize {
        let Some((before, rest)) =
            self.origins.get(origin).and_then(|origin| origin.text.split_at_checked(offset))
        else {
            return offset;
        };
        match rest.starts_with(['.', '[']) {
            true => before
                .trim_end_matches(|part: char| part.is_alphanumeric() || matches!(part, '_' | '.'))
                .len(),
            false => offset,
        }
    }

    /// Line and column in the user's file.
    pub(super) fn position(&self, origin: usize, offset: usize) -> (usize, usize) {
        let Some(Origin { text, line, column }) = self.origins.get(origin) else { return (0, 0) };
        let before = text.get(..offset).unwrap_or(text);
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        (line + before.matches('\n').count(), column + before[start..].chars().count())
    }

    fn origin(&mut self, origin: Origin) -> usize {
        self.origins.push(origin);
        self.origins.len() - 1
    }

    fn copy(&mut self, origin: usize, text: &str, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        self.spans.push(Span { start: self.source.len(), origin, from: range.clone() });
        self.source.push_str(&text[range]);
    }

    /// The variables that it sets.
    fn guarded(&mut self, origin: usize, text: &str, piece: &Piece, used: &mut Used) -> Vec<String> {
        let read = guard::read(text, piece.inner.clone());
        let place = |range: Range<usize>| Place { origin, range };
        if read.is_too_deep {
            used.too_deep.push(place(piece.range.clone()));
            return Vec::new();
        }
        if piece.kind == PieceKind::Statement {
            used.statements.extend(read.uses.statement.map(place));
        }
        used.filters.extend(read.uses.filters.into_iter().map(place));
        used.tests.extend(read.uses.tests.into_iter().map(place));
        used.variables.extend(read.uses.variables.into_iter().map(place));
        let mut at = piece.inner.start;
        for edit in read.edits {
            self.copy(origin, text, at..edit.range.start);
            self.push(&edit.text);
            at = edit.range.end;
        }
        self.copy(origin, text, at..piece.inner.end);
        read.set
    }
}

/// Whether it starts a part whose text is not printed but kept: a macro, `set` without a value, a filter, a call, a
/// loop that calls itself.
fn keeps_text(text: &str, piece: &Piece) -> bool {
    let inner = &text[piece.inner.clone()];
    ["macro", "call", "filter"].into_iter().any(|word| is_statement(text, piece, word))
        || is_statement(text, piece, "set") && !inner.contains('=')
        || is_statement(text, piece, "for") && inner.contains("recursive")
}

fn is_statement(text: &str, piece: &Piece, word: &str) -> bool {
    let rest = text[piece.inner.clone()].trim_start().strip_prefix(word);
    piece.kind == PieceKind::Statement && rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}
