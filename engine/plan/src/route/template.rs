//! Path templates: `/pets/{id}.json` into segments and names.

use super::Why;
use super::condition::Condition;
use super::segment::Pattern;
use crate::limits::{MAX_CAPTURES, MAX_SEGMENTS};
use mocker_http::percent::decoded;

/// A path template taken apart.
#[derive(Debug)]
pub(super) struct Template {
    pub(super) segments: Vec<Pattern>,
    /// The segment whose last variable also takes slashes
    pub(super) greedy: Option<usize>,
    /// Of the variables, left to right
    pub(super) names: Box<[Box<str>]>,
    pub(super) conditions: Vec<Condition>,
}

/// A stretch of a template.
pub enum Piece<'t> {
    /// As it stands
    Text(&'t str),
    /// What stands between the braces
    Variable(&'t str),
}

impl Template {
    /// Takes `text` apart. A missing first slash is added. A brace without a partner is literal.
    pub(super) fn parse(text: &str) -> Result<Template, Why> {
        let (path, extra) = split_extra(text);
        let mut reader = Reader::default();
        for piece in pieces(path.strip_prefix('/').unwrap_or(path)) {
            match piece {
                Piece::Text(text) => reader.text(text),
                Piece::Variable(expression) => reader.variable(expression),
            }
        }
        let template = reader.finish(Condition::parse(extra));
        if template.segments.len() > MAX_SEGMENTS {
            return Err(Why::TooManySegments);
        }
        if template.names.len() > MAX_CAPTURES {
            return Err(Why::TooManyVariables);
        }
        Ok(template)
    }
}

/// Names of the variables of a template, in the order of its captures; none if it is no template.
pub fn variable_names(template: &str) -> Box<[Box<str>]> {
    Template::parse(template).map(|template| template.names).unwrap_or_default()
}

/// The name in a template expression, without the marks of RFC 6570 and its relatives that say it takes several
/// segments: `proxy` for `proxy+`, `path` for `+path` and `path*`.
pub fn variable_name(expression: &str) -> &str {
    let name = expression.strip_prefix('+').unwrap_or(expression);
    name.strip_suffix(['+', '*']).unwrap_or(name)
}

fn takes_slashes(expression: &str) -> bool {
    variable_name(expression).len() < expression.len()
}

/// `{?page,size}` and `{&page}` (RFC 6570, 3.2.8) describe the query, not the path.
pub fn is_query_expression(expression: &str) -> bool {
    expression.starts_with(['?', '&'])
}

#[derive(Default)]
struct Reader {
    segments: Vec<Pattern>,
    greedy: Option<usize>,
    names: Vec<Box<str>>,
    /// Finished literals of the open segment
    literals: Vec<Box<[u8]>>,
    /// Literal text since the last variable or slash, still encoded
    literal: String,
    /// Whether the last variable of the open segment takes slashes
    open_greedy: bool,
}

impl Reader {
    fn text(&mut self, text: &str) {
        for (index, part) in text.split('/').enumerate() {
            if index > 0 {
                self.end_segment();
            }
            self.literal.push_str(part);
        }
    }

    fn variable(&mut self, expression: &str) {
        if is_query_expression(expression) {
            return;
        }
        self.end_literal();
        self.open_greedy = takes_slashes(expression);
        self.names.push(variable_name(expression).into());
    }

    fn end_literal(&mut self) {
        self.literals.push(decoded(self.literal.as_bytes()).collect());
        self.literal.clear();
    }

    fn end_segment(&mut self) {
        self.end_literal();
        if std::mem::take(&mut self.open_greedy) && self.greedy.is_none() {
            self.greedy = Some(self.segments.len());
        }
        self.segments.push(Pattern::new(std::mem::take(&mut self.literals)));
    }

    fn finish(mut self, conditions: Vec<Condition>) -> Template {
        self.end_segment();
        Template { segments: self.segments, greedy: self.greedy, names: self.names.into(), conditions }
    }
}

/// Cuts at the first `?` or `#` outside braces.
fn split_extra(text: &str) -> (&str, &str) {
    let mut at = 0;
    for piece in pieces(text) {
        match piece {
            Piece::Text(part) => match part.find(['?', '#']) {
                Some(cut) => return text.split_at(at + cut),
                None => at += part.len(),
            },
            Piece::Variable(expression) => at += expression.len() + 2,
        }
    }
    (text, "")
}

/// Text and variables of a template, in order.
pub fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (piece, after) = next_piece(rest)?;
        rest = after;
        Some(piece)
    })
}

fn next_piece(text: &str) -> Option<(Piece<'_>, &str)> {
    let closed = |open: usize| text[open + 1..].find(['{', '}']).map(|length| open + 1 + length);
    let mut variables = text.match_indices('{').filter_map(|(open, _)| {
        let close = closed(open)?;
        text[close..].starts_with('}').then_some((open, close))
    });
    match variables.next() {
        Some((0, close)) => Some((Piece::Variable(&text[1..close]), &text[close + 1..])),
        Some((open, _)) => Some((Piece::Text(&text[..open]), &text[open..])),
        None if text.is_empty() => None,
        None => Some((Piece::Text(text), "")),
    }
}
