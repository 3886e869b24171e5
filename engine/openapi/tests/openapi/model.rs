//! How 3.x objects become the model.

use mocker_openapi::model::{
    ExampleValue, LinkTarget, MediaType, Method, Place, SecurityScheme, StatusKey, Style,
};
use mocker_openapi::{Document, limits};
use mocker_schema::Types;

use crate::disk::{assert_clean, lines, load_text};

const HEAD: &str = "openapi: 3.0.4\ninfo: { title: T, version: '1' }\n";
const NONE: &str = "responses: { '204': { description: none } }";

fn clean(text: &str) -> Document {
    let loaded = load_text(text);
    assert_clean(&loaded);
    loaded.document.unwrap()
}

#[test]
fn parameters_have_the_defaults_of_their_place() {
    let document = clean(&format!(
        "{HEAD}paths:\n  /a/{{p}}:\n    get:\n      parameters:\n      - {{ name: p, in: path, required: true, schema: {{ type: string }} }}\n      \
         - {{ name: q, in: query, schema: {{ type: array, items: {{ type: string }} }} }}\n      \
         - {{ name: d, in: query, style: deepObject, schema: {{ type: object }} }}\n      \
         - {{ name: n, in: query, explode: false, required: true, allowReserved: true, schema: {{ type: array, items: {{}} }} }}\n      \
         - {{ name: X-H, in: header, schema: {{ type: string }} }}\n      \
         - {{ name: c, in: cookie, content: {{ application/json: {{ schema: {{ type: object }} }} }} }}\n      \
         - {{ name: Accept, in: header, schema: {{ type: string }} }}\n      {NONE}\n"
    ));
    let parameters = &document.operations[0].parameters;
    let seen: Vec<_> =
        parameters.iter().map(|p| (p.name.as_ref(), p.place, p.style, p.explode, p.required)).collect();
    assert_eq!(
        seen,
        [
            ("p", Place::Path, Style::Simple, false, true),
            ("q", Place::Query, Style::Form, true, false),
            ("d", Place::Query, Style::DeepObject, false, false),
            ("n", Place::Query, Style::Form, false, true),
            ("X-H", Place::Header, Style::Simple, false, false),
            ("c", Place::Cookie, Style::Form, true, false),
        ]
    );
    assert!(parameters[3].allow_reserved && !parameters[1].allow_reserved);
    assert_eq!(parameters[5].content.as_ref().map(|content| content.name.as_ref()), Some("application/json"));
}

#[test]
fn operations_override_what_their_path_declares() {
    let document = clean(&format!(
        "{HEAD}security: [{{ a: [] }}]\npaths:\n  /a:\n    summary: shared\n    servers: [{{ url: /path }}]\n    parameters:\n    \
         - {{ name: one, in: query, schema: {{ type: string }} }}\n    - {{ name: X-Two, in: header, schema: {{ type: string }} }}\n    \
         get:\n      parameters:\n      - {{ name: one, in: query, required: true, schema: {{ type: integer }} }}\n      \
         - {{ name: x-two, in: header, required: true, schema: {{ type: string }} }}\n      \
         - {{ name: one, in: header, schema: {{ type: string }} }}\n      servers: [{{ url: /operation }}]\n      security: []\n      {NONE}\n    \
         put:\n      tags: [t]\n      deprecated: true\n      x-delay: {{ ms: 5 }}\n      {NONE}\n\
         components:\n  securitySchemes: {{ a: {{ type: http, scheme: Bearer }} }}\n"
    ));
    let [get, put] = &document.operations[..] else { panic!("two operations") };
    let names = |operation: &mocker_openapi::model::Operation| {
        operation.parameters.iter().map(|p| (p.name.to_string(), p.place, p.required)).collect::<Vec<_>>()
    };
    assert_eq!(
        names(get),
        [
            ("one".to_owned(), Place::Query, true),
            ("x-two".to_owned(), Place::Header, true),
            ("one".to_owned(), Place::Header, false)
        ]
    );
    assert_eq!(names(put).len(), 2);
    assert_eq!((get.servers[0].url.as_str(), put.servers[0].url.as_str()), ("/operation", "/path"));
    assert_eq!((get.security.len(), put.security.len()), (0, 1));
    assert_eq!(put.summary.as_deref(), Some("shared"));
    assert_eq!((put.tags[0].as_ref(), put.deprecated), ("t", true));
    assert_eq!(put.extensions, [("x-delay".into(), serde_json::json!({"ms": 5}))]);
    assert_eq!(document.security_schemes[0].1, SecurityScheme::Http("bearer".into()));
}

