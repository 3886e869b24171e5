//! Anchors, merge keys, documents and faults of YAML.

use mocker_source::limits::{MAX_ALIAS_NODES, MAX_DEPTH};
use serde_json::json;

use crate::{clean, parse, reads, remarks};

#[test]
fn aliases_repeat_what_their_anchor_holds() {
    reads(
        "a: &x {b: [1, 2]}\nc: *x\nd: [*x, *x]\n",
        json!({
            "a": {"b": [1, 2]}, "c": {"b": [1, 2]}, "d": [{"b": [1, 2]}, {"b": [1, 2]}]
        }),
    );
    reads("a: &x 12\nb: *x\n*x : c\n", json!({"a": 12, "b": 12, "12": "c"}));
    reads("&k a: 1\nb: *k\n*k : 2\n".replace("*k : 2\n", "").as_str(), json!({"a": 1, "b": "a"}));
    reads("a: &x 1\nb: &x 2\nc: *x\n", json!({"a": 1, "b": 2, "c": 2}));
    reads("a: &x [&y 1, *y]\nb: [*x, *y]\n", json!({"a": [1, 1], "b": [[1, 1], 1]}));
}

#[test]
fn a_copied_large_object_finds_its_members() {
    let members: String = (0..40).map(|n| format!("  k{n}: {n}\n")).collect();
    let tree = clean(format!("a: &x\n{members}b: {{c: *x}}\nd:\n  <<: *x\n  k3: own\n"));
    for pointer in ["/a/k39", "/b/c/k39", "/d/k39"] {
        let node = tree.root().at_pointer(pointer).unwrap();
        assert_eq!(node.as_u64(), Some(39));
        assert_eq!(node.pointer(), pointer);
    }
    assert_eq!(tree.root().at_pointer("/d/k3").unwrap().as_str(), Some("own"));
    assert_eq!(tree.root().get("d").unwrap().len(), 40);
}

#[test]
fn merge_keys_add_what_is_not_there() {
    reads(
        "a: &x {p: 1, q: 2}\nb:\n  <<: *x\n  q: 3\n",
        json!({"a": {"p": 1, "q": 2}, "b": {"p": 1, "q": 3}}),
    );
    reads("a: &x {p: 1}\nb: {q: 3, <<: *x}\n", json!({"a": {"p": 1}, "b": {"p": 1, "q": 3}}));
    reads(
        "a: &x {p: 1}\nb: &y {p: 2, q: 2}\nc: {<<: [*x, *y, {r: 3}]}\n",
        json!({"a": {"p": 1}, "b": {"p": 2, "q": 2}, "c": {"p": 1, "q": 2, "r": 3}}),
    );
    reads(
        "a: &x {p: {deep: [1]}}\nb: &y {<<: *x}\nc: {<<: *y}\n",
        json!({
            "a": {"p": {"deep": [1]}}, "b": {"p": {"deep": [1]}}, "c": {"p": {"deep": [1]}}
        }),
    );
    reads("a: {<<: {p: 1}, q: 2}\n", json!({"a": {"p": 1, "q": 2}}));
    reads(
        "a: &x {p: 1}\nb: &y {q: 2}\nc:\n  <<: *x\n  <<: *y\n",
        json!({"a": {"p": 1}, "b": {"q": 2}, "c": {"p": 1, "q": 2}}),
    );
    reads("a: {\"<<\": {p: 1}}", json!({"a": {"<<": {"p": 1}}}));
}

#[test]
fn a_merge_of_no_mapping_is_an_error() {
    let (tree, _) = remarks("a:\n  <<: 12\n  p: 1\n", ("error", "merge-key", 2, 3, ""));
    assert_eq!(tree.root().to_json(), json!({"a": {"p": 1}}));
    remarks("a: &x [1]\nb: {<<: *x}\n", ("error", "merge-key", 2, 5, ""));
}

#[test]
fn the_last_of_equal_keys_wins() {
    let (tree, _) = remarks("a: 1\nb:\n  c: 1\n  c: 2\n", ("warning", "duplicate-key", 4, 3, "/b/c"));
    assert_eq!(tree.root().to_json(), json!({"a": 1, "b": {"c": 2}}));
    assert_eq!(tree.root().get("b").unwrap().len(), 1);
    assert_eq!(tree.root().at_pointer("/b/c").unwrap().position().line, 4);
    let (_, diagnostics) = parse("a: 1\na: 2\na: 3\n");
    assert_eq!(diagnostics.iter().map(|it| it.position.unwrap().line).collect::<Vec<_>>(), [2, 3]);
    remarks("200: a\n'200': b\n", ("warning", "duplicate-key", 2, 1, "/200"));
}

#[test]
fn a_large_object_reports_duplicates_too() {
    let members: String = (0..100).map(|n| format!("k{n}: {n}\n")).collect();
    let (tree, _) = remarks(format!("{members}k7: again\n"), ("warning", "duplicate-key", 101, 1, "/k7"));
    assert_eq!(tree.root().len(), 100);
    assert_eq!(tree.root().entries().count(), 100);
    assert_eq!(tree.root().get("k7").unwrap().as_str(), Some("again"));
}

#[test]
fn complex_keys_cost_only_their_member() {
    let (tree, _) = remarks("a: 1\n? [x, {y: z}]\n: {p: [1]}\nb: 2\n", ("error", "complex-key", 2, 3, ""));
    assert_eq!(tree.root().to_json(), json!({"a": 1, "b": 2}));
    remarks("a: {{ name }}\n", ("error", "complex-key", 1, 5, ""));
    remarks("a: &x [1]\n*x : 1\n", ("error", "complex-key", 2, 1, ""));
}

