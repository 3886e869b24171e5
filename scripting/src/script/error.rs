//! What Rhai fails with, as faults of a file.

use rhai::{AST, EvalAltResult, ParseErrorType, Position};

use super::budgets;
use super::json;
use super::loops::loops;
use super::meter::Meter;
use crate::limits::{MAX_LOOPS_TOLD, MAX_MESSAGE_BYTES};
use crate::{Fault, FaultKind, Library, ScriptId};

/// State has no room: carried through Rhai, where no script can catch it, unless it comes of a closure that a function of
/// the language calls.
#[derive(Debug)]
pub(crate) struct Full(pub(crate) String);

impl std::fmt::Display for Full {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.0)
    }
}

impl std::error::Error for Full {}

/// A budget of the host's own that was used up: carried through Rhai as [`Full`] is.
#[derive(Debug)]
pub(crate) struct Exceeded {
    pub(crate) budget: &'static str,
    pub(crate) message: String,
}

impl std::fmt::Display for Exceeded {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for Exceeded {}

/// Where and why, after all that only passed the failure on.
struct Innermost<'e> {
    error: &'e EvalAltResult,
    source: &'e str,
    position: Position,
}

/// Where a call began.
pub(crate) struct Called<'a> {
    pub(crate) script: ScriptId,
    /// What the host called
    pub(crate) function: &'a str,
    pub(crate) tree: &'a AST,
}

impl Called<'_> {
    /// Line and column of each of the script's loops.
    fn loops(&self, library: &Library) -> Vec<(usize, usize)> {
        let number = self.script.to_string();
        let place = |position| {
            let (_, line, column) = library.place(&number, position);
            (line, column)
        };
        loops(self.tree).into_iter().map(place).collect()
    }
}

/// What a call failed with.
pub(crate) fn fault(error: &EvalAltResult, library: &Library, called: &Called<'_>, meter: &Meter) -> Fault {
    let number = called.script.to_string();
    let innermost = innermost(error, &number);
    let (mut message, budget, kind) = told(innermost.error, meter);
    let (mut file, mut line, mut column) = library.place(innermost.source, innermost.position);
    if line == 0 {
        // Rhai forgets where a budget ended a call, and the place of some things that grow too large.
        let stayed = budget.is_some() && budget == meter.exceeded();
        let loops = if stayed { called.loops(library) } else { Vec::new() };
        file = library.file_of(called.script);
        (line, column) = match loops[..] {
            [only] => only,
            _ => library.function_place(called.script, called.function),
        };
        if loops.len() > 1 {
            let told = loops.iter().take(MAX_LOOPS_TOLD).map(|(line, column)| format!("{line}:{column}"));
            message += &format!("; its loops begin at {}", told.collect::<Vec<_>>().join(", "));
        }
    }
    Fault { file: file.into(), line, column, message: shortened(message), budget, kind }
}

fn innermost<'e>(error: &'e EvalAltResult, script: &'e str) -> Innermost<'e> {
    let mut found = Innermost { error, source: script, position: error.position() };
    loop {
        let inner = match found.error {
            EvalAltResult::ErrorInFunctionCall(_, source, inner, _) => {
                if !source.is_empty() {
                    found.source = source;
                }
                inner
            }
            EvalAltResult::ErrorInModule(_, inner, _) => inner,
            _ => return found,
        };
        found.error = inner;
        if !inner.position().is_none() {
            found.position = inner.position();
        }
    }
}

/// What is wrong, in words; the budget that was used up; what the answer is.
fn told(error: &EvalAltResult, meter: &Meter) -> (String, Option<&'static str>, FaultKind) {
    use EvalAltResult as E;
    if let E::ErrorSystem(_, inner) = error {
        if let Some(full) = inner.downcast_ref::<Full>() {
            return (full.0.clone(), None, FaultKind::Full);
        }
        if let Some(Exceeded { budget, message }) = inner.downcast_ref::<Exceeded>() {
            return (message.clone(), Some(budget), FaultKind::Failed);
        }
    }
    let budget = match error {
        E::ErrorStackOverflow(_) => Some(budgets::CALL_LEVELS),
        E::ErrorTooManyVariables(_) => Some(budgets::VARIABLES),
        E::ErrorTooManyModules(_) => Some(budgets::IMPORTS),
        E::ErrorDataTooLarge(what, _) => Some(match what.as_str() {
            what if what.contains("string") => budgets::STRING_BYTES,
            what if what.contains("map") => budgets::MAP_MEMBERS,
            _ => budgets::ARRAY_ITEMS,
        }),
        // Functions of the language that call closures, such as `sort`, fail in words of their own.
        _ => meter.exceeded(),
    };
    let message = match budget {
        Some(budget) => format!("the script used up its budget `{budget}`"),
        None => plain(error),
    };
    (message, budget, FaultKind::Failed)
}

fn plain(error: &EvalAltResult) -> String {
    use EvalAltResult as E;
    match error {
        E::ErrorRuntime(value, _) if value.is_unit() => "the script threw nothing".to_owned(),
        E::ErrorRuntime(value, _) => match value.as_immutable_string_ref() {
            Ok(text) => text.to_string(),
            Err(_) => {
                let value = json::to_text(value).unwrap_or_else(|reason| reason);
                format!("the script threw {value}")
            }
        },
        E::ErrorParsing(kind, _) => parse_message(kind).0,
        E::ErrorModuleNotFound(path, _) => format!("there is no script `{path}` to import"),
        other => {
            let text = other.to_string();
            // Rhai writes the place behind its message; a fault has it already.
            let end = text.rfind(" (line ").unwrap_or(text.len());
            text[..end].to_owned()
        }
    }
}

/// What is wrong with a script that does not compile, and what would be right.
pub(crate) fn parse_message(kind: &ParseErrorType) -> (String, Option<String>) {
    let help = match kind {
        ParseErrorType::Reserved(word) | ParseErrorType::MissingToken(word, _) if word == "eval" => {
            Some("a script cannot run text as a script; `eval` is switched off".to_owned())
        }
        ParseErrorType::VariableUndefined(name) => Some(format!(
            "a function sees its own variables; a constant of the script is `global::{name}` inside a function"
        )),
        ParseErrorType::ModuleUndefined(name) => {
            Some(format!("import it at the top of the script: import \"{name}\" as {name};"))
        }
        ParseErrorType::ExprTooDeep => Some(format!("the budget is `{}`", budgets::EXPRESSION_DEPTH)),
        _ => None,
    };
    let text = kind.to_string();
    let mut characters = text.chars();
    let lower: String =
        characters.next().map(char::to_lowercase).into_iter().flatten().chain(characters).collect();
    (lower, help)
}

fn shortened(mut message: String) -> String {
    if message.len() > MAX_MESSAGE_BYTES {
        let end = (0..=MAX_MESSAGE_BYTES).rev().find(|&at| message.is_char_boundary(at)).unwrap_or(0);
        message.truncate(end);
        message.push_str("...");
    }
    message
}
