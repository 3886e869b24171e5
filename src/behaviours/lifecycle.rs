//! `init` and `cleanup` of plugins: called once for a deployment, before its first request and after its last.

use std::rc::Rc;
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use mocker_schema::generate::Key;
use mocker_scripting::{Answers, Context, Fault, Hook, RequestBuilder, Response, ScriptId, Scripts};
use mocker_state::GLOBAL;
use serde_json::Value;

use mocker_engine::behaviour::Behaviours;

use crate::talk;

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

/// Tells plugins that requests come: calls `init` of their scripts, in order. Where one fails, those that were told
/// before are told that nothing comes.
///
/// # Errors
/// What the first one failed with; it is told.
pub(crate) fn begin(behaviours: &Behaviours) -> Result<(), Fault> {
    let mut stage = Stage::new(behaviours);
    for (index, plugin) in behaviours.plugins.iter().enumerate() {
        if let Err(fault) = stage.call(*plugin, Hook::Init) {
            talk::error(format_args!("{fault}: error [plugin-init]"));
            stage.end(&behaviours.plugins[..index]);
            return Err(fault);
        }
    }
    Ok(())
}

/// Tells plugins that nothing more comes: calls `cleanup` of their scripts, in order; what goes wrong is told.
pub(crate) fn end(behaviours: &Behaviours) {
    Stage::new(behaviours).end(&behaviours.plugins);
}

/// What is needed to call hooks without a request.
struct Stage<'b> {
    behaviours: &'b Behaviours,
    /// Made when first needed: an interpreter is not small
    scripts: Option<(Scripts, Rc<Context>)>,
}

impl<'b> Stage<'b> {
    fn new(behaviours: &'b Behaviours) -> Stage<'b> {
        Stage { behaviours, scripts: None }
    }

    /// Calls a hook; nothing where the plugin does not have it.
    fn call(&mut self, plugin: ScriptId, hook: Hook) -> Result<(), Fault> {
        if !self.behaviours.library.has(plugin, hook) {
            return Ok(());
        }
        let behaviours = self.behaviours;
        let (scripts, context) =
            self.scripts.get_or_insert_with(|| (scripts(behaviours), context(behaviours)));
        match hook {
            Hook::Init => scripts.init(plugin, context),
            _ => scripts.cleanup(plugin, context),
        }
    }

    fn end(&mut self, plugins: &[ScriptId]) {
        for plugin in plugins {
            if let Err(fault) = self.call(*plugin, Hook::Cleanup) {
                talk::error(format_args!("{fault}: error [plugin-cleanup]"));
            }
        }
    }
}

fn scripts(behaviours: &Behaviours) -> Scripts {
    let scripts = Scripts::new(Arc::clone(&behaviours.library), Instant::now);
    let Some(tell) = behaviours.log else { return scripts };
    scripts.with_log(move |log| tell(&format!("{}:{}: {}: {}", log.file, log.line, log.level, log.text)))
}

fn context(behaviours: &Behaviours) -> Rc<Context> {
    let request = Rc::new(RequestBuilder::new("", b"", b"").finish(b""));
    let real = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64);
    let now = behaviours.clock.unwrap_or_else(real);
    let store = Arc::clone(&behaviours.store);
    let mut context = Context::new(request, Rc::new(Nobody), Key(0), GLOBAL, now, store);
    context.environment = Arc::clone(&behaviours.environment);
    Rc::new(context)
}
