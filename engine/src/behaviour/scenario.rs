//! Scenarios: named states that requests move on, in each scope for itself.

use super::condition::Condition;

/// A request that moves a scenario on.
#[derive(Clone, Debug)]
pub struct Transition {
    /// The scenario's name
    pub scenario: Box<str>,
    /// The state it begins with
    pub initial: Box<str>,
    /// The states of which it must be in one; empty for any
    pub from: Vec<Box<str>>,
    /// The state it is in then
    pub to: Box<str>,
    /// What the request must be like
    pub when: Option<Condition>,
}
