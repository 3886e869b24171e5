//! Bounds of what one connection may hold.

/// Answers waiting to be written, in bytes: beyond it, pipelined requests wait until the
/// client has read. One answer may go over it by its own length.
pub const OUTPUT_HIGH_WATER: usize = 64 * 1024;
