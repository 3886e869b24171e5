//! The PID file: number and start of a process, and the line it was ready with.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use anyhow::{Context, bail};
use mocker_runtime::Process;

use crate::limits::MAX_CLAIMS;
use crate::opening::{Special, reading};

/// A daemon as its PID file knows it. Numbers of processes come again; a number and a start do not until the
/// system starts anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) pid: u32,
    /// Clock ticks from the start of the system to that of the process (proc_pid_stat(5), field 22)
    pub(crate) start: u64,
    /// Of the system (random(4)): ticks begin anew with each; empty where it does not tell
    pub(crate) boot: String,
    /// What it said when it was ready; empty before
    pub(crate) line: String,
}

impl Record {
    /// What is known of a process that runs.
    pub(crate) fn of(pid: u32) -> io::Result<Record> {
        let start = start_of(pid).ok_or(ErrorKind::NotFound)?;
        Ok(Record { pid, start, boot: boot(), line: String::new() })
    }

    fn parse(text: &str) -> Option<Record> {
        let mut lines = text.lines();
        let pid = lines.next()?.trim().parse().ok()?;
        let (start, boot) =
            lines.next().map(|line| line.trim().split_once(' ').unwrap_or((line.trim(), "")))?;
        let (start, boot) = (start.parse().ok()?, boot.to_owned());
        Some(Record { pid, start, boot, line: lines.next().unwrap_or_default().to_owned() })
    }

    fn text(&self) -> String {
        let Record { pid, start, boot, line } = self;
        format!("{pid}\n{start} {boot}\n{line}\n")
    }

    /// The process, if it still runs.
    pub(crate) fn process(&self) -> Option<Process> {
        // Who is opened first cannot be taken for another afterwards.
        let process = Process::open(self.pid).ok()?;
        (self.boot == boot() && start_of(self.pid) == Some(self.start)).then_some(process)
    }
}

