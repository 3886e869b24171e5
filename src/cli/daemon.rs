//! `mocker daemon`: a server in the background.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::thread;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use mocker_runtime::Process;
use serde_json::json;

use super::format::Format;
use super::start::Start;
use super::{FAULTY, UNREACHABLE};
use crate::daemon::log::Log;
use crate::daemon::notice::{Ear, Heard};
use crate::daemon::record::{Claim, Record, forget, is_claimed, running};
use crate::daemon::usual;
use crate::limits::{DAEMON_END_TIME, DAEMON_START_TIME, LOG_LINES, STOP_TIME};
use crate::{opening, talk};

const EXAMPLES: &str = "Examples:
  mocker daemon start --spec openapi.yaml --port 3000
  mocker daemon status
  mocker daemon logs -f
  mocker daemon stop

Exit codes: 0 done, 1 it did not start, or did not end, 2 usage, a daemon that runs already, or a file that cannot be
read or written, 4 no daemon runs.";

/// Run a server in the background.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Daemon {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Start a server in the background; returns when it serves. Takes the flags of `mocker start`
    Start(Box<Begin>),
    /// End it, as SIGTERM does, and wait until it is gone
    Stop {
        #[command(flatten)]
        place: Place,
    },
    /// Tell whether it runs
    Status {
        #[command(flatten)]
        place: Place,
        /// Text for people or JSON for machines
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Print the end of its log
    Logs(Logs),
    /// Serve, in a session of its own
    #[command(hide = true)]
    Serve(Box<Start>),
}

/// Where it is written down who the daemon is.
#[derive(Args)]
struct Place {
    /// Where its number is kept [default: mocker/mocker.pid of $XDG_STATE_HOME, else of ~/.local/state]
    #[arg(long, value_name = "FILE")]
    pid_file: Option<PathBuf>,
}

/// Where its talk goes.
#[derive(Args)]
struct Talk {
    /// Where its talk is kept [default: mocker/mocker.log of $XDG_STATE_HOME, else of ~/.local/state]
    #[arg(long, value_name = "FILE")]
    log_file: Option<PathBuf>,
}

#[derive(Args)]
struct Begin {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    talk: Talk,
    #[command(flatten)]
    start: Start,
}

#[derive(Args)]
struct Logs {
    #[command(flatten)]
    talk: Talk,
    /// Lines from the end
    #[arg(short = 'n', long, value_name = "N", default_value_t = LOG_LINES)]
    lines: usize,
    /// Go on with what is written from now on, until Ctrl-C
    #[arg(short, long)]
    follow: bool,
}

impl Daemon {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        match self.action {
            Action::Start(begin) => begin.run(),
            Action::Stop { place } => stop(&place.file()?),
            Action::Status { place, format } => status(&place.file()?, format),
            Action::Logs(logs) => logs.run(),
            Action::Serve(start) => {
                mocker_runtime::leave_session().context("cannot leave the terminal")?;
                start.run()
            }
        }
    }
}

impl Place {
    fn file(&self) -> anyhow::Result<PathBuf> {
        self.pid_file.clone().map_or_else(|| usual("mocker.pid"), Ok)
    }
}

impl Talk {
    fn file(&self) -> anyhow::Result<PathBuf> {
        self.log_file.clone().map_or_else(|| usual("mocker.log"), Ok)
    }
}

impl Begin {
    fn run(self) -> anyhow::Result<ExitCode> {
        let (pid_file, log_file) = (self.place.file()?, self.talk.file()?);
        for file in [&pid_file, &log_file] {
            make_folder(file)?;
        }
        let claim = Claim::new(&pid_file)?;
        let log = open_log(&log_file)?;
        let before = log.metadata()?.len();
        let ear = Ear::new().context("cannot make a socket")?;
        let mut child = spawn(&self.start.arguments()?, &log, &ear)?;
        let opened = Process::open(child.id());
        let process = opened.inspect_err(|_| drop(child.kill().and_then(|()| child.wait())))?;
        let mut birth = Birth { claim, pid_file, process };
        let served = birth.wait(child, &ear);
        if let Ok(Some(record)) = &served {
            println(&format!("{}\nprocess {}, log {}", record.line, record.pid, log_file.display()));
            return Ok(ExitCode::SUCCESS);
        }
        birth.end()?;
        served?;
        talk::write(&Log::after(&log_file, before).news()?);
        talk::error(format_args!("error: the daemon did not start; its log is {}", log_file.display()));
        Ok(ExitCode::from(FAULTY))
    }
}

/// A daemon that was started, and does not serve yet.
struct Birth {
    claim: Claim,
    pid_file: PathBuf,
    process: Process,
}

