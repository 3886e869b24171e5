//! `random()` and the functions of `random`.

use std::sync::Arc;

use minijinja::value::{Object, Value, from_args};
use minijinja::{Error, State};

use super::super::convert::{context, fault, host, list, made, number};
use super::unknown;
use crate::host::random;

#[derive(Debug)]
pub(super) struct Random;

const METHODS: &[&str] = &["int", "float", "bool", "choice", "shuffle", "string", "hex", "weighted"];

impl Object for Random {
    fn call(self: &Arc<Self>, _: &State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        let () = from_args(args)?;
        host(random::float(context()?.draw(), 0.0, 1.0)).map(Value::from)
    }

    fn call_method(
        self: &Arc<Self>,
        _: &State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        let key = context()?.draw();
        match method {
            "int" => {
                let (min, max) = from_args(args)?;
                host(random::int(key, min, max)).map(Value::from)
            }
            "float" => {
                let (min, max): (Option<f64>, Option<f64>) = from_args(args)?;
                host(random::float(key, min.unwrap_or(0.0), max.unwrap_or(1.0))).map(Value::from)
            }
            "bool" => {
                let (probability,): (Option<f64>,) = from_args(args)?;
                host(random::bool(key, probability.unwrap_or(0.5))).map(Value::from)
            }
            "choice" => {
                let (among,): (Value,) = from_args(args)?;
                choice(&among)
            }
            "shuffle" => {
                let (elements,): (Value,) = from_args(args)?;
                shuffle(&elements)
            }
            "string" => {
                let (length, alphabet): (usize, Option<&str>) = from_args(args)?;
                made(random::string(key, length, alphabet.unwrap_or(random::ALPHANUMERIC)))
            }
            "hex" => {
                let (length,) = from_args(args)?;
                made(random::hex(key, length))
            }
            "weighted" => {
                let (elements, weights): (Value, Value) = from_args(args)?;
                weighted(&elements, &weights)
            }
            _ => Err(unknown("random", method, METHODS)),
        }
    }
}

/// One of the elements.
pub(in super::super) fn choice(among: &Value) -> Result<Value, Error> {
    let elements = list(among)?;
    let index = host(random::choice(context()?.draw(), elements.len()))?;
    Ok(elements.into_iter().nth(index).unwrap_or_default())
}

/// The elements in another order.
pub(in super::super) fn shuffle(elements: &Value) -> Result<Value, Error> {
    let mut elements = list(elements)?;
    host(random::shuffle(context()?.draw(), &mut elements))?;
    Ok(Value::from(elements))
}

fn weighted(elements: &Value, weights: &Value) -> Result<Value, Error> {
    let (elements, weights) = (list(elements)?, list(weights)?);
    if elements.len() != weights.len() {
        return Err(fault(format!("there are {} elements and {} weights", elements.len(), weights.len())));
    }
    let weights: Vec<f64> = weights
        .iter()
        .map(|weight| number(weight).map(|weight| weight.as_f64()))
        .collect::<Result<_, _>>()?;
    let index = host(random::weighted(context()?.draw(), &weights))?;
    Ok(elements.into_iter().nth(index).unwrap_or_default())
}
