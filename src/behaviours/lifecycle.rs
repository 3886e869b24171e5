//! `init` and `cleanup` of plugins: called once for a deployment, before its first request and after its last.

use std::rc::Rc;
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use mocker_schema::generate::Key;
use mocker_scripting::{Answers, Context, Fault, Hook, RequestBuilder, Response, ScriptId, Scripts};
use mocker_state::GLOBAL;
use serde_json::Value;

use mocker_engine::behaviour::Behaviours;

/// There is no request to answer.
struct Nobody;

impl Answers for Nobody {
    fn operation(&self) -> &str {
        ""
    }

    fn generate(&self, _code: Option<u16>) -> Result<Response, String> {
        Err("there is no request to answer".to_owned())
    }

    fn example(&self, _name: &str) -> Result<Response, String> {
        Err("there is no request to answer".to_owned())
    }

    fn parameter(&self, _name: &str) -> Option<Value> {
        None
    }
}

/// Calls `init` or `cleanup` of the plugins' scripts, in order; gives what went wrong.
pub(crate) fn call(behaviours: &Behaviours, hook: Hook) -> Vec<Fault> {
    let having: Vec<ScriptId> =
        behaviours.plugins.iter().copied().filter(|plugin| behaviours.library.has(*plugin, hook)).collect();
    if having.is_empty() {
        return Vec::new();
    }
    let request = Rc::new(RequestBuilder::new("", b"", b"").finish(b""));
    let real = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64);
    let now = behaviours.clock.unwrap_or_else(real);
    let store = Arc::clone(&behaviours.store);
    let mut context = Context::new(request, Rc::new(Nobody), Key(0), GLOBAL, now, store);
    context.environment = Arc::clone(&behaviours.environment);
    let context = Rc::new(context);
    let mut scripts = Scripts::new(Arc::clone(&behaviours.library), Instant::now);
    let call = |plugin: ScriptId| match hook {
        Hook::Init => scripts.init(plugin, &context),
        _ => scripts.cleanup(plugin, &context),
    };
    having.into_iter().map(call).filter_map(Result::err).collect()
}
