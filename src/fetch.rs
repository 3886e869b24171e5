//! Brings documents from the file system, from the web and from standard input.

use std::io::{self, Read};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use mocker_openapi::{Fetch, FetchError, Location};

use crate::limits::{MAX_FILE_BYTES, MAX_URL_TIME};
use crate::opening::{Special, reading};
use crate::sightings::Sightings;

/// The name of standard input on the command line and in messages.
pub(crate) const STANDARD_INPUT: &str = "-";

/// Files, URLs and standard input, bounded in size and time.
pub(crate) struct FilesAndUrls {
    agent: ureq::Agent,
    /// Whether `-` is standard input, and no file of that name
    reads_input: bool,
}

impl FilesAndUrls {
    pub(crate) fn new(reads_input: bool) -> Self {
        let config = ureq::Agent::config_builder().timeout_global(Some(MAX_URL_TIME)).build();
        FilesAndUrls { agent: config.into(), reads_input }
    }

    fn url(&self, url: &str) -> Result<Vec<u8>, ureq::Error> {
        let request =
            self.agent.get(url).header("Accept", "application/yaml, application/json, text/yaml, */*;q=0.5");
        request.call()?.into_body().into_with_config().limit(MAX_FILE_BYTES).read_to_vec()
    }
}

impl Fetch for FilesAndUrls {
    fn fetch(&mut self, location: &Location) -> Result<Vec<u8>, FetchError> {
        let outcome = match location {
            Location::File(path) if self.reads_input && path == Path::new(STANDARD_INPUT) => {
                standard_input().map_err(|error| reason(&error))
            }
            Location::File(path) => file(path, MAX_FILE_BYTES).map_err(|error| reason(&error)),
            Location::Url(url) => self.url(url).map_err(|error| url_reason(&error)),
        };
        outcome.map_err(|reason| FetchError { reason })
    }
}

/// A [`Fetch`] whose files are looked at before they are read.
pub(crate) struct Sighted<'s, F> {
    pub(crate) fetch: F,
    pub(crate) seen: &'s mut Sightings,
}

impl<F: Fetch> Fetch for Sighted<'_, F> {
    fn fetch(&mut self, location: &Location) -> Result<Vec<u8>, FetchError> {
        if let Location::File(path) = location {
            self.seen.see(path);
        }
        self.fetch.fetch(location)
    }
}

/// A [`Fetch`] that somebody sees all bytes of.
pub(crate) struct Noted<F, N> {
    pub(crate) fetch: F,
    pub(crate) note: N,
}

impl<F: Fetch, N: FnMut(&Location, &[u8])> Fetch for Noted<F, N> {
    fn fetch(&mut self, location: &Location) -> Result<Vec<u8>, FetchError> {
        let bytes = self.fetch.fetch(location)?;
        (self.note)(location, &bytes);
        Ok(bytes)
    }
}

/// Standard input can be read once, and a reload reads everything again: what it said first holds.
fn standard_input() -> io::Result<Vec<u8>> {
    static FIRST: Mutex<Option<Vec<u8>>> = Mutex::new(None);
    let mut first = FIRST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(first) = &*first {
        return Ok(first.clone());
    }
    let read = bounded(io::stdin().lock(), MAX_FILE_BYTES)?;
    Ok(first.insert(read).clone())
}

/// Whether files are read again and again, by a thread that nobody but them holds up.
static IS_REREADING: AtomicBool = AtomicBool::new(false);

/// Has pipes and devices refused from now on. At the start those of a shell are read, as `--spec <(generate)` wants it; but what
/// they said is gone then.
pub(crate) fn refuse_pipes() {
    IS_REREADING.store(true, Ordering::Relaxed);
}

/// All of a file that is no larger than `most` bytes.
pub(crate) fn file(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let is_rereading = IS_REREADING.load(Ordering::Relaxed);
    read(path, most, if is_rereading { Special::GoneBy } else { Special::Read })
}

/// The same where nothing but a file will do, at the start too.
pub(crate) fn regular_file(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    read(path, most, Special::Refused)
}

