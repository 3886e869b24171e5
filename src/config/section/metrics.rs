//! `metrics`: what is counted.

use crate::config::shape::{Field, Flag, Shape, Table};
use crate::config::values::Values;

pub(super) static TABLE: Table = Table {
    name: "metrics",
    about: "What is counted",
    fields: &[Field::new(
        "enabled",
        Shape::Bool,
        "Count requests by operation and status, how long they take, scripts and plugins; `/metrics` of the Admin API \
         tells",
    )
    .default("true")
    .flags(&[Flag::Switch("--metrics")])],
    families: &[],
    rules: &[],
};

/// What is counted.
#[derive(Debug)]
pub(crate) struct Metrics {
    pub(crate) is_enabled: bool,
}

impl Metrics {
    pub(super) fn read(values: &Values) -> Metrics {
        Metrics { is_enabled: values.bool("metrics.enabled") }
    }
}
