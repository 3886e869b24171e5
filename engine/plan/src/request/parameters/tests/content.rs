//! Parameters with `content`, and the whole query as one value.

use serde_json::json;

use super::Case;

const FILTER: &str = "{ name: Filter, in: query, required: true, content: { application/json: { schema: \
                      { type: object, properties: { n: { type: integer } }, additionalProperties: false } } } }";

#[test]
fn json_is_parsed_and_judged() {
    let case = Case::new("/a", &[FILTER]);
    assert_eq!(case.value("/a?filter=%7B%22n%22:5%7D"), Some(json!({"n": 5})));
    assert_eq!(case.value("/a?filter=+%7B%7D+"), Some(json!({})));
    for (sent, expected) in [
        ("filter=%7B%22n%22:%225%22%7D", "Request query parameter filter.n must be integer"),
        ("filter=[]", "Request query parameter filter must be object"),
        ("filter=%7B", "Request query parameter filter must match content media type \"application/json\""),
        ("filter=", "Request query must have required property 'filter'"),
        ("", "Request query must have required property 'filter'"),
    ] {
        assert_eq!(case.messages(&format!("/a?{sent}"), ""), [expected], "{sent}");
    }
}

#[test]
fn json_in_other_places() {
    let of = |place: &str| {
        format!(
            "{{ name: p, in: {place}, required: true, content: {{ application/json: {{ schema: {{ type: array }} }} }} }}"
        )
    };
    let header = Case::new("/a", &[&of("header")]);
    assert_eq!(header.messages("/a", "P: [1, 2]\r\n"), [""; 0]);
    assert_eq!(header.messages("/a", "P: 1\r\n"), ["Request header parameter p must be array"]);
    let cookie = Case::new("/a", &[&of("cookie")]);
    assert_eq!(cookie.messages("/a", "Cookie: p=%5B%22a%22%5D\r\n"), [""; 0]);
    assert_eq!(cookie.messages("/a", "Cookie: p=5\r\n"), ["Request cookie parameter p must be array"]);
    let path = Case::new("/a/{p}", &[&of("path")]);
    assert_eq!(path.value("/a/[1]"), Some(json!([1])));
    assert_eq!(path.messages("/a/1", ""), ["Request path parameter p must be array"]);
}

#[test]
fn other_media_types_are_text() {
    let parameter =
        "{ name: p, in: query, content: { text/plain: { schema: { type: string, maxLength: 3 } } } }";
    let case = Case::new("/a", &[parameter]);
    assert_eq!(case.value("/a?p=a,b"), Some(json!("a,b")));
    assert_eq!(
        case.messages("/a?p=abcd", ""),
        ["Request query parameter p must NOT have more than 3 characters"]
    );
    let bare = Case::new("/a", &["{ name: p, in: query, content: { text/plain: {} } }"]);
    assert_eq!(bare.value("/a?p=5"), Some(json!("5")));
}

#[test]
fn the_whole_query_as_a_form() {
    let parameter = "{ name: q, in: querystring, required: true, content: { application/x-www-form-urlencoded: \
                     { schema: { type: object, required: [n], additionalProperties: false, \
                     properties: { n: { type: integer }, Tags: { type: array, items: { type: string } } } } } } }";
    let case = Case::new("/a", &[parameter]);
    assert_eq!(case.messages("/a?n=5&Tags=a&Tags=b+c", ""), [""; 0]);
    assert_eq!(case.messages("/a?n=x", ""), ["Request query parameter n must be integer"]);
    assert_eq!(case.messages("/a?Tags=x", ""), ["Request query must have required property 'n'"]);
    assert_eq!(
        case.messages("/a?n=1&x=2", ""),
        ["Request query must NOT have additional properties; found 'x'"]
    );
    assert_eq!(case.messages("/a", ""), ["Request query must have required property 'q'"]);
}

#[test]
fn the_whole_query_as_json() {
    let parameter = "{ name: q, in: querystring, content: { application/json: { schema: \
                     { type: object, properties: { n: { type: integer } } } } } }";
    let case = Case::new("/a", &[parameter]);
    assert_eq!(case.messages("/a?%7B%22n%22:5%7D", ""), [""; 0]);
    assert_eq!(case.messages("/a?%7B%22n%22:null%7D", ""), ["Request query parameter n must be integer"]);
    assert_eq!(
        case.messages("/a?n=5", ""),
        ["Request query must match content media type \"application/json\""]
    );
    assert_eq!(case.messages("/a", ""), [""; 0]);
}
