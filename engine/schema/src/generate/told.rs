//! From where the values of a body come, for who asks. It is noted while a schema is compiled, by the functions that
//! decide, and travels with the instructions that they made: so what is told is what was decided. Servers do without.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use super::block::{Block, Op};
use super::compile::Compiler;
use super::fakers::{self, Source};
use super::write::write_scaled;
use super::{Options, Program};
use crate::{SchemaId, Schemas, Types};

/// From where a value comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The author's `example` or `examples`
    Example,
    /// Something that looks like it
    Alike,
    /// The author's `default`
    Default,
    /// So many values of `enum`; of `const` there is one
    Enum(usize),
    /// So many values that the user lists in `generation.fakers`
    Listed(usize),
    /// What the status of the answer is
    Failure,
    /// The pool of a faker: by the name that `names.txt` has
    Faker {
        /// `first_name`
        faker: String,
        /// What led to it
        why: Why,
    },
    /// Strings that match these patterns, joined by ` and `
    Pattern(String),
    /// Numbers from the least to the greatest, as they are written
    Range {
        /// The least
        least: String,
        /// The greatest
        most: String,
        /// What led to them; `None` for what any number may be
        why: Option<Why>,
    },
    /// Words that mean nothing
    Words,
    /// `true` or `false`
    Boolean,
    /// `null`
    Null,
    /// An object, of its members
    Object,
    /// An array, of its elements
    Array,
    /// What a discriminator calls the branch that was chosen
    Discriminator,
    /// A value at some edge, where branches overlap or exclude each other
    Edge,
    /// Something of the right type, where nothing can obey
    Nearest,
    /// Who uses the program puts something else there
    Elsewhere(String),
}

/// What led to a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// `format`
    Format(&'static str),
    /// The name of the property, or of the parameter
    Name(String),
    /// `x-faker`
    Asked,
    /// `generation.fakers`
    Added,
    /// Bounds and steps
    Bounds,
}

impl fmt::Display for Why {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::Format(format) => write!(out, "by format {format}"),
            Why::Name(name) => write!(out, "by name {name:?}"),
            Why::Asked => out.write_str("by x-faker"),
            Why::Added => out.write_str("by generation.fakers"),
            Why::Bounds => out.write_str("by its bounds"),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Example => out.write_str("example"),
            Origin::Alike => out.write_str("like the example"),
            Origin::Default => out.write_str("default"),
            Origin::Enum(1) => out.write_str("the only value"),
            Origin::Enum(count) => write!(out, "enum of {count}"),
            Origin::Listed(count) => write!(out, "list of {count} (by generation.fakers)"),
            Origin::Failure => out.write_str("by the status"),
            Origin::Faker { faker, why } => write!(out, "faker {faker} ({why})"),
            Origin::Pattern(pattern) => write!(out, "pattern {pattern}"),
            Origin::Range { least, most, why: Some(why) } => write!(out, "range {least}..{most} ({why})"),
            Origin::Range { least, most, why: None } => write!(out, "range {least}..{most}"),
            Origin::Words => out.write_str("words"),
            Origin::Boolean => out.write_str("true or false"),
            Origin::Null => out.write_str("null"),
            Origin::Object => out.write_str("object"),
            Origin::Array => out.write_str("array"),
            Origin::Discriminator => out.write_str("discriminator"),
            Origin::Edge => out.write_str("a value that tells branches apart"),
            Origin::Nearest => out.write_str("of its type; nothing obeys the schema"),
            Origin::Elsewhere(text) => out.write_str(text),
        }
    }
}

/// From where a value and its parts come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// More than one where one of several values is chosen
    pub origins: Vec<Origin>,
    /// Of objects, in their order
    pub members: Vec<(Arc<str>, Arc<Told>)>,
    /// Of arrays: of any of their elements
    pub element: Option<Arc<Told>>,
}

