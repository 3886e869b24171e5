//! The answer to a request that scripts, templates or answers of the user's have a say in.

use std::cell::OnceCell;
use std::net::IpAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use mocker_plan::request::violations;
use mocker_schema::generate::Key;
use mocker_scripting::{Answers, Before, Context, Fault, FaultKind, Request, Response};
use mocker_state::Refusal;

use super::answers::Described;
use super::condition::Facts;
use super::memory::Memory;
use super::scenario::Transition;
use super::{Behaviour, Behaviours, Made, Staged, Stub, made};
use crate::dispatch::{Answer, Outcome};
use crate::problem::Problem;

/// What became of a request.
pub(crate) enum Performed {
    /// It is answered so, after a while
    Done(Outcome, Duration),
    /// A script changed it: it goes on as if the client had sent this, with what scripts have done so far
    Changed(Rc<Context>, Rc<Request>),
}

/// Answers a request whose head and body keep the contract; `answer` is what the document says.
pub(crate) fn perform(staged: Staged, answer: Answer, body: &[u8]) -> Performed {
    let Staged { served, operation, key, wish, head, builder, client, claims, before, .. } = staged;
    let Some(behaviour) = served.behaviours.of(operation) else {
        return Performed::Done(Outcome::Answer(answer), Duration::ZERO);
    };
    let request = Rc::new(builder.finish(body));
    let described =
        Described { served: Rc::clone(&served), operation, wish, head, answer, stub: OnceCell::new() };
    let described = Rc::new(described);
    let lent = Rc::clone(&described) as Rc<dyn Answers>;
    let context = match &before {
        Some(context) => context.successor(Rc::clone(&request), lent),
        None => begin(&served.behaviours, Rc::clone(&request), lent, key, client),
    };
    if let Some(claims) = &claims {
        context.set_var("claims", claims);
    }
    let play = Play { behaviour, context: &Rc::new(context), described: &described };
    let outcome = match play.answer(before.is_some()) {
        Ok(Played::Usual) => Outcome::Answer(described.answer.clone()),
        Ok(Played::Changed(request)) => {
            return Performed::Changed(Rc::clone(play.context), Rc::new(request));
        }
        Ok(Played::Made(response)) => {
            let mut lines = Vec::new();
            violations::append(&described.answer.faults, &[], &mut lines);
            Outcome::Made(Box::new(Made { response, lines }))
        }
        Err(fault) => Outcome::Problem(Box::new(Problem::Failed(fault))),
    };
    Performed::Done(outcome, play.context.delay())
}

fn begin(
    behaviours: &Behaviours,
    request: Rc<Request>,
    answers: Rc<dyn Answers>,
    key: Key,
    client: IpAddr,
) -> Context {
    let scope = behaviours.scope.name(&request, client);
    let now = behaviours.clock.unwrap_or_else(|| milliseconds() as i64);
    let store = Arc::clone(&behaviours.store);
    let environment = Arc::clone(&behaviours.environment);
    let mut context = Context::new(request, answers, key, &scope, now, store);
    context.environment = environment;
    context
}

/// What came of hooks and handler.
enum Played {
    /// The document's answer, unchanged
    Usual,
    Made(Response),
    Changed(Request),
}

struct Play<'a> {
    behaviour: &'a Behaviour,
    context: &'a Rc<Context>,
    described: &'a Described,
}

impl Play<'_> {
    fn answer(&self, is_changed: bool) -> Result<Played, Fault> {
        let mut made = None;
        if !is_changed {
            match self.before()? {
                Before::Continue(None) => {}
                Before::Continue(Some(request)) => return Ok(Played::Changed(request)),
                Before::Answer(response) => made = Some(response),
            }
        }
        if made.is_none() {
            made = self.made()?;
        }
        if made.is_none() && !self.behaviour.after.is_empty() {
            made = Some(made::of_answer(&self.described.answer));
        }
        let Some(mut response) = made else { return Ok(Played::Usual) };
        for hook in &self.behaviour.after {
            response = self.described.served.scripts().after(*hook, self.context, response)?;
        }
        Ok(Played::Made(response))
    }

    fn before(&self) -> Result<Before, Fault> {
        for hook in &self.behaviour.before {
            match self.described.served.scripts().before(*hook, self.context)? {
                Before::Continue(None) => {}
                decided => return Ok(decided),
            }
        }
        Ok(Before::Continue(None))
    }

    /// The answer of a script or of the user's; `None` for the document's as it stands.
    fn made(&self) -> Result<Option<Response>, Fault> {
        let memory = Memory {
            store: &self.context.store,
            scope: &self.context.scope,
            operation: &self.behaviour.name,
            // By the clock of scripts: one store, one clock.
            now: self.context.now.max(0) as u64,
        };
        let scenarios = &self.described.served.behaviours.scenarios;
        let state = |scenario: &str| state(scenarios, &memory, scenario);
        let facts = Facts::new(&self.context.request, &state);
        let refused = |refusal: Refusal| refused(self.behaviour, &refusal);
        let stub = self.stub(&facts, &memory).map_err(refused)?;
        // Set once: nobody else has it.
        let _ = self.described.stub.set(stub);
        let made = match self.behaviour.handle {
            Some(handler) => Some(self.described.served.scripts().handle(handler, self.context)?),
            None if self.described.is_changed() => Some(self.described.usual(self.context)?),
            None => None,
        };
        advance(&self.behaviour.transitions, &facts, &memory).map_err(refused)?;
        Ok(made)
    }

    /// Who asks for an answer of the document gets it.
    fn stub(&self, facts: &Facts<'_>, memory: &Memory<'_>) -> Result<Option<Stub>, Refusal> {
        let Described { wish, served, operation, .. } = self.described;
        let is_asked = wish.code.is_some() || wish.example.is_some();
        match &self.behaviour.responses {
            Some(responses) if !is_asked => {
                let key = served.plan.operation(*operation).key(None);
                Ok(responses.choose(facts, memory, key)?.cloned())
            }
            _ => Ok(None),
        }
    }
}

/// The state of a scenario; one that nobody has moved is where it begins.
fn state(scenarios: &[(Box<str>, Box<str>)], memory: &Memory<'_>, scenario: &str) -> Box<str> {
    let state = memory.state(scenario);
    if !state.is_empty() {
        return state;
    }
    let begun = scenarios.iter().find(|(name, _)| **name == *scenario);
    begun.map_or(state, |(_, initial)| initial.clone())
}

/// Moves scenarios on; of one scenario the first transition that fits.
fn advance(transitions: &[Transition], facts: &Facts<'_>, memory: &Memory<'_>) -> Result<(), Refusal> {
    let mut moved: Vec<&str> = Vec::new();
    for transition in transitions {
        let is_apt = || transition.when.as_ref().is_none_or(|when| when.holds(facts));
        if !moved.contains(&&*transition.scenario) && is_apt() && memory.advance(transition)? {
            moved.push(&transition.scenario);
        }
    }
    Ok(())
}

#[cold]
fn refused(behaviour: &Behaviour, refusal: &Refusal) -> Fault {
    let (file, message) = (behaviour.name.clone(), refusal.to_string());
    Fault { file, line: 0, column: 0, message, budget: None, kind: FaultKind::Full }
}

/// What the store takes for the time: it only compares.
pub(super) fn milliseconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}
