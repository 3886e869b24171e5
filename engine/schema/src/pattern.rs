//! `pattern`: ECMA 262 expressions, checked by `regex` where they are regular, by
//! `fancy-regex` where they look around or refer back.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use crate::limits;

/// One expression, as written and as compiled (on first use).
pub struct Pattern {
    /// As the author wrote it
    pub source: Box<str>,
    engine: OnceLock<Engine>,
}

enum Engine {
    Linear(regex::Regex),
    Backtracking(Box<fancy_regex::Regex>),
    Unsupported(Box<str>),
}

impl std::fmt::Debug for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Pattern").field(&self.source).finish()
    }
}

impl Pattern {
    /// The expression `source`; nothing is compiled yet.
    pub fn new(source: &str) -> Self {
        Pattern { source: source.into(), engine: OnceLock::new() }
    }

    /// Whether the expression is found anywhere in `text`. One that no engine understands,
    /// or that exceeds [`limits::PATTERN_BACKTRACKS`], matches everything.
    pub fn is_match(&self, text: &str) -> bool {
        match self.engine() {
            Engine::Linear(regex) => regex.is_match(text),
            Engine::Backtracking(regex) => regex.is_match(text).unwrap_or(true),
            Engine::Unsupported(_) => true,
        }
    }

    /// Why no engine understands the expression; `None` for the usual one that works.
    pub fn problem(&self) -> Option<&str> {
        match self.engine() {
            Engine::Unsupported(reason) => Some(reason),
            _ => None,
        }
    }

    /// The expression in the syntax of the `regex` crate, with ECMA's meaning of `\d`, `\w`,
    /// `\s` and `$`. Look-around and back references are left as they are; `None` where the
    /// expression is not ECMA 262 at all.
    pub fn translated(&self) -> Option<String> {
        translate(&self.source)
    }

    /// Whether the expression is regular, so that `regex-syntax` can parse [`Self::translated`].
    pub fn is_regular(&self) -> bool {
        matches!(self.engine(), Engine::Linear(_))
    }

    fn engine(&self) -> &Engine {
        self.engine.get_or_init(|| compile(&self.source))
    }
}

fn translate(source: &str) -> Option<String> {
    let plain = with_plain_hyphens(source);
    jsonschema_regex::to_rust_regex(&plain).ok().map(Cow::into_owned)
}

/// `[\w-.]`: beside a class escape a hyphen stands for itself (ECMA 262, annex B.1.2), which
/// other engines take for a broken range. Here it is escaped.
fn with_plain_hyphens(source: &str) -> Cow<'_, str> {
    if !source.contains('-') || !source.contains('\\') {
        return Cow::Borrowed(source);
    }
    let is_class = |c: Option<char>| c.is_some_and(|c| "dDsSwW".contains(c));
    let escapes_class = |c: Option<char>, next: Option<char>| c == Some('\\') && is_class(next);
    let mut plain = String::with_capacity(source.len() + 2);
    let (mut inside, mut after_class) = (false, false);
    let mut rest = source.chars();
    while let Some(c) = rest.next() {
        let mut ahead = rest.clone();
        let next = ahead.next();
        match c {
            '\\' => {
                plain.push(c);
                plain.extend(rest.next());
                after_class = inside && is_class(next);
                continue;
            }
            '[' => inside = true,
            ']' => inside = false,
            '-' if inside && next != Some(']') && (after_class || escapes_class(next, ahead.next())) => {
                plain.push('\\');
            }
            _ => {}
        }
        after_class = false;
        plain.push(c);
    }
    Cow::Owned(plain)
}

fn compile(source: &str) -> Engine {
    let translated = translate(source);
    let text = translated.as_deref().unwrap_or(source);
    let linear = regex::RegexBuilder::new(text)
        .size_limit(limits::PATTERN_BYTES)
        .nest_limit(limits::PATTERN_NESTING)
        .build();
    let reason = match linear {
        Ok(regex) => return Engine::Linear(regex),
        Err(error) => error,
    };
    let backtracking = fancy_regex::RegexBuilder::new(text)
        .backtrack_limit(limits::PATTERN_BACKTRACKS)
        .delegate_size_limit(limits::PATTERN_BYTES)
        .build();
    match backtracking {
        Ok(regex) => Engine::Backtracking(Box::new(regex)),
        Err(_) => Engine::Unsupported(last_line(&reason.to_string()).into()),
    }
}

/// The `regex` crate draws the expression over several lines; the last one names the fault.
fn last_line(message: &str) -> &str {
    message.lines().last().unwrap_or(message).trim_start_matches("error: ")
}

/// Gives one [`Pattern`] for all places that write the same expression.
#[derive(Debug, Default)]
pub struct Patterns {
    known: HashMap<Box<str>, Arc<Pattern>>,
}

impl Patterns {
    /// The pattern of this source, shared.
    pub fn intern(&mut self, source: &str) -> Arc<Pattern> {
        if let Some(pattern) = self.known.get(source) {
            return Arc::clone(pattern);
        }
        let pattern = Arc::new(Pattern::new(source));
        self.known.insert(source.into(), Arc::clone(&pattern));
        pattern
    }
}
