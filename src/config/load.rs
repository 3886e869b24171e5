//! The way to a configuration: file, variables, flags, then typed values.

use std::path::{Path, PathBuf};

use mocker_source::{Diagnostic, FileId, Position, Severity};

use super::check::check;
use super::inputs::{self, Inputs};
use super::scalar::Scalar;
use super::section::{Configuration, ROOT};
use super::setting::{Setting, settings};
use super::shape::Shape;
use super::values::{self, Effective, Held, Origin, Values};
use super::variables::{self, Variables};
use crate::limits::MAX_CONFIG_FAULTS;
use crate::sightings::Sightings;

pub(crate) use super::variables::Environment;

/// What a flag gives.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    /// The setting, as `server.port`
    pub(crate) path: String,
    pub(crate) flag: &'static str,
    /// Several where it may be repeated
    pub(crate) texts: Vec<String>,
}

/// Where to look.
pub(crate) struct Request<'r> {
    /// `--config`; else `MOCKER_CONFIG`, else `mocker.yaml` and the like in the working directory
    pub(crate) file: Option<&'r Path>,
    pub(crate) flags: &'r [Given],
    pub(crate) environment: &'r Environment,
}

/// What was read, and what is wrong with it.
pub(crate) struct Loaded {
    pub(crate) values: Values,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// `None` where there are errors
    pub(crate) configuration: Option<Configuration>,
    /// The file that was read
    pub(crate) file: Option<PathBuf>,
    /// Whether there is a file, and it says something
    pub(crate) is_filled: bool,
    /// The same and what variables name, as they were before; where there is none, the names that are looked for
    pub(crate) seen: Sightings,
}

impl Loaded {
    /// File, line and column of a place in the configuration.
    pub(crate) fn place(&self, position: Position) -> Option<(String, u32, u32)> {
        self.values.inputs.place(position)
    }
}

/// Reads the configuration; its faults are in the result.
///
/// # Errors
/// When a file that was named cannot be read.
pub(crate) fn load(request: &Request<'_>) -> anyhow::Result<Loaded> {
    let mut seen = Sightings::default();
    let named = request.file.map(Path::to_owned).or_else(|| request.environment.configuration());
    let file = named.or_else(|| looked_for(&mut seen));
    let mut inputs = Inputs::default();
    let mut diagnostics = Vec::new();
    file.iter().for_each(|file| seen.see(file));
    let read = file.as_deref().map(|path| add_file(&mut inputs, path, &mut diagnostics)).transpose()?;
    let variables = variables::read(request.environment, &mut inputs, &mut seen, &mut diagnostics);
    let values = Values { effective: effective(&inputs, read, &variables, request.flags), inputs };
    let is_sound = |diagnostics: &[Diagnostic]| !diagnostics.iter().any(Diagnostic::is_error);
    let mut configuration = Configuration::read(&values, &mut diagnostics);
    variables::complete_plugins(request.environment, &mut configuration.plugins, &mut seen, &mut diagnostics);
    diagnostics.sort_by_key(|diagnostic| (diagnostic.position.is_none(), diagnostic.position));
    if diagnostics.len() > MAX_CONFIG_FAULTS {
        diagnostics.truncate(MAX_CONFIG_FAULTS);
        let message = format!("there are more than {MAX_CONFIG_FAULTS} faults; the rest is not listed");
        diagnostics.push(Diagnostic::error_at("config-faults", None, message));
    }
    let configuration = is_sound(&diagnostics).then_some(configuration);
    let is_filled = read.is_some_and(|file| !values.inputs.root(file).is_null());
    Ok(Loaded { values, diagnostics, configuration, file, is_filled, seen })
}

/// The file that is read where none is named. Where there is none, one that appears later is seen.
fn looked_for(seen: &mut Sightings) -> Option<PathBuf> {
    let mut names = Sightings::default();
    inputs::NAMES.iter().for_each(|name| names.see(Path::new(name)));
    let found = inputs::found();
    if found.is_none() {
        seen.join(&names);
    }
    found
}

fn add_file(inputs: &mut Inputs, path: &Path, diagnostics: &mut Vec<Diagnostic>) -> anyhow::Result<FileId> {
    let (file, faults) = inputs.add_file(path)?;
    let is_readable = !faults.iter().any(Diagnostic::is_error);
    // A file of nothing but comments is as good as none.
    diagnostics.extend(faults.into_iter().filter(|fault| fault.code != "empty-file").map(strict));
    let root = inputs.root(file);
    if is_readable && !root.is_null() {
        check("", &Shape::Table(&ROOT), root, diagnostics);
    }
    Ok(file)
}

/// Who writes a key twice loses what stood under the first.
fn strict(fault: Diagnostic) -> Diagnostic {
    match fault.code {
        "duplicate-key" => Diagnostic { severity: Severity::Error, ..fault },
        _ => fault,
    }
}

fn effective(
    inputs: &Inputs,
    file: Option<FileId>,
    variables: &Variables,
    flags: &[Given],
) -> Vec<Effective> {
    let one = |setting: Setting| {
        let flag = flags.iter().find(|given| given.path == setting.path);
        let of_flag = || {
            let given = flag?;
            Some((Held::Plain(of_texts(&setting.field.shape, &given.texts)?), Origin::Flag(given.flag)))
        };
        let of_file = || {
            let (held, position) = values::of_file(inputs, file?, &setting)?;
            Some((held, Origin::File(position)))
        };
        let given = of_flag().or_else(|| variables.get(&setting)).or_else(of_file);
        let default = || {
            let scalar = Scalar::of_text(&setting.field.shape, setting.field.default?).ok()?;
            Some(Held::Plain(scalar))
        };
        let (value, origin) = match given {
            Some((value, origin)) => (Some(value), origin),
            None => (default(), Origin::Default),
        };
        Effective { setting, value, origin }
    };
    settings().into_iter().map(one).collect()
}

fn of_texts(shape: &Shape, texts: &[String]) -> Option<Scalar> {
    match shape {
        Shape::List(_) => Some(Scalar::Texts(texts.to_vec())),
        _ => Scalar::of_text(shape, texts.last()?).ok(),
    }
}
