//! What a chaos scenario does, from its type and parameters; what does not go together is told.

use std::time::Duration;

use mocker_engine::chaos::{Effect, ErrorAnswer, Kind, Latency, Mode};
use mocker_engine::limits::MAX_GARBAGE;
use mocker_source::{Diagnostic, Node};

use super::parameters::{BYTES, RATE, SECONDS, TIME, keys, percent};
use crate::config::describe::listed;
use crate::config::nearest::nearest;
use crate::config::read::{strings, text};
use crate::config::scalar::Scalar;
use crate::config::shape::Shape;

/// Ways to say how long a delay is, each of several keys.
const WAYS: [&[&str]; 5] =
    [&["fixed"], &["min", "max"], &["mean", "stddev"], &["median", "sigma"], &["percentiles"]];

/// Reads what a scenario does; where there are faults, what its type does by itself.
pub(super) fn read(name: &str, kind: Kind, scenario: Node<'_>, faults: &mut Vec<Diagnostic>) -> Effect {
    let given = scenario.get("parameters").filter(|node| node.is_object());
    let mut parameters = Parameters { name, kind, scenario, given, faults };
    parameters.refuse_others();
    parameters.effect().unwrap_or_else(|| kind.usual())
}

struct Parameters<'a, 'n> {
    /// Of the scenario
    name: &'a str,
    kind: Kind,
    scenario: Node<'n>,
    given: Option<Node<'n>>,
    faults: &'a mut Vec<Diagnostic>,
}

