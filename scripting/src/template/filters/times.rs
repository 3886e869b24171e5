//! Filters for times.

use minijinja::value::{Kwargs, Value};
use minijinja::{Environment, Error};

use super::super::convert::{host, text};
use super::super::functions::{formatted, moment, written};
use crate::host::time;

pub(super) const NAMES: &[&str] = &["date", "date_add", "date_subtract", "date_parse", "date_diff"];

pub(super) fn register(environment: &mut Environment<'_>) {
    environment.add_filter("date", date);
    environment.add_filter("date_add", |value: Value, duration: &str| {
        let (moment, form) = moment(&value)?;
        written(host(time::add(moment, duration))?, form)
    });
    environment.add_filter("date_subtract", |value: Value, duration: &str| {
        let (moment, form) = moment(&value)?;
        written(host(time::subtract(moment, duration))?, form)
    });
    environment.add_filter("date_parse", |value: Value, pattern: &str| {
        formatted(host(time::parse_as(&text(&value)?, pattern))?, "iso", None)
    });
    environment.add_filter(
        "date_diff",
        |value: Value, from: Value, unit: Option<&str>| -> Result<Value, Error> {
            let (to, from) = (moment(&value)?.0, moment(&from)?.0);
            Ok(Value::from(host(time::difference(from, to, unit.unwrap_or("d")))?))
        },
    );
}

fn date(value: Value, format: Option<&str>, named: Kwargs) -> Result<Value, Error> {
    let zone: Option<Value> = named.get("zone")?;
    named.assert_all_used()?;
    formatted(moment(&value)?.0, format.unwrap_or("iso"), zone.as_ref())
}
