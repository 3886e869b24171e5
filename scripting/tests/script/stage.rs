//! A place to run scripts in: a request, an operation that has answers, a clock that stands still.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use mocker_schema::generate::Key;
use mocker_scripting::{
    Answers, Before, Context, Fault, Library, Request, RequestBuilder, Response, Scripts, Source,
};
use mocker_state::{Limits, Store};
use serde_json::{Value, json};

pub const NOW: i64 = 1_767_225_600_000;

pub struct Pets;

impl Answers for Pets {
    fn operation(&self) -> &str {
        "GET /pets/{petId}"
    }

    fn generate(&self, code: Option<u16>) -> Result<Response, String> {
        let body = match code {
            None | Some(200) => r#"{ "name": "Tom", "id": 7, "tags": ["a", "b"] }"#,
            Some(404) => r#"{"title":"gone"}"#,
            Some(code) => return Err(format!("the document describes no {code}; it has 200 and 404")),
        };
        let fields = vec![("content-type".into(), b"application/json".as_slice().into())];
        Ok(Response { status: code.unwrap_or(200), fields, body: body.into() })
    }

    fn example(&self, name: &str) -> Result<Response, String> {
        match name {
            "cat" => {
                let fields = vec![("content-type".into(), b"text/plain".as_slice().into())];
                Ok(Response { status: 200, fields, body: b"a cat".to_vec() })
            }
            _ => Err(format!("there is no example `{name}`; there is `cat`")),
        }
    }

    fn parameter(&self, name: &str) -> Option<Value> {
        (name == "petId").then(|| json!(42))
    }
}

pub fn request() -> Request {
    let mut builder = RequestBuilder::new("POST", b"/pets/42", b"limit=5&tag=a&tag=b&q=x%20y");
    builder.field("Host", b"localhost");
    builder.field("X-Tenant", b"acme");
    builder.field("Authorization", b"Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmVk");
    builder.field("Cookie", b"session=abc");
    builder.param("petId", b"42");
    builder.finish(br#"{"items":[1,2],"name":"Rex"}"#)
}

pub fn store() -> Arc<Store> {
    Arc::new(Store::new(Limits::default()))
}

pub fn context_of(request: Request) -> Rc<Context> {
    let mut context = Context::new(Rc::new(request), Rc::new(Pets), Key(7), "acme", NOW, store());
    context.environment = Arc::new([("API_KEY".to_owned(), "k".to_owned())].into());
    Rc::new(context)
}

/// Scripts of one source, which must be sound.
pub fn scripts(source: Source) -> Scripts {
    let (library, diagnostics) = Library::check(vec![source], Instant::now);
    assert_eq!(diagnostics, [], "{}", library.file_of(library.ids().next().unwrap()));
    Scripts::new(library, Instant::now)
}

pub fn script(text: &str) -> Scripts {
    scripts(Source::new("test", "test.rhai", text))
}

pub fn handle(text: &str) -> Result<Response, Fault> {
    let mut scripts = script(text);
    let id = scripts.library().find("test").unwrap();
    scripts.handle(id, &context_of(request()))
}

pub fn before(text: &str) -> Result<Before, Fault> {
    let mut scripts = script(text);
    let id = scripts.library().find("test").unwrap();
    scripts.before(id, &context_of(request()))
}

pub fn after(text: &str) -> Result<Response, Fault> {
    let mut scripts = script(text);
    let id = scripts.library().find("test").unwrap();
    scripts.after(id, &context_of(request()), Pets.generate(None).unwrap())
}

/// What a function body evaluates to, as JSON text.
pub fn value(body: &str) -> String {
    match handle(&format!("fn handle(req, ctx) {{\nlet value = {{ {body} }};\nrespond_json(200, value)\n}}"))
    {
        Ok(response) => String::from_utf8(response.body).unwrap(),
        Err(fault) => format!("{fault}"),
    }
}

pub fn text(response: &Response) -> String {
    String::from_utf8_lossy(&response.body).into_owned()
}
