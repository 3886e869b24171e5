//! `validation`: what is asked of requests.

use mocker_plan::request::Mode;

use crate::config::shape::{Field, Flag, Shape, Table, Word};
use crate::config::values::Values;

const REQUESTS: &str = "Requests";

const MODES: &[Word] = &[
    Word { name: "on", alias: Some("true"), about: "refuse it" },
    Word { name: "warn", alias: None, about: "answer it and say so in `sl-violations`" },
    Word { name: "off", alias: Some("false"), about: "answer it" },
];

pub(super) static TABLE: Table = Table {
    name: "validation",
    about: "What is asked of requests",
    fields: &[
        Field::new(
            "requests",
            Shape::Choice(MODES),
            "What becomes of a request that breaks the contract: refused, answered with a warning in \
             `sl-violations`, or not looked at. `x-mocker-validate` says it for one operation",
        )
        .default("on")
        .flags(&[Flag::Value("--validate-request", "on|warn|off")])
        .under(REQUESTS),
        Field::new(
            "check_scopes",
            Shape::Bool,
            "Refuse a JSON web token that lacks a scope the operation needs (403)",
        )
        .default("false")
        .flags(&[Flag::Switch("--check-scopes")])
        .under(REQUESTS),
        Field::new("errors", Shape::Bool, "Answer 500 where an example contradicts its schema")
            .default("false")
            .flags(&[Flag::Switch("--errors")])
            .under(REQUESTS),
    ],
    families: &[],
    rules: &[],
};

/// What is asked of requests.
#[derive(Debug)]
pub(crate) struct Validation {
    pub(crate) requests: Mode,
    pub(crate) checks_scopes: bool,
    pub(crate) has_errors: bool,
}

impl Validation {
    pub(super) fn read(values: &Values) -> Validation {
        Validation {
            requests: match values.text("validation.requests") {
                Some("warn") => Mode::Warn,
                Some("off") => Mode::Off,
                _ => Mode::On,
            },
            checks_scopes: values.bool("validation.check_scopes"),
            has_errors: values.bool("validation.errors"),
        }
    }
}
