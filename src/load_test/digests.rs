//! What a description was, to the byte.

use std::collections::HashMap;
use std::fmt::Write;

use mocker_loadgen::report::{Spec, SpecFile};
use mocker_openapi::{Loaded, Location};
use ring::digest::{SHA256, digest};

use crate::{report, veil};

/// SHA-256 of files as they were read.
#[derive(Default)]
pub(crate) struct Digests(HashMap<Location, String>);

impl Digests {
    pub(crate) fn note(&mut self, location: &Location, bytes: &[u8]) {
        self.0.insert(location.clone(), hexadecimal(digest(&SHA256, bytes).as_ref()));
    }

    /// The description that was asked for as `path`, of these documents: every file of each, its root first. Only
    /// one document has a digest of its own, that of its root.
    pub(crate) fn spec(&self, path: &str, loaded: &[Loaded]) -> Spec {
        let mut files: Vec<SpecFile> = Vec::new();
        for location in loaded.iter().flat_map(|loaded| &loaded.files) {
            let path = report::name(location);
            if let Some(sha256) = self.0.get(location)
                && !files.iter().any(|file| file.path == path)
            {
                files.push(SpecFile { path, sha256: sha256.clone() });
            }
        }
        let sha256 = match loaded {
            [_] => files.first().map(|root| root.sha256.clone()),
            _ => None,
        };
        Spec { path: veil::urls(path).into_owned(), sha256, files }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
