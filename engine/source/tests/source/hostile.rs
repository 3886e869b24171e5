//! Input made to do harm.

use mocker_source::limits::{MAX_DIAGNOSTICS, MAX_FILE_BYTES, MAX_TAG_DIRECTIVES};

use crate::parse;

#[test]
fn deep_nesting_is_an_error() {
    let depth = 100_000;
    let texts = [
        "[".repeat(depth),
        format!("{}{}", "[".repeat(depth), "]".repeat(depth)),
        "{\"a\":".repeat(depth),
        format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth)),
        format!("a: {}", "[".repeat(depth)),
        "- ".repeat(depth),
        "? ".repeat(depth),
        format!("a: {}", "{".repeat(depth)),
        "&a ".repeat(depth),
        format!("\n{}", "a: {".repeat(depth)),
    ];
    for text in texts {
        let (tree, diagnostics) = parse(&text);
        assert!(diagnostics.iter().any(|it| it.is_error()), "{}", &text[..20]);
        assert!(tree.root().is_empty());
    }
}

#[test]
fn blocks_nested_by_indentation_are_limited() {
    let text: String = (0..2000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    assert_eq!(parse(text).1[0].code, "too-deep");
}

#[test]
fn faults_are_counted_and_not_all_kept() {
    let text = "a: 1\n".repeat(MAX_DIAGNOSTICS + 50);
    let (tree, diagnostics) = parse(text);
    assert_eq!(diagnostics.len(), MAX_DIAGNOSTICS + 1);
    assert_eq!(diagnostics.last().unwrap().code, "too-many-faults");
    assert_eq!(tree.root().len(), 1);
}

#[test]
fn keys_nested_deep_are_refused() {
    for text in ["? [", "? {", "? [a, ", "{[", "a: {{"]
        .map(|start| format!("{start}{}", &start[start.len() - 1..].repeat(50_000)))
    {
        assert!(parse(&text).1.iter().any(|it| it.is_error()), "{}", &text[..10]);
    }
    let key = |depth: usize| format!("? {}{}\n: 1\n", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(parse(key(499)).1[0].code, "complex-key");
    assert_eq!(parse(key(500)).1[0].code, "too-deep");
}

#[test]
fn tag_directives_are_limited() {
    let text =
        |count: usize| (0..count).map(|n| format!("\n%TAG !t{n}! x:\n")).collect::<String>() + "---\na: 1\n";
    assert!(parse(text(MAX_TAG_DIRECTIVES)).1.is_empty());
    assert_eq!(parse(text(MAX_TAG_DIRECTIVES + 1)).1[0].code, "yaml-syntax");
}

#[test]
fn large_files_are_refused() {
    let text = |len: usize| format!("[\"{}\"]", "x".repeat(len - 4));
    let (tree, diagnostics) = parse(text(MAX_FILE_BYTES));
    assert!(diagnostics.is_empty());
    assert_eq!(tree.root().at(0).unwrap().as_str().unwrap().len(), MAX_FILE_BYTES - 4);
    assert_eq!(parse(text(MAX_FILE_BYTES + 1)).1[0].code, "file-too-large");
}

#[test]
fn tags_that_upset_the_scanner_are_errors() {
    for text in
        ["[!!str, a]", "a: [!x, b]", "[!,", "{!!a,b}", "\"\\", "'", "%", "&", "*", "!", "!<", "!<%FF>"]
    {
        let (tree, _) = parse(text);
        tree.root().to_json();
    }
    let (tree, diagnostics) = parse("a: 1\nb: [!x, c]\n");
    assert_eq!((diagnostics[0].code, diagnostics[0].position.unwrap().line), ("yaml-syntax", 2));
    assert!(tree.root().is_null());
}
