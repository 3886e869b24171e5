//! What a script is given: the request, the response, the context, and fields of either.

mod context;
mod fields;
mod request;
mod response;

use std::rc::Rc;

use rhai::{Dynamic, EvalAltResult, ImmutableString};

pub(crate) use context::{ContextObject, context_functions};
pub(crate) use fields::{Fields, field_functions, legal_values};
pub(crate) use request::{RequestObject, request_functions};
pub(crate) use response::{ResponseObject, response_functions};

use crate::Context;

/// What a function of the host fails with.
pub(crate) type Failure = Box<EvalAltResult>;

/// A failure that a script can catch.
pub(crate) fn failure(message: impl Into<String>) -> Failure {
    message.into().into()
}

/// The context of the request that is being answered.
///
/// # Errors
/// While a script is only loaded.
pub(crate) fn current() -> Result<Rc<Context>, Failure> {
    crate::context::current().ok_or_else(|| {
        failure("no request is being answered while a script is loaded; do this inside a function")
    })
}

/// A value as the text of a field or parameter; nothing for `()`.
///
/// # Errors
/// For what is no text, number or boolean.
fn text_of(value: &Dynamic, what: &str) -> Result<Option<ImmutableString>, Failure> {
    if value.is_unit() {
        return Ok(None);
    }
    if let Ok(text) = value.as_immutable_string_ref() {
        return Ok(Some(text.clone()));
    }
    if value.is_int() || value.is_float() || value.is_bool() || value.is_char() {
        return Ok(Some(value.to_string().into()));
    }
    Err(failure(format!(
        "{what} must be a text, a number or a boolean; it is {}",
        super::answer::kind(value)
    )))
}
