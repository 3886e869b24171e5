//! Real patterns: none panics, nearly all are understood.
#![allow(clippy::unwrap_used)]

use mocker_schema::pattern::Pattern;

#[test]
fn real_patterns_compile() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/patterns.json");
    let Ok(text) = std::fs::read_to_string(&file) else {
        eprintln!("SKIPPED: {} is missing", file.display());
        return;
    };
    let sources: Vec<String> = serde_json::from_str(&text).unwrap();
    let refused: Vec<_> = sources
        .iter()
        .filter(|source| {
            let pattern = Pattern::new(source);
            let _ = (pattern.is_match("abc-123"), pattern.is_match(""), pattern.is_match("äö\u{0}"));
            pattern.problem().is_some()
        })
        .collect();
    eprintln!("{} of {} refused: {refused:#?}", refused.len(), sources.len());
    assert!(refused.len() * 50 <= sources.len(), "{} of {} refused", refused.len(), sources.len());
}

#[test]
fn a_pattern_that_backtracks_for_ever_gives_up_and_matches() {
    let pattern = Pattern::new("^(?:(a+)\\1?)+$");
    assert_eq!(pattern.problem(), None);
    assert!(!pattern.is_regular());
    assert!(!pattern.is_match("ab"));
    assert!(pattern.is_match(&format!("{}b", "a".repeat(200))));
}

#[test]
fn a_pattern_too_large_matches_everything_and_says_so() {
    let pattern = Pattern::new("^(\\p{L}{1000}){1000}$");
    assert!(pattern.problem().unwrap().contains("size limit"), "{:?}", pattern.problem());
    assert!(pattern.is_match("1"));
}

#[test]
fn nesting_is_bounded() {
    let deep = format!("{}a{}", "(".repeat(20_000), ")".repeat(20_000));
    assert!(Pattern::new(&deep).problem().is_some());
}

#[test]
fn equal_sources_are_one_pattern() {
    let mut patterns = mocker_schema::pattern::Patterns::default();
    let (a, b) = (patterns.intern("^a$"), patterns.intern("^a$"));
    assert!(std::sync::Arc::ptr_eq(&a, &b));
}
