//! Heads that are like one before. Most servers send the same head again and again, but for `Date` once a second.

use super::{Framing, Head};
use crate::limits::MAX_RECALLED_HEAD;

/// A head that was read, and what it said. What is equal to it, byte by byte, says the same and need not be read.
#[derive(Clone, Debug, Default)]
pub struct Recall {
    /// Empty where nothing is recalled
    bytes: Vec<u8>,
    to_head: bool,
    gist: Gist,
}

/// What a reader needs of a head.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gist {
    pub(super) status: u16,
    pub(super) framing: Framing,
    pub(super) keep_alive: bool,
    pub(super) len: usize,
}

impl Recall {
    /// What the head says that the input begins with, if it is the one that was kept. Heads end with an empty line,
    /// so none is the beginning of another.
    #[inline]
    pub(super) fn gist(&self, input: &[u8], to_head: bool) -> Option<Gist> {
        let is_kept = !self.bytes.is_empty() && self.to_head == to_head && input.starts_with(&self.bytes);
        is_kept.then_some(self.gist)
    }

    /// Keeps a head, the answer to `HEAD` or not, in the place of the one before. Longer ones are not kept.
    pub(super) fn keep(&mut self, bytes: &[u8], to_head: bool, gist: Gist) {
        if bytes.len() <= MAX_RECALLED_HEAD {
            self.bytes.clear();
            self.bytes.extend_from_slice(bytes);
            (self.to_head, self.gist) = (to_head, gist);
        }
    }
}

impl Gist {
    #[inline]
    pub(super) fn of(head: &Head<'_>) -> Gist {
        Gist { status: head.status, framing: head.framing, keep_alive: head.keep_alive, len: head.len }
    }
}

impl Default for Gist {
    fn default() -> Gist {
        Gist { status: 0, framing: Framing::None, keep_alive: false, len: 0 }
    }
}
