//! What one sending thread knows of the answers it saw.

use std::hash::BuildHasher;
use std::sync::Arc;

use hashbrown::{DefaultHashBuilder, HashMap};

use super::judge::{Desk, Verdict, Verdicts};
use super::{Answer, Mode, Verifier};
use crate::limits::{FIRST_FAILURES, MAX_PENDING, MAX_VERDICTS, SAMPLE_EVERY};
use crate::record::Record;

/// Verdicts by the hash of what was judged, and the answers that wait for one.
pub(crate) struct Memo {
    mode: Mode,
    hasher: DefaultHashBuilder,
    known: HashMap<u64, Verdict>,
    pending: HashMap<u64, Waiting>,
    /// Gone when nothing more will be asked
    desk: Option<Desk>,
    verdicts: Verdicts,
    /// How often each operation was answered, where not every answer is judged
    turns: Vec<u64>,
    tally: Tally,
}

/// Equal answers that nobody has judged yet.
struct Waiting {
    operation: u32,
    status: u16,
    /// Seconds of the measured part and how many came in each
    seconds: Vec<(usize, u64)>,
}

/// What became of the answers of one thread, in the measured part.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) checked: u64,
    pub(crate) invalid: u64,
    pub(crate) skipped: u64,
    /// The first, no two alike
    pub(crate) failures: Vec<Arc<str>>,
}

impl Memo {
    pub(super) fn new(verifier: &Verifier, desk: Desk, verdicts: Verdicts) -> Memo {
        Memo {
            mode: verifier.mode(),
            hasher: DefaultHashBuilder::default(),
            known: HashMap::new(),
            pending: HashMap::new(),
            desk: Some(desk),
            verdicts,
            turns: vec![0; verifier.operations()],
            tally: Tally::default(),
        }
    }

    /// Whether the next answer of this operation is to be judged. Those of the warm-up are, if all are: what is
    /// learnt from them is known later.
    pub(crate) fn wants(&mut self, operation: u32, is_measured: bool) -> bool {
        match self.mode {
            Mode::All => true,
            Mode::Sample if !is_measured => false,
            Mode::Sample => {
                let Some(turn) = self.turns.get_mut(operation as usize) else { return false };
                *turn += 1;
                (*turn - 1).is_multiple_of(SAMPLE_EVERY)
            }
        }
    }

    /// An answer came, in this second of the measured part if in any. What is known to be wrong with it goes into
    /// the record, now or when it is.
    pub(crate) fn note(&mut self, answer: &Answer<'_>, second: Option<usize>, record: &mut Record) {
        let key = self.key(answer);
        if let Some(verdict) = self.known.get(&key) {
            if let Some(second) = second {
                self.tally.add(verdict, 1);
                if verdict.is_err() {
                    record.broken(answer.operation as usize, answer.status, second, 1);
                }
            }
            return;
        }
        if let Some(waiting) = self.pending.get_mut(&key) {
            return waiting.add(second);
        }
        let has_room = self.pending.len() < MAX_PENDING;
        if has_room && self.desk.as_ref().is_some_and(|desk| desk.ask(key, answer)) {
            let mut waiting =
                Waiting { operation: answer.operation, status: answer.status, seconds: Vec::new() };
            waiting.add(second);
            self.pending.insert(key, waiting);
        } else {
            self.skip(second);
        }
    }

    /// An answer came that cannot be judged.
    pub(crate) fn skip(&mut self, second: Option<usize>) {
        self.tally.skipped += u64::from(second.is_some());
    }

    /// Takes in the verdicts that have come.
    pub(crate) fn learn(&mut self, record: &mut Record) {
        while let Ok((key, verdict)) = self.verdicts.try_recv() {
            if let Some(waiting) = self.pending.remove(&key) {
                self.tally.add(&verdict, waiting.count());
                if verdict.is_err() {
                    for &(second, count) in &waiting.seconds {
                        record.broken(waiting.operation as usize, waiting.status, second, count);
                    }
                }
            }
            if self.known.len() >= MAX_VERDICTS {
                self.known.clear();
            }
            self.known.insert(key, verdict);
        }
    }

    /// Nothing more will be asked.
    pub(crate) fn close(&mut self) {
        self.desk = None;
    }

    /// Takes in the last verdicts; what has none by now was skipped.
    pub(crate) fn settle(mut self, record: &mut Record) -> Tally {
        self.learn(record);
        self.tally.skipped += self.pending.values().map(Waiting::count).sum::<u64>();
        self.tally
    }

    fn key(&self, answer: &Answer<'_>) -> u64 {
        self.hasher.hash_one((answer.operation, answer.status, answer.content_type, answer.body))
    }
}

impl Waiting {
    fn add(&mut self, second: Option<usize>) {
        let Some(second) = second else { return };
        match self.seconds.last_mut() {
            Some((last, count)) if *last == second => *count += 1,
            _ => self.seconds.push((second, 1)),
        }
    }

    fn count(&self) -> u64 {
        self.seconds.iter().map(|(_, count)| count).sum()
    }
}

impl Tally {
    fn add(&mut self, verdict: &Verdict, count: u64) {
        self.checked += count;
        let Err(text) = verdict else { return };
        self.invalid += count;
        let has_room = count > 0 && self.failures.len() < FIRST_FAILURES;
        if has_room && !self.failures.contains(text) {
            self.failures.push(Arc::clone(text));
        }
    }
}
