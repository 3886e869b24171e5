//! Deadlines, looked at once a tick: the table of a worker's connections, and the generations of
//! their pending reads.

use std::{cell::RefCell, collections::VecDeque, os::fd::RawFd, time::Duration};

use monoio::io::{CancelHandle, Canceller};

use crate::{
    config::Timeouts,
    limits::{OPENING_GRACE, PAUSE_AFTER_END, READ_GENERATIONS, TICKS_BETWEEN_LOOKS},
    pauses::{Due, Pauses},
    service::Wait,
    socket::{self, Peer},
};

/// What a connection is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// As `Receiving`, before anything was asked.
    Opening(Wait),
    /// Receiving with a buffer.
    Receiving(Wait),
    /// Idle without a buffer.
    Parked,
    /// Between requests that come fast, in a read that is not cancelled.
    Busy,
    /// Sending an answer.
    Sending,
    /// Waiting before it goes on.
    Pausing(Due),
    /// Our side is shut; waiting for the client's.
    Closing,
}

impl Phase {
    /// That of a connection which waits for this.
    pub(crate) fn waiting(wait: Wait) -> Phase {
        match wait {
            Wait::Handshake => Phase::Opening(wait),
            Wait::Idle | Wait::Head | Wait::Body => Phase::Receiving(wait),
        }
    }
}

#[derive(Clone, Copy)]
struct Slot {
    fd: RawFd,
    phase: Phase,
    /// When the wait began, in milliseconds of [`Ticks`](crate::ticks::Ticks).
    since: u64,
    expired: bool,
}

/// The connections of one worker. A slot lives exactly as long as its descriptor is open.
#[derive(Default)]
pub(crate) struct Table {
    slots: RefCell<Vec<Option<Slot>>>,
    free: RefCell<Vec<usize>>,
}

impl Table {
    pub(crate) fn insert(&self, fd: RawFd, wait: Wait, now: u64) -> usize {
        let slot = Some(Slot { fd, phase: Phase::Opening(wait), since: now, expired: false });
        let mut slots = self.slots.borrow_mut();
        if let Some(index) = self.free.borrow_mut().pop() {
            slots[index] = slot;
            return index;
        }
        slots.push(slot);
        slots.len() - 1
    }

    pub(crate) fn remove(&self, index: usize) {
        self.slots.borrow_mut()[index] = None;
        self.free.borrow_mut().push(index);
    }

    /// The connection does something else now; its time starts anew.
    pub(crate) fn begin(&self, index: usize, phase: Phase, now: u64) {
        if let Some(slot) = &mut self.slots.borrow_mut()[index] {
            (slot.phase, slot.since, slot.expired) = (phase, now, false);
        }
    }

    /// The connection goes on with the same wait by other means; its time runs on.
    pub(crate) fn turn_to(&self, index: usize, phase: Phase) {
        if let Some(slot) = &mut self.slots.borrow_mut()[index] {
            slot.phase = phase;
        }
    }

    /// When the wait of the connection began.
    pub(crate) fn since(&self, index: usize) -> u64 {
        self.slots.borrow()[index].map_or(0, |slot| slot.since)
    }

    /// Whether the sweeper gave the connection up.
    pub(crate) fn expired(&self, index: usize) -> bool {
        self.slots.borrow()[index].is_some_and(|slot| slot.expired)
    }

    /// Ends the waits that nothing else ends: of clients that do not read, and of parked and
    /// busy connections.
    /// Pending reads look at their own deadline whenever their generation is over.
    pub(crate) fn sweep(&self, now: u64, timeouts: &Timeouts) {
        for slot in self.slots.borrow_mut().iter_mut().flatten().filter(|slot| !slot.expired) {
            match slot.phase {
                Phase::Parked | Phase::Busy if is_over(slot.since, now, timeouts.idle, timeouts) => {
                    slot.expired = true;
                    socket::end_reading(slot.fd);
                }
                Phase::Sending if is_over(slot.since, now, timeouts.write, timeouts) => {
                    slot.expired = true;
                    socket::abort(slot.fd);
                }
                _ => {}
            }
        }
    }

