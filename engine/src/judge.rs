//! Whether a request keeps the contract of its operation, and what it is answered with if not.

use std::rc::Rc;

use bumpalo::Bump;
use mocker_http::request::{Framing, Head, Known};
use mocker_http::response::Writer;
use mocker_plan::request::body::{Bench, Chosen, Refusal};
use mocker_plan::request::{Denied, Fault, Mode, Rules, Sent, Severity};
use mocker_plan::{Asking, Operation, Wish};
use mocker_schema::generate::Key;

use crate::Worker;
use crate::dispatch::{Answer, Outcome};
use crate::facts::{self, Facts};
use crate::problem::Problem;
use crate::publication::Served;
use crate::scratch::Scratch;

/// What a body on its way must be, and what was found before it came.
pub(crate) struct Expected {
    served: Rc<Served>,
    operation: u32,
    key: Key,
    /// Which media type it has
    chosen: Chosen,
    content_type: Option<Box<[u8]>>,
    /// What is wrong with the head
    faults: Vec<Fault>,
    /// What the client asks for
    wish: Wish<'static>,
    /// What the head says, where an example may be chosen by the body too
    facts: Option<Facts>,
}

/// What is asked, and of which operation.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// Of the operation, in the plan
    pub(crate) number: u32,
    pub(crate) sent: &'a Sent<'a>,
    pub(crate) wish: &'a Wish<'a>,
    /// What a varying body is a function of
    pub(crate) key: Key,
}

/// Statuses that say what is wrong, the best first.
const INVALID: &[u16] = &[422, 400];
const MALFORMED: &[u16] = &[400, 422];
const WRONG_MEDIA_TYPE: &[u16] = &[415, 422, 400];
const UNKNOWN: &[u16] = &[404];
const UNAUTHORIZED: &[u16] = &[401];
const FORBIDDEN: &[u16] = &[403];

/// Judges what stands in the head. Where the body is judged too, the outcome is what a valid one gets.
///
/// # Errors
/// The document has not what the client asks for.
#[inline]
pub(crate) fn head(
    worker: &Worker,
    served: &Rc<Served>,
    head: &Head<'_>,
    asked: &Asked<'_>,
) -> Result<(Outcome, Option<Box<Expected>>), Box<Problem>> {
    let Asked { number, sent, wish, key } = *asked;
    let operation = served.plan.operation(number);
    let rules = operation.rules();
    let refused = Refused { served, number, operation, wish, key };
    let mut scratch = worker.scratch.borrow_mut();
    let arena = scratch.arena();
    let denied = rules.security.check(&head.fields, sent.query, arena).err();
    let Judged { chosen, unsupported, faults } = judged(operation, head, sent, arena);
    if let Some(denied) = denied {
        return Ok((refused.denied(denied, faults), None));
    }
    if let (Some(detail), Mode::On) = (unsupported, rules.mode) {
        return Ok((refused.media_type(detail, faults), None));
    }
    if chosen == Chosen::NOTHING && refuses(rules, &faults) {
        return Ok((refused.invalid(faults), None));
    }
    let reply = operation.reply(wish, head.fields.all(Known::Accept));
    let agrees = reply.as_ref().is_ok_and(|reply| operation.may_agree(reply));
    let facts = agrees.then(|| facts::of_head(rules, operation.schemas(), sent, arena));
    if chosen == Chosen::NOTHING && !(agrees && announces_body(head.framing)) {
        let reply = reply.map_err(|why| Box::new(Problem::Unanswerable(why)))?;
        let reply = facts.map_or(reply, |facts| operation.agreeing(reply, &facts.borrowed()));
        let outcome = refused.entities(reply, sent, faults);
        return Ok(refused.completed(outcome, head, &mut scratch));
    }
    let expected = Expected {
        served: Rc::clone(served),
        operation: number,
        key,
        chosen,
        content_type: head.fields.get(Known::ContentType).map(Box::from),
        faults,
        wish: wish.to_owned(),
        facts,
    };
    // A body that breaks the contract is told before a wish that cannot be met.
    let outcome = match reply {
        Ok(reply) => refused.entities(reply, sent, Vec::new()),
        Err(why) => Outcome::Problem(Box::new(Problem::Unanswerable(why))),
    };
    Ok((outcome, Some(Box::new(expected))))
}

