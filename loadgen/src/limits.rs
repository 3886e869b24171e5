//! What a run holds and does at most.

/// Shortest latency told apart, in nanoseconds.
pub const LOWEST_LATENCY: u64 = 1_000;
/// Longest latency told apart, in nanoseconds; what took longer counts as this.
pub const HIGHEST_LATENCY: u64 = 60_000_000_000;
/// Significant digits of the latencies of a whole run.
pub const DIGITS_OF_RUN: u8 = 3;
/// Significant digits of the latencies of one operation or one second.
pub const DIGITS_OF_PART: u8 = 2;

/// Requests that may be due and not sent, over one thread; those beyond are never sent.
pub const MAX_QUEUE: usize = 64 * 1024 * 1024;
/// Length of the sequence of operations, in requests: as long as the rarest operation needs, up to this.
pub const MAX_SEQUENCE: usize = 1024 * 1024;
/// See [`MAX_SEQUENCE`].
pub const MIN_SEQUENCE: usize = 1024;
/// How often timeouts are looked at and progress is published, in nanoseconds.
pub const TICK: u64 = 100_000_000;
/// First pause of waiting for connections to be made, in nanoseconds; doubled up to [`TICK`].
pub const FIRST_STEP: u64 = 500_000;
/// Between knowing that there are connections and the first request, in nanoseconds.
pub const START_DELAY: u64 = 5_000_000;
/// How long an interrupted run waits for what is in flight, in nanoseconds.
pub const INTERRUPT_GRACE: u64 = 500_000_000;
/// Pause before connecting again after a failure, in nanoseconds; doubled with each, up to [`MAX_PAUSE`].
pub const MIN_PAUSE: u64 = 25_000_000;
/// See [`MIN_PAUSE`].
pub const MAX_PAUSE: u64 = 1_000_000_000;
/// How long a connection may have had nothing to do before it is looked at whether the server has closed it, in
/// nanoseconds.
pub const STALE_AFTER: u64 = 100_000_000;
/// Bytes read at once, at first; doubled where they are not enough, up to [`KEPT_BUFFER`].
pub const READ_BUFFER: usize = 4 * 1024;
/// Capacity of a buffer that is kept for the next answer.
pub const KEPT_BUFFER: usize = 64 * 1024;
/// Bytes of TLS records read at once.
pub const RECORD_BUFFER: usize = 16 * 1024;
/// Sending threads at most.
pub const MAX_THREADS: usize = 1024;
