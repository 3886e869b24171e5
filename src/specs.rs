//! The documents a command was given: files, URLs, folders, standard input.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use mocker_openapi::{Fetch, Loaded, Location, load};
use mocker_source::Diagnostic;

use crate::fetch::{FilesAndUrls, Noted, STANDARD_INPUT, Sighted};
use crate::limits::{MAX_FOLDER_DEPTH, MAX_FOLDER_FILES, MAX_FOLDERS};
use crate::sightings::Sightings;
use crate::soundness::{Soundness, identity};

/// Loads every document named by `specs`, in order; a folder gives all API descriptions in it.
///
/// # Errors
/// When a file or folder is missing or cannot be read; faults inside documents are in the results.
pub(crate) fn load_all(specs: &[String]) -> anyhow::Result<Vec<Loaded>> {
    load_noting(specs, |_, _| {})
}

/// As [`load_all`]; `note` is told of every file and URL that is read, and its bytes.
///
/// # Errors
/// As [`load_all`].
pub(crate) fn load_noting(
    specs: &[String],
    note: impl FnMut(&Location, &[u8]),
) -> anyhow::Result<Vec<Loaded>> {
    let mut fetch = Noted { fetch: files_and_urls(specs)?, note };
    specs.iter().try_fold(Vec::new(), |mut loaded, spec| {
        loaded.extend(load_one(spec, &mut fetch, &is_fragment, &mut |_| {})?);
        Ok(loaded)
    })
}

/// As [`load_all`]; every file is looked at before it is read, and every folder before it is listed. What is served by
/// now is not taken for a fragment when it cannot be read, or has no operations left.
///
/// # Errors
/// As [`load_all`].
pub(crate) fn load_seen(
    specs: &[String],
    seen: &mut Sightings,
    served: &Soundness,
) -> anyhow::Result<Vec<Loaded>> {
    let is_left_out = |loaded: &Loaded| is_fragment(loaded) && !served.serves(&identity(loaded));
    let mut fetch = Sighted { fetch: files_and_urls(specs)?, seen };
    let mut folders = Sightings::default();
    let mut loaded = Vec::new();
    for spec in specs {
        let mut left = MAX_FOLDERS;
        let of_spec = load_one(spec, &mut fetch, &is_left_out, &mut |folder| {
            if left > 0 {
                folders.see(folder);
                left -= 1;
            }
        });
        fetch.seen.join(&folders);
        loaded.extend(of_spec?);
    }
    Ok(loaded)
}

fn files_and_urls(specs: &[String]) -> anyhow::Result<FilesAndUrls> {
    let piped = specs.iter().filter(|spec| *spec == STANDARD_INPUT).count();
    if piped > 1 {
        bail!("`{STANDARD_INPUT}` is given {piped} times, and standard input can be read once");
    }
    Ok(FilesAndUrls::new(piped == 1))
}

/// What one of the specs names; `opened` is told of each folder before it is listed.
fn load_one(
    spec: &str,
    fetch: &mut dyn Fetch,
    is_left_out: &dyn Fn(&Loaded) -> bool,
    opened: &mut dyn FnMut(&Path),
) -> anyhow::Result<Vec<Loaded>> {
    if let Some((scheme, _)) = spec.split_once("://") {
        if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
            bail!(
                "{spec}: `{scheme}` addresses cannot be read; give an http or https URL, a file or a folder"
            );
        }
        return Ok(vec![reachable(load(Location::Url(spec.to_owned()), fetch))?]);
    }
    let path = PathBuf::from(spec);
    if !path.is_dir() {
        return Ok(vec![reachable(load(Location::File(path), fetch))?]);
    }
    let files = files_of(&path, opened)?;
    let candidates = files.into_iter().map(|file| load(Location::File(file), fetch));
    let loaded: Vec<Loaded> = candidates.filter(|candidate| !is_left_out(candidate)).collect();
    if loaded.is_empty() {
        bail!("{spec}: no API description (*.yaml, *.yml, *.json) in this folder");
    }
    Ok(loaded)
}

/// A file of a folder that describes no operation itself: other files refer to it, or nobody does.
fn is_fragment(loaded: &Loaded) -> bool {
    match &loaded.document {
        Some(document) => {
            document.operations.is_empty() && !loaded.diagnostics.iter().any(Diagnostic::is_error)
        }
        None => loaded.diagnostics.iter().any(|diagnostic| diagnostic.code == "not-openapi"),
    }
}

