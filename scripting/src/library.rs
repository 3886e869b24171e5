//! The scripts of a server: their texts, checked, for all cores.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use mocker_source::{Diagnostic, FileId, Position};
use serde_json::Value;

use crate::limits::{MAX_SCRIPT_BYTES, MAX_SCRIPTS};
use crate::script::{self, Budgets, Clock};

/// A script as it is given.
#[derive(Clone, Debug)]
pub struct Source {
    /// What it is called by the one who runs it: `getPet`
    pub name: Box<str>,
    /// The file as the user named it, for messages
    pub file: Box<str>,
    /// The text
    pub text: Box<str>,
    /// The folder within which it may import, as any text that is the same for all of its scripts; empty for none
    pub folder: Box<str>,
    /// Where it is in its folder, with `/` and ending: `pets/getPet.rhai`; empty for a script inside another file
    pub path: Box<str>,
    /// Lines of the file before the text
    pub lines_before: u32,
    /// Characters of each line before the text's, where it is indented
    pub indent: u32,
    /// What a call may use
    pub budgets: Budgets,
    /// What `ctx.config` and the arguments of `init` and `cleanup` are
    pub config: Value,
}

impl Source {
    /// A script that is a file of no folder.
    pub fn new(name: &str, file: &str, text: &str) -> Source {
        Source {
            name: name.into(),
            file: file.into(),
            text: text.into(),
            folder: "".into(),
            path: "".into(),
            lines_before: 0,
            indent: 0,
            budgets: Budgets::default(),
            config: Value::Null,
        }
    }

    /// With its place in a folder: it may import the folder's other scripts, and be imported by them.
    pub fn within(mut self, folder: &str, path: &str) -> Source {
        (self.folder, self.path) = (folder.into(), path.into());
        self
    }

    /// With its place in a file that holds more, such as a YAML document.
    pub fn inside(mut self, lines_before: u32, indent: u32) -> Source {
        (self.lines_before, self.indent) = (lines_before, indent);
        self
    }

    /// Where in the folder a script is looked for that this one imports by a path, the first place first.
    ///
    /// # Errors
    /// When the script has no folder, or the path leads out of it.
    pub fn places_of(&self, path: &str) -> Result<[String; 2], String> {
        if self.path.is_empty() {
            return Err(format!("`{path}` cannot be imported: only scripts of a folder import others"));
        }
        let mut parts: Vec<&str> = self.path.split('/').collect();
        parts.pop();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." if parts.pop().is_none() => {
                    return Err(format!("`{path}` leads out of the folder; import scripts inside it"));
                }
                ".." => {}
                part => parts.push(part),
            }
        }
        if path.starts_with('/') || path.contains(['\\', ':']) {
            return Err(format!(
                "`{path}` cannot be imported; name a script of the same folder, as `lib/auth`"
            ));
        }
        let inner = parts.join("/");
        Ok([format!("{inner}.rhai"), inner])
    }

    /// With what a call may use.
    pub fn with_budgets(mut self, budgets: Budgets) -> Source {
        self.budgets = budgets;
        self
    }

    /// With the configuration of a plugin.
    pub fn with_config(mut self, config: Value) -> Source {
        self.config = config;
        self
    }
}

/// Which script of a library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScriptId(u32);

impl ScriptId {
    /// Its place among the sources.
    pub fn index(self) -> usize {
        self.0 as usize
    }

    pub(crate) fn from_text(text: &str) -> Option<ScriptId> {
        text.parse().ok().map(ScriptId)
    }
}

impl fmt::Display for ScriptId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// A function that the host calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hook {
    /// `handle(req, ctx)` answers
    Handle,
    /// `before(req, ctx)` may answer early or change the request
    Before,
    /// `after(req, res, ctx)` changes what was generated
    After,
    /// `init(config)` is called once before the first request
    Init,
    /// `cleanup(config)` is called once after the last
    Cleanup,
}

impl Hook {
    /// All hooks.
    pub const ALL: [Hook; 5] = [Hook::Handle, Hook::Before, Hook::After, Hook::Init, Hook::Cleanup];

    /// The function's name.
    pub fn name(self) -> &'static str {
        match self {
            Hook::Handle => "handle",
            Hook::Before => "before",
            Hook::After => "after",
            Hook::Init => "init",
            Hook::Cleanup => "cleanup",
        }
    }

    /// The function's parameters, as the documentation calls them.
    pub fn parameters(self) -> &'static [&'static str] {
        match self {
            Hook::Handle | Hook::Before => &["req", "ctx"],
            Hook::After => &["req", "res", "ctx"],
            Hook::Init | Hook::Cleanup => &["config"],
        }
    }

    pub(crate) fn is_called(self, name: &str, parameters: usize) -> bool {
        self.name() == name && self.parameters().len() == parameters
    }
}

/// Hooks that a script defines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hooks(u8);

impl Hooks {
    pub(crate) fn insert(&mut self, hook: Hook) {
        self.0 |= 1 << hook as u8;
    }

    fn contains(self, hook: Hook) -> bool {
        self.0 & 1 << hook as u8 != 0
    }
}

/// The scripts of a server: their texts, checked, for all cores.
#[derive(Debug, Default)]
pub struct Library {
    sources: Vec<Source>,
    by_name: HashMap<Box<str>, ScriptId>,
    by_place: HashMap<(Box<str>, Box<str>), ScriptId>,
    /// What each script defines; nothing for one that does not compile
    hooks: Vec<Option<Hooks>>,
}

