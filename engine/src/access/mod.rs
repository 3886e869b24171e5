//! What the access log is made of: an entry for each answer, put into a ring of the worker's own. Whoever wants lines
//! takes the rings and reads them; a full ring drops entries and counts them.

mod entry;
mod log;
mod texts;

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

use mocker_state::Counter;
use rtrb::{Consumer, Producer, RingBuffer};

pub use entry::{Entry, entries};
pub(crate) use log::{Heard, Log};

use crate::limits::ACCESS_RING;

/// Whether answers are written down, and the rings of all workers that do.
#[derive(Default)]
pub struct Access {
    is_on: AtomicBool,
    /// Rings that nobody reads yet
    fresh: Mutex<Vec<Reader>>,
    lost: Mutex<Vec<Arc<Counter>>>,
}

/// The reading end of one worker's ring.
pub struct Reader(Consumer<u8>);

/// The writing end, and how many entries found no room in it.
pub(crate) struct Ring {
    bytes: Producer<u8>,
    lost: Arc<Counter>,
}

impl Access {
    /// Has answers written down from now on, or no more.
    pub fn switch(&self, is_on: bool) {
        self.is_on.store(is_on, Relaxed);
    }

    /// Whether answers are written down.
    #[inline]
    pub fn is_on(&self) -> bool {
        self.is_on.load(Relaxed)
    }

    /// Takes the rings that were opened since the last call.
    pub fn opened(&self) -> Vec<Reader> {
        std::mem::take(&mut *self.fresh.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Entries that found no room, since the start.
    pub fn lost(&self) -> u64 {
        let all = self.lost.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().map(|lost| lost.get()).sum()
    }

    /// A ring for one more worker.
    #[cold]
    fn open(&self) -> Ring {
        let (bytes, reader) = RingBuffer::new(ACCESS_RING);
        let lost = Arc::new(Counter::default());
        self.lost.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&lost));
        self.fresh.lock().unwrap_or_else(PoisonError::into_inner).push(Reader(reader));
        Ring { bytes, lost }
    }
}

impl Ring {
    /// Puts a whole entry in, or counts it as lost.
    fn push(&mut self, entry: &[u8]) {
        if self.bytes.push_entire_slice(entry).is_err() {
            self.lost.add(1);
        }
    }
}

impl Reader {
    /// Appends what was written since the last call: whole entries, for [`entries`].
    pub fn read(&mut self, out: &mut Vec<u8>) {
        // There are as many as it says: only this end takes any away.
        if let Ok(chunk) = self.0.read_chunk(self.0.slots()) {
            let (first, second) = chunk.as_slices();
            out.extend_from_slice(first);
            out.extend_from_slice(second);
            chunk.commit_all();
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_full_ring_drops_and_counts() {
        let access = Access::default();
        let mut ring = access.open();
        let entry = [7; 1_000];
        let fitting = ACCESS_RING / entry.len();
        (0..fitting + 3).for_each(|_| ring.push(&entry));
        assert_eq!(access.lost(), 3);
        let mut readers = access.opened();
        assert_eq!((readers.len(), access.opened().len()), (1, 0));
        let mut read = Vec::new();
        readers[0].read(&mut read);
        assert_eq!(read.len(), fitting * entry.len());
        ring.push(&entry);
        readers[0].read(&mut read);
        assert_eq!((read.len(), access.lost()), ((fitting + 1) * entry.len(), 3));
    }
}
