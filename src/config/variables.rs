//! `MOCKER_*` variables: the only place that reads the environment.

use std::collections::{BTreeMap, HashMap};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use mocker_source::Diagnostic;
use serde_json::Value;

use super::check::check;
use super::describe::remedy;
use super::inputs::{Inputs, bounded_read};
use super::nearest::nearest;
use super::scalar::{Scalar, Unfit};
use super::section::plugins::Plugin;
use super::setting::{FROM_FILE, PREFIX, Setting, settings};
use super::values::{Held, Origin};
use crate::sightings::Sightings;

/// Names the file of the configuration.
const CONFIGURATION: &str = "MOCKER_CONFIG";
/// Followed by the name of a plugin and a key of its configuration.
const PLUGINS: &str = "MOCKER_PLUGINS_";

/// The variables that are ours.
#[derive(Default)]
pub(crate) struct Environment {
    variables: BTreeMap<String, String>,
    /// Those whose values are no UTF-8
    garbled: Vec<String>,
}

/// What variables give.
#[derive(Default)]
pub(crate) struct Variables {
    /// By the path of the setting
    given: HashMap<String, (Held, String)>,
}

impl Environment {
    /// Of this process.
    pub(crate) fn of_process() -> Environment {
        let mut environment = Environment::default();
        for (name, value) in std::env::vars_os() {
            // A name that is no UTF-8 is none of ours.
            let Some(name) = name.into_string().ok().filter(|name| name.starts_with(PREFIX)) else {
                continue;
            };
            match value.into_string() {
                Ok(value) => drop(environment.variables.insert(name, value)),
                Err(_) => environment.garbled.push(name),
            }
        }
        environment
    }

    pub(crate) fn configuration(&self) -> Option<PathBuf> {
        self.variables.get(CONFIGURATION).filter(|path| !path.is_empty()).map(PathBuf::from)
    }

    /// The command that opens a file for its user.
    pub(crate) fn editor() -> Option<String> {
        let editor = ["VISUAL", "EDITOR"].iter().find_map(|name| std::env::var(name).ok());
        editor.filter(|editor| !editor.trim().is_empty())
    }

    /// Where whoever started this process waits to hear that it is ready (sd_notify(3)).
    pub(crate) fn notify_socket() -> Option<OsString> {
        std::env::var_os("NOTIFY_SOCKET").filter(|name| !name.is_empty())
    }

    /// Where programs of this user keep what they know (XDG Base Directory Specification 0.8).
    pub(crate) fn state_home() -> Option<PathBuf> {
        let home = || Some(Path::new(&std::env::var_os("HOME")?).join(".local/state"));
        let given = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from);
        given.filter(|path| path.is_absolute()).or_else(home)
    }

    /// The value of a variable: its own, or that of the file that its companion names, which is `seen` first.
    fn value(&self, name: &str, seen: &mut Sightings) -> Result<Option<(String, String)>, Diagnostic> {
        // An empty one is as good as none: so shells and containers take one away.
        if let Some(value) = self.variables.get(name).filter(|value| !value.is_empty()) {
            return Ok(Some((name.to_owned(), value.clone())));
        }
        let companion = format!("{name}{FROM_FILE}");
        let Some(path) = self.variables.get(&companion).filter(|path| !path.is_empty()) else {
            return Ok(None);
        };
        let text = secret(path, seen).map_err(|error| unreadable(&companion, &error))?;
        Ok(Some((companion, text)))
    }
}

fn unreadable(name: &str, error: &anyhow::Error) -> Diagnostic {
    Diagnostic::error_at("config-variable", None, format!("{name}: {error:#}"))
}

/// What a file says, without the line break at its end.
///
/// # Errors
/// When it cannot be read, or says nothing: it is about to be written, and an empty secret would open what it is to close.
fn secret(path: &str, seen: &mut Sightings) -> anyhow::Result<String> {
    seen.see(Path::new(path));
    let text = String::from_utf8(bounded_read(Path::new(path))?);
    let text = text.with_context(|| format!("{path} is not UTF-8"))?;
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        bail!("{path} says nothing: write the value into it, or take the variable away");
    }
    Ok(text.to_owned())
}

impl Variables {
    pub(super) fn get(&self, setting: &Setting) -> Option<(Held, Origin)> {
        let (held, name) = self.given.get(&setting.path)?;
        Some((held.clone(), Origin::Variable(name.clone())))
    }
}

