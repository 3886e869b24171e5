//! `import`: other scripts of the same folder, and nothing else.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use rhai::{Engine, EvalAltResult, Module, ModuleResolver, Position, Scope, Shared};

use super::objects::failure;
use crate::limits::MAX_IMPORTS;
use crate::{Library, ScriptId};

/// Finds imported scripts in a library, and keeps what was compiled of them.
pub(crate) struct Imports {
    library: Arc<Library>,
    loaded: RefCell<HashMap<ScriptId, Shared<Module>>>,
    /// Scripts whose import is not done yet, the outermost first
    loading: RefCell<Vec<ScriptId>>,
}

impl Imports {
    pub(crate) fn new(library: Arc<Library>) -> Imports {
        Imports { library, loaded: RefCell::default(), loading: RefCell::default() }
    }

    fn load(&self, engine: &Engine, id: ScriptId) -> Result<Shared<Module>, Box<EvalAltResult>> {
        if self.loading.borrow().len() >= MAX_IMPORTS {
            return Err(failure(format!("more than {MAX_IMPORTS} imports inside each other")));
        }
        self.loading.borrow_mut().push(id);
        let module = self.compiled(engine, id);
        self.loading.borrow_mut().pop();
        let module = Shared::new(module?);
        self.loaded.borrow_mut().insert(id, Shared::clone(&module));
        Ok(module)
    }

    fn compiled(&self, engine: &Engine, id: ScriptId) -> Result<Module, Box<EvalAltResult>> {
        let mut ast = engine.compile(self.library.text(id)).map_err(|error| {
            let (rhai::ParseError(kind, position), file) = (error, self.library.file_of(id));
            let (_, line, column) = self.library.place(&id.to_string(), position);
            failure(format!("{file}:{line}:{column}: {}", super::error::parse_message(&kind).0))
        })?;
        ast.set_source(id.to_string());
        Module::eval_ast_as_new(Scope::new(), &ast, engine)
    }
}

impl ModuleResolver for Imports {
    fn resolve(
        &self,
        engine: &Engine,
        source: Option<&str>,
        path: &str,
        position: Position,
    ) -> Result<Shared<Module>, Box<EvalAltResult>> {
        let from = self.loading.borrow().last().copied().or_else(|| source.and_then(ScriptId::from_text));
        let located = |message: String| -> Box<EvalAltResult> {
            EvalAltResult::ErrorRuntime(message.into(), position).into()
        };
        let id = from.ok_or_else(|| located("nothing can be imported here".to_owned()))?;
        let id = self.library.imported(id, path).map_err(located)?;
        if let Some(module) = self.loaded.borrow().get(&id) {
            return Ok(Shared::clone(module));
        }
        if let Some(first) = self.loading.borrow().iter().position(|loading| *loading == id) {
            let mut cycle: Vec<&str> =
                self.loading.borrow()[first..].iter().map(|id| self.library.file_of(*id)).collect();
            cycle.push(self.library.file_of(id));
            return Err(located(format!("scripts import each other: {}", cycle.join(" -> "))));
        }
        self.load(engine, id)
    }
}
