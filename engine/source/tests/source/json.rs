//! JSON, and what is nearly JSON.

use mocker_source::limits::MAX_DEPTH;
use serde_json::{Value, json};

use crate::{clean, parse, reads, remarks};

#[test]
fn values_are_those_of_serde_json() {
    let texts = [
        "{}",
        "[]",
        " [ 1 , -2 , 3.5 , 1e3 , 1E-2, -0, 0, -0.0 ] ",
        r#"{"a": {"b": [true, false, null, "x"]}, "c": ""}"#,
        r#"["\"", "\\", "\/", "\b\f\n\r\t", "\u00e9", "\uD83D\uDE00", "a\\", "\\\""]"#,
        r#"{"\u0061": 1, "with \"quotes\"": 2, "": 3}"#,
        "[18446744073709551615, 9223372036854775808, -9223372036854775808, 18446744073709551616, 0.1, 1e-320]",
        "{\"a\":[1,2,{\"b\":[]}],\n\t\"c\":\"h\u{E9}\"}",
        "[5.4414501240618015, 123456789012345680000, 2.2250738585072014e-308]",
    ];
    for text in texts {
        reads(text, serde_json::from_str(text).unwrap());
    }
}

#[test]
fn the_last_of_equal_keys_wins() {
    let (tree, _) = remarks(r#"{"a": 1, "a": 2}"#, ("warning", "duplicate-key", 1, 10, "/a"));
    assert_eq!(tree.root().to_json(), json!({"a": 2}));
    let (tree, _) =
        remarks(r#"[{"a": {"b": 1}, "\u0061": {"c": 2}}]"#, ("warning", "duplicate-key", 1, 18, "/0/a"));
    assert_eq!(tree.root().to_json(), json!([{"a": {"c": 2}}]));
}

#[test]
fn what_is_nearly_json_is_read_as_yaml_with_a_warning() {
    let table = [
        ("{\"a\": [1, 2,],}", json!({"a": [1, 2]}), 13),
        ("{\"a\": 1, # one\n \"b\": 2}", json!({"a": 1, "b": 2}), 10),
        ("{a: 1}", json!({"a": 1}), 2),
        ("{'a': 1}", json!({"a": 1}), 2),
    ];
    for (text, expected, column) in table {
        let (tree, _) = remarks(text, ("warning", "json-syntax", 1, column, ""));
        assert_eq!(tree.root().to_json(), expected, "{text}");
    }
}

#[test]
fn what_is_neither_is_reported_as_json() {
    let table = [
        ("{\"a\": 1\n \"b\": 2}", 2, 2, "comma"),
        ("{\"a\": 1}\n{\"b\": 2}", 2, 1, "one file holds one value"),
        ("{\"a\": [1, 2}", 1, 12, "comma"),
        ("{\"a\": 1", 1, 7, "close every"),
        ("{\"h\u{E9}\": \"1\" \"b\"}", 1, 12, "comma"),
    ];
    for (text, line, column, help) in table {
        let (tree, diagnostic) = remarks(text, ("error", "json-syntax", line, column, ""));
        assert!(diagnostic.help.as_ref().unwrap().contains(help), "{text}: {diagnostic:?}");
        assert!(!diagnostic.message.contains(" line "), "{diagnostic:?}");
        assert!(tree.root().is_null());
    }
}

#[test]
fn numbers_beyond_a_float_are_null() {
    let (tree, _) = remarks(r#"{"a": [1e999]}"#, ("warning", "number-range", 1, 8, "/a/0"));
    assert_eq!(tree.root().to_json(), json!({"a": [null]}));
}

#[test]
fn lone_surrogates_are_replaced() {
    let (tree, _) = remarks(r#"["a\uD83Dz\n\uD83D\uDE00\uDE00"]"#, ("warning", "lone-surrogate", 1, 2, ""));
    assert_eq!(tree.root().to_json(), json!(["a\u{FFFD}z\n\u{1F600}\u{FFFD}"]));
}

#[test]
fn depth_is_limited() {
    let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    let tree = clean(nested(MAX_DEPTH));
    assert_eq!(serde_json::to_string(&tree.root().to_json()).unwrap(), nested(MAX_DEPTH));
    let column = MAX_DEPTH as u32 + 1;
    let (tree, _) = remarks(nested(MAX_DEPTH + 1), ("error", "too-deep", 1, column, ""));
    assert_eq!(tree.root().to_json(), Value::Null);
    assert_eq!(parse(nested(MAX_DEPTH).replace('1', "a: 1,").as_str()).1[0].code, "json-syntax");
}
