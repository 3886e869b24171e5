//! `fake("name", locale="es")` and `fake.name(locale="es")`.

use std::sync::Arc;

use minijinja::value::{Kwargs, Object, Rest, Value, from_args};
use minijinja::{Error, State};

use super::super::convert::{argument, context, host, integer, of_json, text};
use super::super::meter;
use super::all_used;
use crate::host::fake::{Wanted, fake};

#[derive(Debug)]
pub(super) struct Fake;

impl Object for Fake {
    fn call(self: &Arc<Self>, _: &State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        let (name, rest, named): (&str, Rest<Value>, Kwargs) = from_args(args)?;
        value(name, &rest, &named)
    }

    fn call_method(
        self: &Arc<Self>,
        _: &State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        let (rest, named): (Rest<Value>, Kwargs) = from_args(args)?;
        value(method, &rest, &named)
    }
}

/// Behind the name come a locale, or the least and the greatest number.
fn value(name: &str, rest: &[Value], named: &Kwargs) -> Result<Value, Error> {
    let is_range = rest.first().is_some_and(Value::is_number);
    let (locale, range) =
        if is_range { (None, rest) } else { (rest.first(), rest.get(1..).unwrap_or_default()) };
    let locale = argument(locale, named, "locale")?;
    let bound = |given, name| argument(given, named, name)?.map(|value| integer(&value)).transpose();
    let (min, max) = (bound(range.first(), "min")?, bound(range.get(1), "max")?);
    all_used(named)?;
    let locale = locale.as_ref().map(text).transpose()?;
    let wanted = Wanted { locale: locale.as_deref(), min, max };
    let value = host(fake(context()?.draw(), name, &wanted))?;
    Ok(match value {
        serde_json::Value::String(text) => {
            meter::spend(text.len())?;
            Value::from(text)
        }
        other => of_json(&other),
    })
}
