//! YAML scalars, one rule a line.

use serde_json::{Value, json};

use crate::{clean, reads, remarks};

#[test]
fn plain_scalars_follow_the_core_schema() {
    let table: &[(&str, Value)] = &[
        ("true", json!(true)),
        ("True", json!(true)),
        ("TRUE", json!(true)),
        ("false", json!(false)),
        ("False", json!(false)),
        ("FALSE", json!(false)),
        ("tRue", json!("tRue")),
        ("NO", json!("NO")),
        ("no", json!("no")),
        ("yes", json!("yes")),
        ("on", json!("on")),
        ("off", json!("off")),
        ("y", json!("y")),
        ("null", Value::Null),
        ("Null", Value::Null),
        ("NULL", Value::Null),
        ("~", Value::Null),
        ("", Value::Null),
        ("nULL", json!("nULL")),
        ("0", json!(0)),
        ("12", json!(12)),
        ("-12", json!(-12)),
        ("+12", json!(12)),
        ("007", json!("007")),
        ("08", json!("08")),
        ("00", json!("00")),
        ("-01", json!("-01")),
        ("0x1F", json!(31)),
        ("0xg", json!("0xg")),
        ("0x", json!("0x")),
        ("-0x1F", json!("-0x1F")),
        ("0o17", json!(15)),
        ("0o18", json!("0o18")),
        ("0b11", json!("0b11")),
        ("1_000", json!("1_000")),
        ("12:30:45", json!("12:30:45")),
        ("2001-12-14", json!("2001-12-14")),
        ("2001-12-14T21:59:43.10Z", json!("2001-12-14T21:59:43.10Z")),
        ("1.5", json!(1.5)),
        ("1.", json!(1.0)),
        (".5", json!(0.5)),
        ("-.5", json!(-0.5)),
        (".", json!(".")),
        ("1.2.3", json!("1.2.3")),
        ("1e3", json!(1000.0)),
        ("1E+2", json!(100.0)),
        ("1.5e-2", json!(0.015)),
        ("1e", json!("1e")),
        ("e3", json!("e3")),
        ("1e3x", json!("1e3x")),
        ("+", json!("+")),
        ("1e999", json!("1e999")),
        ("9223372036854775807", json!(9_223_372_036_854_775_807_i64)),
        ("-9223372036854775808", json!(-9_223_372_036_854_775_808_i64)),
        ("18446744073709551615", json!(18_446_744_073_709_551_615_u64)),
        ("18446744073709551616", json!(18_446_744_073_709_551_616_f64)),
        ("-9223372036854776000", json!(-9_223_372_036_854_776_000_f64)),
        ("0xFFFFFFFFFFFFFFFF", json!(18_446_744_073_709_551_615_u64)),
        ("0x10000000000000000", json!(18_446_744_073_709_551_616_f64)),
        ("=", json!("=")),
        ("inf", json!("inf")),
        ("nan", json!("nan")),
    ];
    for (text, expected) in table {
        reads(&format!("value: {text}\n"), json!({"value": expected}));
        reads(&format!("- {text}\n- x\n"), json!([expected, "x"]));
    }
}

#[test]
fn quotes_blocks_and_tags_decide_before_the_text_does() {
    let table: &[(&str, Value)] = &[
        ("'12'", json!("12")),
        ("\"true\"", json!("true")),
        ("''", json!("")),
        ("|\n  12\n", json!("12\n")),
        (">-\n  a\n  b\n", json!("a b")),
        ("!!str 12", json!("12")),
        ("! 12", json!("12")),
        ("!!str", json!("")),
        ("!!int '12'", json!(12)),
        ("!!float '1.5'", json!(1.5)),
        ("!!bool 'true'", json!(true)),
        ("!!null ''", Value::Null),
        ("!!binary aGVsbG8=", json!("aGVsbG8=")),
        ("!!binary 12", json!("12")),
        ("!!timestamp 2001", json!("2001")),
        ("!mine 12", json!(12)),
        ("!mine text", json!("text")),
        ("!mine '12'", json!("12")),
        ("!Ref {a: 1}", json!({"a": 1})),
        ("!!set {a: }", json!({"a": null})),
        ("\"\\u263A \\x41 \\n\"", json!("\u{263A} A \n")),
    ];
    for (text, expected) in table {
        reads(&format!("value: {text}\n"), json!({"value": expected}));
    }
}

#[test]
fn numbers_without_a_json_form_are_null() {
    for text in [".inf", "-.Inf", "+.INF", ".nan", ".NaN", ".NAN"] {
        let (tree, _) = remarks(format!("a: {text}"), ("warning", "number-range", 1, 4, "/a"));
        assert_eq!(tree.root().to_json(), json!({"a": null}));
        assert_eq!(tree.root().get("a").unwrap().scalar_text(), Some(text));
    }
}

#[test]
fn keys_are_their_text() {
    reads(
        "200: a\n'201': b\ntrue: c\nnull: d\n1.0: e\n~: f\n0x10: g\n",
        json!({"200": "a", "201": "b", "true": "c", "null": "d", "1.0": "e", "~": "f", "0x10": "g"}),
    );
    reads("? a\n: 1\n? b\n", json!({"a": 1, "b": null}));
}

#[test]
fn scalars_keep_how_they_are_written() {
    let tree = clean("version: 1.10\nhex: 0x1F\ntext: 'a'\nno: ~\nyes: True\nlist: []\n");
    let text = |key: &str| tree.root().get(key).unwrap().scalar_text();
    assert_eq!(text("version"), Some("1.10"));
    assert_eq!(text("hex"), Some("0x1F"));
    assert_eq!(text("text"), Some("a"));
    assert_eq!(text("no"), Some("~"));
    assert_eq!(text("yes"), Some("True"));
    assert_eq!(text("list"), None);
    let tree = clean(r#"{"version": 1.10}"#);
    assert_eq!(tree.root().get("version").unwrap().scalar_text(), Some("1.10"));
}
