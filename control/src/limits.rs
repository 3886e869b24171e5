//! Every limit of the control plane, by name.

use std::time::Duration;

/// Connections at a time; further ones wait to be accepted.
pub(crate) const MAX_CONNECTIONS: usize = 64;
/// Largest body of a request, in bytes; longer ones get 413.
pub(crate) const MAX_BODY: usize = 16 << 20;
/// Largest head of a request, in bytes; longer ones get 431.
pub(crate) const MAX_HEAD: usize = 16 << 10;
/// Time for the head of a request, from the end of the one before: idle connections are closed then.
pub(crate) const HEAD_TIME: Duration = Duration::from_secs(30);
/// Time from a request's head to its answer; then 503. Reading documents from the web is within it.
pub(crate) const REQUEST_TIME: Duration = Duration::from_secs(60);
/// Time that a client may leave what was sent to it unread; then it is given up.
pub(crate) const WRITE_TIME: Duration = Duration::from_secs(30);
/// Time that requests in flight have to be answered when the server has ended.
pub(crate) const DRAIN_TIME: Duration = Duration::from_secs(1);
/// Between two tries to accept, where the system has no descriptors left.
pub(crate) const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// Threads for what blocks: reloads, and what else waits for the disk.
pub(crate) const BLOCKING_THREADS: usize = 4;
/// Keys that one list tells where nobody says how many.
pub(crate) const LISTED_KEYS: usize = 100;
/// Keys that one list tells at most.
pub(crate) const MAX_LISTED_KEYS: usize = 10_000;
/// Bytes of keys and values from which on one list tells no more of them.
pub(crate) const MAX_LISTED_BYTES: usize = 4 << 20;
/// Scopes besides the global one that one list tells at most, as the store does.
pub(crate) const MAX_LISTED_SCOPES: usize = 1_000;
/// Requests to read everything again that wait for their end; further ones get 503.
pub(crate) const MAX_RELOADS_WAITING: usize = 8;
/// Time that a client waits for a connection.
pub(crate) const CONNECT_TIME: Duration = Duration::from_secs(5);
/// Time that a client waits for an answer.
pub(crate) const ANSWER_TIME: Duration = Duration::from_secs(75);
/// Largest answer that a client reads, in bytes.
pub(crate) const MAX_ANSWER: usize = 64 << 20;
