//! Templates cut into text and tags, and tags into tokens. What is wrong is left for the compiler to say.

use std::ops::Range;

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) kind: PieceKind,
    /// All of it, with delimiters
    pub(super) range: Range<usize>,
    /// Between the delimiters, without `-` and `+`
    pub(super) inner: Range<usize>,
    /// Whether white space before it goes
    pub(super) trims_before: bool,
    /// Whether white space behind it goes
    pub(super) trims_after: bool,
}

/// What a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PieceKind {
    /// Printed as it is
    Text,
    /// `{{ }}`
    Expression,
    /// `{% %}`
    Statement,
    /// `{# #}`
    Comment,
}

/// A token of a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) range: Range<usize>,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Name,
    Number,
    String,
    Sign,
}

/// The parts in order, without gaps. The content of `{% raw %}` is text between two statements.
pub(super) fn pieces(source: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut is_raw = false;
    while at < source.len() {
        let start = match is_raw {
            true => raw_end(source, at),
            false => next_tag(source, at),
        };
        let start = start.unwrap_or(source.len());
        if start > at {
            pieces.push(text(at..start));
        }
        if start == source.len() {
            break;
        }
        let piece = tag(source, start);
        at = piece.range.end;
        is_raw = piece.kind == PieceKind::Statement && source[piece.inner.clone()].trim() == "raw";
        pieces.push(piece);
    }
    pieces
}

/// The tokens between two delimiters.
pub(super) fn tokens(source: &str, range: Range<usize>) -> Vec<Token> {
    let mut tokens = Vec::new();
    let bytes = source.as_bytes();
    let mut at = range.start;
    while at < range.end {
        let (kind, end) = match bytes[at] {
            byte if byte.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            b'"' | b'\'' => (TokenKind::String, string_end(bytes, at, range.end)),
            byte if byte.is_ascii_digit() => (TokenKind::Number, number_end(bytes, at, range.end)),
            byte if is_name(byte) => (TokenKind::Name, run(bytes, at, range.end, is_name)),
            _ => (TokenKind::Sign, at + sign_length(&bytes[at..range.end])),
        };
        tokens.push(Token { kind, range: at..end });
        at = end;
    }
    tokens
}

fn text(range: Range<usize>) -> Piece {
    Piece { kind: PieceKind::Text, inner: range.clone(), range, trims_before: false, trims_after: false }
}

fn next_tag(source: &str, from: usize) -> Option<usize> {
    let bytes = source.as_bytes();
    (from..bytes.len().saturating_sub(1))
        .find(|&at| bytes[at] == b'{' && matches!(bytes[at + 1], b'{' | b'%' | b'#'))
}

/// Where `{% endraw %}` starts.
fn raw_end(source: &str, from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(found) = source[at..].find("{%") {
        let inner = source[at + found + 2..].trim_start_matches(['-', '+']).trim_start();
        if inner.starts_with("endraw") {
            return Some(at + found);
        }
        at += found + 2;
    }
    None
}

fn tag(source: &str, start: usize) -> Piece {
    let bytes = source.as_bytes();
    let (kind, close) = match bytes[start + 1] {
        b'{' => (PieceKind::Expression, "}}"),
        b'%' => (PieceKind::Statement, "%}"),
        _ => (PieceKind::Comment, "#}"),
    };
    let close_at = match kind {
        PieceKind::Comment => source[start + 2..].find(close).map(|found| start + 2 + found),
        _ => close_of(bytes, start + 2, close.as_bytes()),
    };
    let end = close_at.unwrap_or(source.len());
    let mut inner = start + 2..end.max(start + 2);
    let marked = |at: usize| matches!(bytes.get(at), Some(b'-' | b'+'));
    let trims_before = bytes.get(inner.start) == Some(&b'-');
    if marked(inner.start) && inner.start < inner.end {
        inner.start += 1;
    }
    let is_marked = close_at.is_some() && inner.end > inner.start && marked(inner.end - 1);
    let trims_after = is_marked && bytes[inner.end - 1] == b'-';
    if is_marked {
        inner.end -= 1;
    }
    let range = start..if close_at.is_some() { end + 2 } else { source.len() };
    Piece { kind, range, inner, trims_before, trims_after }
}

