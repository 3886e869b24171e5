//! Every style with every shape: what a text is read as.

use serde_json::{Value as Json, json};

use super::Case;

const INTEGERS: &str = "{ type: array, items: { type: integer } }";
const STRINGS: &str = "{ type: array, items: { type: string } }";
const COLOR: &str = "{ type: object, properties: { R: { type: integer }, G: { type: integer } } }";

/// Rows of a declaration behind `name: p`, what is sent, and what is read.
fn check(place: &str, path: &str, prefix: &str, rows: &[(&str, &str, &str, Option<Json>)]) {
    for (style, schema, sent, expected) in rows {
        let parameter = format!("{{ name: p, in: {place}, required: true, {style} schema: {schema} }}");
        let parameter = match place {
            "path" => parameter,
            _ => parameter.replace("required: true, ", ""),
        };
        let case = Case::new(path, &[&parameter]);
        assert_eq!(case.value(&format!("{prefix}{sent}")), *expected, "{style} {schema} {sent}");
    }
}

#[test]
fn paths() {
    check(
        "path",
        "/a/{p}",
        "/a/",
        &[
            ("", "{ type: integer }", "5", Some(json!(5))),
            ("", "{ type: string }", "a%20b+c", Some(json!("a b+c"))),
            ("", "{}", "5", Some(json!("5"))),
            ("", INTEGERS, "3,4", Some(json!([3, 4]))),
            ("", INTEGERS, "3%2C4", Some(json!([3, 4]))),
            ("", STRINGS, "a%2Cb,c", Some(json!(["a,b", "c"]))),
            ("", COLOR, "R,1,G,2", Some(json!({"R": 1, "G": 2}))),
            ("explode: true,", COLOR, "R=1,G=2", Some(json!({"R": 1, "G": 2}))),
            ("style: label,", "{ type: number }", ".1.5", Some(json!(1.5))),
            ("style: label,", INTEGERS, ".3,4", Some(json!([3, 4]))),
            ("style: label,", INTEGERS, ".3.4", Some(json!([3, 4]))),
            ("style: label, explode: true,", INTEGERS, ".3.4", Some(json!([3, 4]))),
            ("style: label, explode: true,", STRINGS, ".a,b", Some(json!(["a,b"]))),
            ("style: label,", COLOR, ".R,1,G,2", Some(json!({"R": 1, "G": 2}))),
            ("style: label, explode: true,", COLOR, ".R=1.G=2", Some(json!({"R": 1, "G": 2}))),
            ("style: label,", "{ type: string }", ".", Some(json!(""))),
            ("style: matrix,", "{ type: integer }", ";p=5", Some(json!(5))),
            ("style: matrix,", "{ type: integer }", ";P=5", Some(json!(5))),
            ("style: matrix,", "{ type: string }", ";p", Some(json!(""))),
            ("style: matrix,", INTEGERS, ";p=3,4", Some(json!([3, 4]))),
            ("style: matrix, explode: true,", INTEGERS, ";p=3;p=4", Some(json!([3, 4]))),
            ("style: matrix, explode: true,", INTEGERS, ";p=3", Some(json!([3]))),
            ("style: matrix,", COLOR, ";p=R,1,G,2", Some(json!({"R": 1, "G": 2}))),
            ("style: matrix, explode: true,", COLOR, ";R=1;G=2", Some(json!({"R": 1, "G": 2}))),
        ],
    );
}

