//! `state`: keys and values that outlive the request.

use std::rc::Rc;

use mocker_state::{GLOBAL, Refusal, Value};
use rhai::plugin::*;
use rhai::{Array, Dynamic, INT, Map};

use crate::Context;
use crate::limits::MAX_LISTED;
use crate::script::error::Full;
use crate::script::json;
use crate::script::objects::{Failure, current, failure};

/// Whose keys are meant.
#[derive(Clone, Copy)]
enum Whose {
    Scope,
    All,
}

impl Whose {
    fn name(self, context: &Rc<Context>) -> &str {
        match self {
            Whose::Scope => &context.scope,
            Whose::All => GLOBAL,
        }
    }
}

fn refused(refusal: Refusal) -> Failure {
    match refusal.is_full() {
        true => EvalAltResult::ErrorSystem(String::new(), Box::new(Full(refusal.to_string()))).into(),
        false => failure(refusal.to_string()),
    }
}

fn now(context: &Context) -> u64 {
    context.now.max(0) as u64
}

fn to_state(value: &Dynamic) -> Result<Value, Failure> {
    if let Ok(number) = value.as_int() {
        return Ok(number.into());
    }
    if let Ok(text) = value.as_immutable_string_ref() {
        return Ok(text.as_str().into());
    }
    Ok(Value::from_json(json::to_text(value).map_err(failure)?))
}

fn from_state(value: &Value) -> Result<Dynamic, Failure> {
    if let Some(text) = value.as_str() {
        return Ok(text.into());
    }
    let mut text = Vec::new();
    value.write_json(&mut text);
    json::parse(&text).map_err(failure)
}

fn get(whose: Whose, key: &str) -> Result<Dynamic, Failure> {
    let context = current()?;
    match context.store.get(whose.name(&context), key, now(&context)) {
        Some(value) => from_state(&value),
        None => Ok(Dynamic::UNIT),
    }
}

fn set(whose: Whose, key: &str, value: &Dynamic, milliseconds: Option<INT>) -> Result<(), Failure> {
    let context = current()?;
    let life = life(milliseconds)?;
    let value = to_state(value)?;
    context.store.set(whose.name(&context), key, value, life, now(&context)).map_err(refused)
}

fn life(milliseconds: Option<INT>) -> Result<Option<u64>, Failure> {
    let positive = |life: INT| u64::try_from(life).map_err(|_| failure("a time to live cannot be negative"));
    milliseconds.map(positive).transpose()
}

fn delete(whose: Whose, key: &str) -> Result<bool, Failure> {
    let context = current()?;
    Ok(context.store.delete(whose.name(&context), key, now(&context)))
}

fn increment(whose: Whose, key: &str, by: &Dynamic) -> Result<Dynamic, Failure> {
    let context = current()?;
    let (scope, now) = (whose.name(&context), now(&context));
    let done = match (by.as_int(), by.as_float()) {
        (Ok(by), _) => context.store.increment(scope, key, by, now),
        (_, Ok(by)) => context.store.increment(scope, key, by, now),
        _ => return Err(failure("a value is incremented by a number")),
    };
    from_state(&done.map_err(refused)?)
}

fn compare_and_set(
    whose: Whose,
    key: &str,
    expected: &Dynamic,
    value: &Dynamic,
    milliseconds: Option<INT>,
) -> Result<bool, Failure> {
    let context = current()?;
    let expected = if expected.is_unit() { None } else { Some(to_state(expected)?) };
    let value = if value.is_unit() { None } else { Some(to_state(value)?) };
    let life = life(milliseconds)?;
    let scope = whose.name(&context);
    context.store.compare_and_set(scope, key, expected.as_ref(), value, life, now(&context)).map_err(refused)
}

fn append(whose: Whose, key: &str, value: &Dynamic) -> Result<INT, Failure> {
    let context = current()?;
    let value = to_state(value)?;
    let length = context.store.append(whose.name(&context), key, value, now(&context)).map_err(refused)?;
    Ok(INT::try_from(length).unwrap_or(INT::MAX))
}

fn list(whose: Whose, prefix: &str, most: INT) -> Result<Array, Failure> {
    let context = current()?;
    let most = usize::try_from(most).unwrap_or(0).min(MAX_LISTED);
    let listed = context.store.list(whose.name(&context), prefix, most, now(&context));
    let entry = |(key, value): &(Box<str>, Value)| -> Result<Dynamic, Failure> {
        Ok(Map::from([("key".into(), key.as_ref().into()), ("value".into(), from_state(value)?)]).into())
    };
    listed.iter().map(entry).collect()
}

