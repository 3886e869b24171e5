//! The cursor.

use mocker_source::{Diagnostic, Kind, Severity};
use serde_json::json;

use crate::clean;

#[test]
fn kinds_and_scalars() {
    let tree = clean(
        "n: ~\nb: true\ni: -3\nf: 3.0\nbig: 18446744073709551615\ns: text\na: [1]\no: {x: 1}\nh: 1.5\n",
    );
    let get = |key: &str| tree.root().get(key).unwrap();
    let kinds = ["n", "b", "i", "f", "s", "a", "o"].map(|key| get(key).kind());
    use Kind::{Array, Bool, Null, Number, Object, String};
    assert_eq!(kinds, [Null, Bool, Number, Number, String, Array, Object]);
    assert!(get("n").is_null() && get("a").is_array() && get("o").is_object());
    assert_eq!(get("b").as_bool(), Some(true));
    assert_eq!((get("i").as_u64(), get("i").as_i64(), get("i").as_f64()), (None, Some(-3), Some(-3.0)));
    assert_eq!((get("f").as_u64(), get("f").as_i64()), (Some(3), Some(3)));
    assert_eq!(get("f").as_number(), serde_json::Number::from_f64(3.0));
    assert_eq!((get("h").as_u64(), get("h").as_i64()), (None, None));
    assert_eq!((get("big").as_u64(), get("big").as_i64()), (Some(u64::MAX), None));
    assert_eq!((get("s").as_str(), get("s").as_f64(), get("s").as_bool()), (Some("text"), None, None));
    assert_eq!(get("i").as_str(), None);
}

#[test]
fn ways_through_the_tree() {
    let tree = clean(r#"{"a/b": [10, {"~": 1, "": {"x": 2}}], "e": {}, "f": []}"#);
    let root = tree.root();
    for pointer in ["", "/a~1b", "/a~1b/0", "/a~1b/1/~0", "/a~1b/1/", "/a~1b/1//x", "/e"] {
        let node = root.at_pointer(pointer).unwrap();
        assert_eq!(node.pointer(), pointer);
        assert_eq!(tree.node(node.id()).pointer(), pointer);
    }
    for pointer in ["a~1b", "/a", "/a~1b/2", "/a~1b/00", "/a~1b/-", "/a~1b/+1", "/a~1b/0/x", "/e/x", "/"] {
        assert_eq!(root.at_pointer(pointer), None, "{pointer}");
    }
    let list = root.get("a/b").unwrap();
    assert_eq!((root.len(), list.len(), list.at(0).unwrap().len()), (3, 2, 0));
    assert!(root.get("e").unwrap().is_empty() && root.get("f").unwrap().is_empty());
    assert_eq!(list.items().count(), 2);
    assert_eq!((list.entries().count(), root.items().count()), (0, 0));
    assert_eq!(root.entries().map(|(key, _)| key).collect::<Vec<_>>(), ["a/b", "e", "f"]);
    assert_eq!((list.key(), list.parent()), (Some("a/b"), Some(root)));
    assert_eq!((root.key(), root.parent(), list.at(0).unwrap().key()), (None, None, None));
    assert_eq!((list.get("a/b"), root.at(0), root.get("x")), (None, None, None));
}

#[test]
fn large_objects_find_their_members() {
    for len in [15, 16, 17, 5000] {
        let members: Vec<String> = (0..len).map(|n| format!("\"k{n}\": {{\"v\": {n}}}")).collect();
        let tree = clean(format!("{{{}}}", members.join(",")));
        for n in 0..len {
            assert_eq!(tree.root().get(&format!("k{n}")).unwrap().get("v").unwrap().as_u64(), Some(n));
        }
        assert_eq!(tree.root().get("v"), None);
        assert_eq!(tree.root().len(), len as usize);
    }
}

#[test]
fn json_is_written_compact_and_escaped() {
    let tree = clean(
        "a: [1, 1.0, -0.0, 1e300, 0.1, 18446744073709551615, 0x10]\n\"q\\\"\\n\": \"\\t\\u0001\u{E9}\\\\/\"\nn: ~\nt: true\nf: false\ne: {}\nl: []\n",
    );
    let mut out = b"> ".to_vec();
    tree.root().write_json(&mut out);
    let expected = r#"> {"a":[1,1.0,-0.0,1e+300,0.1,18446744073709551615,16],"q\"\n":"\t\u0001é\\/","n":null,"t":true,"f":false,"e":{},"l":[]}"#;
    assert_eq!(String::from_utf8(out).unwrap(), expected);
    assert_eq!(tree.root().get("a").unwrap().to_json(), json!([1, 1.0, -0.0, 1e300, 0.1, u64::MAX, 16]));
}

#[test]
fn diagnostics_take_their_place_from_a_value() {
    let tree = clean("a:\n  b: 1\n");
    let node = tree.root().at_pointer("/a/b").unwrap();
    let error = Diagnostic::error("some-code", node, "it is wrong").with_help("make it right");
    assert_eq!(
        (error.severity, error.position, error.pointer.as_str()),
        (Severity::Error, Some(node.position()), "/a/b")
    );
    assert_eq!(error.help.as_deref(), Some("make it right"));
    assert_eq!(Diagnostic::warning("some-code", node, "odd").severity, Severity::Warning);
    assert_eq!(Diagnostic::error_at("some-code", None, "gone").position, None);
}
