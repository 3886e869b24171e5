//! What it is that strikes a request.

use super::Chaos;

/// What struck a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The client asked for it
    #[default]
    Asked,
    /// A scenario, by its place in the configuration
    Scenario(usize),
}

impl Cause {
    /// All there can be, by place.
    pub(crate) fn all(chaos: &Chaos) -> impl Iterator<Item = Cause> {
        (0..=chaos.scenarios.len()).map(Cause::at)
    }

    /// Its place among all.
    pub(crate) fn place(self) -> usize {
        match self {
            Cause::Asked => 0,
            Cause::Scenario(index) => index + 1,
        }
    }

    /// The one at a place.
    pub(crate) fn at(place: usize) -> Cause {
        place.checked_sub(1).map_or(Cause::Asked, Cause::Scenario)
    }

    /// The scenario's name.
    pub(crate) fn name(self, chaos: &Chaos) -> &str {
        match self {
            Cause::Asked => "(asked)",
            Cause::Scenario(index) => chaos.scenarios.get(index).map_or("", |armed| &armed.scenario.name),
        }
    }
}