/// Reads the variables of all settings; files that they name are `seen` first.
pub(super) fn read(
    environment: &Environment,
    inputs: &mut Inputs,
    seen: &mut Sightings,
    faults: &mut Vec<Diagnostic>,
) -> Variables {
    let mut variables = Variables::default();
    let settings = settings();
    for setting in &settings {
        let mut given = Vec::new();
        for name in setting.variables() {
            match environment.value(&name, seen) {
                Ok(found) => given.extend(found),
                Err(fault) => faults.push(fault),
            }
        }
        if let [(one, _), (other, _), ..] = &given[..] {
            let message = format!("{one} and {other} are names of one setting");
            let fault = Diagnostic::error_at("config-variable", None, message);
            faults.push(fault.with_help("keep one of them"));
        }
        if let Some((name, text)) = given.into_iter().next()
            && let Some(held) = held(setting, &name, &text, inputs, faults)
        {
            variables.given.insert(setting.path.clone(), (held, name));
        }
    }
    // A name that settings share is wrong once.
    faults.dedup();
    faults.extend(unknown(environment, &settings));
    // Dropping one could drop a token, and open to all what it is to close.
    faults.extend(environment.garbled.iter().map(|name| {
        Diagnostic::error_at("config-variable", None, format!("the value of {name} is not UTF-8"))
    }));
    variables
}

fn held(
    setting: &Setting,
    name: &str,
    text: &str,
    inputs: &mut Inputs,
    faults: &mut Vec<Diagnostic>,
) -> Option<Held> {
    let shape = &setting.field.shape;
    if !shape.is_plain() {
        let (file, syntax) = inputs.add_variable(name, text);
        // In braces it may be YAML as well as JSON.
        faults.extend(syntax.into_iter().filter(Diagnostic::is_error));
        let root = inputs.root(file);
        check(&setting.path, shape, root, faults);
        return Some(Held::Structured(root.id()));
    }
    match Scalar::of_text(shape, text) {
        Ok(scalar) => Some(Held::Plain(scalar)),
        Err(unfit) => {
            let reason = match unfit {
                Unfit::Reason(reason) => format!(": {reason}"),
                Unfit::Kind | Unfit::Range => String::new(),
            };
            let message = format!("{name} cannot be `{text}`{reason}");
            let fault = Diagnostic::error_at("config-variable", None, message);
            faults.push(fault.with_help(remedy(shape, text)));
            None
        }
    }
}

/// Variables that are nearly those of a setting.
fn unknown(environment: &Environment, settings: &[Setting]) -> Vec<Diagnostic> {
    let known: Vec<String> = settings.iter().flat_map(Setting::variables).collect();
    let is_known = |name: &str| {
        let name = name.strip_suffix(FROM_FILE).unwrap_or(name);
        known.iter().any(|known| known == name) || name == CONFIGURATION || name.starts_with(PLUGINS)
    };
    let strange = environment.variables.keys().filter(|name| !is_known(name));
    let told = strange.filter_map(|name| {
        let known = known.iter().map(String::as_str).chain([CONFIGURATION]);
        // What all have in common makes none of them near.
        let meant = nearest(name.strip_prefix(PREFIX)?, known.filter_map(|name| name.strip_prefix(PREFIX)))?;
        let fault = Diagnostic::warning_at("config-variable", None, format!("{name} is no setting"));
        Some(fault.with_help(format!("did you mean `{PREFIX}{meant}`?")))
    });
    told.collect()
}

/// Adds `MOCKER_PLUGINS_NAME_KEY` to the configuration of plugins: a way for secrets.
pub(super) fn complete_plugins(
    environment: &Environment,
    plugins: &mut [Plugin],
    seen: &mut Sightings,
    faults: &mut Vec<Diagnostic>,
) {
    for (name, text) in environment.variables.range(PLUGINS.to_owned()..) {
        let Some(rest) = name.strip_prefix(PLUGINS) else { break };
        if text.is_empty() {
            continue;
        }
        let named = plugins.iter_mut().filter_map(|plugin| {
            let own = plugin.name.value.to_uppercase().replace('-', "_");
            let key = rest.strip_prefix(&own)?.strip_prefix('_')?.to_lowercase();
            Some((plugin, key))
        });
        // `RATE_LIMIT_PER` is about `rate-limit` where there is a plugin `rate` too.
        let Some((plugin, key)) = named.min_by_key(|(_, key)| key.len()) else {
            let message = format!("{name} is about no plugin of the configuration");
            faults.push(Diagnostic::warning_at("config-variable", None, message));
            continue;
        };
        let (key, text) = match key.strip_suffix("_file") {
            Some(key) => {
                plugin.secrets.push(key.to_owned());
                match secret(text, seen) {
                    Ok(text) => (key.to_owned(), text),
                    Err(error) => {
                        faults.push(unreadable(name, &error));
                        continue;
                    }
                }
            }
            None => (key, text.clone()),
        };
        match &mut plugin.config {
            Value::Object(config) => {
                config.insert(key.clone(), Value::String(text.clone()));
                plugin.of_variables.insert(key, text);
            }
            _ => {
                let message = format!(
                    "{name} adds to the configuration of `{}`, which is no mapping",
                    plugin.name.value
                );
                faults.push(Diagnostic::error_at("config-variable", None, message));
            }
        }
    }
}

#[cfg(test)]
impl Environment {
    pub(crate) fn of(variables: &[(&str, &str)]) -> Environment {
        let owned = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Environment { variables: owned.collect(), garbled: Vec::new() }
    }
}
