//! A cursor over a parsed JSON text, for the validator.

use mocker_schema::validate::{Instance, Num};
use mocker_source::Kind;
use simd_json::{Node, StaticNode};

use super::duplicates;

/// A value: its node, and behind it those of what it holds.
#[derive(Clone, Copy)]
pub(super) struct Json<'t>(&'t [Node<'t>]);

/// How many nodes a value takes that begins with `node`.
fn width(node: Node<'_>) -> usize {
    match node {
        Node::Array { count, .. } | Node::Object { count, .. } => count + 1,
        Node::String(_) | Node::Static(_) => 1,
    }
}

impl<'t> Json<'t> {
    /// The value that the whole tape is; `None` for an empty one.
    pub(super) fn root(nodes: &'t [Node<'t>]) -> Option<Self> {
        (!nodes.is_empty()).then_some(Json(nodes))
    }

    fn node(self) -> Node<'t> {
        self.0.first().copied().unwrap_or(Node::Static(StaticNode::Null))
    }

    /// Whether an object anywhere has two members of one name.
    pub(super) fn has_duplicates(self) -> bool {
        self.0.iter().enumerate().any(|(at, node)| match *node {
            Node::Object { len, .. } => duplicates::any(Names { rest: &self.0[at + 1..], left: len }),
            _ => false,
        })
    }
}

impl<'t> Instance<'t> for Json<'t> {
    type Items = Items<'t>;
    type Entries = Entries<'t>;

    fn kind(self) -> Kind {
        match self.node() {
            Node::String(_) => Kind::String,
            Node::Array { .. } => Kind::Array,
            Node::Object { .. } => Kind::Object,
            Node::Static(StaticNode::Null) => Kind::Null,
            Node::Static(StaticNode::Bool(_)) => Kind::Bool,
            Node::Static(_) => Kind::Number,
        }
    }

    fn as_str(self) -> Option<&'t str> {
        match self.node() {
            Node::String(text) => Some(text),
            _ => None,
        }
    }

    fn as_bool(self) -> Option<bool> {
        match self.node() {
            Node::Static(StaticNode::Bool(truth)) => Some(truth),
            _ => None,
        }
    }

    fn as_num(self) -> Option<Num> {
        match self.node() {
            Node::Static(StaticNode::I64(number)) => Some(Num::Integer(number.into())),
            Node::Static(StaticNode::U64(number)) => Some(Num::Integer(number.into())),
            Node::Static(StaticNode::F64(number)) => Some(Num::Float(number)),
            _ => None,
        }
    }

    fn len(self) -> usize {
        match self.node() {
            Node::Array { len, .. } | Node::Object { len, .. } => len,
            _ => 0,
        }
    }

    fn items(self) -> Items<'t> {
        let left = if self.kind() == Kind::Array { self.len() } else { 0 };
        Items { rest: self.0.get(1..).unwrap_or_default(), left }
    }

    fn entries(self) -> Entries<'t> {
        let left = if self.kind() == Kind::Object { self.len() } else { 0 };
        Entries(Items { rest: self.0.get(1..).unwrap_or_default(), left })
    }

    /// The member of that name; objects that have one twice are judged as a copy.
    fn get(self, name: &str) -> Option<Self> {
        self.entries().find(|(each, _)| *each == name).map(|(_, value)| value)
    }
}

/// Elements of an array.
#[derive(Clone)]
pub(super) struct Items<'t> {
    rest: &'t [Node<'t>],
    left: usize,
}

impl<'t> Items<'t> {
    fn take_value(&mut self) -> Option<Json<'t>> {
        let end = width(*self.rest.first()?);
        let (value, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        Some(Json(value))
    }
}

impl<'t> Iterator for Items<'t> {
    type Item = Json<'t>;

    fn next(&mut self) -> Option<Json<'t>> {
        self.left = self.left.checked_sub(1)?;
        self.take_value()
    }
}

/// Names of the members of an object.
#[derive(Clone)]
struct Names<'t> {
    rest: &'t [Node<'t>],
    left: usize,
}

impl<'t> Iterator for Names<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        self.left = self.left.checked_sub(1)?;
        let [Node::String(name), value, ..] = self.rest else { return None };
        self.rest = self.rest.get(1 + width(*value)..).unwrap_or_default();
        Some(name)
    }
}

/// Members of an object.
#[derive(Clone)]
pub(super) struct Entries<'t>(Items<'t>);

impl<'t> Iterator for Entries<'t> {
    type Item = (&'t str, Json<'t>);

    fn next(&mut self) -> Option<(&'t str, Json<'t>)> {
        self.0.left = self.0.left.checked_sub(1)?;
        let [Node::String(name), rest @ ..] = self.0.rest else { return None };
        self.0.rest = rest;
        Some((name, self.0.take_value()?))
    }
}
