//! Watches files: says so when one of them is not what it was.
//!
//! The kernel tells of changes in the folders of the files, so that editors which replace a file and links that are
//! turned to another folder are seen. Where it does not tell, as on many network folders, a look now and then does.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Instant;

use notify::{RecommendedWatcher, RecursiveMode, Watcher};

use crate::limits::{WATCH_LOOK, WATCH_QUIET, WATCH_QUIET_AT_MOST};

/// What a watch has heard.
enum Heard {
    /// Something happened in a folder
    Something,
    /// SIGHUP: whatever the files are, they are to be read again
    Hangup,
}

/// Why files are to be read again.
pub(crate) enum Change {
    /// These are not what they were
    Files(Vec<PathBuf>),
    /// The user asked for it
    Asked,
    /// The user asked for it, through the Admin API
    Commanded,
}

/// What a file looked like. Two looks that differ are of different contents, or of times close to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Look {
    inode: u64,
    size: u64,
    modified: (i64, i64),
}

/// Watches `files` on a thread of its own until the process ends, and hears SIGHUP. `act` reads them again, and gives
/// those that count from then on.
///
/// # Errors
/// When the signal cannot be heard.
pub(crate) fn watch(
    files: Vec<PathBuf>,
    act: impl FnMut(&Change) -> Option<Vec<PathBuf>> + Send + 'static,
) -> std::io::Result<()> {
    let (tell, told) = channel();
    hear_hangup(tell.clone())?;
    thread::Builder::new().name("watch".to_owned()).spawn(move || Watch::new(files, tell).run(&told, act))?;
    Ok(())
}

fn hear_hangup(tell: Sender<Heard>) -> std::io::Result<()> {
    let (mut hear, signal) = UnixStream::pair()?;
    signal_hook::low_level::pipe::register(signal_hook::consts::SIGHUP, signal)?;
    let listen = move || {
        let mut byte = [0];
        while hear.read_exact(&mut byte).is_ok() && tell.send(Heard::Hangup).is_ok() {}
    };
    thread::Builder::new().name("hangup".to_owned()).spawn(listen).map(drop)
}

struct Watch {
    looks: BTreeMap<PathBuf, Option<Look>>,
    folders: BTreeSet<PathBuf>,
    /// `None` where the kernel does not tell
    watcher: Option<RecommendedWatcher>,
}

impl Watch {
    fn new(files: Vec<PathBuf>, tell: Sender<Heard>) -> Watch {
        let handler = move |event: notify::Result<notify::Event>| {
            // Reading a file changes nothing, and we read them ourselves.
            if !event.is_ok_and(|event| event.kind.is_access()) {
                let _ = tell.send(Heard::Something);
            }
        };
        let watcher = notify::recommended_watcher(handler).ok();
        let mut watch = Watch { looks: BTreeMap::new(), folders: BTreeSet::new(), watcher };
        watch.take(files);
        watch
    }

