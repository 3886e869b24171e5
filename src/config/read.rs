//! Typed values from what was checked before: what is not as it must be is left out, for it was told already.

use std::path::{Path, PathBuf};

use mocker_plan::Selector;
use mocker_source::{Node, Position};

/// A value with its place, for faults that only later stages can find.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Placed<T> {
    pub(crate) value: T,
    pub(crate) position: Position,
}

/// Knows where relative paths start.
pub(crate) struct Reader<'v> {
    folder: &'v Path,
}

impl<'v> Reader<'v> {
    pub(crate) fn new(folder: &'v Path) -> Self {
        Reader { folder }
    }

    /// A path that was written in the file.
    pub(crate) fn path(&self, text: &str) -> PathBuf {
        self.folder.join(text)
    }

    /// The operations that a key names.
    pub(crate) fn selector(&self, key: &str, member: Node<'_>) -> Option<Placed<Selector>> {
        let position = member.parent().and_then(|map| map.key_position(key));
        let position = position.unwrap_or_else(|| member.position());
        Some(Placed { value: Selector::parse(key).ok()?, position })
    }
}

pub(crate) fn text(node: Option<Node<'_>>) -> Option<String> {
    node.filter(|node| !node.is_null()).and_then(Node::scalar_text).map(str::to_owned)
}

pub(crate) fn placed_text(node: Option<Node<'_>>) -> Option<Placed<String>> {
    let position = node?.position();
    text(node).map(|value| Placed { value, position })
}

/// A text, or a list of them.
pub(crate) fn strings(node: Option<Node<'_>>) -> Vec<Placed<String>> {
    match node {
        Some(list) if list.is_array() => list.items().filter_map(|item| placed_text(Some(item))).collect(),
        one => placed_text(one).into_iter().collect(),
    }
}

/// Selectors in a list.
pub(crate) fn selectors(node: Option<Node<'_>>) -> Vec<Placed<Selector>> {
    let read = |Placed { value, position }: Placed<String>| {
        Some(Placed { value: Selector::parse(&value).ok()?, position })
    };
    strings(node).into_iter().filter_map(read).collect()
}
