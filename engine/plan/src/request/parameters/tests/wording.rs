//! The words and the order of faults, which Prism's users compare.

use super::Case;
use crate::request::{Fault, Severity};

#[test]
fn faults_are_told_as_prism_tells_them() {
    let limit = "{ name: Limit, in: query, schema: { type: integer, maximum: 10 } }";
    let tags = "{ name: tags, in: query, schema: { type: array, items: { enum: [a, b] } } }";
    let deep = "{ name: P, in: query, style: deepObject, schema: { type: object, \
                properties: { Xy: { type: integer } }, additionalProperties: false } }";
    for (parameter, target, location, code, message) in [
        (
            limit,
            "/a?LIMIT=11",
            &["query", "limit"][..],
            "maximum",
            "Request query parameter limit must be <= 10",
        ),
        (limit, "/a?limit=x", &["query", "limit"], "type", "Request query parameter limit must be integer"),
        (limit, "/a?limit=5.5", &["query", "limit"], "type", "Request query parameter limit must be integer"),
        (
            limit,
            "/a?limit=1&limit=2",
            &["query", "limit"],
            "type",
            "Request query parameter limit must be integer",
        ),
        (
            tags,
            "/a?tags=a&tags=c",
            &["query", "tags", "1"],
            "enum",
            "Request query parameter tags.1 must be equal to one of the allowed values: a, b",
        ),
        (deep, "/a?p[Xy]=q", &["query", "p", "Xy"], "type", "Request query parameter p.Xy must be integer"),
        (
            deep,
            "/a?p[z]=q",
            &["query", "p"],
            "additionalProperties",
            "Request query parameter p must NOT have additional properties; found 'z'",
        ),
        (deep, "/a?p=q", &["query", "p"], "type", "Request query parameter p must be object"),
    ] {
        let (faults, _) = Case::new("/a", &[parameter]).ask(target.as_bytes(), "");
        let expected = Fault {
            location: location.iter().map(|step| (*step).to_owned()).collect(),
            severity: Severity::Error,
            code,
            message: message.to_owned(),
        };
        assert_eq!(faults, [expected], "{target}");
    }
}

#[test]
fn all_faults_are_told_in_the_order_of_places_and_of_the_document() {
    let case = Case::new(
        "/a/{Id}",
        &[
            "{ name: sid, in: cookie, required: true, schema: { type: string } }",
            "{ name: Id, in: path, required: true, schema: { type: integer } }",
            "{ name: old, in: query, deprecated: true, schema: { type: string } }",
            "{ name: n, in: query, schema: { type: integer, multipleOf: 2, maximum: 2 } }",
            "{ name: Must, in: query, required: true, schema: { type: string } }",
            "{ name: X-Req, in: header, required: true, schema: { type: string } }",
            "{ name: X-Old, in: header, deprecated: true, schema: { type: boolean } }",
        ],
    );
    let (faults, _) = case.ask(b"/a/x?n=5&old=1", "x-old: 1\r\n");
    let told: Vec<_> =
        faults.iter().map(|fault| (fault.location.join("/"), fault.code, &*fault.message)).collect();
    let expected = [
        ("header", "required", "Request header must have required property 'x-req'"),
        ("header/x-old", "type", "Request header parameter x-old must be boolean"),
        ("header/X-Old", "deprecated", "Header param X-Old is deprecated"),
        ("query", "required", "Request query must have required property 'must'"),
        ("query/n", "maximum", "Request query parameter n must be <= 2"),
        ("query/n", "multipleOf", "Request query parameter n must be multiple of 2"),
        ("query/old", "deprecated", "Query param old is deprecated"),
        ("path/id", "type", "Request path parameter id must be integer"),
        ("cookie", "required", "Request cookie must have required property 'sid'"),
    ];
    assert_eq!(told, expected.map(|(place, code, message)| (place.to_owned(), code, message)));
    let warnings = faults.iter().filter(|fault| fault.severity == Severity::Warning);
    assert_eq!(warnings.map(|fault| fault.code).collect::<Vec<_>>(), ["deprecated", "deprecated"]);
}

#[test]
fn a_deprecated_parameter_is_only_a_warning_and_only_when_sent() {
    let case = Case::new(
        "/a/{p}",
        &[
            "{ name: old, in: query, deprecated: true, schema: { type: integer } }",
            "{ name: p, in: path, required: true, deprecated: true, schema: { type: string } }",
        ],
    );
    assert_eq!(case.messages("/a/x", ""), ["Path param p is deprecated"]);
    let (faults, _) = case.ask(b"/a/x?old=1", "");
    assert!(faults.iter().all(|fault| fault.severity == Severity::Warning && fault.code == "deprecated"));
    assert_eq!(faults[0].location, ["query", "old"]);
}

#[test]
fn texts_without_the_form_of_their_style() {
    for (style, sent, message) in [
        ("label", "5", "Request path parameter id must begin with '.'"),
        ("matrix", "5", "Request path parameter id must begin with ';id='"),
        ("matrix", ";", "Request path parameter id must begin with ';id='"),
        ("matrix", ";other=5", "Request path parameter id must begin with ';id='"),
        ("matrix", ";id=5;other=5", "Request path parameter id must begin with ';id='"),
        ("matrix", ";id=5;id=6", "Request path parameter id must be integer"),
        ("label", ".5,6", "Request path parameter id must be integer"),
    ] {
        let parameter =
            format!("{{ name: Id, in: path, required: true, style: {style}, schema: {{ type: integer }} }}");
        let (faults, _) = Case::new("/a/{Id}", &[&parameter]).ask(format!("/a/{sent}").as_bytes(), "");
        assert_eq!(
            faults.iter().map(|fault| &*fault.message).collect::<Vec<_>>(),
            [message],
            "{style} {sent}"
        );
        assert_eq!(faults[0].location, ["path", "id"]);
    }
}
