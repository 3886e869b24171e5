//! The sections of the configuration, one file each. A new one has its table in [`ROOT`] and its values in
//! [`Configuration`].

pub(crate) mod admin;
pub(crate) mod answer;
pub(crate) mod chaos;
pub(crate) mod condition;
pub(crate) mod generation;
pub(crate) mod logging;
pub(crate) mod metrics;
pub(crate) mod plugins;
pub(crate) mod responses;
pub(crate) mod scenarios;
pub(crate) mod scripting;
pub(crate) mod scripts;
pub(crate) mod server;
mod specs;
pub(crate) mod state;
pub(crate) mod tls;
pub(crate) mod validation;

use mocker_source::Diagnostic;

use super::shape::{Field, Shape, Table};
use super::values::Values;

/// The whole configuration.
pub(crate) static ROOT: Table = Table {
    name: "configuration",
    about: "Configuration of mocker",
    fields: &[
        Field::new("server", Shape::Table(&server::TABLE), server::TABLE.about),
        Field::new("admin", Shape::Table(&admin::TABLE), admin::TABLE.about),
        specs::FIELD,
        Field::new("validation", Shape::Table(&validation::TABLE), validation::TABLE.about),
        Field::new("generation", Shape::Table(&generation::TABLE), generation::TABLE.about),
        scripts::FIELD,
        Field::new("scripting", Shape::Table(&scripting::TABLE), scripting::TABLE.about),
        Field::new("state", Shape::Table(&state::TABLE), state::TABLE.about),
        plugins::FIELD,
        responses::FIELD,
        scenarios::FIELD,
        Field::new("logging", Shape::Table(&logging::TABLE), logging::TABLE.about),
        Field::new("metrics", Shape::Table(&metrics::TABLE), metrics::TABLE.about),
        Field::new("chaos", Shape::Table(&chaos::TABLE), chaos::TABLE.about),
    ],
    families: &[],
    rules: &[],
};

/// Effective values of everything that can be configured.
#[derive(Debug)]
pub(crate) struct Configuration {
    pub(crate) server: server::Server,
    pub(crate) admin: admin::Admin,
    /// Files and folders, joined with the folder of the configuration; URLs; `-`
    pub(crate) specs: Vec<String>,
    pub(crate) validation: validation::Validation,
    pub(crate) generation: generation::Generation,
    pub(crate) scripts: Vec<scripts::Attachment>,
    pub(crate) scripting: scripting::Scripting,
    pub(crate) state: state::State,
    pub(crate) plugins: Vec<plugins::Plugin>,
    pub(crate) responses: Vec<responses::Override>,
    pub(crate) scenarios: Vec<scenarios::Scenario>,
    pub(crate) logging: logging::Logging,
    pub(crate) metrics: metrics::Metrics,
    pub(crate) chaos: chaos::Chaos,
}

impl Configuration {
    /// Reads what was checked before; adds what is wrong between sections.
    pub(super) fn read(values: &Values, faults: &mut Vec<Diagnostic>) -> Configuration {
        let responses = responses::read(values.node("responses"), &values.reader("responses"));
        let scenarios = scenarios::read(values.node("scenarios"));
        scenarios::judge(&scenarios, &responses, faults);
        Configuration {
            server: server::Server::read(values, faults),
            admin: admin::Admin::read(values),
            specs: values.texts("specs"),
            validation: validation::Validation::read(values),
            generation: generation::Generation::read(values),
            scripts: scripts::read(values.node("scripts"), &values.reader("scripts")),
            scripting: scripting::Scripting::read(values),
            state: state::State::read(values),
            plugins: plugins::read(values.node("plugins"), &values.reader("plugins")),
            responses,
            scenarios,
            logging: logging::Logging::read(values),
            metrics: metrics::Metrics::read(values),
            chaos: chaos::Chaos::read(values, faults),
        }
    }
}

#[cfg(test)]
mod tests;
