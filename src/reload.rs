//! Reads everything again when a file changes, and serves it where it is sound.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Instant;

use anyhow::bail;
use mocker_control::Reload as Report;
use mocker_plan::Plan;
use mocker_source::Severity;
use mocker_state::Store;

use crate::access_log::Orders;
use crate::cli::config;
use crate::config::section::logging::Logging;
use crate::config::section::tls::Identity;
use crate::config::{Configuration, Loaded, Row, rows};
use crate::control::History;
use crate::deployment::{self, Built, Record};
use crate::fingerprint::{Difference, Fingerprints};
use crate::limits::MAX_NAMED;
use crate::report;
use crate::serving::Serving;
use crate::sightings::Sightings;
use crate::talk;
use crate::tls::{Renewed, Tls};
use crate::veil;
use crate::watch::Change;

/// What a reload needs.
pub(crate) struct Reload<L> {
    /// Reads the configuration
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
    /// Files that are written are opened again
    pub(crate) access_log: Orders,
    /// What clients are met with who speak TLS, where they do
    pub(crate) tls: Option<Tls>,
    /// Who the server said it was when it began: whether TLS is spoken cannot change
    pub(crate) identity: Option<Identity>,
    /// Where it is noted what came of it
    pub(crate) history: Arc<History>,
}

/// What is to take the place of what is served.
struct Next {
    built: Built,
    /// The settings that hold then
    settings: Vec<Row>,
    /// Names of settings that hold as they were until the next start
    unchanged: Vec<&'static str>,
    /// Level of the talk, and whether it is JSON
    logging: (String, bool),
    /// Where certificates are not what they were
    renewed: Option<Renewed>,
}

/// What has taken the place of what.
struct Published {
    before: Arc<Plan>,
    after: Arc<Plan>,
    record: Record,
    has_certificates: bool,
}

/// Settings that hold until the next start.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fixed(Vec<(&'static str, String)>);

