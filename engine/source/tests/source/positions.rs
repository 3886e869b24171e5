//! Lines and columns of values and keys.

use mocker_source::Node;

use crate::clean;

fn at(node: Node<'_>) -> (u32, u32) {
    (node.position().line, node.position().column)
}

/// Pointer, place of the value, place of its key.
type Row = (&'static str, (u32, u32), Option<(u32, u32)>);

#[track_caller]
fn stands(text: &str, table: &[Row]) {
    let tree = clean(text);
    for &(pointer, value, key) in table {
        let node = tree.root().at_pointer(pointer).unwrap();
        assert_eq!(at(node), value, "{pointer}");
        assert_eq!(node.pointer(), pointer);
        let key_position = node.key().and_then(|key| node.parent().unwrap().key_position(key));
        assert_eq!(key_position.map(|position| (position.line, position.column)), key, "key of {pointer}");
    }
}

#[test]
fn in_yaml() {
    let text = "# h\u{E9}llo\npaths:\n  /a~b:\n    get: &x\n      tags: [a, \u{E9}, {k: v}]\n  \"q\": *x\nlist:\n- one\n-   two: 2\n";
    stands(
        text,
        &[
            ("", (2, 1), None),
            ("/paths", (3, 3), Some((2, 1))),
            ("/paths/~1a~0b/get", (5, 7), Some((4, 5))),
            ("/paths/~1a~0b/get/tags", (5, 13), Some((5, 7))),
            ("/paths/~1a~0b/get/tags/1", (5, 17), None),
            ("/paths/~1a~0b/get/tags/2", (5, 20), None),
            ("/paths/~1a~0b/get/tags/2/k", (5, 24), Some((5, 21))),
            ("/paths/q/tags/0", (5, 14), None),
            ("/list", (8, 1), Some((7, 1))),
            ("/list/0", (8, 3), None),
            ("/list/1/two", (9, 10), Some((9, 5))),
        ]
        .map(|row| match row.0 {
            // an anchored value begins with its anchor
            "/paths/~1a~0b/get" => (row.0, (4, 10), row.2),
            _ => row,
        }),
    );
    let tree = clean(text);
    let copy = tree.root().at_pointer("/paths/q").unwrap();
    assert_eq!((copy.position().line, copy.pointer().as_str()), (4, "/paths/q"));
    assert_eq!(tree.root().get("paths").unwrap().key_position("q").unwrap().line, 6);
}

#[test]
fn in_json() {
    let text = "{\n  \"h\u{E9}\": [1, \"\u{1F600}\", {\"k\": null}],\r\n\t\"z\": {\"a\\\"b\": true}\n}";
    stands(
        text,
        &[
            ("", (1, 1), None),
            ("/h\u{E9}", (2, 9), Some((2, 3))),
            ("/h\u{E9}/0", (2, 10), None),
            ("/h\u{E9}/1", (2, 13), None),
            ("/h\u{E9}/2", (2, 18), None),
            ("/h\u{E9}/2/k", (2, 24), Some((2, 19))),
            ("/z", (3, 7), Some((3, 2))),
            ("/z/a\"b", (3, 16), Some((3, 8))),
        ],
    );
}

#[test]
fn of_every_value_of_a_long_text() {
    // crosses the blocks in which characters are counted, with wide characters throughout
    let lines: String = (0..500).map(|n| format!("k{n}: '{}'\n", "\u{20AC}x".repeat(n % 7))).collect();
    let tree = clean(&lines);
    for (index, (key, value)) in tree.root().entries().enumerate() {
        assert_eq!(at(value), (index as u32 + 1, key.len() as u32 + 3));
    }
    let items: String = (0..500).map(|n| format!("\"\u{20AC}\", {n}, ")).collect();
    let tree = clean(format!("[{items}0]"));
    let mut column = 2;
    for item in tree.root().items() {
        assert_eq!(at(item), (1, column));
        column += 2 + item.as_str().map_or(item.scalar_text().unwrap().len(), |_| 3) as u32;
    }
}