    fn run(mut self, told: &Receiver<Heard>, mut act: impl FnMut(&Change) -> Option<Vec<PathBuf>>) {
        loop {
            let is_asked = match told.recv_timeout(WATCH_LOOK) {
                Ok(Heard::Hangup) => true,
                Ok(Heard::Something) => settle(told),
                Err(RecvTimeoutError::Timeout) => false,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            let changed = self.changed();
            let change = match is_asked {
                true => Change::Asked,
                false if changed.is_empty() => continue,
                false => Change::Files(changed),
            };
            if let Some(files) = act(&change) {
                self.take(files);
            }
        }
    }

    /// The files that are not what they were; they are taken as they are now.
    fn changed(&mut self) -> Vec<PathBuf> {
        let mut changed = Vec::new();
        for (path, known) in &mut self.looks {
            let now = look(path);
            if now != *known {
                *known = now;
                changed.push(path.clone());
            }
        }
        changed
    }

    /// Watches these from now on. A file that was known is taken as it was when it was last looked at.
    fn take(&mut self, files: Vec<PathBuf>) {
        let mut looks = BTreeMap::new();
        for path in files {
            let seen = self.looks.get(&path).copied().unwrap_or_else(|| look(&path));
            looks.insert(path, seen);
        }
        self.looks = looks;
        let folders: BTreeSet<PathBuf> = self.looks.keys().flat_map(|path| folders_of(path)).collect();
        let Some(watcher) = &mut self.watcher else { return };
        for folder in self.folders.difference(&folders) {
            let _ = watcher.unwatch(folder);
        }
        // A folder that cannot be watched is looked at now and then.
        self.folders = folders
            .into_iter()
            .filter(|folder| {
                self.folders.contains(folder) || watcher.watch(folder, RecursiveMode::NonRecursive).is_ok()
            })
            .collect();
    }
}

/// The folder a file is in, and the one it is really in, where a link leads there; a folder itself.
fn folders_of(path: &Path) -> Vec<PathBuf> {
    let parent = |path: &Path| match path.parent() {
        Some(parent) if parent.as_os_str().is_empty() => PathBuf::from("."),
        Some(parent) => parent.to_owned(),
        None => path.to_owned(),
    };
    let mut folders = vec![parent(path)];
    folders.extend(path.canonicalize().ok().map(|real| parent(&real)));
    if path.is_dir() {
        folders.push(path.to_owned());
    }
    folders
}

fn look(path: &Path) -> Option<Look> {
    let seen = std::fs::metadata(path).ok()?;
    Some(Look { inode: seen.ino(), size: seen.len(), modified: (seen.mtime(), seen.mtime_nsec()) })
}

/// Waits until nothing was told for a moment: files are written in pieces. Whether SIGHUP was among what was told.
fn settle(told: &Receiver<Heard>) -> bool {
    let begun = Instant::now();
    let mut is_asked = false;
    while begun.elapsed() < WATCH_QUIET_AT_MOST {
        match told.recv_timeout(WATCH_QUIET) {
            Ok(heard) => is_asked |= matches!(heard, Heard::Hangup),
            Err(_) => break,
        }
    }
    is_asked
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::time::Duration;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(20);

    /// Watches, and gives where changes are told.
    fn watched(files: Vec<PathBuf>) -> Receiver<Vec<PathBuf>> {
        let (tell, told) = channel();
        let (quiet, events) = channel();
        let mut tell_change = move |change: &Change| {
            if let Change::Files(files) = change {
                tell.send(files.clone()).ok();
            }
            None
        };
        let watch = Watch::new(files, quiet);
        thread::spawn(move || watch.run(&events, &mut tell_change));
        told
    }

    #[test]
    fn every_way_of_writing_a_file_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.yaml");
        std::fs::write(&file, "one").unwrap();
        let told = watched(vec![file.clone()]);
        let expect = |what: &str| {
            assert_eq!(told.recv_timeout(PATIENCE).expect(what), std::slice::from_ref(&file), "{what}");
        };
        std::fs::write(&file, "three").unwrap();
        expect("written in place");
        let other = folder.path().join("a.yaml~");
        std::fs::write(&other, "four!").unwrap();
        std::fs::rename(&other, &file).unwrap();
        expect("replaced, as editors do");
        std::fs::remove_file(&file).unwrap();
        expect("deleted");
        std::fs::write(&file, "again").unwrap();
        expect("made again");
    }

    #[test]
    fn a_link_that_is_turned_elsewhere_is_seen() {
        // As Kubernetes mounts a ConfigMap: the file is a link through a folder that is a link.
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for (version, text) in [("v1", "one"), ("v2", "other")] {
            std::fs::create_dir(at(version)).unwrap();
            std::fs::write(at(version).join("a.yaml"), text).unwrap();
        }
        std::os::unix::fs::symlink("v1", at("data")).unwrap();
        std::os::unix::fs::symlink("data/a.yaml", at("a.yaml")).unwrap();
        let told = watched(vec![at("a.yaml")]);
        std::os::unix::fs::symlink("v2", at("data~")).unwrap();
        std::fs::rename(at("data~"), at("data")).unwrap();
        assert_eq!(told.recv_timeout(PATIENCE).unwrap(), [at("a.yaml")]);
    }

    #[test]
    fn other_files_of_the_folder_do_not_matter() {
        let folder = tempfile::tempdir().unwrap();
        let (file, other) = (folder.path().join("a.yaml"), folder.path().join("b.yaml"));
        std::fs::write(&file, "one").unwrap();
        let told = watched(vec![file.clone()]);
        std::fs::write(&other, "noise").unwrap();
        std::fs::write(&file, "other").unwrap();
        assert_eq!(told.recv_timeout(PATIENCE).unwrap(), [file]);
        assert!(told.try_recv().is_err());
    }
}
