//! What the Admin API tells, as `openapi.yaml` describes it.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Serialize, Serializer};
use serde_json::Value;

/// What a server is, and how it is.
#[derive(Clone, Debug, Serialize)]
pub struct Status {
    /// `mocker`
    pub name: &'static str,
    /// Of the command
    pub version: &'static str,
    /// Of the process
    pub pid: u32,
    /// Since the server was started
    #[serde(rename = "uptime_seconds", serialize_with = "seconds")]
    pub uptime: Duration,
    /// How far it is in its life
    pub stage: Stage,
    /// Where it serves, as URLs
    pub addresses: Vec<String>,
    /// Where the Admin API is
    pub admin: String,
    /// How the kernel is asked
    pub driver: String,
    /// Worker threads
    pub threads: usize,
    /// Open ones, of the data plane
    pub connections: usize,
    /// Number of what is served: 0 first, and one more with each reload
    pub revision: u64,
    /// That are served
    pub operations: usize,
    /// That are served
    pub documents: usize,
    /// Resident memory of the process; `None` where the system does not tell
    pub memory_bytes: Option<u64>,
    /// What came of the last reload, if there was one
    pub last_reload: Option<Reload>,
}

/// How far a server is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// It takes connections
    Serving,
    /// It ends when requests in flight have ended
    Draining,
}

/// How well something is, from good to bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Condition {
    /// All is well
    Healthy,
    /// It serves, and somebody should look at it
    Degraded,
    /// It does not serve as it must
    Unhealthy,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    /// What was looked at
    pub name: &'static str,
    /// What was found
    pub status: Condition,
    /// How long looking took
    #[serde(rename = "duration_ms", serialize_with = "milliseconds")]
    pub duration: Duration,
    /// What was found, in words
    pub message: String,
}

/// How a server is.
#[derive(Clone, Debug, Serialize)]
pub struct Health {
    /// That of the worst check
    pub status: Condition,
    /// What was looked at
    pub checks: Vec<Check>,
}

impl Health {
    /// As well as the worst check.
    pub fn of(checks: Vec<Check>) -> Health {
        let status = checks.iter().map(|check| check.status).max().unwrap_or(Condition::Healthy);
        Health { status, checks }
    }
}

/// An operation that is served.
#[derive(Clone, Debug, Serialize)]
pub struct Operation {
    /// `GET`
    pub method: String,
    /// Path template
    pub path: String,
    /// `operationId` of the document
    pub operation_id: Option<String>,
    /// Tags of the document
    pub tags: Vec<String>,
    /// Title of the document
    pub document: String,
    /// Beyond the document
    pub added: Added,
}

/// What the user added to an operation.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Added {
    /// Plugins that are built in
    pub plugins: Vec<String>,
    /// Scripts that see the request
    pub before: Vec<String>,
    /// The script that answers
    pub handle: Option<String>,
    /// Scripts that see the answer
    pub after: Vec<String>,
    /// Whether answers of the configuration stand before those of the document
    pub responses: bool,
    /// Scenarios that requests move on
    pub scenarios: Vec<String>,
}

/// A setting that holds.
#[derive(Clone, Debug, Serialize)]
pub struct Setting {
    /// `null` where there is none; secrets are masked
    pub value: Value,
    /// `--port`, `MOCKER_SERVER_PORT`, `mocker.yaml:3:9` or `default`
    pub from: String,
}

/// Settings by path.
pub(crate) type Settings = BTreeMap<String, Setting>;

/// What came of reading everything again.
#[derive(Clone, Debug, Serialize)]
pub struct Reload {
    /// Whether what was read is served
    pub reloaded: bool,
    /// Number of what is served now
    pub revision: u64,
    /// Until it was served, or given up
    #[serde(rename = "took_ms", serialize_with = "milliseconds")]
    pub took: Duration,
    /// What it was read for
    pub why: String,
    /// One line: what changed, or why nothing did
    pub summary: String,
    /// What was told about what was read
    pub diagnostics: Vec<String>,
}

/// A scenario of faults.
#[derive(Clone, Debug, Serialize)]
pub struct Scenario {
    /// By which it is switched
    pub name: String,
    /// `latency`, `error`, ...
    #[serde(rename = "type")]
    pub kind: String,
    /// Whether it is on
    pub enabled: bool,
    /// How long it has been on
    #[serde(rename = "on_for_s", serialize_with = "some_seconds")]
    pub on_for: Option<Duration>,
    /// Requests that it struck since the start
    pub struck: u64,
}

/// Scenarios of faults, and whether any is on.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Switches {
    /// Whether faults are made at all
    pub enabled: bool,
    /// In the order of the configuration
    pub scenarios: Vec<Scenario>,
}

fn seconds<S: Serializer>(time: &Duration, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_f64((time.as_secs_f64() * 1e3).round() / 1e3)
}

fn some_seconds<S: Serializer>(time: &Option<Duration>, out: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => seconds(time, out),
        None => out.serialize_none(),
    }
}

fn milliseconds<S: Serializer>(time: &Duration, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_f64((time.as_secs_f64() * 1e6).round() / 1e3)
}
