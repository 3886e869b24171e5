//! What a run holds and does at most.

/// Shortest latency told apart, in nanoseconds.
pub const LOWEST_LATENCY: u64 = 1_000;
/// Longest latency told apart, in nanoseconds; what took longer counts as this.
pub const HIGHEST_LATENCY: u64 = 60_000_000_000;
/// Significant digits of the latencies of a whole run.
pub const DIGITS_OF_RUN: u8 = 3;
/// Significant digits of the latencies of one operation or one second.
pub const DIGITS_OF_PART: u8 = 2;
