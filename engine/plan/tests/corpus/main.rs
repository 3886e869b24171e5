//! Real documents, every one of them: what is answered, what is made of their schemas, and
//! what a validator that is not ours says of it.

#![allow(clippy::unwrap_used, clippy::print_stderr, missing_docs)]

mod answers;
mod bodies;
mod dialect;
mod oracle;
mod requests;
mod resources;
mod schemas;

use std::path::{Path, PathBuf};

use mocker_openapi::{Document, Fetch, FetchError, Location, load};

struct Disk;

impl Fetch for Disk {
    fn fetch(&mut self, location: &Location) -> Result<Vec<u8>, FetchError> {
        match location {
            Location::File(path) => {
                std::fs::read(path).map_err(|error| FetchError { reason: error.to_string() })
            }
            Location::Url(url) => Err(FetchError { reason: format!("no network for {url}") }),
        }
    }
}

/// A document of the corpus, as its index lists it.
struct Entry {
    name: String,
    path: PathBuf,
    /// How many operations it has, counted by other means than ours
    operations: usize,
}

/// The corpus of real documents; `None`, loudly, where there is none. `ONLY=stripe` narrows it.
fn corpus() -> Option<Vec<Entry>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let Ok(index) = std::fs::read_to_string(folder.join("INDEX.tsv")) else {
        eprintln!("SKIPPED: no corpus of real documents at {}", folder.display());
        return None;
    };
    let only = std::env::var("ONLY").unwrap_or_default();
    let entry = |line: &str| {
        let columns: Vec<&str> = line.split('\t').collect();
        let name = columns[0].to_owned();
        Entry { path: folder.join(&name), name, operations: columns[5].parse().unwrap() }
    };
    Some(index.lines().skip(1).map(entry).filter(|entry| entry.name.contains(&only)).collect())
}

fn is_whole_corpus() -> bool {
    std::env::var_os("ONLY").is_none()
}

fn document(path: &Path) -> Document {
    let loaded = load(Location::File(path.to_owned()), &mut Disk);
    loaded
        .document
        .unwrap_or_else(|| panic!("{} does not load: {:?}", path.display(), loaded.diagnostics.first()))
}
