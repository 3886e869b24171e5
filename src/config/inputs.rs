//! What the configuration is read from: one file, and variables that hold more than a plain value.

use std::io;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use mocker_source::{Diagnostic, FileId, Node, NodeId, Position, Tree, parse, parse_toml};

use crate::limits::MAX_CONFIG_BYTES;

/// Names that are looked for in the working directory, the first that is there.
pub(crate) const NAMES: [&str; 4] = ["mocker.yaml", "mocker.yml", "mocker.json", "mocker.toml"];

/// Texts that values come from.
#[derive(Default)]
pub(crate) struct Inputs {
    all: Vec<Input>,
}

struct Input {
    /// The file as the user names it, or the variable
    name: String,
    /// Where relative paths start
    folder: PathBuf,
    tree: Tree,
}

/// The file that is read where none is named.
pub(crate) fn found() -> Option<PathBuf> {
    // A pipe or a folder of that name is told to be none, and not passed over. `/dev/null` is how containers take a file away.
    let counts = |path: &PathBuf| path.metadata().is_ok_and(|found| !found.file_type().is_char_device());
    NAMES.iter().map(PathBuf::from).find(counts)
}

impl Inputs {
    /// Reads a file; its faults of syntax are the second part.
    ///
    /// # Errors
    /// When it cannot be read, or is called in a way that no format is known for.
    pub(crate) fn add_file(&mut self, path: &Path) -> anyhow::Result<(FileId, Vec<Diagnostic>)> {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let read = match extension.to_ascii_lowercase().as_str() {
            "yaml" | "yml" | "json" => parse,
            "toml" => parse_toml,
            _ => bail!("{}: a configuration is called .yaml, .yml, .json or .toml", path.display()),
        };
        let text =
            crate::fetch::regular_file(path, MAX_CONFIG_BYTES).map_err(|error| unreadable(path, &error))?;
        let (tree, faults) = read(self.next(), &text);
        let folder = path.parent().map(Path::to_owned).unwrap_or_default();
        Ok((self.push(path.display().to_string(), folder, tree), faults))
    }

    /// Reads the value of a variable as YAML.
    pub(crate) fn add_variable(&mut self, name: &str, text: &str) -> (FileId, Vec<Diagnostic>) {
        let (tree, faults) = parse(self.next(), text.as_bytes());
        (self.push(name.to_owned(), PathBuf::new(), tree), faults)
    }

    pub(crate) fn root(&self, file: FileId) -> Node<'_> {
        self.all[usize::from(file.0)].tree.root()
    }

    pub(crate) fn node(&self, id: NodeId) -> Node<'_> {
        self.all[usize::from(id.file.0)].tree.node(id)
    }

    /// Where the relative paths of an input start.
    pub(crate) fn folder(&self, file: FileId) -> &Path {
        &self.all[usize::from(file.0)].folder
    }

    /// File, line and column of a place.
    pub(crate) fn place(&self, position: Position) -> Option<(String, u32, u32)> {
        let input = self.all.get(usize::from(position.file.0))?;
        Some((input.name.clone(), position.line, position.column))
    }

    fn next(&self) -> FileId {
        // There is one input a variable of ours at most.
        FileId(self.all.len() as u16)
    }

    fn push(&mut self, name: String, folder: PathBuf, tree: Tree) -> FileId {
        let id = self.next();
        self.all.push(Input { name, folder, tree });
        id
    }
}

/// A file that is not too large, and that a variable names.
pub(crate) fn bounded_read(path: &Path) -> anyhow::Result<Vec<u8>> {
    crate::fetch::file(path, MAX_CONFIG_BYTES).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &io::Error) -> anyhow::Error {
    anyhow!("{} cannot be read: {}", path.display(), crate::fetch::reason(error))
}