#[test]
fn requirements_with_unknown_schemes_are_no_alternatives() {
    let loaded = load_text(&format!(
        "{HEAD}paths:\n  /a:\n    get:\n      security: [{{ a: [], gone: [] }}, {{ a: [x] }}, {{}}]\n      {NONE}\n\
         components:\n  securitySchemes: {{ a: {{ type: oauth2, flows: {{}} }} }}\n"
    ));
    assert_eq!(lines(&loaded), ["warning security-unknown 6:33"]);
    let security = &loaded.document.as_ref().unwrap().operations[0].security;
    assert_eq!(security.len(), 2);
    assert_eq!(security[0], [("a".into(), vec!["x".into()])]);
    assert!(security[1].is_empty());
}

fn media(text: &str) -> MediaType {
    let loaded = load_text(&format!(
        "{HEAD}paths:\n  /a:\n    get:\n      responses:\n        '200':\n          description: one\n          \
         content: {{ application/json: {text} }}\n"
    ));
    let mut document = loaded.document.unwrap();
    let (_, response) = document.operations.remove(0).responses.remove(0);
    std::sync::Arc::try_unwrap(response).unwrap().content.remove(0)
}

fn examples(text: &str) -> Vec<(String, String)> {
    let shown = |value: &ExampleValue| match value {
        ExampleValue::Json(text) => text.to_string(),
        ExampleValue::Serialized(text) => format!("serialized {text}"),
        ExampleValue::Content(bytes) => format!("content {}", String::from_utf8_lossy(bytes)),
        ExampleValue::External(text) => format!("external {text}"),
    };
    media(text).examples.iter().map(|e| (e.name.to_string(), shown(&e.value))).collect()
}

