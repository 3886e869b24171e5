#![allow(clippy::unwrap_used)]

use std::sync::mpsc::channel;

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
) -> SyncSender<Heard> {
    pausing(WATCH_LOOK, files, act)
}

/// The same where nothing is looked at that nobody tells of, but at the start and behind a change.
fn hearing(
    files: &[PathBuf],
    act: impl FnMut(&Change, &mut Sightings) -> Report + Send + 'static,
) -> SyncSender<Heard> {
    pausing(100 * PATIENCE, files, act)
}

fn pausing(
    pause: Duration,
    files: &[PathBuf],
    act: impl FnMut(&Change, &mut Sightings) -> Report + Send + 'static,
) -> SyncSender<Heard> {
    let (tell, told) = sync_channel(MAX_HEARD);
    let watch = Watch { pause, ..Watch::new(sightings(files), tell.clone()) };
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
    hearing(std::slice::from_ref(&old), move |change, seen| {
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
    assert_eq!(told.recv_timeout(PATIENCE).unwrap(), [new]);
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
    let (heard, told) = sync_channel(MAX_HEARD);
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
    let (heard, hears) = sync_channel(MAX_HEARD);
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
    hearing(std::slice::from_ref(&file), move |change, seen| {
        let Change::Files(_) = change else { return report(false) };
        seen.see(&again);
        seen.see(&seen_again);
        tell.send(std::fs::read_to_string(&again).unwrap_or_default()).ok();
        report(true)
    });
    std::fs::remove_dir_all(&inner).unwrap();
    make("other");
    while told.recv_timeout(PATIENCE).unwrap() != "other" {}
    replace(&file, "a third");
    while told.recv_timeout(PATIENCE).unwrap() != "a third" {}
}

#[test]
fn who_asks_is_heard_beside_any_number_of_changes() {
    let (tell, told) = sync_channel(MAX_HEARD);
    let ear = Ear { tell: tell.clone(), is_told: Arc::default() };
    let event = || Ok(notify::Event::new(notify::EventKind::Any));
    // Nothing is heard while everything is read again.
    (0..2 * MAX_HEARD).for_each(|_| ear.hear(&event()));
    let (done, _is_done) = sync_channel(1);
    assert!(tell.try_send(Heard::Command(done)).is_ok(), "there is place");
    let (file, mut rest) = (tempfile::NamedTempFile::new().unwrap(), 0);
    let watch =
        Watch { is_told: Arc::clone(&ear.is_told), ..Watch::new(sightings(&[file.path().into()]), tell) };
    let mut asked = Asked::default();
    watch.settle(&told, &mut asked);
    assert!(matches!(asked.change(), Some(Change::Commanded)));
    // What comes later is told again.
    ear.hear(&event());
    while told.try_recv().is_ok() {
        rest += 1;
    }
    assert_eq!(rest, 1);
}

#[test]
fn nobody_waits_behind_more_than_is_heard() {
    let (heard, told) = sync_channel(MAX_HEARD);
    for _ in 0..MAX_HEARD {
        heard.try_send(Heard::Something).unwrap();
    }
    assert!(Asking(heard).ask().is_none());
    assert_eq!(told.try_iter().count(), MAX_HEARD);
}
