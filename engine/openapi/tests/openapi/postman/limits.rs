//! What collections cannot make large, and that nothing in them does harm.

use std::time::{Duration, Instant};

use mocker_openapi::limits::{self, Limits};
use mocker_openapi::{MemoryFetch, load, load_within};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{LIBRARY, clean, collection, examples};
use crate::disk::{file, lines, load_text};

#[test]
fn limits_hold() {
    let mut inner = json!([{"request": "/deep"}]);
    for _ in 0..=limits::FOLDER_DEPTH {
        inner = json!([{"name": "f", "item": inner}]);
    }
    let loaded = load_text(&collection(&inner, &json!({})));
    assert_eq!(loaded.diagnostics.len(), 1, "{:?}", loaded.diagnostics);
    assert_eq!(loaded.diagnostics[0].code, "folder-depth");
    let allowed = &inner[0]["item"];
    assert_eq!(clean(allowed, &json!({})).operations.len(), 1);

    let responses: Vec<Value> =
        (0..=limits::SAVED_RESPONSES).map(|n| json!({"code": 200, "body": n.to_string()})).collect();
    let loaded = load_text(&collection(&json!([{"request": "/a", "response": responses}]), &json!({})));
    assert_eq!(lines(&loaded).len(), 1);
    let content = &loaded.document.unwrap().operations[0].responses[0].1.content[0];
    assert_eq!(content.examples.len(), limits::SAVED_RESPONSES);

    let fields: Vec<Value> = (0..=limits::PARAMETERS).map(|n| json!({"key": format!("X-{n}")})).collect();
    let loaded = load_text(&collection(&json!([{"request": {"url": "/a", "header": fields}}]), &json!({})));
    assert_eq!(loaded.document.unwrap().operations[0].parameters.len(), limits::PARAMETERS);

    let requests: Vec<Value> = (0..3).map(|n| json!({"request": format!("/{n}")})).collect();
    let text = collection(&json!(requests), &json!({}));
    let mut fetch = MemoryFetch::default().with(file("a.json"), text);
    let few = Limits { operations: 2, ..Limits::default() };
    let loaded = load_within(file("a.json"), &mut fetch, &few);
    assert_eq!(lines(&loaded), ["error too-many-operations 1:1"]);
    assert_eq!(loaded.document.unwrap().operations.len(), 2);
}

#[test]
fn variables_cannot_blow_up() {
    let mut variables = vec![json!({"key": "v0", "value": "x".repeat(1_000)})];
    for level in 1..15 {
        let inner = format!("{{{{v{}}}}}", level - 1);
        variables.push(json!({"key": format!("v{level}"), "value": inner.repeat(10)}));
    }
    let items: Vec<Value> = (0..200).map(|n| json!({"request": format!("/{n}/{{{{v14}}}}")})).collect();
    let loaded = load_text(&collection(&json!(items), &json!({"variable": variables})));
    assert!(loaded.diagnostics.iter().all(|diagnostic| diagnostic.code == "variable-limit"));
    assert_eq!(&*loaded.document.unwrap().operations[7].path, "/7/{v14}");
}

/// What is refused costs no more than what it is.
#[test]
fn variables_that_are_too_long_take_no_time() {
    let value = " ".repeat(16 << 20) + "x";
    let fields: Vec<Value> =
        (0..limits::PARAMETERS).map(|n| json!({"key": format!("X-{n}"), "value": "{{v}}"})).collect();
    let items: Vec<Value> =
        (0..40).map(|n| json!({"request": {"url": format!("/{n}"), "header": fields}})).collect();
    let text = collection(&json!(items), &json!({"variable": [{"key": "v", "value": value}]}));
    let started = Instant::now();
    let loaded = load_text(&text);
    assert_eq!(loaded.diagnostics.iter().map(|fault| fault.code).collect::<Vec<_>>(), ["variable-limit"]);
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}

