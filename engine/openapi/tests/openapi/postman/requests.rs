//! Addresses, parameters and credentials of requests.

use mocker_openapi::model::{ExampleValue, Method, Place, SecurityScheme, Server, StatusKey, Style};
use mocker_schema::Types;
use mocker_schema::validate::Direction;
use serde_json::{Value, json};

use super::{clean, collection, examples, is_valid, library, operation};
use crate::disk::{assert_clean, load_text};

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
    let bases = |servers: &[Server]| {
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
        (json!({"type": "jwt"}), Some(SecurityScheme::Http("bearer".into()))),
        (
            json!({"type": "jwt", "jwt": [{"key": "addTokenTo", "value": "header"}]}),
            Some(SecurityScheme::Http("bearer".into())),
        ),
        (json!({"type": "jwt", "jwt": {"addTokenTo": "queryParam"}}), Some(query("token"))),
        (
            json!({"type": "jwt", "jwt": [
                {"key": "addTokenTo", "value": "queryParam"},
                {"key": "queryParamKey", "value": "{{place}}"},
            ]}),
            Some(query("jwt")),
        ),
        (json!({"type": "awsv4"}), Some(SecurityScheme::Http("aws4-hmac-sha256".into()))),
        (
            json!({"type": "awsv4", "awsv4": {"addAuthDataToQuery": false}}),
            Some(SecurityScheme::Http("aws4-hmac-sha256".into())),
        ),
        (json!({"type": "awsv4", "awsv4": {"addAuthDataToQuery": true}}), None),
        (
            json!({"type": "awsv4", "awsv4": [{"key": "addAuthDataToQuery", "value": true, "type": "boolean"}]}),
            None,
        ),
        (
            json!({"type": "oauth1", "oauth1": {"addParamsToHeader": true}}),
            Some(SecurityScheme::Http("oauth".into())),
        ),
        (json!({"type": "oauth1", "oauth1": {"addParamsToHeader": false}}), None),
        (json!({"type": "noauth"}), None),
        (json!({"type": "inherit"}), None),
        (json!(null), None),
    ] {
        let more = json!({"variable": [{"key": "place", "value": "jwt"}]});
        let document = clean(&json!([{"request": {"url": "/a", "auth": auth}}]), &more);
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
        (json!("{{base}}/:id_3/:id/:id"), "/{id_3}/{id}/{id_4}"),
        (json!("{{base}}/:id/:id/:id_2"), "/{id}/{id_2}/{id_2_3}"),
        (json!("{{base}}/{guid}/{{$guid}}"), "/{guid}/{guid_2}"),
        (json!("{{base}}/:id/x-{id}"), "/{id_2}/x-{id}"),
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
fn a_variable_may_be_the_whole_url() {
    let more = json!({"variable": [
        {"key": "base", "value": "https://h/v1"},
        {"key": "slash", "value": "https://h/v1/"},
        {"key": "one", "value": "https://h/v1/pets/:id?x=1#y"},
        {"key": "root", "value": "https://h/"},
        {"key": "path", "value": "/v1"},
        {"key": "scheme", "value": "https"},
        {"key": "authority", "value": "h/v1"},
        {"key": "host", "value": "{{unknown}}/v1"},
    ]});
    for (url, path, server) in [
        (json!("{{base}}"), "/v1", Some(("https://h", ""))),
        (json!("{{base}}?x=1"), "/v1", Some(("https://h", ""))),
        (json!({"raw": "{{base}}", "host": ["{{base}}"]}), "/v1", Some(("https://h", ""))),
        (json!({"host": ["{{base}}"], "path": []}), "/v1", Some(("https://h", ""))),
        (json!("{{scheme}}://{{authority}}"), "/v1", Some(("https://h", ""))),
        (json!("{{slash}}"), "/v1/", Some(("https://h", ""))),
        (json!("{{one}}"), "/v1/pets/{id}", Some(("https://h", ""))),
        (json!("{{path}}"), "/v1", None),
        (json!("{{host}}"), "/v1", None),
        (json!("{{root}}"), "/", Some(("https://h/", ""))),
        (json!("{{base}}/"), "/", Some(("https://h/v1", "/v1"))),
        (json!({"host": ["{{base}}"], "path": [""]}), "/", Some(("https://h/v1", "/v1"))),
        (json!({"host": ["{{base}}"], "path": ""}), "/v1", Some(("https://h", ""))),
        (json!("{{base}}/pets"), "/pets", Some(("https://h/v1", "/v1"))),
    ] {
        let document = clean(&json!([{"request": {"url": url}}]), &more);
        let operation = &document.operations[0];
        let read = operation.servers.first().map(|server| (&*server.url, &*server.base_path));
        assert_eq!((&*operation.path, read), (path, server), "{url}");
    }
}

#[test]
fn names_and_values_are_decoded_where_urls_hold_them() {
    let pair = json!({"key": "a%20b", "value": "x%2Fy"});
    let body = json!({"mode": "urlencoded", "urlencoded": [pair]});
    for url in [json!("h/a?a%20b=x%2Fy"), json!({"path": "a", "query": [pair]})] {
        let request = json!({"method": "POST", "url": url, "body": body});
        let document = clean(&json!([{"request": request}]), &json!({}));
        let parameter = &document.operations[0].parameters[0];
        assert_eq!(&*parameter.name, "a b", "{url}");
        assert_eq!(parameter.examples[0].value, ExampleValue::Json("\"x/y\"".into()), "{url}");
        let body = document.operations[0].request_body.as_ref().unwrap();
        let object = document.schemas[body.content[0].schema.unwrap()].object.as_ref().unwrap();
        assert_eq!(&*object.properties[0].0, "a%20b", "objects of a form hold what is meant");
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
