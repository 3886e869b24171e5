//! What the command reads at most.

use std::time::Duration;

/// Largest document, in bytes.
pub(crate) const MAX_FILE_BYTES: u64 = mocker_openapi::limits::FILE_BYTES as u64;
/// Longest wait for one URL, from the first byte sent to the last received.
pub(crate) const MAX_URL_TIME: Duration = Duration::from_secs(20);
/// Longest pointer that is printed whole, in characters.
pub(crate) const MAX_POINTER: usize = 400;
/// Folders inside a given folder are searched this deep.
pub(crate) const MAX_FOLDER_DEPTH: usize = 8;
/// Most files taken from one given folder.
pub(crate) const MAX_FOLDER_FILES: usize = 1_000;
