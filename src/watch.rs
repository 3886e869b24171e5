//! Watches files: says so when one of them is not what it was.
//!
//! The kernel tells of changes in the folders of the files, so that editors which replace a file and links that are
//! turned to another folder are seen. Where it does not tell, as on many network folders, a look now and then does.

use std::collections::BTreeMap;
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use mocker_control::Reload as Report;
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
    /// The same from the Admin API, which is told what came of it
    Command(SyncSender<Report>),
}

/// Has files read again, whatever they are.
pub(crate) struct Asking(Sender<Heard>);

impl Asking {
    /// Waits until they were read, and gives what came of it; `None` where a fault of our own ended that early.
    pub(crate) fn ask(&self) -> Option<Report> {
        let (done, is_done) = sync_channel(1);
        self.0.send(Heard::Command(done)).ok()?;
        is_done.recv().ok()
    }
}

/// Who has asked for files to be read again.
#[derive(Default)]
struct Asked {
    is_hangup: bool,
    commands: Vec<SyncSender<Report>>,
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

    fn tell(self, report: &Report) {
        for done in self.commands {
            let _ = done.send(report.clone());
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

/// Watches files on a thread of its own until the process ends, and hears SIGHUP and who asks; where it `is_watching`
/// not, these alone. `act` reads them again, and says which they are, each as it was before it was read, and what came of
/// it: where they are not served, those that were there before count too. `rest` is called now and then where there is
/// nothing to do.
///
/// # Errors
/// When the signal cannot be heard.
pub(crate) fn watch(
    seen: Sightings,
    is_watching: bool,
    act: impl FnMut(&Change, &mut Sightings) -> Report + Send + 'static,
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
    mut act: impl FnMut(&Change, &mut Sightings) -> Report,
    mut rest: impl FnMut(),
) {
    loop {
        let mut asked = Asked::default();
        match told.recv_timeout(WATCH_LOOK) {
            Ok(heard) => asked.hear(heard),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        survive(|| match asked.change() {
            Some(change) => asked.tell(&act(&change, &mut Sightings::default())),
            None => rest(),
        });
    }
}

/// A panic ends one look, and not those behind it; who has asked hears of the end.
fn survive<T>(look: impl FnOnce() -> T) -> Option<T> {
    let caught = catch_unwind(AssertUnwindSafe(look));
    caught.inspect_err(|_| talk::error("error: watching files failed for a fault of mocker's own")).ok()
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
    /// Those that are watched, as they were then
    folders: BTreeMap<PathBuf, Option<Identity>>,
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
        let mut watch = Watch { seen: Sightings::default(), folders: BTreeMap::new(), watcher };
        watch.take(seen);
        watch
    }

    fn run(
        mut self,
        told: &Receiver<Heard>,
        mut act: impl FnMut(&Change, &mut Sightings) -> Report,
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
            patience = survive(|| self.look(asked, &mut act, &mut rest)).unwrap_or(WATCH_LOOK);
        }
    }

    /// Looks, and acts where something is not what it was; gives how long nothing may be heard until the next look.
    fn look(
        &mut self,
        asked: Asked,
        act: &mut impl FnMut(&Change, &mut Sightings) -> Report,
        rest: &mut impl FnMut(),
    ) -> Duration {
        let changed = self.seen.changed();
        let change = match asked.change() {
            Some(change) => change,
            None if changed.is_empty() => {
                rest();
                return WATCH_LOOK;
            }
            None => Change::Files(changed),
        };
        let mut seen = Sightings::default();
        let report = act(&change, &mut seen);
        if !report.reloaded {
            seen.join(&self.seen);
        }
        self.take(seen);
        asked.tell(&report);
        Duration::ZERO
    }

    /// Watches these from now on.
    fn take(&mut self, seen: Sightings) {
        self.seen = seen;
        let folders = self.seen.paths().flat_map(folders_of);
        let folders: BTreeMap<_, _> = folders.map(|folder| (folder.clone(), identity(&folder))).collect();
        let Some(watcher) = &mut self.watcher else { return };
        // The kernel watches folders, not their names: one that was made again is another.
        for (folder, _) in self.folders.iter().filter(|(folder, known)| folders.get(*folder) != Some(*known))
        {
            let _ = watcher.unwatch(folder);
        }
        // A folder that cannot be watched is looked at now and then.
        self.folders = folders
            .into_iter()
            .filter(|(folder, now)| {
                self.folders.get(folder) == Some(now)
                    || watcher.watch(folder, RecursiveMode::NonRecursive).is_ok()
            })
            .collect();
    }
}

/// Device, inode and birth: inodes come again.
type Identity = (u64, u64, Option<SystemTime>);

fn identity(folder: &Path) -> Option<Identity> {
    let found = std::fs::metadata(folder).ok()?;
    Some((found.dev(), found.ino(), found.created().ok()))
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

    fn report(reloaded: bool) -> Report {
        Report {
            reloaded,
            revision: 1,
            took: Duration::ZERO,
            why: String::new(),
            summary: String::new(),
            diagnostics: Vec::new(),
        }
    }

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
        act: impl FnMut(&Change, &mut Sightings) -> Report + Send + 'static,
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
            report(false)
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
            let Change::Files(files) = change else { return report(false) };
            seen.see(&also);
            seen.see(&named);
            if std::mem::take(&mut is_first) {
                // It was read already, and the folder it is in is not watched yet.
                std::fs::write(&named, "other").unwrap();
            }
            tell.send(files.clone()).ok();
            report(true)
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
            let Change::Files(files) = change else { return report(false) };
            seen.see(&named);
            tell.send(files.clone()).ok();
            report(false)
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
            report(false)
        });
        let asking = Asking(heard.clone());
        assert!(asking.ask().is_none(), "who has asked is told that it came to nothing");
        heard.send(Heard::Hangup).unwrap();
        told.recv_timeout(PATIENCE).unwrap();
        assert!(asking.ask().is_some());
    }

    #[test]
    fn who_asks_is_told_what_came_of_it_and_not_of_the_next() {
        let mut revision = 0;
        let (heard, told) = channel();
        let asking: Vec<_> = (0..20)
            .map(|_| {
                let (done, is_done) = sync_channel(1);
                heard.send(Heard::Command(done)).unwrap();
                is_done
            })
            .collect();
        let act = move |_: &Change, _: &mut Sightings| {
            revision += 1;
            Report { revision, ..report(revision % 2 == 0) }
        };
        drop(heard);
        hear(&told, act, || {});
        for (number, is_done) in asking.iter().enumerate() {
            let report = is_done.recv().unwrap();
            assert_eq!((report.revision, report.reloaded), (number as u64 + 1, number % 2 == 1));
        }
    }

    #[test]
    fn a_panic_beside_a_reload_ends_nothing_either() {
        let (tell, told) = channel();
        let (heard, hears) = channel();
        let mut is_first = true;
        let rest = move || {
            assert!(!std::mem::take(&mut is_first), "a panic that is meant");
            tell.send(()).ok();
        };
        let watch = Watch::new(Sightings::default(), heard.clone());
        thread::spawn(move || watch.run(&hears, |_, _| report(false), rest));
        heard.send(Heard::Something).unwrap();
        told.recv_timeout(PATIENCE).unwrap();
    }

    #[test]
    fn a_folder_that_is_made_again_is_watched_again() {
        let folder = tempfile::tempdir().unwrap();
        let (inner, file) = (folder.path().join("inner"), folder.path().join("inner/a"));
        let make = |text: &str| {
            std::fs::create_dir(&inner).unwrap();
            std::fs::write(&file, text).unwrap();
        };
        make("one");
        let (tell, told) = channel();
        let (again, seen_again) = (file.clone(), inner.clone());
        watching(std::slice::from_ref(&file), move |change, seen| {
            let Change::Files(_) = change else { return report(false) };
            seen.see(&again);
            seen.see(&seen_again);
            tell.send(std::fs::read_to_string(&again).unwrap_or_default()).ok();
            report(true)
        });
        std::fs::remove_dir_all(&inner).unwrap();
        make("other");
        while told.recv_timeout(PATIENCE).unwrap() != "other" {}
        let begun = Instant::now();
        replace(&file, "a third");
        while told.recv_timeout(PATIENCE).unwrap() != "a third" {}
        assert!(begun.elapsed() < WATCH_LOOK, "{:?}", begun.elapsed());
    }
}
