//! What holds for every value.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{clean, parse};

fn value() -> impl Strategy<Value = Value> {
    let text = prop_oneof![any::<String>(), "[a-z0-9~/<>:\\-\\\\\"#&*!|%@` \t\n]{0,12}", "\\PC{0,80}"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_filter("JSON has no such number", |float| float.is_finite()).prop_map(Value::from),
        (-1000..1000_i32).prop_map(|n| json!(f64::from(n) / 8.0)),
        text.clone().prop_map(Value::String),
    ];
    leaf.prop_recursive(6, 200, 24, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..24).prop_map(Value::Array),
            prop::collection::btree_map(text.clone(), inner, 0..24)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Every value is found under its pointer, and knows it.
fn check_pointers(node: mocker_source::Node<'_>, expected: &Value) {
    assert_eq!(node.tree().root().at_pointer(&node.pointer()), Some(node));
    match expected {
        Value::Array(items) => {
            assert_eq!(node.len(), items.len());
            node.items().zip(items).for_each(|(node, item)| check_pointers(node, item));
        }
        Value::Object(members) => {
            assert_eq!(node.len(), members.len());
            members.iter().for_each(|(key, member)| check_pointers(node.get(key).unwrap(), member));
        }
        scalar => assert_eq!(node.to_json(), *scalar),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn json_survives(value in value(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        let tree = clean(&text);
        prop_assert_eq!(&tree.root().to_json(), &value);
        check_pointers(tree.root(), &value);
        let mut written = Vec::new();
        tree.root().write_json(&mut written);
        prop_assert_eq!(String::from_utf8(written).unwrap(), serde_json::to_string(&value).unwrap());
    }

    #[test]
    fn json_is_yaml(value in value()) {
        // YAML refuses DEL and the C1 controls unescaped, which JSON does not
        let text: String = serde_json::to_string(&value).unwrap().chars().map(|character| match character {
            '\u{7F}'..='\u{9F}' | '\u{FEFF}' | '\u{2028}' | '\u{2029}' | '\u{FFFE}' | '\u{FFFF}' => '?',
            other => other,
        }).collect();
        let value: Value = serde_json::from_str(&text).unwrap();
        let tree = clean(format!("---\n{text}"));
        prop_assert_eq!(tree.root().to_json(), value);
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let (tree, _) = parse(bytes);
        tree.root().to_json();
    }

    #[test]
    fn no_yaml_like_text_panics(text in "([a-c]|[&*][xy]|[\\[\\]{},:?|>!%@`'\"#~<-]|<<: |: |- |\n|\n  |\t|\r|\\\\u|é|0x|12|---\n){0,60}") {
        let (tree, diagnostics) = parse(text);
        let mut written = Vec::new();
        tree.root().write_json(&mut written);
        serde_json::from_slice::<Value>(&written).unwrap();
        for diagnostic in diagnostics {
            prop_assert!(diagnostic.pointer.is_empty() || tree.root().at_pointer(&diagnostic.pointer).is_some() || diagnostic.pointer.ends_with("<<"));
        }
    }

    #[test]
    fn no_damaged_document_panics(value in value(), cut in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = serde_json::to_vec(&value).unwrap();
        let at = cut.index(bytes.len());
        bytes[at] = byte;
        parse(&bytes);
        bytes.truncate(at);
        parse(&bytes);
    }
}
