//! Answers that the user writes: status, headers, body, delay.

use std::path::PathBuf;
use std::time::Duration;

use mocker_source::{Node, Position};
use serde_json::Value;

use crate::config::grammar::FIELD_NAME;
use crate::config::read::{Placed, Reader, placed_text, strings, text};
use crate::config::scalar::Scalar;
use crate::config::shape::{Bare, Field, Rule, Shape};

static VALUES: Shape = Shape::Either(&[Shape::Scalar, Shape::List(&Shape::Scalar)]);

pub(super) const STATUS: Field = Field::new(
    "status",
    Shape::Integer { least: 200, most: 599 },
    "Its status; without it that of the answer that would be given",
);
pub(super) const HEADERS: Field = Field::new(
    "headers",
    Shape::Map { keys: &FIELD_NAME, of: &VALUES },
    "Header fields, each a value or a list of values, in place of those of the same name",
);
pub(super) const BODY: Field =
    Field::new("body", Shape::Any, "Its body: a text is sent as it stands, all else as JSON");
pub(super) const BODY_FILE: Field = Field::new("body_file", Shape::File, "A file that is its body");
pub(super) const EXAMPLE: Field =
    Field::new("example", Shape::Text, "The example of this name in the document is its body");
pub(super) const TEMPLATE: Field = Field::new(
    "template",
    Shape::Bool,
    "Whether body and headers are templates; without it they are when they have `{{` or `{%` in them",
);
pub(super) const DELAY: Field = Field::new(
    "delay",
    Shape::Time { least: 0, most: 3_600_000, bare: Bare::Nothing },
    "It is sent so much later",
);
pub(super) const ONE_BODY: Rule = Rule::AtMostOne(&["body", "body_file", "example"]);

/// An answer that the user writes; what is not said is as it would be without it.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) position: Position,
    pub(crate) status: Option<u16>,
    /// Names with their values, in order
    pub(crate) headers: Vec<(String, Placed<String>)>,
    pub(crate) body: Option<Placed<Body>>,
    /// `None`: where there is `{{` or `{%` in it
    pub(crate) is_template: Option<bool>,
    pub(crate) delay: Option<Duration>,
}

/// What is sent as the body.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Body {
    /// A text as it stands, all else as JSON
    Value(Value),
    /// Joined with the folder of the configuration
    File(PathBuf),
    /// The name of an example in the document
    Example(String),
}

pub(super) fn read(node: Node<'_>, reader: &Reader<'_>) -> Answer {
    let headers = node.get("headers").into_iter().flat_map(Node::entries);
    let delay = node.get("delay").and_then(|delay| Scalar::of_node(&DELAY.shape, delay).ok());
    Answer {
        position: node.position(),
        status: node.get("status").and_then(Node::as_u64).and_then(|status| status.try_into().ok()),
        headers: headers
            .flat_map(|(name, values)| {
                strings(Some(values)).into_iter().map(|value| (name.to_owned(), value))
            })
            .collect(),
        body: body(node, reader),
        is_template: node.get("template").and_then(Node::as_bool),
        delay: match delay {
            Some(Scalar::Time(delay)) => Some(delay),
            _ => None,
        },
    }
}

fn body(node: Node<'_>, reader: &Reader<'_>) -> Option<Placed<Body>> {
    if let Some(body) = node.get("body") {
        return Some(Placed { value: Body::Value(body.to_json()), position: body.position() });
    }
    if let Some(Placed { value, position }) = placed_text(node.get("body_file")) {
        return Some(Placed { value: Body::File(reader.path(&value)), position });
    }
    let example = node.get("example")?;
    Some(Placed { value: Body::Example(text(Some(example))?), position: example.position() })
}
