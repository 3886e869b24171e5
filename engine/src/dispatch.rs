//! From a request's head to what will be answered: a plain function of plan and head.

use std::rc::Rc;
use std::time::{Duration, Instant};

use mocker_http::request::{Head, Method};
use mocker_plan::request::{Fault, Sent};
use mocker_plan::route::{Captures, Matched, Outcome as Routed, Request};
use mocker_plan::{Asked as Entities, Plan, Reply, model};
use mocker_schema::generate::Key;

use crate::access::Heard;
use crate::behaviour::{Arrived, Made, Staged, preflight};
use crate::callbacks::{self, Announced};
use crate::chaos::{self, Cause, Struck};
use crate::cors::{self, Sharing};
use crate::judge::{self, Asked, Expected};
use crate::metrics::Route;
use crate::preferences;
use crate::problem::Problem;
use crate::publication::Served;
use crate::{Settings, Worker};

/// Paths of our own lie under it, out of the way of any document's.
pub(crate) const OWN_PREFIX: &[u8] = b"/__mocker/";

/// What a request is answered with, as far as it is known.
pub(crate) struct Decision {
    /// The answer, if the body does not change it
    pub(crate) outcome: Outcome,
    /// What the answer's head says of cross-origin sharing
    pub(crate) sharing: Sharing,
    /// What the body must be; nothing where it does not matter
    pub(crate) expected: Option<Box<Expected>>,
    /// What is sent to others when the answer was written
    pub(crate) announced: Option<Box<Announced>>,
    /// What scripts, templates or answers of the user's need of the head
    pub(crate) staged: Option<Box<Staged>>,
    /// What the answer waits by itself before it is sent
    pub(crate) delay: Duration,
    /// Faults and delays that struck the request
    pub(crate) struck: Option<Box<Struck>>,
    /// What it has waited on purpose
    pub(crate) waited: Duration,
    /// When the head was there, if the client asks how long the answer took
    pub(crate) begun: Option<Instant>,
    /// What it is counted as
    pub(crate) route: Route,
    /// When the bytes with the head's end were looked at, if requests are counted
    pub(crate) arrived: Option<Instant>,
    /// Bytes of the body
    pub(crate) received: u64,
    /// What the access log says of its head
    pub(crate) heard: Heard,
}

/// What a request is answered with.
#[derive(Clone)]
pub(crate) enum Outcome {
    /// An operation's answer
    Answer(Answer),
    /// An answer made for this request
    Made(Box<Made>),
    /// The server is up
    Health,
    /// `OPTIONS *`: what the server as a whole can do (RFC 9110, section 9.3.7)
    Options,
    /// A page may ask; the line says how
    Preflight(Box<[u8]>),
    /// A refusal
    Problem(Box<Problem>),
    /// Nothing: the connection meets a fault
    Nothing,
}

/// An operation's answer.
#[derive(Clone)]
pub(crate) struct Answer {
    /// Where the operation stands
    pub(crate) served: Rc<Served>,
    /// Index in the plan
    pub(crate) operation: u32,
    /// Which of its answers
    pub(crate) reply: Reply,
    /// What a varying body is a function of
    pub(crate) key: Key,
    /// What is wrong with the request
    pub(crate) faults: Vec<Fault>,
    /// Field lines that are this answer's alone
    pub(crate) lines: Vec<u8>,
    /// The entities that it is made of
    pub(crate) asked: Option<Box<Entities>>,
    /// The request is refused, in the document's own words
    pub(crate) is_refusal: bool,
}

impl Answer {
    /// Whether the request's body has a say in it.
    #[inline]
    pub(crate) fn awaits_body(&self) -> bool {
        self.asked.as_ref().is_some_and(|asked| asked.awaits_body())
    }
}

impl Decision {
    /// A refusal that is known before the head is.
    pub(crate) fn of(problem: Problem) -> Decision {
        Decision::alone(Outcome::Problem(Box::new(problem)))
    }

    /// The same for a request whose head was read.
    pub(crate) fn nowhere(head: &Head<'_>, outcome: Outcome) -> Decision {
        Decision { route: Route::nowhere(head.method), ..Decision::alone(outcome) }
    }