/// The daemon that a PID file tells of; `None` where there is none, and where the file tells of one that has ended.
///
/// # Errors
/// Where the file cannot be read.
pub(crate) fn running(path: &Path) -> anyhow::Result<Option<(Record, Process)>> {
    let text = match reading(path, Special::Refused).and_then(io::read_to_string) {
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

/// Takes the PID file of a daemon that has ended away, unless somebody starts another by it.
pub(crate) fn forget(path: &Path) -> anyhow::Result<()> {
    let Ok(file) = reading(path, Special::Refused) else { return Ok(()) };
    // Nobody claims it from here to the end.
    if file.try_lock().is_ok() && is_at(&file, path) && running(path)?.is_none() {
        fs::remove_file(path).with_context(|| format!("{} cannot be removed", path.display()))?;
    }
    Ok(())
}

/// Whether somebody is starting a daemon by a PID file.
pub(crate) fn is_claimed(path: &Path) -> bool {
    reading(path, Special::Refused)
        .is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

/// Whether a file that was opened is still the one of that name.
fn is_at(file: &File, path: &Path) -> bool {
    let identity = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    let (opened, named) = (file.metadata().map(identity), fs::metadata(path).map(identity));
    matches!((opened, named), (Ok(opened), Ok(named)) if opened == named)
}

/// A PID file while a daemon is being started: no two are at the same time.
pub(crate) struct Claim(File);

impl Claim {
    /// Claims a PID file.
    ///
    /// # Errors
    /// Where it cannot be written, where it is a file of another kind, and where a daemon runs already or is being started.
    pub(crate) fn new(path: &Path) -> anyhow::Result<Claim> {
        for _ in 0..MAX_CLAIMS {
            if let Some(claim) = Claim::once(path)? {
                return Ok(claim);
            }
        }
        bail!("{} is taken away again and again", path.display())
    }

    /// `None` where the file was taken away before it was claimed.
    fn once(path: &Path) -> anyhow::Result<Option<Claim>> {
        let name = path.display();
        let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let mut file = opened.with_context(|| format!("{name} cannot be written"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => bail!("a daemon is being started already ({name})"),
            Err(TryLockError::Error(error)) => return Err(error).context(format!("{name} cannot be locked")),
        }
        if !is_at(&file, path) {
            return Ok(None);
        }
        let mut text = String::new();
        if file.metadata().is_ok_and(|found| found.is_file()) {
            file.read_to_string(&mut text).with_context(|| format!("{name} is no PID file"))?;
        } else {
            bail!("{name} is a pipe or a device, and no PID file of a daemon: name another");
        }
        if !text.is_empty() && Record::parse(&text).is_none() {
            bail!("{name} is there already, and no PID file of a daemon: name another");
        }
        if let Some((record, _)) = of_text(&text) {
            bail!("a daemon runs already: process {} ({name})", record.pid);
        }
        Ok(Some(Claim(file)))
    }

    /// Writes down who the daemon is. What was there is written over: no reader finds an empty file between two records.
    pub(crate) fn write(&mut self, record: &Record) -> io::Result<()> {
        let text = record.text();
        self.0.seek(SeekFrom::Start(0))?;
        self.0.write_all(text.as_bytes())?;
        self.0.set_len(text.len() as u64)
    }

    /// There is none after all.
    pub(crate) fn clear(&mut self) -> io::Result<()> {
        self.0.set_len(0)?;
        self.0.seek(SeekFrom::Start(0)).map(drop)
    }
}

fn boot() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned()
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

    use std::sync::atomic::{AtomicBool, Ordering};

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
            Record { start: own.start + 1, ..own.clone() }.text(),
            Record { pid: i32::MAX as u32, ..own.clone() }.text(),
            Record { boot: "of another start".to_owned(), ..own.clone() }.text(),
        ] {
            fs::write(&path, &stale).unwrap();
            assert!(running(&path).unwrap().is_none(), "{stale:?}");
            Claim::new(&path).unwrap();
        }
    }

    #[test]
    fn no_reader_finds_an_empty_file_between_two_records() {
        const RECORDS: usize = 2_000;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mocker.pid");
        let own = Record::of(std::process::id()).unwrap();
        let mut claim = Claim::new(&path).unwrap();
        claim.write(&own).unwrap();
        let is_over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for number in 0..RECORDS {
                    let line = "ready ".repeat(number % 7);
                    claim.write(&Record { line, ..own.clone() }).unwrap();
                }
                is_over.store(true, Ordering::Relaxed);
            });
            while !is_over.load(Ordering::Relaxed) {
                assert!(running(&path).unwrap().is_some_and(|(record, _)| record.start == own.start));
            }
        });
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text.lines().count(), 3, "nothing is left of longer ones: {text:?}");
    }

    #[test]
    fn a_file_of_another_kind_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("precious");
        for text in ["sesame", "\n", "123\n"] {
            fs::write(&path, text).unwrap();
            let refused = Claim::new(&path).err().unwrap().to_string();
            assert!(refused.contains("no PID file of a daemon"), "{refused}");
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[test]
    fn who_claims_a_file_has_it_though_others_forget_it() {
        const CLAIMS: usize = 2_000;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mocker.pid");
        let own = Record::of(std::process::id()).unwrap();
        let is_over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    forget(&path).unwrap();
                }
            });
            let mut claimed = 0;
            while claimed < CLAIMS {
                // The other may hold the lock for the moment.
                let Ok(mut claim) = Claim::new(&path) else { continue };
                assert!(is_claimed(&path));
                claim.write(&own).unwrap();
                assert_eq!(running(&path).unwrap().map(|(record, _)| record), Some(own.clone()));
                claim.clear().unwrap();
                claimed += 1;
            }
            is_over.store(true, Ordering::Relaxed);
        });
        forget(&path).unwrap();
        assert!(!path.exists() && !is_claimed(&path));
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
