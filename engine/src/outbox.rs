//! The way of callbacks from the workers to whoever sends them: a queue with an end.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use mocker_plan::callback::Call;

/// The workers' end of the queue.
#[derive(Clone, Debug)]
pub struct Outbox {
    calls: SyncSender<Call>,
    dropped: Arc<AtomicU64>,
}

/// The sender's end of the queue; several threads may share it.
#[derive(Debug)]
pub struct Inbox {
    calls: Mutex<Receiver<Call>>,
    dropped: Arc<AtomicU64>,
}

/// A queue with room for `capacity` callbacks.
pub fn outbox(capacity: usize) -> (Outbox, Inbox) {
    let (sender, receiver) = sync_channel(capacity);
    let dropped = Arc::<AtomicU64>::default();
    let inbox = Inbox { calls: Mutex::new(receiver), dropped: Arc::clone(&dropped) };
    (Outbox { calls: sender, dropped }, inbox)
}

impl Outbox {
    /// Hands a callback over, without ever waiting: where there is no room it is dropped and counted.
    pub(crate) fn hand(&self, call: Call) {
        match self.calls.try_send(call) {
            // Nobody sends any more: the server is ending.
            Ok(()) | Err(TrySendError::Disconnected(_)) => {}
            Err(TrySendError::Full(_)) => drop(self.dropped.fetch_add(1, Ordering::Relaxed)),
        }
    }
}

impl Inbox {
    /// Waits for the next callback; `None` when no worker is left and all were taken.
    pub fn next(&self) -> Option<Call> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
    }

    /// How many found no room since the last time this was asked.
    pub fn take_dropped(&self) -> u64 {
        self.dropped.swap(0, Ordering::Relaxed)
    }

    /// Takes all that wait, not to be sent; gives how many they were.
    pub fn abandon(&self) -> usize {
        // Somebody who holds the lock waits for a callback: there is none.
        self.calls.try_lock().map_or(0, |calls| calls.try_iter().count())
    }
}

#[cfg(test)]
mod tests {
    use mocker_plan::callback::Unsent;

    use super::*;

    fn call(name: &str) -> Call {
        Err(Unsent { name: name.into(), reason: String::new() })
    }

    #[test]
    fn a_full_queue_drops_and_counts() {
        let (outbox, inbox) = outbox(2);
        for name in ["a", "b", "c", "d"] {
            outbox.hand(call(name));
        }
        assert_eq!((inbox.take_dropped(), inbox.take_dropped()), (2, 0));
        assert_eq!(inbox.next(), Some(call("a")));
        outbox.hand(call("e"));
        assert_eq!((inbox.take_dropped(), inbox.abandon()), (0, 2));
        drop(outbox);
        assert_eq!(inbox.next(), None);
    }

    #[test]
    fn an_end_without_the_other_is_no_fault() {
        let (outbox, inbox) = outbox(1);
        drop(inbox);
        outbox.hand(call("a"));
    }
}
