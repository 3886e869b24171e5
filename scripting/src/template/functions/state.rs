//! `state`, of the request's scope or of all, and `sequence`.

use std::sync::Arc;

use minijinja::value::{Kwargs, Object, Rest, Value, from_args};
use minijinja::{Error, State};
use mocker_state::{GLOBAL, Number, Refusal};

use super::super::convert::{
    argument, context, fault, integer, milliseconds, number, of_state, size, to_state,
};
use super::super::{limits, meter};
use super::{all_used, unknown};
use crate::Context;
use crate::host::numbers;

/// `state` and `state.global`
#[derive(Debug)]
pub(super) struct Scope {
    pub(super) is_global: bool,
}

const METHODS: &[&str] =
    &["get", "set", "delete", "increment", "append", "list", "compare_and_set", "global"];

impl Object for Scope {
    fn get_value_by_str(self: &Arc<Self>, name: &str) -> Option<Value> {
        (name == "global").then(|| Value::from_object(Scope { is_global: true }))
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn call_method(
        self: &Arc<Self>,
        _: &State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        let context = context()?;
        let scope = if self.is_global { GLOBAL } else { &*context.scope };
        match method {
            "get" => {
                let (key, default): (&str, Option<Value>) = from_args(args)?;
                let value = context.store.get(scope, key, now(&context));
                Ok(value.map_or_else(|| default.unwrap_or(Value::UNDEFINED), |value| of_state(&value)))
            }
            "set" => set(&context, scope, args),
            "delete" => {
                let (key,): (&str,) = from_args(args)?;
                Ok(Value::from(context.store.delete(scope, key, now(&context))))
            }
            "increment" => increment(&context, scope, args),
            "append" => {
                let (key, value): (&str, Value) = from_args(args)?;
                let length = context.store.append(scope, key, to_state(&value)?, now(&context));
                length.map(Value::from).map_err(refused)
            }
            "list" => list(&context, scope, args),
            "compare_and_set" => compare_and_set(&context, scope, args),
            _ => Err(unknown("state", method, METHODS)),
        }
    }
}

fn set(context: &Context, scope: &str, args: &[Value]) -> Result<Value, Error> {
    let (key, value, rest, named): (&str, Value, Rest<Value>, Kwargs) = from_args(args)?;
    let ttl = argument(rest.first(), &named, "ttl")?.map(|ttl| milliseconds(&ttl)).transpose()?;
    all_used(&named)?;
    context.store.set(scope, key, to_state(&value)?, ttl, now(context)).map_err(refused)?;
    Ok(value)
}

fn increment(context: &Context, scope: &str, args: &[Value]) -> Result<Value, Error> {
    let (key, rest, named): (&str, Rest<Value>, Kwargs) = from_args(args)?;
    let by = match argument(rest.first(), &named, "by")? {
        Some(by) => match number(&by)? {
            numbers::Number::Integer(by) => Number::Integer(by),
            numbers::Number::Float(by) => Number::Float(by),
        },
        None => Number::Integer(1),
    };
    all_used(&named)?;
    context.store.increment(scope, key, by, now(context)).map(|value| of_state(&value)).map_err(refused)
}

fn list(context: &Context, scope: &str, args: &[Value]) -> Result<Value, Error> {
    let (rest, named): (Rest<Value>, Kwargs) = from_args(args)?;
    let prefix = argument(rest.first(), &named, "prefix")?.unwrap_or_else(|| Value::from(""));
    let limit = argument(rest.get(1), &named, "limit")?.map(|limit| size(&limit)).transpose()?;
    all_used(&named)?;
    let prefix = prefix.as_str().ok_or_else(|| fault("the prefix of keys is a text"))?;
    let limit = limit.unwrap_or(limits::LISTED_KEYS).min(limits::LISTED_KEYS);
    let entries = context.store.list(scope, prefix, limit, now(context));
    meter::spend(entries.len() * size_of::<Value>())?;
    Ok(entries.into_iter().map(|(key, value)| (Value::from(&*key), of_state(&value))).collect())
}

fn compare_and_set(context: &Context, scope: &str, args: &[Value]) -> Result<Value, Error> {
    let (key, expected, new, named): (&str, Value, Value, Kwargs) = from_args(args)?;
    let ttl = named.get::<Option<Value>>("ttl")?.map(|ttl| milliseconds(&ttl)).transpose()?;
    all_used(&named)?;
    let some = |value: &Value| (!value.is_none()).then(|| to_state(value)).transpose();
    let (expected, new) = (some(&expected)?, some(&new)?);
    let done = context.store.compare_and_set(scope, key, expected.as_ref(), new, ttl, now(context));
    done.map(Value::from).map_err(refused)
}

/// `sequence("order")`: 1, 2, 3 ... of the request's scope; `sequence("order", start=100, step=10)`.
pub(super) fn sequence(name: &str, rest: Rest<Value>, named: Kwargs) -> Result<Value, Error> {
    let given = |position: Option<&Value>, name| {
        argument(position, &named, name)?.map_or(Ok(1), |value| integer(&value))
    };
    let (start, step) = (given(rest.first(), "start")?, given(rest.get(1), "step")?);
    all_used(&named)?;
    let context = context()?;
    // Kept apart from the user's keys.
    let key = format!("sequence/{name}");
    let count = context.store.engine().increment(&context.scope, &key, 1, now(&context)).map_err(refused)?;
    let count = count.as_i64().unwrap_or(1).saturating_sub(1);
    let value = count.checked_mul(step).and_then(|distance| start.checked_add(distance));
    value.map(Value::from).ok_or_else(|| fault(format!("the sequence `{name}` has left 64 bits")))
}

fn now(context: &Context) -> u64 {
    u64::try_from(context.now).unwrap_or(0)
}

fn refused(refusal: Refusal) -> Error {
    if refusal.is_full() {
        meter::note_full();
    }
    fault(refusal.to_string())
}
