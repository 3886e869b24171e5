//! `mocker script`: try scripts without a server.

mod described;
mod request_file;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use mocker_openapi::{Loaded, Location};
use mocker_plan::Options;
use mocker_schema::generate::Key;
use mocker_scripting::script::Log;
use mocker_scripting::{
    Answers, Before, Context, Hook, Library, Response, ScriptId, Scripts, Source, limits,
};
use mocker_source::Diagnostic;
use mocker_state::{Limits, Store};

use self::described::{Described, Undescribed};
use super::FAULTY;
use crate::report::{self, Counts};
use crate::talk;

const EXAMPLES: &str = "Examples:
  mocker script check scripts/getPet.rhai
  mocker script run scripts/getPet.rhai --request req.http --spec openapi.yaml --operation getPet

Exit codes: 0 done, 1 the script has errors or failed, 2 usage, or a file that cannot be read.";

/// Try scripts without a server.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Script {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Check(Check),
    Run(Run),
}

/// Check scripts: every fault with its place. Exits with 1 when there are errors.
#[derive(Args)]
struct Check {
    /// A script; what it imports is found in its folder
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Run a script for one request and print the response. Exits with 1 when the script fails.
///
/// `before`, `handle` and `after` are called in this order, as a server does.
#[derive(Args)]
struct Run {
    /// The script
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The request: a request line, field lines, an empty line, a body
    #[arg(long, value_name = "FILE")]
    request: PathBuf,
    /// The API description that `ctx.generate` answers from
    #[arg(long, value_name = "FILE", requires = "operation")]
    spec: Option<String>,
    /// The operation that is answered, by its operationId or as `GET /pets/{petId}`
    #[arg(long, value_name = "OPERATION", requires = "spec")]
    operation: Option<String>,
    /// What all random data is made from, a number or a text
    #[arg(long, default_value = "0")]
    seed: String,
    /// The time that scripts see, as `2026-01-31T08:30:00Z` [default: now]
    #[arg(long, value_name = "TIME")]
    clock: Option<String>,
    /// A variable of the environment that the script may see; repeat it for more
    #[arg(long, value_name = "NAME")]
    env: Vec<String>,
}

impl Script {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        match self.command {
            Command::Check(check) => check.run(),
            Command::Run(run) => run.run(),
        }
    }
}

impl Check {
    fn run(self) -> anyhow::Result<ExitCode> {
        let mut sources: Vec<Source> = Vec::new();
        for file in &self.files {
            for source in sources_of(file)? {
                if !sources.iter().any(|known| known.file == source.file) {
                    sources.push(source);
                }
            }
        }
        let (library, diagnostics) = Library::check(sources, Instant::now);
        let asked: Vec<String> = self.files.iter().map(|file| file.display().to_string()).collect();
        let of_asked = |diagnostic: &&Diagnostic| {
            let file = diagnostic.position.and_then(|position| library.file(position.file));
            file.is_none_or(|file| asked.iter().any(|asked| asked == file))
        };
        let told: Vec<Diagnostic> = diagnostics.iter().filter(of_asked).cloned().collect();
        let counts = Counts::of(told.iter());
        let mut out = tell(&library, &told);
        out.push_str(&format!(
            "{}, {}, {}\n",
            report::counted(asked.len(), "script"),
            report::counted(counts.errors, "error"),
            report::counted(counts.warnings, "warning"),
        ));
        // Whoever stops reading has seen enough; the exit code still tells.
        let _ = std::io::stdout().write_all(out.as_bytes());
        Ok(if counts.errors == 0 { ExitCode::SUCCESS } else { ExitCode::from(FAULTY) })
    }
}

impl Run {
    fn run(self) -> anyhow::Result<ExitCode> {
        let sources = sources_of(&self.file)?;
        let (library, diagnostics) = Library::check(sources, Instant::now);
        let name = self.file.display().to_string();
        let Some(id) = library.find(&name) else {
            talk::write(tell(&library, &diagnostics).as_bytes());
            return Ok(ExitCode::from(FAULTY));
        };
        let parsed = request_file::read(&self.request)?;
        let answers: Rc<dyn Answers> = match (&self.spec, &self.operation) {
            (Some(spec), Some(operation)) => Rc::new(Described::new(spec, operation, &self.seed, &parsed)?),
            _ => Rc::new(Undescribed),
        };
        let request = Rc::new(parsed.build(answers.operation()));
        let key = Key(Options::seed(&self.seed));
        let store = Arc::new(Store::new(Limits::default()));
        let mut context = Context::new(request, answers, key, "127.0.0.1", self.now()?, store);
        context.environment = Arc::new(visible(&self.env)?);
        let mut scripts = Scripts::new(library, Instant::now).with_log(log);
        let done = exchange(&mut scripts, id, Rc::new(context));
        match done {
            Ok(response) => {
                std::io::stdout().write_all(&as_http(&response))?;
                Ok(ExitCode::SUCCESS)
            }
            Err(fault) => {
                let budget = fault.budget.map(|budget| format!(" [budget: {budget}]")).unwrap_or_default();
                talk::print(format_args!("error: {fault}{budget}"));
                Ok(ExitCode::from(FAULTY))
            }
        }
    }

