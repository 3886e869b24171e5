//! `plugin.yaml`: what a plugin is called, which hooks it has, and what it may be configured with.

use mocker_source::{Diagnostic, FileId, Kind, Node, Position};
use serde_json::Value;

use super::limits::{MANIFEST_BYTES, NAME_LENGTH};
use super::version::is_version;
use super::{Configuration, Misconfiguration};
use crate::{Hook, host};

/// The file of a script, where a hook names none.
const DEFAULT_FILE: &str = "plugin.rhai";
const KEYS: [&str; 5] = ["name", "version", "description", "hooks", "config"];

/// Hooks of plugins, in the order in which they are called. `handle` is for scripts that answer an operation.
const HOOKS: [Hook; 4] = [Hook::Init, Hook::Before, Hook::After, Hook::Cleanup];

/// Where a hook is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookFile {
    /// Which
    pub hook: Hook,
    /// The script's file, relative to the plugin's folder, with `/`
    pub file: Box<str>,
    /// Where the manifest names it
    pub position: Position,
}

/// What `plugin.yaml` says.
#[derive(Debug)]
pub struct Manifest {
    /// In kebab case, at most [`NAME_LENGTH`] characters
    pub name: Box<str>,
    /// Semantic Versioning 2.0.0
    pub version: Box<str>,
    /// In one or two sentences
    pub description: Box<str>,
    /// In the order in which they are called, each once
    pub hooks: Vec<HookFile>,
    /// What it may be configured with
    pub config: Configuration,
}

impl HookFile {
    /// What is told when the script does not have the function.
    pub fn undefined(&self) -> Diagnostic {
        let signature = format!("fn {}({})", self.hook.name(), self.hook.parameters().join(", "));
        let message = format!("`{}` does not define the hook `{}`", self.file, self.hook.name());
        let help = format!("write `{signature} {{ }}` there, or leave the hook out of the manifest");
        Diagnostic::error_at("plugin-hooks", Some(self.position), message).with_help(help)
    }

    /// What is told when the script cannot be read.
    pub fn unreadable(&self, reason: &str) -> Diagnostic {
        let message = format!("`{}` of the plugin's folder cannot be read: {reason}", self.file);
        Diagnostic::error_at("plugin-hooks", Some(self.position), message)
    }
}

impl Manifest {
    /// Reads a manifest; `file` stands in the positions of what is told. There is none when something told is an
    /// error.
    pub fn read(file: FileId, text: &str) -> (Option<Manifest>, Vec<Diagnostic>) {
        if text.len() > MANIFEST_BYTES {
            let message = format!("the manifest has {} bytes; {MANIFEST_BYTES} are allowed", text.len());
            let start = Position { file, line: 1, column: 1 };
            return (None, vec![Diagnostic::error_at("plugin-manifest", Some(start), message)]);
        }
        let (tree, mut faults) = mocker_source::parse(file, text.as_bytes());
        let manifest = Reader { faults: &mut faults }.manifest(tree.root());
        let is_sound = !faults.iter().any(Diagnostic::is_error);
        (manifest.filter(|_| is_sound), faults)
    }

    /// The file in which a hook is written.
    pub fn file(&self, hook: Hook) -> Option<&str> {
        self.hooks.iter().find(|known| known.hook == hook).map(|known| &*known.file)
    }

    /// Files of scripts, each once, in the order of their first hook.
    pub fn files(&self) -> Vec<&HookFile> {
        let mut files: Vec<&HookFile> = Vec::new();
        for hook in &self.hooks {
            if !files.iter().any(|known| known.file == hook.file) {
                files.push(hook);
            }
        }
        files
    }

    /// The configuration with defaults added, when it is what the schema says.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn configure(&self, given: &Value) -> Result<Value, Vec<Misconfiguration>> {
        self.config.check(given)
    }
}