/// What is known of a request before its body has come.
struct Judged {
    chosen: Chosen,
    /// Why its media type is not taken; one of the faults too
    unsupported: Option<String>,
    faults: Vec<Fault>,
}

fn judged<'a>(operation: &Operation, head: &Head<'_>, sent: &Sent<'a>, arena: &'a Bump) -> Judged {
    let rules = operation.rules();
    let mut judged = Judged { chosen: Chosen::NOTHING, unsupported: None, faults: Vec::new() };
    if rules.mode == Mode::Off {
        return judged;
    }
    match rules.bodies.choose(head.fields.get(Known::ContentType), announces_body(head.framing)) {
        Ok(body) => judged.chosen = body,
        Err(Refusal::Absent(fault)) => judged.faults.push(fault),
        Err(Refusal::Unsupported(detail)) => {
            judged.faults.push(fault_of_all("415", detail.clone()));
            judged.unsupported = Some(detail);
        }
    }
    if !rules.parameters.is_empty() {
        rules.parameters.judge(operation.schemas(), sent, arena, &mut judged.faults);
    }
    judged
}

/// Judges the body; `outcome` is what a valid one gets.
pub(crate) fn body(worker: &Worker, outcome: Outcome, expected: Expected, body: &[u8]) -> Outcome {
    let Expected { served, operation: number, key, chosen, content_type, faults: of_head, wish, facts } =
        expected;
    let operation = served.plan.operation(number);
    let rules = operation.rules();
    let refused = Refused { served: &served, number, operation, wish: &wish, key };
    let mut scratch = worker.scratch.borrow_mut();
    let (arena, scratch) = scratch.parts();
    let mut bench = Bench { schemas: operation.schemas(), scratch, arena };
    let mut faults = Vec::new();
    let judged = rules.bodies.judge(chosen, content_type.as_deref(), body, &mut bench, &mut faults);
    if let Err(fault) = judged {
        if rules.mode == Mode::On {
            return refused.malformed(vec![fault]);
        }
        faults.push(fault);
    }
    faults.extend(of_head);
    if refuses(rules, &faults) {
        return refused.invalid(faults);
    }
    let Outcome::Answer(answer) = outcome else { return outcome };
    if answer.is_refusal {
        return Outcome::Answer(answer);
    }
    let reply = match facts {
        Some(facts) => operation.agreeing(answer.reply, &facts.with_body(body).borrowed()),
        None => answer.reply,
    };
    let answer = heard(operation, answer, content_type.as_deref(), body, &mut bench);
    Outcome::Answer(Answer { reply, faults, ..answer })
}

/// The answer with what the body says of its entity, where it is of one that is sent.
#[inline]
fn heard<'b>(
    operation: &Operation,
    mut answer: Answer,
    content_type: Option<&[u8]>,
    body: &'b [u8],
    bench: &mut Bench<'_, 'b>,
) -> Answer {
    if answer.awaits_body()
        && let Some(asked) = answer.asked.take()
    {
        let asked = operation.heard(&answer.reply, *asked, content_type, body, bench);
        answer.lines.extend_from_slice(asked.lines());
        answer.asked = Some(Box::new(asked));
    }
    answer
}

/// Whether the values of the path's variables are what the operation declares.
#[cold]
pub(crate) fn fits_path(worker: &Worker, served: &Served, number: u32, sent: &Sent<'_>) -> bool {
    let operation = served.plan.operation(number);
    let mut scratch = worker.scratch.borrow_mut();
    operation.rules().parameters.fit_path(operation.schemas(), sent, scratch.arena())
}

fn announces_body(framing: Framing) -> bool {
    !matches!(framing, Framing::None | Framing::Length(0))
}

fn refuses(rules: &Rules, faults: &[Fault]) -> bool {
    rules.mode == Mode::On && faults.iter().any(|fault| fault.severity == Severity::Error)
}

/// What is wrong with the request as a whole; `code` is the status that says so.
fn fault_of_all(code: &'static str, message: String) -> Fault {
    Fault { location: Vec::new(), severity: Severity::Error, code, message }
}

/// A request of an operation, about to be answered.
struct Refused<'r> {
    served: &'r Rc<Served>,
    number: u32,
    operation: &'r Operation,
    wish: &'r Wish<'r>,
    key: Key,
}

