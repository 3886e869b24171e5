//! Whole bodies against whole documents.
#![allow(clippy::unwrap_used)]

use bumpalo::Bump;
use mocker_openapi::{Document, Location, MemoryFetch, load};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const FORM: &str = "application/x-www-form-urlencoded";
const UNSUPPORTED: &str = "No supported content types, but request included a non-empty body";

fn document(request_body: Value) -> Document {
    let mut operation = json!({"responses": {"200": {"description": "ok"}}});
    if !request_body.is_null() {
        operation["requestBody"] = request_body;
    }
    let text = json!({
        "openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"post": operation}},
    });
    let root = Location::File("openapi.json".into());
    let mut files = MemoryFetch::default().with(root.clone(), text.to_string());
    load(root, &mut files).document.unwrap()
}

fn content(names: &[&str], required: bool) -> Value {
    let content: serde_json::Map<_, _> = names.iter().map(|name| ((*name).to_owned(), json!({}))).collect();
    json!({"required": required, "content": content})
}

/// Chooses and judges; faults as `location code message`, a refusal as its detail.
fn told(document: &Document, content_type: Option<&str>, body: &[u8]) -> Vec<String> {
    let content_type = content_type.map(str::as_bytes);
    let bodies = Bodies::compile(document, &document.operations[0]);
    let shown = |fault: &Fault| format!("{} {} {}", fault.location.join("/"), fault.code, fault.message);
    let chosen = match bodies.choose(content_type, !body.is_empty()) {
        Ok(chosen) => chosen,
        Err(Refusal::Absent(fault)) => return vec![shown(&fault)],
        Err(Refusal::Unsupported(detail)) => return vec![detail],
    };
    let (mut scratch, arena) = (Scratch::default(), Bump::new());
    let mut bench = Bench { schemas: &document.schemas, scratch: &mut scratch, arena: &arena };
    let mut faults = Vec::new();
    let outcome = bodies.judge(chosen, content_type, body, &mut bench, &mut faults);
    outcome
        .err()
        .into_iter()
        .map(|fault| format!("400 {}", shown(&fault)))
        .chain(faults.iter().map(shown))
        .collect()
}

#[test]
fn media_types_are_chosen() {
    let three = ["application/json", "application/vnd.x+json", "text/*"];
    for (names, content_type, expected) in [
        (&three[..], Some("application/json"), Ok(0)),
        (&three, Some("Application/JSON; charset=utf-8"), Ok(0)),
        (&three, Some("application/vnd.x+json"), Ok(1)),
        (&three, Some("application/vnd.foo+json"), Ok(0)),
        (&three, Some("text/plain"), Ok(2)),
        (&three, None, Ok(0)),
        (&three, Some(""), Ok(0)),
        (
            &three,
            Some("image/png"),
            Err("Supported content types: application/json,application/vnd.x+json,text/*"),
        ),
        (
            &three,
            Some("garbage"),
            Err("Supported content types: application/json,application/vnd.x+json,text/*"),
        ),
        (
            &three,
            Some("\u{1}/;;=\""),
            Err("Supported content types: application/json,application/vnd.x+json,text/*"),
        ),
        (&["*/*", "application/json"], Some("application/json"), Ok(1)),
        (&["*/*", "application/json"], Some("application/a+json"), Ok(1)),
        (&["*/*", "application/json"], Some("image/png"), Ok(0)),
        (&["*"], Some("image/png"), Ok(0)),
        (&["application/*+json"], Some("application/a+json"), Ok(0)),
        (&["application/*+json"], Some("application/json"), Ok(0)),
        (
            &["application/*+json"],
            Some("application/xml"),
            Err("Supported content types: application/*+json"),
        ),
        (&["json"], Some("JSON"), Ok(0)),
        (&["a/b; v=1", "a/b; v=2"], Some("a/b; v=2"), Ok(1)),
        (&["multipart/form-data"], Some("multipart/form-data; boundary=x"), Ok(0)),
        (
            &["multipart/form-data"],
            Some("multipart/form-data"),
            Err("Boundary parameter for multipart/form-data is"),
        ),
        (&[], Some("application/json"), Err(UNSUPPORTED)),
    ] {
        let document = document(content(names, false));
        let bodies = Bodies::compile(&document, &document.operations[0]);
        match (bodies.choose(content_type.map(str::as_bytes), true), expected) {
            (Ok(Chosen(index)), Ok(expected)) => {
                assert_eq!(index, Some(expected), "{names:?} {content_type:?}")
            }
            (Err(Refusal::Unsupported(detail)), Err(expected)) => {
                assert!(detail.starts_with(expected), "{names:?} {content_type:?}: {detail}");
            }
            (other, _) => panic!("{names:?} {content_type:?}: {other:?}"),
        }
    }
}

