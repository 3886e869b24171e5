//! What the user added to the document: scripts, templates, answers of one's own, scenarios.
//!
//! [`Behaviours`] is compiled with the plan and never changed; operations to which nothing was added cost nothing.

mod again;
mod answers;
mod condition;
mod exhaustion;
mod foresee;
mod made;
mod memory;
mod perform;
mod plugins;
mod responses;
mod scenario;
mod scope;
mod spelt;
mod staged;
mod stub;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use mocker_scripting::plugin::Builtin;
use mocker_scripting::plugin::builtin::Kind;
use mocker_scripting::{Library, Response, ScriptId, TemplateId, Templates};
use mocker_state::Store;

use crate::chaos::Chaos;

pub(crate) use again::read_again;
pub use condition::{Condition, Subject, Test};
pub(crate) use exhaustion::{Exhaustion, Spender};
pub(crate) use foresee::{Foreseen, foresee};
pub(crate) use made::{Made, breach};
pub(crate) use perform::{Performed, perform};
pub(crate) use plugins::{Visited, preflight};
pub use responses::{Errors, Pick, Responses, Rule, Sequence, Then, Variant};
pub use scenario::Transition;
pub use scope::ScopeSource;
pub(crate) use staged::{Arrived, Staged};
pub use stub::{Content, Stub, Text};

/// What was added to the operations of a plan.
#[derive(Default)]
pub struct Behaviours {
    /// By number of the operation in the plan; none of those behind the end has any
    pub operations: Vec<Option<Box<Behaviour>>>,
    /// Plugins that are built in, in the order of the configuration
    pub builtins: Vec<Arc<Builtin>>,
    /// Scenarios by name, and the state each begins with
    pub scenarios: Vec<(Box<str>, Box<str>)>,
    /// What [`TemplateId`]s name
    pub templates: Templates,
    /// What [`ScriptId`]s name
    pub library: Arc<Library>,
    /// Scripts of plugins, in order: their `init` was called, their `cleanup` will be
    pub plugins: Vec<ScriptId>,
    /// What scripts and answers remember; it outlives the plan
    pub store: Arc<Store>,
    /// Whose state a request sees
    pub scope: ScopeSource,
    /// Names and values of the environment that scripts and templates see
    pub environment: Arc<BTreeMap<String, String>>,
    /// Where lines go that scripts and plugins log
    pub log: Option<fn(&str)>,
    /// What scripts and templates take for the time, in milliseconds since 1970; `None` for the real one
    pub clock: Option<i64>,
    /// Faults and delays on purpose
    pub chaos: Arc<Chaos>,
}

/// What was added to one operation.
#[derive(Default)]
pub struct Behaviour {
    /// As `GET /pets/{petId}`
    pub name: Box<str>,
    /// Plugins that are built in: they see the request's head before it is judged, and every answer last
    pub plugins: Vec<Arc<Builtin>>,
    /// Scopes that its requests need, by the document
    pub scopes: Box<[Box<str>]>,
    /// Scripts that see the request first, in order
    pub before: Vec<ScriptId>,
    /// The script that answers
    pub handle: Option<ScriptId>,
    /// Answers of the user's
    pub responses: Option<Responses>,
    /// Examples that are templates
    pub examples: Vec<Templated>,
    /// Scripts that see the answer last, in order
    pub after: Vec<ScriptId>,
    /// Scenarios that its requests move on
    pub transitions: Vec<Transition>,
}

/// An example that is a template.
pub struct Templated {
    /// Where it stands
    pub at: ExampleAt,
    /// What is rendered
    pub template: TemplateId,
    /// What is sent around the body, made when first asked for
    head: OnceLock<Response>,
}

impl Templated {
    /// An example and its template.
    pub fn new(at: ExampleAt, template: TemplateId) -> Templated {
        Templated { at, template, head: OnceLock::new() }
    }
}

/// Where an example stands in its operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExampleAt {
    /// Index of the response
    pub response: u16,
    /// Index of the media type
    pub media: u16,
    /// Index of the example
    pub example: u16,
}

impl Behaviours {
    /// Goes on where others have been, of which it takes the place: chaos that was switched stays so, rates that were used up
    /// are.
    pub fn follow(&mut self, before: &Behaviours) {
        Arc::make_mut(&mut self.chaos).follow(&before.chaos);
        let mut old: Vec<&Arc<Builtin>> = before.builtins.iter().collect();
        for plugin in &self.builtins {
            // One takes the place of the first of its kind that is left.
            if let Some(index) = old.iter().position(|other| other.kind() == plugin.kind()) {
                plugin.follow(old.remove(index));
            }
        }
    }

    /// Plugins that decide about cross-origin sharing.
    pub fn sharing(&self) -> impl Iterator<Item = &Arc<Builtin>> {
        self.builtins.iter().filter(|plugin| plugin.kind() == Kind::Cors)
    }

    /// What was added to an operation.
    #[inline]
    pub(crate) fn of(&self, operation: u32) -> Option<&Behaviour> {
        self.operations.get(operation as usize)?.as_deref()
    }

    /// The time, in milliseconds since 1970, as scripts and the store have it.
    pub(crate) fn now(&self) -> i64 {
        self.clock.unwrap_or_else(|| perform::milliseconds() as i64)
    }
}
