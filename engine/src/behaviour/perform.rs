//! The answer to a request that scripts, templates or answers of the user's have a say in.

use std::cell::OnceCell;
use std::net::IpAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use mocker_schema::generate::Key;
use mocker_scripting::{Answers, Before, Context, Fault, FaultKind, Request, Response, ScriptId, Scripts};
use mocker_state::Refusal;

use super::answers::Described;
use super::condition::Facts;
use super::memory::Memory;
use super::scenario::Transition;
use super::{Behaviour, Behaviours, Made, Staged, Stub, made};
use crate::dispatch::{Answer, Outcome};
use crate::limits::MAX_ROUNDS;
use crate::problem::Problem;

/// What became of a request.
pub(crate) enum Performed {
    /// It is answered so, after a while
    Done(Outcome, Duration),
    /// Scripts changed it: it goes on as if the client had sent it so
    Changed(Changes),
}

/// What scripts did to a request before it was answered.
pub(crate) struct Changes {
    /// How the last of them left it
    context: Rc<Context>,
    /// Those that have seen it; none sees a request twice
    seen: Vec<ScriptId>,
    /// How often it was decided what becomes of it
    rounds: usize,
}

impl Changes {
    /// The request as it is now.
    pub(crate) fn request(&self) -> &Rc<Request> {
        &self.context.request
    }

    /// What scripts asked the answer to wait.
    pub(crate) fn delay(&self) -> Duration {
        self.context.delay()
    }
}

/// Answers a request whose head and body keep the contract; `answer` is what the document says.
pub(crate) fn perform(staged: Staged, answer: Answer, body: &[u8]) -> Performed {
    let Staged { served, operation, key, wish, head, builder, client, claims, changes, .. } = staged;
    let Some(behaviour) = served.behaviours.of(operation) else {
        return Performed::Done(Outcome::Answer(answer), Duration::ZERO);
    };
    let request = Rc::new(builder.finish(body));
    let described =
        Described { served: Rc::clone(&served), operation, wish, head, answer, stub: OnceCell::new() };
    let described = Rc::new(described);
    let lent = Rc::clone(&described) as Rc<dyn Answers>;
    let (context, seen, rounds) = match changes {
        Some(changes) => (changes.context.successor(request, lent), changes.seen, changes.rounds + 1),
        None => (begin(&served.behaviours, request, lent, key, client), Vec::new(), 1),
    };
    if let Some(claims) = &claims {
        context.set_var("claims", claims);
    }
    let mut play = Play { behaviour, context: Rc::new(context), described: &described, seen };
    let outcome = match play.answer() {
        Ok(Played::Usual) => Outcome::Answer(described.answer.clone()),
        Ok(Played::Changed) if rounds < MAX_ROUNDS => {
            return Performed::Changed(Changes { context: play.context, seen: play.seen, rounds });
        }
        Ok(Played::Changed) => {
            let message = format!("scripts led the request to more than {MAX_ROUNDS} operations");
            Outcome::Problem(Box::new(Problem::Failed(described.fault(message))))
        }
        Ok(Played::Made(response)) => Outcome::Made(Box::new(Made::by_user(response, &described.answer))),
        Ok(Played::Breach(problem)) => Outcome::Problem(problem),
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
    let now = behaviours.now();
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
    /// The document's answer breaks the contract, and that is an error
    Breach(Box<Problem>),
    /// The request is another
    Changed,
}

/// What hooks made of a request.
enum Early {
    /// It is as it was
    Same,
    Changed,
    Answer(Response),
}

struct Play<'a> {
    behaviour: &'a Behaviour,
    /// Of the request as the last hook left it
    context: Rc<Context>,
    described: &'a Described,
    /// Scripts that have seen the request
    seen: Vec<ScriptId>,
}

impl Play<'_> {
    fn answer(&mut self) -> Result<Played, Fault> {
        let mut made = match self.before()? {
            Early::Changed => return Ok(Played::Changed),
            Early::Answer(response) => Some(response),
            Early::Same => self.made()?,
        };
        if made.is_none() && !self.behaviour.after.is_empty() {
            if let Some(problem) = made::breach(&self.described.answer) {
                return Ok(Played::Breach(Box::new(problem)));
            }
            made = Some(made::of_answer(&self.described.answer));
        }
        let Some(mut response) = made else { return Ok(Played::Usual) };
        for hook in &self.behaviour.after {
            let seen = |scripts: &mut Scripts| scripts.after(*hook, &self.context, response);
            response = self.described.served.call(*hook, seen)?;
        }
        Ok(Played::Made(response))
    }

    /// Shows the request to every hook that has not seen it, each time as the one before left it: what one of them
    /// changes hides nothing from those that refuse.
    fn before(&mut self) -> Result<Early, Fault> {
        let mut early = Early::Same;
        for hook in &self.behaviour.before {
            if self.seen.contains(hook) {
                continue;
            }
            self.seen.push(*hook);
            match self.described.served.call(*hook, |scripts| scripts.before(*hook, &self.context))? {
                Before::Continue(None) => {}
                Before::Continue(Some(request)) => {
                    let answers = Rc::clone(&self.context.answers);
                    self.context = Rc::new(self.context.successor(Rc::new(request), answers));
                    early = Early::Changed;
                }
                Before::Answer(response) => return Ok(Early::Answer(response)),
            }
        }
        Ok(early)
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
            Some(handler) => {
                let served = &self.described.served;
                Some(served.call(handler, |scripts| scripts.handle(handler, &self.context))?)
            }
            None if self.described.is_changed() => Some(self.described.usual(&self.context)?),
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
