//! What files looked like before they were read: whoever looks again knows whether they are to be read again.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// What a file looked like. Two looks that differ are of different contents or permissions, or of times close to each
/// other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Look {
    inode: u64,
    size: u64,
    modified: (i64, i64),
    /// The file, its permissions or its names: who may read it now may not have been able to before
    changed: (i64, i64),
}

impl Look {
    /// `None` where there is nothing.
    fn at(path: &Path) -> Option<Look> {
        let seen = std::fs::metadata(path).ok()?;
        Some(Look {
            inode: seen.ino(),
            size: seen.len(),
            modified: (seen.mtime(), seen.mtime_nsec()),
            changed: (seen.ctime(), seen.ctime_nsec()),
        })
    }
}

/// Files and folders, each as it was when it was looked at.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sightings(BTreeMap<PathBuf, Option<Look>>);

impl Sightings {
    /// Looks at a file that is read next, whether it is there or not; a folder is changed by what comes and goes in it.
    /// Of several looks the first counts.
    pub(crate) fn see(&mut self, path: &Path) {
        if !self.0.contains_key(path) {
            self.0.insert(path.to_owned(), Look::at(path));
        }
    }

    /// Adds what only others have seen.
    pub(crate) fn join(&mut self, others: &Sightings) {
        for (path, look) in &others.0 {
            self.0.entry(path.clone()).or_insert(*look);
        }
    }

    /// What is not as it was seen; it is taken as it is now.
    pub(crate) fn changed(&mut self) -> Vec<PathBuf> {
        let mut changed = Vec::new();
        for (path, known) in &mut self.0 {
            let now = Look::at(path);
            if now != *known {
                *known = now;
                changed.push(path.clone());
            }
        }
        changed
    }

    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.0.keys().map(PathBuf::as_path)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::Sightings;

    #[test]
    fn what_may_be_read_now_has_changed() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        std::fs::write(&file, "one").unwrap();
        let mut seen = Sightings::default();
        seen.see(&file);
        for mode in [0o000, 0o600] {
            // Two changes of one tick of the kernel's clock look the same.
            while seen.changed().is_empty() {
                std::fs::set_permissions(&file, PermissionsExt::from_mode(mode)).unwrap();
            }
        }
    }

    #[test]
    fn what_is_saved_while_it_is_read_has_changed() {
        let folder = tempfile::tempdir().unwrap();
        let (file, missing) = (folder.path().join("a"), folder.path().join("b"));
        std::fs::write(&file, "one").unwrap();
        let mut seen = Sightings::default();
        seen.see(&file);
        seen.see(&missing);
        std::fs::write(&file, "other").unwrap();
        std::fs::write(&missing, "there").unwrap();
        seen.see(&file);
        let mut later = Sightings::default();
        later.see(&file);
        later.join(&seen);
        assert_eq!(later.changed(), std::slice::from_ref(&missing), "what a later look saw holds");
        assert_eq!(seen.changed(), [file, missing], "the first look counts");
        assert!(seen.changed().is_empty());
    }
}
