//! Which operation is next.

use std::{cmp::Ordering, collections::BinaryHeap};

use crate::{
    limits::{MAX_SEQUENCE, MIN_SEQUENCE},
    random::Random,
    scenario::Scenario,
};

/// A sequence of operations that repeats. Each comes as often as its weight says, evenly spread; where each begins
/// is the seed's choice. The request of a number is the same whatever thread sends it.
#[derive(Debug)]
pub(super) struct Sequence {
    entries: Vec<Entry>,
    /// How often each operation comes in one round
    rounds: Vec<u64>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    operation: u32,
    /// How often the operation came before, in this round
    before: u32,
}

/// When an operation comes next, were one operation to come in each unit of time.
struct Turn {
    at: f64,
    gap: f64,
    operation: u32,
}

impl Sequence {
    /// Operations without requests are left out, and those with a weight that is none.
    pub(super) fn new(scenario: &Scenario, seed: u64) -> Self {
        let weights: Vec<f64> = scenario
            .operations
            .iter()
            .map(|operation| if operation.requests.is_empty() { 0.0 } else { operation.weight })
            .map(|weight| if weight.is_finite() && weight > 0.0 { weight } else { 0.0 })
            .collect();
        let total: f64 = weights.iter().sum();
        let mut random = Random::new(seed, u64::MAX);
        let mut turns: BinaryHeap<Turn> = (0..)
            .zip(&weights)
            .filter(|(_, weight)| **weight > 0.0)
            .map(|(operation, weight)| {
                let gap = total / weight;
                // From 0 to below the gap: in a time that all gaps divide, shares are exact.
                Turn { at: gap * (1.0 - random.unit()), gap, operation }
            })
            .collect();
        let longest = turns.iter().fold(1.0, |longest: f64, turn| longest.max(turn.gap));
        let length = length(longest);
        let mut rounds = vec![0; weights.len()];
        let mut entries = Vec::new();
        while entries.len() < length
            && let Some(mut turn) = turns.pop()
        {
            let count = &mut rounds[turn.operation as usize];
            entries.push(Entry { operation: turn.operation, before: *count as u32 });
            *count += 1;
            turn.at += turn.gap;
            turns.push(turn);
        }
        Self { entries, rounds }
    }

    /// Whether there is anything to send.
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The operation of this number, and how often it came before.
    pub(super) fn at(&self, number: u64) -> (u32, u64) {
        let length = self.entries.len() as u64;
        let entry = self.entries[(number % length) as usize];
        let before = (number / length).wrapping_mul(self.rounds[entry.operation as usize]);
        (entry.operation, before.wrapping_add(u64::from(entry.before)))
    }
}

/// A round in which the rarest operation comes, and whole weights come out exactly.
fn length(longest_gap: f64) -> usize {
    let once = (longest_gap.round().min(MAX_SEQUENCE as f64) as usize).max(1);
    (MIN_SEQUENCE.div_ceil(once) * once).min(MAX_SEQUENCE)
}

impl Ord for Turn {
    /// The greatest is the one that comes first.
    fn cmp(&self, other: &Self) -> Ordering {
        other.at.total_cmp(&self.at).then(other.operation.cmp(&self.operation))
    }
}

impl PartialOrd for Turn {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Turn {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Turn {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Operation, Request};

    fn scenario(weights: &[f64]) -> Scenario {
        let request = Request { bytes: Box::from(&b"GET / HTTP/1.1\r\n\r\n"[..]), is_head: false };
        let operation = |&weight| Operation {
            id: None,
            method: "GET".to_owned(),
            path: "/".to_owned(),
            weight,
            requests: vec![request.clone()],
            origin: None,
            expected: Vec::new(),
        };
        Scenario { operations: weights.iter().map(operation).collect() }
    }

    fn counts(sequence: &Sequence, numbers: std::ops::Range<u64>, operations: usize) -> Vec<u64> {
        let mut counts = vec![0; operations];
        for number in numbers {
            counts[sequence.at(number).0 as usize] += 1;
        }
        counts
    }

    #[test]
    fn shares_are_exact_and_spread_evenly() {
        for seed in 0..20 {
            let sequence = Sequence::new(&scenario(&[1.0, 2.0, 3.0]), seed);
            let length = sequence.entries.len() as u64;
            assert_eq!(counts(&sequence, 0..length, 3), [length / 6, length / 3, length / 2]);
            for start in 0..500 {
                let window = counts(&sequence, start..start + 60, 3);
                for (count, fair) in window.iter().zip([10_i64, 20, 30]) {
                    assert!((*count as i64 - fair).abs() <= 2, "{window:?} from {start}");
                }
            }
        }
    }

    #[test]
    fn the_seed_decides_where_it_begins() {
        let begin = |seed| {
            let sequence = Sequence::new(&scenario(&[1.0; 50]), seed);
            (0..50).map(|number| sequence.at(number).0).collect::<Vec<_>>()
        };
        assert_eq!(begin(1), begin(1));
        assert_ne!(begin(1), begin(2));
        let mut once = begin(3);
        once.sort_unstable();
        assert!(once.iter().copied().eq(0..50));
    }

    #[test]
    fn turns_of_an_operation_go_on_over_rounds() {
        let sequence = Sequence::new(&scenario(&[1.0, 7.5]), 9);
        let mut turns = [0, 0];
        for number in 0..3 * sequence.entries.len() as u64 {
            let (operation, before) = sequence.at(number);
            assert_eq!(before, turns[operation as usize]);
            turns[operation as usize] += 1;
        }
    }

    #[test]
    fn rare_operations_come_and_weights_that_are_none_do_not() {
        let sequence = Sequence::new(&scenario(&[1.0, 50_000.0, 0.0, -1.0, f64::NAN]), 1);
        let counts = counts(&sequence, 0..sequence.entries.len() as u64, 5);
        assert!(counts[0] >= 1 && counts[1] > 49_000);
        assert_eq!(counts[2..], [0, 0, 0]);
        assert!(Sequence::new(&scenario(&[0.0]), 1).is_empty());
        assert!(Sequence::new(&scenario(&[]), 1).is_empty());
    }
}
