//! Conditions on requests: `when: { query.status: sold, header.X-A: { matches: "^a" } }`.

use mocker_source::{Node, Position};
use serde_json::Value;

use crate::config::grammar::REGEX;
use crate::config::read::text;
use crate::config::shape::{Family, Field, Rule, Shape, Table};

static TESTS: Table = Table {
    name: "test",
    about: "What a value must be; several of them must hold together",
    fields: &[
        Field::new(
            "equals",
            Shape::Any,
            "It is this value: numbers are compared by value, texts to the letter",
        ),
        Field::new("matches", Shape::Parsed(&REGEX), "A part of it matches this regular expression"),
        Field::new("contains", Shape::Scalar, "It has this text in it, or is a list with this value"),
        Field::new("exists", Shape::Bool, "It is there, or is not"),
        Field::new(
            "gt",
            Shape::Number { least: f64::MIN, most: f64::MAX },
            "It is a number greater than this one",
        ),
        Field::new(
            "lt",
            Shape::Number { least: f64::MIN, most: f64::MAX },
            "It is a number less than this one",
        ),
    ],
    families: &[],
    rules: &[Rule::NotEmpty],
};

const TEST: Shape = Shape::Either(&[Shape::Scalar, Shape::Table(&TESTS)]);
static NESTED: Shape = Shape::Table(&TABLE);

pub(super) static TABLE: Table = Table {
    name: "condition",
    about: "What a request must be. A value alone means `equals`; several entries must hold together",
    fields: &[
        Field::new("method", TEST, "The method"),
        Field::new("body", TEST, "The whole body"),
        Field::new("all", Shape::List(&NESTED), "All of these conditions hold"),
        Field::new("any", Shape::List(&NESTED), "One of these conditions holds"),
        Field::new("not", Shape::Table(&TABLE), "This condition does not hold"),
    ],
    families: &[
        Family { prefix: "header.", rest: "NAME", shape: TEST, about: "A header field" },
        Family { prefix: "query.", rest: "NAME", shape: TEST, about: "A parameter of the query" },
        Family { prefix: "param.", rest: "NAME", shape: TEST, about: "A variable of the path" },
        Family { prefix: "cookie.", rest: "NAME", shape: TEST, about: "A cookie" },
        Family {
            prefix: "body./",
            rest: "POINTER",
            shape: TEST,
            about: "The value under a JSON pointer in the body",
        },
        Family { prefix: "scenario.", rest: "NAME", shape: TEST, about: "The state that a scenario is in" },
    ],
    rules: &[Rule::NotEmpty],
};

/// What a request must be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Condition {
    Test { subject: Subject, test: Test, position: Position },
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
}

/// What is looked at.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Subject {
    Method,
    Header(String),
    Query(String),
    Param(String),
    Cookie(String),
    /// A JSON pointer; empty for the whole body
    Body(String),
    Scenario(String),
}

/// What it must be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Test {
    Equals(Value),
    /// A regular expression
    Matches(String),
    Contains(String),
    Exists(bool),
    Greater(f64),
    Less(f64),
}

pub(super) fn read(node: Node<'_>) -> Condition {
    let mut all: Vec<Condition> = node.entries().flat_map(|(key, member)| entry(key, member)).collect();
    match all.len() {
        1 => all.remove(0),
        _ => Condition::All(all),
    }
}

fn entry(key: &str, member: Node<'_>) -> Vec<Condition> {
    let list = || member.items().map(read).collect();
    match key {
        "all" => vec![Condition::All(list())],
        "any" => vec![Condition::Any(list())],
        "not" => vec![Condition::Not(Box::new(read(member)))],
        _ => subject(key).map(|subject| tests(&subject, member)).unwrap_or_default(),
    }
}

fn subject(key: &str) -> Option<Subject> {
    let of = |prefix: &str| key.strip_prefix(prefix).map(str::to_owned);
    match key {
        "method" => Some(Subject::Method),
        "body" => Some(Subject::Body(String::new())),
        _ => of("header.")
            .map(Subject::Header)
            .or_else(|| of("query.").map(Subject::Query))
            .or_else(|| of("param.").map(Subject::Param))
            .or_else(|| of("cookie.").map(Subject::Cookie))
            .or_else(|| of("body.").map(Subject::Body))
            .or_else(|| of("scenario.").map(Subject::Scenario)),
    }
}

fn tests(subject: &Subject, node: Node<'_>) -> Vec<Condition> {
    let condition =
        |test, node: Node<'_>| Condition::Test { subject: subject.clone(), test, position: node.position() };
    if !node.is_object() {
        return vec![condition(Test::Equals(node.to_json()), node)];
    }
    let tests = node.entries().filter_map(|(key, value)| {
        let test = match key {
            "equals" => Test::Equals(value.to_json()),
            "matches" => Test::Matches(text(Some(value))?),
            "contains" => Test::Contains(text(Some(value))?),
            "exists" => Test::Exists(value.as_bool()?),
            "gt" => Test::Greater(value.as_f64()?),
            "lt" => Test::Less(value.as_f64()?),
            _ => return None,
        };
        Some(condition(test, value))
    });
    tests.collect()
}

impl Condition {
    /// Every state of a scenario that it names, with its place.
    pub(super) fn states<'c>(&'c self, found: &mut Vec<(&'c str, Option<&'c str>, Position)>) {
        match self {
            Condition::Test { subject: Subject::Scenario(name), test, position } => {
                let state = match test {
                    Test::Equals(Value::String(state)) => Some(state.as_str()),
                    _ => None,
                };
                found.push((name, state, *position));
            }
            Condition::Test { .. } => {}
            Condition::All(parts) | Condition::Any(parts) => {
                parts.iter().for_each(|part| part.states(found));
            }
            Condition::Not(part) => part.states(found),
        }
    }
}
