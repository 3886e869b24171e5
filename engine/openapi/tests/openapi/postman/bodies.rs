//! What has been saved of bodies.

use mocker_openapi::model::{Method, StatusKey};
use mocker_schema::Types;
use mocker_schema::validate::Direction;
use serde_json::{Value, json};

use super::{clean, collection, examples, is_valid, library, operation};
use crate::disk::load_text;

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
fn saved_values_are_sent_as_they_were_saved() {
    for (saved, sent) in [
        ("{\"id\": 12345678901234567890123}", "{\"id\":12345678901234567890123}"),
        ("[1e2, 1.50, -0]\n", "[1e2,1.50,-0]"),
        ("{ \"a\": 1,\n\t\"a\": 2 }", "{\"a\":1,\"a\":2}"),
        (r#"{"a b": " \"  \\", "c" : "\u00e9\/" }"#, r#"{"a b":" \"  \\","c":"\u00e9\/"}"#),
        ("\u{feff} true\r\n", "true"),
    ] {
        let header = json!([{"key": "Content-Type", "value": "application/json"}]);
        let response = json!([{"code": 200, "header": header, "body": saved}]);
        let document = clean(&json!([{"request": "/a", "response": response}]), &json!({}));
        let content = &document.operations[0].responses[0].1.content[0];
        assert_eq!(examples(content), [("default", sent)], "{saved}");
    }
}

#[test]
fn where_anything_was_sent_anything_may_be_sent() {
    let raw = |text: &str| json!({"mode": "raw", "raw": text, "options": {"raw": {"language": "json"}}});
    let form = json!({"mode": "urlencoded", "urlencoded": [{"key": "a", "value": "1"}]});
    let (oops, object, array) = (raw("{\"a\": oops}"), raw("{\"a\": 1}"), raw("[1]"));
    let file = json!({"key": "a", "contentType": "application/json"});
    let files = json!({"mode": "formdata", "formdata": [file, file]});
    for (bodies, value, expected) in [
        (vec![&object], json!({"a": "x"}), false),
        (vec![&oops], json!({"a": "x"}), true),
        (vec![&oops, &object], json!({"a": "x"}), true),
        (vec![&object, &oops], json!({"a": "x"}), true),
        (vec![&object, &oops, &object], json!({"a": "x"}), true),
        (vec![&oops, &form], json!({"a": [1]}), true),
        (vec![&oops, &form], json!([1]), true),
        (vec![&array, &form], json!([1]), true),
        (vec![&array, &form], json!({"a": "x"}), true),
        (vec![&array, &form], json!({"a": 1}), false),
        (vec![&files], json!({"a": [{}]}), true),
    ] {
        let header = json!([{"key": "Content-Type", "value": "application/json"}]);
        let request = |body: &&Value| json!({"method": "POST", "url": "/a", "header": header, "body": body});
        let items: Vec<Value> = bodies.iter().map(|body| json!({"request": request(body)})).collect();
        let document = load_text(&collection(&json!(items), &json!({}))).document.unwrap();
        let body = document.operations[0].request_body.as_ref().unwrap();
        let schema = body.content[0].schema.unwrap();
        assert_eq!(is_valid(&document, schema, &value, Direction::Request), expected, "{bodies:?} {value}");
    }
}
