//! Parameters in every style, written from examples, and taken by the server.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::corpus::judge;
use crate::documents::of_text;
use mocker_loadgen::scenario::{Options, of_document};

const LIST: &str = r#"{"type": "array", "items": {"type": "string"}}"#;
const OBJECT: &str =
    r#"{"type": "object", "properties": {"R": {"type": "integer"}, "G": {"type": "integer"}}}"#;

/// The first request made of an operation with one parameter, which has an example, and why it is refused.
fn first(path: &str, parameter: Value, example: Value) -> Result<String, String> {
    let mut parameter = parameter;
    parameter["example"] = example;
    let document = json!({
        "openapi": "3.2.0",
        "info": {"title": "t", "version": "1"},
        "paths": {path: {"get": {"parameters": [parameter], "responses": {"200": {"description": "ok"}}}}},
    });
    let document = of_text(&document.to_string());
    let (scenario, unmade) = of_document(&document, &Options::default());
    let operation = scenario.operations.first().ok_or_else(|| unmade[0].reason.clone())?;
    let (_, refused) = judge(&document, &scenario, "");
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    Ok(String::from_utf8(operation.requests[0].bytes.to_vec()).unwrap())
}

/// Schema, `style` and `explode`, value, and how it is written.
type Case<'a> = (&'a str, &'a str, Option<bool>, Value, &'a str);

