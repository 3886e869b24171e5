//! Plugins of the configuration: those that are built in, and folders with a `plugin.yaml`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use mocker_scripting::plugin::builtin::Kind;
use mocker_scripting::plugin::{Builtin, Files, Manifest, Misconfiguration};
use mocker_scripting::{Hook, Source};
use mocker_source::{FileId, Node, Position};

use super::fault::{Fault, Place};
use super::operations::Operations;
use super::scripts::Scripts;
use crate::config::section::plugins::{Plugin, Source as Origin};
use crate::config::{Configuration, Loaded as Configured};
use crate::fetch;
use crate::fingerprint::fingerprint;
use crate::limits::MAX_CONFIG_BYTES;
use crate::sightings::Sightings;

/// What describes a plugin that is a folder.
const MANIFEST: &str = "plugin.yaml";

/// Plugins, in their order.
#[derive(Default)]
pub(super) struct Plugins {
    /// Built in, with a fingerprint of how it is configured: of which operations
    pub(super) builtins: Vec<(Arc<Builtin>, u64, Vec<u32>)>,
    /// Scripts: index of the source, hooks that the manifest names, operations
    pub(super) scripts: Vec<(usize, Vec<Hook>, Vec<u32>)>,
}

/// Reads what plugins name.
struct Disk<'f> {
    /// Where relative paths of the file start
    folder: &'f Path,
    /// Those of variables start at the working directory
    of_variables: &'f BTreeMap<String, String>,
    seen: &'f mut Sightings,
    /// Fingerprint of what was read
    mark: u64,
}

impl Files for Disk<'_> {
    fn read(&mut self, path: &str) -> Result<Vec<u8>, String> {
        let is_of_variable = self.of_variables.values().any(|text| text == path);
        let path = if is_of_variable { PathBuf::from(path) } else { self.folder.join(path) };
        self.seen.see(&path);
        let content = fetch::file(&path, MAX_CONFIG_BYTES);
        self.mark = fingerprint((self.mark, content.as_ref().ok()));
        content.map_err(|error| format!("{} cannot be read: {error}", path.display()))
    }

    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }
}

impl Plugins {
    /// Configures plugins; their scripts are added to `scripts`.
    pub(super) fn gather(
        configured: &Configured,
        configuration: &Configuration,
        all: Operations<'_>,
        scripts: &mut Scripts,
    ) -> Plugins {
        let mut plugins = Plugins::default();
        for plugin in configuration.plugins.iter().filter(|plugin| plugin.is_enabled) {
            let numbers = operations(configured, plugin, all, scripts);
            match &plugin.source {
                Origin::BuiltIn(name) => {
                    if let Some((builtin, mark)) = built_in(configured, plugin, name, scripts) {
                        plugins.builtins.push((Arc::new(builtin), mark, numbers));
                    }
                }
                Origin::Folder(folder) => {
                    for (source, hooks) in folder_of(configured, plugin, folder, scripts) {
                        plugins.scripts.push((source, hooks, numbers.clone()));
                    }
                }
            }
        }
        plugins
    }
}

fn operations(
    configured: &Configured,
    plugin: &Plugin,
    all: Operations<'_>,
    scripts: &mut Scripts,
) -> Vec<u32> {
    if plugin.operations.is_empty() {
        return all.numbers().collect();
    }
    let mut numbers = Vec::new();
    for selector in &plugin.operations {
        let matching = all.matching(&selector.value);
        if matching.is_empty() {
            let place = configured.place(selector.position);
            scripts.faults.push(all.unguarded(&selector.value, &plugin.name.value, place));
        }
        numbers.extend(matching);
    }
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

fn built_in(
    configured: &Configured,
    plugin: &Plugin,
    name: &str,
    scripts: &mut Scripts,
) -> Option<(Builtin, u64)> {
    let folder = configured.values.inputs.folder(plugin.position.file);
    let mark = fingerprint((name, &plugin.config));
    let mut files = Disk { folder, of_variables: &plugin.of_variables, seen: &mut scripts.seen, mark };
    match Builtin::configure(Kind::of(name)?, &plugin.config, &mut files) {
        Ok(builtin) => Some((builtin, files.mark)),
        Err(faults) => {
            misconfigured(configured, plugin, faults, scripts);
            None
        }
    }
}

fn misconfigured(
    configured: &Configured,
    plugin: &Plugin,
    faults: Vec<Misconfiguration>,
    scripts: &mut Scripts,
) {
    // What a variable gives has no place in the file; that of all stands for it.
    let place = |pointer: &str| {
        let key = pointer.strip_prefix('/').map(|path| path.split('/').next().unwrap_or_default());
        let Some(key) = key else { return Some(plugin.position) };
        let node = plugin.node.filter(|_| !plugin.of_variables.contains_key(key))?;
        configured.values.inputs.node(node).at_pointer(pointer).map(Node::position)
    };
    let told = faults.into_iter().map(|fault| {
        let diagnostic = fault.diagnostic(&plugin.name.value, &place);
        Fault::of(diagnostic, |position| configured.place(position))
    });
    scripts.faults.extend(told);
}

/// Indexes of a plugin's sources, and which hooks are taken of each.
fn folder_of(
    configured: &Configured,
    plugin: &Plugin,
    folder: &Path,
    scripts: &mut Scripts,
) -> Vec<(usize, Vec<Hook>)> {
    let file = folder.join(MANIFEST);
    scripts.seen.see(&file);
    let text = match fetch::text(&file, MAX_CONFIG_BYTES) {
        Ok(text) => text,
        Err(error) => {
            let message = format!("{} cannot be read: {error}", file.display());
            let fault = Fault::error(configured.place(plugin.name.position), "plugin-unreadable", message);
            scripts.faults.push(fault.with_help("`path` names a folder with a `plugin.yaml` in it"));
            return Vec::new();
        }
    };
    let shown = file.display().to_string();
    let place = |position: Position| -> Place { Some((shown.clone(), position.line, position.column)) };
    let (manifest, diagnostics) = Manifest::read(FileId(0), &text);
    scripts.faults.extend(diagnostics.into_iter().map(|diagnostic| Fault::of(diagnostic, place)));
    let Some(manifest) = manifest else { return Vec::new() };
    let config = match manifest.configure(&plugin.config) {
        Ok(config) => config,
        Err(faults) => {
            misconfigured(configured, plugin, faults, scripts);
            return Vec::new();
        }
    };
    let mut sources = Vec::new();
    for hook_file in manifest.files() {
        let path = folder.join(&*hook_file.file);
        let Some(source) = scripts.of_file(&path, place(hook_file.position)) else { continue };
        let name = format!("{} of the plugin {}", source.name, plugin.name.value);
        let source = source.within(&folder.display().to_string(), &hook_file.file);
        let index = scripts.add(Source { name: name.into(), ..source.with_config(config.clone()) });
        let of_file = manifest.hooks.iter().filter(|hook| hook.file == hook_file.file);
        sources.push((index, of_file.map(|hook| hook.hook).collect()));
    }
    sources
}
