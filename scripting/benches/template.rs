//! What one rendering costs.

use std::hint::black_box;
use std::rc::Rc;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use mocker_schema::generate::Key;
use mocker_scripting::template::{Budgets, Content, TemplateId, TemplateSource, Templates};
use mocker_scripting::{Answers, Context, RequestBuilder, Response};
use mocker_state::{Limits, Store};
use serde_json::{Value, json};

struct NoAnswers;

impl Answers for NoAnswers {
    fn operation(&self) -> &str {
        "GET /pets/{petId}"
    }

    fn generate(&self, _: Option<u16>) -> Result<Response, String> {
        Err("nothing".into())
    }

    fn example(&self, _: &str) -> Result<Response, String> {
        Err("nothing".into())
    }

    fn parameter(&self, _: &str) -> Option<Value> {
        None
    }
}

fn contents() -> Vec<(&'static str, Content)> {
    let value = |value| Content::Value { value, places: Vec::new() };
    vec![
        ("no call", value(json!({ "id": "{{ 1 }}", "name": "Rex", "kind": "dog" }))),
        (
            "5 calls, a value",
            value(json!({
                "id": "{{ request.params.petId }}",
                "name": "{{ fake('name') }}",
                "weight": "{{ random.int(1, 60) }}",
                "tag": "{{ uuid() }}",
                "born": "{{ now(offset='-2d') }}",
            })),
        ),
        (
            "5 calls, a text",
            Content::Json(
                r#"{"id":"{{ request.params.petId }}","name":"{{ fake('name') }}","weight":{{ random.int(1, 60) }},"tag":"{{ uuid() }}","born":"{{ now(offset='-2d') }}"}"#
                    .into(),
            ),
        ),
        ("a counter", value(json!({ "count": "{{ state.increment('n') }}" }))),
        (
            "a loop of 10",
            Content::Json(
                r#"[{% for i in range(10) %}{"id":{{ i + 1 }},"name":"{{ fake.first_name() | upper }}"}{% if not loop.last %},{% endif %}{% endfor %}]"#
                    .into(),
            ),
        ),
    ]
}

fn context(store: &Arc<Store>, number: u64) -> Rc<Context> {
    let mut request = RequestBuilder::new("GET", b"/pets/7", b"");
    request.field("Accept", b"application/json");
    request.param("petId", b"7");
    let key = Key(42).with_number(number);
    let now = 1_709_210_096_789;
    Rc::new(Context::new(
        Rc::new(request.finish(b"")),
        Rc::new(NoAnswers),
        key,
        "client",
        now,
        Arc::clone(store),
    ))
}

fn render(criterion: &mut Criterion) {
    let (names, sources): (Vec<&str>, Vec<TemplateSource>) = contents()
        .into_iter()
        .map(|(name, content)| {
            let (file, file_id, line, column) = ("bench.yaml".into(), None, 1, 1);
            (name, TemplateSource { name: name.into(), file, file_id, line, column, content })
        })
        .unzip();
    let (templates, diagnostics) = Templates::new(&sources, Budgets::default());
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let store = Arc::new(Store::new(Limits::default()));
    let mut out = Vec::with_capacity(4096);
    let mut number = 0;
    for (id, name) in names.iter().enumerate() {
        criterion.bench_function(&format!("template/{name}"), |bencher| {
            bencher.iter(|| {
                number += 1;
                out.clear();
                let context = context(&store, number);
                templates.render(TemplateId(id as u32), &context, &mut out).expect("a template that renders");
                black_box(out.len())
            });
        });
    }
}

criterion_group!(benches, render);
criterion_main!(benches);
