//! Filters for lists and numbers.

use minijinja::value::Value;
use minijinja::{Environment, Error};

use super::super::convert::{host, number, numbers as numbers_of, of_number};
use super::super::functions::{choice, shuffle};
use crate::host::numbers;

pub(super) const NAMES: &[&str] = &["sum", "avg", "round", "choice", "shuffle"];

pub(super) fn register(environment: &mut Environment<'_>) {
    environment.add_filter("sum", |value: Value| -> Result<Value, Error> {
        Ok(of_number(host(numbers::sum(&numbers_of(&value)?))?))
    });
    environment.add_filter("avg", |value: Value| -> Result<Value, Error> {
        Ok(Value::from(host(numbers::avg(&numbers_of(&value)?))?))
    });
    environment.add_filter("round", |value: Value, digits: Option<u32>| -> Result<Value, Error> {
        Ok(of_number(host(numbers::round(number(&value)?, digits.unwrap_or(0)))?))
    });
    environment.add_filter("choice", |value: Value| choice(&value));
    environment.add_filter("shuffle", |value: Value| shuffle(&value));
}
