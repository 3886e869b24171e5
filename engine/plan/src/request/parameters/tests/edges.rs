//! Absence, empty values, names, coercion at the edges.

use serde_json::json;

use super::Case;
use crate::limits::{MAX_BRACKETS, MAX_PAIRS};

#[test]
fn empty_values() {
    let missing = "Request query must have required property 'p'";
    for (schema, extra, optional, required) in [
        ("{ type: integer }", "", None, Some(missing)),
        ("{ type: integer }", "allowEmptyValue: true,", None, None),
        ("{ type: string, minLength: 3 }", "allowEmptyValue: true,", None, None),
        ("{ type: string }", "", None, None),
        ("{ type: string, enum: [a, b] }", "", None, Some(missing)),
        ("{ type: string, minLength: 1 }", "", None, Some(missing)),
        ("{ type: [integer, 'null'] }", "", None, None),
        ("{ type: array, items: { type: integer } }", "", None, None),
        ("{ type: array, items: { type: integer }, minItems: 1 }", "", None, Some(missing)),
        ("{ type: boolean }", "", None, Some(missing)),
        ("{}", "", None, None),
    ] {
        for (is_required, expected) in [(false, optional), (true, required)] {
            let parameter =
                format!("{{ name: p, in: query, {extra} required: {is_required}, schema: {schema} }}");
            let case = Case::new("/a", &[&parameter]);
            let expected: Vec<&str> = expected.into_iter().collect();
            assert_eq!(case.messages("/a?p=", ""), expected, "{parameter}");
            assert_eq!(case.messages("/a?p", ""), expected, "{parameter}");
        }
    }
}

#[test]
fn an_empty_value_that_means_something_has_that_value() {
    for (schema, expected) in [
        ("{ type: string }", Some(json!(""))),
        ("{ type: array, items: {} }", Some(json!([]))),
        ("{ type: [boolean, 'null'] }", Some(json!(null))),
        ("{ type: integer }", None),
    ] {
        let case = Case::new("/a", &[&format!("{{ name: p, in: query, schema: {schema} }}")]);
        assert_eq!(case.value("/a?p="), expected, "{schema}");
    }
}

#[test]
fn what_is_not_declared_is_ignored() {
    let case = Case::new("/a", &["{ name: p, in: query, schema: { type: integer } }"]);
    assert_eq!(case.value("/a?q=1&r"), None);
    assert_eq!(case.value("/a"), None);
    assert_eq!(case.value("/a?"), None);
    let none = Case::new("/a", &[]);
    assert!(none.parameters.is_empty() && !case.parameters.is_empty());
}

#[test]
fn header_fields_that_parameters_cannot_describe_are_ignored() {
    let case = Case::of(super::document(
        "swagger: '2.0'\ninfo: { title: T, version: '1' }\npaths:\n  /a:\n    get:\n      parameters:\n      \
         - { name: Accept, in: header, required: true, type: integer }\n      \
         - { name: content-type, in: header, required: true, type: integer }\n      \
         - { name: Authorization, in: header, required: true, type: integer }\n      \
         responses: { '204': { description: none } }\n",
    ));
    assert!(case.parameters.is_empty());
    assert_eq!(case.messages("/a", "Accept: x\r\n"), [""; 0]);
}

#[test]
fn path_variables_match_whatever_their_case_and_those_of_no_template_are_ignored() {
    let id = "{ name: PetId, in: path, required: true, schema: { type: integer } }";
    let under = |template: &str| {
        let text = "openapi: 3.0.0\ninfo: { title: T, version: '1' }\npaths:\n  /a/{PetId}:\n    get:\n      \
                    parameters: [PARAMETER]\n      responses: { '204': { description: none } }\n";
        let mut document = super::document(&text.replace("PARAMETER", id));
        document.operations[0].path = template.into();
        Case::of(document)
    };
    assert_eq!(under("/a/{petid}").value("/a/5"), Some(json!(5)));
    assert_eq!(under("/a/{petid}").messages("/a/x", ""), ["Request path parameter petid must be integer"]);
    assert_eq!(under("/a/{other}").messages("/a/x", ""), [""; 0]);
}

