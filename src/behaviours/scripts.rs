//! Scripts of all origins: the configuration, the document, a folder.

use std::cmp::Reverse;
use std::path::{Path, PathBuf};

use mocker_scripting::limits::MAX_SCRIPT_BYTES;
use mocker_scripting::{Budgets, Source};
use serde_json::Value;

use super::fault::{Fault, Place};
use super::operations::{Operations, named};
use crate::config::section::scripting::Budget;
use crate::config::section::scripts::{Script, Text};
use crate::config::{Configuration, Loaded as Configured};
use crate::fetch;
use crate::limits::{MAX_FOLDER_DEPTH, MAX_FOLDER_FILES, MAX_FOLDERS};
use crate::sightings::Sightings;

/// Names a script, in an operation of a document.
const EXTENSION: &str = "x-mocker-script";
/// What files of scripts end in.
pub(super) const ENDING: &str = "rhai";

/// Every script, and which operations have which.
#[derive(Default)]
pub(super) struct Scripts {
    pub(super) sources: Vec<Source>,
    /// Numbers of operations in the plan, and indexes of their sources, in the order in which they are asked
    pub(super) attached: Vec<(u32, usize)>,
    /// Files that were read, as they were before
    pub(super) seen: Sightings,
    pub(super) faults: Vec<Fault>,
    pub(super) budgets: Budgets,
}

impl Scripts {
    /// Gathers scripts: those of the configuration go first, the most precise selector before the others, then those of documents, then those of the folder.
    pub(super) fn gather(
        configured: &Configured,
        configuration: &Configuration,
        all: Operations<'_>,
    ) -> Scripts {
        let mut scripts = Scripts::default();
        budget(&mut scripts.budgets, &configuration.scripting.budgets);
        let mut attachments: Vec<_> = configuration.scripts.iter().collect();
        attachments.sort_by_key(|attachment| Reverse(attachment.operations.value.precision()));
        for attachment in attachments {
            let numbers = all.matching(&attachment.operations.value);
            if numbers.is_empty() {
                let place = configured.place(attachment.operations.position);
                scripts.faults.push(all.unknown(&attachment.operations.value, place));
            }
            for script in &attachment.scripts {
                let Some(source) = scripts.of_configuration(configured, script) else { continue };
                scripts.attached.extend(numbers.iter().map(|number| (*number, source)));
            }
        }
        for number in all.numbers() {
            scripts.of_document(all, number);
        }
        if let Some(folder) = &configuration.scripting.dir {
            scripts.of_folder(folder, all);
        }
        scripts
    }

    /// The index of a source; the same file with the same budgets and configuration is compiled once.
    pub(super) fn add(&mut self, source: Source) -> usize {
        let is_same = |known: &Source| {
            (&known.name, &known.folder, &known.path) == (&source.name, &source.folder, &source.path)
                && (&known.budgets, &known.config) == (&source.budgets, &source.config)
        };
        if let Some(index) = self.sources.iter().position(is_same) {
            return index;
        }
        self.sources.push(source);
        self.sources.len() - 1
    }

    fn of_configuration(&mut self, configured: &Configured, script: &Script) -> Option<usize> {
        let mut budgets = self.budgets.clone();
        budget(&mut budgets, &script.budgets);
        match &script.text {
            Text::File(path) => {
                let place = configured.place(script.position);
                self.of_file(path, place).map(|source| self.add(source.with_budgets(budgets)))
            }
            Text::Inline(text) => {
                let (file, line, column) = configured.place(script.position)?;
                let name = format!("{file}:{line}:{column}");
                let source = Source::new(&name, &file, text).inside(line, column.saturating_sub(1));
                Some(self.add(beside(Path::new(&file), source).with_budgets(budgets)))
            }
        }
    }

    /// A script that is a file; it may import what lies in its folder.
    pub(super) fn of_file(&mut self, path: &Path, place: Place) -> Option<Source> {
        let shown = path.display().to_string();
        // One that is missing may come.
        self.seen.see(path);
        match fetch::text(path, MAX_SCRIPT_BYTES as u64) {
            Ok(text) => {
                let folder = path.parent().map(|folder| folder.display().to_string()).unwrap_or_default();
                let file = path.file_name().unwrap_or_default().to_string_lossy();
                Some(Source::new(&shown, &shown, &text).within(&folder, &file))
            }
            Err(error) => {
                let fault =
                    Fault::error(place, "script-unreadable", format!("{shown} cannot be read: {error}"));
                self.faults.push(fault.with_help("give a file that ends in `.rhai`"));
                None
            }
        }
    }