struct Reader<'f> {
    faults: &'f mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn manifest(&mut self, root: Node<'_>) -> Option<Manifest> {
        if root.kind() != Kind::Object {
            if self.faults.is_empty() {
                let message = "a manifest is a mapping, with `name`, `version`, `description` and `hooks`";
                self.faults.push(Diagnostic::error("plugin-manifest", root, message));
            }
            return None;
        }
        self.unknown_keys(root, &KEYS, "manifest");
        let name = self
            .text(root, "name", "what the plugin is called, as `request-id`")
            .filter(|name| self.is_name(*name));
        let version = self.text(root, "version", "as `1.0.0`").filter(|version| self.is_version(*version));
        let description = self.text(root, "description", "what the plugin does, in a sentence");
        let hooks = self.hooks(root);
        let config = self.config(root);
        let text = |node: Option<Node<'_>>| node.and_then(Node::scalar_text).map(Box::from);
        Some(Manifest {
            name: text(name)?,
            version: text(version)?,
            description: text(description)?,
            hooks: hooks?,
            config: config?,
        })
    }

    fn unknown_keys(&mut self, node: Node<'_>, known: &[&'static str], what: &str) {
        for (key, value) in node.entries() {
            if known.contains(&key) {
                continue;
            }
            let mut fault = Diagnostic::error("plugin-key", value, format!("`{key}` is no key of {what}"));
            fault.position = node.key_position(key).or(fault.position);
            let listed: Vec<String> = known.iter().map(|key| format!("`{key}`")).collect();
            let help = match host::nearest(key, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("what is known: {}", listed.join(", ")),
            };
            self.faults.push(fault.with_help(help));
        }
    }

    fn text<'t>(&mut self, root: Node<'t>, key: &str, help: &str) -> Option<Node<'t>> {
        let node = root.get(key);
        let found = node.filter(|node| matches!(node.kind(), Kind::String | Kind::Number));
        let found = found.filter(|node| node.scalar_text().is_some_and(|text| !text.trim().is_empty()));
        if found.is_none() {
            let message = match node {
                None => format!("`{key}` is missing"),
                Some(_) => format!("`{key}` must be a text"),
            };
            let at = node.unwrap_or(root);
            self.faults.push(
                Diagnostic::error("plugin-manifest", at, message).with_help(format!("`{key}`: {help}")),
            );
        }
        found
    }

    fn is_name(&mut self, node: Node<'_>) -> bool {
        let name = node.scalar_text().unwrap_or_default();
        let is_part = |part: &str| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        let begins_well = name.starts_with(|first: char| first.is_ascii_lowercase());
        if begins_well && name.len() <= NAME_LENGTH && name.split('-').all(is_part) {
            return true;
        }
        let message = format!("`{name}` is no name of a plugin");
        let help = format!(
            "lower-case letters and digits, with `-` between words, at most {NAME_LENGTH} characters, as `request-id`"
        );
        self.faults.push(Diagnostic::error("plugin-name", node, message).with_help(help));
        false
    }

    fn is_version(&mut self, node: Node<'_>) -> bool {
        let version = node.scalar_text().unwrap_or_default();
        if is_version(version) {
            return true;
        }
        let help = "three numbers, as `1.0.0` (https://semver.org)";
        let message = format!("`{version}` is no version");
        self.faults.push(Diagnostic::error("plugin-version", node, message).with_help(help));
        false
    }

    fn hooks(&mut self, root: Node<'_>) -> Option<Vec<HookFile>> {
        let help = "as `hooks: [before, after]`, or with files: `hooks: { before: check.rhai }`";
        let hooks = match root.get("hooks") {
            Some(node) if node.is_array() => self.list(node),
            Some(node) if node.is_object() => self.mapping(node),
            node => {
                let message =
                    if node.is_some() { "`hooks` must be a list or a mapping" } else { "`hooks` is missing" };
                self.faults
                    .push(Diagnostic::error("plugin-hooks", node.unwrap_or(root), message).with_help(help));
                return None;
            }
        };
        if let Some(empty) = root.get("hooks").filter(|hooks| hooks.is_empty()) {
            let fault = Diagnostic::error("plugin-hooks", empty, "a plugin has one hook at least");
            self.faults.push(fault.with_help(help));
        }
        Some(hooks)
    }

    fn list(&mut self, list: Node<'_>) -> Vec<HookFile> {
        let mut hooks: Vec<HookFile> = Vec::new();
        for item in list.items() {
            let Some(hook) = self.hook(item, item.scalar_text().unwrap_or_default(), item.position()) else {
                continue;
            };
            if hooks.iter().any(|known| known.hook == hook) {
                let message = format!("`{}` is listed twice", hook.name());
                self.faults.push(Diagnostic::warning("plugin-hooks", item, message));
                continue;
            }
            hooks.push(HookFile { hook, file: DEFAULT_FILE.into(), position: item.position() });
        }
        hooks.sort_by_key(|known| HOOKS.iter().position(|hook| *hook == known.hook));
        hooks
    }

    fn mapping(&mut self, mapping: Node<'_>) -> Vec<HookFile> {
        let mut hooks: Vec<HookFile> = Vec::new();
        for (key, node) in mapping.entries() {
            let position = mapping.key_position(key).unwrap_or_else(|| node.position());
            let Some(hook) = self.hook(node, key, position) else { continue };
            let file = match node.is_null() {
                true => DEFAULT_FILE,
                false => node.as_str().unwrap_or_default(),
            };
            if !is_script(file) {
                let message = format!("`{}` must name a script of the plugin's folder", hook.name());
                let help =
                    "a path inside the folder that ends with `.rhai`, as `check.rhai` or `hooks/check.rhai`";
                self.faults.push(Diagnostic::error("plugin-hooks", node, message).with_help(help));
                continue;
            }
            hooks.push(HookFile { hook, file: file.into(), position: node.position() });
        }
        hooks.sort_by_key(|known| HOOKS.iter().position(|hook| *hook == known.hook));
        hooks
    }

    fn hook(&mut self, node: Node<'_>, name: &str, position: Position) -> Option<Hook> {
        let found = HOOKS.into_iter().find(|hook| hook.name() == name);
        if found.is_none() {
            let names = HOOKS.map(Hook::name);
            let help = match host::nearest(name, names) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("hooks are `{}`", names.join("`, `")),
            };
            let mut fault =
                Diagnostic::error("plugin-hooks", node, format!("`{name}` is no hook")).with_help(help);
            fault.position = Some(position);
            self.faults.push(fault);
        }
        found
    }

    fn config(&mut self, root: Node<'_>) -> Option<Configuration> {
        let Some(node) = root.get("config").filter(|node| !node.is_null()) else {
            return Some(Configuration::nothing());
        };
        if !node.is_object() {
            let help = "as `config: { type: object, properties: { limit: { type: integer, default: 10 } } }`";
            let message = "`config` must be the JSON Schema of the configuration";
            self.faults.push(Diagnostic::error("plugin-schema", node, message).with_help(help));
            return None;
        }
        let (configuration, faults) = Configuration::read(node);
        self.faults.extend(faults);
        Some(configuration)
    }
}

/// Whether a path leads to a script and stays in the folder.
fn is_script(path: &str) -> bool {
    let is_part =
        |part: &str| !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', ':', '\0']);
    path.ends_with(".rhai") && path.split('/').all(is_part)
}