impl Refused<'_> {
    fn answer(&self, reply: mocker_plan::Reply, faults: Vec<Fault>) -> Answer {
        Answer {
            served: Rc::clone(self.served),
            operation: self.number,
            reply,
            key: self.key,
            faults,
            lines: Vec::new(),
            asked: None,
            is_refusal: false,
        }
    }

    /// The answer, of entities where the operation has to do with them.
    #[inline]
    fn entities(&self, reply: mocker_plan::Reply, sent: &Sent<'_>, faults: Vec<Fault>) -> Outcome {
        if !self.operation.has_entities() {
            return Outcome::Answer(self.answer(reply, faults));
        }
        match self.operation.among_entities(reply, self.wish, sent) {
            (reply, Asking::Nothing) => Outcome::Answer(self.answer(reply, faults)),
            (reply, Asking::Found(asked)) => {
                let lines = asked.lines().to_vec();
                Outcome::Answer(Answer { asked: Some(asked), lines, ..self.answer(reply, faults) })
            }
            (_, Asking::Unknown) => {
                let path = String::from_utf8_lossy(sent.path).into();
                self.refuse(UNKNOWN, faults, |_| Problem::NoEntity { path })
            }
        }
    }

    /// The outcome where its body is not judged, and what is to come if that has a say in the answer all the same.
    #[inline]
    fn completed(
        &self,
        outcome: Outcome,
        head: &Head<'_>,
        scratch: &mut Scratch,
    ) -> (Outcome, Option<Box<Expected>>) {
        let mut answer = match outcome {
            Outcome::Answer(answer) if answer.awaits_body() => answer,
            outcome => return (outcome, None),
        };
        let content_type = head.fields.get(Known::ContentType);
        if !announces_body(head.framing) {
            let (arena, scratch) = scratch.parts();
            let mut bench = Bench { schemas: self.operation.schemas(), scratch, arena };
            return (Outcome::Answer(heard(self.operation, answer, content_type, b"", &mut bench)), None);
        }
        let expected = Expected {
            served: Rc::clone(self.served),
            operation: self.number,
            key: self.key,
            chosen: Chosen::NOTHING,
            content_type: content_type.map(Box::from),
            faults: std::mem::take(&mut answer.faults),
            wish: self.wish.to_owned(),
            facts: None,
        };
        (Outcome::Answer(answer), Some(Box::new(expected)))
    }

    /// The document's own refusal, else ours.
    #[cold]
    fn refuse(&self, codes: &[u16], faults: Vec<Fault>, ours: impl FnOnce(Vec<Fault>) -> Problem) -> Outcome {
        match self.operation.refusal(codes, self.wish) {
            Ok(Some(reply)) => Outcome::Answer(Answer { is_refusal: true, ..self.answer(reply, faults) }),
            Ok(None) => Outcome::Problem(Box::new(ours(faults))),
            Err(why) => Outcome::Problem(Box::new(Problem::Unanswerable(why))),
        }
    }

    fn invalid(&self, faults: Vec<Fault>) -> Outcome {
        self.refuse(INVALID, faults, Problem::Invalid)
    }

    fn malformed(&self, faults: Vec<Fault>) -> Outcome {
        self.refuse(MALFORMED, faults, Problem::Malformed)
    }

    fn media_type(&self, detail: String, faults: Vec<Fault>) -> Outcome {
        self.refuse(WRONG_MEDIA_TYPE, faults, |_| Problem::MediaType(detail))
    }

    /// Credentials first, then what else is wrong.
    #[cold]
    fn denied(&self, denied: Denied, mut faults: Vec<Fault>) -> Outcome {
        match denied {
            Denied::Forbidden(forbidden) => {
                let scopes = forbidden.missing.join(" ");
                faults.insert(0, fault_of_all("403", "Insufficient scope".to_owned()));
                self.refuse(FORBIDDEN, faults, |_| Problem::Forbidden { scopes })
            }
            Denied::Unauthorized(unauthorized) => {
                let challenge = unauthorized.challenge;
                faults.insert(0, fault_of_all("401", "Invalid security scheme used".to_owned()));
                let outcome = self
                    .refuse(UNAUTHORIZED, faults, |_| Problem::Unauthorized { challenge: challenge.clone() });
                match (outcome, challenge) {
                    (Outcome::Answer(mut answer), Some(challenge)) => {
                        Writer::line("WWW-Authenticate", challenge.as_bytes(), &mut answer.lines);
                        Outcome::Answer(answer)
                    }
                    (outcome, _) => outcome,
                }
            }
        }
    }
}
