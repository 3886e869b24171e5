//! `plugins`: what runs around every answer, in order.

use std::collections::BTreeMap;
use std::path::PathBuf;

use mocker_plan::Selector;
use mocker_source::{Node, NodeId, Position};
use serde_json::Value;

use crate::config::grammar::{NAME, SELECTOR};
use crate::config::read::{Placed, Reader, placed_text, selectors, text};
use crate::config::shape::{Field, Rule, Shape, Table, Word};

const BUILT_IN: &[Word] = &[
    Word { name: "jwt", alias: None, about: "checks JSON web tokens" },
    Word { name: "api-key", alias: None, about: "checks API keys" },
    Word { name: "basic", alias: None, about: "checks user names and passwords" },
    Word { name: "rate-limit", alias: None, about: "refuses what comes too often" },
    Word { name: "cors", alias: None, about: "says which pages may call" },
    Word { name: "logging", alias: None, about: "tells of every request" },
];

static PLUGIN: Table = Table {
    name: "plugin",
    about: "One plugin: a folder, or built in. Without `path` and `builtin` its name is that of a built-in one",
    fields: &[
        Field::new("name", Shape::Parsed(&NAME), "What it is called").required(),
        Field::new("path", Shape::File, "Its folder, with `plugin.yaml`"),
        Field::new("builtin", Shape::Choice(BUILT_IN), "Which of those that are built in"),
        Field::new("enabled", Shape::Bool, "Whether it runs; `true` when not given"),
        Field::new(
            "operations",
            Shape::List(&Shape::Parsed(&SELECTOR)),
            "Operations that it runs for; all when not given",
        ),
        Field::new("config", Shape::Any, "Its own configuration"),
    ],
    families: &[],
    rules: &[
        Rule::AtMostOne(&["path", "builtin"]),
        Rule::OneWord { key: "name", unless: &["path", "builtin"], words: BUILT_IN },
    ],
};

static ONE: Shape = Shape::Table(&PLUGIN);

pub(super) const FIELD: Field =
    Field::new("plugins", Shape::List(&ONE), "What runs around answers, in order").example(
        "plugins:\n  - name: rate-limit\n    operations: [\"POST /*\"]\n    config: { limit: 10/s }\n  - name: audit\n    \
         path: plugins/audit",
    );

/// One plugin.
#[derive(Debug)]
pub(crate) struct Plugin {
    pub(crate) name: Placed<String>,
    pub(crate) source: Source,
    pub(crate) is_enabled: bool,
    /// Empty: all
    pub(crate) operations: Vec<Placed<Selector>>,
    /// As the user wrote it, with what variables add; an object when not given
    pub(crate) config: Value,
    /// Keys of it whose values variables keep in files
    pub(crate) secrets: Vec<String>,
    /// Values of it that variables give, by their keys
    pub(crate) of_variables: BTreeMap<String, String>,
    /// Its configuration in the file, where it has one there
    pub(crate) node: Option<NodeId>,
    /// Of the configuration, else of the plugin
    pub(crate) position: Position,
}

/// Where a plugin comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    BuiltIn(String),
    /// Joined with the folder of the configuration
    Folder(PathBuf),
}

pub(super) fn read(node: Option<Node<'_>>, reader: &Reader<'_>) -> Vec<Plugin> {
    node.into_iter().flat_map(Node::items).filter_map(|node| one(node, reader)).collect()
}

fn one(node: Node<'_>, reader: &Reader<'_>) -> Option<Plugin> {
    let name = placed_text(node.get("name"))?;
    let config = node.get("config").filter(|config| !config.is_null());
    let source = match text(node.get("path")) {
        Some(path) => Source::Folder(reader.path(&path)),
        None => Source::BuiltIn(text(node.get("builtin")).unwrap_or_else(|| name.value.clone())),
    };
    Some(Plugin {
        name,
        source,
        is_enabled: node.get("enabled").and_then(Node::as_bool).unwrap_or(true),
        operations: selectors(node.get("operations")),
        config: config.map_or_else(|| Value::Object(serde_json::Map::new()), Node::to_json),
        secrets: Vec::new(),
        of_variables: BTreeMap::new(),
        node: config.map(Node::id),
        position: config.unwrap_or(node).position(),
    })
}
