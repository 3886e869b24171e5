//! Where the pieces of a schema meet: the keyword by which one asks for another, and the run over one value.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use jsonschema::{Keyword, ValidationError, Validator};
use serde_json::Value;

use crate::limits::{MAX_PROOF_DEPTH, MAX_PROOF_STEPS};

/// Schemas applied inside one from which on its outcome is kept for the run: branches may come to it again.
const WORTH_KEEPING: usize = 16;

/// The validators of pieces by number, and the run that uses them.
#[derive(Default)]
pub(super) struct Room(Mutex<Run>);

/// A piece that was looked at.
#[derive(Clone)]
enum Slot {
    Apart(Arc<Validator>),
    /// It says nothing without what it refers to
    Together,
}

#[derive(Default)]
struct Run {
    slots: HashMap<usize, Slot>,
    /// Pieces that were asked for and are not there
    missing: Vec<usize>,
    /// Pieces being applied, with the addresses of their values. Who has the same value stands side by side.
    open: Vec<(usize, usize)>,
    /// Outcomes for arrays and objects, by piece and address
    known: HashMap<(usize, usize), bool>,
    steps: usize,
    /// Times that a piece came back to itself and was taken to add nothing
    loops: usize,
    /// A piece says nothing by itself, or a limit was reached
    is_unsure: bool,
}

/// What a run came to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Obeys,
    Breaks,
    /// These pieces have to be compiled first
    Missing(Vec<usize>),
    /// Pieces cannot tell
    Unsure,
}

enum Entry {
    Said(bool),
    Apply(Arc<Validator>),
}

/// What is to be known where an application ends.
struct Mark {
    steps: usize,
    loops: usize,
}

impl Room {
    /// Applies a piece to a whole value.
    pub(super) fn run(&self, number: usize, value: &Value) -> Outcome {
        {
            let mut run = self.lock();
            let slots = std::mem::take(&mut run.slots);
            *run = Run { slots, ..Run::default() };
        }
        let obeys = self.is_valid(number, value);
        let mut run = self.lock();
        match (run.is_unsure, run.missing.is_empty(), obeys) {
            (true, ..) => Outcome::Unsure,
            (false, false, _) => Outcome::Missing(std::mem::take(&mut run.missing)),
            (false, true, true) => Outcome::Obeys,
            (false, true, false) => Outcome::Breaks,
        }
    }

    /// Puts in a piece; `None` for one that cannot be applied by itself.
    pub(super) fn put(&self, number: usize, validator: Option<Validator>) {
        let slot = validator.map_or(Slot::Together, |validator| Slot::Apart(Arc::new(validator)));
        self.lock().slots.insert(number, slot);
    }

    /// Takes out all pieces.
    pub(super) fn clear(&self) {
        *self.lock() = Run::default();
    }

    fn is_valid(&self, number: usize, value: &Value) -> bool {
        let address = std::ptr::from_ref(value) as usize;
        let (entry, mark) = {
            let mut run = self.lock();
            let mark = Mark { steps: run.steps, loops: run.loops };
            (run.enter(number, address), mark)
        };
        let validator = match entry {
            Entry::Said(obeys) => return obeys,
            Entry::Apply(validator) => validator,
        };
        let obeys = validator.is_valid(value);
        self.lock().leave((number, address), mark, value, obeys);
        obeys
    }

    /// Nothing that can fail is done under the lock.
    fn lock(&self) -> MutexGuard<'_, Run> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Run {
    fn enter(&mut self, number: usize, address: usize) -> Entry {
        self.steps += 1;
        self.is_unsure |= self.steps > MAX_PROOF_STEPS || self.open.len() >= MAX_PROOF_DEPTH;
        if self.is_unsure {
            return Entry::Said(true);
        }
        if let Some(obeys) = self.known.get(&(number, address)) {
            return Entry::Said(*obeys);
        }
        let mut around = self.open.iter().rev().take_while(|(_, value)| *value == address);
        if around.any(|(open, _)| *open == number) {
            self.loops += 1;
            return Entry::Said(true);
        }
        match self.slots.get(&number) {
            Some(Slot::Apart(validator)) => {
                self.open.push((number, address));
                Entry::Apply(Arc::clone(validator))
            }
            Some(Slot::Together) => {
                self.is_unsure = true;
                Entry::Said(true)
            }
            None => {
                if !self.missing.contains(&number) {
                    self.missing.push(number);
                }
                Entry::Said(true)
            }
        }
    }

    /// Only of arrays and objects is anything kept: validators make strings of their own, which come and go.
    fn leave(&mut self, application: (usize, usize), mark: Mark, value: &Value, obeys: bool) {
        self.open.pop();
        let is_kept = self.steps - mark.steps >= WORTH_KEEPING && self.loops == mark.loops;
        if is_kept && (value.is_array() || value.is_object()) {
            self.known.insert(application, obeys);
        }
    }
}

/// The keyword that applies another piece.
struct Piece {
    room: Weak<Room>,
    number: usize,
}

impl<'i> Keyword<'i> for Piece {
    fn validate(&self, value: &'i Value) -> Result<(), ValidationError<'i>> {
        match Keyword::is_valid(self, value) {
            true => Ok(()),
            false => Err(ValidationError::custom("a schema that is referred to refuses the value")),
        }
    }

    fn is_valid(&self, value: &'i Value) -> bool {
        self.room.upgrade().is_none_or(|room| room.is_valid(self.number, value))
    }
}

/// The keyword with this value, in `room`.
pub(super) fn keyword(room: &Weak<Room>, value: &Value) -> Box<dyn for<'i> Keyword<'i>> {
    let number = value.as_u64().and_then(|number| usize::try_from(number).ok()).unwrap_or(usize::MAX);
    Box::new(Piece { room: Weak::clone(room), number })
}
