//! Memory that serves one request after the other.

use bumpalo::Bump;
use mocker_plan::request::body;

/// Bytes of the arena that are kept from one request to the next.
const KEPT: usize = 256 * 1024;

/// A worker's memory for reading requests.
#[derive(Default)]
pub(crate) struct Scratch {
    arena: Bump,
    body: body::Scratch,
}

impl Scratch {
    /// The arena, empty.
    #[inline]
    pub(crate) fn arena(&mut self) -> &Bump {
        self.parts().0
    }

    /// The arena, empty, and what bodies are read with.
    #[inline]
    pub(crate) fn parts(&mut self) -> (&Bump, &mut body::Scratch) {
        match self.arena.allocated_bytes() > KEPT {
            true => self.arena = Bump::new(),
            false => self.arena.reset(),
        }
        (&self.arena, &mut self.body)
    }
}
