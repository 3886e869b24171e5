//! The plugin of `specs/plugins/request-id`, which `docs/plugins.md` walks through.

use std::fs;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use jsonwebtoken::Algorithm;
use mocker_schema::generate::Key;
use mocker_scripting::plugin::Manifest;
use mocker_scripting::plugin::builtin::Kind;
use mocker_scripting::{Answers, Before, Context, Hook, Library, Response, Scripts, Source};
use mocker_source::FileId;
use mocker_state::{Limits, Store};
use serde_json::{Value, json};

use crate::jwt::{ask, signed};
use crate::{NOW, configured, field, passed, repository, request, visit};

struct Pets;

impl Answers for Pets {
    fn operation(&self) -> &str {
        "GET /pets"
    }

    fn generate(&self, _: Option<u16>) -> Result<Response, String> {
        Ok(Response { status: 200, ..Response::default() })
    }

    fn example(&self, name: &str) -> Result<Response, String> {
        Err(format!("there is no example `{name}`"))
    }

    fn parameter(&self, _: &str) -> Option<Value> {
        None
    }
}

fn read(name: &str) -> String {
    fs::read_to_string(repository("specs/plugins/request-id").join(name)).unwrap()
}

fn context(fields: &[&str]) -> Rc<Context> {
    let request = Rc::new(request("GET", "/pets", fields));
    let store = Arc::new(Store::new(Limits::default()));
    Rc::new(Context::new(request, Rc::new(Pets), Key(7), "client", NOW, store))
}

/// The plugin as a server loads it.
fn plugin(given: &Value) -> (Manifest, Scripts) {
    let (manifest, faults) = Manifest::read(FileId(0), &read("plugin.yaml"));
    assert_eq!(faults, []);
    let manifest = manifest.unwrap();
    let config = manifest.configure(given).unwrap();
    let sources = manifest.files().into_iter().map(|hook| {
        let name = format!("{}/{}", manifest.name, hook.file);
        Source::new(&name, &hook.file, &read(&hook.file)).with_config(config.clone())
    });
    let (library, faults) = Library::check(sources.collect(), Instant::now);
    assert_eq!(faults, []);
    (manifest, Scripts::new(library, Instant::now))
}

#[test]
fn it_defines_the_hooks_of_its_manifest() {
    let (manifest, scripts) = plugin(&json!({}));
    for hook in &manifest.hooks {
        let id = scripts.library().find(&format!("request-id/{}", hook.file)).unwrap();
        assert!(scripts.library().has(id, hook.hook), "{hook:?}");
    }
    assert_eq!(manifest.file(Hook::Cleanup), None);
}

#[test]
fn requests_get_an_id_and_banned_agents_none() {
    let (_, mut scripts) = plugin(&json!({ "banned": ["BadBot"] }));
    let id = scripts.library().ids().next().unwrap();
    scripts.init(id, &context(&[])).unwrap();

    let kept = context(&["X-Request-Id: mine", "User-Agent: curl/8"]);
    let Before::Continue(Some(changed)) = scripts.before(id, &kept).unwrap() else { panic!("not changed") };
    assert_eq!(changed.field("x-request-id").as_deref(), Some("mine"));
    let response = scripts.after(id, &kept, Response { status: 200, ..Response::default() }).unwrap();
    assert_eq!(field(&response, "X-Request-Id").as_deref(), Some("mine"));

    let made = context(&[]);
    let Before::Continue(Some(changed)) = scripts.before(id, &made).unwrap() else { panic!("not changed") };
    let response = scripts.after(id, &made, Response { status: 200, ..Response::default() }).unwrap();
    let request_id = field(&response, "X-Request-Id").unwrap();
    assert_eq!((request_id.len(), changed.field("X-Request-Id").as_deref()), (36, Some(&*request_id)));

    let banned = context(&["User-Agent: Mozilla (badbot/2)"]);
    let Before::Answer(response) = scripts.before(id, &banned).unwrap() else { panic!("not refused") };
    assert_eq!(response.status, 403);
    let response = scripts.after(id, &banned, response).unwrap();
    assert!(field(&response, "X-Request-Id").is_some());
}

#[test]
fn its_configuration_is_checked() {
    let (manifest, _) = plugin(&json!({}));
    let checked = manifest.configure(&json!({ "banned": ["x"] })).unwrap();
    assert_eq!(checked, json!({ "banned": ["x"], "header": "X-Request-Id" }));
    let faults = manifest.configure(&json!({ "baned": [], "header": "X Id" })).unwrap_err();
    let told: Vec<&str> = faults.iter().map(|fault| &*fault.pointer).collect();
    assert_eq!(told, ["/baned", "/header"]);
    assert_eq!(faults[0].help.as_deref(), Some("did you mean `banned`?"));
}

#[test]
fn scripts_read_claims_that_were_verified() {
    let jwt = configured(Kind::Jwt, &json!({ "secret": "shared secret" }));
    let claims = json!({ "sub": "ann", "roles": ["a", "b"] });
    let notes = passed(ask(&jwt, &signed(Algorithm::HS256, None, &claims), &visit()));
    let context = context(&[]);
    context.set_var("claims", &notes.claims.unwrap());
    let text = "fn handle(req, ctx) { #{ body: `${ctx.vars.claims.sub} ${ctx.vars.claims.roles[1]}` } }";
    let (library, _) = Library::check(vec![Source::new("a", "a.rhai", text)], Instant::now);
    let id = library.find("a").unwrap();
    let response = Scripts::new(library, Instant::now).handle(id, &context).unwrap();
    assert_eq!(String::from_utf8(response.body).unwrap(), "ann b");
}
