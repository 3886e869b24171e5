//! What a run holds and does at most.

use std::time::Duration;

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

/// Nanoseconds behind its time from which a release is late: far more than timers and spinning leave.
pub const LATE: u64 = 1_000_000;
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
/// Heads of answers that one thread keeps to know their like by: those of so many requests.
pub const RECALLED_HEADS: usize = 256;
/// Bytes of TLS records read at once.
pub const RECORD_BUFFER: usize = 16 * 1024;
/// Sending threads at most.
pub const MAX_THREADS: usize = 1024;

/// One of so many answers of an operation is judged where not all are.
pub const SAMPLE_EVERY: u64 = 100;
/// Longest body that is judged, in bytes.
pub const MAX_VERIFIED_BODY: usize = 1 << 20;
/// Answers that wait to be judged, over all threads; those beyond are not.
pub const MAX_QUEUED_ANSWERS: usize = 4_096;
/// Bytes of answers that wait to be judged, over all threads.
pub const MAX_QUEUED_BYTES: usize = 64 << 20;
/// Different answers of one thread without a verdict; those beyond are not judged.
pub const MAX_PENDING: usize = 64 * 1024;
/// Verdicts that one thread remembers; then it begins anew.
pub const MAX_VERDICTS: usize = 64 * 1024;
/// How long a run that is over waits for its answers to be judged.
pub const VERIFY_GRACE: Duration = Duration::from_secs(5);
/// What is wrong with an answer, in bytes.
pub const MAX_FAILURE_BYTES: usize = 400;
/// Broken rules of one answer that are told.
pub const VIOLATIONS_OF_FAILURE: usize = 3;
/// Wrong answers that are told.
pub const FIRST_FAILURES: usize = 10;

/// Longest time that can be asked for, in seconds: a year.
pub const LONGEST_DURATION: u64 = 365 * 86_400;
/// Highest rate that can be asked for, in requests a second: one a nanosecond is the grain of schedules.
pub const HIGHEST_RATE: f64 = 1e9;
/// Most stages of one load.
pub const MAX_STAGES: usize = 1_000;
/// Longest threshold, in bytes.
pub const MAX_THRESHOLD_BYTES: usize = 1_024;

/// Samples above a percentile without which it says little.
pub const TAIL_SAMPLES: u64 = 10;
/// The generator may be late by this in any case, in nanoseconds; the 99th percentile counts.
pub const LEAST_LAG_LIMIT: u64 = 100_000;
/// The generator may be late by this part of the tightest latency threshold.
pub const LAG_SHARE_OF_THRESHOLD: f64 = 0.05;
/// Part of the due requests that must be sent.
pub const LEAST_SENT_SHARE: f64 = 0.999;
/// Part of a run that the hypervisor may give to others before that is worth a word.
pub const LEAST_STOLEN_SHARE: f64 = 0.001;
/// Share of its time from which a sending thread counts as busy.
pub const BUSY_THREAD: f64 = 0.8;
/// Share of its time from which a sending thread counts as the reason why requests were not sent.
pub const SATURATED_THREAD: f64 = 0.95;
/// What Little's law may be off.
pub const LITTLE_TOLERANCE: f64 = 0.05;
/// Requests from which Little's law is looked at.
pub const LITTLE_SAMPLES: u64 = 100;
/// A latency threshold must be so many times the generator's own floor.
pub const FLOOR_TIMES: u64 = 3;

/// Operations of the text summary unless all are asked for.
pub const OPERATIONS_OF_SUMMARY: usize = 10;
/// Longest name of an operation in the text summary, in characters.
pub const NAME_WIDTH: usize = 60;
/// Points of a drawn series; seconds of longer runs are joined.
pub const MAX_POINTS: usize = 600;
/// Operations of the report as a page.
pub const OPERATIONS_OF_PAGE: usize = 1_000;

/// Requests made for one operation where nothing else is said.
pub const USUAL_VARIANTS: usize = 8;
/// Requests made for one operation at most.
pub const MAX_VARIANTS: usize = 256;
/// Values made in turn for one place of a request until one can be written there and leads to the operation.
pub const ATTEMPTS: u64 = 8;
/// Values of the author's taken for one parameter or one body: examples, default, `enum`.
pub const MAX_AUTHORED: usize = 64;
/// Bytes of a request target; servers refuse longer ones (RFC 9112, section 3 asks for 8,000).
pub const MAX_TARGET: usize = 8_000;
/// Bytes of a request head; servers refuse longer ones.
pub const MAX_HEAD: usize = 16 * 1024;
/// Header fields of a request; servers refuse more.
pub const MAX_FIELDS: usize = 90;
/// Bytes of a request body.
pub const MAX_BODY: usize = 1 << 20;
/// Brackets of a name (`p[a][b]` has two); what would have more cannot be written.
pub const MAX_BRACKETS: usize = 16;
/// Bytes of all requests of a scenario, after which further operations are left out.
pub const MAX_SCENARIO: usize = 256 << 20;
/// Patterns that select or exclude operations.
pub const MAX_PATTERNS: usize = 1_000;

/// How near to each other the highest rate that holds and the lowest that breaks are when a search ends: their ratio.
pub const SEARCH_PRECISION: f64 = 1.05;
/// Part of a rate that is tried when it did not hold for longer.
pub const STEP_DOWN: f64 = 0.95;
/// How often a search steps down before it says that nothing was confirmed.
pub const STEPS_DOWN: usize = 5;
/// A rate that holds is held for so many times the length of a probe.
pub const CONFIRMATION_TIMES: u32 = 3;
/// Part of what was due that must be answered for a rate to hold.
pub const LEAST_ANSWERED_SHARE: f64 = 0.99;

/// Runs of one side of a comparison; more would take the exact test too long.
pub const MAX_RUNS: usize = 30;
/// A difference that chance makes as seldom as this is significant.
pub const SIGNIFICANCE: f64 = 0.05;
/// Drawings behind the interval of a ratio.
pub const BOOTSTRAP_ROUNDS: usize = 2_000;
/// Errors may grow by this part of all requests before a comparison warns.
pub const ERROR_RATE_GROWTH: f64 = 0.001;

/// Bytes of a recording that is read line by line.
pub const MAX_RECORDING: u64 = 4 << 30;
/// Lines of a recording.
pub const MAX_RECORDED_LINES: u64 = 50_000_000;
/// Bytes of one line of a recording; a longer one counts as unreadable.
pub const MAX_RECORDED_LINE: usize = 64 * 1024;
/// Bytes of a HAR, most of which are bodies that are passed over.
pub const MAX_HAR: u64 = 1 << 30;
/// Bytes of a request method in a recording.
pub const MAX_METHOD: usize = 32;
/// Objects within each other in which a line of JSON is looked through for the request.
pub const MAX_JSON_DEPTH: usize = 3;
/// Requests without an operation that are told apart, by method and path; of further ones only the number is kept.
pub const MAX_UNMATCHED: usize = 10_000;
/// Hosts of a recording that are told apart.
pub const MAX_HOSTS: usize = 1_000;
/// Names in each list of what a recording and a document have not in common.
pub const MIX_NAMES: usize = 10;
/// Characters of a line or name of a recording when it is shown.
pub const MIX_TEXT: usize = 100;
