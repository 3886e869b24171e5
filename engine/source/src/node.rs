//! Reading a tree: a cursor to one value.

use std::fmt::Write;

use crate::limits::INDEX_ABOVE;
use crate::number::{self, Numeric};
use crate::tree::{KeyId, Slot, Tag};
use crate::{Kind, NodeId, Position, Tree, escape_token, unescape_token};

/// A cursor to one value of a [`Tree`]; cheap to copy.
#[derive(Clone, Copy, Debug)]
pub struct Node<'t> {
    pub(crate) tree: &'t Tree,
    pub(crate) index: u32,
}

/// Two cursors are equal when they stand at the same place of the same file.
impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl Eq for Node<'_> {}

impl<'t> Node<'t> {
    /// What the value is.
    pub fn kind(self) -> Kind {
        match self.slot().tag() {
            Tag::Null => Kind::Null,
            Tag::False | Tag::True => Kind::Bool,
            Tag::Number => Kind::Number,
            Tag::String => Kind::String,
            Tag::Array => Kind::Array,
            Tag::Object => Kind::Object,
        }
    }

    /// Identity, for memo tables.
    pub fn id(self) -> NodeId {
        NodeId { file: self.tree.file, index: self.index }
    }

    /// The tree the value is in.
    pub fn tree(self) -> &'t Tree {
        self.tree
    }

    /// Where the value stands. What an alias stands for is where its anchor is.
    pub fn position(self) -> Position {
        self.tree.position(self.tree.spots[self.index as usize].value)
    }

    /// Where the key of the member `key` stands.
    pub fn key_position(self, key: &str) -> Option<Position> {
        let member = self.get(key)?;
        Some(self.tree.position(self.tree.spots[member.index as usize].key))
    }

    /// The key under which the value is a member of its object.
    pub fn key(self) -> Option<&'t str> {
        let key = self.slot().key();
        (key != KeyId::NONE).then(|| self.tree.key_text(key))
    }

    /// The array or object that holds the value; `None` for the root.
    pub fn parent(self) -> Option<Node<'t>> {
        (self.index != 0).then(|| self.at_index(self.slot().parent))
    }

    /// JSON pointer (RFC 6901) from the file's root.
    pub fn pointer(self) -> String {
        let mut way = Vec::new();
        let mut node = self;
        while let Some(parent) = node.parent() {
            way.push((parent, node));
            node = parent;
        }
        let mut pointer = String::new();
        for (parent, node) in way.into_iter().rev() {
            pointer.push('/');
            match node.key() {
                Some(key) => pointer.push_str(&escape_token(key)),
                None => {
                    let before = self.tree.children(parent.index).take_while(|&child| child != node.index);
                    let _ = write!(pointer, "{}", before.count());
                }
            }
        }
        pointer
    }

    /// The member `key` of an object (the last, where the file repeats it).
    pub fn get(self, key: &str) -> Option<Node<'t>> {
        if self.slot().tag() != Tag::Object {
            return None;
        }
        let key = self.tree.find_key(key)?;
        let member = if self.len() > INDEX_ABOVE {
            self.tree.find_member(self.index, key)
        } else {
            self.tree.children(self.index).find(|&child| self.tree.slots[child as usize].key() == key)
        };
        member.map(|index| self.at_index(index))
    }

    /// Element `index` of an array.
    pub fn at(self, index: usize) -> Option<Node<'t>> {
        self.items().nth(index)
    }

    /// The value under a JSON pointer relative to this one (`""` is the value itself).
    pub fn at_pointer(self, pointer: &str) -> Option<Node<'t>> {
        if pointer.is_empty() {
            return Some(self);
        }
        pointer.strip_prefix('/')?.split('/').try_fold(self, |node, token| match node.kind() {
            Kind::Object => node.get(&unescape_token(token)),
            Kind::Array => node.at(array_index(token)?),
            _ => None,
        })
    }

    /// Number of elements or members; 0 for scalars.
    pub fn len(self) -> usize {
        self.slot().len()
    }

    /// Whether there are no elements or members.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Elements of an array in order; nothing for other kinds.
    pub fn items(self) -> impl Iterator<Item = Node<'t>> {
        self.children_of(Tag::Array)
    }

    /// Members of an object in document order; nothing for other kinds.
    pub fn entries(self) -> impl Iterator<Item = (&'t str, Node<'t>)> {
        self.children_of(Tag::Object).map(|member| (self.tree.key_text(member.slot().key()), member))
    }

    /// The text of a string value.
    pub fn as_str(self) -> Option<&'t str> {
        (self.slot().tag() == Tag::String).then(|| self.tree.span_text(self.slot().span()))
    }

    /// A scalar as the file writes it, without quotes: `version: 1.10` gives `1.10`.
    pub fn scalar_text(self) -> Option<&'t str> {
        (!self.slot().is_container()).then(|| self.tree.span_text(self.slot().span()))
    }

    /// The truth value of a boolean.
    pub fn as_bool(self) -> Option<bool> {
        match self.slot().tag() {
            Tag::True => Some(true),
            Tag::False => Some(false),
            _ => None,
        }
    }

    /// A number exactly as JSON would hold it (i64, u64 or f64).
    pub fn as_number(self) -> Option<serde_json::Number> {
        match self.numeric()? {
            Numeric::Signed(value) => Some(value.into()),
            Numeric::Unsigned(value) => Some(value.into()),
            Numeric::Float(value) => serde_json::Number::from_f64(value),
        }
    }

    /// Any number as f64.
    pub fn as_f64(self) -> Option<f64> {
        match self.numeric()? {
            Numeric::Signed(value) => Some(value as f64),
            Numeric::Unsigned(value) => Some(value as f64),
            Numeric::Float(value) => Some(value),
        }
    }

    /// A number that is a non-negative integer (`3.0` counts).
    pub fn as_u64(self) -> Option<u64> {
        match self.numeric()? {
            Numeric::Signed(value) => value.try_into().ok(),
            Numeric::Unsigned(value) => Some(value),
            // 2^64 itself is out; every whole f64 below it is in
            Numeric::Float(value) => (value.fract() == 0.0
                && (0.0..18_446_744_073_709_551_616.0).contains(&value))
            .then_some(value as u64),
        }
    }

    /// A number that is an integer (`-3.0` counts).
    pub fn as_i64(self) -> Option<i64> {
        match self.numeric()? {
            Numeric::Signed(value) => Some(value),
            Numeric::Unsigned(_) => None,
            Numeric::Float(value) => {
                const LIMIT: f64 = 9_223_372_036_854_775_808.0;
                (value.fract() == 0.0 && (-LIMIT..LIMIT).contains(&value)).then_some(value as i64)
            }
        }
    }

    /// Whether the value is `null`.
    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// Whether the value is a mapping.
    pub fn is_object(self) -> bool {
        self.kind() == Kind::Object
    }

    /// Whether the value is a sequence.
    pub fn is_array(self) -> bool {
        self.kind() == Kind::Array
    }

    /// The value as a `serde_json` value.
    pub fn to_json(self) -> serde_json::Value {
        use serde_json::Value;
        match self.kind() {
            Kind::Null => Value::Null,
            Kind::Bool => Value::Bool(self.as_bool() == Some(true)),
            Kind::Number => self.as_number().map_or(Value::Null, Value::Number),
            Kind::String => Value::String(self.as_str().unwrap_or_default().to_owned()),
            Kind::Array => self.items().map(Node::to_json).collect(),
            Kind::Object => self.entries().map(|(key, member)| (key.to_owned(), member.to_json())).collect(),
        }
    }

    /// Appends the value as compact JSON.
    pub fn write_json(self, out: &mut Vec<u8>) {
        match self.kind() {
            Kind::Null => out.extend_from_slice(b"null"),
            Kind::Bool if self.as_bool() == Some(true) => out.extend_from_slice(b"true"),
            Kind::Bool => out.extend_from_slice(b"false"),
            Kind::Number => append(out, &self.as_number()),
            Kind::String => append(out, self.as_str().unwrap_or_default()),
            Kind::Array => {
                out.push(b'[');
                for (index, item) in self.items().enumerate() {
                    if index > 0 {
                        out.push(b',');
                    }
                    item.write_json(out);
                }
                out.push(b']');
            }
            Kind::Object => {
                out.push(b'{');
                for (index, (key, member)) in self.entries().enumerate() {
                    if index > 0 {
                        out.push(b',');
                    }
                    append(out, key);
                    out.push(b':');
                    member.write_json(out);
                }
                out.push(b'}');
            }
        }
    }

    fn slot(self) -> Slot {
        self.tree.slots[self.index as usize]
    }

    fn at_index(self, index: u32) -> Node<'t> {
        Node { tree: self.tree, index }
    }

    fn children_of(self, tag: Tag) -> impl Iterator<Item = Node<'t>> {
        let children = (self.slot().tag() == tag).then(|| self.tree.children(self.index));
        children.into_iter().flatten().map(move |index| self.at_index(index))
    }

    fn numeric(self) -> Option<Numeric> {
        if self.slot().tag() != Tag::Number {
            return None;
        }
        number::parse(self.tree.span_text(self.slot().span()))
    }
}

fn append<T: serde::Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) {
    serde_json::to_writer(out, value).expect("memory takes all that is written and scalars have a JSON form");
}

/// The index that a pointer token names: digits without leading zeros (RFC 6901, 4).
fn array_index(token: &str) -> Option<usize> {
    let canonical = token == "0" || token.starts_with(|first: char| matches!(first, '1'..='9'));
    (canonical && token.bytes().all(|byte| byte.is_ascii_digit())).then(|| token.parse().ok())?
}
