//! What is wrong with scripts, told before they run.

use std::rc::Rc;
use std::sync::Arc;

use mocker_source::{Diagnostic, FileId, Position};
use rhai::{AST, EvalAltResult};

use super::budgets::Budgets;
use super::engine;
use super::error::{self, Called};
use super::meter::{Clock, Meter};
use crate::library::{Hook, Hooks};
use crate::{Library, ScriptId};

/// Compiles every script once: which hooks each defines, and what is wrong.
pub(crate) fn checked(library: &Arc<Library>, clock: Clock) -> (Vec<Option<Hooks>>, Vec<Diagnostic>) {
    let meter = Rc::new(Meter::new(clock, || 0));
    let mut engine = engine::engine(Arc::clone(library), &meter);
    let mut limits = Budgets::default();
    let mut diagnostics = Vec::new();
    let mut hooks = Vec::new();
    for id in library.ids() {
        let budgets = library.budgets(id);
        if *budgets != limits {
            limits = budgets.clone();
            engine::limit(&mut engine, &limits);
        }
        let place = |position: rhai::Position| {
            let (_, line, column) = library.place(&id.to_string(), position);
            Some(Position {
                file: FileId(id.index() as u16),
                line: line.max(1) as u32,
                column: column.max(1) as u32,
            })
        };
        let mut ast = match engine.compile(library.text(id)) {
            Ok(ast) => ast,
            Err(rhai::ParseError(kind, position)) => {
                let (message, help) = error::parse_message(&kind);
                let mut diagnostic = Diagnostic::error_at("script-syntax", place(position), message);
                diagnostic.help = help;
                diagnostics.push(diagnostic);
                hooks.push(None);
                continue;
            }
        };
        ast.set_source(id.to_string());
        meter.start(&limits);
        match engine.run_ast(&ast) {
            Ok(()) => hooks.push(Some(hooks_of(&ast))),
            Err(failed) => {
                let called = Called { script: id, function: "", tree: &ast };
                let fault = error::fault(&failed, library, &called, &meter);
                let position = place(failed.position());
                let code = if is_of_import(&failed) { "script-import" } else { "script-load" };
                let told = match (&*fault.file == library.file_of(id), fault.line) {
                    (true, _) | (false, 0) => fault.message.clone(),
                    _ => fault.to_string(),
                };
                diagnostics.push(Diagnostic::error_at(code, position, told));
                hooks.push(None);
                continue;
            }
        }
        misspelt(library, id, &ast, &mut diagnostics);
    }
    (hooks, diagnostics)
}

fn is_of_import(error: &EvalAltResult) -> bool {
    match error {
        EvalAltResult::ErrorInModule(..) | EvalAltResult::ErrorModuleNotFound(..) => true,
        EvalAltResult::ErrorRuntime(value, _) => {
            value.as_immutable_string_ref().is_ok_and(|text| text.contains("import"))
        }
        _ => false,
    }
}

fn hooks_of(ast: &AST) -> Hooks {
    let mut hooks = Hooks::default();
    for function in ast.iter_functions() {
        if let Some(hook) =
            Hook::ALL.into_iter().find(|hook| hook.is_called(function.name, function.params.len()))
        {
            hooks.insert(hook);
        }
    }
    hooks
}

/// Functions that look as if they should be called, and are not.
fn misspelt(library: &Library, id: ScriptId, ast: &AST, diagnostics: &mut Vec<Diagnostic>) {
    for function in ast.iter_functions() {
        let count = function.params.len();
        if Hook::ALL.into_iter().any(|hook| hook.is_called(function.name, count)) {
            continue;
        }
        let meant = Hook::ALL.into_iter().find(|hook| hook.name() == function.name).or_else(|| {
            Hook::ALL
                .into_iter()
                .find(|hook| hook.parameters().len() == count && is_near(hook.name(), function.name))
        });
        let Some(hook) = meant else { continue };
        let right = format!("fn {}({})", hook.name(), hook.parameters().join(", "));
        let parameters = function.params.join(", ");
        let message = format!("nothing calls `fn {}({parameters})`", function.name);
        let (line, column) = library.function_place(id, function.name);
        let position = Position { file: FileId(id.index() as u16), line: line as u32, column: column as u32 };
        let diagnostic = Diagnostic::warning_at("script-hook", Some(position), message);
        diagnostics.push(diagnostic.with_help(format!("write `{right}`")));
    }
}

/// Whether one letter is wrong, missing or too many, or two neighbours are exchanged.
fn is_near(right: &str, written: &str) -> bool {
    let (right, written) = (right.as_bytes(), written.as_bytes());
    let same = right.iter().zip(written).take_while(|(a, b)| a == b).count();
    let (rest, other) = (&right[same..], &written[same..]);
    match rest.len().abs_diff(other.len()) {
        0 => {
            let is_exchanged =
                rest.len() > 1 && rest[0] == other[1] && rest[1] == other[0] && rest[2..] == other[2..];
            is_exchanged || rest.get(1..) == other.get(1..)
        }
        1 if rest.len() > other.len() => rest[1..] == *other,
        1 => *rest == other[1..],
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_near;

    #[test]
    fn slips_of_the_pen_are_seen() {
        for written in ["handel", "handl", "handlee", "hendle", "andle", "xhandle", "hadnle"] {
            assert!(is_near("handle", written), "{written}");
        }
        for written in ["", "candles", "helper", "hndl", "handler2", "before"] {
            assert!(!is_near("handle", written), "{written}");
        }
    }
}
