//! What is remembered of a scope between requests: how far sequences are, what state scenarios are in.

use mocker_state::{Number, Refusal, Store, Value};

use super::scenario::Transition;

/// The engine's own notes in one scope, for one operation.
pub(super) struct Memory<'a> {
    pub(super) store: &'a Store,
    pub(super) scope: &'a str,
    /// As `GET /pets/{petId}`
    pub(super) operation: &'a str,
    /// Milliseconds, of the store's clock
    pub(super) now: u64,
}

impl Memory<'_> {
    /// How often this was asked before in the scope.
    pub(super) fn count(&self, what: &str) -> Result<u64, Refusal> {
        let key = format!("{what} {}", self.operation);
        let count = self.store.engine().increment(self.scope, &key, Number::Integer(1), self.now)?;
        Ok(count.as_i64().map_or(0, |count| (count - 1) as u64))
    }

    /// The state of a scenario; the empty text is the one it begins with.
    pub(super) fn state(&self, scenario: &str) -> Box<str> {
        let state = self.store.engine().get(self.scope, &scenario_key(scenario), self.now);
        state.as_ref().and_then(Value::as_str).unwrap_or_default().into()
    }

    /// Has a scenario go on, if it still is where the transition begins.
    pub(super) fn advance(&self, transition: &Transition) -> Result<bool, Refusal> {
        let key = scenario_key(&transition.scenario);
        let store = self.store.engine();
        let to = Value::from(&*transition.to);
        if transition.from.is_empty() {
            return store.set(self.scope, &key, to, None, self.now).map(|()| true);
        }
        for from in &transition.from {
            let step = |from: Option<&Value>| {
                store.compare_and_set(self.scope, &key, from, Some(to.clone()), None, self.now)
            };
            let begun = Value::from(&**from);
            // A scenario that nobody has moved is not written down.
            if step(Some(&begun))? || (*from == transition.initial && step(None)?) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn scenario_key(scenario: &str) -> String {
    format!("scenario {scenario}")
}
