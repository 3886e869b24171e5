//! What stands behind `|`.

mod codes;
mod lists;
mod texts;
mod times;

use minijinja::{Environment, Value};

use super::convert::text;
use super::print::{self, Written};
use super::{meter, structured};

/// Filters of the interpreter that are kept, besides those registered here.
const KEPT: &[&str] = &[
    "abs",
    "attr",
    "bool",
    "capitalize",
    "d",
    "default",
    "dictsort",
    "first",
    "float",
    "groupby",
    "int",
    "items",
    "last",
    "length",
    "count",
    "lines",
    "list",
    "map",
    "max",
    "min",
    "reject",
    "rejectattr",
    "reverse",
    "select",
    "selectattr",
    "sort",
    "split",
    "trim",
    "unique",
    "e",
    "escape",
    "safe",
];

/// Filters of the interpreter that can make more than the budgets see.
const DROPPED: &[&str] = &["batch", "chain", "format", "indent", "pprint", "slice", "zip"];

/// Tests: what stands behind `is`.
pub(super) const TESTS: &[&str] = &[
    "boolean",
    "defined",
    "divisibleby",
    "endingwith",
    "eq",
    "equalto",
    "even",
    "false",
    "filter",
    "float",
    "ge",
    "greaterthan",
    "gt",
    "in",
    "int",
    "integer",
    "iterable",
    "le",
    "lessthan",
    "lower",
    "lt",
    "mapping",
    "ne",
    "none",
    "number",
    "odd",
    "safe",
    "escaped",
    "sameas",
    "sequence",
    "startingwith",
    "string",
    "test",
    "true",
    "undefined",
    "upper",
];

/// Every filter, for help and for the documentation.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let own = [texts::NAMES, codes::NAMES, lists::NAMES, times::NAMES, &["json", "tojson"][..]];
    KEPT.iter().copied().chain(own.into_iter().flatten().copied())
}

/// Makes the filters known.
pub(super) fn register(environment: &mut Environment<'_>) {
    for name in DROPPED {
        environment.remove_filter(name);
    }
    texts::register(environment);
    codes::register(environment);
    lists::register(environment);
    times::register(environment);
    environment.add_filter("json", json);
    environment.add_filter("tojson", json);
    environment.add_filter(structured::TYPED, |value: Value| {
        meter::expect_typed();
        value
    });
}

fn json(value: Value) -> Result<Value, minijinja::Error> {
    if value.is_undefined() {
        return text(&value).map(|_| Value::UNDEFINED);
    }
    let mut written = String::new();
    print::json(&mut written, &value)?;
    Ok(Value::from_object(Written(written)))
}
