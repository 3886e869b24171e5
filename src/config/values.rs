//! Effective values with where they come from: flags before variables before the file before defaults.

use std::path::Path;
use std::time::Duration;

use mocker_source::{FileId, Node, NodeId, Position};

use super::inputs::Inputs;
use super::read::Reader;
use super::scalar::Scalar;
use super::setting::Setting;
use super::shape::Shape;

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Origin {
    /// The flag
    Flag(&'static str),
    /// The variable
    Variable(String),
    File(Position),
    Default,
}

/// A value as it is held.
#[derive(Clone, Debug)]
pub(crate) enum Held {
    Plain(Scalar),
    /// More than a plain value, in an input
    Structured(NodeId),
}

/// The effective value of a setting.
pub(crate) struct Effective {
    pub(crate) setting: Setting,
    /// `None` where nobody gave one and there is no default
    pub(crate) value: Option<Held>,
    pub(crate) origin: Origin,
}

/// Effective values of all settings.
pub(crate) struct Values {
    pub(crate) effective: Vec<Effective>,
    pub(crate) inputs: Inputs,
}

impl Values {
    pub(crate) fn plain(&self, path: &str) -> Option<&Scalar> {
        match self.held(path)? {
            Held::Plain(scalar) => Some(scalar),
            Held::Structured(_) => None,
        }
    }

    pub(crate) fn bool(&self, path: &str) -> bool {
        matches!(self.plain(path), Some(Scalar::Bool(true)))
    }

    pub(crate) fn whole(&self, path: &str) -> Option<u64> {
        match self.plain(path)? {
            Scalar::Whole(value) => Some(*value),
            _ => None,
        }
    }

    /// Bytes
    pub(crate) fn size(&self, path: &str) -> u64 {
        match self.plain(path) {
            Some(Scalar::Size(bytes)) => *bytes,
            _ => 0,
        }
    }

    pub(crate) fn time(&self, path: &str) -> Duration {
        match self.plain(path) {
            Some(Scalar::Time(time)) => *time,
            _ => Duration::ZERO,
        }
    }

    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        match self.plain(path)? {
            Scalar::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn texts(&self, path: &str) -> Vec<String> {
        match self.plain(path) {
            Some(Scalar::Texts(texts)) => texts.clone(),
            _ => Vec::new(),
        }
    }

    /// A value that is more than plain; `None` where it is empty too.
    pub(crate) fn node(&self, path: &str) -> Option<Node<'_>> {
        match self.held(path)? {
            Held::Structured(id) => Some(self.inputs.node(*id)).filter(|node| !node.is_null()),
            Held::Plain(_) => None,
        }
    }

    /// Knows where the relative paths of a value start.
    pub(crate) fn reader(&self, path: &str) -> Reader<'_> {
        let folder = self.node(path).map(|node| self.inputs.folder(node.id().file));
        Reader::new(folder.unwrap_or(Path::new("")))
    }

    /// Whether the user said something of it.
    pub(crate) fn is_given(&self, path: &str) -> bool {
        self.origin(path).is_some_and(|origin| *origin != Origin::Default)
    }

    /// Where the value of a setting comes from.
    pub(crate) fn origin(&self, path: &str) -> Option<&Origin> {
        let effective = self.effective.iter().find(|effective| effective.setting.path == path);
        effective.map(|effective| &effective.origin)
    }

    fn held(&self, path: &str) -> Option<&Held> {
        let effective = self.effective.iter().find(|effective| effective.setting.path == path);
        debug_assert!(effective.is_some(), "{path} is no setting");
        effective?.value.as_ref()
    }
}

/// A value of a file, checked before, with its paths made absolute as far as the file's folder is.
pub(super) fn of_file(inputs: &Inputs, file: FileId, setting: &Setting) -> Option<(Held, Position)> {
    let mut keys: Vec<&str> = setting.path.split('.').collect();
    let last = keys.pop()?;
    let table = keys.into_iter().try_fold(inputs.root(file), |node, key| node.get(key))?;
    let node = std::iter::once(&last).chain(setting.field.aliases).find_map(|key| table.get(key))?;
    if node.is_null() {
        return None;
    }
    let shape = &setting.field.shape;
    if !shape.is_plain() {
        return Some((Held::Structured(node.id()), node.position()));
    }
    let scalar = match shape {
        Shape::List(of) if node.is_array() => {
            let items = node.items().map(|item| Scalar::of_node(of, item).ok());
            let items = items.map(|item| Some(joined(of, inputs.folder(file), item?).to_string()));
            Scalar::Texts(items.collect::<Option<_>>()?)
        }
        Shape::List(of) => {
            let one = Scalar::of_node(of, node).ok()?;
            Scalar::Texts(vec![joined(of, inputs.folder(file), one).to_string()])
        }
        _ => match (Scalar::of_node(shape, node).ok()?, setting.field.joined) {
            (Scalar::Text(text), Some(joined)) => Scalar::Text(joined(inputs.folder(file), &text)),
            (scalar, _) => joined(shape, inputs.folder(file), scalar),
        },
    };
    Some((Held::Plain(scalar), node.position()))
}

fn joined(shape: &Shape, folder: &Path, scalar: Scalar) -> Scalar {
    let is_path = |text: &str| match shape {
        Shape::File => text != "-",
        Shape::Document => text != "-" && !text.contains("://"),
        _ => false,
    };
    match scalar {
        Scalar::Text(text) if is_path(&text) => Scalar::Text(folder.join(text).display().to_string()),
        other => other,
    }
}
