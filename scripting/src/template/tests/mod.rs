//! Templates rendered against one request.

mod faults;
mod hostile;
mod printed;
mod stateful;

use std::rc::Rc;
use std::sync::Arc;

use mocker_schema::generate::Key;
use mocker_source::FileId;
use mocker_state::{Limits, Store};
use serde_json::Value;

use super::{Budgets, Content, TemplateId, TemplateSource, Templates};
use crate::{Answers, Context, Fault, RequestBuilder, Response};

struct NoAnswers;

impl Answers for NoAnswers {
    fn operation(&self) -> &str {
        "POST /pets/{petId}"
    }

    fn generate(&self, _: Option<u16>) -> Result<Response, String> {
        Err("nothing".into())
    }

    fn example(&self, _: &str) -> Result<Response, String> {
        Err("nothing".into())
    }

    fn parameter(&self, name: &str) -> Option<Value> {
        (name == "petId").then(|| 7.into())
    }
}

/// 2024-02-29T12:34:56.789Z
const NOW: i64 = 1_709_210_096_789;

fn context_with(body: &[u8], store: Arc<Store>) -> Rc<Context> {
    let mut request = RequestBuilder::new("POST", b"/pets/7", b"limit=5&tag=a&tag=b&q=x%22y");
    request.field("Content-Type", b"application/json");
    request.field("X-Request-Id", b"r-1");
    request.field("Cookie", b"sid=abc");
    request.param("petId", b"7");
    let request = request.finish(body);
    let mut context = Context::new(Rc::new(request), Rc::new(NoAnswers), Key(42), "client", NOW, store);
    context.environment = Arc::new([("STAGE".to_owned(), "test".to_owned())].into());
    Rc::new(context)
}

fn context() -> Rc<Context> {
    let body = br#"{"name":"Rex","tags":["a","b"],"price":2.5,"owner":{"id":9}}"#;
    context_with(body, Arc::new(Store::new(Limits::default())))
}

fn source(content: Content) -> TemplateSource {
    TemplateSource {
        name: "example `cat`".into(),
        file: "api.yaml".into(),
        file_id: Some(FileId(0)),
        line: 10,
        column: 5,
        content,
    }
}

fn render_with(content: Content, budgets: Budgets, context: &Rc<Context>) -> Result<String, Fault> {
    let (templates, diagnostics) = Templates::new(&[source(content)], budgets);
    let templates = templates.with_clock(std::time::Instant::now);
    let mut out = b"before".to_vec();
    let rendered = templates.render(TemplateId(0), context, &mut out);
    assert!(diagnostics.is_empty() || rendered.is_err(), "{diagnostics:?}");
    match rendered {
        Ok(()) => Ok(String::from_utf8(out.split_off(6)).expect("texts are UTF-8")),
        Err(fault) => {
            assert_eq!(out, b"before", "what failed left something behind");
            Err(fault)
        }
    }
}

/// Budgets that a slow machine does not use up by being slow.
fn unhurried() -> Budgets {
    Budgets { time: std::time::Duration::from_secs(20), ..Budgets::default() }
}

fn text(template: &str) -> Result<String, Fault> {
    render_with(Content::Text(template.into()), unhurried(), &context())
}

fn json(template: &str) -> Result<String, Fault> {
    render_with(Content::Json(template.into()), unhurried(), &context())
}

fn value(template: Value) -> Result<String, Fault> {
    render_with(Content::Value { value: template, places: Vec::new() }, unhurried(), &context())
}
