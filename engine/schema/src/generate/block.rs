//! The compiled form: a flat run of instructions, each of which writes some bytes.

use std::sync::Arc;

use super::told::Told;

/// Values to pick from, as the JSON text that is written. One allocation each for all
/// texts and all ends.
#[derive(Debug, PartialEq)]
pub(super) struct Pool {
    text: Box<[u8]>,
    ends: Box<[u32]>,
}

impl Pool {
    /// A pool of these texts, in this order.
    pub(super) fn new<T: AsRef<[u8]>>(texts: impl IntoIterator<Item = T>) -> Pool {
        let (mut text, mut ends) = (Vec::new(), Vec::new());
        for each in texts {
            text.extend_from_slice(each.as_ref());
            ends.push(u32::try_from(text.len()).expect("limits keep pools below 4 GiB"));
        }
        Pool { text: text.into(), ends: ends.into() }
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    #[inline]
    pub(super) fn get(&self, index: usize) -> &[u8] {
        let start = if index == 0 { 0 } else { self.ends[index - 1] as usize };
        &self.text[start..self.ends[index] as usize]
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).map(|index| self.get(index))
    }
}

/// One instruction.
#[derive(Clone, Debug)]
pub(super) enum Op {
    /// These bytes
    Literal(Vec<u8>),
    /// One of these values
    Pool(Arc<Pool>),
    /// One of these values: that of the row which the object at hand has; of `rows` alone, where not all suit
    Row { pool: Arc<Pool>, rows: Option<Arc<[u16]>>, salt: u64 },
    /// An object that has rows of its own
    Scope(Box<Block>),
    /// `first + step * n` for an `n` below `count`, with the point `scale` digits from the right; `fixed` keeps zeros at
    /// the end
    Number { first: i64, step: i64, count: u64, scale: u8, fixed: bool },
    /// A quoted UUID, version 4
    Uuid,
    /// `length` characters of an ASCII alphabet, unquoted
    Characters { alphabet: &'static [u8], length: u32 },
    /// `least..least + spread` times the body, between commas
    Repeat { least: u32, spread: u32, body: Box<Block> },
    /// One of these
    Choice(Box<[Block]>),
    /// An object of which each member draws from a stream of its own
    Members(Box<[Member]>),
}

/// A member of a [`Record`](super::Record).
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) name: Arc<str>,
    /// Its quoted name and the colon
    pub(super) lead: Box<[u8]>,
    /// What tells its stream from those of the others
    pub(super) salt: u64,
    pub(super) value: Block,
}

impl Member {
    pub(super) fn new(name: Arc<str>, value: Block) -> Member {
        let mut lead = quoted(&name);
        lead.push(b':');
        let salt = super::Key(0).with(name.as_bytes()).0;
        Member { name, lead: lead.into(), salt, value }
    }
}

/// A run of instructions; neighbouring literals are one.
#[derive(Clone, Debug, Default)]
pub(super) struct Block {
    pub(super) ops: Vec<Op>,
    /// From where its value comes, where that is asked for
    pub(super) told: Option<Arc<Told>>,
}

impl Block {
    /// A block that always writes `bytes`.
    pub(super) fn literal(bytes: impl Into<Vec<u8>>) -> Block {
        Block::of(Op::Literal(bytes.into()))
    }

    /// A block of one instruction.
    pub(super) fn of(op: Op) -> Block {
        Block { ops: vec![op], told: None }
    }

    /// A block that picks from `pool`.
    pub(super) fn pool(pool: Arc<Pool>) -> Block {
        match pool.len() {
            1 => Block::literal(pool.get(0)),
            _ => Block::of(Op::Pool(pool)),
        }
    }

    /// Appends bytes.
    pub(super) fn push_bytes(&mut self, bytes: &[u8]) {
        match self.ops.last_mut() {
            Some(Op::Literal(text)) => text.extend_from_slice(bytes),
            _ => self.ops.push(Op::Literal(bytes.to_vec())),
        }
    }

    /// Appends another block.
    pub(super) fn push(&mut self, other: Block) {
        for op in other.ops {
            match op {
                Op::Literal(bytes) => self.push_bytes(&bytes),
                op => self.ops.push(op),
            }
        }
    }

    /// What the block always writes, if it always writes the same.
    pub(super) fn constant(&self) -> Option<&[u8]> {
        match self.ops.as_slice() {
            [] => Some(b""),
            [Op::Literal(bytes)] => Some(bytes),
            _ => None,
        }
    }

    /// Returns the spare room of building.
    pub(super) fn shrink(&mut self) {
        self.ops.shrink_to_fit();
        for op in &mut self.ops {
            match op {
                Op::Literal(bytes) => bytes.shrink_to_fit(),
                Op::Repeat { body, .. } | Op::Scope(body) => body.shrink(),
                Op::Choice(blocks) => blocks.iter_mut().for_each(Block::shrink),
                Op::Members(members) => members.iter_mut().for_each(|member| member.value.shrink()),
                _ => {}
            }
        }
    }

    /// Bytes that the block writes at most, or occupies: pools count by their mean, branches all.
    pub(super) fn weight(&self) -> usize {
        self.ops.iter().map(Op::weight).fold(0, usize::saturating_add)
    }

    /// Bytes that the block occupies, pools shared between blocks left out.
    pub(super) fn size(&self) -> usize {
        let own = self.ops.capacity() * size_of::<Op>();
        own + self.ops.iter().map(Op::size).sum::<usize>()
    }
}

impl Op {
    fn weight(&self) -> usize {
        match self {
            Op::Literal(bytes) => bytes.len(),
            Op::Pool(pool) | Op::Row { pool, .. } => pool.text.len() / pool.len().max(1),
            Op::Scope(body) => body.weight(),
            Op::Number { .. } => 8,
            Op::Uuid => 38,
            Op::Characters { length, .. } => *length as usize,
            Op::Repeat { least, spread, body } => {
                body.weight().saturating_mul(*least as usize + *spread as usize)
            }
            Op::Choice(blocks) => blocks.iter().map(Block::weight).fold(0, usize::saturating_add),
            Op::Members(members) => members
                .iter()
                .map(|member| member.value.weight().saturating_add(member.lead.len() + 1))
                .fold(2, usize::saturating_add),
        }
    }

    fn size(&self) -> usize {
        match self {
            Op::Literal(bytes) => bytes.capacity(),
            Op::Repeat { body, .. } | Op::Scope(body) => body.size(),
            Op::Row { rows, .. } => rows.as_ref().map_or(0, |rows| rows.len() * 2),
            Op::Choice(blocks) => blocks.iter().map(Block::size).sum(),
            Op::Members(members) => {
                members.iter().map(|one| size_of::<Member>() + one.lead.len() + one.value.size()).sum()
            }
            _ => 0,
        }
    }
}

/// Appends `text` as a quoted JSON string.
pub(super) fn quote(text: &str, out: &mut Vec<u8>) {
    serde_json::to_writer(&mut *out, text).expect("writing to memory does not fail");
}

/// `text` as a quoted JSON string.
pub(super) fn quoted(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 2);
    quote(text, &mut out);
    out
}
