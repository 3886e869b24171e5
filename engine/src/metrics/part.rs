//! What one worker counts while it serves one deployment.

use std::rc::Rc;
use std::sync::atomic::{AtomicU16, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use mocker_http::request::Method;
use mocker_scripting::ScriptId;
use mocker_scripting::metrics::Counters;
use mocker_scripting::plugin::builtin::Kind;
use mocker_state::{Counter, Histogram};

use super::report::Answered;
use crate::chaos::Cause;
use crate::limits::STATUSES;
use crate::publication::{Deployment, Served};

/// Nanoseconds up to which durations are counted together.
pub(super) const DURATIONS: &[u64] = &[
    10_000,
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000,
    25_000_000,
    50_000_000,
    100_000_000,
    250_000_000,
    500_000_000,
    1_000_000_000,
    2_500_000_000,
    5_000_000_000,
    10_000_000_000,
];

/// Bytes up to which messages are counted together.
pub(super) const SIZES: &[u64] = &[128, 512, 2_048, 8_192, 32_768, 131_072, 524_288, 2_097_152, 8_388_608];

/// Names of methods for requests that no operation answers: what clients send may be anything.
pub(super) const METHODS: [&str; 9] =
    ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "OTHER"];

/// Where a request is counted.
#[derive(Clone)]
pub(crate) enum Route {
    /// An operation of a deployment
    Operation(Rc<Served>, u32),
    /// None; index of the method's name
    Nowhere(usize),
}

impl Route {
    /// Of a request that no operation answers.
    pub(crate) fn nowhere(method: Method) -> Route {
        Route::Nowhere(match method {
            Method::Get => 0,
            Method::Head => 1,
            Method::Post => 2,
            Method::Put => 3,
            Method::Delete => 4,
            Method::Patch => 5,
            Method::Options => 6,
            Method::Trace => 7,
            Method::Query | Method::Other => 8,
        })
    }

    /// Of bytes that are no request.
    pub(crate) fn unread() -> Route {
        Route::Nowhere(METHODS.len() - 1)
    }
}

impl PartialEq for Route {
    fn eq(&self, other: &Route) -> bool {
        match (self, other) {
            (Route::Operation(one, first), Route::Operation(other, second)) => {
                first == second && Rc::ptr_eq(one, other)
            }
            (Route::Nowhere(one), Route::Nowhere(other)) => one == other,
            _ => false,
        }
    }
}

/// One answer, as it is counted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Noted {
    /// 0 where nothing was answered that has one
    status: u16,
    struck_by: Option<Cause>,
    sent: u64,
    received: u64,
}

impl Noted {
    /// An answer as it was written, to a request with so many bytes of body.
    #[inline]
    pub(crate) fn new(written: &[u8], received: u64, struck_by: Option<Cause>) -> Noted {
        Noted { status: status(written), struck_by, sent: written.len() as u64, received }
    }

    /// So many bytes in place of an answer.
    pub(crate) fn unanswered(sent: u64, received: u64, struck_by: Option<Cause>) -> Noted {
        Noted { status: 0, struck_by, sent, received }
    }
}

/// The status in a status line of our own; 0 for what is none.
#[inline]
pub(crate) fn status(written: &[u8]) -> u16 {
    let digit = |at: usize| written.get(at).map_or(0, |byte| u16::from(byte.wrapping_sub(b'0')));
    digit(9) * 100 + digit(10) * 10 + digit(11)
}

/// What one worker counts while it serves one deployment.
pub(crate) struct Part {
    pub(super) deployment: Arc<Deployment>,
    /// By operation; behind them by method, for requests that no operation answers
    rows: Box<[OnceLock<Box<Row>>]>,
    scripts: Box<[OnceLock<Box<Counters>>]>,
    plugins: [Counters; Kind::ALL.len()],
}

/// Answers of one operation.
pub(super) struct Row {
    answers: Answers,
    /// Those to requests that chaos struck, by what struck them first: see [`Cause::place`]
    struck: OnceLock<Box<[Answers]>>,
    pub(super) durations: Histogram,
    pub(super) sent: Histogram,
    pub(super) received: Histogram,
}

/// Answers by status.
#[derive(Default)]
struct Answers {
    places: [Status; STATUSES],
    /// Of statuses that found no place
    further: Counter,
    /// Without a status
    none: Counter,
}

#[derive(Default)]
struct Status {
    /// 0 where it is free
    code: AtomicU16,
    count: Counter,
}

