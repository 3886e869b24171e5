//! Answers: status lines, header fields, precomputed heads, chunks, dates.

mod chunks;
mod date;
mod prepared;
mod status;
mod writer;

pub use chunks::{ChunkSlot, begin_chunk, chunk, last_chunk};
pub use date::DateCache;
pub use prepared::{Persistence, Prepared, Sending, is_own_field};
pub use status::{BodyRule, body_rule, reason};
pub use writer::{LengthSlot, Writer, is_field_name, is_field_value};

/// The interim answer to `Expect: 100-continue` (RFC 9110 section 15.2.1).
pub const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";
