//! Cutting a path into segments, eight bytes at a time.

use super::encoded::decoded;
use super::perfect_hash::{SegmentHash, hash_bytes};

const ONES: u64 = 0x0101_0101_0101_0101;
const SLASHES: u64 = ONES * b'/' as u64;
const PERCENTS: u64 = ONES * b'%' as u64;

/// A segment of a request path.
#[derive(Clone, Copy)]
pub(super) struct Segment {
    /// One behind its last byte: a slash, or the end of the path
    pub(super) end: usize,
    /// Of its decoded bytes
    pub(super) hash: u64,
    /// Whether a `%` is in it
    pub(super) encoded: bool,
}

/// The segment that begins at `start`.
#[inline]
pub(super) fn scan(path: &[u8], start: usize) -> Segment {
    let mut hash = SegmentHash::new();
    let mut encoded = false;
    let mut at = start;
    loop {
        let (word, available) = load(path, at);
        let slash = zero_bytes(word ^ SLASHES).trailing_zeros() as usize / 8;
        let length = slash.min(available);
        let inside = if length < 8 { (1 << (length * 8)) - 1 } else { u64::MAX };
        encoded |= zero_bytes(word ^ PERCENTS) & inside != 0;
        if length < 8 {
            let end = at + length;
            if encoded {
                let hash = hash_bytes(decoded(&path[start..end]));
                return Segment { end, hash, encoded };
            }
            return Segment { end, hash: hash.last(word & inside, end - start), encoded };
        }
        hash = hash.whole(word);
        at += 8;
    }
}

/// Up to eight bytes from `at` on, little-endian with zeros above them, and how many they are.
#[inline]
fn load(path: &[u8], at: usize) -> (u64, usize) {
    if let Some(bytes) = path.get(at..at + 8) {
        return (word(bytes), 8);
    }
    let available = path.len().saturating_sub(at);
    if available == 0 {
        return (0, 0);
    }
    if path.len() >= 8 {
        return (word(&path[path.len() - 8..]) >> ((8 - available) * 8), available);
    }
    let bytes = path[at..].iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte));
    (bytes, available)
}

#[inline]
fn word(bytes: &[u8]) -> u64 {
    bytes.try_into().map_or(0, u64::from_le_bytes)
}

/// The highest bit of each byte that is zero, exact up to the lowest such byte.
#[inline]
fn zero_bytes(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & (ONES << 7)
}