impl Birth {
    /// Waits until it serves, and writes down who it is; `None` where it does not.
    fn wait(&mut self, child: Child, ear: &Ear) -> anyhow::Result<Option<Record>> {
        let pid = child.id();
        reap(child, ear.name().to_owned())?;
        // One that has ended already is heard of below.
        let Ok(known) = Record::of(pid) else { return Ok(None) };
        self.write(&known)?;
        match ear.hear(DAEMON_START_TIME)? {
            Heard::Ready(line) => {
                let record = Record { line, ..known };
                self.write(&record)?;
                return Ok(Some(record));
            }
            Heard::Nothing => {
                let time = DAEMON_START_TIME.as_secs();
                talk::error(format_args!("error: it did not serve within {time} s, and is ended"));
            }
            Heard::Ended => {}
        }
        Ok(None)
    }

    fn write(&mut self, record: &Record) -> anyhow::Result<()> {
        let written = self.claim.write(record);
        written.with_context(|| format!("{} cannot be written", self.pid_file.display()))
    }

    /// Ends what nobody would know of. The file tells of it as long as it is there.
    fn end(&mut self) -> anyhow::Result<()> {
        self.process.terminate()?;
        if !self.process.wait(DAEMON_END_TIME)? {
            let time = DAEMON_END_TIME.as_secs();
            bail!(
                "the daemon did not start, and has not ended within {time} s ({})",
                self.pid_file.display()
            );
        }
        Ok(self.claim.clear()?)
    }
}

/// Folders of our own are nobody else's to read.
fn make_folder(file: &Path) -> anyhow::Result<()> {
    let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) else { return Ok(()) };
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.with_context(|| format!("{} cannot be made", folder.display()))
}

fn open_log(path: &Path) -> anyhow::Result<File> {
    let opened = opening::writing(path, OpenOptions::new().create(true).append(true).mode(0o600));
    opened.with_context(|| format!("{} cannot be written", path.display()))
}

fn spawn(arguments: &[OsString], log: &File, ear: &Ear) -> anyhow::Result<Child> {
    let program = std::env::current_exe().context("cannot find the program of this process")?;
    let mut command = Command::new(program);
    command.args(["daemon", "serve"]).args(arguments).env("NOTIFY_SOCKET", ear.name());
    command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log.try_clone()?);
    command.spawn().context("cannot start the daemon")
}

/// Has the ear hear when the process has ended.
fn reap(mut child: Child, ear: String) -> std::io::Result<()> {
    let wait = move || {
        let _ = child.wait();
        Ear::end(&ear);
    };
    thread::Builder::new().name("daemon".to_owned()).spawn(wait).map(drop)
}

fn stop(pid_file: &Path) -> anyhow::Result<ExitCode> {
    let Some((record, process)) = running(pid_file)? else { return none(pid_file) };
    process.terminate().with_context(|| format!("process {} cannot be ended", record.pid))?;
    if !process.wait(STOP_TIME)? {
        let (pid, time) = (record.pid, STOP_TIME.as_secs());
        talk::error(format_args!("error: process {pid} is ending, and has not ended within {time} s"));
        return Ok(ExitCode::from(FAULTY));
    }
    forget(pid_file)?;
    println(&format!("process {} has ended", record.pid));
    Ok(ExitCode::SUCCESS)
}

fn status(pid_file: &Path, format: Format) -> anyhow::Result<ExitCode> {
    let found = running(pid_file)?;
    if format == Format::Json {
        let record = found.as_ref().map(|(record, _)| record);
        let told = json!({
            "running": record.is_some(),
            "pid": record.map(|record| record.pid),
            "line": record.map(|record| &record.line),
            "pid_file": pid_file.display().to_string(),
        });
        println(&format!("{told:#}"));
        return Ok(if record.is_some() { ExitCode::SUCCESS } else { ExitCode::from(UNREACHABLE) });
    }
    let Some((record, _)) = found else { return none(pid_file) };
    let line = match &*record.line {
        "" if is_claimed(pid_file) => "starting",
        "" => "whoever started it has not waited until it served",
        line => line,
    };
    println(&format!("process {} runs: {line}", record.pid));
    Ok(ExitCode::SUCCESS)
}

fn none(pid_file: &Path) -> anyhow::Result<ExitCode> {
    talk::error(format_args!("error: no daemon runs ({})", pid_file.display()));
    Ok(ExitCode::from(UNREACHABLE))
}

impl Logs {
    fn run(self) -> anyhow::Result<ExitCode> {
        let (text, log) = Log::tail(&self.talk.file()?, self.lines)?;
        let mut out = std::io::stdout();
        // Whoever stops reading has seen enough.
        let is_read = out.write_all(&text).and_then(|()| out.flush()).is_ok();
        if self.follow && is_read {
            log.follow(out)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Whoever does not read it still sees the exit code.
fn println(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}
