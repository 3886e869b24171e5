//! Documents: from the repository, from the corpus, from a text.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use mocker_openapi::{Document, Fetch, FetchError, Location, MemoryFetch, load};

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

pub(crate) fn of_file(path: &Path) -> Arc<Document> {
    let loaded = load(Location::File(path.to_owned()), &mut Disk);
    let document = loaded.document;
    Arc::new(
        document
            .unwrap_or_else(|| panic!("{} does not load: {:?}", path.display(), loaded.diagnostics.first())),
    )
}

pub(crate) fn of_text(text: &str) -> Arc<Document> {
    let location = Location::File(PathBuf::from("/document.yaml"));
    let loaded = load(location.clone(), &mut MemoryFetch::default().with(location, text));
    let document = loaded.document;
    Arc::new(document.unwrap_or_else(|| panic!("it does not load: {:?}", loaded.diagnostics.first())))
}

/// A document of `specs/`.
pub(crate) fn of_specs(name: &str) -> Arc<Document> {
    of_file(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs").join(name))
}

/// Names and paths of the corpus of real documents; `None`, loudly, where there is none. `ONLY=stripe` narrows it.
pub(crate) fn corpus() -> Option<Vec<(String, PathBuf)>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    let Ok(index) = std::fs::read_to_string(folder.join("INDEX.tsv")) else {
        eprintln!("SKIPPED: no corpus of real documents at {}", folder.display());
        return None;
    };
    let only = std::env::var("ONLY").unwrap_or_default();
    let names = index.lines().skip(1).filter_map(|line| line.split('\t').next());
    let names = names.filter(|name| name.contains(&only));
    Some(names.map(|name| (name.to_owned(), folder.join(name))).collect())
}
