//! How Postman collections become the model.

use mocker_openapi::limits::{self, Limits};
use mocker_openapi::model::{
    ExampleValue, MediaType, Method, Operation, Place, SecurityScheme, StatusKey, Style,
};
use mocker_openapi::{Document, MemoryFetch, load, load_within};
use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Types};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::disk::{assert_clean, file, lines, load_text};

const LIBRARY: &str = include_str!("../collections/library.json");

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

#[test]
fn requests_of_all_folders_are_operations() {
    let document = library();
    assert_eq!((document.title.as_str(), document.version.as_str()), ("City library", "Postman 2.1.0"));
    let seen: Vec<_> = document
        .operations
        .iter()
        .map(|o| (o.method.clone(), &*o.path, o.summary.as_deref().unwrap(), o.tags.join("/")))
        .collect();
    assert_eq!(
        seen,
        [
            (Method::Get, "/books", "List books", "Books".to_owned()),
            (Method::Get, "/books/{bookId}", "One book", "Books".to_owned()),
            (Method::Post, "/books", "Add a book", "Books".to_owned()),
            (Method::Post, "/cards", "New card", "Readers/Cards".to_owned()),
            (Method::Put, "/cards/{cardId}/photo", "Photo", "Readers/Cards".to_owned()),
            (Method::Get, "/ping", "Ping", "Readers".to_owned()),
        ]
    );
    assert_eq!((document.operations[0].position.line, document.operations[0].position.column), (12, 9));
}

#[test]
fn hosts_are_servers() {
    let document = library();
    let bases = |servers: &[mocker_openapi::model::Server]| {
        servers.iter().map(|s| (s.template.clone(), s.url.clone(), s.base_path.clone())).collect::<Vec<_>>()
    };
    let own = |t: &str, u: &str, b: &str| (t.to_owned(), u.to_owned(), b.to_owned());
    let first = own("{{baseUrl}}", "https://library.example.com/v1", "/v1");
    let second = own("https://desk.example.com", "https://desk.example.com", "");
    assert_eq!(bases(&document.servers), [first.clone(), second.clone()]);
    assert_eq!(bases(&operation(&document, Method::Get, "/books").servers), [first]);
    assert_eq!(bases(&operation(&document, Method::Get, "/ping").servers), [second]);
}

#[test]
fn parameters_come_from_query_headers_and_path() {
    let document = library();
    let list = operation(&document, Method::Get, "/books");
    let seen: Vec<_> =
        list.parameters.iter().map(|p| (&*p.name, p.place, p.required, p.style, p.explode)).collect();
    assert_eq!(
        seen,
        [
            ("author", Place::Query, false, Style::Form, true),
            ("tag", Place::Query, false, Style::Form, true),
            ("X-Branch", Place::Header, true, Style::Simple, false),
        ]
    );
    let types = |index: usize| document.schemas[list.parameters[index].schema.unwrap()].types;
    assert_eq!((types(0), types(1)), (Types::STRING, Types::ARRAY));
    assert_eq!(list.parameters[0].examples[0].value, ExampleValue::Json("\"Le Guin\"".into()));

    let one = operation(&document, Method::Get, "/books/{bookId}");
    assert_eq!((&*one.parameters[0].name, one.parameters[0].place), ("bookId", Place::Path));
    assert_eq!(one.parameters[0].examples[0].value, ExampleValue::Json("\"1\"".into()));
    let add = operation(&document, Method::Post, "/books");
    assert_eq!(add.parameters.iter().map(|p| &*p.name).collect::<Vec<_>>(), ["Idempotency-Key"]);
}

