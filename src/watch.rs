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
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use mocker_control::Reload as Report;
use notify::{RecommendedWatcher, RecursiveMode, Watcher};

use crate::limits::{MAX_HEARD, WATCH_LOOK, WATCH_QUIET, WATCH_QUIET_AT_MOST};
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
pub(crate) struct Asking(SyncSender<Heard>);

impl Asking {
    /// Waits until they were read, and gives what came of it; `None` where a fault of our own ended that early, or where
    /// nothing is heard for a reading that comes to no end.
    pub(crate) fn ask(&self) -> Option<Report> {
        let (done, is_done) = sync_channel(1);
        // Where there is no place, what hears nothing any more is behind it.
        self.0.try_send(Heard::Command(done)).ok()?;
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
    let (tell, told) = sync_channel(MAX_HEARD);
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

fn hear_hangup(tell: SyncSender<Heard>) -> std::io::Result<()> {
    let (mut hear, signal) = UnixStream::pair()?;
    signal_hook::low_level::pipe::register(signal_hook::consts::SIGHUP, signal)?;
    let listen = move || {
        let mut byte = [0];
        while hear.read_exact(&mut byte).is_ok() && tell.send(Heard::Hangup).is_ok() {}
    };
    thread::Builder::new().name("hangup".to_owned()).spawn(listen).map(drop)
}

/// What the kernel tells of folders to.
struct Ear {
    tell: SyncSender<Heard>,
    is_told: Arc<AtomicBool>,
}

impl Ear {
    /// Says so once, however much happens until it is heard: others need the room.
    fn hear(&self, event: &notify::Result<notify::Event>) {
        // Reading a file changes nothing, and we read them ourselves.
        let is_change = !event.as_ref().is_ok_and(|event| event.kind.is_access());
        if is_change
            && !self.is_told.swap(true, Ordering::AcqRel)
            && self.tell.try_send(Heard::Something).is_err()
        {
            // Where there is no place, all there is to hear comes before a look.
            self.is_told.store(false, Ordering::Release);
        }
    }
}

struct Watch {
    seen: Sightings,
    /// Those that are watched, as they were then
    folders: BTreeMap<PathBuf, Option<Identity>>,
    /// `None` where the kernel does not tell
    watcher: Option<RecommendedWatcher>,
    /// Whether what the kernel told waits to be heard
    is_told: Arc<AtomicBool>,
    /// How often files are looked at where nothing is told
    pause: Duration,
}

impl Watch {
    fn new(seen: Sightings, tell: SyncSender<Heard>) -> Watch {
        let is_told = Arc::new(AtomicBool::new(false));
        let ear = Ear { tell, is_told: Arc::clone(&is_told) };
        let watcher = notify::recommended_watcher(move |event| ear.hear(&event)).ok();
        let (seen_before, folders, pause) = (Sightings::default(), BTreeMap::new(), WATCH_LOOK);
        let mut watch = Watch { seen: seen_before, folders, watcher, is_told, pause };
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
                Ok(Heard::Something) => self.settle(told, &mut asked),
                Ok(heard) => asked.hear(heard),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            patience = survive(|| self.look(asked, &mut act, &mut rest)).unwrap_or(self.pause);
        }
    }

    /// Waits until nothing was told for a moment: files are written in pieces.
    fn settle(&self, told: &Receiver<Heard>, asked: &mut Asked) {
        let begun = Instant::now();
        loop {
            self.is_told.store(false, Ordering::Release);
            if begun.elapsed() >= WATCH_QUIET_AT_MOST {
                return;
            }
            match told.recv_timeout(WATCH_QUIET) {
                Ok(heard) => asked.hear(heard),
                Err(_) => return,
            }
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
                return self.pause;
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

#[cfg(test)]
mod tests;
