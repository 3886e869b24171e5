//! Faults and delays on purpose: which request meets which, and what it is made of.
//!
//! [`Chaos`] is compiled with the behaviours. What strikes the n-th request of an operation in a scope is a function of
//! seed, scenario, operation, scope and n: neither time nor the order of other requests goes into it.

mod asked;
mod cause;
mod error;
mod exposed;
mod fault;
mod fidelity;
mod latency;
mod meet;
mod normal;
mod pace;
mod scenario;
mod strike;
mod switch;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use mocker_schema::generate::Key;
use mocker_state::{Limits, Store};

use crate::limits::MAX_COUNTED_BYTES;
pub(crate) use cause::Cause;
use exposed::Exposed;
pub(crate) use fault::{Fault, garbage};
pub use fidelity::Fidelity;
pub(crate) use fidelity::Lateness;
pub use latency::{Latency, Mode};
pub(crate) use meet::meet;
pub(crate) use pace::{Held, Holding, Pieces};
pub use scenario::{Effect, ErrorAnswer, Kind, Scenario, Schedule};
pub(crate) use strike::Struck;
use switch::Switch;

/// All scenarios of a deployment, and their switches, which later deployments take over.
#[derive(Clone, Debug)]
pub struct Chaos {
    key: Key,
    /// Off: nothing strikes, whatever the other switches say
    master: Arc<Switch>,
    is_enabled: bool,
    /// Whether requests may ask for faults and delays
    allows_fields: bool,
    scenarios: Vec<Armed>,
    /// By number of the operation; those behind the end are struck by nothing
    operations: Vec<Option<Box<Exposed>>>,
    /// Scenarios that strike connections before a request is known
    accepting: Vec<usize>,
    /// Connections that met those
    connections: Arc<AtomicU64>,
    /// Requests that came, by scope and operation: apart from the user's state, which is not to fill up with them
    requests: Arc<Store>,
}

/// A scenario with its switch.
#[derive(Clone, Debug)]
struct Armed {
    scenario: Scenario,
    switch: Arc<Switch>,
}

/// How a scenario stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status<'c> {
    /// Its name
    pub name: &'c str,
    /// What it does
    pub kind: Kind,
    /// How long it has been on; nothing while it is off
    pub on_for: Option<Duration>,
    /// Requests that it struck since the start of the server
    pub struck: u64,
}

/// No scenario has this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownScenario(pub Box<str>);

impl std::fmt::Display for UnknownScenario {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "there is no chaos scenario `{}`", self.0)
    }
}

impl std::error::Error for UnknownScenario {}

impl Default for Chaos {
    fn default() -> Chaos {
        Chaos::new(0, true, false)
    }
}

impl Chaos {
    /// Without scenarios; the same seed gives the same faults.
    pub fn new(seed: u64, is_enabled: bool, allows_fields: bool) -> Chaos {
        Chaos {
            key: Key(seed).with(b"chaos"),
            master: Arc::new(Switch::new(is_enabled)),
            is_enabled,
            allows_fields,
            scenarios: Vec::new(),
            operations: Vec::new(),
            accepting: Vec::new(),
            connections: Arc::default(),
            requests: Arc::new(Store::new(Limits { bytes: MAX_COUNTED_BYTES, ..Limits::default() })),
        }
    }

