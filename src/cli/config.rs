//! `mocker config`: write, check, show and edit the configuration.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use mocker_source::Diagnostic;
use serde_json::{Value, json};

use super::flags::Flags;
use super::format::Format;
use super::{FAULTY, edit};
use crate::config::{self, Loaded, Row};
use crate::report::{self, Counts};
use crate::talk;

const EXAMPLES: &str = "Examples:
  mocker config init
  mocker config validate mocker.yaml
  mocker config show --port 3000
  mocker config schema > mocker.schema.json

Exit codes: 0 all is well, 1 the configuration has errors, 2 usage, or a file that cannot be read or written.";

/// Write, check, show and edit the configuration.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Config {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Write a commented configuration with every setting; nothing is overwritten
    Init(Init),
    /// Tell every fault, of the file and of MOCKER_* variables
    Validate(Validate),
    /// Show what holds, and where each value comes from; secrets are masked
    Show(Box<Show>),
    /// Open the configuration in $VISUAL or $EDITOR; it is replaced when it is valid
    Edit {
        /// The configuration [default: mocker.yaml, .yml, .json or .toml of the working directory]
        file: Option<PathBuf>,
    },
    /// Print the JSON Schema that editors complete by
    Schema,
}

#[derive(Args)]
struct Init {
    /// What to write
    #[arg(default_value = config::NAMES[0])]
    file: PathBuf,
    /// Overwrite what is there
    #[arg(long)]
    force: bool,
}

#[derive(Args)]
struct Validate {
    /// The configuration [default: mocker.yaml, .yml, .json or .toml of the working directory]
    file: Option<PathBuf>,
    /// Text for people or JSON for machines
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Args)]
struct Show {
    /// Text for people or JSON for machines
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    #[command(flatten)]
    flags: Flags,
}

impl Config {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        match self.action {
            Action::Init(init) => init.run(),
            Action::Validate(validate) => validate.run(),
            Action::Show(show) => show.run(),
            Action::Edit { file } => edit::run(file),
            Action::Schema => {
                print(&format!("{:#}\n", config::schema()));
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

impl Init {
    fn run(&self) -> anyhow::Result<ExitCode> {
        let name = self.file.display();
        if !["yaml", "yml"].iter().any(|known| self.file.extension().is_some_and(|given| given == *known)) {
            bail!("{name}: a commented configuration is YAML; give a name that ends in .yaml");
        }
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true).create_new(!self.force);
        let mut file = match options.open(&self.file) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                bail!("{name} is there already; --force overwrites it")
            }
            opened => opened.with_context(|| format!("{name} cannot be written"))?,
        };
        file.write_all(config::fresh().as_bytes()).with_context(|| format!("{name} cannot be written"))?;
        print(&format!("Wrote {name}; `mocker start --spec FILE` reads it\n"));
        Ok(ExitCode::SUCCESS)
    }
}

impl Validate {
    fn run(self) -> anyhow::Result<ExitCode> {
        let flags = Flags { config: self.file, given: Vec::new() };
        let loaded = flags.load()?;
        let Some(file) = &loaded.file else { bail!(NOTHING) };
        let report = match self.format {
            Format::Text => as_text(&loaded, file),
            Format::Json => format!("{:#}\n", as_json(&loaded, file)),
        };
        print(&report);
        Ok(verdict(&loaded))
    }
}

impl Show {
    fn run(self) -> anyhow::Result<ExitCode> {
        let loaded = self.flags.load()?;
        tell(&loaded);
        if loaded.configuration.is_none() {
            return Ok(verdict(&loaded));
        }
        let rows = config::rows(&loaded);
        let report = match self.format {
            Format::Text => table(&rows),
            Format::Json => {
                let row = |row: Row| (row.path, json!({ "value": row.value, "from": row.origin }));
                format!("{:#}\n", Value::Object(rows.into_iter().map(row).collect()))
            }
        };
        print(&report);
        Ok(verdict(&loaded))
    }
}

/// Said where there is no configuration.
pub(super) const NOTHING: &str =
    "there is no mocker.yaml here; name a file, or have `mocker config init` write one";

/// Tells every fault of a configuration.
pub(crate) fn tell(loaded: &Loaded) {
    for diagnostic in &loaded.diagnostics {
        talk::fault(diagnostic.severity, line(loaded, diagnostic));
    }
}

/// Code of the process: whether there are errors.
fn verdict(loaded: &Loaded) -> ExitCode {
    if loaded.configuration.is_some() { ExitCode::SUCCESS } else { ExitCode::from(FAULTY) }
}

/// Whoever stops reading has seen enough; the exit code still tells.
fn print(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

fn place(loaded: &Loaded, diagnostic: &Diagnostic) -> Option<(String, u32, u32)> {
    diagnostic.position.and_then(|position| loaded.place(position))
}

/// The message names the setting: a pointer to it would say the same again.
pub(crate) fn line(loaded: &Loaded, diagnostic: &Diagnostic) -> String {
    let bare = Diagnostic { pointer: String::new(), ..diagnostic.clone() };
    report::text_at(place(loaded, diagnostic), &bare)
}

pub(super) fn as_text(loaded: &Loaded, file: &Path) -> String {
    let counts = Counts::of(loaded.diagnostics.iter());
    let mut lines: Vec<String> =
        loaded.diagnostics.iter().map(|diagnostic| line(loaded, diagnostic)).collect();
    lines.push(format!(
        "{}: {}, {}\n",
        file.display(),
        report::counted(counts.errors, "error"),
        report::counted(counts.warnings, "warning"),
    ));
    lines.join("\n")
}

pub(super) fn as_json(loaded: &Loaded, file: &Path) -> Value {
    let counts = Counts::of(loaded.diagnostics.iter());
    let diagnostics = loaded.diagnostics.iter();
    json!({
        "file": file.display().to_string(),
        "errors": counts.errors,
        "warnings": counts.warnings,
        "diagnostics": Value::from_iter(diagnostics.map(|found| report::json_at(place(loaded, found), found))),
    })
}

/// Names, values and origins in columns.
fn table(rows: &[Row]) -> String {
    let shown: Vec<String> = rows
        .iter()
        .map(|row| match &row.value {
            Value::Null => "-".to_owned(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        })
        .collect();
    let paths = rows.iter().map(|row| row.path.len()).max().unwrap_or_default();
    let values = shown.iter().map(|value| value.chars().count()).filter(|width| *width <= WIDEST).max();
    let values = values.unwrap_or_default();
    let line =
        |(row, value): (&Row, &String)| format!("{:paths$}  {value:values$}  {}\n", row.path, row.origin);
    rows.iter().zip(&shown).map(line).collect()
}

/// Widest value that others are aligned with, in characters.
const WIDEST: usize = 40;

/// Whether a file has no errors; tells those that it has.
pub(super) fn is_valid(file: &Path) -> anyhow::Result<bool> {
    let flags = Flags { config: Some(file.to_owned()), given: Vec::new() };
    let loaded = flags.load()?;
    tell(&loaded);
    Ok(loaded.configuration.is_some())
}

/// All of a file.
pub(super) fn text_of(file: &Path) -> anyhow::Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("{} cannot be read", file.display()))
}
