//! How Swagger 2.0 becomes the model.

use mocker_openapi::Document;
use mocker_openapi::model::{ExampleValue, SecurityScheme, Style};
use mocker_schema::Types;

use crate::disk::{assert_clean, load_text};

const HEAD: &str = "swagger: '2.0'\ninfo: { title: T, version: '1' }\n";
const NONE: &str = "responses: { '204': { description: none } }";

fn clean(text: &str) -> Document {
    let loaded = load_text(text);
    assert_clean(&loaded);
    loaded.document.unwrap()
}

#[test]
fn collection_formats_become_styles() {
    for (place, format, expected) in [
        ("query", "", (Style::Form, false)),
        ("query", "collectionFormat: csv", (Style::Form, false)),
        ("query", "collectionFormat: ssv", (Style::SpaceDelimited, false)),
        ("query", "collectionFormat: tsv", (Style::TabDelimited, false)),
        ("query", "collectionFormat: pipes", (Style::PipeDelimited, false)),
        ("query", "collectionFormat: multi", (Style::Form, true)),
        ("header", "collectionFormat: csv", (Style::Simple, false)),
    ] {
        let document = clean(&format!(
            "{HEAD}paths:\n  /a:\n    get:\n      parameters:\n      - {{ name: v, in: {place}, required: true, type: array, items: {{ type: integer }}, minItems: 2, {format} }}\n      {NONE}\n"
        ));
        let parameter = &document.operations[0].parameters[0];
        assert_eq!((parameter.style, parameter.explode), expected, "{format}");
        let schema = &document.schemas[parameter.schema.unwrap()];
        assert_eq!((schema.types, schema.array.as_ref().unwrap().min_items), (Types::ARRAY, 2));
    }
}

#[test]
fn bodies_go_under_what_is_consumed() {
    let body = "parameters: [{ name: b, in: body, required: true, schema: { type: object } }]";
    let form = "parameters: [{ name: f, in: formData, required: true, type: string }]";
    let file = "parameters: [{ name: f, in: formData, type: file }]";
    const FORM: &str = "application/x-www-form-urlencoded";
    for (root, own, parameters, expected) in [
        ("", "", body, vec!["application/json"]),
        ("consumes: []", "", body, vec!["application/json"]),
        ("consumes: [text/xml]", "", body, vec!["text/xml"]),
        ("consumes: [text/xml]", "consumes: [a/b, c/d]", body, vec!["a/b", "c/d"]),
        ("consumes: [text/xml]", "consumes: []", body, vec!["application/json"]),
        ("", "", form, vec![FORM, "multipart/form-data"]),
        (
            "consumes: [application/json]",
            "consumes: [multipart/form-data]",
            form,
            vec!["multipart/form-data"],
        ),
        ("", "", file, vec!["multipart/form-data"]),
        ("", "consumes: [application/x-www-form-urlencoded]", file, vec![FORM, "multipart/form-data"]),
    ] {
        let document = clean(&format!(
            "{HEAD}{root}\npaths:\n  /a:\n    post:\n      {own}\n      {parameters}\n      {NONE}\n"
        ));
        let operation = &document.operations[0];
        let content = &operation.request_body.as_ref().unwrap().content;
        assert_eq!(
            content.iter().map(|media| media.name.as_ref()).collect::<Vec<_>>(),
            expected,
            "{root} {own}"
        );
        assert!(operation.parameters.is_empty());
    }
}

#[test]
fn form_fields_become_one_object() {
    let document = clean(&format!(
        "{HEAD}paths:\n  /a:\n    post:\n      parameters:\n      - {{ name: b, in: formData, type: integer, required: true, minimum: 3 }}\n      \
         - {{ name: a, in: formData, type: array, items: {{ type: string }}, collectionFormat: multi }}\n      {NONE}\n"
    ));
    let body = document.operations[0].request_body.as_ref().unwrap();
    assert!(body.required);
    let schema = &document.schemas[body.content[0].schema.unwrap()];
    let object = schema.object.as_ref().unwrap();
    assert_eq!(schema.types, Types::OBJECT);
    assert_eq!(object.properties.iter().map(|(name, _)| name.as_ref()).collect::<Vec<_>>(), ["b", "a"]);
    assert_eq!((&*object.sorted, object.required[0].as_ref()), (&[1, 0][..], "b"));
    let (name, encoding) = &body.content[0].encoding[0];
    assert_eq!((name.as_ref(), encoding.style, encoding.explode), ("a", Some(Style::Form), Some(true)));
}