    fn alone(outcome: Outcome) -> Decision {
        Decision {
            outcome,
            sharing: Sharing::Off,
            expected: None,
            announced: None,
            staged: None,
            delay: Duration::ZERO,
            struck: None,
            waited: Duration::ZERO,
            begun: None,
            route: Route::unread(),
            arrived: None,
            received: 0,
            heard: Heard::Nothing,
        }
    }

    /// What is answered in place of another decision, as the answer to the same request.
    pub(crate) fn in_place_of(self, other: Decision) -> Decision {
        let Decision { sharing, begun, route, arrived, received, heard, .. } = other;
        Decision { sharing, begun, route, arrived, received, heard, ..self }
    }

    /// What struck the request first.
    pub(crate) fn struck_by(&self) -> Option<Cause> {
        self.struck.as_ref().map(|struck| struck.cause())
    }

    /// Whether it can be answered as soon as its head is there, where no body follows.
    #[inline]
    pub(crate) fn is_ready(&self) -> bool {
        self.staged.is_none() && self.struck.is_none()
    }

    /// When the answer goes out that is ready now, in nanoseconds of [`mocker_runtime::now`], and how long until then.
    /// Nothing where that is at once.
    pub(crate) fn due(&self) -> Option<(u64, Duration)> {
        if self.delay.is_zero() && self.struck.is_none() {
            return None;
        }
        let now = mocker_runtime::now();
        let due = match &self.struck {
            Some(struck) => struck.due(now, self.delay),
            None => now.saturating_add(self.delay.as_nanos() as u64),
        };
        (due > now).then(|| (due, Duration::from_nanos(due - now)))
    }

    /// Whether the body is looked at.
    pub(crate) fn awaits_body(&self) -> bool {
        self.expected.is_some()
            || self.staged.is_some()
            || self.announced.as_ref().is_some_and(|announced| announced.awaits_body())
    }
}

/// Routes a request, judges its head, and chooses among the answers of its operation.
#[inline]
pub(crate) fn decide(worker: &Worker, served: &Rc<Served>, arrived: &Arrived<'_>) -> Decision {
    let head = arrived.head;
    let path = head.target.path;
    if path.starts_with(OWN_PREFIX) {
        return Decision::nowhere(head, own(head));
    }
    if path == b"*" {
        return Decision::nowhere(head, Outcome::Options);
    }
    let sharing = if served.settings.shares { Sharing::of(head) } else { Sharing::Off };
    if !served.behaviours.builtins.is_empty()
        && cors::is_preflight(head)
        && let Some(outcome) = preflight(&served.behaviours, arrived)
    {
        return Decision::nowhere(head, outcome);
    }
    if served.settings.shares && cors::is_preflight(head) {
        return Decision { sharing, ..Decision::nowhere(head, Outcome::Preflight(cors::allowed(head))) };
    }
    match answer(worker, served, arrived) {
        Ok(Considered { operation, outcome, expected, announced, staged, struck }) => {
            let route = Route::Operation(Rc::clone(served), operation);
            Decision { sharing, expected, announced, staged, struck, route, ..Decision::alone(outcome) }
        }
        Err(problem) => Decision { sharing, ..Decision::nowhere(head, Outcome::Problem(problem)) },
    }
}

/// What an operation makes of a request's head; see [`Decision`].
struct Considered {
    operation: u32,
    outcome: Outcome,
    expected: Option<Box<Expected>>,
    announced: Option<Box<Announced>>,
    staged: Option<Box<Staged>>,
    struck: Option<Box<Struck>>,
}

impl Considered {
    /// An answer of nobody's operation.
    fn early(
        operation: u32,
        outcome: Outcome,
        staged: Option<Box<Staged>>,
        struck: Option<Box<Struck>>,
    ) -> Considered {
        Considered { operation, outcome, expected: None, announced: None, staged, struck }
    }
}

/// The operation that answers: the one that was found, or another that has its paths and fits their values better.
#[inline]
pub(crate) fn apt<'a>(
    worker: &Worker,
    served: &'a Served,
    matched: Matched,
    captures: &'a Captures,
    head: &'a Head<'a>,
) -> (u32, Sent<'a>) {
    let mut number = matched.operation;
    let mut sent = Sent {
        captures,
        names: served.plan.names(matched),
        path: head.target.path,
        query: head.target.query.unwrap_or_default(),
        fields: &head.fields,
    };
    for alternative in served.plan.operation(number).alternatives() {
        if judge::fits_path(worker, served, number, &sent) {
            break;
        }
        (number, sent.names) = (alternative.operation, &alternative.names);
    }
    (number, sent)
}

