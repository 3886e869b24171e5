//! Scenarios: what happens to requests, to which, and when.

use std::time::Duration;

use super::{Latency, Mode};

/// One scenario.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What it is called
    pub name: Box<str>,
    /// What happens
    pub effect: Effect,
    /// Names of the scopes whose requests it strikes; empty for all
    pub scopes: Box<[Box<str>]>,
    /// When
    pub schedule: Schedule,
    /// Whether it is on from the start
    pub is_enabled: bool,
}

/// What happens to a request that is struck.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// The answer waits
    Latency(Latency, Mode),
    /// The answer is an error
    Error(ErrorAnswer),
    /// No answer comes, and the connection stays open
    Timeout,
    /// The connection is reset
    Reset,
    /// The connection is closed without an answer
    Empty,
    /// The connection is closed within the body
    Truncate {
        /// Bytes of the body that are sent; half of them where nothing is said
        bytes: Option<usize>,
    },
    /// The second chunk of the body has no size
    MalformedChunk,
    /// `Content-Length` promises more than comes
    WrongLength {
        /// Bytes that do not come
        bytes: usize,
    },
    /// Bytes that are no HTTP
    Garbage {
        /// How many
        bytes: usize,
    },
    /// The first request of a connection waits before it is looked at
    SlowAccept(Latency),
    /// The answer comes in pieces
    Dribble {
        /// How many
        chunks: u32,
        /// Time from the first to the last
        duration: Duration,
    },
    /// The answer comes at this rate
    Bandwidth {
        /// Bytes of answers that come in a second
        bytes_per_second: u64,
    },
}

/// An error in place of the answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ErrorAnswer {
    /// 200 to 599
    pub status: u16,
    /// Header fields
    pub fields: Vec<(Box<str>, Box<[u8]>)>,
    /// The body; a problem document (RFC 9457) where nothing is said
    pub body: Option<Box<[u8]>>,
}

/// When a scenario strikes: all of it must hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Schedule {
    /// Share of the requests, 0 to 1
    pub probability: f64,
    /// Of so many requests of an operation in a scope the last; 1 for each
    pub every: u32,
    /// So long after it was switched on, and not before
    pub from: Duration,
    /// From then on for so long; for ever where nothing is said
    pub lasting: Option<Duration>,
}

impl Default for Schedule {
    fn default() -> Schedule {
        Schedule { probability: 1.0, every: 1, from: Duration::ZERO, lasting: None }
    }
}

impl Schedule {
    /// Whether it is time, so long after it was switched on.
    pub(super) fn is_time(&self, on_for: Duration) -> bool {
        let end = self.lasting.map(|lasting| self.from.saturating_add(lasting));
        on_for >= self.from && end.is_none_or(|end| on_for < end)
    }

    /// Whether request number `number`, from 0, is one of those; `chance` is from 0 to less than 1.
    pub(super) fn takes(&self, number: u64, chance: impl FnOnce() -> f64) -> bool {
        let is_turn = self.every < 2 || (number + 1).is_multiple_of(u64::from(self.every));
        is_turn && (self.probability >= 1.0 || chance() < self.probability)
    }
}

/// The kinds of effects, as configuration and requests name them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// [`Effect::Latency`]
    Latency,
    /// [`Effect::Error`]
    Error,
    /// [`Effect::Timeout`]
    Timeout,
    /// [`Effect::Reset`]
    Reset,
    /// [`Effect::Empty`]
    Empty,
    /// [`Effect::Truncate`]
    Truncate,
    /// [`Effect::MalformedChunk`]
    MalformedChunk,
    /// [`Effect::WrongLength`]
    WrongLength,
    /// [`Effect::Garbage`]
    Garbage,
    /// [`Effect::SlowAccept`]
    SlowAccept,
    /// [`Effect::Dribble`]
    Dribble,
    /// [`Effect::Bandwidth`]
    Bandwidth,
}

/// A delay where none is named.
const USUAL_DELAY: Duration = Duration::from_secs(1);

impl Kind {
    /// All, in the order of the docs.
    pub const ALL: [Kind; 12] = [
        Kind::Latency,
        Kind::Error,
        Kind::Timeout,
        Kind::Reset,
        Kind::Empty,
        Kind::Truncate,
        Kind::MalformedChunk,
        Kind::WrongLength,
        Kind::Garbage,
        Kind::SlowAccept,
        Kind::Dribble,
        Kind::Bandwidth,
    ];

