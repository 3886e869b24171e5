//! What a script costs: a call with its answer, a library of 500 scripts, a core's interpreter.

#![allow(clippy::unwrap_used, missing_docs)]

use std::hint::black_box;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use criterion::{Criterion, criterion_group, criterion_main};
use mocker_schema::generate::Key;
use mocker_scripting::{Answers, Context, Library, RequestBuilder, Response, Scripts, Source};
use mocker_state::{Limits, Store};
use serde_json::Value;

/// A path parameter read, and a body of ten fields built.
const TEN_FIELDS: &str = r#"
fn handle(req, ctx) {
    let id = req.params.petId;
    #{
        id: id,
        name: "Rex",
        tag: "dog-" + id,
        age: 7,
        weight: 31.5,
        is_sold: false,
        owner: #{ name: "Ada", city: "London" },
        tags: ["a", "b"],
        link: `/pets/${id}`,
        note: ()
    }
}
"#;

const MANY: usize = 500;

struct Nothing;

impl Answers for Nothing {
    fn operation(&self) -> &str {
        "GET /pets/{petId}"
    }

    fn generate(&self, _: Option<u16>) -> Result<Response, String> {
        let fields = vec![("content-type".into(), b"application/json".as_slice().into())];
        Ok(Response { status: 200, fields, body: br#"{"id":7,"name":"Tom","tags":["a","b"]}"#.to_vec() })
    }

    fn example(&self, _: &str) -> Result<Response, String> {
        self.generate(None)
    }

    fn parameter(&self, _: &str) -> Option<Value> {
        None
    }
}

fn context(store: &Arc<Store>) -> Rc<Context> {
    let mut builder = RequestBuilder::new("GET", b"/pets/42", b"limit=5");
    builder.field("Host", b"localhost");
    builder.field("Accept", b"*/*");
    builder.param("petId", b"42");
    let request = Rc::new(builder.finish(b""));
    Rc::new(Context::new(request, Rc::new(Nothing), Key(7), "acme", 1_767_225_600_000, Arc::clone(store)))
}

fn calls(criterion: &mut Criterion) {
    let store = Arc::new(Store::new(Limits::default()));
    let empty = "fn handle(req, ctx) { 1 }";
    let count = "fn handle(req, ctx) { #{ count: state::increment(\"count\") } }";
    let changed = "fn after(req, res, ctx) { res.body.seen = true; }";
    for (name, text) in
        [("constant", empty), ("ten fields", TEN_FIELDS), ("counter", count), ("after", changed)]
    {
        let (library, _) = Library::check(vec![Source::new("s", "s.rhai", text)], Instant::now);
        let id = library.find("s").unwrap();
        let mut scripts = Scripts::new(library, Instant::now);
        criterion.bench_function(&format!("call, {name}"), |bencher| {
            bencher.iter(|| {
                let context = context(&store);
                match name {
                    "after" => {
                        let response = context.answers.generate(None).unwrap();
                        black_box(scripts.after(id, &context, response).unwrap())
                    }
                    _ => black_box(scripts.handle(id, &context).unwrap()),
                }
            });
        });
    }
    criterion.bench_function("context alone", |bencher| bencher.iter(|| black_box(context(&store))));
}

fn sources() -> Vec<Source> {
    let text = |index: usize| TEN_FIELDS.replace("Rex", &format!("Rex{index}"));
    (0..MANY)
        .map(|index| Source::new(&format!("s{index}"), &format!("s{index}.rhai"), &text(index)))
        .collect()
}

fn libraries(criterion: &mut Criterion) {
    let store = Arc::new(Store::new(Limits::default()));
    let mut group = criterion.benchmark_group("500 scripts");
    group.sample_size(20);
    group.bench_function("checked", |bencher| {
        bencher.iter(|| black_box(Library::check(sources(), Instant::now).0));
    });
    group.bench_function("checked, and all called", |bencher| {
        bencher.iter(|| {
            let (library, diagnostics) = Library::check(sources(), Instant::now);
            assert!(diagnostics.is_empty());
            let mut scripts = Scripts::new(library, Instant::now);
            let context = context(&store);
            for id in scripts.library().ids() {
                black_box(scripts.handle(id, &context).unwrap());
            }
        });
    });
    group.finish();
    let (library, _) = Library::check(Vec::new(), Instant::now);
    criterion.bench_function("a core's interpreter", |bencher| {
        bencher.iter(|| black_box(Scripts::new(Arc::clone(&library), Instant::now)));
    });
}

criterion_group!(benches, calls, libraries);
criterion_main!(benches);