/// Where a tag closes, which is not inside a string, nor, for `}}`, inside a map.
fn close_of(bytes: &[u8], from: usize, close: &[u8]) -> Option<usize> {
    let mut at = from;
    let mut open = 0_usize;
    while at < bytes.len() {
        match bytes[at] {
            _ if open == 0 && bytes[at..].starts_with(close) => return Some(at),
            b'"' | b'\'' => at = string_end(bytes, at, bytes.len()) - 1,
            b'{' => open += 1,
            b'}' => open = open.saturating_sub(1),
            b'%' if bytes[at..].starts_with(close) => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

fn string_end(bytes: &[u8], start: usize, end: usize) -> usize {
    let mut at = start + 1;
    while at < end {
        match bytes[at] {
            b'\\' => at += 1,
            byte if byte == bytes[start] => return at + 1,
            _ => {}
        }
        at += 1;
    }
    end
}

fn number_end(bytes: &[u8], start: usize, end: usize) -> usize {
    let mut at = run(bytes, start, end, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if at + 1 < end && bytes[at] == b'.' && bytes[at + 1].is_ascii_digit() {
        at = run(bytes, at + 1, end, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
    }
    let has_exponent = matches!(bytes[at - 1], b'e' | b'E') && !bytes[start..at].starts_with(b"0x");
    if has_exponent && at < end && matches!(bytes[at], b'+' | b'-') {
        at = run(bytes, at + 1, end, |byte| byte.is_ascii_digit());
    }
    at
}

fn run(bytes: &[u8], start: usize, end: usize, is_part: impl Fn(u8) -> bool) -> usize {
    (start..end).find(|&at| !is_part(bytes[at])).unwrap_or(end)
}

/// Letters outside ASCII count as parts of names, whatever the compiler says of them.
fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn sign_length(bytes: &[u8]) -> usize {
    match bytes {
        [b'*', b'*', ..] | [b'/', b'/', ..] | [b'=' | b'!' | b'<' | b'>', b'=', ..] => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{PieceKind, pieces, tokens};

    fn cut(source: &str) -> Vec<(PieceKind, &str)> {
        pieces(source).into_iter().map(|piece| (piece.kind, &source[piece.inner])).collect()
    }

    #[test]
    fn tags_are_found() {
        use PieceKind::{Comment, Expression, Statement, Text};
        for (source, expected) in [
            ("a{{ b }}c", &[(Text, "a"), (Expression, " b "), (Text, "c")][..]),
            ("{%- if x -%}", &[(Statement, " if x ")]),
            ("{{ '}}' }}", &[(Expression, " '}}' ")]),
            ("{{ \"\\\"}}\" }}", &[(Expression, " \"\\\"}}\" ")]),
            ("{{ {'a': {}} }}", &[(Expression, " {'a': {}} ")]),
            ("{# {{ a }} #}b", &[(Comment, " {{ a }} "), (Text, "b")]),
            (
                "{% raw %}{{ a }}{% endraw %}",
                &[(Statement, " raw "), (Text, "{{ a }}"), (Statement, " endraw ")],
            ),
            ("{{ a", &[(Expression, " a")]),
            ("{", &[(Text, "{")]),
            ("{{", &[(Expression, "")]),
            ("{{-", &[(Expression, "")]),
            ("{{-}}", &[(Expression, "")]),
        ] {
            assert_eq!(cut(source), expected, "{source}");
        }
        let trimming = &pieces("{{- a -}}")[0];
        assert!(trimming.trims_before && trimming.trims_after);
    }

    #[test]
    fn tokens_are_found() {
        let source = "a.b ~ 'x ~ y'|f(1.5e-3, x**2) // 1.foo";
        let found: Vec<&str> =
            tokens(source, 0..source.len()).into_iter().map(|token| &source[token.range]).collect();
        let expected = [
            "a", ".", "b", "~", "'x ~ y'", "|", "f", "(", "1.5e-3", ",", "x", "**", "2", ")", "//", "1", ".",
            "foo",
        ];
        assert_eq!(found, expected);
    }

    proptest! {
        #[test]
        fn nothing_is_lost(source in "[{}%#a-c '\"\\\\~*().|é-]{0,40}|(\\{\\{|\\}\\}|\\{%|%\\}|raw|endraw|'|\\{#| ){0,20}") {
            let mut at = 0;
            for piece in pieces(&source) {
                prop_assert_eq!(piece.range.start, at);
                prop_assert!(piece.inner.start >= piece.range.start && piece.inner.end <= piece.range.end);
                at = piece.range.end;
                for token in tokens(&source, piece.inner) {
                    prop_assert!(source.get(token.range).is_some());
                }
            }
            prop_assert_eq!(at, source.len());
        }
    }
}
