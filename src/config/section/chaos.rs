//! `chaos`: faults and delays on purpose.

mod effect;
mod parameters;

use std::time::Duration;

use mocker_engine::chaos::{Kind, Scenario as Compiled, Schedule};
use mocker_plan::Selector;
use mocker_source::{Diagnostic, Node};

use crate::config::grammar::{NAME, SELECTOR};
use crate::config::read::{Placed, placed_text, selectors, strings, text};
use crate::config::scalar::Scalar;
use crate::config::shape::{Bare, Field, Flag, Shape, Table, Word};
use crate::config::values::Values;

const KINDS: &[Word] = &[
    Word { name: "latency", alias: None, about: "the answer waits" },
    Word { name: "error", alias: None, about: "the answer is an error" },
    Word { name: "timeout", alias: None, about: "no answer comes, and the connection stays open" },
    Word { name: "reset", alias: None, about: "the connection is reset" },
    Word { name: "empty", alias: None, about: "the connection is closed without an answer" },
    Word { name: "truncate", alias: None, about: "the connection is closed within the body" },
    Word { name: "malformed-chunk", alias: None, about: "a chunk of the body has no size" },
    Word { name: "wrong-length", alias: None, about: "`Content-Length` promises more than comes" },
    Word { name: "garbage", alias: None, about: "bytes come that are no HTTP" },
    Word { name: "slow-accept", alias: None, about: "the first request of a connection waits" },
    Word { name: "dribble", alias: None, about: "the answer comes in pieces" },
    Word { name: "bandwidth", alias: None, about: "the answer comes at a rate" },
];

const SINCE: Shape = Shape::Time { least: 0, most: 31_536_000_000, bare: Bare::Nothing };

static SCENARIO: Table = Table {
    name: "chaos-scenario",
    about: "A fault or a delay, and the requests that it strikes: those of which all of this holds",
    fields: &[
        Field::new("name", Shape::Parsed(&NAME), "What it is called").required(),
        Field::new("type", Shape::Choice(KINDS), "What happens").required(),
        Field::new(
            "endpoints",
            Shape::List(&Shape::Parsed(&SELECTOR)),
            "Operations that it strikes; all when not given",
        ),
        Field::new(
            "scopes",
            Shape::List(&Shape::Scalar),
            "Names of the scopes whose requests it strikes; all when not given",
        ),
        Field::new(
            "probability",
            Shape::Number { least: 0.0, most: 1.0 },
            "Share of the requests, 0 to 1; `1` when not given",
        ),
        Field::new(
            "every",
            Shape::Integer { least: 1, most: u32::MAX as u64 },
            "Of so many requests of an operation in a scope the last; `1`, each, when not given",
        ),
        Field::new("from", SINCE, "Not before so much time has passed since it was switched on"),
        Field::new("for", SINCE, "For so long, from then on; for ever when not given"),
        Field::new("parameters", Shape::Table(&parameters::TABLE), "How, by its type"),
        Field::new("enabled", Shape::Bool, "Whether it is on from the start; `true` when not given"),
    ],
    families: &[],
    rules: &[],
};

pub(super) static TABLE: Table = Table {
    name: "chaos",
    about: "Faults and delays on purpose",
    fields: &[
        Field::new("enabled", Shape::Bool, "Whether scenarios strike from the start")
            .default("true")
            .flags(&[Flag::Switch("--chaos")])
            .under("Chaos"),
        Field::new(
            "seed",
            Shape::Scalar,
            "The same seed gives the same faults; that of `generation` when not given",
        )
        .example("seed: 42"),
        Field::new(
            "allow_request_headers",
            Shape::Bool,
            "Requests may ask for faults and delays: `X-Mocker-Fault: reset`, `X-Mocker-Delay: 20ms`",
        )
        .default("false")
        .flags(&[Flag::Switch("--chaos-headers")])
        .under("Chaos"),
        Field::new(
            "scenarios",
            Shape::List(&Shape::Table(&SCENARIO)),
            "Faults and delays, each of which can be switched on and off while the server runs; of several that strike a \
             request delays add up, and of faults the first counts",
        )
        .example(
            "scenarios:\n  - name: slow-pets\n    type: latency\n    endpoints: [\"GET /pets/*\"]\n    parameters: { median: \
             20ms, sigma: 0.5 }\n  - name: flaky\n    type: error\n    probability: 0.05\n    parameters: { status: 503, \
             retry_after: 2s }\n    enabled: false",
        ),
    ],
    families: &[],
    rules: &[],
};