    /// Adds a scenario that strikes these operations, each given by its number in the plan and its name. One that slows
    /// down accepting strikes connections instead. Scenarios are told apart by name.
    pub fn add<'n>(&mut self, mut scenario: Scenario, operations: impl Iterator<Item = (u32, &'n str)>) {
        let index = self.scenarios.len();
        if let Effect::Error(answer) = &mut scenario.effect {
            *answer = error::complete(answer, &scenario.name);
        }
        let key = self.key.with(scenario.name.as_bytes());
        if scenario.effect.kind() == Kind::SlowAccept {
            self.accepting.push(index);
        } else {
            for (number, name) in operations {
                self.exposed(number, name).add(index, key.with(name.as_bytes()));
            }
        }
        let switch = Arc::new(Switch::new(scenario.is_enabled));
        self.scenarios.push(Armed { scenario, switch });
    }

    fn exposed(&mut self, number: u32, name: &str) -> &mut Exposed {
        let number = number as usize;
        if self.operations.len() <= number {
            self.operations.resize(number + 1, None);
        }
        self.operations[number].get_or_insert_with(|| Box::new(Exposed::new(name)))
    }

    /// Goes on where another has been: switches that somebody turned stay as they are, counts go on.
    pub fn follow(&mut self, previous: &Chaos) {
        self.master = Arc::clone(&previous.master);
        if self.is_enabled != previous.is_enabled {
            self.master.reconfigure(self.is_enabled);
        }
        self.connections = Arc::clone(&previous.connections);
        self.requests = Arc::clone(&previous.requests);
        for armed in &mut self.scenarios {
            let Some(before) = previous.find(&armed.scenario.name) else { continue };
            armed.switch = Arc::clone(&before.switch);
            if armed.scenario.is_enabled != before.scenario.is_enabled {
                armed.switch.reconfigure(armed.scenario.is_enabled);
            }
        }
        let all = previous.operations.iter().flatten();
        let before: HashMap<&str, &Exposed> = all.map(|before| (before.name(), &**before)).collect();
        for exposed in self.operations.iter_mut().flatten() {
            if let Some(before) = before.get(exposed.name()) {
                exposed.follow(before);
            }
        }
    }

    fn find(&self, name: &str) -> Option<&Armed> {
        self.scenarios.iter().find(|armed| *armed.scenario.name == *name)
    }

    /// Names of all scenarios, in the order of the configuration.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.scenarios.iter().map(|armed| &*armed.scenario.name)
    }

    /// Whether a scenario is on, whatever the master switch says; nothing where there is none of this name.
    pub fn is_on(&self, name: &str) -> Option<bool> {
        self.find(name).map(|armed| armed.switch.is_on())
    }

    /// Turns a scenario on or off, until somebody turns it again. One that is on already goes on. It strikes only while
    /// the master switch is on too.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn switch(&self, name: &str, is_on: bool) -> Result<(), UnknownScenario> {
        let armed = self.find(name).ok_or_else(|| UnknownScenario(name.into()))?;
        armed.switch.turn_by_hand(is_on);
        Ok(())
    }

    /// Whether anything strikes at all.
    pub fn is_master_on(&self) -> bool {
        self.master.is_on()
    }

    /// Turns the master switch. While it is off no scenario strikes, and requests cannot ask for faults.
    pub fn switch_master(&self, is_on: bool) {
        self.master.turn_by_hand(is_on);
    }

    /// The scenarios that strike requests of an operation, in order, and whether each is on.
    pub fn of_operation(&self, operation: u32) -> impl Iterator<Item = (&Scenario, bool)> {
        let exposed = self.operations.get(operation as usize).and_then(Option::as_deref);
        let rules = exposed.map(Exposed::rules).unwrap_or_default();
        rules.iter().map(|(index, _)| {
            let Armed { scenario, switch } = &self.scenarios[*index];
            (scenario, switch.is_on())
        })
    }

    /// How all scenarios stand, in the order of the configuration.
    pub fn statuses(&self) -> impl Iterator<Item = Status<'_>> {
        self.scenarios.iter().map(|Armed { scenario, switch }| Status {
            name: &scenario.name,
            kind: scenario.effect.kind(),
            on_for: switch.on_for(),
            struck: switch.struck(),
        })
    }

    /// What a connection waits before its first request is looked at.
    #[inline]
    pub(crate) fn accepting(&self) -> Option<Duration> {
        if self.accepting.is_empty() || !self.master.is_on() { None } else { self.met_by_connection() }
    }

    #[cold]
    fn met_by_connection(&self) -> Option<Duration> {
        let is_any_on = self.accepting.iter().any(|index| self.scenarios[*index].switch.is_on());
        let number = is_any_on.then(|| self.connections.fetch_add(1, Relaxed))?;
        let mut struck = Struck::new(0);
        for index in &self.accepting {
            let armed = &self.scenarios[*index];
            let key = self.key.with(armed.scenario.name.as_bytes());
            armed.strike(number, key.with_number(number), Cause::Scenario(*index), &mut struck);
        }
        Some(struck.added()).filter(|time| !time.is_zero())
    }
}

impl Armed {
    /// Has the scenario strike request number `number`, where its time and its turn have come; `key` is the request's.
    fn strike(&self, number: u64, key: Key, cause: Cause, struck: &mut Struck) {
        let Armed { scenario, switch } = self;
        let Some(on_for) = switch.on_for() else { return };
        let chance = || crate::draw::fraction(key.with(b"strike"));
        let is_meant = scenario.schedule.is_time(on_for) && scenario.schedule.takes(number, chance);
        if is_meant && struck.add(&scenario.effect, (cause, &scenario.name), key) {
            switch.strike();
        }
    }
}
