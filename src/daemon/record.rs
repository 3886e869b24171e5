//! The PID file: number and start of a process, and the line it was ready with.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;

use anyhow::{Context, bail};
use mocker_runtime::Process;

/// A daemon as its PID file knows it. Numbers of processes come again; a number and a start do not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) pid: u32,
    /// Clock ticks from the start of the system to that of the process (proc_pid_stat(5), field 22)
    pub(crate) start: u64,
    /// What it said when it was ready; empty before
    pub(crate) line: String,
}

impl Record {
    /// What is known of a process that runs.
    pub(crate) fn of(pid: u32) -> io::Result<Record> {
        let start = start_of(pid).ok_or(ErrorKind::NotFound)?;
        Ok(Record { pid, start, line: String::new() })
    }

    fn parse(text: &str) -> Option<Record> {
        let mut lines = text.lines();
        let pid = lines.next()?.trim().parse().ok()?;
        let start = lines.next()?.trim().parse().ok()?;
        Some(Record { pid, start, line: lines.next().unwrap_or_default().to_owned() })
    }

    /// The process, if it still runs.
    pub(crate) fn process(&self) -> Option<Process> {
        // Who is opened first cannot be taken for another afterwards.
        let process = Process::open(self.pid).ok()?;
        (start_of(self.pid) == Some(self.start)).then_some(process)
    }
}

/// The daemon that a PID file tells of; `None` where there is none, and where the file tells of one that has ended.
///
/// # Errors
/// Where the file cannot be read.
pub(crate) fn running(path: &Path) -> anyhow::Result<Option<(Record, Process)>> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        read => read.with_context(|| format!("{} cannot be read", path.display()))?,
    };
    Ok(of_text(&text))
}

fn of_text(text: &str) -> Option<(Record, Process)> {
    let record = Record::parse(text)?;
    let process = record.process()?;
    Some((record, process))
}

/// A PID file while a daemon is being started: no two are at the same time.
pub(crate) struct Claim(File);

impl Claim {
    /// Claims a PID file.
    ///
    /// # Errors
    /// Where it cannot be written, and where a daemon runs already or is being started.
    pub(crate) fn new(path: &Path) -> anyhow::Result<Claim> {
        let name = path.display();
        let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let mut file = opened.with_context(|| format!("{name} cannot be written"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => bail!("a daemon is being started already ({name})"),
            Err(TryLockError::Error(error)) => return Err(error).context(format!("{name} cannot be locked")),
        }
        let mut text = String::new();
        file.read_to_string(&mut text).with_context(|| format!("{name} is no PID file"))?;
        if let Some((record, _)) = of_text(&text) {
            bail!("a daemon runs already: process {} ({name})", record.pid);
        }
        Ok(Claim(file))
    }

    /// Writes down who the daemon is.
    pub(crate) fn write(&mut self, record: &Record) -> io::Result<()> {
        self.clear()?;
        write!(self.0, "{}\n{}\n{}\n", record.pid, record.start, record.line)
    }

    /// There is none after all.
    pub(crate) fn clear(&mut self) -> io::Result<()> {
        self.0.set_len(0)?;
        self.0.seek(SeekFrom::Start(0)).map(drop)
    }
}

fn start_of(pid: u32) -> Option<u64> {
    of_stat(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// The name of the program, in brackets, may hold anything. One that has ended and is not yet forgotten does not run.
fn of_stat(stat: &str) -> Option<u64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_ascii_whitespace();
    let state = fields.next()?;
    if matches!(state, "Z" | "X") {
        return None;
    }
    fields.nth(18)?.parse().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const STAT: &str = "7 (a) b) S 1 7 7 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 3 0 8123 9 9";

    #[test]
    fn the_start_of_a_process_is_found() {
        assert_eq!(of_stat(STAT), Some(8123));
        assert_eq!(of_stat(&STAT.replace(") S ", ") Z ")), None);
        assert_eq!(of_stat("7 (a) S 1"), None);
        assert_eq!(of_stat(""), None);
    }

    #[test]
    fn a_file_tells_of_who_runs_and_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mocker.pid");
        assert!(running(&path).unwrap().is_none());
        let own = Record { line: "ready".to_owned(), ..Record::of(std::process::id()).unwrap() };
        Claim::new(&path).unwrap().write(&own).unwrap();
        assert_eq!(running(&path).unwrap().unwrap().0, own);
        let refused = Claim::new(&path).err().unwrap().to_string();
        assert!(refused.contains("runs already"), "{refused}");
        for stale in [
            String::new(),
            "sesame".to_owned(),
            format!("{}", own.pid),
            format!("{}\n{}\n", own.pid, own.start + 1),
            format!("{}\n{}\n", i32::MAX, own.start),
        ] {
            fs::write(&path, &stale).unwrap();
            assert!(running(&path).unwrap().is_none(), "{stale:?}");
            Claim::new(&path).unwrap();
        }
    }

    #[test]
    fn no_two_are_started_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mocker.pid");
        let mut first = Claim::new(&path).unwrap();
        assert!(Claim::new(&path).is_err());
        first.clear().unwrap();
        drop(first);
        Claim::new(&path).unwrap();
    }
}