#[test]
fn bodies_that_are_not_there() {
    let absent = "  required Body parameter is required".trim_start_matches(' ');
    for (request_body, body, expected) in [
        (content(&["application/json"], true), &b""[..], vec![format!(" {absent}")]),
        (content(&["application/json"], false), b"", vec![]),
        (content(&["application/json"], true), b"{}", vec![]),
        (Value::Null, b"", vec![]),
        (Value::Null, b"x", vec![UNSUPPORTED.to_owned()]),
    ] {
        let document = document(request_body.clone());
        assert_eq!(told(&document, Some("application/json"), body), expected, "{request_body} {body:?}");
    }
    // announced without a length, and then empty
    let document = document(content(&["application/json"], true));
    let bodies = Bodies::compile(&document, &document.operations[0]);
    let chosen = bodies.choose(None, true).unwrap();
    let (mut scratch, arena, mut faults) = (Scratch::default(), Bump::new(), Vec::new());
    let mut bench = Bench { schemas: &document.schemas, scratch: &mut scratch, arena: &arena };
    bodies.judge(chosen, None, b"", &mut bench, &mut faults).unwrap();
    assert_eq!((faults.len(), faults[0].code, faults[0].location.len()), (1, "required", 0));
}

fn pet() -> Value {
    json!({"type": "object", "required": ["name"], "properties": {
        "name": {"type": "string", "minLength": 2}, "age": {"type": "integer"},
        "tags": {"type": "array", "items": {"type": "string"}}, "deep": {"properties": {"list": {"type": "array"}}}, "id": {"type": "integer", "readOnly": true},
    }})
}

#[test]
fn json_is_judged() {
    let document = document(json!({"content": {"application/json": {"schema": pet()}}}));
    for (content_type, body, expected) in [
        (Some("application/json"), "{\"name\": \"Rex\", \"age\": 3}", vec![]),
        (
            Some("application/a+json"),
            "{\"age\": \"3\"}",
            vec![
                "body required Request body must have required property 'name'",
                "body/age type Request body property age must be integer",
            ],
        ),
        (
            None,
            "{\"name\": \"R\"}",
            vec!["body/name minLength Request body property name must NOT have fewer than 2 characters"],
        ),
        (None, "{\"name\": \"R\", \"name\": \"Rex\"}", vec![]),
        (
            None,
            "{\"name\": \"Rex\", \"tags\": [\"a\", 1]}",
            vec!["body/tags/1 type Request body property tags.1 must be string"],
        ),
        (None, "[]", vec!["body type Request body must be object"]),
        (
            None,
            "{\"name\": }",
            vec!["400 body json Request body must be JSON: expected value at line 1 column 10"],
        ),
    ] {
        assert_eq!(told(&document, content_type, body.as_bytes()), expected, "{body}");
    }
}

#[test]
fn large_bodies_take_linear_time() {
    let schema = json!({"type": "array", "uniqueItems": true});
    let document = document(json!({"content": {"application/json": {"schema": schema}}}));
    let object = |names: &mut dyn Iterator<Item = usize>| {
        let members: Vec<String> = names.map(|name| format!("\"m{name}\":1")).collect();
        format!("{{{}}}", members.join(","))
    };
    let body = format!("[{},{}]", object(&mut (0..60_000)), object(&mut (0..60_000).rev()));
    let expected =
        "body uniqueItems Request body must NOT have duplicate items (items ## 0 and 1 are identical)";
    assert_eq!(told(&document, None, body.as_bytes()), [expected]);
    let same = format!("{{{}}}", vec!["\"a\":1"; 100_000].join(","));
    assert_eq!(told(&document, None, same.as_bytes()), ["body type Request body must be array"]);
}

