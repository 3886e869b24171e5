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
        if let Some(errors) = &self.errors
            && fraction(key.with(b"errors").with_number(memory.count("errors")?)) < errors.rate
        {
            return Ok(Some(&errors.stub));
        }
        if let Some(rule) = self.rules.iter().find(|rule| rule.when.holds(facts)) {
            return Ok(Some(&rule.stub));
        }
        if let Some(sequence) = &self.sequence {
            return Ok(sequence.at(memory.count("sequence")?, key));
        }
        if self.variants.is_empty() {
            return Ok(None);
        }
        Ok(self.weighed(key.with(b"variants").with_number(memory.count("variants")?)))
    }

    fn weighed(&self, key: Key) -> Option<&Stub> {
        let total: u64 = self.variants.iter().map(|variant| u64::from(variant.weight)).sum();
        let mut left = (fraction(key) * total as f64) as u64;
        let chosen = self.variants.iter().find(|variant| match left.checked_sub(variant.weight.into()) {
            Some(rest) => {
                left = rest;
                false
            }
            None => true,
        });
        chosen.map(|variant| &variant.stub)
    }
}

impl Sequence {
    /// The answer to request number `number`, from 0.
    fn at(&self, number: u64, key: Key) -> Option<&Stub> {
        let count = self.stubs.len() as u64;
        let index = match self.then {
            _ if number < count => number,
            Then::Repeat => number % count.max(1),
            Then::Stop => count.saturating_sub(1),
            Then::Random => (fraction(key.with(b"sequence").with_number(number)) * count as f64) as u64,
        };
        self.stubs.get(index as usize)
    }
}