/// What was refused because of its size is spent, as far as it was copied.
#[test]
fn variables_that_are_nearly_too_long_are_spent() {
    let more = json!({"variable": [
        {"key": "most", "value": "x".repeat(limits::VARIABLE_BYTES - 10)},
        {"key": "more", "value": "y".repeat(1_000)},
    ]});
    let fields = |value: &str, count: usize| -> Vec<Value> {
        (0..count).map(|n| json!({"key": format!("X-{n}"), "value": value})).collect()
    };
    let refused = limits::TOTAL_VARIABLE_BYTES / limits::VARIABLE_BYTES + 1;
    for (count, expected) in [(1, format!("a{}", "y".repeat(1_000))), (refused, "a{{more}}".to_owned())] {
        let items = json!([
            {"request": {"url": "/a", "header": fields("{{most}}{{more}}", count)}},
            {"request": {"url": "/b"}, "response": [{"code": 200, "body": "a{{more}}"}]},
        ]);
        let loaded = load_text(&collection(&items, &more));
        let operation = &loaded.document.unwrap().operations[1];
        let sent = format!("as it stands: {expected}");
        assert_eq!(examples(&operation.responses[0].1.content[0]), [("default", &*sent)]);
    }
}

#[test]
fn a_path_of_many_variables_is_left_early() {
    let path: String = (0..limits::TEMPLATE_VARIABLES * 3).map(|n| format!("{{{{n{n}}}}}")).collect();
    let loaded = load_text(&collection(&json!([{"request": format!("h/{path}")}]), &json!({})));
    let of = |code| loaded.diagnostics.iter().filter(|fault| fault.code == code).count();
    assert_eq!((of("variable-unknown"), of("path-template")), (limits::TEMPLATE_VARIABLES + 1, 1));
    assert_eq!(loaded.diagnostics.len(), limits::TEMPLATE_VARIABLES + 2);
}

/// What takes the place of a value.
fn wrong_values() -> impl Strategy<Value = Value> {
    let odd = [
        json!(null),
        json!(true),
        json!(-1.5),
        json!(200),
        json!(""),
        json!("{{a}}"),
        json!("{{{{}}}}://:{/?#:"),
        json!(":é{{é"),
        json!([]),
        json!({}),
        json!([[[null]]]),
        json!({"key": {}, "value": [], "item": {"$ref": "#"}}),
        json!({"$ref": "#/item"}),
        json!([{"key": "a", "value": "{{a}}{{a}}"}, 7, "b:c"]),
    ];
    prop::sample::select(odd.to_vec())
}

/// Every place in `value`, by pointer.
fn places(value: &Value, here: &str, out: &mut Vec<String>) {
    out.push(here.to_owned());
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| places(item, &format!("{here}/{at}"), out))
        }
        Value::Object(members) => {
            members.iter().for_each(|(key, member)| places(member, &format!("{here}/{key}"), out))
        }
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn mutated_collections_do_no_harm(
        mutations in prop::collection::vec((any::<prop::sample::Index>(), wrong_values()), 1..6)
    ) {
        let mut root: Value = serde_json::from_str(LIBRARY).unwrap();
        for (at, wrong) in mutations {
            let mut pointers = Vec::new();
            places(&root, "", &mut pointers);
            *root.pointer_mut(&pointers[at.index(pointers.len())]).unwrap() = wrong;
        }
        let text = root.to_string();
        let loaded = load(file("a.json"), &mut MemoryFetch::default().with(file("a.json"), text));
        prop_assert!(loaded.document.is_some() || loaded.diagnostics.iter().any(|d| d.is_error()));
        for operation in loaded.document.iter().flat_map(|document| &document.operations) {
            prop_assert!(operation.path.starts_with('/') && !operation.responses.is_empty());
        }
    }

    #[test]
    fn any_url_is_read(url in "([a-z:/?#{}.&=é]|\\{\\{|\\}\\}|://){0,12}") {
        let items = json!([{"request": url}, {"request": {"url": {"host": [url], "path": [url, url]}}}]);
        let loaded = load_text(&collection(&items, &json!({"variable": [{"key": "a", "value": url}]})));
        prop_assert!(loaded.document.is_some());
    }
}