#[test]
fn path_variables_that_take_slashes_go_by_their_name_with_and_without_the_mark() {
    for (template, name) in [("/a/{p+}", "p+"), ("/a/{p+}", "p"), ("/a/{p*}", "p*"), ("/a/{+p}", "+p")] {
        let parameter = format!("{{ name: '{name}', in: path, required: true, schema: {{ enum: [b/c] }} }}");
        let case = Case::new(template, &[&parameter]);
        assert_eq!(case.messages("/a/b/c", ""), [""; 0], "{template} {name}");
        assert_eq!(case.messages("/a/b/d", "").len(), 1, "{template} {name}");
    }
}

#[test]
fn coercion() {
    for (schema, text, is_valid) in [
        ("{ type: integer }", "5.0", true),
        ("{ type: integer }", "5.5", false),
        ("{ type: integer }", "1e3", true),
        ("{ type: integer }", "0x10", true),
        ("{ type: integer }", "+5+", true), // spaces
        ("{ type: integer }", "%2B5", true),
        ("{ type: integer }", "true", false),
        ("{ type: integer, format: int32 }", "3000000000", false),
        ("{ type: number }", "1e400", false),
        ("{ type: boolean }", "true", true),
        ("{ type: boolean }", "false", true),
        ("{ type: boolean }", "1", false),
        ("{ type: boolean }", "TRUE", false),
        ("{ type: [integer, 'null'] }", "null", false),
        ("{ type: string, format: uuid }", "095be615-a8ad-4c33-8e9c-c7612fbf6c9f", true),
        ("{ type: string, format: uuid }", "5", false),
        ("{ type: string, maxLength: 2 }", "%C3%A9%C3%A9", true),
        ("{ type: string, pattern: '^[0-9]+$' }", "12", true),
        ("{ type: object }", "x", true),
    ] {
        let case = Case::new("/a", &[&format!("{{ name: p, in: query, schema: {schema} }}")]);
        assert_eq!(case.messages(&format!("/a?p={text}"), "").is_empty(), is_valid, "{schema} {text}");
    }
}

#[test]
fn broken_text_is_read_as_far_as_it_goes() {
    let case = Case::new("/a", &["{ name: p, in: query, schema: { type: string } }"]);
    assert_eq!(case.value("/a?p=%ff%00%"), Some(json!("\u{fffd}\0%")));
    assert_eq!(case.value("/a?p=%00"), Some(json!("\0")));
    assert_eq!(case.value("/a?%ff=1&p=2"), Some(json!("2")));
}

#[test]
fn reserved_characters_make_no_difference_to_reading() {
    for reserved in ["", "allowReserved: true,"] {
        let case =
            Case::new("/a", &[&format!("{{ name: p, in: query, {reserved} schema: {{ type: string }} }}")]);
        assert_eq!(case.value("/a?p=a/b?c:d@e=f"), Some(json!("a/b?c:d@e=f")));
        assert_eq!(case.value("/a?p=a%2Fb%3Fc"), Some(json!("a/b?c")));
    }
}

#[test]
fn members_in_too_many_brackets_are_left_out() {
    let case = Case::new("/a", &["{ name: p, in: query, style: deepObject, schema: { type: object } }"]);
    let sent = |brackets: usize| format!("/a?p{}=1", "[x]".repeat(brackets));
    let read = case.value(&sent(MAX_BRACKETS));
    assert_eq!(read.map(|value| value.to_string().matches("\"x\"").count()), Some(MAX_BRACKETS));
    assert_eq!(case.value(&sent(MAX_BRACKETS + 1)), None);
}

#[test]
fn pairs_behind_the_limit_are_not_looked_at() {
    let case = Case::new("/a", &["{ name: p, in: query, schema: { type: integer } }"]);
    let sent = |others: usize| format!("/a?{}p=1", "q&".repeat(others));
    assert_eq!(case.value(&sent(MAX_PAIRS - 1)), Some(json!(1)));
    assert_eq!(case.value(&sent(MAX_PAIRS)), None);
}

#[test]
fn members_beyond_the_limit_are_as_good_as_not_declared() {
    let properties: Vec<String> =
        (0..5000).map(|index| format!("p{index:04}: {{ type: integer }}")).collect();
    let schema = format!("{{ type: object, properties: {{ {} }} }}", properties.join(", "));
    let case = Case::new("/a", &[&format!("{{ name: p, in: query, schema: {schema} }}")]);
    assert_eq!(case.value("/a?p0000=1&p4000=2&p4999=3"), Some(json!({"p0000": 1, "p4000": 2})));
}
