//! Where lines of the access log go.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::talk;

/// Standard error, or a file.
pub(super) enum Sink {
    Talk,
    File {
        path: PathBuf,
        file: File,
        /// It was told that it cannot be written
        is_failing: bool,
    },
}

impl Sink {
    /// The file at `path`, else standard error.
    ///
    /// # Errors
    /// Where the file cannot be opened; the error names it.
    pub(super) fn open(path: Option<&Path>) -> io::Result<Sink> {
        let Some(path) = path else { return Ok(Sink::Talk) };
        let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
        Ok(Sink::File { path: path.to_owned(), file: opened(path).map_err(named)?, is_failing: false })
    }

    /// Opens the file again. Where that fails the one that is open is written on.
    pub(super) fn reopen(&mut self) {
        if let Sink::File { path, file, is_failing } = self {
            match opened(path) {
                Ok(again) => (*file, *is_failing) = (again, false),
                Err(error) => talk::warn(format_args!("warning: {}: {error}", path.display())),
            }
        }
    }

    /// Writes whole lines. What a file does not take is lost, and told once.
    pub(super) fn write(&mut self, lines: &[u8]) {
        if lines.is_empty() {
            return;
        }
        match self {
            Sink::Talk => talk::write(lines),
            Sink::File { path, file, is_failing } => match file.write_all(lines) {
                Ok(()) => *is_failing = false,
                Err(_) if *is_failing => {}
                Err(error) => {
                    *is_failing = true;
                    talk::warn(format_args!("warning: {}: {error}: lines are lost", path.display()));
                }
            },
        }
    }
}

fn opened(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).open(path)
}
