//! The proof that what is generated obeys the document: bodies and requests of every operation, judged by a validator
//! that knows nothing of how they were made (the `jsonschema` crate), on schemas in the document's own words.
//!
//! One operation at a time, and then dropped, those with the same schemas one after the other ([`order`]). What is
//! compiled of schemas and programs serves the next operations ([`pieces`]), as much as is kept; what no value reaches is not
//! compiled. Hence neither memory nor time grows with how much of a document hangs together.

mod applied;
mod cycles;
mod discriminator;
mod entities;
mod judge;
mod operation;
mod order;
mod parts;
mod pieces;
mod reading;
mod room;
mod show;
mod translate;

use std::cell::RefCell;
use std::io::{self, IsTerminal, Write};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};
use std::time::Instant;

use mocker_openapi::{Document, Fetch, Location, Written};
use mocker_plan::{BasePath, Options, Plan};
use mocker_schema::generate::Programs;
use mocker_source::Position;

pub(crate) use judge::Broken;
use judge::Judge;
use operation::Prover;
use order::Queue;
use parts::Parts;
pub(crate) use show::{as_json, as_text};

use crate::limits::{KEPT_PROGRAMS, LIVE_STEP, PROOF_STACK};

/// What became of a document's operations.
#[derive(Debug, Default)]
pub(crate) struct Proof {
    /// Values made of each schema
    pub(crate) samples: u64,
    /// Operations that the document has
    pub(crate) count: usize,
    /// Those that were looked at, in document order
    pub(crate) operations: Vec<ProvedOperation>,
    /// Whether the document has no schemas in it: Postman collections
    pub(crate) is_without_schemas: bool,
}

/// What became of one operation.
#[derive(Debug)]
pub(crate) struct ProvedOperation {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) parts: Vec<Part>,
}

/// Something with a schema: a response or request body of one media type, or a parameter.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) kind: PartKind,
    /// `200 application/json`, `request application/json`, `query limit`
    pub(crate) name: String,
    pub(crate) outcome: Outcome,
    /// How many of the author's examples were judged
    pub(crate) examples: usize,
    pub(crate) wrong_examples: Vec<WrongExample>,
}

/// What a part is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PartKind {
    Response,
    /// The same response as it is made of the entities of a world
    Entities,
    RequestBody,
    Parameter,
}

/// What became of a part.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Every value obeys
    Proved,
    Failed(Fault),
    /// The generator found no value, and no example of the author's obeys: that there is none is not proved
    NoValue {
        reason: String,
        /// Where the value that comes nearest breaks it
        nearest: Broken,
    },
    /// The body is not JSON, of which alone JSON Schema speaks
    NotJson,
    /// Why the validator could not be asked
    Unjudged(String),
}

/// A value that does not obey.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Which one, from 0
    pub(crate) sample: usize,
    pub(crate) broken: Broken,
}

/// An example of the author's that does not obey.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct WrongExample {
    pub(crate) name: String,
    pub(crate) position: Position,
    pub(crate) broken: Broken,
}

impl Fault {
    fn of_whole(message: String) -> Fault {
        Fault { sample: 0, broken: Broken { pointer: String::new(), message } }
    }
}

impl Part {
    fn not_json(kind: PartKind, name: String) -> Part {
        Part { kind, name, outcome: Outcome::NotJson, examples: 0, wrong_examples: Vec::new() }
    }

    fn with(self, outcome: Outcome) -> Part {
        Part { outcome, ..self }
    }
}

impl Proof {
    /// Operations that no thread came to.
    fn missed(&self) -> usize {
        if self.is_without_schemas { 0 } else { self.count.saturating_sub(self.operations.len()) }
    }

    /// Whether anything that can obey its schema does not, or could not be judged.
    pub(crate) fn has_failed(&self) -> bool {
        if self.missed() > 0 {
            return true;
        }
        let parts = self.operations.iter().flat_map(|operation| &operation.parts);
        parts.into_iter().any(|part| matches!(part.outcome, Outcome::Failed(_) | Outcome::Unjudged(_)))
    }
}

/// Proves every operation of `document` with `samples` values of each schema, on all cores. `fetch` brings the files
/// it was read from. Of a document without schemas (Postman collections) nothing is looked at.
pub(crate) fn document(
    document: &Arc<Document>,
    root: Location,
    fetch: &mut dyn Fetch,
    samples: u64,
) -> Option<Proof> {
    let count = document.operations.len();
    let Some(written) = &Written::read(root, fetch) else {
        return Some(Proof { samples, count, is_without_schemas: true, ..Proof::default() });
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(count.max(1));
    let queue = &Queue::of(document, threads);
    let (told, heard) = mpsc::channel();
    let proved = std::thread::scope(|scope| {
        for number in 0..threads {
            let told = told.clone();
            let work = move || prove(document, written, samples, queue, &told);
            let thread = std::thread::Builder::new().name(format!("proof-{number}")).stack_size(PROOF_STACK);
            // With fewer threads it takes longer; without the first one the proof fails, as nothing is looked at.
            if thread.spawn_scoped(scope, work).is_err() && number == 0 {
                break;
            }
        }
        drop(told);
        gathered(&heard, count)
    });
    Some(Proof { samples, count, operations: proved, is_without_schemas: false })
}

/// What one thread does: it takes some operations after the other.
fn prove(
    document: &Arc<Document>,
    written: &Written,
    samples: u64,
    queue: &Queue,
    told: &mpsc::Sender<(usize, ProvedOperation)>,
) {
    let programs = Arc::new(Programs::new(KEPT_PROGRAMS));
    let options = Options {
        is_fresh: true,
        base_path: BasePath::None,
        programs: Some(Arc::clone(&programs)),
        ignores_examples: true,
        ..Options::default()
    };
    let (plan, _) = Plan::compile(std::slice::from_ref(document), &options);
    let references = &written.references();
    let parts = &Parts::of(written, references);
    let judge = RefCell::new(Judge::new());
    let mut prover = Prover { plan, references, parts, dialect: written.dialect(), samples, programs, judge };
    while let Some(some) = queue.next() {
        for index in some {
            if told.send((*index as usize, prover.operation(*index))).is_err() {
                return;
            }
        }
    }
}

/// All that is told, in document order; on a terminal with a bar that shows how far it is.
fn gathered(heard: &Receiver<(usize, ProvedOperation)>, count: usize) -> Vec<ProvedOperation> {
    let is_shown = io::stderr().is_terminal();
    let mut next = Instant::now() + LIVE_STEP;
    let mut proved: Vec<(usize, ProvedOperation)> = Vec::with_capacity(count);
    for operation in heard {
        proved.push(operation);
        if is_shown && Instant::now() >= next {
            next = Instant::now() + LIVE_STEP;
            // Whoever does not listen loses nothing but this.
            let _ = write!(io::stderr(), "\r{}\x1b[K", show::bar(proved.len(), count));
        }
    }
    if is_shown {
        let _ = write!(io::stderr(), "\r\x1b[K");
    }
    proved.sort_by_key(|(index, _)| *index);
    proved.into_iter().map(|(_, operation)| operation).collect()
}

#[cfg(test)]
mod tests;
