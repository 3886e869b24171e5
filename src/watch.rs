//! Watches files: says so when one of them is not what it was.
//!
//! The kernel tells of changes in the folders of the files, so that editors which replace a file and links that are
//! turned to another folder are seen. Where it does not tell, as on many network folders, a look now and then does.

use std::collections::BTreeSet;
use std::io::Read;
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use notify::{RecommendedWatcher, RecursiveMode, Watcher};

use crate::limits::{WATCH_LOOK, WATCH_QUIET, WATCH_QUIET_AT_MOST};
use crate::sightings::Sightings;
use crate::talk;

/// What a watch has heard.
enum Heard {
    /// Something happened in a folder
    Something,
    /// SIGHUP: whatever the files are, they are to be read again
    Hangup,
    /// The same from the Admin API, which is told when it is done
    Command(SyncSender<()>),
}

/// Has files read again, whatever they are.
pub(crate) struct Asking(Sender<Heard>);

impl Asking {
    /// Waits until they were read.
    pub(crate) fn ask(&self) {
        let (done, is_done) = sync_channel(1);
        if self.0.send(Heard::Command(done)).is_ok() {
            let _ = is_done.recv();
        }
    }
}

/// Who has asked for files to be read again.
#[derive(Default)]
struct Asked {
    is_hangup: bool,
    commands: Vec<SyncSender<()>>,
}

impl Asked {
    fn hear(&mut self, heard: Heard) {
        match heard {
            Heard::Something => {}
            Heard::Hangup => self.is_hangup = true,
            Heard::Command(done) => self.commands.push(done),
        }
    }

    fn change(&self) -> Option<Change> {
        match self {
            Asked { is_hangup: true, .. } => Some(Change::Asked),
            Asked { commands, .. } if !commands.is_empty() => Some(Change::Commanded),
            Asked { .. } => None,
        }
    }

    fn tell_done(self) {
        for done in self.commands {
            let _ = done.send(());
        }
    }
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

/// What came of reading files again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// They are served: they alone count from now on
    Taken,
    /// What was there before is served on: its files count too
    Refused,
}

/// Watches files on a thread of its own until the process ends, and hears SIGHUP and who asks; where it `is_watching`
/// not, these alone. `act` reads them again, and says which they are: each as it was before it was read. `rest` is called
/// now and then where there is nothing to do.
///
/// # Errors
/// When the signal cannot be heard.
pub(crate) fn watch(
    seen: Sightings,
    is_watching: bool,
    act: impl FnMut(&Change, &mut Sightings) -> Outcome + Send + 'static,
    rest: impl FnMut() + Send + 'static,
) -> std::io::Result<Asking> {
    let (tell, told) = channel();
    hear_hangup(tell.clone())?;
    let asking = Asking(tell.clone());
    let watch = move || match is_watching {
        true => Watch::new(seen, tell).run(&told, act, rest),
        false => hear(&told, act, rest),
    };
    thread::Builder::new().name("watch".to_owned()).spawn(watch)?;
    Ok(asking)
}

/// Acts when it is asked for, and does not look at files.
fn hear(
    told: &Receiver<Heard>,
    mut act: impl FnMut(&Change, &mut Sightings) -> Outcome,
    mut rest: impl FnMut(),
) {
    loop {
        let mut asked = Asked::default();
        match told.recv_timeout(WATCH_LOOK) {
            Ok(heard) => asked.hear(heard),
            Err(RecvTimeoutError::Timeout) => rest(),
            Err(RecvTimeoutError::Disconnected) => return,
        }
        if let Some(change) = asked.change() {
            survive(&change, &mut Sightings::default(), &mut act);
        }
        asked.tell_done();
    }
}

/// A panic ends one reload, and not those behind it.
fn survive(
    change: &Change,
    seen: &mut Sightings,
    act: &mut impl FnMut(&Change, &mut Sightings) -> Outcome,
) -> Outcome {
    let caught = catch_unwind(AssertUnwindSafe(|| act(change, seen)));
    caught.unwrap_or_else(|_| {
        talk::warn(format_args!(
            "error: reading again failed for a fault of mocker's own; what was served before is served on"
        ));
        Outcome::Refused
    })
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
    seen: Sightings,
    folders: BTreeSet<PathBuf>,
    /// `None` where the kernel does not tell
    watcher: Option<RecommendedWatcher>,
}

impl Watch {
    fn new(seen: Sightings, tell: Sender<Heard>) -> Watch {
        let handler = move |event: notify::Result<notify::Event>| {
            // Reading a file changes nothing, and we read them ourselves.
            if !event.is_ok_and(|event| event.kind.is_access()) {
                let _ = tell.send(Heard::Something);
            }
        };
        let watcher = notify::recommended_watcher(handler).ok();
        let mut watch = Watch { seen: Sightings::default(), folders: BTreeSet::new(), watcher };
        watch.take(seen);
        watch
    }