impl Fixed {
    pub(crate) fn of(Configuration { server, admin, state, metrics, logging, .. }: &Configuration) -> Fixed {
        let shown = |value: &dyn std::fmt::Debug| format!("{value:?}");
        Fixed(vec![
            ("server.host", shown(&server.host)),
            ("server.port", shown(&server.port)),
            ("server.threads", shown(&server.threads)),
            ("server.driver", shown(&server.driver)),
            ("server.watch", shown(&server.is_watching)),
            ("server.reuse_port", shown(&server.shares_port)),
            ("server.callbacks", shown(&server.sends_callbacks)),
            ("server.max_connections", shown(&server.max_connections)),
            ("server.max_connections_per_client", shown(&server.max_connections_per_client)),
            ("server.head_timeout", shown(&server.head_timeout)),
            ("server.body_timeout", shown(&server.body_timeout)),
            ("server.write_timeout", shown(&server.write_timeout)),
            ("server.idle_timeout", shown(&server.idle_timeout)),
            ("server.drain_timeout", shown(&server.drain_timeout)),
            ("server.tls.mode", shown(&server.tls.identity.as_ref().map(Identity::kind))),
            ("server.tls.cert_out", shown(&server.tls.identity.as_ref().and_then(Identity::out))),
            ("server.tls.handshake_timeout", shown(&server.tls.handshake_timeout)),
            ("metrics.enabled", shown(&metrics.is_enabled)),
            ("logging.access", shown(&logging.access)),
            ("logging.access_file", shown(&logging.access_file)),
            ("admin.address", shown(&admin.address)),
            ("admin.token", shown(&admin.token)),
            ("admin.hosts", shown(&admin.hosts)),
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
    pub(crate) fn again(&mut self, change: &Change, seen: &mut Sightings) -> Report {
        let begun = Instant::now();
        self.access_log.reopen();
        let why = why(change);
        let mut diagnostics = Vec::new();
        let tried = catch_unwind(AssertUnwindSafe(|| self.attempt(seen, &mut diagnostics)));
        let taken = tried.unwrap_or_else(|_| bail!("reading again failed for a fault of mocker's own"));
        let taken = taken.unwrap_or_else(|error| {
            say(&mut diagnostics, Severity::Error, &veil::urls(&format!("error: {error:#}")));
            None
        });
        let reloaded = taken.is_some();
        let took = begun.elapsed();
        let summary = match taken {
            Some(what) => format!("reloaded ({why}): {what}, in {:.0} ms", took.as_secs_f64() * 1e3),
            None => format!("not reloaded ({why}): what was served before is served on"),
        };
        match reloaded {
            true => talk::tell(&summary),
            false => talk::error(&summary),
        }
        let revision = self.serving.publication().current().0;
        let report = Report { reloaded, revision, took, why, summary, diagnostics };
        self.history.note(report.clone());
        report
    }

    /// What is different now; `None` where it was refused, and told why.
    fn attempt(
        &mut self,
        seen: &mut Sightings,
        diagnostics: &mut Vec<String>,
    ) -> anyhow::Result<Option<String>> {
        let Some(next) = self.build(seen, diagnostics)? else { return Ok(None) };
        let Some(published) = self.publish(next)? else { return Ok(None) };
        Ok(Some(self.told(published)))
    }

    /// What is to be served, and the settings that hold then; `None` where it is not to be served, and was told why.
    fn build(&self, seen: &mut Sightings, diagnostics: &mut Vec<String>) -> anyhow::Result<Option<Next>> {
        let mut configured = (self.load)()?;
        config::tell(&configured);
        diagnostics.extend(configured.diagnostics.iter().map(|fault| config::line(&configured, fault)));
        seen.join(&configured.seen);
        let Some(mut configuration) = configured.configuration.take() else { return Ok(None) };
        let unchanged = self.started.changed(&Fixed::of(&configuration));
        for name in &unchanged {
            let line = format!("warning: {name} is what it was until the next start");
            say(diagnostics, Severity::Warning, &line);
        }
        let identity = &mut configuration.server.tls.identity;
        if identity.is_some() != self.identity.is_some() {
            identity.clone_from(&self.identity);
        }
        let (store, soundness) = (Arc::clone(&self.store), &self.record.soundness);
        let mut say = |severity, line: &str| say(diagnostics, severity, line);
        let built = deployment::build(&configured, &configuration, store, soundness, seen, &mut say)?;
        let tls = self.tls.as_ref().map(|tls| tls.read_again(&configuration.server.tls, seen));
        let renewed = tls.transpose()?.flatten();
        let is_sound = !built.record.soundness.is_worse_than(soundness);
        let Logging { level, is_json, .. } = &configuration.logging;
        let logging = (level.clone(), *is_json);
        Ok(is_sound.then(|| Next { built, settings: rows(&configured), unchanged, logging, renewed }))
    }

    /// `None` where the server has ended.
    fn publish(&mut self, next: Next) -> anyhow::Result<Option<Published>> {
        let Next { built: Built { deployment, record, .. }, settings, unchanged, logging, renewed } = next;
        let after = Arc::clone(&deployment.plan);
        let Some(before) = self.serving.replace(deployment)? else { return Ok(None) };
        let (level, is_json) = logging;
        talk::configure(&level, is_json);
        self.access_log.look_at_level();
        self.history.hold(settings, &unchanged);
        let has_certificates = renewed.is_some();
        if let (Some(tls), Some(renewed)) = (&mut self.tls, renewed) {
            tls.renew(renewed);
        }
        Ok(Some(Published { before: Arc::clone(&before.plan), after, record, has_certificates }))
    }

    /// What is different, for the one who runs the server.
    fn told(&mut self, published: Published) -> String {
        let Published { before, after, record, has_certificates } = published;
        let known = self.fingerprints.take();
        let known = known.unwrap_or_else(|| Fingerprints::of(&before, &self.record.marks));
        let now = Fingerprints::of(&after, &record.marks);
        let difference = known.difference(&now);
        self.fingerprints = Some(now);
        self.record = record;
        let certificates = if has_certificates { ", other certificates" } else { "" };
        format!("{}{}{certificates}", report::counted(after.len(), "operation"), in_words(&difference))
    }
}

/// Tells a line, and keeps it for who asked for the reload.
fn say(diagnostics: &mut Vec<String>, severity: Severity, line: &str) {
    talk::fault(severity, line);
    diagnostics.push(line.to_owned());
}

fn why(change: &Change) -> String {
    match change {
        Change::Asked => "SIGHUP".to_owned(),
        Change::Commanded => "`mocker reload`".to_owned(),
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
pub(crate) fn listed(names: &[String]) -> String {
    let shown = names.iter().take(MAX_NAMED).cloned().collect::<Vec<_>>().join(", ");
    match names.len().checked_sub(MAX_NAMED) {
        Some(more) if more > 0 => format!("{shown} and {more} more"),
        _ => shown,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::Fixed;
    use crate::config::{Environment, Request, load, settings};

    #[test]
    fn what_is_fixed_is_a_setting() {
        let environment = Environment::of(&[]);
        let loaded = load(&Request { file: None, flags: &[], environment: &environment }).unwrap();
        let known: Vec<String> = settings().into_iter().map(|setting| setting.path).collect();
        for (name, _) in Fixed::of(&loaded.configuration.unwrap()).0 {
            assert!(known.iter().any(|known| known == name), "{name}");
        }
    }
}
