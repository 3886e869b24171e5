//! Bytes that are written many times and copied never.

#![allow(unsafe_code)] // monoio's contract for buffers

use std::{ops::Range, rc::Rc, sync::Arc};

use monoio::buf::IoBuf;

/// A part of bytes that all threads share. A thread keeps one `Rc` of them, so that a write touches no counter of
/// others.
#[derive(Clone, Debug)]
pub struct Piece {
    whole: Rc<Arc<[u8]>>,
    start: usize,
    len: usize,
}

impl Piece {
    /// The bytes of this range.
    ///
    /// # Panics
    /// If the range goes beyond the whole.
    pub fn new(whole: &Rc<Arc<[u8]>>, range: Range<usize>) -> Self {
        assert!(range.start <= range.end && range.end <= whole.len());
        Self { whole: Rc::clone(whole), start: range.start, len: range.end - range.start }
    }
}

// SAFETY: the bytes lie on the heap behind an `Arc` that lives as long as this, never move and never change.
unsafe impl IoBuf for Piece {
    fn read_ptr(&self) -> *const u8 {
        self.whole[self.start..].as_ptr()
    }

    fn bytes_init(&self) -> usize {
        self.len
    }
}
