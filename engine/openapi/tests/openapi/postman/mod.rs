//! How Postman collections become the model.

mod bodies;
mod limits;
mod requests;

use mocker_openapi::Document;
use mocker_openapi::model::{ExampleValue, MediaType, Method, Operation};
use mocker_schema::SchemaId;
use mocker_schema::validate::Direction;
use serde_json::{Value, json};

use crate::disk::{assert_clean, load_text};

const LIBRARY: &str = include_str!("../../collections/library.json");

fn library() -> Document {
    let loaded = load_text(LIBRARY);
    assert_clean(&loaded);
    loaded.document.unwrap()
}

/// A collection of these items, with more members of the collection behind them.
fn collection(items: &Value, more: &Value) -> String {
    let mut root = json!({
        "info": {"name": "T", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
        "item": items,
    });
    let members = root.as_object_mut().unwrap();
    members.extend(more.as_object().unwrap().clone());
    root.to_string()
}

fn clean(items: &Value, more: &Value) -> Document {
    let loaded = load_text(&collection(items, more));
    assert_clean(&loaded);
    loaded.document.unwrap()
}

fn operation<'d>(document: &'d Document, method: Method, path: &str) -> &'d Operation {
    let found = document.operations.iter().find(|o| o.method == method && *o.path == *path);
    found.unwrap_or_else(|| panic!("{method:?} {path}"))
}

fn examples(media: &MediaType) -> Vec<(&str, &str)> {
    let text = |value: &'_ ExampleValue| match value {
        ExampleValue::Json(text) => text.to_string(),
        ExampleValue::Serialized(text) => format!("as it stands: {text}"),
        ExampleValue::Content(_) | ExampleValue::External(_) => {
            unreachable!("collections hold their values")
        }
    };
    media.examples.iter().map(|e| (&*e.name, &*text(&e.value).leak())).collect()
}

fn is_valid(document: &Document, schema: SchemaId, value: &Value, direction: Direction) -> bool {
    document.schemas.validate(schema, value, direction).is_empty()
}