#[test]
fn queries() {
    check(
        "query",
        "/a",
        "/a?",
        &[
            ("", "{ type: integer }", "p=5", Some(json!(5))),
            ("", "{ type: integer }", "P=5&other=x", Some(json!(5))),
            ("", "{ type: string }", "p=a+b%20c", Some(json!("a b c"))),
            ("", STRINGS, "p=a&q=x&p=b,c", Some(json!(["a", "b,c"]))),
            ("", STRINGS, "p=a", Some(json!(["a"]))),
            ("", STRINGS, "p=&p=", Some(json!(["", ""]))),
            ("explode: false,", STRINGS, "p=a,b", Some(json!(["a", "b"]))),
            ("explode: false,", STRINGS, "p=a%2Cb", Some(json!(["a", "b"]))),
            ("explode: false,", STRINGS, "p=x&p=a,b", Some(json!(["a", "b"]))),
            ("explode: false,", COLOR, "p=R,1,G,2", Some(json!({"R": 1, "G": 2}))),
            ("explode: false,", COLOR, "p=R,1,G,2,B", Some(json!({"R": 1, "G": 2, "B": ""}))),
            ("", COLOR, "x=0&R=1&G=2", Some(json!({"R": 1, "G": 2}))),
            ("", COLOR, "x=0", None),
            ("style: spaceDelimited, explode: false,", INTEGERS, "p=1%202+3", Some(json!([1, 2, 3]))),
            ("style: spaceDelimited, explode: false,", STRINGS, "p=1%2520x", Some(json!(["1%20x"]))),
            ("style: spaceDelimited, explode: true,", INTEGERS, "p=1&p=2", Some(json!([1, 2]))),
            ("style: pipeDelimited, explode: false,", INTEGERS, "p=1|2%7C3%7c4", Some(json!([1, 2, 3, 4]))),
            ("style: pipeDelimited, explode: false,", COLOR, "p=R|1|G|2", Some(json!({"R": 1, "G": 2}))),
            ("style: pipeDelimited,", "{ type: integer }", "p=1", Some(json!(1))),
            ("style: deepObject,", COLOR, "p[R]=1&p%5BG%5d=2", Some(json!({"R": 1, "G": 2}))),
            ("style: deepObject,", COLOR, "p[R&p]=1&p[R]x=3&pp[R]=4", None),
            (
                "style: deepObject,",
                "{ type: object, properties: { list: { type: array, items: { type: integer } }, \
                 in: { type: object, properties: { deep: { type: boolean } } } } }",
                "p[list][10]=3&p[list][9]=2&p[list][0]=1&p[in][deep]=true",
                Some(json!({"in": {"deep": true}, "list": [1, 2, 3]})),
            ),
            (
                "style: deepObject,",
                "{ type: object, properties: { list: { type: array, items: { type: integer } } } }",
                "p[list][]=1&p[list][]=2",
                Some(json!({"list": [1, 2]})),
            ),
            (
                "style: deepObject,",
                "{ type: object, properties: { list: { type: array, items: { type: integer } } } }",
                "p[list]=1&p[list]=2",
                Some(json!({"list": [1, 2]})),
            ),
            (
                "style: deepObject,",
                "{ type: array, items: { type: object, properties: { n: { type: integer } } } }",
                "p[1][n]=2&p[0][n]=1",
                Some(json!([{"n": 1}, {"n": 2}])),
            ),
            ("style: deepObject,", "{ type: object }", "p[a][b]=1&p[a]=2", Some(json!({"a": {"b": "1"}}))),
        ],
    );
}

#[test]
fn a_single_text_is_what_the_schema_has_room_for() {
    let either = "{ anyOf: [{ type: string, enum: [all] }, { type: array, items: { type: integer } }] }";
    let range = "{ anyOf: [{ type: integer }, { type: object, properties: { gt: { type: integer } } }] }";
    check(
        "query",
        "/a",
        "/a?",
        &[
            ("", either, "p=all", Some(json!("all"))),
            ("", either, "p=1", Some(json!([1]))),
            ("", either, "p=1&p=2", Some(json!([1, 2]))),
            ("explode: false,", either, "p=1,2", Some(json!([1, 2]))),
            ("style: deepObject,", range, "p=5", Some(json!(5))),
            ("style: deepObject,", range, "p[gt]=5", Some(json!({"gt": 5}))),
            ("", "{ oneOf: [{ type: integer, minimum: 5 }, { type: string }] }", "p=7", Some(json!("7"))),
            ("", "{ type: [integer, string], enum: [1, a] }", "p=1", Some(json!(1))),
            ("", "{ type: [integer, string], enum: [1, a] }", "p=a", Some(json!("a"))),
            ("", "{ enum: [1, 2] }", "p=2", Some(json!(2))),
            ("", "{ allOf: [{ type: integer }, { minimum: 3 }] }", "p=3", Some(json!(3))),
            ("", "{ items: { type: integer } }", "p=3", Some(json!([3]))),
            ("", "{ type: [integer, 'null'] }", "p=", Some(Json::Null)),
        ],
    );
}

#[test]
fn shapes_are_found_through_references() {
    let schemas = "{ Ids: { type: array, items: { $ref: '#/components/schemas/Id' } }, Id: { type: integer }, \
                   Tree: { type: object, properties: { n: { type: integer }, \
                   next: { $ref: '#/components/schemas/Tree' } } } }";
    let ids = "{ name: ids, in: query, schema: { $ref: '#/components/schemas/Ids' } }";
    let case = Case::with_components("/a", &[ids], schemas);
    assert_eq!(case.value("/a?ids=1&ids=2"), Some(json!([1, 2])));
    let tree = "{ name: t, in: query, style: deepObject, schema: { $ref: '#/components/schemas/Tree' } }";
    let case = Case::with_components("/a", &[tree], schemas);
    let expected = json!({"next": {"n": 1, "next": {"n": 2}}});
    assert_eq!(case.value("/a?t[next][n]=1&t[next][next][n]=2"), Some(expected));
}

#[test]
fn an_open_object_takes_what_no_other_parameter_has() {
    let open = "{ name: rest, in: query, schema: { type: object, additionalProperties: { type: integer } } }";
    let page = "{ name: page, in: query, schema: { type: integer } }";
    let case = Case::new("/a", &[open, page]);
    let (faults, values) = case.ask(b"/a?Page=1&x=2&y=3&y=4", "");
    assert_eq!(
        values,
        [("rest".to_owned(), json!({"x": 2, "y": ["3", "4"]})), ("page".to_owned(), json!(1))]
    );
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert_eq!(faults[0].message, "Request query parameter rest.y must be integer");
}

/// Header fields and cookies have no values of their own in `Parameters::values`: only what is wrong is seen.
fn accepts(parameter: &str, fields: &str) -> bool {
    Case::new("/a", &[parameter]).messages("/a", fields).is_empty()
}

