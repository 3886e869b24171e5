//! The walk-through of docs/scripting.md: its scripts run, its table of budgets is right.

use mocker_scripting::{Budgets, Hook, Library, Scripts, Source};
use std::time::Instant;

use crate::stage::{Pets, context_of, request};
use mocker_scripting::Answers;

const PAGE: &str = include_str!("../../../docs/scripting.md");

#[test]
fn its_scripts_run() {
    let scripts: Vec<&str> =
        PAGE.split("```rhai\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(scripts.len(), 5);
    for text in scripts {
        let (library, diagnostics) = Library::check(vec![Source::new("s", "s.rhai", text)], Instant::now);
        assert_eq!(diagnostics, [], "{text}");
        let id = library.find("s").unwrap();
        let mut scripts = Scripts::new(library.clone(), Instant::now);
        let context = context_of(request());
        if library.has(id, Hook::Before) {
            scripts.before(id, &context).unwrap();
        }
        let response = match library.has(id, Hook::Handle) {
            true => scripts.handle(id, &context).unwrap(),
            false => Pets.generate(None).unwrap(),
        };
        if library.has(id, Hook::After) {
            let response = scripts.after(id, &context, response).unwrap();
            assert_eq!(response.field("x-user"), Some(b"ada".as_slice()));
        }
    }
}

#[test]
fn its_budgets_are_those_there_are() {
    let rows: Vec<(&str, u64)> = PAGE
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` | "))
        .filter_map(|(name, rest)| Some((name, rest.split_once(' ')?.0.parse().ok()?)))
        .collect();
    assert_eq!(rows.iter().map(|row| row.0).collect::<Vec<_>>(), Budgets::names().collect::<Vec<_>>());
    let mut chosen = Budgets::default();
    for (name, value) in rows {
        chosen.set(name, value).unwrap();
    }
    assert_eq!(chosen, Budgets::default());
}