#[test]
fn forms_are_judged() {
    let schema = json!({"type": "object", "additionalProperties": false, "properties": {
        "name": {"type": "string"}, "age": {"type": "integer"}, "ok": {"type": "boolean"},
        "list": {"type": "array", "items": {"type": "integer"}}, "commas": {"type": "array", "items": {"type": "number"}},
        "pipes": {"type": "array", "minItems": 2, "items": {"type": "string"}},
        "object": {"type": "object", "required": ["x"]}, "json": {"type": ["object", "array"], "required": ["x"]},
        "deep": {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"},
            "list": {"type": "array", "items": {"type": "integer"}}, "in": {"properties": {"b": {"type": "boolean"}}},
            "rows": {"type": "array", "items": {"type": "object", "properties": {"x": {"type": "integer"}}}}}},
        "nil": {"type": ["integer", "null"]}, "when": {"anyOf": [{"type": "integer"}, {"enum": ["now"]}]},
        "unset": {"anyOf": [{"type": "array", "items": {"type": "string", "minLength": 1}}, {"enum": [""]}]},
    }});
    let document = document(json!({"content": {FORM: {"schema": schema, "encoding": {
        "commas": {"explode": false}, "pipes": {"style": "pipeDelimited", "explode": false},
        "json": {"contentType": "application/json"}, "deep": {"style": "deepObject", "explode": true},
    }}}}));
    for (body, expected) in [
        ("name=5&age=5&ok=true&nil=", vec![]),
        ("age=5.0", vec![]),
        ("when=now", vec![]),
        ("when=12", vec![]),
        ("unset=", vec![]),
        ("unset=x", vec![]),
        ("age=x", vec!["body/age type Request body property age must be integer"]),
        ("ok=1", vec!["body/ok type Request body property ok must be boolean"]),
        ("name=a&name=b", vec!["body/name type Request body property name must be string"]),
        ("list=1", vec![]),
        ("list=1&list=2", vec![]),
        ("list=1&list=b", vec!["body/list/1 type Request body property list.1 must be integer"]),
        ("commas=1,2.5", vec![]),
        ("pipes=a%7Cb", vec![]),
        ("pipes=a", vec!["body/pipes minItems Request body property pipes must NOT have fewer than 2 items"]),
        ("object=%7B%22x%22:1%7D", vec![]),
        (
            "object=%7B%7D",
            vec!["body/object required Request body property object must have required property 'x'"],
        ),
        ("object=x", vec!["body/object type Request body property object must be object"]),
        ("json={\"x\":1}", vec![]),
        ("json=[1]", vec![]),
        ("deep[n]=1", vec![]),
        ("deep[n]=1&deep[list][0]=1&deep[list][1]=2&deep[in][b]=true", vec![]),
        ("deep[n]=1&deep[list][]=1&deep[list][]=2&deep[rows][0][x]=1&deep[rows][1][x]=2", vec![]),
        (
            "deep[n]=1&deep[list][]=1&deep[list][]=b",
            vec!["body/deep/list/1 type Request body property deep.list.1 must be integer"],
        ),
        (
            "deep[n]=1&deep[rows][1][x]=b",
            vec!["body/deep/rows/0/x type Request body property deep.rows.0.x must be integer"],
        ),
        (
            "deep[n]=1&deep[in][b]=x&deep[",
            vec!["body/deep/in/b type Request body property deep.in.b must be boolean"],
        ),
        ("deep%5Bn%5D=a", vec!["body/deep/n type Request body property deep.n must be integer"]),
        (
            "nope=1",
            vec!["body additionalProperties Request body must NOT have additional properties; found 'nope'"],
        ),
    ] {
        assert_eq!(told(&document, Some(FORM), body.as_bytes()), expected, "{body}");
    }
}

#[test]
fn branches_may_differ_in_what_a_field_is() {
    let branch =
        |kind: &str, value: &str| json!({"properties": {"kind": {"const": kind}, "value": {"type": value}}});
    let schema = json!({"oneOf": [branch("text", "string"), branch("count", "integer")]});
    let document = document(json!({"content": {FORM: {"schema": schema}}}));
    for (body, is_valid) in
        [("kind=text&value=5", true), ("kind=count&value=5", true), ("kind=count&value=x", false)]
    {
        assert_eq!(told(&document, Some(FORM), body.as_bytes()).is_empty(), is_valid, "{body}");
    }
}

#[test]
fn multipart_is_judged() {
    let schema = json!({"type": "object", "required": ["file"], "properties": {
        "file": {"type": "string", "format": "binary"}, "count": {"type": "integer"},
        "meta": {"type": "object", "required": ["a"]}, "ids": {"type": "array", "items": {"type": "integer"}},
    }});
    let document = document(json!({"content": {"multipart/form-data": {"schema": schema}}}));
    let part = |name: &str, value: &str| {
        format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"; filename=x\r\n\r\n{value}\r\n")
    };
    for (parts, expected) in [
        (vec![part("file", "\u{0}\u{1}"), part("count", "3"), part("meta", "{\"a\":1}")], vec![]),
        (vec![part("file", ""), part("ids", "1"), part("ids", "2")], vec![]),
        (vec![part("file", ""), part("ids", "7")], vec![]),
        (
            vec![part("file", ""), part("count", "x")],
            vec!["body/count type Request body property count must be integer"],
        ),
        (
            vec![part("meta", "{}")],
            vec![
                "body required Request body must have required property 'file'",
                "body/meta required Request body property meta must have required property 'a'",
            ],
        ),
    ] {
        let body = parts.concat() + "--B--\r\n";
        assert_eq!(
            told(&document, Some("multipart/form-data; boundary=B"), body.as_bytes()),
            expected,
            "{body}"
        );
    }
    let told = told(&document, Some("multipart/form-data; boundary=B"), b"nothing of the kind");
    assert_eq!(told, ["body form Request body must begin with the boundary that Content-Type names"]);
}

