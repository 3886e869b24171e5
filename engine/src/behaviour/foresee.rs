//! Which answer of the user's a request would get on a server that remembers nothing.

use mocker_schema::generate::Key;
use mocker_scripting::Request;
use mocker_state::Store;

use super::condition::Facts;
use super::memory::Memory;
use super::{Behaviours, Pick};

/// What becomes of the user's answers of one operation.
pub(crate) struct Foreseen {
    pub(crate) pick: Option<Pick>,
    /// Whether the condition of each rule holds
    pub(crate) rules: Vec<bool>,
}

/// Chooses among the user's answers as for the first request of a scope; nothing is noted down.
pub(crate) fn foresee(
    behaviours: &Behaviours,
    operation: u32,
    request: &Request,
    key: Key,
) -> Option<Foreseen> {
    let behaviour = behaviours.of(operation)?;
    let responses = behaviour.responses.as_ref()?;
    let store = Store::default();
    let memory = Memory { store: &store, scope: "", operation: &behaviour.name, now: 0 };
    let state = |scenario: &str| -> Box<str> {
        let begun = behaviours.scenarios.iter().find(|(name, _)| **name == *scenario);
        begun.map(|(_, initial)| initial.clone()).unwrap_or_default()
    };
    let facts = Facts::new(request, &state);
    let rules = responses.rules.iter().map(|rule| rule.when.holds(&facts)).collect();
    let pick = responses.pick(&facts, &memory, key).unwrap_or_default();
    Some(Foreseen { pick, rules })
}
