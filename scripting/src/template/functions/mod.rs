//! What templates can name.

mod fake;
mod operators;
mod random;
mod request;
mod state;
mod time;

use minijinja::Environment;
use minijinja::value::{Kwargs, Value, from_args};
use minijinja::{Error, State};

pub(super) use random::{choice, shuffle};
pub(super) use request::FIELDS;
pub(super) use time::{formatted, moment, written};

use super::convert::{context, fault, made};
use super::{guard, limits, meter};
use crate::host;

/// Every name, for help and for the documentation.
pub(super) const NAMES: &[&str] =
    &["dict", "env", "fake", "namespace", "now", "random", "range", "request", "sequence", "state", "uuid"];

/// Makes the names known.
pub(super) fn register(environment: &mut Environment<'_>) {
    environment.remove_global("debug");
    environment.add_global("request", Value::from_object(request::Asked));
    environment.add_global("fake", Value::from_object(fake::Fake));
    environment.add_global("random", Value::from_object(random::Random));
    environment.add_global("uuid", Value::from_object(Uuid));
    environment.add_global("state", Value::from_object(state::Scope { is_global: false }));
    environment.add_function("sequence", state::sequence);
    environment.add_function("now", time::now);
    environment.add_function("env", env);
    environment.add_function("range", range);
    environment.add_function(guard::ADD, operators::add);
    environment.add_function(guard::CONCATENATE, operators::concatenate);
    environment.add_function(guard::MULTIPLY, operators::multiply);
    environment.add_function(guard::BOUND, operators::bound);
    environment.add_function(guard::WROTE, |bytes: usize| meter::spend(bytes).map(|()| Value::UNDEFINED));
}

fn env(name: &str, default: Option<Value>) -> Result<Value, Error> {
    let context = context()?;
    match (host::environment::get(&context.environment, name), default) {
        (Ok(value), _) => Ok(Value::from(value)),
        (Err(_), Some(default)) => Ok(default),
        (Err(error), None) => Err(fault(error)),
    }
}

fn range(first: i64, end: Option<i64>, step: Option<i64>) -> Result<Value, Error> {
    let (start, end) = end.map_or((0, first), |end| (first, end));
    let step = step.unwrap_or(1);
    if step == 0 {
        return Err(fault("the step of `range` is 0"));
    }
    let distance =
        if step > 0 { i128::from(end) - i128::from(start) } else { i128::from(start) - i128::from(end) };
    let width = i128::from(step.unsigned_abs());
    let length = usize::try_from((distance.max(0) + width - 1) / width).unwrap_or(usize::MAX);
    if length > limits::LIST_LENGTH {
        return Err(fault(format!("a range of {length} is over the limit of {}", limits::LIST_LENGTH)));
    }
    Ok(Value::make_iterable(move || {
        (0..length as i64).map(move |index| start.saturating_add(index.saturating_mul(step)))
    }))
}

/// `uuid()`, `uuid.v4()` and `uuid.v7()`.
#[derive(Debug)]
struct Uuid;

impl minijinja::value::Object for Uuid {
    fn call(self: &std::sync::Arc<Self>, _: &State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        let () = from_args(args)?;
        made(Ok(host::uuid::v4(context()?.draw())))
    }

    fn call_method(
        self: &std::sync::Arc<Self>,
        state: &State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        match method {
            "v4" => self.call(state, args),
            "v7" => {
                let () = from_args(args)?;
                let context = context()?;
                made(Ok(host::uuid::v7(context.draw(), context.now)))
            }
            _ => Err(unknown("uuid", method, &["v4", "v7"])),
        }
    }
}

/// There is no such function of a topic.
fn unknown(topic: &str, method: &str, known: &[&str]) -> Error {
    let hint = host::hint(method, known.iter().copied());
    let hint = if hint.is_empty() { format!(": there are {}", known.join(", ")) } else { hint };
    fault(format!("there is no `{topic}.{method}`{hint}"))
}

/// No name that was given is left over.
fn all_used(named: &Kwargs) -> Result<(), Error> {
    named.assert_all_used()
}
