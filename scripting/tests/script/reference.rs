//! The reference of the host API: up to date, and its examples run.

use mocker_scripting::script::reference;

use crate::stage::handle;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/scripting-reference.md");

/// What examples take for granted.
const GIVEN: &str = "let res = ctx.generate(); let id = 7; let limit = 5; let pet = #{ id: 7 };";

#[test]
fn the_page_is_up_to_date() {
    let page = reference();
    if std::env::var_os("MOCKER_BLESS").is_some() {
        std::fs::write(PAGE, &page).unwrap();
    }
    let kept = std::fs::read_to_string(PAGE).unwrap_or_default();
    let differs = kept.lines().zip(page.lines()).find(|(kept, page)| kept != page);
    assert!(
        kept == page,
        "docs/scripting-reference.md is stale: {differs:?}; run this test with MOCKER_BLESS=1"
    );
}

#[test]
fn every_function_is_told_with_an_example_that_runs() {
    let page = reference();
    let (mut ran, mut failed) = (0, Vec::new());
    for entry in page.split("\n### ").skip(1) {
        let (signature, rest) = entry.split_once('\n').unwrap();
        let example = rest.split("```rhai\n").nth(1).and_then(|rest| rest.split("```").next());
        let example = example.unwrap_or_else(|| panic!("{signature} has no example"));
        let script = format!("fn handle(req, ctx) {{\n{GIVEN}\n{example}\n}}");
        if let Err(fault) = handle(&script) {
            failed.push(format!("{signature}: {fault}\n{example}"));
        }
        ran += 1;
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    assert!(ran > 150, "{ran} functions");
}
