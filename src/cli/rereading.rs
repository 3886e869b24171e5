//! The configuration of a server that runs, read again and again from the file it was started with.

use std::cell::{Cell, OnceCell};
use std::path::PathBuf;

use anyhow::bail;

use super::flags::Flags;
use crate::config::Loaded;

/// Reads the effective settings again and again.
pub(crate) struct Rereading {
    flags: Flags,
    /// The first file that said something: where it is not there any more, no other is looked for
    file: OnceCell<PathBuf>,
    /// Whether it has said something
    was_filled: Cell<bool>,
}

impl Rereading {
    pub(super) fn new(flags: Flags) -> Rereading {
        Rereading { flags, file: OnceCell::new(), was_filled: Cell::new(false) }
    }

    /// Reads everything.
    ///
    /// # Errors
    /// When a file that was named, or has said something before, cannot be read, and when it says nothing any more: it is about to be
    /// written, and what it is to ask for, credentials say, must not be dropped until then.
    pub(crate) fn load(&self) -> anyhow::Result<Loaded> {
        let mut flags = self.flags.clone();
        flags.config = self.file.get().cloned().or(flags.config);
        let loaded = flags.load()?;
        // Faults are for the caller to tell.
        if let (Some(file), Some(_)) = (&loaded.file, &loaded.configuration) {
            if self.was_filled.get() && !loaded.is_filled {
                bail!(
                    "{} says nothing any more; a server without a configuration is started anew",
                    file.display()
                );
            }
            // One that has never said anything may go as it came.
            if loaded.is_filled {
                // The same as before, where there was one.
                let _ = self.file.set(file.clone());
                self.was_filled.set(true);
            }
        }
        Ok(loaded)
    }
}
