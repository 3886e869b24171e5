//! Where faults are said to be, and what is said of them.

use serde_json::json as value_of;

use super::{source, text, value};
use crate::template::{Budgets, Content, Templates};

/// Line, column, what the message and the help hold.
type Expected = (u32, u32, &'static str, &'static str);

#[test]
fn what_cannot_be_compiled_is_a_diagnostic() {
    let cases: &[(&str, Expected)] = &[
        ("{{ 1 +* }}", (10, 11, "unexpected", "")),
        ("ab\n  {% if %}", (11, 13, "unexpected", "")),
        ("{% for x in y %}", (10, 5, "", "")),
        ("{{ x | uper }}", (10, 12, "there is no filter `uper`", "`upper`")),
        ("{{ 'é' | nothing_like_it }}", (10, 14, "there is no filter `nothing_like_it`", "")),
        ("{% if 1 is evn %}{% endif %}", (10, 16, "there is no test `evn`", "`even`")),
        ("a {{ reqest.path }}", (10, 10, "`reqest` is not defined", "`request`")),
        ("{{ 'a' ~ 'b' ~ fke('name') }}", (10, 20, "`fke` is not defined", "`fake`")),
        ("{% include 'other' %}", (10, 8, "there is no statement `include`", "")),
        ("{{ '' | format }}", (10, 13, "there is no filter `format`", "")),
    ];
    for (template, (line, column, message, help)) in cases {
        let (_, diagnostics) =
            Templates::new(&[source(Content::Text((*template).into()))], Budgets::default());
        let Some(diagnostic) = diagnostics.first() else { panic!("{template} has no fault") };
        let position = diagnostic.position.expect("a file");
        if !message.is_empty() {
            assert_eq!((position.line, position.column), (*line, *column), "{template}: {diagnostic:?}");
        }
        assert!(diagnostic.message.starts_with("example `cat`: "), "{diagnostic:?}");
        assert!(diagnostic.message.contains(message), "{template}: {diagnostic:?}");
        assert!(diagnostic.help.as_deref().unwrap_or_default().contains(help), "{template}: {diagnostic:?}");
    }
}

#[test]
fn what_may_be_undefined_is_none() {
    for template in [
        "{{ x | default('y') }}",
        "{% if x is defined %}{{ x | d(1) }}{% endif %}",
        "{% for x in [1] %}{{ x }}{{ loop.index }}{% endfor %}",
        "{% set x = 1 %}{{ x }}",
        "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1) }}",
        "{% with x = 1 %}{{ x }}{% endwith %}",
    ] {
        let (_, diagnostics) = Templates::new(&[source(Content::Text(template.into()))], Budgets::default());
        assert!(diagnostics.is_empty(), "{template}: {diagnostics:?}");
        assert!(text(template).is_ok(), "{template}");
    }
}

#[test]
fn what_fails_is_found_in_the_file() {
    let cases: &[(&str, (usize, usize), &str)] = &[
        ("{{ request.json.nothing }}", (10, 8), "`request.json.nothing` is not defined; `default`"),
        ("{{ request.boddy }}", (10, 8), "`request.boddy` is not defined; did you mean `body`?"),
        ("{{ request.json.a.b }}", (10, 8), "is not defined"),
        ("\n\n {{ 'é' ~ 'b' ~ fake('nme') }}", (12, 22), "there is no faker `nme`; did you mean `name`?"),
        ("{{ 1 + 'a' }}", (10, 8), "`+` is not for a number and a text"),
        ("{{ random.int(3, 1) }}", (10, 8), "the least number, 3, is above the greatest, 1"),
        ("{{ random.dice() }}", (10, 8), "there is no `random.dice`: there are int"),
        ("{{ 'x' | date }}", (10, 14), "`x` is no time"),
        ("{{ env('PATH') }}", (10, 8), "`PATH` is not among"),
        ("{{ range(10001) }}", (10, 8), "over the limit of 10000"),
        ("{{ now(ofset='1h') }}", (10, 8), "ofset"),
    ];
    for (template, (line, column), message) in cases {
        let fault = text(template).expect_err(template);
        assert!(fault.message.contains(message), "{template}: {fault}");
        assert_eq!((&*fault.file, fault.line), ("api.yaml", *line), "{template}: {fault}");
        assert!(fault.column.abs_diff(*column) <= 4, "{template}: {fault}, expected column {column}");
    }
}

#[test]
fn texts_of_values_have_their_own_places() {
    let (tree, _) = mocker_source::parse(
        mocker_source::FileId(0),
        b"a:\n  b: ok\n  c:\n    - '{{ 1 }}'\n    - x {{ oops }}\n",
    );
    let content = Content::of_node(tree.root().get("a").expect("a member"));
    let (_, diagnostics) = Templates::new(&[source(content)], Budgets::default());
    let position = diagnostics[0].position.expect("a file");
    assert_eq!((position.line, position.column), (5, 12), "{diagnostics:?}");
    let fault = value(value_of!({ "a": "{{ 1 // 0 }}" })).expect_err("no number");
    assert_eq!(fault.line, 10, "{fault}");
}
