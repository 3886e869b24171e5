//! `+`, `~` and `*`, within the budget of memory.

use minijinja::Error;
use minijinja::value::{Value, ValueKind};

use super::super::convert::{fault, kind, list, number, of_number, text};
use super::super::{limits, meter};
use crate::host::numbers::Number;

pub(super) fn add(left: Value, right: Value) -> Result<Value, Error> {
    if let (Some(left), Some(right)) = (left.as_str(), right.as_str()) {
        return joined(left, right);
    }
    let is_list = |value: &Value| matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable);
    if is_list(&left) && is_list(&right) {
        let (mut elements, more) = (list(&left)?, list(&right)?);
        let length = elements.len() + more.len();
        if length > limits::LIST_LENGTH {
            return Err(fault(format!("a list of {length} is over the limit of {}", limits::LIST_LENGTH)));
        }
        elements.extend(more);
        return Ok(Value::from(elements));
    }
    let (left, right) = operands("+", &left, &right)?;
    Ok(match (left, right) {
        (Number::Integer(left), Number::Integer(right)) => match left.checked_add(right) {
            Some(sum) => Value::from(sum),
            None => Value::from(left as f64 + right as f64),
        },
        _ => Value::from(left.as_f64() + right.as_f64()),
    })
}

pub(super) fn concatenate(left: Value, right: Value) -> Result<Value, Error> {
    joined(&text(&left)?, &text(&right)?)
}

pub(super) fn multiply(left: Value, right: Value) -> Result<Value, Error> {
    let repeated = match (left.as_str(), right.as_str()) {
        (Some(text), None) => Some((text, &right)),
        (None, Some(text)) => Some((text, &left)),
        _ => None,
    };
    if let Some((text, times)) = repeated {
        let times =
            times.as_usize().ok_or_else(|| fault("a text is repeated a number of times from 0 on"))?;
        meter::spend_text(text.len().saturating_mul(times))?;
        return Ok(Value::from(text.repeat(times)));
    }
    let (left, right) = operands("*", &left, &right)?;
    Ok(match (left, right) {
        (Number::Integer(left), Number::Integer(right)) => match left.checked_mul(right) {
            Some(product) => Value::from(product),
            None => of_number(Number::Float(left as f64 * right as f64)),
        },
        _ => Value::from(left.as_f64() * right.as_f64()),
    })
}

/// Refuses a value that is nested too deeply.
pub(super) fn bound(value: Value) -> Result<Value, Error> {
    fn walk(value: &Value, depth: usize) -> Result<(), Error> {
        /// Bytes that a visit counts for, so that what is shared a thousand times over comes to an end
        const VISIT: usize = 4;
        if !matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable | ValueKind::Map) {
            return Ok(());
        }
        if depth > limits::PRINTED_DEPTH {
            let text = format!(
                "a variable is set to a value nested deeper than the limit of {}",
                limits::PRINTED_DEPTH
            );
            return Err(fault(text));
        }
        for element in value.try_iter()? {
            meter::spend(VISIT)?;
            match value.kind() {
                ValueKind::Map => walk(&value.get_item(&element)?, depth + 1)?,
                _ => walk(&element, depth + 1)?,
            }
        }
        Ok(())
    }
    walk(&value, 0)?;
    Ok(Value::UNDEFINED)
}

fn joined(left: &str, right: &str) -> Result<Value, Error> {
    meter::spend_text(left.len() + right.len())?;
    Ok(Value::from([left, right].concat()))
}

fn operands(sign: &str, left: &Value, right: &Value) -> Result<(Number, Number), Error> {
    if !left.is_number() || !right.is_number() {
        let (left, right) = (kind(left), kind(right));
        return Err(fault(format!(
            "`{sign}` is not for {left} and {right}; `~` joins values as texts, `| int` makes numbers"
        )));
    }
    Ok((number(left)?, number(right)?))
}