impl Part {
    pub(super) fn new(deployment: Arc<Deployment>) -> Part {
        let rows = deployment.plan.len() + METHODS.len();
        let scripts = deployment.behaviours.library.ids().count();
        Part {
            rows: (0..rows).map(|_| OnceLock::new()).collect(),
            scripts: (0..scripts).map(|_| OnceLock::new()).collect(),
            plugins: Default::default(),
            deployment,
        }
    }

    /// Counts so many answers of an operation that are alike, and what each took.
    #[inline]
    pub(crate) fn count(&self, operation: u32, noted: &Noted, times: u64, each: Duration) {
        self.row(operation as usize).count(noted, times, each, &self.deployment);
    }

    /// The same for answers that are no operation's.
    pub(crate) fn count_nowhere(&self, method: usize, noted: &Noted, times: u64, each: Duration) {
        self.row(self.deployment.plan.len() + method).count(noted, times, each, &self.deployment);
    }

    /// Counts a call of a script.
    pub(crate) fn called(&self, script: ScriptId, took: Duration, is_error: bool) {
        if let Some(counters) = self.scripts.get(script.index()) {
            counters.get_or_init(Box::default).count(took, is_error);
        }
    }

    /// Counts a visit of a plugin.
    pub(crate) fn visited(&self, plugin: Kind, took: Duration) {
        self.plugins[plugin as usize].count(took, false);
    }

    #[inline]
    fn row(&self, index: usize) -> &Row {
        self.rows[index].get_or_init(Box::default)
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = (usize, &Row)> {
        self.rows.iter().enumerate().filter_map(|(index, row)| Some((index, &**row.get()?)))
    }

    pub(super) fn scripts(&self) -> impl Iterator<Item = (ScriptId, &Counters)> {
        let library = &self.deployment.behaviours.library;
        library.ids().zip(&self.scripts).filter_map(|(id, counters)| Some((id, &**counters.get()?)))
    }

    pub(super) fn plugins(&self) -> impl Iterator<Item = (Kind, &Counters)> {
        Kind::ALL.into_iter().zip(&self.plugins)
    }
}

impl Default for Row {
    fn default() -> Row {
        Row {
            answers: Answers::default(),
            struck: OnceLock::new(),
            durations: Histogram::new(DURATIONS),
            sent: Histogram::new(SIZES),
            received: Histogram::new(SIZES),
        }
    }
}

impl Row {
    #[inline]
    fn count(&self, noted: &Noted, times: u64, each: Duration, deployment: &Deployment) {
        match noted.struck_by {
            None => self.answers.count(noted.status, times),
            Some(cause) => self.struck_by(cause, deployment).count(noted.status, times),
        }
        self.sent.record_many(noted.sent, times);
        self.received.record_many(noted.received, times);
        self.durations.record_many(nanoseconds(each), times);
    }

    #[cold]
    fn struck_by(&self, cause: Cause, deployment: &Deployment) -> &Answers {
        let causes = || Cause::all(&deployment.behaviours.chaos).map(|_| Answers::default()).collect();
        self.struck.get_or_init(causes).get(cause.place()).unwrap_or(&self.answers)
    }

    /// How often what was answered, and what struck.
    pub(super) fn statuses(&self) -> impl Iterator<Item = (Option<Cause>, Answered, u64)> {
        let struck = self.struck.get().into_iter().flatten().enumerate();
        let struck = struck.map(|(place, answers)| (Some(Cause::at(place)), answers));
        let all = [(None, &self.answers)].into_iter().chain(struck);
        all.flat_map(|(cause, answers)| {
            answers.counts().map(move |(answered, count)| (cause, answered, count))
        })
    }
}

impl Answers {
    #[inline]
    fn count(&self, status: u16, times: u64) {
        // No status takes no place: it is what a free one has.
        if status == 0 {
            return self.none.add(times);
        }
        let place = self.places.iter().find(|place| {
            let code = place.code.load(Relaxed);
            code == status || code == 0
        });
        match place {
            Some(place) => {
                place.code.store(status, Relaxed);
                place.count.add(times);
            }
            None => self.further.add(times),
        }
    }

    fn counts(&self) -> impl Iterator<Item = (Answered, u64)> {
        let known =
            self.places.iter().map(|place| (Answered::Status(place.code.load(Relaxed)), place.count.get()));
        let rest = [(Answered::Further, self.further.get()), (Answered::Nothing, self.none.get())];
        known.chain(rest).filter(|(_, count)| *count > 0)
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