#[test]
fn saved_responses_are_named_examples() {
    let document = library();
    let list = operation(&document, Method::Get, "/books");
    let [(StatusKey::Code(200), response)] = &list.responses[..] else { panic!("{:?}", list.responses) };
    let [media] = &response.content[..] else { panic!("{:?}", response.content) };
    assert_eq!((&*media.name, &*response.headers[0].name), ("application/json; charset=utf-8", "X-Total"));
    assert_eq!(
        examples(media),
        [
            (
                "Two books",
                r#"[{"id":1,"title":"The Dispossessed","price":9.5,"loan":null},{"id":2,"title":"The Lathe of Heaven","price":8,"series":"none"}]"#
            ),
            ("No books", "[]"),
        ]
    );
    assert_eq!(media.examples[0].position.line, 44);

    let one = operation(&document, Method::Get, "/books/{bookId}");
    let seen: Vec<_> = one.responses.iter().map(|(status, r)| (*status, &*r.content[0].name)).collect();
    assert_eq!(
        seen,
        [(StatusKey::Code(200), "application/json"), (StatusKey::Code(404), "text/plain")],
        "requests that differ in the name of a variable only are one operation"
    );
    assert_eq!(examples(&one.responses[1].1.content[0]), [("Not found", "as it stands: no such book\n")]);
    let add = operation(&document, Method::Post, "/books");
    let [(StatusKey::Code(200), response)] = &add.responses[..] else { panic!("{:?}", add.responses) };
    assert!(response.content.is_empty());
}

fn is_valid(document: &Document, schema: SchemaId, value: &Value, direction: Direction) -> bool {
    document.schemas.validate(schema, value, direction).is_empty()
}

#[test]
fn schemas_are_inferred_from_values() {
    let document = library();
    let responses = &operation(&document, Method::Get, "/books").responses;
    let schema = responses[0].1.content[0].schema.unwrap();
    for (value, expected) in [
        (json!([]), true),
        (json!([{"id": 3, "title": "x", "price": 1.5}]), true),
        (json!([{"id": 3, "title": "x", "price": 1, "loan": "any"}]), true),
        (json!([{"id": 3.5, "title": "x", "price": 1}]), false),
        (json!([{"id": 3, "title": "x"}]), false),
        (json!({}), false),
    ] {
        assert_eq!(is_valid(&document, schema, &value, Direction::Response), expected, "{value}");
    }
    let body = operation(&document, Method::Post, "/books").request_body.as_ref().unwrap();
    let schema = body.content[0].schema.unwrap();
    for (value, expected) in [
        (json!({}), true),
        (json!({"title": "x", "pages": 1.5, "shelf": [1], "tags": [], "more": 1}), true),
        (json!({"title": 1}), false),
        (json!({"tags": [1]}), false),
        (json!({"place": {"floor": "2"}}), false),
        (json!([]), false),
    ] {
        assert_eq!(is_valid(&document, schema, &value, Direction::Request), expected, "{value}");
    }
    assert!(!body.required && body.content[0].examples.is_empty(), "a template is no example");
}

#[test]
fn bodies_have_the_type_of_their_mode() {
    let document = library();
    let card = operation(&document, Method::Post, "/cards").request_body.as_ref().unwrap();
    let object = document.schemas[card.content[0].schema.unwrap()].object.as_ref().unwrap();
    let types: Vec<_> =
        object.properties.iter().map(|(name, id)| (&**name, document.schemas[*id].types)).collect();
    assert_eq!(&*card.content[0].name, "application/x-www-form-urlencoded");
    assert_eq!(types, [("name", Types::STRING), ("interest", Types::ARRAY)]);
    let photo = operation(&document, Method::Put, "/cards/{cardId}/photo").request_body.as_ref().unwrap();
    assert_eq!(&*photo.content[0].name, "multipart/form-data");

    for (body, expected) in [
        (json!({"mode": "raw", "raw": "{\"a\": 1}"}), Some("application/json")),
        (json!({"mode": "raw", "raw": "hi"}), Some("text/plain")),
        (
            json!({"mode": "raw", "raw": "<a/>", "options": {"raw": {"language": "xml"}}}),
            Some("application/xml"),
        ),
        (json!({"mode": "raw", "raw": " "}), None),
        (json!({"mode": "raw", "raw": "hi", "disabled": true}), None),
        (json!({"mode": "graphql", "graphql": {"query": "{a}"}}), Some("application/json")),
        (json!({"mode": "file", "file": {"src": "x"}}), Some("*/*")),
        (json!({"mode": "urlencoded", "urlencoded": "a=1&b=2"}), Some("application/x-www-form-urlencoded")),
        (json!({}), None),
        (json!(null), None),
    ] {
        let item = json!([{"request": {"method": "POST", "url": "/a", "body": body}}]);
        let document = clean(&item, &json!({}));
        let read = document.operations[0].request_body.as_ref().map(|body| &*body.content[0].name);
        assert_eq!(read, expected, "{body}");
    }
}