/// Media types of the only response with their examples.
fn produced(root: &str, response: &str) -> Vec<(String, Vec<String>)> {
    let loaded = load_text(&format!(
        "{HEAD}{root}\npaths:\n  /a:\n    get:\n      responses:\n        '200': {{ description: d, {response} }}\n"
    ));
    let document = loaded.document.unwrap();
    let texts = |example: &mocker_openapi::model::Example| match &example.value {
        ExampleValue::Json(text) => text.to_string(),
        _ => unreachable!("2.0 has values only"),
    };
    let content = &document.operations[0].responses[0].1.content;
    content.iter().map(|media| (media.name.to_string(), media.examples.iter().map(texts).collect())).collect()
}

#[test]
fn responses_go_under_what_is_produced() {
    let schema = "schema: { type: object }";
    for (root, response, expected) in [
        ("", schema.to_owned(), vec![("application/json", vec![])]),
        ("produces: []", schema.to_owned(), vec![("application/json", vec![])]),
        ("produces: [a/b, c/d]", schema.to_owned(), vec![("a/b", vec![]), ("c/d", vec![])]),
        ("produces: text/xml", schema.to_owned(), vec![("text/xml", vec![])]),
        ("", String::new(), vec![]),
        ("", "schema: { type: file }".to_owned(), vec![("application/octet-stream", vec![])]),
        ("produces: [image/png]", "schema: { type: file }".to_owned(), vec![("image/png", vec![])]),
        ("", "examples: { text/plain: hi }".to_owned(), vec![("text/plain", vec![r#""hi""#])]),
        (
            "",
            format!("{schema}, examples: {{ application/json: {{ a: 1 }} }}"),
            vec![("application/json", vec![r#"{"a":1}"#])],
        ),
        (
            "produces: [application/vnd.x+json, text/plain]",
            format!("{schema}, examples: {{ application/json: 1 }}"),
            vec![("application/vnd.x+json", vec!["1"]), ("text/plain", vec![])],
        ),
        ("", format!("{schema}, examples: {{ a: 1 }}"), vec![("application/json", vec![r#"{"a":1}"#])]),
        ("", format!("{schema}, examples: {{ one: {{ value: 1 }} }}"), vec![("application/json", vec!["1"])]),
    ] {
        let expected: Vec<(String, Vec<String>)> = expected
            .into_iter()
            .map(|(name, texts)| (name.to_owned(), texts.into_iter().map(str::to_owned).collect()))
            .collect();
        assert_eq!(produced(root, &response), expected, "{root} {response}");
    }
}

#[test]
fn host_and_base_path_become_servers() {
    for (text, expected) in [
        ("", vec![]),
        ("basePath: /", vec![]),
        ("basePath: /v1/", vec![("/v1", "/v1")]),
        (
            "host: h:8080\nbasePath: /v1\nschemes: [https, wss]",
            vec![("https://h:8080/v1", "/v1"), ("wss://h:8080/v1", "/v1")],
        ),
        ("host: https://h/", vec![("https://h", "")]),
    ] {
        let document = clean(&format!("{HEAD}{text}\npaths:\n  /a: {{ get: {{ {NONE} }} }}\n"));
        let servers: Vec<_> =
            document.servers.iter().map(|server| (server.url.as_str(), server.base_path.as_str())).collect();
        assert_eq!(servers, expected, "{text}");
    }
}

#[test]
fn security_definitions_are_read() {
    let document = clean(&format!(
        "{HEAD}securityDefinitions:\n  a: {{ type: basic }}\n  b: {{ type: oauth2, flow: implicit }}\nsecurity: [{{ b: [x] }}]\npaths:\n  /a: {{ get: {{ {NONE} }} }}\n"
    ));
    let schemes: Vec<_> = document.security_schemes.iter().map(|(_, scheme)| scheme.clone()).collect();
    assert_eq!(schemes, [SecurityScheme::Http("basic".into()), SecurityScheme::OAuth2]);
    assert_eq!(document.operations[0].security[0][0].0.as_ref(), "b");
}
