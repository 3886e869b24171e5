//! What a path template may ask of the router.

/// Most segments of a path template, base path included. It bounds the depth of the trie and with it the
/// stack a lookup takes: a request path may have any number of segments.
pub const MAX_SEGMENTS: usize = 128;

/// Most variables of a path template: the size of [`Captures`](super::Captures).
pub const MAX_CAPTURES: usize = 32;
