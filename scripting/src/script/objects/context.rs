//! `ctx`: what the host lends.

use std::rc::Rc;

use rhai::plugin::*;
use rhai::{Dynamic, INT, ImmutableString, Map};

use super::{Failure, ResponseObject, failure};
use crate::Context;
use crate::script::meter::Meter;

/// The context as a script sees it.
#[derive(Clone)]
pub(crate) struct ContextObject {
    pub(crate) context: Rc<Context>,
    pub(crate) config: Dynamic,
    pub(crate) meter: Rc<Meter>,
}

fn response(made: Result<crate::Response, String>) -> Result<ResponseObject, Failure> {
    made.map(ResponseObject::new).map_err(failure)
}

/// The context, the last argument of `handle`, `before` and `after`: what the host lends for this request.
#[export_module]
#[allow(missing_docs, unreachable_pub, clippy::unwrap_used)]
pub(crate) mod context_functions {
    use super::ContextObject;

    /// The answer that would be given without a script.
    ///
    /// ```rhai
    /// let res = ctx.generate();
    /// res.body.name = "Rex";
    /// return res;
    /// ```
    #[rhai_fn(name = "generate", pure, return_raw)]
    pub fn generate(ctx: &mut ContextObject) -> Result<ResponseObject, Failure> {
        response(ctx.meter.lend(|| ctx.context.answers.generate(None)))
    }

    /// The answer that the document describes for a status.
    ///
    /// ```rhai
    /// return ctx.generate(404);
    /// ```
    #[rhai_fn(name = "generate", pure, return_raw)]
    pub fn generate_status(ctx: &mut ContextObject, status: INT) -> Result<ResponseObject, Failure> {
        let status = u16::try_from(status).map_err(|_| failure(format!("{status} is no status")))?;
        response(ctx.meter.lend(|| ctx.context.answers.generate(Some(status))))
    }

    /// The answer with the example of this name.
    ///
    /// ```rhai
    /// return ctx.example("cat");
    /// ```
    #[rhai_fn(name = "example", pure, return_raw)]
    pub fn example(ctx: &mut ContextObject, name: &str) -> Result<ResponseObject, Failure> {
        response(ctx.meter.lend(|| ctx.context.answers.example(name)))
    }

    /// The operation that is being answered: `"GET /pets/{petId}"`.
    ///
    /// ```rhai
    /// log::info(ctx.operation);
    /// ```
    #[rhai_fn(get = "operation", pure)]
    pub fn operation(ctx: &mut ContextObject) -> ImmutableString {
        ctx.context.answers.operation().into()
    }

    /// Whose state `state::get` and the like see: the session's name, else the client's address.
    ///
    /// ```rhai
    /// log::info(ctx.scope);
    /// ```
    #[rhai_fn(get = "scope", pure)]
    pub fn scope(ctx: &mut ContextObject) -> ImmutableString {
        ctx.context.scope.as_ref().into()
    }

    /// What the configuration says for a plugin; an empty map elsewhere.
    ///
    /// ```rhai
    /// let header = ctx.config.header ?? "x-tenant";
    /// ```
    #[rhai_fn(get = "config", pure)]
    pub fn config(ctx: &mut ContextObject) -> Dynamic {
        ctx.config.clone()
    }

    /// A map that `before`, `handle` and `after` of one request share.
    ///
    /// ```rhai
    /// ctx.vars.user = jwt::claims(req.headers["authorization"]).sub;
    /// ```
    #[rhai_fn(get = "vars", pure)]
    pub fn vars(ctx: &mut ContextObject) -> Map {
        ctx.context.vars.borrow().clone()
    }

    #[rhai_fn(set = "vars")]
    pub fn set_vars(ctx: &mut ContextObject, vars: Map) {
        *ctx.context.vars.borrow_mut() = vars;
    }
}
