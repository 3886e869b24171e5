//! State in templates.

use std::sync::Arc;

use mocker_state::{Limits, Store};

use super::{context, context_with, render_with, unhurried};
use crate::FaultKind;
use crate::template::Content;

#[test]
fn state_outlives_requests() {
    let store = Arc::clone(&context().store);
    let context = context_with(b"", store);
    let of = |template: &str| render_with(Content::Text(template.into()), unhurried(), &context);
    for (template, expected) in [
        ("{{ state.get('k', 'none') }}", "none"),
        ("{{ state.get('k') is undefined }}", "true"),
        ("{{ state.set('k', {'a': [1, 2.5, 'x']}) }}", r#"{"a":[1,2.5,"x"]}"#),
        ("{{ state.get('k').a[1] }}", "2.5"),
        ("{% do state.set('t', 'text', ttl='1h') %}{{ state.get('t') }}", "text"),
        (
            "{{ state.increment('n') }} {{ state.increment('n', 4) }} {{ state.increment('n', by=-1) }}",
            "1 5 4",
        ),
        ("{{ state.append('l', 'x') }}{{ state.append('l', 2) }} {{ state.get('l') }}", r#"12 ["x",2]"#),
        ("{{ state.compare_and_set('n', 4, 9) }} {{ state.compare_and_set('n', 4, 5) }}", "true false"),
        ("{{ state.list() | length }} {{ state.list('n') }}", r#"4 {"n":9}"#),
        ("{{ state.global.get('k', 'other') }} {{ state.global.increment('n') }}", "other 1"),
        ("{{ state.delete('k') }} {{ state.delete('k') }}", "true false"),
        ("{{ sequence('s') }} {{ sequence('s') }} {{ sequence('s') }}", "1 2 3"),
        ("{{ sequence('o', start=100, step=10) }} {{ sequence('o', start=100, step=10) }}", "100 110"),
        ("{{ state.get('sequence/s') is undefined }}", "true"),
    ] {
        assert_eq!(of(template).as_deref(), Ok(expected), "{template}");
    }
    assert!(of("{{ state.increment('t') }}").expect_err("a text").message.contains("only numbers"));
    assert!(of("{{ state.gett('t') }}").expect_err("no method").message.contains("did you mean `get`?"));
}

#[test]
fn a_full_store_is_told_apart() {
    let limits = Limits { bytes: 64 * 1024, ..Limits::default() };
    let context = context_with(b"", Arc::new(Store::new(limits)));
    let of = |template: &str| render_with(Content::Text(template.into()), unhurried(), &context);
    let fault =
        of("{% for i in range(100) %}{% do state.set('k' ~ i, 'x' * 2000) %}{% endfor %}").expect_err("full");
    assert_eq!((fault.kind, fault.budget), (FaultKind::Full, None), "{fault}");
    assert!(fault.message.contains("the state is full") && fault.line == 10, "{fault}");
    assert_eq!(of("{{ 1 }}").as_deref(), Ok("1"));
}
