//! What one thread notes down.

use std::{io, sync::Arc};

use mocker_runtime::client;

use super::{progress::Seen, timing::Timing};
use crate::record::{ErrorClass, Expected, OperationRecord, Record, Second, of_part};

/// A request on its way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flight {
    /// When it was due, and when it was sent
    pub(super) due: u64,
    pub(super) sent: u64,
    pub(super) operation: u32,
    pub(super) request: usize,
}

/// When an answer came.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    pub(super) first_byte: u64,
    pub(super) end: u64,
    /// What the server says of it
    pub(super) server: Timing,
}

/// The record of one thread, and what it takes to keep it. Times are nanoseconds of [`client::now`].
#[derive(Debug)]
pub(super) struct Ledger {
    pub(super) record: Record,
    /// The beginning of the measured part: what was due before is the warm-up's
    zero: u64,
    /// Requests have due times of their own
    is_open: bool,
    in_flight: u64,
    pub(super) most_in_flight: u64,
    /// Sum of service times
    pub(super) service: u64,
    /// When the last answer came
    pub(super) last: u64,
}

impl Ledger {
    pub(super) fn new(expected: Arc<[Expected]>, is_open: bool) -> Self {
        Self {
            record: Record::expecting(expected),
            zero: u64::MAX,
            is_open,
            in_flight: 0,
            most_in_flight: 0,
            service: 0,
            last: 0,
        }
    }

    /// Nothing more will be noted down.
    pub(super) fn closed(mut self) -> Self {
        if !self.is_open {
            self.record.response.clone_from(&self.record.service);
        }
        self
    }

    pub(super) fn begin(&mut self, zero: u64) {
        self.zero = zero;
    }

    pub(super) fn is_measured(&self, due: u64) -> bool {
        due >= self.zero
    }

    /// The second of the measured part that a time is in.
    pub(super) fn second_of(&self, due: u64) -> Option<usize> {
        self.is_measured(due).then(|| ((due - self.zero) / 1_000_000_000) as usize)
    }

    pub(super) fn connected(&mut self, took: u64) {
        self.record.connect.saturating_record(took);
    }

    pub(super) fn not_connected(&mut self, class: ErrorClass, error: &io::Error, now: u64) {
        if client::is_exhausted(error) {
            self.record.counts.exhausted += 1;
        }
        if self.is_measured(now) {
            *self.record.counts.errors.entry(class).or_default() += 1;
            self.second(now).errors += 1;
        }
    }

    #[inline]
    pub(super) fn sent(&mut self, flight: &Flight) {
        self.in_flight += 1;
        self.most_in_flight = self.most_in_flight.max(self.in_flight);
        if !self.is_measured(flight.due) {
            self.record.counts.warmup += 1;
            return;
        }
        self.record.counts.sent += 1;
        self.second(flight.due).sent += 1;
    }

    /// Why a request was sent later than due: a connection was free from `free` on.
    #[inline]
    pub(super) fn late(&mut self, due: u64, free: u64, sent: u64) {
        if self.is_measured(due) {
            let free = free.max(due).min(sent);
            self.record.conn_wait.saturating_record(free - due);
            self.record.sched_lag.saturating_record(sent - free);
            let second = self.second(due);
            second.most_lag = second.most_lag.max(sent - free);
        }
    }

    /// A request is due.
    #[inline]
    pub(super) fn scheduled(&mut self, due: u64) {
        if self.is_measured(due) {
            self.record.counts.scheduled += 1;
        }
    }

    #[inline]
    pub(super) fn answered(&mut self, flight: &Flight, times: Times, status: u16, bytes: u64) {
        self.in_flight -= 1;
        if !self.is_measured(flight.due) {
            return;
        }
        // What the server waited on purpose is no latency of its; more than there was cannot be taken out.
        let injected = times.server.injected;
        let until = |at: u64| at.saturating_sub(injected).max(flight.sent);
        self.record.first_byte.saturating_record(until(times.first_byte) - flight.sent);
        if let Some(app) = times.server.app {
            self.record.server.saturating_record(app);
            self.operation(flight.operation).server.get_or_insert_with(of_part).saturating_record(app);
        }
        let counts = &mut self.record.counts;
        counts.completed += 1;
        counts.received += bytes;
        *counts.statuses.entry(status).or_default() += 1;
        *self.operation(flight.operation).statuses.entry(status).or_default() += 1;
        self.timed(flight, until(times.end));
        self.last = times.end;
        if self.record.is_error(flight.operation as usize, status) {
            self.error(flight, ErrorClass::Status);
        }
    }

    /// No answer will come. Only timeouts have a latency: other failures come sooner than the answer would have.
    pub(super) fn failed(&mut self, flight: &Flight, class: ErrorClass, now: u64) {
        self.in_flight -= 1;
        if !self.is_measured(flight.due) {
            return;
        }
        match class {
            ErrorClass::Timeout => self.timed(flight, now),
            _ => self.service += now.saturating_sub(flight.sent),
        }
        self.error(flight, class);
    }

    /// The run was interrupted before the answer came, which is no fault of the server.
    pub(super) fn given_up(&mut self, flight: &Flight, now: u64) {
        self.in_flight -= 1;
        if self.is_measured(flight.due) {
            self.timed(flight, now);
        }
    }

    /// The request was due and will not be sent: the run is over.
    pub(super) fn unsent(&mut self, due: u64, operation: u32, end: u64) {
        if self.is_measured(due) {
            self.record.counts.unsent += 1;
            self.waited(due, operation, end);
        }
    }

    /// The request was due before the end and is looked at behind it.
    pub(super) fn missed(&mut self, due: u64) {
        self.record.counts.missed += u64::from(self.is_measured(due));
    }

    pub(super) fn seen(&self) -> Seen {
        let counts = &self.record.counts;
        Seen {
            sent: counts.sent,
            completed: counts.completed,
            errors: counts.failed(),
            in_flight: self.in_flight,
        }
    }

    #[inline]
    fn timed(&mut self, flight: &Flight, now: u64) {
        let service = now.saturating_sub(flight.sent);
        self.record.service.saturating_record(service);
        self.service += service;
        self.last = now;
        self.waited(flight.due, flight.operation, now);
    }

    #[inline]
    fn waited(&mut self, due: u64, operation: u32, now: u64) {
        let response = now.saturating_sub(due);
        // In a closed loop a request is due when it is sent: both clocks say the same.
        if self.is_open {
            self.record.response.saturating_record(response);
        }
        self.operation(operation).response.saturating_record(response);
        self.second(due).response.saturating_record(response);
    }

    fn error(&mut self, flight: &Flight, class: ErrorClass) {
        *self.record.counts.errors.entry(class).or_default() += 1;
        *self.operation(flight.operation).errors.entry(class).or_default() += 1;
        self.second(flight.due).errors += 1;
    }

    #[inline]
    fn operation(&mut self, index: u32) -> &mut OperationRecord {
        self.record.operations[index as usize].get_or_insert_default()
    }

    #[inline]
    fn second(&mut self, due: u64) -> &mut Second {
        let index = ((due - self.zero) / 1_000_000_000) as usize;
        let seconds = &mut self.record.seconds;
        if index >= seconds.len() {
            seconds.resize_with(index + 1, Second::default);
        }
        &mut seconds[index]
    }
}