impl<'n> Parameters<'_, 'n> {
    fn get(&self, key: &str) -> Option<Node<'n>> {
        self.given?.get(key)
    }

    fn scalar(&self, key: &str, shape: &Shape) -> Option<Scalar> {
        Scalar::of_node(shape, self.get(key)?).ok()
    }

    fn time(&self, key: &str) -> Option<Duration> {
        match self.scalar(key, &TIME)? {
            Scalar::Time(time) => Some(time),
            _ => None,
        }
    }

    fn size(&self, key: &str, shape: &Shape) -> Option<u64> {
        match self.scalar(key, shape)? {
            Scalar::Size(bytes) => Some(bytes),
            _ => None,
        }
    }

    fn bytes(&self) -> Option<usize> {
        self.size("bytes", &BYTES).and_then(|bytes| bytes.try_into().ok())
    }

    /// Tells of keys that another type has.
    fn refuse_others(&mut self) {
        let own = keys(self.kind);
        let all = |key: &str| Kind::ALL.into_iter().any(|kind| keys(kind).contains(&key));
        let entries = self.given.into_iter().flat_map(Node::entries);
        for (key, value) in entries.filter(|(key, _)| !own.contains(key) && all(key)) {
            let type_name = self.kind.name();
            let message =
                format!("the chaos scenario `{}` has `{key}`, which `{type_name}` does not take", self.name);
            let help = match nearest(key, own.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None if own.is_empty() => "it takes no parameters".to_owned(),
                None => format!("it takes {}", listed(own, "and")),
            };
            let position = self.given.and_then(|given| given.key_position(key));
            let fault = Diagnostic { position, ..Diagnostic::error("config-conflict", value, message) };
            self.faults.push(fault.with_help(help));
        }
    }

    fn fault(&mut self, code: &'static str, at: Option<Node<'_>>, what: &str, help: &str) {
        let place = at.or(self.given).unwrap_or(self.scenario);
        let message = format!("the chaos scenario `{}` {what}", self.name);
        self.faults.push(Diagnostic::error(code, place, message).with_help(help));
    }

    fn effect(&mut self) -> Option<Effect> {
        Some(match self.kind {
            Kind::Latency => Effect::Latency(self.latency()?, self.mode()),
            Kind::SlowAccept => Effect::SlowAccept(self.latency()?),
            Kind::Error => Effect::Error(self.error()),
            Kind::Truncate => Effect::Truncate { bytes: self.bytes() },
            Kind::WrongLength => Effect::WrongLength { bytes: self.bytes()? },
            Kind::Garbage => {
                let bytes = self.bytes()?;
                if bytes > MAX_GARBAGE {
                    let at = self.get("bytes");
                    self.fault("config-range", at, "sends too much garbage", "give 1MiB at most");
                }
                Effect::Garbage { bytes }
            }
            Kind::Dribble => {
                let Effect::Dribble { chunks, duration } = self.kind.usual() else { return None };
                let given = self.get("chunks").and_then(Node::as_u64).and_then(|n| n.try_into().ok());
                let duration = self.time("duration").unwrap_or(duration);
                Effect::Dribble { chunks: given.unwrap_or(chunks), duration }
            }
            Kind::Bandwidth => Effect::Bandwidth { bytes_per_second: self.size("bytes_per_second", &RATE)? },
            Kind::Timeout | Kind::Reset | Kind::Empty | Kind::MalformedChunk => self.kind.usual(),
        })
    }

    fn has_unknown(&self) -> bool {
        let is_known = |key: &str| Kind::ALL.into_iter().any(|kind| keys(kind).contains(&key));
        self.given.into_iter().flat_map(Node::entries).any(|(key, _)| !is_known(key))
    }

    fn mode(&self) -> Mode {
        match text(self.get("mode")).as_deref() {
            Some("set") => Mode::Set,
            _ => Mode::Add,
        }
    }

    fn latency(&mut self) -> Option<Latency> {
        let is_given = |way: &&&[&str]| way.iter().any(|key| self.get(key).is_some());
        let ways: Vec<&[&str]> = WAYS.iter().filter(is_given).copied().collect();
        match *ways {
            // What is misspelt is told already.
            [] if self.has_unknown() => None,
            [] => {
                let help = "give `fixed`, `min` and `max`, `mean` and `stddev`, `median` and `sigma`, or \
                            `percentiles` under `parameters`";
                self.fault("config-missing", None, "does not say how long it delays", help);
                None
            }
            [way] => match way.iter().find(|key| self.get(key).is_none()) {
                Some(missing) => {
                    let what = format!("has one of {} alone", listed(way, "and"));
                    self.fault("config-missing", None, &what, &format!("give `{missing}` too"));
                    None
                }
                None => self.distribution(way[0]),
            },
            [first, second, ..] => {
                let what = format!("has `{}` and `{}`, of which one can be", first[0], second[0]);
                let at = second.iter().find_map(|key| self.get(key));
                self.fault("config-conflict", at, &what, "keep one of them");
                None
            }
        }
    }

    fn distribution(&mut self, way: &str) -> Option<Latency> {
        match way {
            "fixed" => Some(Latency::Fixed(self.time("fixed")?)),
            "min" => {
                let (min, max) = (self.time("min")?, self.time("max")?);
                if min > max {
                    let at = self.get("min");
                    self.fault("config-range", at, "has `min` above `max`", "give the shortest as `min`");
                }
                Some(Latency::Uniform { min, max })
            }
            "mean" => Some(Latency::Normal { mean: self.time("mean")?, stddev: self.time("stddev")? }),
            "median" => {
                let sigma = self.get("sigma")?.as_f64()?;
                Some(Latency::Lognormal { median: self.time("median")?, sigma })
            }
            _ => self.percentiles(),
        }
    }

    fn percentiles(&mut self) -> Option<Latency> {
        let table = self.get("percentiles")?;
        let time = |node: Node<'_>| match Scalar::of_node(&TIME, node) {
            Ok(Scalar::Time(time)) => Some(time),
            _ => None,
        };
        let entries = table.entries().filter_map(|(key, value)| Some((percent(key)?, time(value)?, value)));
        let mut points: Vec<(f64, Duration, Node<'_>)> = entries.collect();
        points.sort_by(|one, other| one.0.total_cmp(&other.0));
        if table.is_empty() {
            self.fault(
                "config-missing",
                Some(table),
                "has no percentiles",
                "give one at least, as `p50: 20ms`",
            );
            return None;
        }
        let wrong = points.windows(2).find(|pair| pair[0].1 > pair[1].1 || pair[0].0 >= pair[1].0);
        if let Some(pair) = wrong {
            let what = "has a percentile that is shorter than one below it";
            self.fault("config-range", Some(pair[1].2), what, "give times that grow with the percentiles");
        }
        Some(Latency::Percentiles(points.into_iter().map(|(percent, time, _)| (percent, time)).collect()))
    }

    fn error(&self) -> ErrorAnswer {
        let headers = self.get("headers").into_iter().flat_map(Node::entries);
        let mut fields: Vec<(Box<str>, Box<[u8]>)> = headers
            .flat_map(|(name, values)| strings(Some(values)).into_iter().map(move |value| (name, value)))
            .map(|(name, value)| (name.into(), value.value.into_bytes().into()))
            .collect();
        if let Some(Scalar::Time(time)) = self.scalar("retry_after", &SECONDS) {
            let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
            fields.push(("Retry-After".into(), seconds.to_string().into_bytes().into()));
        }
        let body = self.get("body").map(Node::to_json);
        let has_type = fields.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        if let (Some(body), false) = (&body, has_type) {
            let media = if body.is_string() { "text/plain; charset=utf-8" } else { "application/json" };
            fields.push(("Content-Type".into(), media.as_bytes().into()));
        }
        let status = self.get("status").and_then(Node::as_u64).and_then(|status| status.try_into().ok());
        let body = body.map(|body| match body {
            serde_json::Value::String(text) => text.into_bytes().into(),
            value => value.to_string().into_bytes().into(),
        });
        ErrorAnswer { status: status.unwrap_or(500), fields, body }
    }
}
