//! What templates print.

use serde_json::{Value, json as value_of};

use super::{context_with, json, render_with, text, unhurried, value};
use crate::template::{Content, has_template, is_template};

#[test]
fn templates_are_told_from_texts() {
    for (text, expected) in
        [("{{ a }}", true), ("x{% if %}", true), ("{# a #}", false), ("{", false), ("}}", false)]
    {
        assert_eq!(is_template(text), expected, "{text}");
    }
    assert!(has_template(&value_of!({ "a": [{ "{{ b }}": 1 }] })));
    assert!(!has_template(&value_of!({ "a": ["b", 1, null] })));
}

#[test]
fn the_request_is_seen() {
    for (template, expected) in [
        ("{{ request.method }} {{ request.path }}", "POST /pets/7"),
        ("{{ request.params.petId }}", "7"),
        ("{{ request.param('petId') + 1 }}", "8"),
        ("{{ request.query.limit | int + 1 }}", "6"),
        ("{{ request.query.tag }} {{ request.query.all('tag') | join(',') }}", "a a,b"),
        ("{{ request.query.page | default(1) }}", "1"),
        ("{{ request.query.get('page', 2) }}", "2"),
        ("{{ request.headers['x-request-id'] }}{{ request.headers.x_request_id }}", "r-1r-1"),
        ("{{ request.headers['CONTENT-TYPE'] }}", "application/json"),
        ("{{ request.cookies.sid }}", "abc"),
        ("{{ request.json.name }} {{ request.json.tags[1] }} {{ request.json.owner.id }}", "Rex b 9"),
        ("{{ request.pointer('/owner/id') }}", "9"),
        ("{{ request.body | length }}", "60"),
        ("{% for name in request.query %}{{ name }};{% endfor %}", "limit;tag;q;"),
        ("{% if request.json.name is defined %}yes{% endif %}", "yes"),
        ("{% if request.json.nothing is defined %}yes{% else %}no{% endif %}", "no"),
        ("{{ env('STAGE') }} {{ env('NONE', 'x') }}", "test x"),
    ] {
        assert_eq!(text(template).as_deref(), Ok(expected), "{template}");
    }
    let form = context_with(b"a=1&b=x+y", super::context().store.clone());
    let rendered = render_with(Content::Text("{{ request.form.b }}".into()), unhurried(), &form);
    assert_eq!(rendered.as_deref(), Ok("x y"));
}

#[test]
fn bodies_that_are_no_json_or_no_text_are_told() {
    let broken = context_with(b"\xff\xfe{", super::context().store.clone());
    let of = |template: &str| render_with(Content::Text(template.into()), unhurried(), &broken);
    assert_eq!(of("{{ request.body }}").as_deref(), Ok("\u{fffd}\u{fffd}{"));
    let fault = of("{{ request.json.name }}").expect_err("no JSON");
    assert!(fault.message.contains("the request's body: the text is not JSON"), "{fault}");
    assert_eq!(of("{{ request.method }}").as_deref(), Ok("POST"));
}

