//! Every limit of the runtime, by name.

use std::time::Duration;

/// Bytes of the read buffer that a connection starts with, and shrinks back to.
pub const READ_BUFFER: usize = 2 * 1024;

/// Unconsumed bytes a connection may hold before it is reset; a service refuses politely before this.
pub const DEFAULT_MAX_INPUT: usize = 64 * 1024 * 1024;

/// Bytes of output after which a service should pause with [`Next::Again`](crate::Next::Again),
/// so that a client which sends but does not read cannot fill memory.
pub const OUTPUT_TARGET: usize = 64 * 1024;

/// Output buffers kept for reuse by a worker, and the largest capacity worth keeping.
pub const POOLED_OUTPUTS: usize = 64;
/// See [`POOLED_OUTPUTS`].
pub const POOLED_OUTPUT_CAPACITY: usize = 2 * OUTPUT_TARGET;
/// Read buffers kept for reuse by a worker.
pub const POOLED_INPUTS: usize = 256;

/// Bytes that are read and thrown away while a connection closes in order.
pub const CLOSE_DRAIN_BYTES: usize = 256 * 1024;

/// Connections served at once, over all workers.
pub const DEFAULT_MAX_CONNECTIONS: usize = 65_536;

/// Connections the kernel queues for a listener before they are accepted.
pub const DEFAULT_BACKLOG: u32 = 4096;

/// Submission queue entries of a worker's ring; completions have twice as many.
pub const RING_ENTRIES: u32 = 4096;

/// Worker threads at most.
pub const MAX_THREADS: usize = 1024;

/// Ticks that a read may be pending before it is cancelled to look at the connection's deadline and,
/// where nothing is buffered, to give the buffer back.
pub const READ_GENERATIONS: usize = 3;

/// Requests within one tick beyond which a connection is busy: it reads without a way to cancel, and
/// keeps its buffer while it waits.
pub const BUSY_ROUNDS: u32 = 16;

/// Rounds in which a connection that never has to wait may hold an epoll worker.
pub const ROUNDS_BEFORE_YIELD: u32 = 32;

/// Connections that an io_uring worker takes from a listener in one turn, however many connections it serves then.
pub const ACCEPTS_AT_ONCE: usize = 16;

/// More connections than the lightest worker that a worker may have before it hands new ones over.
pub const HAND_OVER_SLACK: usize = 1;

/// Bytes of a handshake that a client may send before they make whole messages. Longer messages than 64 KiB are refused in any
/// case; this is for those that come in the smallest records.
pub const HANDSHAKE_BYTES: usize = 128 * 1024;

/// Bytes that one record holds at most (RFC 8446, section 5.1), and by how much it is longer than that.
pub const RECORD_BYTES: usize = 16 * 1024;
/// See [`RECORD_BYTES`].
pub const RECORD_OVERHEAD: usize = 64;

/// How long a connection that has not asked anything yet may take to do so once its server drains.
pub const OPENING_GRACE: Duration = Duration::from_millis(500);

/// Ticks between two looks at whether the client of an answer that waits is still there.
pub const TICKS_BETWEEN_LOOKS: u64 = 4;
/// How long an answer waits at most whose client sends nothing more: it may be gone, or only have no more to ask.
pub const PAUSE_AFTER_END: Duration = Duration::from_secs(5);

/// Bytes of the program's file that may be mapped beyond those that are used, before they are given back.
pub const FILE_PAGES_SLACK: u64 = 512 * 1024;

/// How long workers get to reset what is left once the drain deadline has passed.
pub const QUIT_GRACE: Duration = Duration::from_secs(1);

/// How long before its time an alarm of a client ceases to sleep, in nanoseconds. The kernel wakes a thread up to
/// some ten microseconds late, more on a busy machine.
pub const SPIN: u64 = 100_000;

/// Longest round through the ring that counts as spinning, in nanoseconds; usual are one or two microseconds.
pub const LONGEST_ROUND: u64 = 10_000;