#[test]
fn credentials_are_inherited() {
    let document = library();
    let asked = |method, path| {
        let security = &operation(&document, method, path).security;
        security.iter().map(|all| all[0].0.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(asked(Method::Get, "/books"), ["bearer"]);
    assert_eq!(asked(Method::Get, "/books/{bookId}"), ["bearer"], "the first request decides");
    assert_eq!(asked(Method::Post, "/cards"), ["apikey-header-X-Desk-Key"]);
    assert_eq!(asked(Method::Put, "/cards/{cardId}/photo"), ["basic"]);
    let schemes: Vec<_> = document.security_schemes.iter().map(|(_, scheme)| scheme.clone()).collect();
    let key = SecurityScheme::ApiKey { place: Place::Header, name: "X-Desk-Key".into() };
    assert_eq!(schemes, [SecurityScheme::Http("bearer".into()), key, SecurityScheme::Http("basic".into())]);
}

#[test]
fn schemes_of_every_type() {
    let query = |name: &str| SecurityScheme::ApiKey { place: Place::Query, name: name.into() };
    for (auth, expected) in [
        (json!({"type": "digest"}), Some(SecurityScheme::Http("digest".into()))),
        (json!({"type": "apikey", "apikey": {"key": "k", "in": "query"}}), Some(query("k"))),
        (
            json!({"type": "oauth2", "oauth2": [{"key": "scope", "value": "a b"}]}),
            Some(SecurityScheme::OAuth2),
        ),
        (json!({"type": "oauth2", "oauth2": {"addTokenTo": "queryParams"}}), Some(query("access_token"))),
        (json!({"type": "noauth"}), None),
        (json!({"type": "inherit"}), None),
        (json!(null), None),
    ] {
        let document = clean(&json!([{"request": {"url": "/a", "auth": auth}}]), &json!({}));
        assert_eq!(document.security_schemes.first().map(|(_, scheme)| scheme), expected.as_ref(), "{auth}");
        assert_eq!(document.operations[0].security.is_empty(), expected.is_none(), "{auth}");
    }
    let auth = json!({"type": "oauth2", "oauth2": [{"key": "scope", "value": "a b"}]});
    let document = clean(&json!([{"request": {"url": "/a", "auth": auth}}]), &json!({}));
    assert_eq!(*document.operations[0].security[0][0].1, ["a".into(), "b".into()]);
}

#[test]
fn paths_of_urls() {
    let more = json!({"variable": [
        {"key": "base", "value": "https://h/v1/"},
        {"key": "kind", "value": "pets/cats"},
        {"key": "empty", "value": ""},
        {"key": "loop", "value": "{{loop}}"},
        {"key": "off", "value": "x", "disabled": true},
    ]});
    for (url, expected) in [
        (json!("https://h/pets"), "/pets"),
        (json!("https://h"), "/"),
        (json!("h/pets/"), "/pets/"),
        (json!("{{base}}pets/:id"), "/pets/{id}"),
        (json!("{{base}}/{{kind}}/:id?x=1"), "/pets/cats/{id}"),
        (json!("{{base}}/{{empty}}/x"), "/{empty}/x"),
        (json!("{{base}}/a-{{empty}}.json"), "/a-{empty}.json"),
        (json!("{{base}}/{{$guid}}/{{$guid}}"), "/{guid}/{guid_2}"),
        (json!("{{base}}/{{loop}}"), "/{loop}"),
        (json!("{{base}}/{id}"), "/{id}"),
        (json!({"raw": "https://h/pets"}), "/pets"),
        (json!({"host": "h", "path": "/pets/:id"}), "/pets/{id}"),
        (json!({"host": ["h"], "path": ["", "a", {"type": "string", "value": ":b"}, 7, ""]}), "/a/{b}/7/"),
        (json!({"raw": "x", "path": ["a"]}), "/a"),
        (json!({"protocol": "https", "host": ["a", "b"], "port": "8080"}), "/"),
    ] {
        let loaded = load_text(&collection(&json!([{"name": "n", "request": {"url": url}}]), &more));
        assert_clean(&loaded);
        assert_eq!(&*loaded.document.unwrap().operations[0].path, expected, "{url}");
    }
}

#[test]
fn requests_of_one_path_are_one_operation() {
    let request = |name: &str, header: &[&str], query: &str, body: Value, code: u16| {
        let header: Vec<Value> = header.iter().map(|key| json!({"key": key, "value": "v"})).collect();
        json!({
            "name": name,
            "request": {"method": "POST", "url": format!("https://h/a?{query}"), "header": header,
                "body": {"mode": "raw", "raw": body.to_string()}},
            "response": [{"name": "same", "code": code, "body": body.to_string()}],
        })
    };
    let items = json!([
        request("first", &["X-A", "X-B"], "q=1", json!({"a": 1, "b": 1}), 200),
        request("second", &["x-a"], "r=1", json!({"a": "x"}), 200),
        request("third", &["x-a"], "r=1&r=2", json!({"a": true}), 400),
    ]);
    let document = clean(&items, &json!({}));
    let [operation] = &document.operations[..] else { panic!("{:?}", document.operations) };
    let seen: Vec<_> = operation.parameters.iter().map(|p| (&*p.name, p.required)).collect();
    assert_eq!(seen, [("q", false), ("X-A", true), ("X-B", false), ("r", false)]);
    let content = &operation.responses[0].1.content[0];
    assert_eq!(examples(content), [("same", r#"{"a":1,"b":1}"#), ("same (2)", r#"{"a":"x"}"#)]);
    assert_eq!(operation.responses[1].0, StatusKey::Code(400));
    let schema = content.schema.unwrap();
    for (value, expected) in
        [(json!({"a": 2}), true), (json!({"a": "y"}), true), (json!({"a": true}), false), (json!({}), false)]
    {
        assert_eq!(is_valid(&document, schema, &value, Direction::Response), expected, "{value}");
    }
}

#[test]
fn version_2_0_and_wrapped_collections_are_read() {
    let text = json!({"collection": {
        "info": {"name": "T", "_postman_id": "x"},
        "auth": {"type": "apikey", "apikey": {"key": "K", "value": "v", "in": "header"}},
        "item": [{"request": {
            "url": "http://h/a?b=1",
            "header": "X-One: 1\nContent-Type: text/plain\n",
            "body": {"mode": "raw", "raw": "hi"},
        }}],
    }});
    let loaded = load_text(&text.to_string());
    assert_clean(&loaded);
    let document = loaded.document.unwrap();
    let operation = &document.operations[0];
    let names: Vec<_> = operation.parameters.iter().map(|p| (&*p.name, p.required)).collect();
    assert_eq!(names, [("b", false), ("X-One", true)]);
    assert_eq!(&*operation.security[0][0].0, "apikey-header-K");
    assert_eq!(&*operation.request_body.as_ref().unwrap().content[0].name, "text/plain");
}

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
