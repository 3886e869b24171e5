//! Cutting a path into segments: the slashes of 64 bytes are found in one pass.

use super::perfect_hash::{Key, SHORT};

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = ONES << 7;
const SLASHES: u64 = ONES * b'/' as u64;

/// Bytes of a path looked at in one go: one bit each.
const WINDOW: usize = 64;
/// Words of a window, and those behind it that are read only to be masked.
const WORDS: usize = WINDOW / 8 + 2;

/// Cuts one path. Segments may be asked for in any order; those near each other share a window.
pub(super) struct Scanner<'p> {
    path: &'p [u8],
    /// Where the window begins
    base: usize,
    /// A bit for each slash in the window, and for the end of the path
    ends: u64,
    /// Bytes of the window, little-endian
    words: [u64; WORDS],
}

impl<'p> Scanner<'p> {
    /// `path` is not empty.
    #[inline]
    pub(super) fn new(path: &'p [u8]) -> Self {
        let mut scanner = Scanner { path, base: 1, ends: 0, words: [0; WORDS] };
        scanner.look(1);
        scanner
    }

    /// One behind the last byte of the segment that begins at `start`: a slash, or the end of the path.
    #[inline]
    pub(super) fn end(&mut self, start: usize) -> usize {
        let skipped = start.wrapping_sub(self.base);
        let ends = if skipped < WINDOW { self.ends >> skipped } else { 0 };
        if ends == 0 { self.far_end(start) } else { start + ends.trailing_zeros() as usize }
    }

    #[inline(never)]
    fn far_end(&mut self, start: usize) -> usize {
        self.look(start);
        if self.ends != 0 {
            return start + self.ends.trailing_zeros() as usize;
        }
        let rest = &self.path[start + WINDOW..];
        start + WINDOW + rest.iter().position(|&byte| byte == b'/').unwrap_or(rest.len())
    }

    /// The key of a segment of at most [`SHORT`] bytes, the last one that [`Scanner::end`] was asked for.
    #[inline]
    pub(super) fn short_key(&self, start: usize, length: usize) -> Key {
        let skipped = start.wrapping_sub(self.base) % WINDOW;
        let (first, shift) = (skipped / 8, skipped % 8 * 8);
        let word = |at: usize| self.words[at] >> shift | self.words[at + 1] << 1 << (63 - shift);
        let length = length.min(SHORT);
        Key::short(word(first) & KEEP[length + 8], word(first + 1) & KEEP[length], length)
    }

    /// Moves the window to `start`.
    #[inline]
    fn look(&mut self, start: usize) {
        let text = &self.path[start..];
        let text = &text[..text.len().min(WINDOW)];
        let (whole, last) = text.as_chunks::<8>();
        // one bit behind the text, none behind a whole window
        let mut ends = 1u64.checked_shl(text.len() as u32).unwrap_or(0);
        let mut shift = 0;
        for (bytes, word) in whole.iter().zip(&mut self.words) {
            *word = u64::from_le_bytes(*bytes);
            ends |= slashes(*word) << (shift % WINDOW);
            shift += 8;
        }
        if !last.is_empty() {
            let word = self.tail(last);
            self.words[whole.len()] = word;
            ends |= slashes(word) << (shift % WINDOW);
        }
        (self.base, self.ends) = (start, ends);
    }

    /// `last`, the fewer than eight bytes at the end of the path, with zeros above them.
    #[inline]
    fn tail(&self, last: &[u8]) -> u64 {
        match self.path.last_chunk() {
            Some(bytes) => u64::from_le_bytes(*bytes) >> (64 - last.len() * 8),
            None => last.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)),
        }
    }
}

/// By the length of a short segment: what to keep of its second word, and eight further of its first.
const KEEP: [u64; SHORT + 9] = {
    let mut masks = [u64::MAX; SHORT + 9];
    let mut length = 0;
    while length < 16 {
        masks[length] = if length < 8 { 0 } else { (1 << ((length - 8) * 8)) - 1 };
        length += 1;
    }
    masks
};

/// A bit for each byte that is a slash, in the lowest eight.
#[inline]
fn slashes(word: u64) -> u64 {
    let others = word ^ SLASHES;
    // the highest bit of each byte that is not zero, which is exact: nothing is carried from byte to byte
    let others = ((others & !HIGHS) + !HIGHS) | others;
    // moves bit 8n to bit 56 + n
    (!others >> 7 & ONES).wrapping_mul(0x0102_0408_1020_4080) >> 56
}
