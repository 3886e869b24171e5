//! Chunked bodies of answers whose length is not known beforehand (RFC 9112 section 7.1).

const SIZE_DIGITS: usize = 8;

/// Where the size of a chunk will be filled in.
#[derive(Debug)]
#[must_use = "an unfinished chunk is no chunk"]
pub struct ChunkSlot {
    at: usize,
}

/// Begins a chunk: the data is then written straight into `out`.
pub fn begin_chunk(out: &mut Vec<u8>) -> ChunkSlot {
    let at = out.len();
    out.extend_from_slice(b"00000000\r\n");
    ChunkSlot { at }
}

impl ChunkSlot {
    /// Ends the chunk. Without data nothing is left of it: an empty chunk would end the body.
    ///
    /// # Panics
    /// If the chunk grew beyond 4 GiB.
    pub fn finish(self, out: &mut Vec<u8>) {
        let size = out.len() - self.at - SIZE_DIGITS - 2;
        if size == 0 {
            return out.truncate(self.at);
        }
        let mut left = u32::try_from(size).expect("buffers are far smaller than 4 GiB");
        for digit in out[self.at..self.at + SIZE_DIGITS].iter_mut().rev() {
            *digit = b"0123456789abcdef"[(left & 15) as usize];
            left >>= 4;
        }
        out.extend_from_slice(b"\r\n");
    }
}

/// Appends one chunk with this data; nothing if it is empty.
pub fn chunk(data: &[u8], out: &mut Vec<u8>) {
    let slot = begin_chunk(out);
    out.extend_from_slice(data);
    slot.finish(out);
}

/// Appends the chunk that ends the body.
pub fn last_chunk(out: &mut Vec<u8>) {
    out.extend_from_slice(b"0\r\n\r\n");
}
