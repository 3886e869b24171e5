//! What was seen: latencies, statuses, errors, in memory that does not grow with the number of requests.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use hdrhistogram::Histogram;

use crate::limits::{DIGITS_OF_PART, DIGITS_OF_RUN, HIGHEST_LATENCY, LOWEST_LATENCY};
use crate::verify::Verification;

/// What one thread saw, or all of them together. Latencies are in nanoseconds.
#[derive(Clone, Debug)]
pub struct Record {
    /// From when a request was due to the end of its answer; what is given up counts with its full age
    pub response: Histogram<u64>,
    /// From when a request was sent to the end of its answer
    pub service: Histogram<u64>,
    /// From when a request was sent to the first byte of its answer
    pub first_byte: Histogram<u64>,
    /// What the server says it took to make an answer (`app` of `Server-Timing`), where it was asked
    pub server: Histogram<u64>,
    /// Making a connection, the TLS handshake included
    pub connect: Histogram<u64>,
    /// Sent later than due though a connection was free: the generator's fault
    pub sched_lag: Histogram<u64>,
    /// Sent later than due because all connections were busy: the server's fault
    pub conn_wait: Histogram<u64>,
    /// What happened how often
    pub counts: Counts,
    /// By the operation's index in the scenario; empty where nothing was sent
    pub operations: Vec<Option<Box<OperationRecord>>>,
    /// Second by second, from the end of the warm-up; what was due in that second
    pub seconds: Vec<Second>,
    /// By the operation's index: failures that are no errors
    expected: Arc<[Expected]>,
}

/// Statuses of 400 and above that are no errors, of one operation.
pub(crate) type Expected = Vec<RangeInclusive<u16>>;

/// What happened how often, in the measured part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Requests that were due; in a closed loop as many as were sent
    pub scheduled: u64,
    /// Requests that were sent
    pub sent: u64,
    /// Requests that were due and never sent, because the run ended first
    pub unsent: u64,
    /// Of those, requests that the generator had not even looked at when the run ended
    pub missed: u64,
    /// Answers that came whole, whatever their status
    pub completed: u64,
    /// Answers by status
    pub statuses: BTreeMap<u16, u64>,
    /// Errors by class; an answer has at most one
    pub errors: BTreeMap<ErrorClass, u64>,
    /// Bytes of answers
    pub received: u64,
    /// Requests of the warm-up
    pub warmup: u64,
    /// Descriptors or ports ran out
    pub exhausted: u64,
}

/// What went wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ErrorClass {
    /// No connection could be made
    Connect,
    /// The connection ended before the answer did
    Reset,
    /// The answer did not come in time
    Timeout,
    /// The handshake failed
    Tls,
    /// The answer is not HTTP
    Protocol,
    /// The answer's status is 400 or above, and the description has a success or not this failure
    Status,
    /// The answer is not as the description says: its status, its media type or its body
    Schema,
}

/// What was seen of one operation.
#[derive(Clone, Debug)]
pub struct OperationRecord {
    /// As [`Record::response`]
    pub response: Histogram<u32>,
    /// As [`Record::server`]; nothing where the server said nothing
    pub server: Option<Histogram<u32>>,
    /// Answers by status
    pub statuses: BTreeMap<u16, u64>,
    /// Errors by class
    pub errors: BTreeMap<ErrorClass, u64>,
}

/// What was due within one second.
#[derive(Clone, Debug)]
pub struct Second {
    /// As [`Record::response`]
    pub response: Histogram<u32>,
    /// Requests sent in this second
    pub sent: u64,
    /// Errors seen in this second
    pub errors: u64,
    /// The most that a request was sent late though a connection was free, in nanoseconds
    pub most_lag: u64,
}

/// One run, over.
#[derive(Debug)]
pub struct Run {
    /// All threads together
    pub record: Record,
    /// Nanoseconds that were measured: the schedule's length, or less where the run was interrupted
    pub elapsed: u64,
    /// Requests in flight on average: the sum of service times over `elapsed`
    pub in_flight: f64,
    /// Most requests in flight at once, added up over threads
    pub most_in_flight: u64,
    /// Connections that could be made before the first request; [`Load::concurrency`](crate::load::Load::concurrency)
    /// were asked for
    pub opened: usize,
    /// Why one of the others could not, where there are any
    pub not_opened: Option<String>,
    /// Thread by thread
    pub threads: Vec<Thread>,
    /// Somebody stopped it
    pub interrupted: bool,
    /// What became of holding answers against the description, where that was asked for
    pub verification: Option<Verification>,
}

/// What one sending thread used, over the measured part.
#[derive(Clone, Debug, Default)]
pub struct Thread {
    /// The CPU it was bound to
    pub cpu: Option<usize>,
    /// Share of the time it was working, spinning excluded; 0 to 1
    pub busy: f64,
    /// CPU time it used, spinning included, in nanoseconds
    pub cpu_time: u64,
    /// Times the kernel took the CPU from it
    pub preempted: u64,
}

impl ErrorClass {
    /// All, in the order of reports.
    pub const ALL: [ErrorClass; 7] = [
        ErrorClass::Connect,
        ErrorClass::Reset,
        ErrorClass::Timeout,
        ErrorClass::Tls,
        ErrorClass::Protocol,
        ErrorClass::Status,
        ErrorClass::Schema,
    ];

    /// As reports write it.
    pub fn name(self) -> &'static str {
        match self {
            ErrorClass::Connect => "connect",
            ErrorClass::Reset => "reset",
            ErrorClass::Timeout => "timeout",
            ErrorClass::Tls => "tls",
            ErrorClass::Protocol => "protocol",
            ErrorClass::Status => "status",
            ErrorClass::Schema => "schema",
        }
    }
}