/// One place of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// JSON pointer (RFC 6901) with `*` for any element of an array
    pub pointer: String,
    /// From where its value comes
    pub origins: Vec<Origin>,
}

impl Told {
    /// From where what [`Program::nearest`] writes comes.
    pub fn compile(schemas: &Schemas, root: SchemaId, options: &Options) -> Arc<Told> {
        let block = Program::block(schemas, root, options, true)
            .unwrap_or_else(|_| Compiler::approximate(schemas, options, root, true));
        block.told.unwrap_or_default()
    }

    /// The same of a [`Record`](super::Record); `None` where there is none.
    pub fn record(schemas: &Schemas, roots: &[SchemaId], options: &Options) -> Option<Arc<Told>> {
        Compiler::compile_record(schemas, options, roots, true).ok()?.told
    }

    /// The same of one of many objects, but the first.
    pub fn varied(schemas: &Schemas, roots: &[SchemaId], options: &Options) -> Option<Arc<Told>> {
        Compiler::compile_varied(schemas, options, roots, true).ok()?.0.told
    }

    /// What comes from there as a whole.
    pub fn of(origin: Origin) -> Told {
        Told { origins: vec![origin], ..Told::default() }
    }

    /// One of several values.
    fn either(all: &[&Told]) -> Told {
        let mut joined = Told::default();
        for each in all {
            let new = each.origins.iter().filter(|origin| !joined.origins.contains(origin));
            let new: Vec<Origin> = new.cloned().collect();
            joined.origins.extend(new);
            for (name, member) in &each.members {
                match joined.members.iter_mut().find(|(known, _)| known == name) {
                    Some((_, known)) => *known = Told::either(&[&**known, &**member]).into(),
                    None => joined.members.push((Arc::clone(name), Arc::clone(member))),
                }
            }
            if let Some(element) = &each.element {
                let both: Vec<&Told> =
                    joined.element.iter().chain([element]).map(|element| &**element).collect();
                joined.element = Some(Told::either(&both).into());
            }
        }
        joined
    }

    /// Its places in the order of the body: what has parts is told by them.
    pub fn fields(&self) -> Vec<Field> {
        let mut fields = Vec::new();
        self.collect(&mut String::new(), &mut fields);
        fields
    }

    fn collect(&self, pointer: &mut String, fields: &mut Vec<Field>) {
        let has_parts = !self.members.is_empty() || self.element.is_some();
        let is_told = |origin: &&Origin| !has_parts || !matches!(origin, Origin::Object | Origin::Array);
        let origins: Vec<Origin> = self.origins.iter().filter(is_told).cloned().collect();
        if !origins.is_empty() {
            fields.push(Field { pointer: pointer.clone(), origins });
        }
        let length = pointer.len();
        let members =
            self.members.iter().map(|(name, told)| (name.replace('~', "~0").replace('/', "~1"), told));
        for (token, told) in members.chain(self.element.iter().map(|told| ("*".to_owned(), told))) {
            pointer.push('/');
            pointer.push_str(&token);
            told.collect(pointer, fields);
            pointer.truncate(length);
        }
    }
}

impl Compiler<'_> {
    /// The block with what `make` tells of it, where that is asked for and not known better.
    pub(super) fn told(&self, mut block: Block, make: impl FnOnce(&Block) -> Told) -> Block {
        if self.tells && block.told.is_none() {
            block.told = Some(make(&block).into());
        }
        block
    }

    /// An object of these members.
    pub(super) fn told_members<'m>(
        &self,
        members: impl Iterator<Item = (&'m Arc<str>, &'m Block)>,
    ) -> Option<Arc<Told>> {
        self.tells.then(|| {
            let told = |block: &Block| block.told.clone().unwrap_or_default();
            let members = members.map(|(name, block)| (Arc::clone(name), told(block))).collect();
            Told { members, ..Told::of(Origin::Object) }.into()
        })
    }

    /// An array of these elements.
    pub(super) fn told_elements<'b>(&self, elements: impl Iterator<Item = &'b Block>) -> Option<Arc<Told>> {
        self.tells.then(|| {
            let told: Vec<Arc<Told>> = elements.filter_map(|block| block.told.clone()).collect();
            let element = match told.as_slice() {
                [] => None,
                [only] => Some(Arc::clone(only)),
                several => Some(Told::either(&several.iter().map(|told| &**told).collect::<Vec<_>>()).into()),
            };
            Told { element, ..Told::of(Origin::Array) }.into()
        })
    }

    /// One of these values.
    pub(super) fn told_choice(&self, blocks: &[Block]) -> Option<Arc<Told>> {
        self.tells.then(|| {
            let told: Vec<&Told> = blocks.iter().filter_map(|block| block.told.as_deref()).collect();
            Told::either(&told).into()
        })
    }
}

