//! `regex`: patterns that take time in line with the text, whatever they are.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use regex::{Captures, Regex, RegexBuilder};
use rhai::plugin::*;
use rhai::{Array, Dynamic, ImmutableString, Map};

use crate::limits::{MAX_PATTERN_BYTES, MAX_PATTERN_PROGRAM, MAX_PATTERNS, MAX_SEARCHED_BYTES};
use crate::script::meter::works_on;
use crate::script::objects::{Failure, failure};

thread_local! {
    static COMPILED: RefCell<HashMap<Box<str>, Rc<Regex>>> = RefCell::default();
}

/// The pattern, compiled once on each core.
fn compiled(pattern: &str) -> Result<Rc<Regex>, Failure> {
    if let Some(regex) = COMPILED.with_borrow(|compiled| compiled.get(pattern).cloned()) {
        return Ok(regex);
    }
    if pattern.len() > MAX_PATTERN_BYTES {
        return Err(failure(format!("the pattern has more than {MAX_PATTERN_BYTES} bytes")));
    }
    let built = RegexBuilder::new(pattern)
        .size_limit(MAX_PATTERN_PROGRAM)
        .dfa_size_limit(MAX_PATTERN_PROGRAM * 8)
        .nest_limit(32)
        .build();
    let regex = Rc::new(built.map_err(|error| failure(told(&error)))?);
    COMPILED.with_borrow_mut(|compiled| {
        if compiled.len() >= MAX_PATTERNS {
            compiled.clear();
        }
        compiled.insert(pattern.into(), Rc::clone(&regex));
    });
    Ok(regex)
}

fn told(error: &regex::Error) -> String {
    match error {
        regex::Error::CompiledTooBig(_) => "the pattern is too large: it repeats too much".to_owned(),
        // The last line says what is wrong; those before draw the pattern.
        error => {
            let text = error.to_string();
            let last = text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            format!("the pattern is wrong: {last}")
        }
    }
}

fn searched(text: &str) -> Result<(), Failure> {
    works_on(text.len());
    match text.len() > MAX_SEARCHED_BYTES {
        true => Err(failure(format!("a text that is searched has {MAX_SEARCHED_BYTES} bytes at most"))),
        false => Ok(()),
    }
}

fn groups(regex: &Regex, captures: &Captures<'_>) -> Map {
    let text = |found: Option<regex::Match<'_>>| found.map_or(Dynamic::UNIT, |found| found.as_str().into());
    let numbered = captures.iter().enumerate().map(|(index, found)| (index.to_string().into(), text(found)));
    let named = regex.capture_names().flatten().map(|name| (name.into(), text(captures.name(name))));
    numbered.chain(named).collect()
}

/// Regular expressions in the syntax of RE2, without look-around and back-references: the time that one takes grows
/// with the text and not with the pattern's tricks.
#[export_module]
#[allow(missing_docs, unreachable_pub, clippy::unwrap_used)]
pub(crate) mod regex_functions {
    /// Whether a pattern is found in a text.
    ///
    /// ```rhai
    /// if !regex::is_match(req.params.petId, "^[0-9]+$") { return bad_request("no number"); }
    /// ```
    #[rhai_fn(name = "is_match", return_raw)]
    pub fn is_match(text: &str, pattern: &str) -> Result<bool, Failure> {
        searched(text)?;
        Ok(compiled(pattern)?.is_match(text))
    }

    /// What is found first; `()` where nothing is.
    ///
    /// ```rhai
    /// let number = regex::find("order 66", "[0-9]+");
    /// ```
    #[rhai_fn(name = "find", return_raw)]
    pub fn find(text: &str, pattern: &str) -> Result<Dynamic, Failure> {
        searched(text)?;
        Ok(compiled(pattern)?.find(text).map_or(Dynamic::UNIT, |found| found.as_str().into()))
    }

    /// All that is found, in order.
    ///
    /// ```rhai
    /// let words = regex::find_all("a b c", "[a-z]");
    /// ```
    #[rhai_fn(name = "find_all", return_raw)]
    pub fn find_all(context: NativeCallContext, text: &str, pattern: &str) -> Result<Array, Failure> {
        searched(text)?;
        let most = context.engine().max_array_size();
        let regex = compiled(pattern)?;
        let found: Array = regex.find_iter(text).take(most + 1).map(|found| found.as_str().into()).collect();
        Ok(found)
    }

    /// The groups of what is found first, by number and by name; `()` where nothing is.
    ///
    /// ```rhai
    /// let day = regex::captures("2026-01-31", "(?<year>[0-9]{4})-([0-9]{2})").year;
    /// ```
    #[rhai_fn(name = "captures", return_raw)]
    pub fn captures(text: &str, pattern: &str) -> Result<Dynamic, Failure> {
        searched(text)?;
        let regex = compiled(pattern)?;
        Ok(regex.captures(text).map_or(Dynamic::UNIT, |captures| groups(&regex, &captures).into()))
    }

    /// The text with all that is found replaced; `$1` and `$name` are groups.
    ///
    /// ```rhai
    /// let masked = regex::replace("4111 1111", "[0-9]", "*");
    /// ```
    #[rhai_fn(name = "replace", return_raw)]
    pub fn replace(
        context: NativeCallContext,
        text: &str,
        pattern: &str,
        with: &str,
    ) -> Result<ImmutableString, Failure> {
        searched(text)?;
        let (regex, most) = (compiled(pattern)?, context.engine().max_string_size());
        let mut out = String::new();
        let mut end = 0;
        for captures in regex.captures_iter(text) {
            let Some(found) = captures.get(0) else { continue };
            out.push_str(&text[end..found.start()]);
            captures.expand(with, &mut out);
            end = found.end();
            if out.len() > most {
                return Err(EvalAltResult::ErrorDataTooLarge(
                    "Length of string".into(),
                    rhai::Position::NONE,
                )
                .into());
            }
        }
        out.push_str(&text[end..]);
        Ok(out.into())
    }
}
