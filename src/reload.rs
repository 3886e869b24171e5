//! Reads everything again when a file changes, and serves it where it is sound.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use mocker_engine::Publication;
use mocker_engine::behaviour::Behaviours;
use mocker_plan::{Plan, method_name};
use mocker_scripting::Hook;
use mocker_state::Store;

use crate::behaviours;
use crate::config::{Configuration, Loaded};
use crate::deployment;
use crate::limits::MAX_NAMED;
use crate::report;
use crate::watch::Change;

/// What a reload needs.
pub(crate) struct Reload<L> {
    /// Reads the configuration, and tells what is wrong with it
    pub(crate) load: L,
    pub(crate) publication: Arc<Publication>,
    /// State goes on
    pub(crate) store: Arc<Store>,
    /// What the server was started with, and what cannot change while it runs
    pub(crate) started: Fixed,
}

/// Settings that hold until the next start.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fixed(Vec<(&'static str, String)>);

impl Fixed {
    pub(crate) fn of(Configuration { server, state, .. }: &Configuration) -> Fixed {
        let shown = |value: &dyn std::fmt::Debug| format!("{value:?}");
        Fixed(vec![
            ("server.host", shown(&server.host)),
            ("server.port", shown(&server.port)),
            ("server.threads", shown(&server.threads)),
            ("server.driver", shown(&server.driver)),
            ("server.callbacks", shown(&server.sends_callbacks)),
            ("server.max_connections", shown(&server.max_connections)),
            ("server.max_connections_per_client", shown(&server.max_connections_per_client)),
            ("server.head_timeout", shown(&server.head_timeout)),
            ("server.body_timeout", shown(&server.body_timeout)),
            ("server.write_timeout", shown(&server.write_timeout)),
            ("server.idle_timeout", shown(&server.idle_timeout)),
            ("server.drain_timeout", shown(&server.drain_timeout)),
            ("state.bytes", shown(&state.bytes)),
            ("state.value_bytes", shown(&state.value_bytes)),
            ("state.key_bytes", shown(&state.key_bytes)),
            ("state.keys", shown(&state.keys)),
            ("state.scopes", shown(&state.scopes)),
            ("state.scope_idle", shown(&state.scope_idle)),
        ])
    }

    /// Names of those that are not what they were.
    fn changed(&self, other: &Fixed) -> Vec<&'static str> {
        let pairs = self.0.iter().zip(&other.0);
        pairs.filter(|(one, other)| one.1 != other.1).map(|(one, _)| one.0).collect()
    }
}

impl<L: Fn() -> anyhow::Result<Loaded>> Reload<L> {
    /// Builds what the files say now, and publishes it unless there are errors: then what is served stays. Gives the
    /// files that count from now on.
    pub(crate) fn again(&mut self, change: &Change) -> Option<Vec<PathBuf>> {
        let begun = Instant::now();
        let why = why(change);
        let built = (self.load)().and_then(|configured| {
            let Some(configuration) = &configured.configuration else { return Ok(None) };
            for name in self.started.changed(&Fixed::of(configuration)) {
                eprintln!("warning: {name} is what it was until the next start");
            }
            deployment::build(&configured, configuration, Arc::clone(&self.store)).map(Some)
        });
        let mut built = match built {
            Ok(Some(built)) if built.errors == 0 => built,
            failed => {
                if let Err(error) = &failed {
                    eprintln!("error: {error:#}");
                }
                eprintln!("not reloaded ({why}): what was served before is served on");
                return failed.ok().flatten().map(|built| built.files);
            }
        };
        let (_, before) = self.publication.current();
        let difference = difference(&before.plan, &built.deployment.plan);
        let count = report::counted(built.deployment.plan.len(), "operation");
        Arc::make_mut(&mut built.deployment.behaviours.chaos).follow(&before.behaviours.chaos);
        self.publication.publish(built.deployment);
        end(&before.behaviours);
        let took = begun.elapsed().as_secs_f64() * 1e3;
        eprintln!("reloaded ({why}): {count}{difference}, in {took:.0} ms");
        Some(built.files)
    }
}

/// Tells plugins that nothing more comes.
pub(crate) fn end(behaviours: &Behaviours) {
    for fault in behaviours::call(behaviours, Hook::Cleanup) {
        eprintln!("{fault}: error [plugin-cleanup]");
    }
}

fn why(change: &Change) -> String {
    match change {
        Change::Asked => "SIGHUP".to_owned(),
        Change::Files(files) => {
            let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
            format!("{} changed", listed(&names))
        }
    }
}

/// Operations that came and went.
fn difference(before: &Plan, after: &Plan) -> String {
    let names = |plan: &Plan| -> Vec<String> {
        let operations = (0..plan.len() as u32).map(|number| plan.operation(number).model());
        operations.map(|operation| format!("{} {}", method_name(&operation.method), operation.path)).collect()
    };
    let (before, after) = (names(before), names(after));
    let missing = |of: &[String], other: &[String]| -> Vec<String> {
        let other: std::collections::HashSet<&String> = other.iter().collect();
        of.iter().filter(|name| !other.contains(name)).cloned().collect()
    };
    let mut text = String::new();
    for (names, what) in [(missing(&after, &before), "added"), (missing(&before, &after), "removed")] {
        if !names.is_empty() {
            text.push_str(&format!(", {} {what} ({})", names.len(), listed(&names)));
        }
    }
    text
}

/// The first of them, and how many more.
pub(crate) fn listed(names: &[String]) -> String {
    let shown = names.iter().take(MAX_NAMED).cloned().collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(MAX_NAMED) {
        Some(more) if more > 0 => format!("{shown} and {more} more"),
        _ => shown,
    }
}