/// The same where it is a text.
pub(crate) fn text(path: &Path, most: u64) -> io::Result<String> {
    let bytes = file(path, most)?;
    String::from_utf8(bytes).map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "is not UTF-8"))
}

fn read(path: &Path, most: u64, special: Special) -> io::Result<Vec<u8>> {
    bounded(reading(path, special)?, most)
}

/// All there is to read. Pipes and devices (`--spec <(generate)`) say nothing of their size.
fn bounded(source: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(io::Error::other(too_large(most)));
    }
    Ok(bytes)
}

fn too_large(most: u64) -> String {
    format!("larger than {} MiB", most >> 20)
}

/// What happened to the URL of a document, and what would be right.
fn url_reason(error: &ureq::Error) -> String {
    use ureq::Error;

    match error {
        Error::StatusCode(status @ (401 | 403)) => {
            format!("the server wants a login (status {status}); download the document and give the file")
        }
        Error::StatusCode(status @ (404 | 410)) => {
            format!("the server has nothing there (status {status}); check the path of the URL")
        }
        Error::StatusCode(status) => format!("the server answered with status {status}, not with a document"),
        Error::BodyExceedsLimit(_) => too_large(MAX_FILE_BYTES),
        Error::TooManyRedirects => "the server redirects without end; give the final URL".to_owned(),
        other => exchange_reason(other, MAX_URL_TIME),
    }
}

/// Why there was no answer to a request within `time`, whatever was asked, and what would be right.
pub(crate) fn exchange_reason(error: &ureq::Error, time: Duration) -> String {
    use ureq::Error;

    match error {
        Error::Io(error) => connection_reason(error),
        Error::HostNotFound => "there is no host of that name; check the spelling and the network".to_owned(),
        Error::Timeout(_) => format!("no whole answer within {} seconds", time.as_secs()),
        Error::BadUri(_) | Error::Http(_) => {
            "it is no URL that can be called; write it as http://host/path".to_owned()
        }
        Error::Protocol(_) => "the answer is not HTTP; check host, port, and whether it is https".to_owned(),
        other => format!("the connection failed: {other}"),
    }
}

fn connection_reason(error: &io::Error) -> String {
    let text = error.to_string();
    match error.kind() {
        io::ErrorKind::ConnectionRefused => {
            "the connection was refused; check the port, and that the server runs".to_owned()
        }
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::UnexpectedEof => {
            "the server closed the connection before its answer was whole; check whether it is https"
                .to_owned()
        }
        io::ErrorKind::TimedOut => "the server could not be reached in time; check host and port".to_owned(),
        _ if text.contains("lookup address") => {
            "there is no host of that name; check the spelling and the network".to_owned()
        }
        _ => format!("the connection failed: {text}"),
    }
}

/// Why a file cannot be read.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "is a folder".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn only_files_are_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "four").unwrap();
        for (path, special, expected) in [
            (file.as_path(), Special::Read, Ok("four")),
            (&file, Special::GoneBy, Ok("four")),
            (Path::new("/dev/null"), Special::Read, Ok("")),
            (
                Path::new("/dev/null"),
                Special::GoneBy,
                Err("is a pipe or a device, which is read at the start only"),
            ),
            (folder.path(), Special::Read, Err("is a folder")),
            (folder.path(), Special::GoneBy, Err("is a folder")),
            (&folder.path().join("none"), Special::GoneBy, Err("no such file")),
        ] {
            let read = read(path, 4, special).map(|bytes| String::from_utf8(bytes).unwrap());
            let read = read.map_err(|error| reason(&error));
            assert_eq!(read.as_deref().map_err(String::as_str), expected, "{path:?}");
        }
    }

    #[test]
    fn files_have_a_size() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, [0xff; 9]).unwrap();
        assert_eq!(file(&path, 9).unwrap().len(), 9);
        assert!(file(&path, 8).is_err());
        assert_eq!(text(&path, 9).unwrap_err().to_string(), "is not UTF-8");
    }
}
