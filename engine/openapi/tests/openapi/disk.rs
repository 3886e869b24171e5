//! Files of this repository, and descriptions in memory.

use std::path::{Path, PathBuf};

use mocker_openapi::{Fetch, FetchError, Loaded, Location, MemoryFetch, load};

pub(crate) struct Disk;

impl Fetch for Disk {
    fn fetch(&mut self, location: &Location) -> Result<Vec<u8>, FetchError> {
        match location {
            Location::File(path) => {
                std::fs::read(path).map_err(|error| FetchError { reason: error.to_string() })
            }
            Location::Url(_) => Err(FetchError { reason: "tests do not use the network".to_owned() }),
        }
    }
}

/// A path below the root of the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

pub(crate) fn file(path: &str) -> Location {
    Location::File(PathBuf::from(path))
}

/// Loads the first of some files in memory.
pub(crate) fn load_files(files: &[(&str, &str)]) -> Loaded {
    let fetch =
        files.iter().fold(MemoryFetch::default(), |fetch, (path, text)| fetch.with(file(path), *text));
    load(file(files[0].0), &mut { fetch })
}

/// Loads one text.
pub(crate) fn load_text(text: &str) -> Loaded {
    load_files(&[("api.yaml", text)])
}

/// `severity code line:column`, with the file before the line where it is not the root.
pub(crate) fn lines(loaded: &Loaded) -> Vec<String> {
    let line = |diagnostic: &mocker_source::Diagnostic| {
        let severity = if diagnostic.is_error() { "error" } else { "warning" };
        let place = diagnostic.position.map_or_else(String::new, |position| {
            let file = match (position.file.0, &loaded.files[usize::from(position.file.0)]) {
                (0, _) => String::new(),
                (_, Location::File(path)) => format!("{}:", path.file_name().unwrap().to_string_lossy()),
                (_, Location::Url(url)) => format!("{url}:"),
            };
            format!(" {file}{}:{}", position.line, position.column)
        });
        format!("{severity} {}{place}", diagnostic.code)
    };
    loaded.diagnostics.iter().map(line).collect()
}

/// Fails unless nothing was reported.
#[track_caller]
pub(crate) fn assert_clean(loaded: &Loaded) {
    assert!(loaded.diagnostics.is_empty(), "{:#?}", loaded.diagnostics);
}
