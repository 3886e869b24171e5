//! Scripts of one core, and their calls.

use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;

use rhai::{AST, CallFnOptions, Dynamic, Engine, FuncArgs, Scope};

use super::answer;
use super::budgets::Budgets;
use super::engine;
use super::error::{self, Called};
use super::host::Log;
use super::json;
use super::meter::{Clock, Heap, Meter};
use super::objects::{ContextObject, RequestObject, ResponseObject};
use crate::library::Hook;
use crate::{Context, Fault, FaultKind, Library, Request, Response, ScriptId, context};

/// Scripts of one core. Each is compiled when it is first called.
pub struct Scripts {
    library: Arc<Library>,
    engine: Engine,
    meter: Rc<Meter>,
    compiled: Box<[OnceCell<Script>]>,
    /// What the interpreter keeps to now
    limits: Budgets,
}

/// A script, compiled.
struct Script {
    ast: AST,
    config: Dynamic,
}

/// What became of a request in `before`.
#[derive(Clone, Debug)]
pub enum Before {
    /// It goes on, perhaps changed
    Continue(Option<Request>),
    /// It is answered already
    Answer(Response),
}

impl Scripts {
    /// Scripts of a library; nothing is compiled yet. What they log is dropped.
    pub fn new(library: Arc<Library>, clock: Clock) -> Scripts {
        Scripts::measured(library, clock, || 0)
    }

    /// The same, with the host's word on how much memory the thread holds: what the budget `memory` is judged by.
    pub fn measured(library: Arc<Library>, clock: Clock, heap: Heap) -> Scripts {
        let meter = Rc::new(Meter::new(clock, heap));
        let engine = engine::engine(Arc::clone(&library), &meter);
        let compiled = library.ids().map(|_| OnceCell::new()).collect();
        Scripts { library, engine, meter, compiled, limits: Budgets::default() }
    }

    /// The same, with a place for what scripts log.
    pub fn with_log(mut self, log: impl Fn(Log<'_>) + 'static) -> Scripts {
        super::host::set_log(&mut self.engine, Arc::clone(&self.library), Rc::new(log));
        self
    }

    /// The library that the scripts are of.
    pub fn library(&self) -> &Arc<Library> {
        &self.library
    }

    /// Operations of the interpreter that the last call took.
    pub fn operations(&self) -> u64 {
        self.meter.operations()
    }

    /// Has a script answer; where it returns nothing, the generated answer is given.
    ///
    /// # Errors
    /// When the script fails, uses up a budget, or returns what cannot be sent.
    pub fn handle(&mut self, id: ScriptId, context: &Rc<Context>) -> Result<Response, Fault> {
        let request = RequestObject::new(Rc::clone(&context.request));
        let returned = self.call(id, Hook::Handle, context, |ctx| (request, ctx))?;
        let made = match returned.is_unit() {
            true => context.answers.generate(None),
            false => answer::response(returned),
        };
        made.map_err(|reason| self.unsound(id, Hook::Handle, reason))
    }

    /// Shows a request to a script before it is answered.
    ///
    /// # Errors
    /// As [`Scripts::handle`].
    pub fn before(&mut self, id: ScriptId, context: &Rc<Context>) -> Result<Before, Fault> {
        let request = RequestObject::open(Rc::clone(&context.request));
        let returned = self.call(id, Hook::Before, context, |ctx| (request.clone(), ctx))?;
        if returned.is_unit() {
            return Ok(Before::Continue(request.changed()));
        }
        let made = answer::response(returned).map(Before::Answer);
        made.map_err(|reason| self.unsound(id, Hook::Before, reason))
    }

    /// Shows an answer to a script before it is sent.
    ///
    /// # Errors
    /// As [`Scripts::handle`].
    pub fn after(
        &mut self,
        id: ScriptId,
        context: &Rc<Context>,
        response: Response,
    ) -> Result<Response, Fault> {
        let request = RequestObject::new(Rc::clone(&context.request));
        let response = ResponseObject::new(response);
        let seen = response.clone();
        let returned = self.call(id, Hook::After, context, |ctx| (request, seen, ctx))?;
        let made = match returned.is_unit() {
            true => response.finish(),
            false => {
                drop(response);
                answer::response(returned)
            }
        };
        made.map_err(|reason| self.unsound(id, Hook::After, reason))
    }

    /// Tells a plugin's script that it is used from now on. It is given its configuration.
    ///
    /// # Errors
    /// As [`Scripts::handle`].
    pub fn init(&mut self, id: ScriptId, context: &Rc<Context>) -> Result<(), Fault> {
        self.call(id, Hook::Init, context, |ctx| (ctx.config,)).map(drop)
    }

    /// Tells a plugin's script that it is not used any more. It is given its configuration.
    ///
    /// # Errors
    /// As [`Scripts::handle`].
    pub fn cleanup(&mut self, id: ScriptId, context: &Rc<Context>) -> Result<(), Fault> {
        self.call(id, Hook::Cleanup, context, |ctx| (ctx.config,)).map(drop)
    }

    fn call<A: FuncArgs>(
        &mut self,
        id: ScriptId,
        hook: Hook,
        context: &Rc<Context>,
        arguments: impl FnOnce(ContextObject) -> A,
    ) -> Result<Dynamic, Fault> {
        let budgets = self.library.budgets(id);
        if *budgets != self.limits {
            self.limits = budgets.clone();
            engine::limit(&mut self.engine, &self.limits);
        }
        context.allow_delay(budgets.sleep);
        // Compiling, which the first call does, is not the script's time.
        let script = self.compiled(id)?;
        self.meter.start(budgets);
        let ctx = ContextObject {
            context: Rc::clone(context),
            config: script.config.clone(),
            meter: Rc::clone(&self.meter),
        };
        let arguments = arguments(ctx);
        let called = context::with(context, || {
            self.engine.call_fn_with_options::<Dynamic>(
                CallFnOptions::default(),
                &mut Scope::new(),
                &script.ast,
                hook.name(),
                arguments,
            )
        });
        called.map_err(|failed| {
            let called = Called { script: id, function: hook.name(), tree: &script.ast };
            error::fault(&failed, &self.library, &called, &self.meter)
        })
    }

    fn compiled(&self, id: ScriptId) -> Result<&Script, Fault> {
        let slot = &self.compiled[id.index()];
        if let Some(script) = slot.get() {
            return Ok(script);
        }
        let mut ast = self.engine.compile(self.library.text(id)).map_err(|failed| {
            let rhai::ParseError(kind, position) = failed;
            let (file, line, column) = self.library.place(&id.to_string(), position);
            let message = error::parse_message(&kind).0;
            Fault { file: file.into(), line, column, message, budget: None, kind: FaultKind::Failed }
        })?;
        ast.set_source(id.to_string());
        let config = match self.library.config(id) {
            serde_json::Value::Null => rhai::Map::new().into(),
            config => json::from_value(config),
        };
        Ok(slot.get_or_init(|| Script { ast, config }))
    }

    /// A fault of what a hook returned.
    fn unsound(&self, id: ScriptId, hook: Hook, reason: String) -> Fault {
        let (line, column) = self.library.function_place(id, hook.name());
        Fault {
            file: self.library.file_of(id).into(),
            line,
            column,
            message: format!("what `{}` returned cannot be sent: {reason}", hook.name()),
            budget: None,
            kind: FaultKind::Failed,
        }
    }
}