impl Record {
    /// Nothing seen yet, of so many operations.
    pub fn new(operations: usize) -> Record {
        Record::expecting(vec![Vec::new(); operations].into())
    }

    /// Nothing seen yet, of operations some of which are expected to fail.
    pub(crate) fn expecting(expected: Arc<[Expected]>) -> Record {
        Record {
            response: of_run(),
            service: of_run(),
            first_byte: of_run(),
            server: of_run(),
            connect: of_run(),
            sched_lag: of_run(),
            conn_wait: of_run(),
            counts: Counts::default(),
            operations: vec![None; expected.len()],
            seconds: Vec::new(),
            expected,
        }
    }

    /// Whether an answer of this status is an error, as far as its status says.
    #[inline]
    pub(crate) fn is_error(&self, operation: usize, status: u16) -> bool {
        status >= 400 && !self.expects(operation, status)
    }

    #[cold]
    fn expects(&self, operation: usize, status: u16) -> bool {
        self.expected.get(operation).is_some_and(|ranges| ranges.iter().any(|range| range.contains(&status)))
    }

    /// Answers of one operation, status and second turn out not to be as the description says. An answer counts as
    /// one error: this goes before its status.
    pub(crate) fn broken(&mut self, operation: usize, status: u16, second: usize, count: u64) {
        let is_error = self.is_error(operation, status);
        let Some(Some(part)) = self.operations.get_mut(operation) else { return };
        for errors in [&mut self.counts.errors, &mut part.errors] {
            if is_error && let Some(of_status) = errors.get_mut(&ErrorClass::Status) {
                *of_status = of_status.saturating_sub(count);
            }
            *errors.entry(ErrorClass::Schema).or_default() += count;
        }
        if !is_error && let Some(second) = self.seconds.get_mut(second) {
            second.errors += count;
        }
    }

    /// Adds what another thread saw of the same scenario.
    pub fn merge(&mut self, other: &Record) {
        let pairs = [
            (&mut self.response, &other.response),
            (&mut self.service, &other.service),
            (&mut self.first_byte, &other.first_byte),
            (&mut self.server, &other.server),
            (&mut self.connect, &other.connect),
            (&mut self.sched_lag, &other.sched_lag),
            (&mut self.conn_wait, &other.conn_wait),
        ];
        for (ours, theirs) in pairs {
            ours.add(theirs).expect("histograms of a run have the same bounds");
        }
        self.counts.merge(&other.counts);
        for (ours, theirs) in self.operations.iter_mut().zip(&other.operations) {
            match (ours, theirs) {
                (_, None) => {}
                (ours @ None, Some(theirs)) => *ours = Some(theirs.clone()),
                (Some(ours), Some(theirs)) => ours.merge(theirs),
            }
        }
        self.seconds.resize_with(self.seconds.len().max(other.seconds.len()), Second::default);
        for (ours, theirs) in self.seconds.iter_mut().zip(&other.seconds) {
            ours.merge(theirs);
        }
    }
}

impl Counts {
    /// Errors of every class.
    pub fn failed(&self) -> u64 {
        self.errors.values().sum()
    }

    fn merge(&mut self, other: &Counts) {
        self.scheduled += other.scheduled;
        self.sent += other.sent;
        self.unsent += other.unsent;
        self.missed += other.missed;
        self.completed += other.completed;
        self.received += other.received;
        self.warmup += other.warmup;
        self.exhausted += other.exhausted;
        add(&mut self.statuses, &other.statuses);
        add(&mut self.errors, &other.errors);
    }
}

impl OperationRecord {
    fn merge(&mut self, other: &OperationRecord) {
        self.response.add(&other.response).expect("histograms of operations have the same bounds");
        if let Some(theirs) = &other.server {
            let ours = self.server.get_or_insert_with(of_part);
            ours.add(theirs).expect("histograms of operations have the same bounds");
        }
        add(&mut self.statuses, &other.statuses);
        add(&mut self.errors, &other.errors);
    }
}

impl Default for OperationRecord {
    fn default() -> Self {
        OperationRecord {
            response: of_part(),
            server: None,
            statuses: BTreeMap::new(),
            errors: BTreeMap::new(),
        }
    }
}

impl Second {
    /// Adds what another thread saw in the same second.
    pub fn merge(&mut self, other: &Second) {
        self.response.add(&other.response).expect("histograms of seconds have the same bounds");
        self.sent += other.sent;
        self.errors += other.errors;
        self.most_lag = self.most_lag.max(other.most_lag);
    }
}

impl Default for Second {
    fn default() -> Self {
        Second { response: of_part(), sent: 0, errors: 0, most_lag: 0 }
    }
}

/// Latencies of a whole run.
pub fn of_run() -> Histogram<u64> {
    Histogram::new_with_bounds(LOWEST_LATENCY, HIGHEST_LATENCY, DIGITS_OF_RUN)
        .expect("the bounds are in order")
}

/// Latencies of one operation or one second.
pub fn of_part() -> Histogram<u32> {
    Histogram::new_with_bounds(LOWEST_LATENCY, HIGHEST_LATENCY, DIGITS_OF_PART)
        .expect("the bounds are in order")
}

fn add<K: Ord + Copy>(ours: &mut BTreeMap<K, u64>, theirs: &BTreeMap<K, u64>) {
    for (&key, count) in theirs {
        *ours.entry(key).or_default() += count;
    }
}
