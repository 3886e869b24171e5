//! `scripts`: which script answers which operation.

use std::path::PathBuf;

use mocker_plan::Selector;
use mocker_source::{Node, Position};

use super::scripting::{self, BUDGETS, Budget};
use crate::config::grammar::SELECTOR;
use crate::config::read::{Placed, Reader, placed_text, strings};
use crate::config::shape::{Field, Rule, Shape, Table};

static SCRIPT: Table = Table {
    name: "script",
    about: "A script with what it may use",
    fields: &[
        Field::new("file", Shape::File, "The file of the script"),
        Field::new("inline", Shape::Text, "The script itself"),
        Field::new(
            "budgets",
            Shape::Table(&BUDGETS),
            "What one call of it may use, in place of `scripting.budgets`",
        ),
    ],
    families: &[],
    rules: &[Rule::OneOf(&["file", "inline"])],
};

static ATTACHED: Shape = Shape::Either(&[Shape::File, Shape::List(&Shape::File), Shape::Table(&SCRIPT)]);

pub(super) const FIELD: Field = Field::new(
    "scripts",
    Shape::Map { keys: &SELECTOR, of: &ATTACHED },
    "Scripts by the operations that they answer: a file, a list of files, or `file` or `inline` with budgets",
)
.example(
    "scripts:\n  getPet: scripts/pet.rhai\n  \"GET /pets/*\":\n    inline: |\n      fn after(req, res, ctx) { \
     res.headers[\"x-mock\"] = \"yes\"; res }",
);

/// Where the text of a script is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Text {
    /// Joined with the folder of the configuration
    File(PathBuf),
    Inline(String),
}

/// One script of some operations.
#[derive(Debug)]
pub(crate) struct Script {
    pub(crate) text: Text,
    /// Where the file is named, or the text begins
    pub(crate) position: Position,
    pub(crate) budgets: Vec<Budget>,
}

/// The scripts of some operations, in order.
#[derive(Debug)]
pub(crate) struct Attachment {
    pub(crate) operations: Placed<Selector>,
    pub(crate) scripts: Vec<Script>,
}

pub(super) fn read(node: Option<Node<'_>>, reader: &Reader<'_>) -> Vec<Attachment> {
    let entries = node.into_iter().flat_map(Node::entries);
    let attachment = |(key, value): (&str, Node<'_>)| {
        let operations = reader.selector(key, value)?;
        Some(Attachment { operations, scripts: scripts(value, reader) })
    };
    entries.filter_map(attachment).collect()
}

fn scripts(node: Node<'_>, reader: &Reader<'_>) -> Vec<Script> {
    if !node.is_object() {
        let script = |file: Placed<String>| Script {
            text: Text::File(reader.path(&file.value)),
            position: file.position,
            budgets: Vec::new(),
        };
        return strings(Some(node)).into_iter().map(script).collect();
    }
    let file =
        placed_text(node.get("file")).map(|file| (Text::File(reader.path(&file.value)), file.position));
    let inline = || placed_text(node.get("inline")).map(|text| (Text::Inline(text.value), text.position));
    let budgets = scripting::budgets(node.get("budgets"));
    let script = file.or_else(inline).map(|(text, position)| Script { text, position, budgets });
    script.into_iter().collect()
}
