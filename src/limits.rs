//! What the command reads and sends at most.

use std::time::Duration;

/// Largest document, in bytes.
pub(crate) const MAX_FILE_BYTES: u64 = mocker_openapi::limits::FILE_BYTES as u64;
/// Longest wait for one URL, from the first byte sent to the last received.
pub(crate) const MAX_URL_TIME: Duration = Duration::from_secs(20);
/// Longest time for one callback, from connecting to the answer's head; a second try has as much again.
pub(crate) const MAX_CALLBACK_TIME: Duration = Duration::from_secs(10);
/// Between the two tries of a callback.
pub(crate) const CALLBACK_RETRY_PAUSE: Duration = Duration::from_millis(250);
/// Callbacks that are being sent at a time.
pub(crate) const MAX_CALLBACKS_IN_FLIGHT: usize = 8;
/// Callbacks that wait for their turn; further ones are dropped.
pub(crate) const MAX_CALLBACKS_WAITING: usize = 1_024;
/// Longest pointer that is printed whole, in characters.
pub(crate) const MAX_POINTER: usize = 400;
/// Folders inside a given folder are searched this deep.
pub(crate) const MAX_FOLDER_DEPTH: usize = 8;
/// Most files taken from one given folder.
pub(crate) const MAX_FOLDER_FILES: usize = 1_000;