#[test]
fn whole_texts_keep_the_type_of_their_value() {
    for (template, expected) in [
        (value_of!("{{ 1 + 2 }}"), "3"),
        (value_of!("{{ request.json }}"), r#"{"name":"Rex","tags":["a","b"],"price":2.5,"owner":{"id":9}}"#),
        (value_of!("{{ request.json.tags }}"), r#"["a","b"]"#),
        (value_of!("{{ none }}"), "null"),
        (value_of!("{{ 1 == 1 }}"), "true"),
        (value_of!("{{ request.query.q }}"), r#""x\"y""#),
        (
            value_of!("{{ request.json | json }}"),
            r#"{"name":"Rex","tags":["a","b"],"price":2.5,"owner":{"id":9}}"#,
        ),
        (value_of!("is {{ request.json.tags }}"), r#""is [\"a\",\"b\"]""#),
        (value_of!("is {{ 1.5 }} and {{ request.query.q }}"), r#""is 1.5 and x\"y""#),
        (value_of!("{% if true %}a\"b{% endif %}"), r#""a\"b""#),
        (value_of!("{% set x %}q\"{{ request.query.q }}{% endset %}{{ x }}"), r#""q\"x\"y""#),
        (value_of!("{% macro m(a) %}<{{ a }}>{% endmacro %}{{ m(request.query.q) }}"), r#""<x\"y>""#),
        (
            value_of!({ "{{ request.query.tag }}": ["{{ 1 }}", 2, "3 {", "{# x"] }),
            r#"{"a":[1,2,"3 \u007b","\u007b# x"]}"#,
        ),
        (value_of!({ "a": { "b": "{{ {'c': {'d': 1}} }}" } }), r#"{"a":{"b":{"c":{"d":1}}}}"#),
    ] {
        let rendered = value(template.clone()).unwrap_or_else(|fault| panic!("{template}: {fault}"));
        let read: Result<Value, _> = serde_json::from_str(&rendered);
        assert!(read.is_ok(), "{template} gives {rendered}");
        assert_eq!(
            rendered,
            expected.replace("3 \\u007b", "3 {").replace("\"3 {\"", "\"3 \\u007b\""),
            "{template}"
        );
    }
}

#[test]
fn texts_of_json_are_escaped() {
    for (template, expected) in [
        (r#"{"q":"{{ request.query.q }}"}"#, r#"{"q":"x\"y"}"#),
        (
            r#"{"n":{{ 1.0 }},"b":{{ true }},"z":{{ none }},"a":{{ [1, "x"] }}}"#,
            r#"{"n":1.0,"b":true,"z":null,"a":[1,"x"]}"#,
        ),
        (r#"{"q":{{ request.query.q | json }}}"#, r#"{"q":"x\"y"}"#),
        (r#"[{% for n in range(3) %}{{ n }}{% if not loop.last %},{% endif %}{% endfor %}]"#, "[0,1,2]"),
        (r#"{% set x %}{{ request.query.q }}{% endset %}"{{ x }}""#, r#""x\"y""#),
        ("\"{{ 'a\\n\\t\\u0001\\\\' }}\"", r#""a\n\t\u0001\\""#),
        ("{\"a\":1}\n", "{\"a\":1}\n"),
    ] {
        assert_eq!(json(template).as_deref(), Ok(expected), "{template}");
    }
    assert_eq!(text("<a>{{ '<\"&' }}</a>").as_deref(), Ok("<a><\"&</a>"));
    assert_eq!(text("{{ '<\"&' | e }}").as_deref(), Ok("&lt;&quot;&amp;"));
}

#[test]
fn operators_mean_what_they_did() {
    for (template, expected) in [
        ("{{ 1 + 2 * 3 - 4 ~ 'x' }}", None),
        ("{{ 1 + 2 * 3 - 4 }}", Some("3")),
        ("{{ 1.5 + 1 }}", Some("2.5")),
        ("{{ 'a' + 'b' ~ 1 ~ true ~ none }}", Some("ab1truenull")),
        ("{{ 'ab' * 3 }}", Some("ababab")),
        ("{{ 2 ** 3 ** 2 }}", Some("64")),
        ("{{ ([1] + [2]) | sum }}", Some("3")),
        ("{{ 7 // 2 }} {{ 7 / 2 }} {{ 7 % 4 }}", Some("3 3.5 3")),
        ("{{ 9223372036854775807 + 1 }}", Some("9.223372036854776e+18")),
        ("{% set x, y = 1, 2 %}{{ x ~ y }}", Some("12")),
        (
            "{% set ns = namespace(n=0) %}{% for i in range(1, 5) %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}",
            Some("10"),
        ),
        ("a {%- set x = 1 -%} b{{ x }}", Some("ab1")),
    ] {
        assert_eq!(text(template).ok().as_deref(), expected, "{template}");
    }
}

#[test]
fn a_key_gives_one_answer() {
    let template =
        "{{ fake('name') }} {{ random.int(1, 1000000) }} {{ uuid() }} {{ [1, 2, 3] | shuffle | join }}";
    assert_eq!(text(template), text(template));
    let twice = text("{{ uuid() }} {{ uuid() }}").expect("two UUIDs");
    let (one, other) = twice.split_once(' ').expect("two UUIDs");
    assert_ne!(one, other);
}
