//! Strings and numbers.

use serde_json::{Number, Value};

use super::uuid;
use crate::format::Format;
use crate::generate::limits::CHARACTERS;
use crate::node::{NumberRules, Schema};
use crate::validate::Num;

const PASSWORD_FILLING: &str = "qwerty!@#$%^123456";

/// The string of a schema; `name` is that of the property that holds it.
pub(super) fn string(schema: &Schema, name: &str) -> String {
    let least = schema.string.as_ref().map_or(0, |rules| rules.min_length.min(CHARACTERS)) as usize;
    let most = schema.string.as_ref().and_then(|rules| rules.max_length).unwrap_or(u64::MAX);
    match schema.format {
        Some(Format::Uuid) => uuid::of_name(if name.is_empty() { "id" } else { name }),
        Some(Format::Password) => password(least),
        Some(format) => of_format(format).map_or_else(|| plain(least, most), str::to_owned),
        None => plain(least, most),
    }
}

fn of_format(format: Format) -> Option<&'static str> {
    Some(match format {
        Format::Email => "user@example.com",
        Format::IdnEmail => "пошта@укр.нет",
        Format::DateTime => "2019-08-24T14:15:22Z",
        Format::Date => "2019-08-24",
        Format::Time => "14:15:22Z",
        Format::Uri => "http://example.com",
        Format::UriReference => "../dictionary",
        Format::UriTemplate => "http://example.com/{endpoint}",
        Format::Iri => "http://example.com/entity/1",
        Format::IriReference => "/entity/1",
        Format::Ipv4 => "192.168.0.1",
        Format::Ipv6 => "2001:0db8:85a3:0000:0000:8a2e:0370:7334",
        Format::Hostname => "example.com",
        Format::IdnHostname => "приклад.укр",
        Format::JsonPointer => "/json/pointer",
        Format::RelativeJsonPointer => "1/relative/json/pointer",
        Format::Regex => "/regex/",
        _ => return None,
    })
}

/// `string`, repeated and cut to the length that is asked for.
fn plain(least: usize, most: u64) -> String {
    let length = least.max("string".len());
    let length = usize::try_from(most).map_or(length, |most| length.min(most));
    "string".chars().cycle().take(length).collect()
}

fn password(least: usize) -> String {
    let mut password = "pa$$word".to_owned();
    if least > password.len() {
        password.push('_');
        let missing = least.saturating_sub(password.len());
        password.extend(PASSWORD_FILLING.chars().cycle().take(missing));
    }
    password
}

/// The number of a schema: its lower bound, else its upper one, else 0. With a format that has a range of its
/// own, 0 comes before the upper bound.
pub(super) fn number(schema: &Schema) -> Value {
    let Some(rules) = schema.number.as_deref() else {
        return Value::from(0);
    };
    let has_range = schema
        .format
        .is_some_and(|format| format.range().is_some() || matches!(format, Format::Float | Format::Double));
    let bounds = [
        rules.minimum.as_ref().map(|bound| shifted(bound, 0)),
        rules.exclusive_minimum.as_ref().map(|bound| shifted(bound, 1)),
        (has_range && is_zero_below(rules)).then(|| Value::from(0)),
        rules.exclusive_maximum.as_ref().map(|bound| shifted(bound, -1)),
        rules.maximum.as_ref().map(|bound| shifted(bound, 0)),
    ];
    let value = bounds.into_iter().flatten().next().unwrap_or_else(|| Value::from(0));
    multiple(&value, rules).unwrap_or(value)
}

/// The next multiple of what `multipleOf` says, away from the bound. Fractions are left to who judges the sample.
fn multiple(value: &Value, rules: &NumberRules) -> Option<Value> {
    let step = rules.multiple_of.as_ref()?.as_i64().filter(|step| *step > 0)?;
    let whole = value.as_i64()?;
    let beyond = whole.rem_euclid(step);
    let has_floor = rules.minimum.is_some() || rules.exclusive_minimum.is_some();
    let by = if has_floor && beyond > 0 { step - beyond } else { -beyond };
    whole.checked_add(by).map(Value::from)
}

/// Whether the upper bounds allow 0.
fn is_zero_below(rules: &NumberRules) -> bool {
    use std::cmp::Ordering::{Greater, Less};
    let order = |bound: &Number| Num::Integer(0).order(Num::from(bound));
    rules.maximum.as_ref().is_none_or(|bound| order(bound) != Some(Greater))
        && rules.exclusive_maximum.as_ref().is_none_or(|bound| order(bound) == Some(Less))
}

/// The number and so much more, written as JavaScript does: without a fraction of zero.
fn shifted(bound: &Number, by: i64) -> Value {
    if let Some(whole) = bound.as_i64().and_then(|whole| whole.checked_add(by)) {
        return Value::from(whole);
    }
    let Some(float) = bound.as_f64().filter(|_| !bound.is_u64() || by != 0) else {
        return Value::Number(bound.clone());
    };
    let sum = float + by as f64;
    match sum.fract() == 0.0 && sum.abs() < 1e15 {
        true => Value::from(sum as i64),
        false => Value::from(sum),
    }
}
