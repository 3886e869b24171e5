//! What was counted, by what it is of.

use std::collections::BTreeMap;
use std::sync::Arc;

use mocker_plan::method_name;
use mocker_scripting::metrics::Figures;
use mocker_state::Distribution;

use crate::chaos::Chaos;

use super::part::{DURATIONS, METHODS, Part, Row, SIZES};

/// Whose requests were counted. There are as many as operations, whatever clients ask for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RouteName {
    /// As `GET`
    pub method: Box<str>,
    /// As `/pets/{petId}`; empty where no operation answered
    pub template: Arc<str>,
}

/// What was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answered {
    /// An answer of this status
    Status(u16),
    /// An answer of one of further statuses, where there are very many
    Further,
    /// No answer, or what is none
    Nothing,
}

/// How requests ended that are counted together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ending {
    /// What was answered
    pub answered: Answered,
    /// The scenario of chaos that struck first; `(asked)` where the client asked for the fault, empty where none struck
    pub scenario: Box<str>,
}

/// What was counted of one route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteReport {
    /// How often requests ended how
    pub endings: BTreeMap<Ending, u64>,
    /// From when a request's head was there until its answer was made, in nanoseconds. Requests that came at once share
    /// the time.
    pub durations: Distribution,
    /// Bytes of answers, heads included
    pub sent: Distribution,
    /// Bytes of the bodies of requests
    pub received: Distribution,
}

/// What was counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// By route
    pub routes: BTreeMap<RouteName, RouteReport>,
    /// Scripts, by name
    pub scripts: BTreeMap<Box<str>, Figures>,
    /// Plugins that are built in, by name
    pub plugins: BTreeMap<Box<str>, Figures>,
}

impl Default for RouteReport {
    fn default() -> RouteReport {
        RouteReport {
            endings: BTreeMap::new(),
            durations: Distribution::empty(DURATIONS),
            sent: Distribution::empty(SIZES),
            received: Distribution::empty(SIZES),
        }
    }
}

impl Report {
    /// Adds what a worker has counted so far.
    pub(super) fn add(&mut self, part: &Part) {
        for (index, row) in part.rows() {
            self.routes.entry(name(part, index)).or_default().add(row, &part.deployment.behaviours.chaos);
        }
        let library = &part.deployment.behaviours.library;
        for (id, counters) in part.scripts() {
            let figures = self.scripts.entry(library.name(id).into()).or_default();
            *figures = *figures + counters.figures();
        }
        for (kind, counters) in part.plugins().filter(|(_, counters)| counters.figures().calls > 0) {
            let figures = self.plugins.entry(kind.name().into()).or_default();
            *figures = *figures + counters.figures();
        }
    }
}

impl RouteReport {
    fn add(&mut self, row: &Row, chaos: &Chaos) {
        for (cause, answered, count) in row.statuses() {
            let scenario = cause.map_or("", |cause| cause.name(chaos)).into();
            *self.endings.entry(Ending { answered, scenario }).or_default() += count;
        }
        self.durations.add(&row.durations.distribution());
        self.sent.add(&row.sent.distribution());
        self.received.add(&row.received.distribution());
    }
}

fn name(part: &Part, index: usize) -> RouteName {
    let plan = &part.deployment.plan;
    match index.checked_sub(plan.len()) {
        Some(method) => RouteName { method: METHODS[method].into(), template: "".into() },
        None => {
            let operation = plan.operation(index as u32).model();
            RouteName { method: method_name(&operation.method).into(), template: operation.path.clone() }
        }
    }
}