    /// Wakes the connections that are between requests. One whose next request is already here gets it before the end of
    /// reading, and answers it.
    pub(crate) fn end_idle(&self) {
        for slot in self.slots.borrow().iter().flatten() {
            if matches!(slot.phase, Phase::Parked | Phase::Busy | Phase::Receiving(Wait::Idle)) {
                socket::end_reading(slot.fd);
            }
        }
    }

    /// Ends the reading of connections that have asked nothing in [`OPENING_GRACE`].
    pub(crate) fn end_opening(&self, now: u64) {
        for slot in self.slots.borrow().iter().flatten() {
            let is_over = u128::from(now.saturating_sub(slot.since)) >= OPENING_GRACE.as_millis();
            if is_over && matches!(slot.phase, Phase::Opening(_)) {
                socket::end_reading(slot.fd);
            }
        }
    }

    /// Ends the pauses of connections whose clients are gone: of a part of all connections with each tick.
    pub(crate) fn look_after_pauses(&self, now: u64, tick: u64, pauses: &Pauses) {
        for (index, slot) in self.slots.borrow().iter().enumerate() {
            let Some(Slot { fd, phase: Phase::Pausing(due), since, .. }) = *slot else { continue };
            if !(index as u64).wrapping_add(tick).is_multiple_of(TICKS_BETWEEN_LOOKS) {
                continue;
            }
            let has_lasted = u128::from(now.saturating_sub(since)) >= PAUSE_AFTER_END.as_millis();
            match socket::peer(fd) {
                Peer::Gone => pauses.give_up(due),
                Peer::Silent if has_lasted => pauses.give_up(due),
                Peer::Silent | Peer::Present => {}
            }
        }
    }

    /// Resets all connections.
    pub(crate) fn abort_all(&self) {
        for slot in self.slots.borrow().iter().flatten() {
            socket::abort(slot.fd);
        }
    }
}

/// Whether more than `limit` has passed; the coarse clock may be a tick behind the beginning.
pub(crate) fn is_over(since: u64, now: u64, limit: Duration, timeouts: &Timeouts) -> bool {
    u128::from(now.saturating_sub(since)) > (limit + timeouts.tick).as_millis()
}

/// Reads that began in the same tick, cancelled together when they have been pending for
/// [`READ_GENERATIONS`] ticks. Busy connections read and are done long before.
pub(crate) struct Generations(RefCell<VecDeque<Canceller>>);

impl Generations {
    pub(crate) fn new() -> Self {
        Self(RefCell::new((0..READ_GENERATIONS).map(|_| Canceller::new()).collect()))
    }

    /// What a read that begins now is to be cancelled by.
    pub(crate) fn current(&self) -> CancelHandle {
        self.0.borrow().back().expect("there is always a generation").handle()
    }

    /// Begins a generation and cancels what is left of the oldest.
    pub(crate) fn turn(&self) {
        let oldest = {
            let mut generations = self.0.borrow_mut();
            generations.push_back(Canceller::new());
            generations.pop_front()
        };
        if let Some(oldest) = oldest {
            oldest.cancel();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_never_early() {
        let timeouts = Timeouts { tick: Duration::from_millis(10), ..Timeouts::default() };
        let limit = Duration::from_millis(100);
        assert!(!is_over(50, 160, limit, &timeouts), "begun up to a tick later than noted");
        assert!(is_over(50, 161, limit, &timeouts));
        assert!(!is_over(50, 40, limit, &timeouts));
    }

    #[test]
    fn slots_are_reused() {
        let table = Table::default();
        let (a, b) = (table.insert(-1, Wait::Idle, 5), table.insert(-1, Wait::Idle, 6));
        assert_eq!((table.since(a), table.since(b)), (5, 6));
        table.remove(a);
        assert_eq!(table.insert(-1, Wait::Idle, 7), a);
        assert_eq!((table.since(a), table.since(b)), (7, 6));
    }

    #[test]
    fn going_on_by_other_means_does_not_restart_the_time() {
        let table = Table::default();
        let index = table.insert(-1, Wait::Idle, 5);
        table.turn_to(index, Phase::Parked);
        assert_eq!(table.since(index), 5);
        table.begin(index, Phase::Receiving(Wait::Head), 9);
        assert_eq!(table.since(index), 9);
    }
}