fn check(place: &str, path: &str, cases: &[Case<'_>], line: impl Fn(&str) -> String) {
    for (schema, style, explode, example, expected) in cases {
        let schema: Value = serde_json::from_str(schema).unwrap();
        let mut parameter =
            json!({"name": "v", "in": place, "required": true, "schema": schema, "style": style});
        if let Some(explode) = explode {
            parameter["explode"] = json!(explode);
        }
        let request = first(path, parameter, example.clone()).unwrap();
        let expected = line(expected);
        assert!(request.contains(&expected), "{style} {explode:?} {example}: {expected}\n{request}");
    }
}

#[test]
fn in_the_path() {
    let text = r#"{"type": "string"}"#;
    let cases = [
        (text, "simple", None, json!("a b/c"), "a%20b%2Fc"),
        (text, "simple", None, json!("é,;=%"), "%C3%A9%2C%3B%3D%25"),
        (LIST, "simple", None, json!(["a", "b c"]), "a,b%20c"),
        (LIST, "simple", Some(true), json!(["a", "b"]), "a,b"),
        (OBJECT, "simple", None, json!({"R": 1, "G": 2}), "R,1,G,2"),
        (OBJECT, "simple", Some(true), json!({"R": 1, "G": 2}), "R=1,G=2"),
        (text, "label", None, json!("x.y"), ".x.y"),
        (LIST, "label", None, json!(["a", "b"]), ".a,b"),
        (LIST, "label", Some(true), json!(["a", "b"]), ".a.b"),
        (OBJECT, "label", None, json!({"R": 1, "G": 2}), ".R,1,G,2"),
        (OBJECT, "label", Some(true), json!({"R": 1, "G": 2}), ".R=1.G=2"),
        (text, "matrix", None, json!("a;b"), ";v=a%3Bb"),
        (LIST, "matrix", None, json!(["a", "b"]), ";v=a,b"),
        (LIST, "matrix", Some(true), json!(["a", "b"]), ";v=a;v=b"),
        (OBJECT, "matrix", None, json!({"R": 1, "G": 2}), ";v=R,1,G,2"),
        (OBJECT, "matrix", Some(true), json!({"R": 1, "G": 2}), ";R=1;G=2"),
    ];
    check("path", "/p/{v}", &cases, |expected| format!("GET /p/{expected} HTTP/1.1\r\n"));
}

#[test]
fn in_the_query() {
    let text = r#"{"type": "string"}"#;
    let deep = r#"{"type": "object", "properties": {"a": {"type": "array", "items": {"type": "string"}}, "b": {"type": "object", "properties": {"c": {"type": "boolean"}}}}}"#;
    let cases = [
        (text, "form", None, json!("a b&c=d+e"), "v=a%20b%26c%3Dd%2Be"),
        (text, "form", None, json!(""), "v="),
        (LIST, "form", None, json!(["a", "b,c"]), "v=a&v=b%2Cc"),
        (LIST, "form", Some(false), json!(["a", "b"]), "v=a,b"),
        (OBJECT, "form", None, json!({"R": 1, "G": 2}), "R=1&G=2"),
        (OBJECT, "form", Some(false), json!({"R": 1, "G": 2}), "v=R,1,G,2"),
        (LIST, "spaceDelimited", Some(false), json!(["a", "b,c"]), "v=a%20b%2Cc"),
        (LIST, "spaceDelimited", Some(true), json!(["a", "b"]), "v=a&v=b"),
        (LIST, "pipeDelimited", Some(false), json!(["a", "b"]), "v=a%7Cb"),
        (OBJECT, "pipeDelimited", Some(false), json!({"R": 1, "G": 2}), "v=R%7C1%7CG%7C2"),
        (OBJECT, "deepObject", Some(true), json!({"R": 1, "G": 2}), "v%5BR%5D=1&v%5BG%5D=2"),
        (
            deep,
            "deepObject",
            Some(true),
            json!({"a": ["x", "y"], "b": {"c": true}}),
            "v%5Ba%5D%5B0%5D=x&v%5Ba%5D%5B1%5D=y&v%5Bb%5D%5Bc%5D=true",
        ),
    ];
    check("query", "/p", &cases, |expected| format!("GET /p?{expected} HTTP/1.1\r\n"));
}

#[test]
fn in_fields() {
    let text = r#"{"type": "string"}"#;
    let cases = [
        (text, "simple", None, json!("a, b"), "a, b"),
        (LIST, "simple", None, json!(["a", "b"]), "a,b"),
        (OBJECT, "simple", None, json!({"R": 1, "G": 2}), "R,1,G,2"),
        (OBJECT, "simple", Some(true), json!({"R": 1, "G": 2}), "R=1,G=2"),
    ];
    check("header", "/p", &cases, |expected| format!("\r\nv: {expected}\r\n"));
    let cases = [
        (text, "form", None, json!("a b;c"), "v=a%20b%3Bc"),
        (LIST, "form", None, json!(["a", "b"]), "v=a&v=b"),
        (LIST, "form", Some(false), json!(["a", "b"]), "v=a,b"),
        (OBJECT, "form", None, json!({"R": 1, "G": 2}), "R=1&G=2"),
        (OBJECT, "form", Some(false), json!({"R": 1, "G": 2}), "v=R,1,G,2"),
        (LIST, "cookie", None, json!(["a", "b"]), "v=a; v=b"),
        (OBJECT, "cookie", None, json!({"R": 1, "G": 2}), "R=1; G=2"),
    ];
    check("cookie", "/p", &cases, |expected| format!("\r\nCookie: {expected}\r\n"));
}

#[test]
fn as_media_types_and_with_reserved_characters() {
    let content = json!({"application/json": {"schema": {"type": "object"}}});
    let object = json!({"a": [1, null]});
    let text = json!({"type": "string"});
    for (path, parameter, example, expected) in [
        ("/p", json!({"in": "query", "content": content}), &object, "/p?v=%7B%22a%22%3A%5B1%2Cnull%5D%7D "),
        ("/p/{v}", json!({"in": "path", "content": content}), &object, "/p/%7B%22a%22%3A%5B1%2Cnull%5D%7D "),
        ("/p", json!({"in": "header", "content": content}), &object, "\r\nv: {\"a\":[1,null]}\r\n"),
        (
            "/p",
            json!({"in": "cookie", "content": content}),
            &object,
            "Cookie: v=%7B%22a%22%3A%5B1%2Cnull%5D%7D\r\n",
        ),
        (
            "/p",
            json!({"in": "query", "allowReserved": true, "schema": text}),
            &json!("/a?b=c#d&e+f%"),
            "/p?v=/a?b=c%23d%26e%2Bf%25 ",
        ),
        (
            "/p",
            json!({"in": "querystring", "content": {"application/x-www-form-urlencoded": {"schema": {"type": "object"}}}}),
            &json!({"a b": "c d", "e": ["f", "g"]}),
            "/p?a+b=c+d&e=f&e=g ",
        ),
    ] {
        let mut parameter = parameter;
        (parameter["name"], parameter["required"]) = ("v".into(), true.into());
        let request = first(path, parameter, example.clone()).unwrap();
        assert!(request.contains(expected), "{expected}\n{request}");
    }
}

#[test]
fn what_has_no_form_is_told() {
    let list_of_lists = r#"{"type": "array", "minItems": 1, "items": {"type": "array", "minItems": 1, "items": {"type": "integer"}}}"#;
    let nothing = r#"{"type": "null"}"#;
    for (place, path, schema, style, explode, expected) in [
        ("path", "/p/{v}", list_of_lists, "simple", false, "nest"),
        ("query", "/p", list_of_lists, "form", false, "nest"),
        ("query", "/p", OBJECT, "spaceDelimited", true, "explode an object"),
        ("header", "/p", nothing, "simple", false, "null"),
        ("header", "/p", r#"{"enum": ["\n"]}"#, "simple", false, "header field"),
        ("path", "/p/{v}", r#"{"enum": ["..", ""]}"#, "simple", false, "dots"),
        ("query", "/p", r#"{"type": "integer", "minimum": 2, "maximum": 1}"#, "form", false, "obeys"),
        ("query", "/p", r#"false"#, "form", false, "obeys"),
    ] {
        let schema: Value = serde_json::from_str(schema).unwrap();
        let parameter = json!({"name": "v", "in": place, "required": true, "schema": schema, "style": style, "explode": explode});
        let reason = first(path, parameter, json!({"no": ["value"]})).unwrap_err();
        assert!(reason.starts_with("parameter `v`: ") && reason.contains(expected), "{schema}: {reason}");
    }
}

#[test]
fn in_collection_formats_of_swagger_2() {
    for (place, path, format, expected) in [
        ("query", "/p", "csv", "GET /p?v=1,2 HTTP"),
        ("query", "/p", "ssv", "GET /p?v=1%202 HTTP"),
        ("query", "/p", "tsv", "GET /p?v=1%092 HTTP"),
        ("query", "/p", "pipes", "GET /p?v=1%7C2 HTTP"),
        ("query", "/p", "multi", "GET /p?v=1&v=2 HTTP"),
        ("path", "/p/{v}", "csv", "GET /p/1,2 HTTP"),
        ("path", "/p/{v}", "pipes", "GET /p/1%7C2 HTTP"),
        ("header", "/p", "csv", "\r\nv: 1,2\r\n"),
    ] {
        let parameter = json!({
            "name": "v", "in": place, "required": true, "type": "array", "items": {"type": "integer"},
            "collectionFormat": format, "default": [1, 2],
        });
        let document = json!({
            "swagger": "2.0",
            "info": {"title": "t", "version": "1"},
            "paths": {path: {"get": {"parameters": [parameter], "responses": {"200": {"description": "ok"}}}}},
        });
        let document = of_text(&document.to_string());
        let (scenario, _) = of_document(&document, &Options::default());
        let (_, refused) = judge(&document, &scenario, "");
        assert!(refused.is_empty(), "{}", refused.join("\n"));
        let request = String::from_utf8_lossy(&scenario.operations[0].requests[0].bytes);
        assert!(request.contains(expected), "{place} {format}: {expected}\n{request}");
    }
}

/// Places and the styles that they know.
const STYLES: [(&str, &str); 12] = [
    ("path", "simple"),
    ("path", "label"),
    ("path", "matrix"),
    ("query", "form"),
    ("query", "spaceDelimited"),
    ("query", "pipeDelimited"),
    ("query", "deepObject"),
    ("header", "simple"),
    ("cookie", "form"),
    ("cookie", "cookie"),
    ("query", "content"),
    ("header", "content"),
];

/// Schema and value: a text, a number, a list or an object of texts.
fn shaped() -> impl Strategy<Value = (Value, Value)> {
    let text = "[a-c,;.|=&%+\\[\\]/?#\" \\té]{0,4}";
    let texts = proptest::collection::vec(text, 0..4);
    let members = proptest::collection::btree_map("[a-c]{1,2}|[a-c.,;=\\[ ]{1,3}", text, 0..3);
    prop_oneof![
        text.prop_map(|text| (json!({"type": "string"}), json!(text))),
        any::<i32>().prop_map(|number| (json!({"type": "integer"}), json!(number))),
        texts.prop_map(|texts| (json!({"type": "array", "items": {"type": "string"}}), json!(texts))),
        members.prop_map(|members| {
            (json!({"type": "object", "additionalProperties": {"type": "string"}}), json!(members))
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// The schema admits one value only, so the server takes the request only if it reads what was written.
    #[test]
    fn what_is_written_is_read((mut schema, value) in shaped(), which in 0..STYLES.len(), explode: bool) {
        let (place, style) = STYLES[which];
        schema["const"] = value.clone();
        let mut parameter = json!({"name": "v", "in": place, "required": true});
        match style {
            "content" => parameter["content"] = json!({"application/json": {"schema": schema}}),
            _ => {
                parameter["schema"] = schema;
                parameter["style"] = style.into();
                parameter["explode"] = explode.into();
            }
        }
        // Refused requests panic
        let _ = first(if place == "path" { "/p/{v}" } else { "/p" }, parameter, value);
    }
}
