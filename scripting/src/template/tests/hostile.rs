//! Templates that would take the machine.

use std::time::{Duration, Instant};

use serde_json::json as value_of;

use super::{context_with, json, render_with, text, unhurried, value};
use crate::template::{Budgets, Content, limits};

/// The budget that ends a template, within a time that leaves room for a slow machine without optimisation.
fn ended_by(template: &str) -> Option<&'static str> {
    let start = Instant::now();
    let fault = text(template).expect_err(template);
    assert!(start.elapsed() < Duration::from_secs(15), "{template} took {:?}", start.elapsed());
    assert!(fault.line >= 10 && &*fault.file == "api.yaml", "{template}: {fault}");
    assert!(fault.budget.is_none() || fault.message.contains("budget"), "{fault}");
    fault.budget
}

#[test]
fn what_has_no_end_is_ended() {
    let loops = "{% for i in range(10000) %}".repeat(3) + "{% endfor %}".repeat(3).as_str();
    let printing = format!(
        "{}{}{}",
        "{% for i in range(10000) %}".repeat(2),
        "x".repeat(3000),
        "{% endfor %}".repeat(2)
    );
    let kept = format!("{{% macro m() %}}{printing}{{% endmacro %}}{{{{ m() | length }}}}");
    let set = format!("{{% set x %}}{printing}{{% endset %}}");
    let doubled = "{% set x = 'ab' %}".to_owned() + "{% set x = x ~ x %}".repeat(60).as_str();
    let added = "{% set x = 'ab' %}".to_owned() + "{% set x = x + x %}".repeat(60).as_str();
    let in_namespace =
        "{% set n = namespace(x='ab') %}{% for i in range(99) %}{% set n.x = n.x ~ n.x %}{% endfor %}";
    let shared =
        "{% set x = [1] %}".to_owned() + "{% set x = [x, x] %}".repeat(90).as_str() + "{{ x == x }}{{ x }}";
    let lists = "{% set x = [1] %}".to_owned() + "{% set x = x + x %}".repeat(60).as_str();
    let nested = "{% set n = namespace(x=[]) %}{% for i in range(9999) %}{% set n.x = [n.x] %}{% endfor %}";
    let straight = "{% set x = [1] %}".to_owned() + "{% set x = [x] %}".repeat(20_000).as_str();
    for (template, budgets) in [
        (loops.as_str(), &["operations"][..]),
        (&printing, &["output"]),
        (&kept, &["memory", "operations"]),
        (&set, &["memory"]),
        (&shared, &["memory"]),
        ("{% macro m(x) %}{{ m(x ~ x) }}{% endmacro %}{{ m('abc') }}", &["depth"]),
        ("{% macro m(x) %}{{ m(x) }}{% endmacro %}{{ m(1) }}", &["depth"]),
        ("{% for x in [[1]] recursive %}{{ loop([[1]]) }}{% endfor %}", &["depth", "operations", "memory"]),
        ("{{ ['x' * 100000] * 3 }}", &[]),
        (
            "{% set a = 'x' * 1000000 %}{% for i in range(999) %}{% set b = a | upper %}{% endfor %}",
            &["memory"],
        ),
    ] {
        let budget = ended_by(template);
        let shown = &template[..template.len().min(80)];
        match budgets.is_empty() {
            true => assert_eq!(budget, None, "{shown}"),
            false => assert!(budget.is_some_and(|budget| budgets.contains(&budget)), "{shown}: {budget:?}"),
        }
    }
    for (template, says) in [
        (doubled.as_str(), "over the limit"),
        (&added, "over the limit"),
        (in_namespace, "over the limit"),
        ("{{ 'x' * 100000000 }}", "over the limit"),
        ("{% set a = 'x' * 100000 %}{{ a | replace('x', a) }}", "over the limit"),
        (
            "{% set a = 'x' * 1000000 %}{{ [a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a] | join }}",
            "`memory`",
        ),
        (lists.as_str(), "over the limit"),
        (nested, "nested deeper"),
        (&straight, "nested deeper"),
        ("{{ range(99999999999) }}", "over the limit"),
        ("{{ '' | pad_start(99999999) }}", "over the limit"),
        ("{{ random.hex(99999999) }}", "over the limit"),
        ("{{ fake('words', 99999999, 99999999) }}", "0 to 1000 parts"),
        ("{{ ('x' * 2000000) | md5 }}", "over the limit"),
    ] {
        let fault = text(template).expect_err("hostile");
        assert!(fault.message.contains(says), "{fault}");
    }
}

#[test]
fn time_is_a_budget() {
    let budgets = Budgets { time: Duration::ZERO, ..Budgets::default() };
    let template = "{% for i in range(1000) %}{{ i }}{% endfor %}";
    let fault = render_with(Content::Text(template.into()), budgets, &super::context()).expect_err("no time");
    assert_eq!(fault.budget, Some("time"), "{fault}");
}

#[test]
fn budgets_are_kept_to_the_byte() {
    let of = |bytes| {
        let budgets = Budgets { output_bytes: bytes, ..unhurried() };
        render_with(Content::Text("{{ 'abc' }}de".into()), budgets, &super::context())
    };
    assert_eq!(of(5).as_deref(), Ok("abcde"));
    assert_eq!(of(4).expect_err("too long").budget, Some("output"));
    let of = |operations| {
        let budgets = Budgets { operations, ..unhurried() };
        render_with(Content::Text("{{ 1 }}{{ 2 }}".into()), budgets, &super::context())
    };
    assert_eq!(of(5).as_deref(), Ok("12"));
    assert_eq!(of(4).expect_err("too many").budget, Some("operations"));
}

#[test]
fn sources_are_bounded() {
    assert!(text(&"x".repeat(limits::SOURCE_BYTES)).is_ok());
    assert!(text(&"x".repeat(limits::SOURCE_BYTES + 1)).expect_err("too large").message.contains("limit of"));
    for deep in [
        format!("{{{{ {}1{} }}}}", "(".repeat(5000), ")".repeat(5000)),
        format!("{{{{ 1{} }}}}", " | abs".repeat(5000)),
        "{% if true %}".repeat(5000),
        format!("{{{{ {}1 }}}}", "-".repeat(50_000)),
        format!("{{{{ 1{} }}}}", " + 1".repeat(5000)),
        format!("{{{{ {}1 }}}}", "not ".repeat(50_000)),
    ] {
        // Whether it renders or not: it comes back.
        let _ = (text(&deep), json(&deep), value(value_of!({ "a": deep })));
    }
}

#[test]
fn requests_that_are_no_text_do_no_harm() {
    let context = context_with(b"\xff\x00\xc3\x28", super::context().store.clone());
    let template = "{{ request.body | json }}{{ request.body | sha256 | length }}{{ request.form | length }}";
    let rendered = render_with(Content::Json(template.into()), unhurried(), &context);
    assert_eq!(rendered.as_deref(), Ok("\"\u{fffd}\\u0000\u{fffd}(\"641"));
}
