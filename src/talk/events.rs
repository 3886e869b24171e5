//! Events of `tracing` as lines: which levels are told, and how a line looks. Both may change while others tell.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering::Relaxed};
use std::time::{SystemTime, UNIX_EPOCH};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Level, Metadata, Subscriber};

use super::starting;
use crate::access_log::time::rfc3339;

/// The levels by name, the gravest first.
const LEVELS: [(&str, Level); 5] = [
    ("error", Level::ERROR),
    ("warn", Level::WARN),
    ("info", Level::INFO),
    ("debug", Level::DEBUG),
    ("trace", Level::TRACE),
];
const INFO: u8 = 2;

/// The last level that is told.
static TOLD: AtomicU8 = AtomicU8::new(INFO);
/// The one that the configuration asked for last: who asks for another while the server runs is not overruled by a reload
/// that changes nothing.
static CONFIGURED: AtomicU8 = AtomicU8::new(INFO);
static IS_JSON: AtomicBool = AtomicBool::new(false);

/// Takes the level and the format of the configuration.
pub(crate) fn configure(level: &str, is_json: bool) {
    IS_JSON.store(is_json, Relaxed);
    if let Some(index) = index(level)
        && CONFIGURED.swap(index, Relaxed) != index
    {
        TOLD.store(index, Relaxed);
    }
}

/// Lines are for people from now on.
pub(super) fn be_human() {
    IS_JSON.store(false, Relaxed);
}

/// Tells events up to this level from now on; whether there is one of that name.
pub(crate) fn set_level(name: &str) -> bool {
    let index = index(name);
    index.inspect(|index| TOLD.store(*index, Relaxed)).is_some()
}

/// The last level that is told.
pub(crate) fn level() -> &'static str {
    LEVELS[usize::from(TOLD.load(Relaxed))].0
}

/// Whether what helps to find faults is told.
pub(crate) fn is_debugging() -> bool {
    rank(Level::DEBUG) <= usize::from(TOLD.load(Relaxed))
}

fn index(name: &str) -> Option<u8> {
    LEVELS.iter().position(|(known, _)| *known == name).map(|index| index as u8)
}

fn rank(level: Level) -> usize {
    LEVELS.iter().position(|(_, known)| *known == level).unwrap_or(LEVELS.len())
}

/// Makes events lines.
pub(super) struct Events;

impl Subscriber for Events {
    /// What is told may change at any time.
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        Interest::sometimes()
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && rank(*metadata.level()) <= usize::from(TOLD.load(Relaxed))
    }

    fn event(&self, event: &Event<'_>) {
        let mut message = Message::default();
        event.record(&mut message);
        let level = *event.metadata().level();
        if let Some(message) = starting::hold(level, message.0) {
            super::put(line(level, message, SystemTime::now()));
        }
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[derive(Default)]
struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.0 = format!("{value:?}");
        }
    }
}

/// What was told at a time, as lines are now.
pub(super) fn line(level: Level, message: String, time: SystemTime) -> String {
    if IS_JSON.load(Relaxed) { json(level, &message, time) } else { message }
}

fn json(level: Level, message: &str, time: SystemTime) -> String {
    let time = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as u64);
    let name = LEVELS[rank(level).min(LEVELS.len() - 1)].0;
    serde_json::json!({ "time": rfc3339(time), "level": name, "message": message }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_json_has_time_and_level() {
        let json = json(Level::WARN, "a \"b\"\n", UNIX_EPOCH);
        assert!(json.starts_with("{\"time\":\"1970-"), "{json}");
        assert!(json.ends_with(r#"Z","level":"warn","message":"a \"b\"\n"}"#), "{json}");
    }
}