/// # Errors
/// When no operation answers.
#[inline]
fn answer(worker: &Worker, served: &Rc<Served>, arrived: &Arrived<'_>) -> Result<Considered, Box<Problem>> {
    let head = arrived.head;
    let wish =
        preferences::wish(head, &served.plan).map_err(|detail| Box::new(Problem::Preferences(detail)))?;
    let mut captures = Captures::new();
    let matched = route(&served.plan, &served.settings, head, &mut captures)?;
    let (number, sent) = apt(worker, served, matched, &captures, head);
    let operation = served.plan.operation(number);
    let values = captures.values(head.target.path);
    let mut key = values.fold(operation.key(wish.seed.as_deref()), |key, capture| key.with(capture));
    if operation.is_fresh(&wish) {
        key = key.with_number(worker.fresh());
    }
    let asked = Asked { number, sent: &sent, wish: &wish, key };
    let (staged, refused) = Staged::of(served, arrived, &asked);
    if let Some(response) = refused {
        let outcome = Outcome::Made(Box::new(Made::alone(response)));
        return Ok(Considered::early(number, outcome, staged, None));
    }
    let mut struck = match chaos::meet(served, arrived, number) {
        Ok(struck) => struck,
        Err(problem) => return Ok(Considered::early(number, Outcome::Problem(problem), staged, None)),
    };
    if let Some(outcome) = struck.as_mut().and_then(|struck| struck.outcome()) {
        return Ok(Considered::early(number, outcome, staged, struck));
    }
    let (outcome, expected, announced) = match judge::head(worker, served, head, &asked) {
        Ok((outcome, expected)) => {
            (outcome, expected, callbacks::of_head(worker, served, head, number, &sent))
        }
        Err(problem) => (Outcome::Problem(problem), None, None),
    };
    Ok(Considered { operation: number, outcome, expected, announced, staged, struck })
}

#[inline]
pub(crate) fn route(
    plan: &Plan,
    settings: &Settings,
    head: &Head<'_>,
    captures: &mut Captures,
) -> Result<Matched, Box<Problem>> {
    let path = head.target.path;
    let request =
        Request { method: head.method_name.as_bytes(), path, query: head.target.query.unwrap_or_default() };
    let header = |name: &str| head.fields.find(name);
    let found = plan.find(&request, &header, captures);
    if let Routed::Operation(matched) = found
        && !(settings.is_head_strict && head.method == Method::Head && !is_head(plan, matched))
    {
        return Ok(matched);
    }
    // A method that nobody has brings out those that the path has.
    let Routed::MethodNotAllowed { allow } =
        plan.find(&Request { method: b"", ..request }, &header, captures)
    else {
        return Err(Box::new(Problem::NoPath { path: text(path) }));
    };
    let as_head = plan.find(&Request { method: b"HEAD", ..request }, &header, captures);
    let hides_head =
        settings.is_head_strict && !matches!(as_head, Routed::Operation(matched) if is_head(plan, matched));
    let shown = allow.split(", ").filter(|method| !hides_head || *method != "HEAD");
    let allow = shown.collect::<Vec<_>>().join(", ");
    Err(Box::new(Problem::NoMethod {
        path: text(path),
        method: head.method_name.into(),
        allow: allow.into(),
    }))
}

fn is_head(plan: &Plan, matched: Matched) -> bool {
    plan.operation(matched.operation).model().method == model::Method::Head
}

#[cold]
fn own(head: &Head<'_>) -> Outcome {
    let path = head.target.path;
    let problem = match &path[OWN_PREFIX.len()..] {
        b"health" if matches!(head.method_name, "GET" | "HEAD") => return Outcome::Health,
        b"health" => {
            Problem::NoMethod { path: text(path), method: head.method_name.into(), allow: "GET, HEAD".into() }
        }
        _ => Problem::NoPath { path: text(path) },
    };
    Outcome::Problem(Box::new(problem))
}

#[cold]
fn text(path: &[u8]) -> Box<str> {
    String::from_utf8_lossy(path).into()
}
