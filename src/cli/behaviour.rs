//! How requests are judged and answers chosen: flags that Prism's users know, and some more.

use clap::{ArgAction, Args, ValueEnum};
use mocker_engine::Settings;
use mocker_plan::request::Mode;
use mocker_plan::{BasePath, Options, Sampling};

/// What is answered.
#[derive(Args)]
#[command(next_help_heading = "Answers")]
pub(super) struct Answers {
    /// What all generated data is made from, a number or a text: the same seed gives the same bytes [default: 0]
    #[arg(long, value_parser = seed)]
    seed: Option<u64>,
    /// Make generated bodies anew for every request
    #[arg(long)]
    fresh: bool,
    /// Generate every body from its schema, examples or not (as `Prefer: dynamic=true`): anew, or with --seed the
    /// same for the same URL
    #[arg(short, long, conflicts_with = "is_static")]
    dynamic: bool,
    /// Generate Prism's plain samples: "string", 0, the first of an enum
    #[arg(long = "static")]
    is_static: bool,
    /// Generate bodies even where the document has examples
    #[arg(long, alias = "ignoreExamples")]
    ignore_examples: bool,
    /// Always send the first example, not the one that agrees with the request
    #[arg(long)]
    no_example_match: bool,
    /// Whether generated objects have their optional properties
    #[arg(long, alias = "json-schema-faker-fillProperties", default_value_t = true, action = ArgAction::Set, value_name = "true|false")]
    fill_properties: bool,
}

/// What is asked of requests.
#[derive(Args)]
#[command(next_help_heading = "Requests")]
pub(super) struct Requests {
    /// What becomes of a request that breaks the contract: refused, answered with a warning in `sl-violations`, or not
    /// looked at. `x-mocker-validate` says it for one operation
    #[arg(long, value_enum, default_value = "on", value_name = "on|warn|off")]
    validate_request: Validate,
    /// Refuse a JSON web token that lacks a scope the operation needs (403)
    #[arg(long)]
    check_scopes: bool,
    /// Answer 500 where an example contradicts its schema
    #[arg(long)]
    errors: bool,
    /// Whether pages of any origin may call
    #[arg(long, default_value_t = true, action = ArgAction::Set, value_name = "true|false", num_args = 0..=1, default_missing_value = "true", require_equals = true)]
    cors: bool,
    /// Answer HEAD only where the document defines it
    #[arg(long)]
    strict_head: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Validate {
    /// Refuse it
    #[value(alias = "true")]
    On,
    /// Answer it and say so
    Warn,
    /// Answer it
    #[value(alias = "false")]
    Off,
}

fn seed(text: &str) -> Result<u64, String> {
    Ok(Options::seed(text))
}

impl Answers {
    pub(super) fn options(&self, base_path: BasePath, requests: &Requests) -> Options {
        Options {
            seed: self.seed.unwrap_or_default(),
            is_fresh: self.fresh,
            is_dynamic: self.dynamic,
            is_seeded: self.seed.is_some(),
            sampling: if self.is_static { Sampling::Static } else { Sampling::Realistic },
            ignores_examples: self.ignore_examples,
            matches_examples: !self.no_example_match,
            fills_properties: self.fill_properties,
            validation: match requests.validate_request {
                Validate::On => Mode::On,
                Validate::Warn => Mode::Warn,
                Validate::Off => Mode::Off,
            },
            checks_scopes: requests.check_scopes,
            shares: requests.cors,
            base_path,
        }
    }
}

impl Requests {
    pub(super) fn settings(&self, limits: mocker_http::Limits) -> Settings {
        Settings { limits, shares: self.cors, has_errors: self.errors, is_head_strict: self.strict_head }
    }
}