#[test]
fn other_bodies_are_judged_by_what_can_be_seen() {
    let text = json!({"type": "string", "maxLength": 3});
    let object = json!({"type": "object", "required": ["x"]});
    for (name, schema, body, expected) in [
        ("text/plain", &text, "abc", vec![]),
        (
            "text/plain",
            &text,
            "abcd",
            vec!["body maxLength Request body must NOT have more than 3 characters"],
        ),
        ("text/plain", &object, "{\"x\": 1}", vec![]),
        ("text/plain", &object, "x", vec!["body type Request body must be object"]),
        ("text/yaml", &object, "x: 1", vec![]),
        ("text/csv", &object, "x", vec![]),
        ("application/octet-stream", &text, "abcd", vec![]),
        ("application/xml", &object, "<x/>", vec![]),
        (
            "application/xml",
            &object,
            "<x>",
            vec!["body xml Request body must be well-formed XML: an element is not closed"],
        ),
        ("*/*", &object, "{}", vec![]),
    ] {
        let document = document(json!({"content": {name: {"schema": schema}}}));
        let content_type = (name != "*/*").then_some(name);
        assert_eq!(told(&document, content_type, body.as_bytes()), expected, "{name} {body}");
    }
    let any = document(json!({"content": {"*/*": {"schema": object}}}));
    let told = told(&any, Some("application/json"), b"{}");
    assert_eq!(told, ["body required Request body must have required property 'x'"]);
}

#[test]
fn records_are_judged_one_by_one() {
    let document =
        document(json!({"content": {"application/x-ndjson": {"itemSchema": {"type": "integer"}}}}));
    assert_eq!(told(&document, Some("application/x-ndjson"), b"1\n2\n"), [""; 0]);
    assert_eq!(
        told(&document, Some("application/x-ndjson"), b"1\n\"a\"\n"),
        ["body type Request body must be integer"]
    );
    assert!(
        told(&document, Some("application/x-ndjson"), b"1\n{\n")[0]
            .starts_with("400 body json Request body must be JSON: record 1: ")
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_body_and_no_type_panics(
        body in prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..300),
            "(deep|\\[|\\]|n|=|&|list|0){0,24}".prop_map(String::into_bytes),
            "[{}\\[\\]\",:0-9a-e\\\\u. -]{0,80}".prop_map(String::into_bytes),
            "(--B|\r\n|Content-Disposition: form-data; name=|\"file\"|x|:){0,16}".prop_map(String::into_bytes),
        ],
        garbage in "\\PC{0,20}",
    ) {
        let names = ["application/json", FORM, "multipart/form-data", "application/xml", "text/plain", "*/*"];
        let media = json!({"schema": pet(), "encoding": {"deep": {"style": "deepObject"}}});
        let contents: serde_json::Map<_, _> =
            names.iter().map(|name| ((*name).to_owned(), media.clone())).collect();
        let document = document(json!({"content": contents}));
        for name in names {
            told(&document, Some(&format!("{name}; boundary=B")), &body);
        }
        told(&document, Some(&garbage), &body);
        told(&document, None, &body);
    }

    #[test]
    fn the_tape_reads_as_serde_does(value in values()) {
        let mut scratch = Scratch::default();
        let schemas = document(json!({"content": {"a/b": {"schema": {"const": value}}}}));
        let id = schemas.operations[0].request_body.as_ref().unwrap().content[0].schema.unwrap();
        let text = value.to_string();
        let valid = scratch.json(text.as_bytes(), |json| {
            let direction = mocker_schema::validate::Direction::Request;
            schemas.schemas.is_valid(id, json, direction)
                && schemas.schemas.is_valid(id, json::copied(json, &Bump::new()), direction)
        });
        prop_assert_eq!(valid.ok(), Some(true), "{}", text);
    }
}

fn values() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(|truth| json!(truth)),
        any::<i64>().prop_map(|number| json!(number)),
        any::<u64>().prop_map(|number| json!(number)),
        any::<f64>()
            .prop_filter("JSON has no others", |number| number.is_finite())
            .prop_map(|number| json!(number)),
        "\\PC{0,8}".prop_map(|text| json!(text)),
    ];
    scalar.prop_recursive(3, 30, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            proptest::collection::hash_map("[a-z\"\\\\é]{0,4}", inner, 0..12)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}