/// The same functions for two scopes: their documentation differs in whose keys they mean.
macro_rules! functions {
    ($module:ident, $whose:expr, $(#[$docs:meta])*) => {
        $(#[$docs])*
        #[export_module]
        #[allow(missing_docs, unreachable_pub, clippy::unwrap_used)]
        pub(crate) mod $module {
            /// The value of a key; `()` where there is none.
            ///
            /// ```rhai
            /// let cart = state::get("cart") ?? [];
            /// ```
            #[rhai_fn(name = "get", return_raw)]
            pub fn get(key: &str) -> Result<Dynamic, Failure> {
                super::get($whose, key)
            }

            /// Sets a key to any value that has JSON.
            ///
            /// ```rhai
            /// state::set("cart", [#{ sku: "a-1", count: 2 }]);
            /// ```
            #[rhai_fn(name = "set", return_raw)]
            pub fn set(key: &str, value: Dynamic) -> Result<(), Failure> {
                super::set($whose, key, &value, None)
            }

            /// Sets a key for so many milliseconds.
            ///
            /// ```rhai
            /// state::set("token", uuid(), 60_000);
            /// ```
            #[rhai_fn(name = "set", return_raw)]
            pub fn set_for(key: &str, value: Dynamic, milliseconds: INT) -> Result<(), Failure> {
                super::set($whose, key, &value, Some(milliseconds))
            }

            /// Removes a key; whether there was one.
            ///
            /// ```rhai
            /// if !state::delete("cart") { return not_found("no cart"); }
            /// ```
            #[rhai_fn(name = "delete", return_raw)]
            pub fn delete(key: &str) -> Result<bool, Failure> {
                super::delete($whose, key)
            }

            /// Adds 1 to a number, from 0 where there is none; what it is then. No other request comes between.
            ///
            /// ```rhai
            /// let visits = state::increment("visits");
            /// ```
            #[rhai_fn(name = "increment", return_raw)]
            pub fn increment(key: &str) -> Result<Dynamic, Failure> {
                super::increment($whose, key, &Dynamic::ONE)
            }

            /// Adds a number, which may be negative.
            ///
            /// ```rhai
            /// let stock = state::increment("stock", -2);
            /// ```
            #[rhai_fn(name = "increment", return_raw)]
            pub fn increment_by(key: &str, by: Dynamic) -> Result<Dynamic, Failure> {
                super::increment($whose, key, &by)
            }

            /// Sets a key if it has the expected value, `()` for none; whether it did. `()` removes it. No other request
            /// comes between.
            ///
            /// ```rhai
            /// if !state::compare_and_set("seat-12", (), "taken") { return conflict("taken"); }
            /// ```
            #[rhai_fn(name = "compare_and_set", return_raw)]
            pub fn compare_and_set(key: &str, expected: Dynamic, value: Dynamic) -> Result<bool, Failure> {
                super::compare_and_set($whose, key, &expected, &value, None)
            }

            /// The same for so many milliseconds.
            ///
            /// ```rhai
            /// let is_mine = state::compare_and_set("lock", (), "me", 5_000);
            /// ```
            #[rhai_fn(name = "compare_and_set", return_raw)]
            pub fn compare_and_set_for(
                key: &str,
                expected: Dynamic,
                value: Dynamic,
                milliseconds: INT,
            ) -> Result<bool, Failure> {
                super::compare_and_set($whose, key, &expected, &value, Some(milliseconds))
            }

            /// Puts a value behind those of an array, which is made where there is none; how many there are then.
            ///
            /// ```rhai
            /// state::append("orders", #{ id: uuid() });
            /// ```
            #[rhai_fn(name = "append", return_raw)]
            pub fn append(key: &str, value: Dynamic) -> Result<INT, Failure> {
                super::append($whose, key, &value)
            }

            /// Keys that begin with a text, in order, with their values: an array of `#{ key, value }`, 1,000 at most.
            ///
            /// ```rhai
            /// let pets = state::list("pet-").map(|entry| entry.value);
            /// ```
            #[rhai_fn(name = "list", return_raw)]
            pub fn list(prefix: &str) -> Result<Array, Failure> {
                super::list($whose, prefix, MAX_LISTED as INT)
            }

            /// The first so many of them.
            ///
            /// ```rhai
            /// let first = state::list("pet-", 10);
            /// ```
            #[rhai_fn(name = "list", return_raw)]
            pub fn list_most(prefix: &str, most: INT) -> Result<Array, Failure> {
                super::list($whose, prefix, most)
            }
        }
    };
}

functions! {
    of_scope,
    Whose::Scope,
    /// Keys and values that outlive the request, of the request's scope: its session's, else its client's. A value is
    /// anything that has JSON. Each call is atomic, whichever core serves it.
}

functions! {
    of_all,
    Whose::All,
    /// The same for all scopes: `state::global::get("key")`.
}
