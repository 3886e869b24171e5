//! TOML is read as YAML and JSON are.

use mocker_source::{FileId, parse_toml};
use serde_json::json;

const TEXT: &str = concat!(
    "# comment\n",
    "specs = [\"a.yaml\", 'b.yaml']\n",
    "[server]\n",
    "port = 0x1F\n",
    "\"ünit\" = \"ä\" # \n",
    "limits.head = 1_000\n",
    "when = 2024-01-02\n",
    "[scripts.\"GET /pets\"]\n",
    "file = \"x\"\n",
    "[[plugins]]\n",
    "name = \"jwt\"\n",
    "on = true\n",
    "[[plugins]]\n",
    "share = -0.5\n",
);

#[test]
fn every_kind_of_value_is_read() {
    let (tree, faults) = parse_toml(FileId(0), TEXT.as_bytes());
    assert_eq!(faults, []);
    let expected = json!({
        "specs": ["a.yaml", "b.yaml"],
        "server": {"port": 31, "ünit": "ä", "limits": {"head": 1000}, "when": "2024-01-02"},
        "scripts": {"GET /pets": {"file": "x"}},
        "plugins": [{"name": "jwt", "on": true}, {"share": -0.5}],
    });
    assert_eq!(tree.root().to_json(), expected);
}

#[test]
fn values_and_keys_have_their_places() {
    let (tree, _) = parse_toml(FileId(0), TEXT.as_bytes());
    let place = |pointer: &str| {
        let position = tree.root().at_pointer(pointer).unwrap().position();
        (position.line, position.column)
    };
    for (pointer, expected) in [
        ("/specs/1", (2, 20)),
        ("/server/port", (4, 8)),
        ("/server/ünit", (5, 10)),
        ("/server/limits/head", (6, 15)),
        ("/scripts/GET ~1pets/file", (9, 8)),
        ("/plugins/1/share", (14, 9)),
    ] {
        assert_eq!(place(pointer), expected, "{pointer}");
    }
    let key = tree.root().get("server").unwrap().key_position("port").unwrap();
    assert_eq!((key.line, key.column), (4, 1));
}

#[test]
fn every_fault_is_told_with_its_place() {
    let (_, faults) = parse_toml(FileId(0), b"a = \nb = 1\nb = 2\n[c\n");
    assert!(faults.len() >= 3, "{faults:?}");
    assert!(faults.iter().all(|fault| fault.code == "toml-syntax" && fault.position.is_some()), "{faults:?}");
    assert_eq!(faults[0].position.unwrap().line, 1);
}

proptest::proptest! {
    #[test]
    fn no_text_panics(text in "[a-c=\\[\\]{}\"'.,\n0-9x_+#-]{0,60}") {
        let (tree, _) = parse_toml(FileId(0), text.as_bytes());
        let _ = tree.root().to_json();
    }
}