    fn now(&self) -> anyhow::Result<i64> {
        match &self.clock {
            Some(text) => mocker_scripting::host::time::parse(text).map_err(anyhow::Error::msg),
            None => Ok(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as i64),
        }
    }
}

/// What becomes of one request.
fn exchange(
    scripts: &mut Scripts,
    id: ScriptId,
    mut context: Rc<Context>,
) -> Result<Response, mocker_scripting::Fault> {
    let library = Arc::clone(scripts.library());
    if library.has(id, Hook::Before) {
        match scripts.before(id, &context)? {
            Before::Answer(response) => return Ok(response),
            Before::Continue(Some(request)) => {
                let answers = Rc::clone(&context.answers);
                context = Rc::new(context.successor(Rc::new(request), answers));
            }
            Before::Continue(None) => {}
        }
    }
    let generated = |reason| mocker_scripting::Fault {
        file: library.file_of(id).into(),
        line: 0,
        column: 0,
        message: reason,
        budget: None,
        kind: Default::default(),
    };
    let response = match library.has(id, Hook::Handle) {
        true => scripts.handle(id, &context)?,
        false => context.answers.generate(None).map_err(generated)?,
    };
    match library.has(id, Hook::After) {
        true => scripts.after(id, &context, response),
        false => Ok(response),
    }
}

fn log(line: Log<'_>) {
    talk::print(format_args!("{}: {}:{}: {}", line.level, line.file, line.line, line.text));
}

/// The variables that a script may see, with their values.
fn visible(names: &[String]) -> anyhow::Result<std::collections::BTreeMap<String, String>> {
    let value = |name: &String| Ok((name.clone(), std::env::var(name).with_context(|| name.clone())?));
    names.iter().map(value).collect()
}

fn tell(library: &Library, diagnostics: &[Diagnostic]) -> String {
    let files = library.ids().map(|id| Location::File(library.file_of(id).into())).collect();
    let loaded = Loaded { document: None, diagnostics: Vec::new(), files, contents: Vec::new() };
    diagnostics.iter().map(|diagnostic| report::text(&loaded, diagnostic) + "\n").collect()
}

/// A script, and those of its folder that it may import.
fn sources_of(file: &Path) -> anyhow::Result<Vec<Source>> {
    let folder = file.parent().unwrap_or(Path::new(""));
    let listed = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let mut sources = vec![source(file, folder)?];
    let mut open = vec![(listed.to_owned(), 0)];
    while let Some((inner, depth)) = open.pop() {
        let Ok(entries) = fs::read_dir(&inner) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() && depth < crate::limits::MAX_FOLDER_DEPTH {
                open.push((path, depth + 1));
            } else if path.extension().is_some_and(|extension| extension == "rhai") {
                let path = path.strip_prefix("./").map(Path::to_owned).unwrap_or(path);
                if path != file && sources.len() < crate::limits::MAX_FOLDER_FILES {
                    sources.extend(source(&path, folder).ok());
                }
            }
        }
    }
    Ok(sources)
}

fn source(file: &Path, folder: &Path) -> anyhow::Result<Source> {
    let name = file.display().to_string();
    if fs::metadata(file).is_ok_and(|metadata| metadata.len() > limits::MAX_SCRIPT_BYTES as u64) {
        bail!("{name} has more than {} bytes", limits::MAX_SCRIPT_BYTES);
    }
    let text = fs::read_to_string(file).with_context(|| format!("{name} cannot be read"))?;
    let path = file.strip_prefix(folder).unwrap_or(file).to_string_lossy().replace('\\', "/");
    Ok(Source::new(&name, &name, &text).within(&folder.display().to_string(), &path))
}

fn as_http(response: &Response) -> Vec<u8> {
    let mut out = format!("HTTP/1.1 {}\n", response.status).into_bytes();
    for (name, value) in &response.fields {
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(b": ");
        out.extend_from_slice(value);
        out.push(b'\n');
    }
    out.push(b'\n');
    out.extend_from_slice(&response.body);
    if !response.body.is_empty() && !response.body.ends_with(b"\n") {
        out.push(b'\n');
    }
    out
}
