//! Where lines of the access log go.

use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use crate::{opening, talk};

/// Standard error, or a file.
pub(super) enum Sink {
    Talk,
    File {
        path: PathBuf,
        file: Appending<File>,
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
        Ok(Sink::File {
            path: path.to_owned(),
            file: Appending::new(opened(path).map_err(named)?),
            is_failing: false,
        })
    }

    /// Opens the file again. Where that fails the one that is open is written on.
    pub(super) fn reopen(&mut self) {
        if let Sink::File { path, file, is_failing } = self {
            match opened(path) {
                Ok(again) => {
                    // Where it is the same file, its last line is what it was.
                    let is_torn = file.is_torn && again.metadata().is_ok_and(|found| found.len() > 0);
                    (*file, *is_failing) = (Appending { out: again, is_torn }, false);
                }
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
            Sink::File { path, file, is_failing } => match file.write(lines) {
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
    opening::writing(path, File::options().create(true).append(true))
}

/// Appends lines; a line of which a part was written when the rest failed is ended before the next one.
pub(super) struct Appending<W> {
    out: W,
    is_torn: bool,
}

impl<W: Write> Appending<W> {
    fn new(out: W) -> Appending<W> {
        Appending { out, is_torn: false }
    }

    fn write(&mut self, lines: &[u8]) -> io::Result<()> {
        if self.is_torn {
            self.out.write_all(b"\n")?;
            self.is_torn = false;
        }
        let mut written = 0;
        while written < lines.len() {
            match self.out.write(&lines[written..]) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Ok(count @ 1..) => written += count,
                stopped => {
                    self.is_torn = lines[..written].last().is_some_and(|last| *last != b'\n');
                    return Err(stopped.err().unwrap_or_else(|| ErrorKind::WriteZero.into()));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// Has room for so many bytes.
    struct Disk(Vec<u8>, usize);

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let taken = bytes.len().min(self.1 - self.0.len());
            self.0.extend_from_slice(&bytes[..taken]);
            if taken == 0 { Err(ErrorKind::StorageFull.into()) } else { Ok(taken) }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_line_that_was_cut_off_is_ended_before_the_next() {
        for (room, expected) in [
            (0, "four\n"),
            (1, "o\nfour\n"),
            (3, "one\nfour\n"),
            (4, "one\nfour\n"),
            (6, "one\ntw\nfour\n"),
            (8, "one\ntwo\nfour\n"),
        ] {
            let mut log = Appending::new(Disk(Vec::new(), room));
            assert_eq!(log.write(b"one\ntwo\n").is_ok(), room == 8);
            if room < 8 {
                assert!(log.write(b"three\n").is_err());
            }
            log.out.1 = usize::MAX;
            log.write(b"four\n").unwrap();
            assert_eq!(String::from_utf8(log.out.0).unwrap(), expected, "{room}");
        }
    }
}