/// What a type gives that nothing else was told of.
pub(super) fn of_type(kind: Types, block: &Block, why: impl FnOnce(f64, f64) -> Option<Why>) -> Told {
    Told::of(match kind {
        Types::OBJECT => Origin::Object,
        Types::ARRAY => Origin::Array,
        Types::STRING => Origin::Words,
        Types::NUMBER => range(block, why),
        Types::BOOLEAN => Origin::Boolean,
        _ => Origin::Null,
    })
}

/// A pool or literal of `enum`.
pub(super) fn of_enum(block: &Block) -> Told {
    Told::of(Origin::Enum(values(block)))
}

/// A pool or literal of what a user lists.
pub(super) fn of_list(block: &Block) -> Told {
    Told::of(Origin::Listed(values(block)))
}

/// Different values of a pool or literal: usual ones stand there several times.
fn values(block: &Block) -> usize {
    match block.ops.as_slice() {
        [Op::Pool(pool)] => pool.iter().collect::<HashSet<_>>().len(),
        _ => 1,
    }
}

/// A source of strings.
pub(super) fn of_source(source: Source, why: Why) -> Told {
    Told::of(Origin::Faker { faker: fakers::name_of(source), why })
}

/// What a schema is called.
pub(super) fn of_species(member: &str) -> Told {
    Told::of(Origin::Faker { faker: "kind".to_owned(), why: Why::Name(member.to_owned()) })
}

/// The numbers that a block draws from; `why` says what led to such a range.
fn range(block: &Block, why: impl FnOnce(f64, f64) -> Option<Why>) -> Origin {
    let texts = |op: &Op| -> Vec<Vec<u8>> {
        match op {
            Op::Number { first, step, count, scale, .. } => {
                let last = first.wrapping_add(step.wrapping_mul(count.saturating_sub(1) as i64));
                [*first, last].map(|value| scaled(value, *scale)).to_vec()
            }
            Op::Literal(text) => vec![text.clone()],
            Op::Pool(pool) | Op::Row { pool, .. } => pool.iter().map(<[u8]>::to_vec).collect(),
            _ => Vec::new(),
        }
    };
    let inner = block.ops.iter().flat_map(|op| match op {
        Op::Choice(blocks) => {
            blocks.iter().flat_map(|block| block.ops.iter().flat_map(texts)).collect::<Vec<_>>()
        }
        op => texts(op),
    });
    let mut texts: Vec<String> = inner.map(|text| String::from_utf8_lossy(&text).into_owned()).collect();
    let number = |text: &String| text.parse::<f64>().unwrap_or_default();
    texts.sort_by(|one, other| number(one).total_cmp(&number(other)));
    let end = |text: Option<&String>| text.cloned().unwrap_or_default();
    let (least, most) = (end(texts.first()), end(texts.last()));
    let why = why(number(&least), number(&most));
    Origin::Range { least, most, why }
}

fn scaled(value: i64, scale: u8) -> Vec<u8> {
    let mut text = Vec::new();
    write_scaled(value, scale, &mut text);
    text
}

#[cfg(test)]
mod tests;