/// A root document that could not be had at all is not a fault of its text.
fn reachable(loaded: Loaded) -> anyhow::Result<Loaded> {
    match loaded
        .diagnostics
        .iter()
        .find(|diagnostic| loaded.document.is_none() && diagnostic.position.is_none())
    {
        Some(diagnostic) => bail!("{}", diagnostic.message),
        None => Ok(loaded),
    }
}

/// The documents in a folder, each once: links are followed after all else, and never to the same place twice.
fn files_of(folder: &Path, opened: &mut dyn FnMut(&Path)) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut seen = HashSet::new();
    let (mut open, mut links) = (vec![(folder.to_owned(), 0)], Vec::new());
    while let Some((path, depth)) = open.pop().or_else(|| links.pop()) {
        let is_folder = path.is_dir();
        if !(is_folder || path.is_file() && is_document(&path)) {
            continue;
        }
        if !seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone())) {
            continue;
        }
        if !is_folder {
            if files.len() == MAX_FOLDER_FILES {
                bail!("{}: more than {MAX_FOLDER_FILES} documents", folder.display());
            }
            files.push(path);
            continue;
        }
        opened(&path);
        let context = || path.display().to_string();
        for entry in std::fs::read_dir(&path).with_context(context)? {
            let entry = entry.with_context(context)?;
            let inner = entry.path();
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            if inner.is_dir() && (hidden || depth == MAX_FOLDER_DEPTH) {
                continue;
            }
            let found = if inner.is_symlink() { &mut links } else { &mut open };
            found.push((inner, depth + 1));
        }
    }
    files.sort();
    Ok(files)
}

fn is_document(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or("");
    ["yaml", "yml", "json"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use std::fs;

    #[test]
    fn folders_are_searched_to_their_limit() {
        let root = tempfile::tempdir().unwrap();
        let mut folder = root.path().to_owned();
        for _ in 0..MAX_FOLDER_DEPTH {
            folder.push("inner");
        }
        fs::create_dir_all(folder.join("beyond")).unwrap();
        fs::write(folder.join("in.yaml"), "").unwrap();
        fs::write(folder.join("beyond/out.yaml"), "").unwrap();
        assert_eq!(files_of(root.path(), &mut |_| {}).unwrap(), [folder.join("in.yaml")]);
    }

    #[test]
    fn so_many_folders_are_watched_and_no_more() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("api.yaml"), "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/: {get: {responses: {'204': {description: d}}}}}\n").unwrap();
        for number in 1..=MAX_FOLDERS {
            fs::create_dir(root.path().join(number.to_string())).unwrap();
        }
        let mut seen = Sightings::default();
        load_seen(&[root.path().display().to_string()], &mut seen, &Soundness::default()).unwrap();
        // And the document.
        assert_eq!(seen.paths().count(), MAX_FOLDERS + 1);
    }

    #[cfg(unix)]
    #[test]
    fn links_lead_to_each_file_once() {
        use std::os::unix::fs::symlink;

        let root = tempfile::tempdir().unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        let inner = root.path().join("inner");
        fs::create_dir(&inner).unwrap();
        fs::write(inner.join("a.yaml"), "").unwrap();
        fs::write(elsewhere.path().join("b.yaml"), "").unwrap();
        symlink(root.path(), inner.join("cycle")).unwrap();
        symlink(&inner, root.path().join("again")).unwrap();
        symlink(inner.join("a.yaml"), root.path().join("a.yaml")).unwrap();
        symlink(elsewhere.path(), root.path().join("other")).unwrap();
        symlink("nowhere", root.path().join("broken.yaml")).unwrap();
        let expected = [inner.join("a.yaml"), root.path().join("other/b.yaml")];
        assert_eq!(files_of(root.path(), &mut |_| {}).unwrap(), expected);
    }

    #[test]
    fn a_folder_may_have_so_many_documents_and_no_more() {
        let root = tempfile::tempdir().unwrap();
        for index in 0..MAX_FOLDER_FILES {
            fs::write(root.path().join(format!("{index}.json")), "").unwrap();
        }
        assert_eq!(files_of(root.path(), &mut |_| {}).unwrap().len(), MAX_FOLDER_FILES);
        fs::write(root.path().join("more.json"), "").unwrap();
        assert!(
            files_of(root.path(), &mut |_| {}).unwrap_err().to_string().contains("more than 1000 documents")
        );
    }
}
