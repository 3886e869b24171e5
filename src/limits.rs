//! What the command reads and sends at most.

use std::time::Duration;

/// Largest document, in bytes.
pub(crate) const MAX_FILE_BYTES: u64 = mocker_openapi::limits::FILE_BYTES as u64;
/// Longest wait for one URL, from the first byte sent to the last received.
pub(crate) const MAX_URL_TIME: Duration = Duration::from_secs(20);
/// Longest time for one callback, from connecting to the answer's head; a second try has as much again.
pub(crate) const MAX_CALLBACK_TIME: Duration = Duration::from_secs(10);
/// Between the two tries of a callback.
pub(crate) const CALLBACK_RETRY_PAUSE: Duration = Duration::from_millis(250);
/// Callbacks that are being sent at a time.
pub(crate) const MAX_CALLBACKS_IN_FLIGHT: usize = 8;
/// Callbacks that wait for their turn; further ones are dropped.
pub(crate) const MAX_CALLBACKS_WAITING: usize = 1_024;
/// Longest pointer that is printed whole, in characters.
pub(crate) const MAX_POINTER: usize = 400;
/// Folders inside a given folder are searched this deep.
pub(crate) const MAX_FOLDER_DEPTH: usize = 8;
/// Most files taken from one given folder.
pub(crate) const MAX_FOLDER_FILES: usize = 1_000;
/// Most folders inside one given folder that are watched for what is added to them, and in which scripts are looked for.
pub(crate) const MAX_FOLDERS: usize = 1_000;
/// Requests a second beyond which an open loop gets one more sending thread.
pub(crate) const RATE_OF_ONE_THREAD: f64 = 50_000.0;
/// How long each part of a calibration sends, behind its warm-up.
pub(crate) const CALIBRATION: Duration = Duration::from_secs(1);
/// See [`CALIBRATION`].
pub(crate) const CALIBRATION_WARMUP: Duration = Duration::from_millis(200);
/// Between two states of the live line on a terminal.
pub(crate) const LIVE_STEP: Duration = Duration::from_millis(200);
/// Between two lines where there is no terminal.
pub(crate) const LIVE_LINE: Duration = Duration::from_secs(5);
/// Largest body of a request that the user gives, in bytes.
pub(crate) const MAX_REQUEST_BODY: u64 = 64 << 20;
/// How often the live line looks at what there is.
pub(crate) const LIVE_LOOK: Duration = Duration::from_millis(20);
/// Between two probes of a search: a server that was driven too far gets over it. No longer than a probe.
pub(crate) const COOL_DOWN: Duration = Duration::from_millis(500);
/// Largest file of saved runs, in bytes.
pub(crate) const MAX_BASELINE: u64 = 1 << 20;
/// Runs of each side where runs are compared or saved and nobody says how many.
pub(crate) const USUAL_RUNS: u32 = 5;
/// Names that a line lists before it counts the rest.
pub(crate) const MAX_NAMED: usize = 5;
/// How often files are looked at where nothing tells that they changed.
pub(crate) const WATCH_LOOK: Duration = Duration::from_secs(2);
/// How long a reload gives way to whatever else wants its core, before it takes its turn like all others.
pub(crate) const RELOAD_PATIENCE: Duration = Duration::from_millis(300);
/// What a watch has heard and not yet acted on; beyond it only SIGHUP waits for a place.
pub(crate) const MAX_HEARD: usize = 1_024;
/// A file is read again when nothing was told of its folder for so long, and at the latest after
/// [`WATCH_QUIET_AT_MOST`].
pub(crate) const WATCH_QUIET: Duration = Duration::from_millis(10);
/// See [`WATCH_QUIET`].
pub(crate) const WATCH_QUIET_AT_MOST: Duration = Duration::from_millis(100);
/// Largest configuration, and largest file that a variable names, in bytes.
pub(crate) const MAX_CONFIG_BYTES: u64 = 4 << 20;
/// Faults of a configuration that are listed; there is one more line where there are more.
pub(crate) const MAX_CONFIG_FAULTS: usize = 200;
/// Largest file of certificates or keys, in bytes.
pub(crate) const MAX_PEM_BYTES: u64 = 1 << 20;
/// For how long a self-signed certificate is good, from so long before its making on: clocks differ. Browsers take none that is
/// good for longer.
pub(crate) const SELF_SIGNED_FOR: Duration = Duration::from_secs(397 * 86_400);
/// See [`SELF_SIGNED_FOR`].
pub(crate) const SELF_SIGNED_BEFORE: Duration = Duration::from_secs(86_400);
/// Lines that wait to be written to standard error; further ones are dropped and counted.
pub(crate) const MAX_LINES_WAITING: usize = 4_096;
/// Lines of a start that wait until it is known whether the server serves; where there are more, they are told at once.
pub(crate) const MAX_LINES_HELD: usize = 10_000;
/// Bytes that are written to standard error at once, if one line is not longer.
pub(crate) const MAX_WRITTEN_AT_ONCE: usize = 64 << 10;
/// How long the process waits at its end for standard error to take what was told.
pub(crate) const TALK_END: Duration = Duration::from_secs(1);
/// How often the access log takes what was answered.
pub(crate) const LOG_PAUSE: Duration = Duration::from_millis(100);
/// Bytes of the access log that are written at once, if one line is not longer.
pub(crate) const MAX_LOGGED_AT_ONCE: usize = 64 << 10;
/// How long the process waits at its end for the access log to be written.
pub(crate) const LOG_END: Duration = Duration::from_secs(5);
/// A worker that has not looked up from its work for so long is not well.
pub(crate) const WORKER_SILENCE: Duration = Duration::from_secs(5);
/// Share of a limit from which on the store is nearly full.
pub(crate) const STORE_NEARLY_FULL: f64 = 0.9;
/// How long a server that was told to end is waited for.
pub(crate) const STOP_TIME: Duration = Duration::from_secs(600);
/// How long a daemon may take until it serves.
pub(crate) const DAEMON_START_TIME: Duration = Duration::from_secs(120);
/// How long one that did not serve may take to end.
pub(crate) const DAEMON_END_TIME: Duration = Duration::from_secs(60);
/// How often a PID file is claimed anew that is taken away meanwhile.
pub(crate) const MAX_CLAIMS: usize = 100;
/// Lines of a daemon's log that are told where nobody says how many.
pub(crate) const LOG_LINES: usize = 100;
/// Bytes at the end of a log in which its last lines are looked for.
pub(crate) const MAX_LOG_TAIL: u64 = 4 << 20;
/// Longest message of a service that is ready, in bytes.
pub(crate) const MAX_NOTICE: usize = 4096;
/// How often a log is looked at where nothing tells that it grew.
pub(crate) const LOG_LOOK: Duration = Duration::from_secs(1);
/// Bytes of an answer's body that `mocker explain` shows.
pub(crate) const MAX_EXPLAINED_BODY: usize = 2_048;
/// Places of an answer's body of which `mocker explain` tells from where they come; the rest is counted.
pub(crate) const MAX_EXPLAINED_FIELDS: usize = 200;
/// Paths that `mocker explain` names where none matches.
pub(crate) const MAX_NEAREST_PATHS: usize = 3;
/// Reasons of a kind that `mocker explain` gives; the rest is counted.
pub(crate) const MAX_REASONS: usize = 20;
/// Bytes of documents in which shell completion looks for operations; in larger ones it finds none.
pub(crate) const MAX_COMPLETED_BYTES: u64 = 4 << 20;
/// References in a row that a proof follows.
pub(crate) const MAX_PROOF_REFERENCES: usize = mocker_schema::limits::REFERENCE_CHAIN;
/// Schemas inside one another, values and references counted, that a proof follows.
pub(crate) const MAX_PROOF_DEPTH: usize = 2_000;
/// Times that a schema is applied to a value, in the proof of one part of an operation.
pub(crate) const MAX_PROOF_STEPS: usize = 4_000_000;
/// Schemas of which each thread that proves keeps the validator for the operations to come, per direction; when there are so
/// many, all are dropped.
pub(crate) const MAX_PROOF_PIECES: usize = 1_000;
/// The same by what they say: values of these schemas as JSON, members and elements counted.
pub(crate) const MAX_PROOF_PIECES_SIZE: usize = 50_000;
/// Bytes of compiled programs that each thread that proves keeps for the operations to come.
pub(crate) const KEPT_PROGRAMS: usize = 32 << 20;
/// Operations that a thread that proves takes at a time: neighbours share schemas.
pub(crate) const MAX_PROOF_TAKEN: usize = 32;
/// Stack of a thread that proves, in bytes: validators call themselves for each level.
pub(crate) const PROOF_STACK: usize = 256 << 20;
/// Characters of what is wrong with a value; messages quote it.
pub(crate) const MAX_PROOF_MESSAGE: usize = 200;
/// Lines about what is not proved; the rest is counted.
pub(crate) const MAX_PROOF_FAULTS: usize = 100;
/// Lines about the author's examples; the rest is counted.
pub(crate) const MAX_PROOF_EXAMPLES: usize = 20;
/// Values made of each schema where nobody says how many, and at most.
pub(crate) const USUAL_PROOF_SAMPLES: u64 = 5;
/// See [`USUAL_PROOF_SAMPLES`].
pub(crate) const MAX_PROOF_SAMPLES: u64 = 1_000;
/// Ways to schemas that come back to themselves on one value, as many as are told apart.
pub(crate) const MAX_WAYS: usize = 1_000;