    fn of_document(&mut self, all: Operations<'_>, number: u32) {
        let operation = all.model(number);
        let said = operation.extensions.iter().find(|(name, _)| **name == *EXTENSION);
        let Some((_, value)) = said else { return };
        let member = |name: &str| value.get(name).and_then(Value::as_str);
        let whole = value.as_str();
        let file = member("file").or(whole.filter(|text| is_file_name(text)));
        let inline = member("inline").or(whole.filter(|text| !is_file_name(text)));
        let place = all.place(number, operation.position);
        let source = match (file, inline) {
            (Some(file), _) => match all.folder(number, operation.position) {
                Some(folder) => self.of_file(&folder.join(file), place),
                None => {
                    let message = format!("{file} is not read: the document does not come from a file");
                    self.faults.push(Fault::error(place, "script-unreadable", message));
                    None
                }
            },
            (None, Some(text)) => {
                let (file, line, _) = place.unwrap_or_default();
                let name = format!("{EXTENSION} of {} in {file}", named(operation));
                // A position inside a text of a document is not known: lines count from the operation.
                let source = Source::new(&name, &file, text).inside(line, 0);
                Some(match all.folder(number, operation.position) {
                    Some(_) => beside(Path::new(&file), source),
                    None => source,
                })
            }
            (None, None) => {
                let message = format!("`{EXTENSION}` holds neither a file nor a script");
                let help = "write `x-mocker-script: name.rhai`, or the script itself as a text";
                self.faults.push(Fault::error(place, "script-missing", message).with_help(help));
                None
            }
        };
        if let Some(source) = source {
            let budgets = self.budgets.clone();
            let index = self.add(source.with_budgets(budgets));
            self.attached.push((number, index));
        }
    }

    /// Every script of a folder; those named after an operation are its scripts, all may be imported.
    fn of_folder(&mut self, folder: &Path, all: Operations<'_>) {
        let files = match files_of(folder, &mut self.seen) {
            Ok(files) => files,
            Err(error) => {
                let message = format!("{} cannot be read: {error}", folder.display());
                let help = "give the folder of the scripts, or leave `scripting.dir` away";
                self.faults.push(Fault::error(None, "script-unreadable", message).with_help(help));
                return;
            }
        };
        for path in files {
            let Some(source) = self.of_file(&path, None) else { continue };
            let inner = inner(folder, &path);
            let budgets = self.budgets.clone();
            let index = self.add(source.within(&folder.display().to_string(), &inner).with_budgets(budgets));
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            for number in all.numbers() {
                if all.model(number).id.as_deref() == Some(&*name) {
                    self.attached.push((number, index));
                }
            }
        }
    }
}

/// Sets those budgets that are given; their ranges were looked at when the configuration was read.
fn budget(budgets: &mut Budgets, given: &[Budget]) {
    for Budget { key, value } in given {
        let _ = budgets.set(key, *value);
    }
}

/// A script inside a file: it may import what lies in the file's folder.
fn beside(file: &Path, source: Source) -> Source {
    let folder = file.parent().map(|folder| folder.display().to_string()).unwrap_or_default();
    source.within(&folder, &file.file_name().unwrap_or_default().to_string_lossy())
}

fn is_file_name(text: &str) -> bool {
    !text.contains('\n') && Path::new(text.trim()).extension().is_some_and(|ending| ending == ENDING)
}

/// A file's place in a folder, as scripts write it.
pub(super) fn inner(folder: &Path, file: &Path) -> String {
    file.strip_prefix(folder).unwrap_or(file).to_string_lossy().replace('\\', "/")
}

/// The scripts of a folder; one that is added to it, or to a folder inside it, changes what is seen.
pub(super) fn files_of(folder: &Path, seen: &mut Sightings) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut open = vec![(folder.to_owned(), 0)];
    for _ in 0..MAX_FOLDERS {
        let Some((path, depth)) = open.pop() else { break };
        seen.see(&path);
        for entry in std::fs::read_dir(&path)? {
            let path = entry?.path();
            if path.is_dir() && depth < MAX_FOLDER_DEPTH {
                open.push((path, depth + 1));
            } else if path.extension().is_some_and(|ending| ending == ENDING)
                && files.len() < MAX_FOLDER_FILES
            {
                files.push(path);
            }
        }
    }
    files.sort_unstable();
    Ok(files)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn scripts_are_looked_for_in_so_many_folders_and_no_more() {
        let root = tempfile::tempdir().unwrap();
        for number in 1..MAX_FOLDERS {
            let inner = root.path().join(number.to_string());
            std::fs::create_dir(&inner).unwrap();
            std::fs::write(inner.join("a.rhai"), "").unwrap();
        }
        let found = || {
            let mut seen = Sightings::default();
            let files = files_of(root.path(), &mut seen).unwrap();
            (files.len(), seen.paths().count())
        };
        // The folder itself is one of them.
        assert_eq!(found(), (MAX_FOLDERS - 1, MAX_FOLDERS));
        std::fs::create_dir(root.path().join("more")).unwrap();
        std::fs::write(root.path().join("more/a.rhai"), "").unwrap();
        assert_eq!(found(), (MAX_FOLDERS - 1, MAX_FOLDERS));
    }
}