    fn run(
        mut self,
        told: &Receiver<Heard>,
        mut act: impl FnMut(&Change, &mut Sightings) -> Outcome,
        mut rest: impl FnMut(),
    ) {
        // What was saved before a folder was watched nobody tells of.
        let mut patience = Duration::ZERO;
        loop {
            let mut asked = Asked::default();
            match told.recv_timeout(patience) {
                Ok(Heard::Something) => settle(told, &mut asked),
                Ok(heard) => asked.hear(heard),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            patience = WATCH_LOOK;
            let changed = self.seen.changed();
            let change = match asked.change() {
                Some(change) => change,
                None if changed.is_empty() => {
                    rest();
                    continue;
                }
                None => Change::Files(changed),
            };
            let mut seen = Sightings::default();
            if survive(&change, &mut seen, &mut act) == Outcome::Refused {
                seen.join(&self.seen);
            }
            self.take(seen);
            asked.tell_done();
            patience = Duration::ZERO;
        }
    }

    /// Watches these from now on.
    fn take(&mut self, seen: Sightings) {
        self.seen = seen;
        let folders: BTreeSet<PathBuf> = self.seen.paths().flat_map(folders_of).collect();
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

/// Waits until nothing was told for a moment: files are written in pieces.
fn settle(told: &Receiver<Heard>, asked: &mut Asked) {
    let begun = Instant::now();
    while begun.elapsed() < WATCH_QUIET_AT_MOST {
        match told.recv_timeout(WATCH_QUIET) {
            Ok(heard) => asked.hear(heard),
            Err(_) => break,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(20);

    fn sightings(files: &[PathBuf]) -> Sightings {
        let mut seen = Sightings::default();
        files.iter().for_each(|file| seen.see(file));
        seen
    }

    /// Writes a file in one step.
    fn replace(file: &Path, text: &str) {
        let other = file.with_extension("other");
        std::fs::write(&other, text).unwrap();
        std::fs::rename(&other, file).unwrap();
    }

    /// Watches, and does this with changes.
    fn watching(
        files: &[PathBuf],
        act: impl FnMut(&Change, &mut Sightings) -> Outcome + Send + 'static,
    ) -> Sender<Heard> {
        let (tell, told) = channel();
        let watch = Watch::new(sightings(files), tell.clone());
        thread::spawn(move || watch.run(&told, act, || {}));
        tell
    }

    /// Watches, and gives where changes are told.
    fn watched(files: Vec<PathBuf>) -> Receiver<Vec<PathBuf>> {
        let (tell, told) = channel();
        watching(&files, move |change, _| {
            if let Change::Files(files) = change {
                tell.send(files.clone()).ok();
            }
            Outcome::Refused
        });
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
        // In one step: what is emptied first may be told of twice.
        let mut open = std::fs::OpenOptions::new().append(true).open(&file).unwrap();
        std::io::Write::write_all(&mut open, b" more").unwrap();
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

    #[test]
    fn what_is_newly_named_and_saved_while_it_is_read_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        let (old, new) = (folder.path().join("a"), elsewhere.path().join("b"));
        std::fs::write(&old, "one").unwrap();
        std::fs::write(&new, "one").unwrap();
        let (tell, told) = channel();
        let (named, also) = (new.clone(), old.clone());
        let mut is_first = true;
        watching(std::slice::from_ref(&old), move |change, seen| {
            let Change::Files(files) = change else { return Outcome::Refused };
            seen.see(&also);
            seen.see(&named);
            if std::mem::take(&mut is_first) {
                // It was read already, and the folder it is in is not watched yet.
                std::fs::write(&named, "other").unwrap();
            }
            tell.send(files.clone()).ok();
            Outcome::Taken
        });
        replace(&old, "other");
        assert_eq!(told.recv_timeout(PATIENCE).unwrap(), [old]);
        let begun = Instant::now();
        assert_eq!(told.recv_timeout(PATIENCE).unwrap(), [new]);
        assert!(begun.elapsed() < WATCH_LOOK, "{:?}", begun.elapsed());
    }

    #[test]
    fn what_was_refused_is_watched_with_what_was_there_before() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("a"), "one").unwrap();
        let (tell, told) = channel();
        let named = at("c/b");
        watching(&[at("a")], move |change, seen| {
            let Change::Files(files) = change else { return Outcome::Refused };
            seen.see(&named);
            tell.send(files.clone()).ok();
            Outcome::Refused
        });
        for (name, text) in [("a", "other"), ("c/b", "new"), ("a", "again")] {
            std::fs::create_dir_all(at(name).parent().unwrap()).unwrap();
            replace(&at(name), text);
            assert_eq!(told.recv_timeout(PATIENCE).unwrap(), [at(name)]);
        }
    }

    #[test]
    fn a_panic_ends_one_reload_and_not_those_behind_it() {
        let (tell, told) = channel();
        let mut is_first = true;
        let heard = watching(&[], move |_, _| {
            assert!(!std::mem::take(&mut is_first), "a panic that is meant");
            tell.send(()).ok();
            Outcome::Refused
        });
        heard.send(Heard::Hangup).unwrap();
        heard.send(Heard::Hangup).unwrap();
        told.recv_timeout(PATIENCE).unwrap();
    }
}
