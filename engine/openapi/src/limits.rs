//! Bounds of everything that a document could make large.

/// Files of one description, the root included.
pub const FILES: usize = 1_000;
/// Bytes of one file.
pub const FILE_BYTES: usize = 64 << 20;
/// Bytes of all files of one description.
pub const TOTAL_BYTES: usize = 256 << 20;
/// References followed one after the other until a value must appear.
pub const REF_HOPS: usize = 40;
/// Diagnostics kept of one description; the rest is only counted.
pub const DIAGNOSTICS: usize = 10_000;
/// Names compared when a misspelt one is to be guessed.
pub const SUGGESTION_NAMES: usize = 20_000;

/// The bounds that a caller may choose.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// See [`FILES`]
    pub files: usize,
    /// See [`FILE_BYTES`]
    pub file_bytes: usize,
    /// See [`TOTAL_BYTES`]
    pub total_bytes: usize,
    /// See [`DIAGNOSTICS`]
    pub diagnostics: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { files: FILES, file_bytes: FILE_BYTES, total_bytes: TOTAL_BYTES, diagnostics: DIAGNOSTICS }
    }
}
