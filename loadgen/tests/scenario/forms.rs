//! Forms: whatever is written, the server reads.

use mocker_loadgen::scenario::{Options, of_document};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::corpus::judge;
use crate::documents::of_text;

/// Schema, value and `encoding` of a member.
fn member() -> impl Strategy<Value = (Value, Value, Value)> {
    let text = "[a-c,;.|=&%+\\[\\]\" \\r\\n\\té-]{0,5}";
    let texts = proptest::collection::vec(text, 0..4);
    let members = proptest::collection::btree_map("[a-c.,;= ]{1,3}", text, 0..3);
    let list = prop_oneof![
        Just(json!({})),
        Just(json!({"style": "form", "explode": false})),
        Just(json!({"style": "spaceDelimited"})),
        Just(json!({"style": "pipeDelimited"})),
        Just(json!({"contentType": "application/json"})),
    ];
    let object = prop_oneof![Just(json!({})), Just(json!({"style": "deepObject", "explode": true}))];
    prop_oneof![
        text.prop_map(|text| (json!({"type": "string"}), json!(text), json!({}))),
        any::<i32>().prop_map(|number| (json!({"type": "integer"}), json!(number), json!({}))),
        any::<bool>().prop_map(|truth| (json!({"type": "boolean"}), json!(truth), json!({}))),
        (texts, list).prop_map(|(texts, encoding)| {
            (json!({"type": "array", "items": {"type": "string"}}), json!(texts), encoding)
        }),
        (members, object).prop_map(|(members, encoding)| {
            (json!({"type": "object", "additionalProperties": {"type": "string"}}), json!(members), encoding)
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// The schema admits one value only, so the server takes the request only if it reads what was written.
    #[test]
    fn what_is_written_is_read(
        members in proptest::collection::btree_map("[a-c &=%é]{1,3}", member(), 1..4),
        is_multipart: bool,
    ) {
        let mut properties = Map::new();
        let mut encodings = Map::new();
        for (name, (mut schema, value, encoding)) in members {
            schema["const"] = value;
            properties.insert(name.clone(), schema);
            encodings.insert(name, encoding);
        }
        let required: Vec<&String> = properties.keys().collect();
        let schema = json!({"type": "object", "required": required, "properties": properties});
        let media = if is_multipart { "multipart/form-data" } else { "application/x-www-form-urlencoded" };
        let document = json!({
            "openapi": "3.1.0",
            "info": {"title": "t", "version": "1"},
            "paths": {"/p": {"post": {
                "requestBody": {"required": true, "content": {media: {"schema": schema, "encoding": encodings}}},
                "responses": {"204": {"description": "ok"}},
            }}},
        });
        let document = of_text(&document.to_string());
        let (scenario, _) = of_document(&document, &Options::default());
        let (_, refused) = judge(&document, &scenario, "");
        prop_assert!(refused.is_empty(), "{}", refused.join("\n"));
    }
}
