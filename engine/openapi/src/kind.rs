//! What a value is, in words.

use mocker_source::{Kind, Node};

/// `an object`, `a string`: for messages.
pub(crate) fn kind_name(node: Node<'_>) -> &'static str {
    match node.kind() {
        Kind::Null => "nothing (null)",
        Kind::Bool => "a boolean",
        Kind::Number => "a number",
        Kind::String => "a string",
        Kind::Array => "an array",
        Kind::Object => "an object",
    }
}
