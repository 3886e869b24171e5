//! The log of a daemon: its end, and what is written to it from then on.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};

use anyhow::Context;
use notify::{RecommendedWatcher, RecursiveMode, Watcher};

use crate::limits::{LOG_LOOK, MAX_LOG_TAIL};

/// A log, read up to some place.
pub(crate) struct Log {
    path: PathBuf,
    /// Bytes that were read
    at: u64,
}

impl Log {
    /// What was written behind `at`, in bytes.
    pub(crate) fn after(path: &Path, at: u64) -> Log {
        Log { path: path.to_owned(), at }
    }

    /// The last lines.
    ///
    /// # Errors
    /// Where the log cannot be read.
    pub(crate) fn tail(path: &Path, lines: usize) -> anyhow::Result<(Vec<u8>, Log)> {
        let mut log = Log::after(path, 0);
        let length = log.length()?;
        log.at = length.saturating_sub(MAX_LOG_TAIL);
        let text = log.news()?;
        Ok((last(&text, lines).to_vec(), log))
    }

    /// What was written since.
    ///
    /// # Errors
    /// Where the log cannot be read.
    pub(crate) fn news(&mut self) -> anyhow::Result<Vec<u8>> {
        let mut text = Vec::new();
        let length = self.length()?;
        if length < self.at {
            // It was begun anew.
            self.at = 0;
        }
        let read = || -> io::Result<Vec<u8>> {
            let mut file = File::open(&self.path)?;
            file.seek(SeekFrom::Start(self.at))?;
            file.take(MAX_LOG_TAIL).read_to_end(&mut text)?;
            Ok(text)
        };
        let text = read().with_context(|| self.unreadable())?;
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

    fn length(&self) -> anyhow::Result<u64> {
        Ok(std::fs::metadata(&self.path).with_context(|| self.unreadable())?.len())
    }

    fn unreadable(&self) -> String {
        format!("{} cannot be read", self.path.display())
    }
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
    use super::last;

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
