//! Reads everything again when a file changes, and serves it where it is sound.

use std::sync::Arc;
use std::time::Instant;

use mocker_plan::Plan;
use mocker_state::Store;

use crate::config::{Configuration, Loaded};
use crate::deployment::{self, Built, Record};
use crate::fingerprint::{Difference, Fingerprints};
use crate::limits::MAX_NAMED;
use crate::report;
use crate::serving::Serving;
use crate::sightings::Sightings;
use crate::talk;
use crate::watch::{Change, Outcome};

/// What a reload needs.
pub(crate) struct Reload<L> {
    /// Reads the configuration, and tells what is wrong with it
    pub(crate) load: L,
    pub(crate) serving: Arc<Serving>,
    /// State goes on
    pub(crate) store: Arc<Store>,
    /// What the server was started with, and what cannot change while it runs
    pub(crate) started: Fixed,
    /// Of what is served
    pub(crate) record: Record,
    /// Of what is served, once they were needed
    pub(crate) fingerprints: Option<Fingerprints>,
}

/// What has taken the place of what.
struct Published {
    before: Arc<Plan>,
    after: Arc<Plan>,
    record: Record,
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
    /// Builds what the files say now, and publishes it unless something would be lost: then what is served stays.
    /// `seen` gets the files that were read.
    pub(crate) fn again(&mut self, change: &Change, seen: &mut Sightings) -> Outcome {
        let begun = Instant::now();
        let why = why(change);
        match self.build(seen).and_then(|built| built.map_or(Ok(None), |built| self.publish(built))) {
            Ok(Some(published)) => {
                let took = begun.elapsed().as_secs_f64() * 1e3;
                let what = self.told(published);
                talk::tell(format_args!("reloaded ({why}): {what}, in {took:.0} ms"));
                return Outcome::Taken;
            }
            Ok(None) => {}
            Err(error) => talk::tell(format_args!("error: {error:#}")),
        }
        talk::tell(format_args!("not reloaded ({why}): what was served before is served on"));
        Outcome::Refused
    }

    /// `None` where the server has ended.
    fn publish(&self, built: Built) -> anyhow::Result<Option<Published>> {
        let Built { deployment, record } = built;
        let after = Arc::clone(&deployment.plan);
        let before = self.serving.replace(deployment)?;
        Ok(before.map(|before| Published { before: Arc::clone(&before.plan), after, record }))
    }

    /// What is different, for the one who runs the server.
    fn told(&mut self, published: Published) -> String {
        let Published { before, after, record } = published;
        let known = self.fingerprints.take();
        let known = known.unwrap_or_else(|| Fingerprints::of(&before, &self.record.marks));
        let now = Fingerprints::of(&after, &record.marks);
        let difference = known.difference(&now);
        self.fingerprints = Some(now);
        self.record = record;
        format!("{}{}", report::counted(after.len(), "operation"), in_words(&difference))
    }

    /// `None` where it is not to be served, and was told why.
    fn build(&self, seen: &mut Sightings) -> anyhow::Result<Option<Built>> {
        let configured = (self.load)()?;
        seen.join(&configured.seen);
        let Some(configuration) = &configured.configuration else { return Ok(None) };
        for name in self.started.changed(&Fixed::of(configuration)) {
            talk::tell(format_args!("warning: {name} is what it was until the next start"));
        }
        let store = Arc::clone(&self.store);
        let built = deployment::build(&configured, configuration, store, &self.record.soundness, seen)?;
        Ok(Some(built).filter(|built| !built.record.soundness.is_worse_than(&self.record.soundness)))
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

fn in_words(Difference { added, changed, removed }: &Difference) -> String {
    let kinds = [(added, "added"), (changed, "changed"), (removed, "removed")];
    let said = |(names, what): (&Vec<String>, &str)| format!(", {} {what} ({})", names.len(), listed(names));
    kinds.into_iter().filter(|(names, _)| !names.is_empty()).map(said).collect()
}

/// The first of them, and how many more.
fn listed(names: &[String]) -> String {
    let shown = names.iter().take(MAX_NAMED).cloned().collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(MAX_NAMED) {
        Some(more) if more > 0 => format!("{shown} and {more} more"),
        _ => shown,
    }
}