#[test]
fn examples_come_as_authors_write_them() {
    for (text, expected) in [
        ("{ example: { a: 1 } }", vec![("default", r#"{"a":1}"#)]),
        ("{ example: null }", vec![("default", "null")]),
        (r#"{ example: '{"a":1}' }"#, vec![("default", r#""{\"a\":1}""#)]),
        ("{ example: 1, examples: { b: { value: 2 } } }", vec![("default", "1"), ("b", "2")]),
        ("{ examples: { b: { value: 2 }, a: { value: null } } }", vec![("b", "2"), ("a", "null")]),
        ("{ examples: { b: { externalValue: ex/b.json } } }", vec![("b", "external ex/b.json")]),
        ("{ examples: { b: { name: Tom } } }", vec![("b", r#"{"name":"Tom"}"#)]),
        ("{ examples: [1, { value: 2 }] }", vec![("0", "1"), ("1", "2")]),
        ("{ examples: { b: { summary: none } } }", vec![]),
        ("{ examples: null }", vec![]),
    ] {
        let expected: Vec<_> = expected.into_iter().map(|(a, b)| (a.to_owned(), b.to_owned())).collect();
        assert_eq!(examples(text), expected, "{text}");
    }
}

#[test]
fn paths_that_are_no_plain_paths_are_served() {
    let text = format!(
        "{HEAD}paths:\n  /q?a=1: {{ get: {{ {NONE} }} }}\n  /q?a=2: {{ get: {{ {NONE} }} }}\n  /q: {{ get: {{ {NONE} }} }}\n  \
         /f#x: {{ get: {{ {NONE} }} }}\n  b: {{ GET: {{ {NONE} }} }}\n  x-no: {{ get: {{ {NONE} }} }}\n"
    );
    let loaded = load_text(&text);
    let operations = &loaded.document.as_ref().unwrap().operations;
    let seen: Vec<_> = operations.iter().map(|o| (o.path.as_ref(), o.path_condition.as_deref())).collect();
    assert_eq!(
        seen,
        [("/q", Some("?a=1")), ("/q", Some("?a=2")), ("/q", None), ("/f", Some("#x")), ("/b", None)]
    );
    assert!(operations.iter().all(|operation| operation.method == Method::Get));
    assert!(loaded.diagnostics.iter().all(|diagnostic| !diagnostic.is_error()));
}

/// Nothing tells them apart but what they declare of their variables, and that does.
#[test]
fn paths_of_one_shape_are_tried_in_order() {
    let loaded = load_text(include_str!("../../../../specs/invalid/path-similar.yaml"));
    let [fault] = &loaded.diagnostics[..] else { panic!("{:?}", loaded.diagnostics) };
    assert!(fault.message.starts_with("`/a/{y}` matches the same paths as `/a/{x}`"), "{}", fault.message);
    assert_eq!(loaded.document.unwrap().operations.len(), 2);
}

#[test]
fn statuses_are_understood() {
    let loaded = load_text(&format!(
        "{HEAD}paths:\n  /a:\n    get:\n      responses:\n        200: {{ description: a }}\n        4xx: {{ description: b }}\n        \
         default: {{ description: c }}\n"
    ));
    assert_clean(&loaded);
    let responses = &loaded.document.as_ref().unwrap().operations[0].responses;
    let keys: Vec<StatusKey> = responses.iter().map(|(key, _)| *key).collect();
    assert_eq!(keys, [StatusKey::Code(200), StatusKey::Range(4), StatusKey::Default]);
}

#[test]
fn shared_responses_are_read_once() {
    let mut text = format!("{HEAD}paths:\n");
    for index in 0..50 {
        text += &format!(
            "  /a{index}:\n    get: {{ responses: {{ '200': {{ $ref: '#/components/responses/R' }} }} }}\n"
        );
    }
    text += "components:\n  responses:\n    R: { description: one, content: { application/json: { schema: { type: string } } } }\n";
    let document = clean(&text);
    let first = &document.operations[0].responses[0].1;
    assert!(
        document.operations.iter().all(|operation| std::sync::Arc::ptr_eq(&operation.responses[0].1, first))
    );
    assert_eq!(document.schemas.len(), 1);
}

#[test]
fn servers_have_their_variables_filled_in() {
    let document = clean(&format!(
        "{HEAD}servers:\n- url: '{{scheme}}://{{host}}:{{port}}/{{base}}/'\n  variables:\n    scheme: {{ default: https }}\n    host: {{ default: h }}\n    \
         port: {{ default: 8443 }}\n    base: {{ enum: [v2, v1] }}\npaths:\n  /a: {{ get: {{ {NONE} }} }}\n"
    ));
    assert_eq!(document.servers[0].url, "https://h:8443/v2/");
    assert_eq!(document.servers[0].base_path, "/v2");
}

#[test]
fn two_point_zero_customs_in_three_point_x_are_understood() {
    let loaded = load_text(&format!(
        "{HEAD}paths:\n  /a:\n    get:\n      parameters: [{{ name: a, in: query, type: integer, required: true }}]\n      responses:\n        \
         '200': {{ description: one, schema: {{ type: string }}, headers: {{ X-A: {{ type: integer }} }} }}\n"
    ));
    assert_eq!(lines(&loaded).len(), 3, "{:?}", loaded.diagnostics);
    let document = loaded.document.unwrap();
    let operation = &document.operations[0];
    let parameter = operation.parameters[0].schema.unwrap();
    assert_eq!(document.schemas[parameter].types, Types::INTEGER);
    let content = &operation.responses[0].1.content[0];
    assert_eq!(
        (content.name.as_ref(), document.schemas[content.schema.unwrap()].types),
        ("application/json", Types::STRING)
    );
    assert!(operation.responses[0].1.headers[0].schema.is_some());
}

#[test]
fn versions_are_recognised() {
    for (head, version, codes) in [
        ("openapi: 3.0", Some("3.0"), vec![]),
        ("openapi: 3.1.0", Some("3.1.0"), vec![]),
        ("openapi: '3'", Some("3"), vec![]),
        ("swagger: 2.0", Some("2.0"), vec![]),
        ("swagger: '3.0.1'", Some("3.0.1"), vec![]),
        ("openapi: 3.9.0", Some("3.9.0"), vec!["version-unknown"]),
        ("openapi: latest", Some("latest"), vec!["version-unknown"]),
        ("openapi:", Some("3.0.4"), vec!["version-unknown"]),
        ("basePath: /v1", Some("2.0"), vec!["version-missing"]),
        ("x-a: 1", Some("3.0.4"), vec!["version-missing"]),
        ("swagger: '1.2'", None, vec!["swagger-1"]),
    ] {
        let loaded = load_text(&format!(
            "{head}\ninfo: {{ title: T, version: '1' }}\npaths:\n  /a: {{ get: {{ {NONE} }} }}\n"
        ));
        assert_eq!(loaded.document.as_ref().map(|document| document.version.as_str()), version, "{head}");
        let found: Vec<_> = loaded.diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
        assert_eq!(found, codes, "{head}");
    }
}

#[test]
fn lists_have_their_limits() {
    for (count, reported) in [(limits::PARAMETERS, 0), (limits::PARAMETERS + 1, 1)] {
        let mut text = format!("{HEAD}paths:\n  /a:\n    get:\n      {NONE}\n      parameters:\n");
        for index in 0..count {
            text += &format!("      - {{ name: p{index}, in: query, schema: {{ type: string }} }}\n");
        }
        let loaded = load_text(&text);
        assert_eq!(lines(&loaded), ["error too-many-parameters 8:7"][..reported]);
        assert_eq!(loaded.document.unwrap().operations[0].parameters.len(), limits::PARAMETERS);
    }
    for (count, served) in [(limits::TEMPLATE_VARIABLES, 1), (limits::TEMPLATE_VARIABLES + 1, 0)] {
        let path: String = (0..count).map(|index| format!("/{{v{index}}}")).collect();
        let loaded = load_text(&format!("{HEAD}paths:\n  {path}: {{ get: {{ {NONE} }} }}\n"));
        assert_eq!(loaded.document.unwrap().operations.len(), served);
        assert_eq!(
            loaded.diagnostics.iter().filter(|diagnostic| diagnostic.code == "path-template").count(),
            1 - served
        );
    }
    for (extra, reported) in [(0, 0), (1, 2)] {
        let mut text = format!("{HEAD}paths:\n  /a: {{ get: {{ {NONE} }} }}\nsecurity:\n");
        text += &"- {}\n".repeat(limits::REQUIREMENTS + extra);
        text += "servers:\n";
        text += &"- url: /v1\n".repeat(limits::SERVERS + extra);
        let loaded = load_text(&text);
        assert_eq!(
            loaded.diagnostics.iter().filter(|diagnostic| diagnostic.code == "list-too-long").count(),
            reported
        );
        let document = loaded.document.unwrap();
        assert_eq!(document.servers.len(), limits::SERVERS);
        assert_eq!(document.operations[0].security.len(), limits::REQUIREMENTS);
    }
}

#[test]
fn links_lead_to_operations() {
    let document = clean(&format!(
        "{HEAD}paths:\n  /a/{{id}}:\n    get:\n      parameters: [{{ name: id, in: path, required: true, schema: {{}} }}]\n      responses:\n        '200':\n          description: ok\n          \
         links:\n            own: {{ operationId: readA, parameters: {{ path.id: $response.body#/id, fixed: 7 }} }}\n            \
         other: {{ operationRef: '#/paths/~1a~1{{id}}/get', parameters: {{ id: $request.path.id }} }}\n            \
         shared: {{ $ref: '#/components/links/L' }}\n            nowhere: {{ description: says nothing }}\n\
         components:\n  links: {{ L: {{ operationId: readL }} }}\n"
    ));
    let links = &document.operations[0].responses[0].1.links;
    let told: Vec<_> = links
        .iter()
        .map(|link| {
            let parameters = link.parameters.iter().map(|(name, value)| format!("{name}={value}"));
            (link.name.as_ref(), link.target.clone(), parameters.collect::<Vec<_>>())
        })
        .collect();
    let path = LinkTarget::Path { path: "/a/{id}".into(), method: "get".into() };
    let expected = [
        ("own", LinkTarget::Id("readA".into()), vec!["id=$response.body#/id".to_owned()]),
        ("other", path, vec!["id=$request.path.id".to_owned()]),
        ("shared", LinkTarget::Id("readL".into()), vec![]),
    ];
    assert_eq!(told, expected);
}

#[test]
fn links_beyond_the_limit_are_left_out() {
    for (count, expected) in [(limits::LINKS, limits::LINKS), (limits::LINKS + 1, limits::LINKS)] {
        let links: Vec<String> = (0..count).map(|index| format!("l{index}: {{ operationId: a }}")).collect();
        let document = clean(&format!(
            "{HEAD}paths:\n  /a:\n    get:\n      operationId: a\n      responses:\n        '204': {{ description: none, links: {{ {} }} }}\n",
            links.join(", ")
        ));
        assert_eq!(document.operations[0].responses[0].1.links.len(), expected);
    }
}