impl Library {
    /// Reads and checks scripts. What does not compile is left out and reported; the file of a diagnostic is the
    /// place of its source among the sources.
    ///
    /// What stands at the top of a script, constants and imports, is run once, within the script's budgets.
    pub fn check(sources: Vec<Source>, clock: Clock) -> (Arc<Library>, Vec<Diagnostic>) {
        let (sources, refused) = within_limits(sources);
        let mut by_name = HashMap::new();
        let mut by_place = HashMap::new();
        for (index, source) in sources.iter().enumerate() {
            let id = ScriptId(index as u32);
            by_name.entry(source.name.clone()).or_insert(id);
            if !source.path.is_empty() {
                by_place.insert((source.folder.clone(), source.path.clone()), id);
            }
        }
        let unchecked = Arc::new(Library { sources, by_name, by_place, hooks: Vec::new() });
        let (hooks, mut diagnostics) = script::checked(&unchecked, clock);
        diagnostics.splice(0..0, refused);
        let library = Arc::try_unwrap(unchecked).unwrap_or_else(|shared| Library {
            sources: shared.sources.clone(),
            by_name: shared.by_name.clone(),
            by_place: shared.by_place.clone(),
            hooks: Vec::new(),
        });
        (Arc::new(Library { hooks, ..library }), diagnostics)
    }

    /// The script of a name; nothing where there is none or it does not compile. Of several, the first.
    pub fn find(&self, name: &str) -> Option<ScriptId> {
        self.by_name.get(name).copied().filter(|id| self.is_sound(*id))
    }

    /// The script at a place among the sources; nothing where it does not compile.
    pub fn id(&self, index: usize) -> Option<ScriptId> {
        u32::try_from(index).ok().map(ScriptId).filter(|id| self.is_sound(*id))
    }

    /// Every script that was given.
    pub fn ids(&self) -> impl Iterator<Item = ScriptId> + use<> {
        (0..self.sources.len() as u32).map(ScriptId)
    }

    /// Whether the script compiles.
    pub fn is_sound(&self, id: ScriptId) -> bool {
        self.hooks.get(id.index()).is_some_and(Option::is_some)
    }

    /// Whether the script compiles and defines a hook.
    pub fn has(&self, id: ScriptId, hook: Hook) -> bool {
        self.hooks.get(id.index()).copied().flatten().is_some_and(|hooks| hooks.contains(hook))
    }

    /// What the script is called.
    pub fn name(&self, id: ScriptId) -> &str {
        &self.sources[id.index()].name
    }

    /// The file of a diagnostic, as the user named it.
    pub fn file(&self, file: FileId) -> Option<&str> {
        self.sources.get(usize::from(file.0)).map(|source| &*source.file)
    }

    /// The script's file, as the user named it.
    pub fn file_of(&self, id: ScriptId) -> &str {
        &self.sources[id.index()].file
    }

    pub(crate) fn text(&self, id: ScriptId) -> &str {
        &self.sources[id.index()].text
    }

    pub(crate) fn budgets(&self, id: ScriptId) -> &Budgets {
        &self.sources[id.index()].budgets
    }

    pub(crate) fn config(&self, id: ScriptId) -> &Value {
        &self.sources[id.index()].config
    }

    /// Where a place of Rhai is for the user: file, line and column; the script is given by its number as text.
    pub(crate) fn place(&self, script: &str, position: rhai::Position) -> (&str, usize, usize) {
        let Some(source) = ScriptId::from_text(script).and_then(|id| self.sources.get(id.index())) else {
            return ("", 0, 0);
        };
        let Some(line) = position.line() else {
            return (&source.file, 0, 0);
        };
        let column = position.position().unwrap_or(1);
        (&source.file, line + source.lines_before as usize, column + source.indent as usize)
    }

    /// Line and column of `fn name` in a script; of its first line where it is not found.
    pub(crate) fn function_place(&self, id: ScriptId, name: &str) -> (usize, usize) {
        let source = &self.sources[id.index()];
        let is_it = |line: &str| {
            let rest = line.trim_start().trim_start_matches("private ").strip_prefix("fn ");
            let rest = rest.and_then(|rest| rest.trim_start().strip_prefix(name));
            rest.is_some_and(|rest| rest.trim_start().starts_with('('))
        };
        let found = source.text.lines().enumerate().find(|(_, line)| is_it(line));
        let (line, column) =
            found.map_or((0, 0), |(line, text)| (line, text.len() - text.trim_start().len()));
        (line + 1 + source.lines_before as usize, column + 1 + source.indent as usize)
    }

    /// The script that another one means by a path.
    ///
    /// # Errors
    /// When there is none in the folder, or the path leads out of it.
    pub(crate) fn imported(&self, from: ScriptId, path: &str) -> Result<ScriptId, String> {
        let source = &self.sources[from.index()];
        let candidates = source.places_of(path)?;
        let found = candidates
            .into_iter()
            .find_map(|path| self.by_place.get(&(source.folder.clone(), path.into_boxed_str())).copied());
        found.ok_or_else(|| format!("there is no script `{path}` to import"))
    }
}

/// Sources that are not too many and not too large, and what is said of the others, whose texts are dropped.
fn within_limits(mut sources: Vec<Source>) -> (Vec<Source>, Vec<Diagnostic>) {
    let mut refused = Vec::new();
    if sources.len() > MAX_SCRIPTS {
        let message = format!("there are {} scripts; {MAX_SCRIPTS} are read", sources.len());
        refused.push(Diagnostic::error_at("script-limit", None, message));
        sources.truncate(MAX_SCRIPTS);
    }
    for (index, source) in sources.iter_mut().enumerate() {
        if source.text.len() > MAX_SCRIPT_BYTES {
            let position = Position { file: FileId(index as u16), line: 1, column: 1 };
            let message =
                format!("the script has {} bytes; {MAX_SCRIPT_BYTES} are allowed", source.text.len());
            refused.push(Diagnostic::error_at("script-limit", Some(position), message));
            source.text = "".into();
        }
    }
    (sources, refused)
}