#[test]
fn header_fields() {
    let list = "{ name: X-P, in: header, schema: { type: array, minItems: 2, items: { type: integer } } }";
    assert!(accepts(list, "x-p: 1, 2,3\r\n"));
    assert!(accepts(list, "X-P: 1\r\nX-Other: 5\r\nx-p: 2\r\n"));
    assert!(!accepts(list, "X-P: 1\r\n") && !accepts(list, "X-P: 1,a\r\n"));
    let object = "schema: { type: object, required: [R, G], additionalProperties: { type: integer } } }";
    assert!(accepts(&format!("{{ name: X-P, in: header, {object}"), "X-P: R,1, G,2\r\n"));
    assert!(!accepts(&format!("{{ name: X-P, in: header, {object}"), "X-P: R=1,G=2\r\n"));
    assert!(accepts(&format!("{{ name: X-P, in: header, explode: true, {object}"), "X-P: R=1,G=2\r\n"));
    let text = "{ name: X-P, in: header, schema: { type: string, const: 'a%20b, c' } }";
    assert!(accepts(text, "X-P: a%20b, c\r\n") && accepts(text, "X-P: a%20b\r\nX-P: c\r\n"));
    let scalar = "{ name: X-P, in: header, schema: { type: integer } }";
    assert!(accepts(scalar, "X-P: 5\r\n") && !accepts(scalar, "X-P: 5\r\nX-P: 6\r\n"));
}

#[test]
fn cookies() {
    let integer = "{ name: id, in: cookie, required: true, schema: { type: integer } }";
    for (cookies, is_valid) in [
        ("Cookie: a=b; id=5\r\n", true),
        ("Cookie: a=b;id=\"5\"\r\n", true),
        ("Cookie: a=b\r\nCookie: id=5\r\n", true),
        ("Cookie: id=5; id=x\r\n", true),
        ("Cookie: id=x; id=5\r\n", false),
        ("Cookie: ID=5\r\n", false),
        ("Cookie: xid=5\r\n", false),
        ("Cookie: id\r\n", false),
        ("", false),
    ] {
        assert_eq!(accepts(integer, cookies), is_valid, "{cookies}");
    }
    let list = |how: &str| {
        format!(
            "{{ name: c, in: cookie, {how} schema: {{ type: array, items: {{ type: integer }}, minItems: 2 }} }}"
        )
    };
    assert!(accepts(&list("explode: false,"), "Cookie: c=1,2\r\n"));
    assert!(accepts(&list("explode: false,"), "Cookie: c=1%2C2\r\n"));
    assert!(accepts(&list(""), "Cookie: c=1&c=2\r\n") && accepts(&list(""), "Cookie: c=1; c=2\r\n"));
    assert!(accepts(&list("style: cookie,"), "Cookie: c=1; c=2\r\n"));
    assert!(!accepts(&list("style: cookie,"), "Cookie: c=1&c=2\r\n"));
    let object = |how: &str| {
        format!(
            "{{ name: c, in: cookie, {how} required: true, schema: {{ type: object, required: [R, G], \
             properties: {{ R: {{ type: integer }}, G: {{ type: integer }} }} }} }}"
        )
    };
    assert!(accepts(&object(""), "Cookie: R=1&G=2\r\n") && accepts(&object(""), "Cookie: x=y; R=1; G=2\r\n"));
    assert!(accepts(&object("explode: false,"), "Cookie: c=R,1,G,2\r\n"));
    assert!(accepts(&object("style: cookie,"), "Cookie: R=1; G=2\r\n"));
    assert!(!accepts(&object(""), "Cookie: R=1\r\n"));
    let plain =
        |style: &str| format!("{{ name: c, in: cookie, {style} schema: {{ type: string, const: 'a b' }} }}");
    assert!(accepts(&plain(""), "Cookie: c=a%20b\r\n"));
    assert!(accepts(&plain("style: cookie,"), "Cookie: c=a b\r\n"));
    assert!(!accepts(&plain("style: cookie,"), "Cookie: c=a%20b\r\n"));
}

#[test]
fn collection_formats_of_swagger_2() {
    for (format, sent) in [
        ("", "p=1,2"),
        ("collectionFormat: csv,", "p=1%2C2"),
        ("collectionFormat: ssv,", "p=1%202"),
        ("collectionFormat: tsv,", "p=1%092"),
        ("collectionFormat: pipes,", "p=1|2"),
        ("collectionFormat: multi,", "p=1&p=2"),
    ] {
        let case = Case::of(super::document(&format!(
            "swagger: '2.0'\ninfo: {{ title: T, version: '1' }}\npaths:\n  /a:\n    get:\n      parameters:\n      \
             - {{ name: p, in: query, {format} type: array, items: {{ type: integer }} }}\n      \
             responses: {{ '204': {{ description: none }} }}\n"
        )));
        assert_eq!(case.value(&format!("/a?{sent}")), Some(json!([1, 2])), "{format}");
        assert_eq!(case.messages("/a?p=x", "").len(), 1, "{format}");
    }
}
