//! Brings documents from the file system and from the web.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use mocker_openapi::{Fetch, FetchError, Location};

use crate::limits::{MAX_FILE_BYTES, MAX_URL_TIME};

/// Files and URLs, bounded in size and time.
pub(crate) struct FilesAndUrls {
    agent: ureq::Agent,
}

impl FilesAndUrls {
    pub(crate) fn new() -> Self {
        let config = ureq::Agent::config_builder().timeout_global(Some(MAX_URL_TIME)).build();
        FilesAndUrls { agent: config.into() }
    }

    fn url(&self, url: &str) -> Result<Vec<u8>, FetchError> {
        let failed = |error: ureq::Error| FetchError { reason: error.to_string() };
        let request =
            self.agent.get(url).header("Accept", "application/yaml, application/json, text/yaml, */*;q=0.5");
        let response = request.call().map_err(failed)?;
        response.into_body().into_with_config().limit(MAX_FILE_BYTES).read_to_vec().map_err(failed)
    }
}

impl Fetch for FilesAndUrls {
    fn fetch(&mut self, location: &Location) -> Result<Vec<u8>, FetchError> {
        match location {
            Location::File(path) => file(path).map_err(|error| FetchError { reason: reason(&error) }),
            Location::Url(url) => self.url(url),
        }
    }
}

fn file(path: &Path) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(io::Error::from(io::ErrorKind::IsADirectory));
    }
    // Pipes and devices (`--spec <(generate)`) say nothing of their size: bound what is read.
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(io::Error::other(format!("larger than {} MiB", MAX_FILE_BYTES >> 20)));
    }
    Ok(bytes)
}

fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "is a folder".to_owned(),
        _ => error.to_string(),
    }
}
