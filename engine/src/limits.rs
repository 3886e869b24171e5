//! Every limit of the engine that no user sets, by name.

use std::time::Duration;

/// Statuses that are counted apart for each operation.
pub(crate) const STATUSES: usize = 12;

/// Operations that scripts may lead one request to, the first included.
pub(crate) const MAX_ROUNDS: usize = 8;

/// A call of a script or template that fails sooner than this costs other requests next to nothing.
pub(crate) const LONG_FAILURE: Duration = Duration::from_millis(1);

/// The same for one that ends at a budget, which nobody writes on purpose.
pub(crate) const LONG_EXCESS: Duration = Duration::from_micros(250);

/// Time that calls of scripts and templates may take of a worker until they fail, before those that do so have to rest.
pub(crate) const EXHAUSTION_ALLOWANCE: Duration = Duration::from_millis(100);

/// Of how much time one part may go, in the long run, to calls that fail late: 0.2 %, so that it does not show in
/// the 99th percentile of anybody else's requests.
pub(crate) const EXHAUSTION_SHARE: u32 = 500;

/// Longest time for which a script or template that fails late is not called.
pub(crate) const MAX_REST: Duration = Duration::from_secs(30);

/// Scripts and templates that fail late of which a worker knows; more of them are called as if they did not.
pub(crate) const MAX_EXHAUSTED: usize = 1_000;

/// Bytes of a worker's ring for the access log: a tenth of a second of answers at some 150,000 a second.
pub const ACCESS_RING: usize = 4 << 20;

/// Bytes of a request's target that the access log keeps.
pub const MAX_LOGGED_TARGET: usize = 2_048;

/// Bytes of `Referer` and of `User-Agent` that the access log keeps.
pub const MAX_LOGGED_FIELD: usize = 512;

/// Bytes of a method, a path template and the name of a scenario that the access log keeps.
pub const MAX_LOGGED_NAME: usize = 256;

/// Bytes that it may take to know how many requests of which operation came in which scope, for chaos.
pub(crate) const MAX_COUNTED_BYTES: usize = 32 << 20;

/// What one delay that is injected may last at most.
pub const MAX_DELAY: Duration = Duration::from_secs(3_600);

/// Bytes that are sent in place of an answer at most.
pub const MAX_GARBAGE: usize = 1 << 20;

/// Bytes of answers that a worker holds to send them slowly; what comes beyond goes out at once.
pub(crate) const MAX_HELD: usize = 64 << 20;

/// Pieces of an answer that is sent at a bandwidth, in a second, as long as none has more than
/// [`OUTPUT_TARGET`](mocker_runtime::limits::OUTPUT_TARGET) bytes.
pub(crate) const PIECES_A_SECOND: u64 = 50;
