//! `now()` and what the filters for times share.

use minijinja::Error;
use minijinja::value::{Kwargs, Value};

use super::super::convert::{argument, context, fault, host, integer, made, text};
use super::all_used;
use crate::host::time;

/// Seconds since 1970 are below this, milliseconds above: the year 5138, and March of 1973.
const SECONDS: u64 = 100_000_000_000;

/// `now()`, `now(offset="+2h")`, `now(format="%Y-%m-%d", zone="+02:00")`; formats are patterns of `strftime`, or
/// `iso`, `http`, `unix` and `unix_ms`.
pub(super) fn now(offset: Option<Value>, named: Kwargs) -> Result<Value, Error> {
    let offset = argument(offset.as_ref(), &named, "offset")?;
    let format: Option<Value> = named.get("format")?;
    let zone: Option<Value> = named.get("zone")?;
    all_used(&named)?;
    let mut moment = context()?.now;
    if let Some(offset) = &offset {
        moment = host(time::add(moment, &text(offset)?))?;
    }
    match format {
        Some(format) => formatted(moment, &text(&format)?, zone.as_ref()),
        None => formatted(moment, if zone.is_some() { "%Y-%m-%dT%H:%M:%S%:z" } else { "iso" }, zone.as_ref()),
    }
}

/// A time by the name of a format, or a pattern.
pub(in super::super) fn formatted(moment: i64, format: &str, zone: Option<&Value>) -> Result<Value, Error> {
    let zone = zone.map(text).transpose()?;
    match format {
        "iso" => made(time::iso(moment)),
        "http" => made(time::rfc1123(moment)),
        "unix" => Ok(Value::from(time::unix(moment))),
        "unix_ms" => Ok(Value::from(moment)),
        _ => made(time::format(moment, format, zone.as_deref())),
    }
}

/// How a time was written, so that what comes of it is written likewise.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Form {
    Text,
    Date,
    Seconds,
    Milliseconds,
}

/// A time that is a text, or a number of seconds or milliseconds since 1970.
pub(in super::super) fn moment(value: &Value) -> Result<(i64, Form), Error> {
    /// `2026-01-31`
    const DATE: usize = 10;
    match value.as_str() {
        Some(text) => {
            let form = if text.trim().len() == DATE { Form::Date } else { Form::Text };
            Ok((host(time::parse(text))?, form))
        }
        None if value.is_number() => {
            let number = integer(value)?;
            match number.unsigned_abs() < SECONDS {
                true => Ok((number * 1000, Form::Seconds)),
                false => Ok((number, Form::Milliseconds)),
            }
        }
        None => {
            Err(fault("a time is a text such as `2026-01-31T08:30:00Z`, or a number of seconds since 1970"))
        }
    }
}

/// A time in the form that another had; a date becomes more where the time of day is not midnight.
pub(in super::super) fn written(moment: i64, form: Form) -> Result<Value, Error> {
    const DAY: i64 = 86_400_000;
    match form {
        Form::Seconds => Ok(Value::from(time::unix(moment))),
        Form::Milliseconds => Ok(Value::from(moment)),
        Form::Date if moment.rem_euclid(DAY) == 0 => made(time::format(moment, "%Y-%m-%d", None)),
        Form::Date | Form::Text => made(time::iso(moment)),
    }
}