#[test]
fn aliases_without_a_finished_anchor_are_errors() {
    let (tree, _) = remarks("a: *x\nb: 1\n", ("error", "unknown-alias", 1, 4, "/a"));
    assert_eq!(tree.root().to_json(), json!({"a": null, "b": 1}));
    remarks("a: &x {b: [*x]}\n", ("error", "recursive-alias", 1, 12, "/a/b/0"));
    remarks("a: &x {<<: *x}\n", ("error", "recursive-alias", 1, 12, "/a/<<"));
}

#[test]
fn only_the_first_document_is_read() {
    let (tree, _) = remarks("---\na: 1\n---\nb: 2\n", ("warning", "many-documents", 3, 1, ""));
    assert_eq!(tree.root().to_json(), json!({"a": 1}));
    reads("---\na: 1\n...\n", json!({"a": 1}));
    reads("%YAML 1.2\n---\na: 1\n", json!({"a": 1}));
}

#[test]
fn files_without_a_value_are_null() {
    for text in ["", "\n", "# nothing\n", "\u{FEFF}"] {
        let (tree, _) = remarks(text, ("warning", "empty-file", 1, 1, ""));
        assert!(tree.root().is_null());
    }
    assert!(clean("---\n").root().is_null());
}

#[test]
fn line_ends_and_encodings() {
    reads("a: 1\r\nb:\r\n  - x\r\n", json!({"a": 1, "b": ["x"]}));
    reads("a: 1\rb: 2", json!({"a": 1, "b": 2}));
    reads("\u{FEFF}a: 1", json!({"a": 1}));
    reads("\u{FEFF}{\"a\": 1}", json!({"a": 1}));
    let mut little = vec![0xFF, 0xFE];
    little.extend("a: h\u{E9} \u{1F600}".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(clean(&little).root().to_json(), json!({"a": "h\u{E9} \u{1F600}"}));
    let mut big = vec![0xFE, 0xFF];
    big.extend("{\"a\": \"\u{E9}\"}".encode_utf16().flat_map(u16::to_be_bytes));
    assert_eq!(clean(&big).root().to_json(), json!({"a": "\u{E9}"}));
    let (tree, _) = remarks(b"a: 1\nb: h\xE9\n", ("warning", "not-utf8", 2, 5, ""));
    assert_eq!(tree.root().to_json(), json!({"a": 1, "b": "h\u{FFFD}"}));
}

#[test]
fn real_world_oddities_are_read() {
    // the closing brace at the parent's indentation, as Docker's document has it
    reads("a:\n  b: {\n    c: 1\n  }\n  d: [\n    1,\n  ]\n", json!({"a": {"b": {"c": 1}, "d": [1]}}));
    // a literal block, a comment and a plain scalar without a line break at the end of the file
    reads("a: |-\n  text", json!({"a": "text"}));
    reads("a: 1 # one", json!({"a": 1}));
}

#[test]
fn syntax_errors_say_where_and_what_would_be_right() {
    let table = [
        ("a:\n\tb: 1\n", 2, "indent with spaces"),
        ("a: 1\n  b: 2\n", 2, "indentation"),
        ("a: b: c\n", 1, "quotes"),
        ("a: \"open\nb: 1\n", 3, "close every quote"),
        ("a: [1, 2\nb: 3\n", 2, ""),
        ("a: 1\n- b\n", 2, "indent"),
        ("a: @x\n", 1, ""),
        ("a: \u{1}\n", 1, "remove the character"),
        ("  a: 1\nb: 2\n", 2, "indent"),
    ];
    for (text, line, help) in table {
        let (tree, diagnostics) = parse(text);
        let [diagnostic] = &diagnostics[..] else { panic!("{text}: {diagnostics:?}") };
        assert_eq!(diagnostic.code, "yaml-syntax", "{text}");
        assert!(diagnostic.is_error());
        assert_eq!(diagnostic.position.unwrap().line, line, "{text}: {diagnostic:?}");
        assert!(diagnostic.help.as_ref().unwrap().contains(help), "{text}: {diagnostic:?}");
        assert!(tree.root().is_null());
    }
}

#[test]
fn alias_bombs_are_refused_before_they_expand() {
    let mut bomb = "l0: &l0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let inner = vec![format!("*l{}", level - 1); 10].join(", ");
        bomb.push_str(&format!("l{level}: &l{level} [{inner}]\n"));
    }
    let (tree, diagnostics) = parse(&bomb);
    assert_eq!(diagnostics[0].code, "alias-bomb");
    assert!(tree.root().is_null());
    let merges = bomb
        .replace("[x, x, x, x, x, x, x, x, x, x]", "{a: 1, b: 2, c: 3}")
        .replace('[', "{<<: [")
        .replace(']', "]}");
    assert!(parse(&merges).1.len() <= 1);
}

#[test]
fn the_alias_budget_holds_at_its_edge() {
    // an anchor of 1000 values
    let copies =
        |count: usize| format!("a: &a [{}1]\nb: [{}]\n", "1, ".repeat(998), vec!["*a"; count].join(", "));
    let most = MAX_ALIAS_NODES / 1000;
    assert_eq!(clean(copies(most)).root().get("b").unwrap().len(), most);
    assert_eq!(parse(copies(most + 1)).1[0].code, "alias-bomb");
}

#[test]
fn aliases_cannot_exceed_the_depth() {
    let chain = |levels: usize| {
        let mut text = "a1: &a1 []\n".to_owned();
        for level in 2..=levels {
            text.push_str(&format!("a{level}: &a{level} [*a{}]\n", level - 1));
        }
        text
    };
    clean(chain(MAX_DEPTH - 1));
    assert_eq!(parse(chain(MAX_DEPTH)).1[0].code, "too-deep");
}
