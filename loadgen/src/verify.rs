//! Answers held against the API description, beside the sending and not in its way.
//!
//! [`Verifier`] judges one answer. While a run lasts, each sending thread has a `Memo` of what was judged before, so
//! that an answer seen again costs a hash and a look-up; what is new is copied to the one thread of `Judge`, over a
//! queue that never makes the sender wait.

mod fault;
mod judge;
mod memo;
mod offer;
mod verifier;

pub(crate) use judge::Judge;
pub(crate) use memo::{Memo, Tally};
pub use verifier::{Answer, Verifier};

/// Which answers are judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Mode {
    /// The first of every operation, and one of each [`SAMPLE_EVERY`](crate::limits::SAMPLE_EVERY) from there
    Sample,
    /// Every one
    #[default]
    All,
}

impl Mode {
    /// As reports write it.
    pub fn name(self) -> &'static str {
        match self {
            Mode::Sample => "sample",
            Mode::All => "all",
        }
    }
}

/// What became of holding answers against their description, in the measured part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// Which answers were to be judged
    pub mode: Mode,
    /// Answers that were judged
    pub checked: u64,
    /// Answers that are not as the description says
    pub invalid: u64,
    /// Answers that should have been judged and were not: the judge had too much to do, the body is longer than
    /// [`MAX_VERIFIED_BODY`](crate::limits::MAX_VERIFIED_BODY), or it is compressed
    pub skipped: u64,
    /// What is wrong with the first of them, no two alike
    pub first_failures: Vec<String>,
}

impl Verification {
    /// Nothing judged yet.
    pub(crate) fn new(mode: Mode) -> Verification {
        Verification { mode, ..Verification::default() }
    }

    /// Adds what one thread saw.
    pub(crate) fn add(&mut self, tally: &Tally) {
        self.checked += tally.checked;
        self.invalid += tally.invalid;
        self.skipped += tally.skipped;
        tally.failures.iter().for_each(|text| self.note(text));
    }

    /// Adds what another run saw.
    pub(crate) fn merge(&mut self, other: &Verification) {
        self.checked += other.checked;
        self.invalid += other.invalid;
        self.skipped += other.skipped;
        other.first_failures.iter().for_each(|text| self.note(text));
    }

    fn note(&mut self, failure: &str) {
        let is_new = !self.first_failures.iter().any(|known| known == failure);
        if is_new && self.first_failures.len() < crate::limits::FIRST_FAILURES {
            self.first_failures.push(failure.to_owned());
        }
    }
}