    /// Its name, as `slow-accept`.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Latency => "latency",
            Kind::Error => "error",
            Kind::Timeout => "timeout",
            Kind::Reset => "reset",
            Kind::Empty => "empty",
            Kind::Truncate => "truncate",
            Kind::MalformedChunk => "malformed-chunk",
            Kind::WrongLength => "wrong-length",
            Kind::Garbage => "garbage",
            Kind::SlowAccept => "slow-accept",
            Kind::Dribble => "dribble",
            Kind::Bandwidth => "bandwidth",
        }
    }

    /// The kind of this name.
    pub fn of(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What it does where no parameters are given.
    pub fn usual(self) -> Effect {
        match self {
            Kind::Latency => Effect::Latency(Latency::Fixed(USUAL_DELAY), Mode::Add),
            Kind::Error => Effect::Error(ErrorAnswer { status: 500, ..ErrorAnswer::default() }),
            Kind::Timeout => Effect::Timeout,
            Kind::Reset => Effect::Reset,
            Kind::Empty => Effect::Empty,
            Kind::Truncate => Effect::Truncate { bytes: None },
            Kind::MalformedChunk => Effect::MalformedChunk,
            Kind::WrongLength => Effect::WrongLength { bytes: 16 },
            Kind::Garbage => Effect::Garbage { bytes: 64 },
            Kind::SlowAccept => Effect::SlowAccept(Latency::Fixed(USUAL_DELAY)),
            Kind::Dribble => Effect::Dribble { chunks: 5, duration: USUAL_DELAY },
            Kind::Bandwidth => Effect::Bandwidth { bytes_per_second: 1024 },
        }
    }
}

impl Effect {
    /// What kind it is of.
    pub fn kind(&self) -> Kind {
        match self {
            Effect::Latency(..) => Kind::Latency,
            Effect::Error(_) => Kind::Error,
            Effect::Timeout => Kind::Timeout,
            Effect::Reset => Kind::Reset,
            Effect::Empty => Kind::Empty,
            Effect::Truncate { .. } => Kind::Truncate,
            Effect::MalformedChunk => Kind::MalformedChunk,
            Effect::WrongLength { .. } => Kind::WrongLength,
            Effect::Garbage { .. } => Kind::Garbage,
            Effect::SlowAccept(_) => Kind::SlowAccept,
            Effect::Dribble { .. } => Kind::Dribble,
            Effect::Bandwidth { .. } => Kind::Bandwidth,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_known_by_their_names() {
        for kind in Kind::ALL {
            assert_eq!(Kind::of(kind.name()), Some(kind));
            assert_eq!(kind.usual().kind(), kind);
        }
        assert_eq!(Kind::of("slow"), None);
    }

    #[test]
    fn schedules_have_a_beginning_and_an_end() {
        let seconds = Duration::from_secs;
        let cases = [
            (0, None, [true, true, true]),
            (2, None, [false, true, true]),
            (2, Some(3), [false, true, false]),
            (0, Some(1), [true, false, false]),
        ];
        for (from, lasting, expected) in cases {
            let schedule =
                Schedule { from: seconds(from), lasting: lasting.map(seconds), ..Schedule::default() };
            assert_eq!([0, 2, 5].map(|at| schedule.is_time(seconds(at))), expected, "{schedule:?}");
        }
        let endless = Schedule { from: seconds(1), lasting: Some(Duration::MAX), ..Schedule::default() };
        assert!(endless.is_time(seconds(1 << 40)));
    }

    #[test]
    fn every_nth_request_by_probability() {
        let struck = |every, probability| {
            let schedule = Schedule { every, probability, ..Schedule::default() };
            (0..9).filter(|number| schedule.takes(*number, || 0.5)).collect::<Vec<_>>()
        };
        assert_eq!(struck(3, 1.0), [2, 5, 8]);
        assert_eq!(struck(1, 0.0), [0; 0]);
        assert_eq!(struck(4, 0.6), [3, 7]);
        assert_eq!(struck(4, 0.5), [0; 0], "a chance is less than 1, and 0.5 of them are less than 0.5");
        assert_eq!(struck(1, 1.0).len(), 9);
    }
}
