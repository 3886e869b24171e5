//! The switches of chaos, as the Admin API turns them.

use std::sync::Arc;

use mocker_control::{Chaos, NoSuchScenario, Scenario, Switches};
use mocker_engine::Publication;

/// Scenarios of what is served now.
pub(super) struct Faults(pub(super) Arc<Publication>);

impl Chaos for Faults {
    fn switches(&self) -> Switches {
        let (_, deployment) = self.0.current();
        let chaos = &deployment.behaviours.chaos;
        let scenario = |status: mocker_engine::chaos::Status<'_>| Scenario {
            name: status.name.to_owned(),
            kind: status.kind.name().to_owned(),
            enabled: status.on_for.is_some(),
            on_for: status.on_for,
            struck: status.struck,
        };
        Switches { enabled: chaos.is_master_on(), scenarios: chaos.statuses().map(scenario).collect() }
    }

    /// All of them are ended by the master switch, and begun by it and their own. Where that is off, starting one starts no
    /// other.
    fn switch(&self, name: Option<&str>, on: bool) -> Result<(), NoSuchScenario> {
        let (_, deployment) = self.0.current();
        let chaos = &deployment.behaviours.chaos;
        // Names come from the same chaos: each is there.
        let Some(name) = name else {
            if on {
                chaos.names().for_each(|name| drop(chaos.switch(name, true)));
            }
            chaos.switch_master(on);
            return Ok(());
        };
        if chaos.is_on(name).is_none() {
            return Err(NoSuchScenario(name.to_owned()));
        }
        if on && !chaos.is_master_on() {
            chaos.names().filter(|other| *other != name).for_each(|other| drop(chaos.switch(other, false)));
            chaos.switch_master(true);
        }
        chaos.switch(name, on).map_err(|_| NoSuchScenario(name.to_owned()))
    }
}
