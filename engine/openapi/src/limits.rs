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
/// Operations of one description, those of callbacks too; what comes after is left out.
pub const OPERATIONS: usize = 50_000;
/// Variables of one path; a path with more is left out.
pub const TEMPLATE_VARIABLES: usize = 100;
/// Parameters of one path item or one operation; what comes after is left out.
pub const PARAMETERS: usize = 500;
/// Characters of a path that a message repeats.
pub const QUOTED_PATH: usize = 100;
/// Names compared, in all, when misspelt ones are to be guessed.
pub const COMPARISONS: usize = 200_000;
/// Alternatives of one list of security requirements; what comes after is left out.
pub const REQUIREMENTS: usize = 100;
/// Callbacks of one operation; what comes after is left out.
pub const CALLBACKS: usize = 50;
/// Links of one response; what comes after is left out.
pub const LINKS: usize = 100;
/// Servers of one list; what comes after is left out.
pub const SERVERS: usize = 20;
/// Folders of a Postman collection inside one another; what lies deeper is left out.
pub const FOLDER_DEPTH: usize = 50;
/// Saved responses of one operation of a Postman collection; what comes after is left out.
pub const SAVED_RESPONSES: usize = 1_000;
/// Media types of one body of a Postman collection; what comes after is left out.
pub const SAVED_MEDIA_TYPES: usize = 100;
/// Members of one object that are taken into the schema of a saved body.
pub const INFERRED_MEMBERS: usize = 1_000;
/// Variables of a Postman collection inside one another.
pub const VARIABLE_NESTING: usize = 20;
/// Bytes that the values of variables may add to one text.
pub const VARIABLE_BYTES: usize = 1 << 20;
/// Bytes that the values of variables may add to all texts of a collection.
pub const TOTAL_VARIABLE_BYTES: usize = 32 << 20;

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
    /// See [`OPERATIONS`]
    pub operations: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            files: FILES,
            file_bytes: FILE_BYTES,
            total_bytes: TOTAL_BYTES,
            diagnostics: DIAGNOSTICS,
            operations: OPERATIONS,
        }
    }
}
