//! The log of a daemon: its end, and what is written to it from then on.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};

use anyhow::Context;
use notify::{RecommendedWatcher, RecursiveMode, Watcher};

use crate::limits::{LOG_LOOK, MAX_LOG_TAIL};
use crate::opening::{Special, reading};

/// A log, read up to some place.
pub(crate) struct Log {
    path: PathBuf,
    /// What is read, though the name be given to another meanwhile
    file: Option<File>,
    /// Bytes of it that were read
    at: u64,
}

impl Log {
    /// What was written behind `at`, in bytes.
    pub(crate) fn after(path: &Path, at: u64) -> Log {
        Log { path: path.to_owned(), file: None, at }
    }

    /// The last lines.
    ///
    /// # Errors
    /// Where the log cannot be read.
    pub(crate) fn tail(path: &Path, lines: usize) -> anyhow::Result<(Vec<u8>, Log)> {
        let mut log = Log::after(path, 0);
        let opened = reading(path, Special::Read).and_then(|file| Ok((file.metadata()?.len(), file)));
        let (length, file) = opened.with_context(|| log.unreadable())?;
        log = Log { file: Some(file), at: length.saturating_sub(MAX_LOG_TAIL), ..log };
        let text = log.news()?;
        Ok((last(&text, lines).to_vec(), log))
    }

    /// What was written since: the rest of the file that was read so far, then what has its name.
    ///
    /// # Errors
    /// Where the log cannot be read.
    pub(crate) fn news(&mut self) -> anyhow::Result<Vec<u8>> {
        self.try_news().with_context(|| self.unreadable())
    }

    fn try_news(&mut self) -> io::Result<Vec<u8>> {
        let rest = self.rest()?;
        if !rest.is_empty() {
            return Ok(rest);
        }
        let named = match reading(&self.path, Special::Read) {
            // It is moved away, and the next one is not there yet.
            Err(error) if error.kind() == ErrorKind::NotFound && self.file.is_some() => return Ok(rest),
            opened => opened?,
        };
        if let Some(file) = &self.file {
            if identity(file)? == identity(&named)? {
                return Ok(rest);
            }
            self.at = 0;
        }
        self.file = Some(named);
        self.rest()
    }

    fn rest(&mut self) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        let Some(file) = &mut self.file else { return Ok(text) };
        if file.metadata()?.len() < self.at {
            // It was begun anew.
            self.at = 0;
        }
        file.seek(SeekFrom::Start(self.at))?;
        file.take(MAX_LOG_TAIL).read_to_end(&mut text)?;
        self.at += text.len() as u64;
        Ok(text)
    }

    /// Writes what comes to `out`, until nobody reads it.
    ///
    /// # Errors
    /// Where the log cannot be read.
    pub(crate) fn follow(mut self, mut out: impl Write) -> anyhow::Result<()> {
        let (tell, told) = channel();
        // Where the kernel does not tell, a look now and then does.
        let _watcher = watcher(&self.path, tell.clone());
        loop {
            let news = self.news()?;
            if news.is_empty() {
                // Something happened, or it is time to look.
                let _ = told.recv_timeout(LOG_LOOK);
            } else if out.write_all(&news).and_then(|()| out.flush()).is_err() {
                return Ok(());
            }
        }
    }

    fn unreadable(&self) -> String {
        format!("{} cannot be read", self.path.display())
    }
}

/// Device and inode.
fn identity(file: &File) -> io::Result<(u64, u64)> {
    let found = file.metadata()?;
    Ok((found.dev(), found.ino()))
}

fn watcher(path: &Path, tell: Sender<()>) -> notify::Result<RecommendedWatcher> {
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // Reading it changes nothing, and we read it ourselves.
        if !event.is_ok_and(|event| event.kind.is_access()) {
            let _ = tell.send(());
        }
    })?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    watcher.watch(folder, RecursiveMode::NonRecursive)?;
    Ok(watcher)
}

/// The last lines of a text.
fn last(text: &[u8], lines: usize) -> &[u8] {
    let whole = text.strip_suffix(b"\n").unwrap_or(text);
    let breaks = whole.iter().enumerate().rev().filter(|(_, byte)| **byte == b'\n');
    match lines.checked_sub(1) {
        None => &[],
        Some(before) => breaks.map(|(at, _)| at + 1).nth(before).map_or(text, |start| &text[start..]),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs;

    use super::{Log, last};

    #[test]
    fn no_line_is_lost_while_a_log_is_rotated() {
        let folder = tempfile::tempdir().unwrap();
        let (path, moved) = (folder.path().join("mocker.log"), folder.path().join("mocker.log.1"));
        fs::write(&path, "one\ntwo\n").unwrap();
        let (text, mut log) = Log::tail(&path, 1).unwrap();
        assert_eq!(text, b"two\n");
        let mut news = || String::from_utf8(log.news().unwrap()).unwrap();
        assert_eq!(news(), "");
        fs::rename(&path, &moved).unwrap();
        assert_eq!(news(), "", "it is not there for a moment");
        fs::write(&moved, "one\ntwo\nlate\n").unwrap();
        fs::write(&path, "longer than what was there before\n").unwrap();
        assert_eq!(news(), "late\n", "what was written to the old one meanwhile");
        assert_eq!(news(), "longer than what was there before\n");
        assert_eq!(news(), "");
        fs::write(&path, "begun anew\n").unwrap();
        assert_eq!(news(), "begun anew\n");
    }

    #[test]
    fn a_log_that_is_not_there_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mocker.log");
        assert!(Log::tail(&path, 1).is_err() && Log::after(&path, 0).news().is_err());
        fs::write(&path, "before\nafter\n").unwrap();
        assert_eq!(Log::after(&path, 7).news().unwrap(), b"after\n");
    }

    #[test]
    fn lines_are_counted_from_the_end() {
        for (text, lines, expected) in [
            ("a\nb\nc\n", 1, "c\n"),
            ("a\nb\nc\n", 2, "b\nc\n"),
            ("a\nb\nc\n", 3, "a\nb\nc\n"),
            ("a\nb\nc\n", 9, "a\nb\nc\n"),
            ("a\nb\nc", 2, "b\nc"),
            ("a\nb\n", 0, ""),
            ("", 3, ""),
        ] {
            assert_eq!(last(text.as_bytes(), lines), expected.as_bytes(), "{text:?} {lines}");
        }
    }
}
