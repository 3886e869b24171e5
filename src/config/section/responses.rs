//! `responses`: what operations answer in place of what the document says.

use mocker_plan::Selector;
use mocker_source::Node;

use super::answer::{self, Answer, BODY, BODY_FILE, DELAY, EXAMPLE, HEADERS, ONE_BODY, STATUS, TEMPLATE};
use super::condition::{self, Condition};
use crate::config::grammar::SELECTOR;
use crate::config::read::{Placed, Reader, text};
use crate::config::shape::{Field, Rule, Shape, Table, Word};

static VARIANT: Table = Table {
    name: "variant",
    about: "One of several answers, drawn by weight",
    fields: &[
        Field::new(
            "weight",
            Shape::Integer { least: 1, most: 1_000_000 },
            "How often it is drawn, against the others; 1 when not given",
        ),
        STATUS,
        HEADERS,
        BODY,
        BODY_FILE,
        EXAMPLE,
        TEMPLATE,
        DELAY,
    ],
    families: &[],
    rules: &[ONE_BODY],
};

static STEP: Table = Table {
    name: "answer",
    about: "An answer",
    fields: &[STATUS, HEADERS, BODY, BODY_FILE, EXAMPLE, TEMPLATE, DELAY],
    families: &[],
    rules: &[ONE_BODY],
};

const ENDS: &[Word] = &[
    Word { name: "repeat", alias: None, about: "from the first one again" },
    Word { name: "stop", alias: None, about: "the last one for ever" },
    Word { name: "random", alias: None, about: "any of them" },
];

static SEQUENCE: Table = Table {
    name: "sequence",
    about: "Answers one after the other, counted in the scope of the request",
    fields: &[
        Field::new("answers", Shape::List(&Shape::Table(&STEP)), "The answers in order").required(),
        Field::new("then", Shape::Choice(ENDS), "What comes behind the last one; `repeat` when not given"),
    ],
    families: &[],
    rules: &[Rule::Filled("answers")],
};

static CONDITIONAL: Table = Table {
    name: "rule",
    about: "An answer to requests of a kind",
    fields: &[
        Field::new("when", Shape::Table(&condition::TABLE), "What a request must be").required(),
        STATUS,
        HEADERS,
        BODY,
        BODY_FILE,
        EXAMPLE,
        TEMPLATE,
        DELAY,
    ],
    families: &[],
    rules: &[ONE_BODY],
};

static ERRORS: Table = Table {
    name: "errors",
    about: "A share of the requests gets an error",
    fields: &[
        Field::new("rate", Shape::Number { least: 0.0, most: 1.0 }, "The share, 0 to 1").required(),
        Field::new("status", Shape::Integer { least: 200, most: 599 }, "Its status; 500 when not given"),
        HEADERS,
        BODY,
        BODY_FILE,
        EXAMPLE,
        TEMPLATE,
        DELAY,
    ],
    families: &[],
    rules: &[ONE_BODY],
};

static OVERRIDE: Table = Table {
    name: "override",
    about: "Errors are drawn first, then the first rule that holds answers, then the sequence, then the variants",
    fields: &[
        Field::new("errors", Shape::Table(&ERRORS), "A share of the requests gets an error"),
        Field::new(
            "rules",
            Shape::List(&Shape::Table(&CONDITIONAL)),
            "Answers to requests of a kind: the first that holds",
        ),
        Field::new("sequence", Shape::Table(&SEQUENCE), "Answers one after the other"),
        Field::new("variants", Shape::List(&Shape::Table(&VARIANT)), "Answers drawn by weight"),
    ],
    families: &[],
    rules: &[Rule::NotEmpty, Rule::AtMostOne(&["sequence", "variants"])],
};

static ONE: Shape = Shape::Table(&OVERRIDE);

pub(super) const FIELD: Field = Field::new(
    "responses",
    Shape::Map { keys: &SELECTOR, of: &ONE },
    "What operations answer in place of what the document says",
)
.example(
    "responses:\n  getPet:\n    rules:\n      - when: { header.X-Plan: free, not: { query.limit: { lt: 10 } } }\n        \
     status: 402\n        body: { error: upgrade }\n    variants:\n      - { weight: 9, status: 200 }\n      - \
     { weight: 1, status: 503, headers: { Retry-After: 2 }, delay: 250ms }",
);

/// What some operations answer. Asked in this order: errors, rules, sequence, variants.
#[derive(Debug)]
pub(crate) struct Override {
    pub(crate) operations: Placed<Selector>,
    pub(crate) errors: Option<Errors>,
    pub(crate) rules: Vec<Conditional>,
    pub(crate) sequence: Option<Sequence>,
    pub(crate) variants: Vec<Variant>,
}

/// One of several answers.
#[derive(Debug)]
pub(crate) struct Variant {
    pub(crate) weight: u32,
    pub(crate) answer: Answer,
}

/// Answers one after the other.
#[derive(Debug)]
pub(crate) struct Sequence {
    pub(crate) answers: Vec<Answer>,
    pub(crate) then: Then,
}

/// What comes behind the last answer of a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// From the first one again
    Repeat,
    /// The last one for ever
    Stop,
    /// Any of them
    Random,
}

/// An answer to requests of a kind.
#[derive(Debug)]
pub(crate) struct Conditional {
    pub(crate) when: Condition,
    pub(crate) answer: Answer,
}

/// A share of the requests gets an error.
#[derive(Debug)]
pub(crate) struct Errors {
    /// 0 to 1
    pub(crate) rate: f64,
    /// Its status is there always
    pub(crate) answer: Answer,
}

pub(super) fn read(node: Option<Node<'_>>, reader: &Reader<'_>) -> Vec<Override> {
    let entries = node.into_iter().flat_map(Node::entries);
    entries.filter_map(|(key, value)| one(key, value, reader)).collect()
}

fn one(key: &str, node: Node<'_>, reader: &Reader<'_>) -> Option<Override> {
    let items = |key: &str| node.get(key).into_iter().flat_map(Node::items);
    let rule = |rule: Node<'_>| {
        let when = condition::read(rule.get("when")?);
        Some(Conditional { when, answer: answer::read(rule, reader) })
    };
    let variant = |variant: Node<'_>| Variant {
        weight: variant.get("weight").and_then(Node::as_u64).map_or(1, |weight| weight as u32),
        answer: answer::read(variant, reader),
    };
    Some(Override {
        operations: reader.selector(key, node)?,
        errors: node.get("errors").and_then(|node| errors(node, reader)),
        rules: items("rules").filter_map(rule).collect(),
        sequence: node.get("sequence").filter(|node| node.is_object()).map(|node| sequence(node, reader)),
        variants: items("variants").map(variant).collect(),
    })
}

fn errors(node: Node<'_>, reader: &Reader<'_>) -> Option<Errors> {
    let mut answer = answer::read(node, reader);
    answer.status = answer.status.or(Some(500));
    Some(Errors { rate: node.get("rate")?.as_f64()?, answer })
}

fn sequence(node: Node<'_>, reader: &Reader<'_>) -> Sequence {
    let answers = node.get("answers").into_iter().flat_map(Node::items);
    Sequence {
        answers: answers.map(|answer| answer::read(answer, reader)).collect(),
        then: match text(node.get("then")).as_deref() {
            Some("stop") => Then::Stop,
            Some("random") => Then::Random,
            _ => Then::Repeat,
        },
    }
}
