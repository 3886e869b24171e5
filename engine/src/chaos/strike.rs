//! What strikes one request: the effects of all scenarios together.

use std::time::Duration;

use mocker_schema::generate::Key;
use mocker_scripting::Response;

use super::fault::{Fault, Spoil};
use super::pace::Pace;
use super::scenario::Effect;
use super::{Cause, Mode, error};
use crate::behaviour::Made;
use crate::dispatch::Outcome;
use crate::draw::fraction;
use crate::limits::MAX_DELAY;

/// What strikes a request.
#[derive(Debug, Default)]
pub(crate) struct Struck {
    /// When its head was there, in nanoseconds
    arrived: u64,
    /// What struck first
    cause: Cause,
    /// How long after that the answer goes out, where that is said
    set: Option<Duration>,
    added: Duration,
    /// The answer in place of its own
    error: Option<Response>,
    /// What becomes of the answer
    pub(crate) fault: Option<Fault>,
    /// How it is sent
    pub(crate) pace: Option<Pace>,
}

impl Struck {
    /// Nothing strikes it yet.
    pub(super) fn new(arrived: u64) -> Struck {
        Struck { arrived, ..Struck::default() }
    }

    /// Whether something struck.
    pub(super) fn is_struck(&self) -> bool {
        self.is_done() || self.pace.is_some() || self.set.is_some() || !self.added.is_zero()
    }

    /// One fault is enough: of several the first strikes.
    fn is_done(&self) -> bool {
        self.error.is_some() || self.fault.is_some()
    }

    /// Adds an effect; `key` says what chance decides. Whether it does anything beside what struck before.
    pub(super) fn add(&mut self, effect: &Effect, cause: (Cause, &str), key: Key) -> bool {
        let is_first = !self.is_struck();
        let has_struck = self.apply(effect, cause.1, key);
        if is_first && has_struck {
            self.cause = cause.0;
        }
        has_struck
    }

    fn apply(&mut self, effect: &Effect, name: &str, key: Key) -> bool {
        match effect {
            Effect::Latency(latency, Mode::Set) => {
                if self.set.is_some() {
                    return false;
                }
                self.set = Some(latency.at(fraction(key.with(b"time"))));
                return true;
            }
            Effect::Latency(latency, Mode::Add) | Effect::SlowAccept(latency) => {
                self.delay(latency.at(fraction(key.with(b"time"))));
                return true;
            }
            Effect::Dribble { chunks, duration } => {
                return self.slow_down(Pace::Dribble { chunks: *chunks, duration: *duration });
            }
            Effect::Bandwidth { bytes_per_second } => {
                return self.slow_down(Pace::Bandwidth(*bytes_per_second));
            }
            _ if self.is_done() => return false,
            Effect::Error(answer) => self.error = Some(error::response(answer, name)),
            Effect::Timeout => self.fault = Some(Fault::Silence),
            Effect::Reset => self.fault = Some(Fault::Reset),
            Effect::Empty => self.fault = Some(Fault::Empty),
            Effect::Garbage { bytes } => {
                self.fault = Some(Fault::Garbage { bytes: *bytes, key: key.with(b"garbage") });
            }
            Effect::Truncate { bytes } => self.fault = Some(Fault::Spoilt(Spoil::Truncate(*bytes))),
            Effect::MalformedChunk => self.fault = Some(Fault::Spoilt(Spoil::MalformedChunk)),
            Effect::WrongLength { bytes } => self.fault = Some(Fault::Spoilt(Spoil::WrongLength(*bytes))),
        }
        true
    }

    /// Has the answer wait longer.
    pub(super) fn delay(&mut self, time: Duration) {
        self.added = self.added.saturating_add(time).min(MAX_DELAY);
    }

    /// What struck first.
    pub(crate) fn cause(&self) -> Cause {
        self.cause
    }

    /// What delays add to the time of the answer.
    pub(super) fn added(&self) -> Duration {
        self.added
    }

    fn slow_down(&mut self, pace: Pace) -> bool {
        let is_first = self.pace.is_none();
        self.pace.get_or_insert(pace);
        is_first
    }

    /// What the request is answered with, where it is not looked at any further.
    pub(crate) fn outcome(&mut self) -> Option<Outcome> {
        match (self.error.take(), self.fault) {
            (Some(response), _) => Some(Outcome::Made(Box::new(Made::alone(response)))),
            (None, Some(Fault::Spoilt(_)) | None) => None,
            (None, Some(_)) => Some(Outcome::Nothing),
        }
    }

    /// When the answer goes out that is ready at `now` and was to wait for `delay` by itself, in nanoseconds.
    pub(crate) fn due(&self, now: u64, delay: Duration) -> u64 {
        let after = |from: u64, time: Duration| from.saturating_add(time.as_nanos() as u64);
        match self.set {
            Some(time) => after(self.arrived, time.saturating_add(self.added)),
            None => after(now, delay.saturating_add(self.added)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chaos::{Kind, Latency};

    fn latency(milliseconds: u64, mode: Mode) -> Effect {
        Effect::Latency(Latency::Fixed(Duration::from_millis(milliseconds)), mode)
    }

    #[test]
    fn delays_add_up_and_one_is_set() {
        let ms = |time: u64| time * 1_000_000;
        let scripts = Duration::from_millis(50);
        for (effects, expected) in [
            (&[latency(5, Mode::Add), latency(7, Mode::Add)][..], 20 + 50 + 12),
            (&[latency(30, Mode::Set), latency(90, Mode::Set)], 10 + 30),
            (&[latency(7, Mode::Add), latency(30, Mode::Set)], 10 + 37),
        ] {
            let mut struck = Struck::new(ms(10));
            for effect in effects {
                struck.add(effect, (Cause::Asked, "a"), Key(0));
            }
            assert_eq!(struck.due(ms(20), scripts), ms(expected), "{effects:?}");
        }
        let mut long = Struck::new(0);
        (0..3).for_each(|_| long.delay(MAX_DELAY));
        assert_eq!(long.due(0, Duration::ZERO), MAX_DELAY.as_nanos() as u64);
    }

    #[test]
    fn of_several_faults_the_first_strikes() {
        let mut struck = Struck::new(0);
        assert!(!struck.is_struck());
        let effects =
            [Kind::Truncate, Kind::Reset, Kind::Dribble, Kind::Bandwidth, Kind::Latency].map(Kind::usual);
        let found = effects.each_ref().map(|effect| struck.add(effect, (Cause::Asked, "a"), Key(0)));
        assert_eq!(found, [true, false, true, false, true]);
        assert_eq!(struck.fault, Some(Fault::Spoilt(Spoil::Truncate(None))));
        assert!(matches!(struck.pace, Some(Pace::Dribble { .. })) && struck.is_struck());
        assert!(struck.outcome().is_none(), "what is truncated is answered first");
    }
}
