//! Which of the user's answers a request gets: by condition, one after the other, or by weight.

use mocker_schema::generate::Key;
use mocker_state::Refusal;

use super::condition::{Condition, Facts};
use super::memory::Memory;
use super::stub::Stub;
use crate::draw::fraction;

/// The user's answers of one operation. Errors go before rules, rules before the sequence, it before variants.
#[derive(Clone, Debug, Default)]
pub struct Responses {
    /// Instead of anything else, now and then
    pub errors: Option<Errors>,
    /// The first whose condition holds
    pub rules: Vec<Rule>,
    /// One after the other
    pub sequence: Option<Sequence>,
    /// By weight
    pub variants: Vec<Variant>,
}

/// One of the user's answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// The error that comes now and then
    Error,
    /// The rule of this index
    Rule(usize),
    /// The answer of this index in the sequence
    Sequence(usize),
    /// The variant of this index
    Variant(usize),
}

/// An answer to requests that are so.
#[derive(Clone, Debug)]
pub struct Rule {
    /// What they must be like
    pub when: Condition,
    /// The answer
    pub stub: Stub,
}

/// Answers one after the other, for each scope from the first.
#[derive(Clone, Debug)]
pub struct Sequence {
    /// In order; not empty
    pub stubs: Vec<Stub>,
    /// What comes behind the last
    pub then: Then,
}

/// What comes behind the last of a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// The first again
    Repeat,
    /// The last again and again
    Stop,
    /// Any of them
    Random,
}

/// An answer among others.
#[derive(Clone, Debug)]
pub struct Variant {
    /// How often, against the sum of all
    pub weight: u32,
    /// The answer
    pub stub: Stub,
}

/// An error now and then.
#[derive(Clone, Debug)]
pub struct Errors {
    /// 0 to 1
    pub rate: f64,
    /// The answer
    pub stub: Stub,
}

impl Responses {
    /// The answer to this request, if it gets one of these. The n-th request of an operation in a scope meets the
    /// same fate in every run with the same seed, whatever else is going on; `key` is the operation's.
    ///
    /// # Errors
    /// When there is no room to note how far a sequence is.
    pub(super) fn choose(
        &self,
        facts: &Facts<'_>,
        memory: &Memory<'_>,
        key: Key,
    ) -> Result<Option<&Stub>, Refusal> {
        Ok(self.pick(facts, memory, key)?.and_then(|pick| self.stub(pick)))
    }

    /// Which of them it is; see [`Responses::choose`].
    pub(super) fn pick(
        &self,
        facts: &Facts<'_>,
        memory: &Memory<'_>,
        key: Key,
    ) -> Result<Option<Pick>, Refusal> {
        if let Some(errors) = &self.errors
            && fraction(key.with(b"errors").with_number(memory.count("errors")?)) < errors.rate
        {
            return Ok(Some(Pick::Error));
        }
        if let Some(index) = self.rules.iter().position(|rule| rule.when.holds(facts)) {
            return Ok(Some(Pick::Rule(index)));
        }
        if let Some(sequence) = &self.sequence {
            return Ok(Some(Pick::Sequence(sequence.at(memory.count("sequence")?, key))));
        }
        if self.variants.is_empty() {
            return Ok(None);
        }
        Ok(self.weighed(key.with(b"variants").with_number(memory.count("variants")?)))
    }

    fn stub(&self, pick: Pick) -> Option<&Stub> {
        match pick {
            Pick::Error => self.errors.as_ref().map(|errors| &errors.stub),
            Pick::Rule(index) => self.rules.get(index).map(|rule| &rule.stub),
            Pick::Sequence(index) => self.sequence.as_ref()?.stubs.get(index),
            Pick::Variant(index) => self.variants.get(index).map(|variant| &variant.stub),
        }
    }

    fn weighed(&self, key: Key) -> Option<Pick> {
        let total: u64 = self.variants.iter().map(|variant| u64::from(variant.weight)).sum();
        let mut left = (fraction(key) * total as f64) as u64;
        let chosen = self.variants.iter().position(|variant| match left.checked_sub(variant.weight.into()) {
            Some(rest) => {
                left = rest;
                false
            }
            None => true,
        });
        chosen.map(Pick::Variant)
    }
}

impl Sequence {
    /// Index of the answer to request number `number`, from 0.
    fn at(&self, number: u64, key: Key) -> usize {
        let count = self.stubs.len() as u64;
        let index = match self.then {
            _ if number < count => number,
            Then::Repeat => number % count.max(1),
            Then::Stop => count.saturating_sub(1),
            Then::Random => (fraction(key.with(b"sequence").with_number(number)) * count as f64) as u64,
        };
        index as usize
    }
}
