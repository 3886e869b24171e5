//! `scenarios`: named states, and what moves from one to the next.

use mocker_plan::Selector;
use mocker_source::{Diagnostic, Node, Position};

use super::condition::{self, Condition};
use super::responses::Override;
use crate::config::describe::listed;
use crate::config::grammar::{NAME, SELECTOR};
use crate::config::nearest::nearest;
use crate::config::read::{Placed, placed_text, strings};
use crate::config::shape::{Field, Shape, Table};

static TRANSITION: Table = Table {
    name: "transition",
    about: "A step from state to state, made when an operation was answered",
    fields: &[
        Field::new("from", Shape::List(&Shape::Parsed(&NAME)), "States that it leaves; any when not given"),
        Field::new("to", Shape::Parsed(&NAME), "The state that it leads to").required(),
        Field::new("on", Shape::Parsed(&SELECTOR), "Operations that make it").required(),
        Field::new("when", Shape::Table(&condition::TABLE), "What the request must be besides"),
    ],
    families: &[],
    rules: &[],
};

static SCENARIO: Table = Table {
    name: "scenario",
    about: "Named states. `scenario.NAME: STATE` in a condition asks for one",
    fields: &[
        Field::new("initial", Shape::Parsed(&NAME), "The state in which every scope begins").required(),
        Field::new(
            "transitions",
            Shape::List(&Shape::Table(&TRANSITION)),
            "Steps between states; of several that fit the first is made",
        )
        .required(),
    ],
    families: &[],
    rules: &[],
};

static ONE: Shape = Shape::Table(&SCENARIO);

pub(super) const FIELD: Field = Field::new(
    "scenarios",
    Shape::Map { keys: &NAME, of: &ONE },
    "Named states and what moves between them, in the scope of each request",
)
.example(
    "scenarios:\n  checkout:\n    initial: empty\n    transitions:\n      - { from: empty, to: filled, on: addItem }\n      \
     - { from: filled, to: empty, on: \"POST /orders\" }",
);

/// Named states.
#[derive(Debug)]
pub(crate) struct Scenario {
    pub(crate) name: Placed<String>,
    pub(crate) initial: Placed<String>,
    pub(crate) transitions: Vec<Transition>,
}

/// A step from state to state.
#[derive(Debug)]
pub(crate) struct Transition {
    /// Empty: from any
    pub(crate) from: Vec<Placed<String>>,
    pub(crate) to: Placed<String>,
    pub(crate) on: Placed<Selector>,
    pub(crate) when: Option<Condition>,
}

impl Scenario {
    /// Every state that it can be in.
    pub(crate) fn states(&self) -> impl Iterator<Item = &str> {
        let reached = self.transitions.iter().map(|transition| transition.to.value.as_str());
        std::iter::once(self.initial.value.as_str()).chain(reached)
    }
}

pub(super) fn read(node: Option<Node<'_>>) -> Vec<Scenario> {
    let entries = node.into_iter().flat_map(Node::entries);
    entries.filter_map(|(name, scenario)| one(name, scenario)).collect()
}

fn one(name: &str, node: Node<'_>) -> Option<Scenario> {
    let position = node.parent().and_then(|map| map.key_position(name)).unwrap_or_else(|| node.position());
    let transitions = node.get("transitions").into_iter().flat_map(Node::items);
    Some(Scenario {
        name: Placed { value: name.to_owned(), position },
        initial: placed_text(node.get("initial")).unwrap_or(Placed { value: String::new(), position }),
        transitions: transitions.filter_map(transition).collect(),
    })
}

fn transition(node: Node<'_>) -> Option<Transition> {
    let on = placed_text(node.get("on"))?;
    Some(Transition {
        from: strings(node.get("from")),
        to: placed_text(node.get("to"))?,
        on: Placed { value: Selector::parse(&on.value).ok()?, position: on.position },
        when: node.get("when").map(condition::read),
    })
}

/// Adds what names a scenario or a state that there is not.
pub(super) fn judge(scenarios: &[Scenario], overrides: &[Override], faults: &mut Vec<Diagnostic>) {
    let mut asked = Vec::new();
    for transition in scenarios.iter().flat_map(|scenario| &scenario.transitions) {
        transition.when.iter().for_each(|when| when.states(&mut asked));
    }
    for rule in overrides.iter().flat_map(|responses| &responses.rules) {
        rule.when.states(&mut asked);
    }
    for scenario in scenarios {
        let left = scenario.transitions.iter().flat_map(|transition| &transition.from);
        faults.extend(left.filter_map(|from| unreached(scenario, &from.value, from.position)));
    }
    for (name, state, position) in asked {
        match scenarios.iter().find(|scenario| scenario.name.value == name) {
            Some(scenario) => {
                faults.extend(state.and_then(|state| unreached(scenario, state, position)));
            }
            None => {
                let names: Vec<&str> =
                    scenarios.iter().map(|scenario| scenario.name.value.as_str()).collect();
                let message = format!("there is no scenario `{name}`");
                faults.push(unknown(position, message, name, &names));
            }
        }
    }
}

fn unreached(scenario: &Scenario, state: &str, position: Position) -> Option<Diagnostic> {
    let states: Vec<&str> = scenario.states().collect();
    // Without a state to begin with it was told already.
    if scenario.initial.value.is_empty() || states.contains(&state) {
        return None;
    }
    let message = format!("the scenario `{}` is never in the state `{state}`", scenario.name.value);
    Some(unknown(position, message, state, &states))
}

fn unknown(position: Position, message: String, wrong: &str, names: &[&str]) -> Diagnostic {
    let fault = Diagnostic::error_at("config-name", Some(position), message);
    match nearest(wrong, names.iter().copied()) {
        Some(meant) => fault.with_help(format!("did you mean `{meant}`?")),
        None if names.is_empty() => fault.with_help("define it under `scenarios`"),
        None => fault.with_help(format!("there are {}", listed(names, "and"))),
    }
}
