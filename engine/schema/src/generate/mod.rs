//! Makes JSON that obeys a schema: a schema is compiled once to a [`Program`], which then
//! writes bytes as a pure function of a key.
//!
//! The way of a schema:
//!
//! 1. [`compile`] takes a conjunction of schemas: the author's own value ([`authored`]) where there is one,
//!    else one combination of branches after the other ([`decide`]) until one gives values that obey.
//! 2. [`merge`] lays the conjunction flat for that combination; [`outline`] sees what needs no decision.
//! 3. [`objects`], [`arrays`], [`strings`] and [`numbers`] build the instructions of one type each. Strings
//!    ask [`patterns`] (with [`dialect`]), [`names`] and the pools of [`fakers`]. What belongs together is drawn from
//!    [`rows`]; [`family`] says what does.
//! 4. [`verify`] judges what construction cannot prove; [`rescue`] is for what is left; [`fail`] says why not.
//! 5. What was decided is told by [`told`] to who asks.
//! 6. [`block`] is the compiled form, which [`write`] interprets with the numbers of [`random`].

mod added;
mod arrays;
mod authored;
mod beside;
mod block;
mod cards;
mod compile;
mod decide;
mod dialect;
mod excluded;
mod fail;
mod failure;
mod fakers;
mod family;
mod formats;
mod latin;
mod likeness;
pub mod limits;
mod locale;
mod merge;
mod names;
mod numbers;
mod objects;
mod outline;
mod patterns;
mod programs;
mod random;
mod record;
mod rescue;
mod rows;
mod strings;
mod told;
mod verify;
mod write;

use std::sync::Arc;

use crate::pattern::Pattern;
use crate::validate::Direction;
use crate::{SchemaId, Schemas};
pub use added::{Fakers, Maker};
use block::Block;
use compile::Compiler;
use fail::Fail;
pub use failure::Failure;
pub use fakers::fake;
pub use locale::Locale;
pub use programs::Programs;
pub use random::Random;
pub use record::Record;
pub use told::{Field, Origin, Told, Why};

/// What a value is a function of: the seed, the operation, path parameters and, for fresh
/// data, a counter, all mixed into one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key(pub u64);

impl Key {
    /// This key with `part` mixed in (order matters).
    pub fn with(self, part: &[u8]) -> Key {
        let mixed = part.chunks(8).fold(self.0 ^ part.len() as u64, |mixed, chunk| {
            let mut bytes = [0; 8];
            bytes[..chunk.len()].copy_from_slice(chunk);
            mix(mixed, u64::from_le_bytes(bytes))
        });
        Key(mix(mixed, 0))
    }

    /// This key with a number mixed in, such as a counter.
    pub fn with_number(self, number: u64) -> Key {
        Key(mix(self.0, number))
    }
}

/// Strings that match `pattern`, of so many characters; at most `count`, fewer where that is hard. The same key gives the
/// same.
pub fn matching(pattern: &Pattern, least: u64, most: u64, count: usize, key: Key) -> Vec<String> {
    let accepts = |text: &str| pattern.is_match(text);
    patterns::many(pattern, (least, most), count, &mut Random::new(key.0), &accepts)
}

fn mix(key: u64, part: u64) -> u64 {
    random::fold(key ^ 0x2d35_8dcc_aa6c_78a5, part ^ 0x8bb8_4b93_962e_acc9) ^ key.rotate_left(23)
}

/// How values are made.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which properties a message may carry
    pub direction: Direction,
    /// Whether optional properties are filled (`--fill-properties`)
    pub fill_optional: bool,
    /// Whose names and places values have (`--locale`)
    pub locale: Locale,
    /// What users add to the table of names
    pub fakers: Option<Arc<Fakers>>,
    /// The error that the values tell of, if they are bodies of one
    pub failure: Option<Failure>,
}

impl Options {
    /// English values.
    pub const fn new(direction: Direction, fill_optional: bool) -> Options {
        Options { direction, fill_optional, locale: Locale::ENGLISH, fakers: None, failure: None }
    }
}

/// No value can obey the schema.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{reason}")]
pub struct Unsatisfiable {
    /// The schema that refuses everything, innermost
    pub schema: SchemaId,
    /// Why, in one sentence
    pub reason: String,
}

/// A schema compiled to instructions that write JSON straight into a buffer.
#[derive(Debug)]
pub struct Program {
    block: Block,
}

impl Program {
    /// Compiles schema `root`; what it writes validates against `root`.
    ///
    /// # Errors
    /// When nothing can obey the schema, or nothing was found within `limits`.
    pub fn compile(schemas: &Schemas, root: SchemaId, options: &Options) -> Result<Program, Unsatisfiable> {
        let mut block = Program::block(schemas, root, options, false)?;
        block.shrink();
        Ok(Program { block })
    }

    /// The instructions, with what is told of them where that is asked for.
    fn block(schemas: &Schemas, root: SchemaId, options: &Options, tells: bool) -> Result<Block, Fail> {
        Compiler::compile(schemas, options, root, tells).or_else(|fail| {
            // optional parts may be what tells one branch from another
            let full = Options { fill_optional: true, ..options.clone() };
            let retried = (!options.fill_optional).then(|| Compiler::compile(schemas, &full, root, tells));
            retried.and_then(Result::ok).ok_or(fail)
        })
    }

    /// As [`Program::compile`]; where nothing can obey the schema, as [`Program::approximate`].
    pub fn nearest(schemas: &Schemas, root: SchemaId, options: &Options) -> Program {
        Program::compile(schemas, root, options)
            .unwrap_or_else(|_| Program::approximate(schemas, root, options))
    }

    /// Compiles a schema that [`Program::compile`] refuses, so that there is an answer all the
    /// same: what cannot obey is left out, or is something of its type.
    pub fn approximate(schemas: &Schemas, root: SchemaId, options: &Options) -> Program {
        let mut block = Compiler::approximate(schemas, options, root, false);
        block.shrink();
        Program { block }
    }

    /// Appends the value for `key` as compact JSON. The same key gives the same bytes.
    pub fn write(&self, key: Key, out: &mut Vec<u8>) {
        self.block.write(&mut Random::new(key.0), out);
    }

    /// The value for `key`, for renderings other than JSON.
    pub fn value(&self, key: Key) -> serde_json::Value {
        let mut text = Vec::new();
        self.write(key, &mut text);
        serde_json::from_slice(&text).unwrap_or_default()
    }

    /// Whether every key gives the same bytes.
    pub fn is_constant(&self) -> bool {
        self.block.constant().is_some()
    }

    /// Bytes of memory that the program occupies, pools of realistic values left out.
    pub fn size(&self) -> usize {
        size_of::<Program>() + self.block.size()
    }
}