/// Faults and delays on purpose.
#[derive(Debug)]
pub(crate) struct Chaos {
    pub(crate) is_enabled: bool,
    pub(crate) seed: Option<String>,
    pub(crate) allows_fields: bool,
    pub(crate) scenarios: Vec<Scenario>,
}

/// One scenario.
#[derive(Debug)]
pub(crate) struct Scenario {
    pub(crate) compiled: Compiled,
    /// Operations that it strikes; empty for all
    pub(crate) endpoints: Vec<Placed<Selector>>,
}

impl Chaos {
    pub(super) fn read(values: &Values, faults: &mut Vec<Diagnostic>) -> Chaos {
        let mut named: Vec<String> = Vec::new();
        let nodes = values.node("chaos.scenarios").into_iter().flat_map(Node::items);
        let scenarios = nodes.filter_map(|node| {
            let name = placed_text(node.get("name"))?;
            if named.contains(&name.value) {
                let message = format!("there are two chaos scenarios `{}`", name.value);
                let fault = Diagnostic::error_at("config-name", Some(name.position), message);
                faults.push(fault.with_help("scenarios are switched by name: give it another"));
            }
            named.push(name.value.clone());
            one(&name.value, node, faults)
        });
        Chaos {
            scenarios: scenarios.collect(),
            is_enabled: values.bool("chaos.enabled"),
            seed: values.text("chaos.seed").map(str::to_owned),
            allows_fields: values.bool("chaos.allow_request_headers"),
        }
    }
}

fn one(name: &str, node: Node<'_>, faults: &mut Vec<Diagnostic>) -> Option<Scenario> {
    let kind = Kind::of(&text(node.get("type"))?)?;
    if kind == Kind::SlowAccept {
        for key in ["endpoints", "scopes"] {
            let Some(given) = node.get(key) else { continue };
            let message =
                format!("the chaos scenario `{name}` has `{key}`, which `slow-accept` does not take");
            let fault = Diagnostic::error("config-conflict", given, message);
            faults.push(fault.with_help("leave it out: connections are accepted before a request is known"));
        }
    }
    let time = |key: &str| match Scalar::of_node(&SINCE, node.get(key)?) {
        Ok(Scalar::Time(time)) => Some(time),
        _ => None,
    };
    let usual = Schedule::default();
    let schedule = Schedule {
        probability: node.get("probability").and_then(Node::as_f64).unwrap_or(usual.probability),
        every: node
            .get("every")
            .and_then(Node::as_u64)
            .and_then(|n| n.try_into().ok())
            .unwrap_or(usual.every),
        from: time("from").unwrap_or(Duration::ZERO),
        lasting: time("for"),
    };
    Some(Scenario {
        compiled: Compiled {
            name: name.into(),
            effect: effect::read(name, kind, node, faults),
            scopes: strings(node.get("scopes")).into_iter().map(|scope| scope.value.into()).collect(),
            schedule,
            is_enabled: node.get("enabled").and_then(Node::as_bool).unwrap_or(true),
        },
        endpoints: selectors(node.get("endpoints")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_those_of_the_engine() {
        let words: Vec<&str> = KINDS.iter().map(|word| word.name).collect();
        assert_eq!(words, Kind::ALL.map(Kind::name));
    }
}
