//! Faults and delays on purpose, compiled.

use mocker_engine::chaos::Chaos;
use mocker_plan::Options;

use super::fault::Fault;
use super::operations::{Operations, named};
use crate::config::{Configuration, Loaded as Configured};

/// The scenarios of a configuration, with the operations that they strike.
pub(super) fn compile(
    configured: &Configured,
    configuration: &Configuration,
    all: Operations<'_>,
    faults: &mut Vec<Fault>,
) -> Chaos {
    let written = &configuration.chaos;
    let seed = written.seed.as_deref().or(configuration.generation.seed.as_deref());
    let seed = seed.map(Options::seed).unwrap_or_default();
    let mut chaos = Chaos::new(seed, written.is_enabled, written.allows_fields);
    for scenario in &written.scenarios {
        let mut numbers: Vec<u32> = Vec::new();
        for endpoint in &scenario.endpoints {
            let matching = all.matching(&endpoint.value);
            if matching.is_empty() {
                faults.push(all.unknown(&endpoint.value, configured.place(endpoint.position)));
            }
            numbers.extend(matching);
        }
        if scenario.endpoints.is_empty() {
            numbers.extend(all.numbers());
        }
        numbers.sort_unstable();
        numbers.dedup();
        let names: Vec<(u32, String)> =
            numbers.into_iter().map(|number| (number, named(all.model(number)))).collect();
        chaos.add(scenario.compiled.clone(), names.iter().map(|(number, name)| (*number, name.as_str())));
    }
    chaos
}
