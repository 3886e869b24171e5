//! Configurations, checked against the schema of a plugin.

use mocker_scripting::plugin::limits::FAULTS;
use mocker_scripting::plugin::{Manifest, Misconfiguration};
use mocker_source::{FileId, Position};
use serde_json::{Value, json};

/// The plugin whose configuration has this schema.
fn plugin(schema: &Value) -> Manifest {
    let text =
        json!({ "name": "a", "version": "1.0.0", "description": "b", "hooks": ["before"], "config": schema });
    let (manifest, faults) = Manifest::read(FileId(0), &text.to_string());
    assert_eq!(faults, []);
    manifest.unwrap()
}

fn user() -> Value {
    json!({
        "type": "object",
        "required": ["name"],
        "additionalProperties": false,
        "properties": {
            "name": { "type": "string", "description": "What they are called.", "examples": ["ann"] },
            "role": { "enum": ["reader", "writer"], "default": "reader" },
        },
    })
}

fn schema() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "users": { "type": "array", "items": { "$ref": "#/$defs/user" } },
            "by_name": { "type": "object", "additionalProperties": { "$ref": "#/$defs/user" } },
            "limits": { "type": "object", "default": {}, "properties": { "rate/s": { "type": "integer", "default": 5 } } },
            "pair": { "prefixItems": [{ "properties": { "x": { "default": 1 } } }] },
            "whole": { "allOf": [{ "properties": { "y": { "default": 2 } } }] },
            "null": { "type": ["string", "null"], "default": null },
        },
        "$defs": { "user": user() },
    })
}

#[test]
fn defaults_are_added_where_something_was_left_out() {
    let plugin = plugin(&schema());
    let usual = json!({ "limits": { "rate/s": 5 }, "null": null });
    for (given, expected) in [
        (json!({}), json!({})),
        (json!({ "limits": { "rate/s": 7 } }), json!({ "limits": { "rate/s": 7 } })),
        (
            json!({ "users": [{ "name": "ann" }, { "name": "bob", "role": "writer" }] }),
            json!({ "users": [{ "name": "ann", "role": "reader" }, { "name": "bob", "role": "writer" }] }),
        ),
        (
            json!({ "by_name": { "x": { "name": "ann" } } }),
            json!({ "by_name": { "x": { "name": "ann", "role": "reader" } } }),
        ),
        (json!({ "pair": [{}, {}] }), json!({ "pair": [{ "x": 1 }, {}] })),
        (json!({ "whole": {} }), json!({ "whole": { "y": 2 } })),
        (json!({ "null": "a" }), json!({ "null": "a" })),
    ] {
        let mut whole = usual.clone();
        whole.as_object_mut().unwrap().extend(expected.as_object().unwrap().clone());
        assert_eq!(plugin.configure(&given), Ok(whole), "{given}");
    }
}

#[test]
fn schemas_without_end_are_filled_to_an_end() {
    let cycle = plugin(&json!({ "properties": { "a": { "$ref": "#", "default": {} } } }));
    let filled = cycle.configure(&json!({})).unwrap();
    let depth = std::iter::successors(Some(&filled), |value| value.get("a")).count();
    assert!((10..100).contains(&depth), "{depth}");
    // 2 to the power of 20 schemas, were they all entered
    let defs: serde_json::Map<String, Value> = (1..=20)
        .map(|level| {
            let next = json!({ "$ref": format!("#/$defs/l{}", level - 1) });
            (format!("l{level}"), json!({ "allOf": [next.clone(), next] }))
        })
        .chain([("l0".to_owned(), json!({ "properties": { "a": { "default": 1 } } }))])
        .collect();
    let doubled = plugin(&json!({ "$ref": "#/$defs/l20", "$defs": defs }));
    assert_eq!(doubled.configure(&json!({})), Ok(json!({ "a": 1 })));
}

#[test]
fn what_would_be_right_is_told() {
    let plugin = plugin(&schema());
    for (given, pointer, message, help) in [
        (json!({ "user": [] }), "/user", "`user` is not known", "did you mean `users`?"),
        (json!({ "zzzzzz": 1 }), "/zzzzzz", "`zzzzzz` is not known", "what is known: `users`, `by_name`"),
        (json!({ "users": 1 }), "/users", "`users` must be array", ""),
        (
            json!({ "users": [{}] }),
            "/users/0",
            "`name` is missing",
            "What they are called; for example `ann`",
        ),
        (
            json!({ "users": [{ "name": 1 }] }),
            "/users/0/name",
            "`users[0].name` must be string",
            "for example `ann`",
        ),
        (
            json!({ "users": [{ "name": "a", "role": "write" }] }),
            "/users/0/role",
            "`users[0].role` must be one of: reader, writer",
            "did you mean `writer`?",
        ),
        (
            json!({ "by_name": { "a/b": { "nam": 1, "name": "" } } }),
            "/by_name/a~1b/nam",
            "`nam` is not known",
            "`name`",
        ),
        (
            json!({ "limits": { "rate/s": "x" } }),
            "/limits/rate~1s",
            "`limits.rate/s` must be integer",
            "for example `5`",
        ),
        (json!([]), "", "mapping", ""),
    ] {
        let faults = plugin.configure(&given).unwrap_err();
        let Misconfiguration { pointer: at, message: told, help: hint } = &faults[0];
        assert_eq!((at.as_str(), faults.len()), (pointer, 1), "{given}: {faults:#?}");
        assert!(told.contains(message), "{told} and not {message}");
        assert!(hint.as_deref().unwrap_or_default().contains(help), "{hint:?} and not {help}");
    }
}

#[test]
fn a_plugin_without_schema_takes_nothing() {
    let text = "name: a\nversion: 1.0.0\ndescription: b\nhooks: [before]";
    let plugin = Manifest::read(FileId(0), text).0.unwrap();
    assert_eq!(plugin.configure(&json!({})), Ok(json!({})));
    let faults = plugin.configure(&json!({ "a": 1 })).unwrap_err();
    assert_eq!(faults[0].help.as_deref(), Some("there is nothing to configure here"));
}

#[test]
fn faults_stand_where_the_user_wrote_them() {
    let text = "a:\n  config:\n    users:\n      - name: ann\n        rol: reader\n";
    let (tree, _) = mocker_source::parse(FileId(2), text.as_bytes());
    let config = tree.root().at_pointer("/a/config").unwrap();
    let place = |pointer: &str| {
        let node = config.at_pointer(pointer)?;
        let key = node.key().zip(node.parent()).and_then(|(key, parent)| parent.key_position(key));
        Some(key.unwrap_or_else(|| node.position()))
    };
    let faults = plugin(&schema()).configure(&config.to_json()).unwrap_err();
    let told: Vec<_> = faults.into_iter().map(|fault| fault.diagnostic("a", &place)).collect();
    assert_eq!(told[0].position, Some(Position { file: FileId(2), line: 5, column: 9 }));
    assert_eq!((told[0].code, told[0].help.as_deref()), ("plugin-config", Some("did you mean `role`?")));
}

#[test]
fn not_all_faults_are_told() {
    for (count, told) in [(FAULTS, FAULTS), (FAULTS + 1, FAULTS)] {
        let users: Vec<Value> = (0..count).map(|_| json!({})).collect();
        assert_eq!(plugin(&schema()).configure(&json!({ "users": users })).unwrap_err().len(), told);
    }
}
