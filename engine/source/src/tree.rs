//! The parsed file: a flat arena of values in document order.

use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

use crate::Node;
use crate::lines::{Lines, Measure};

/// Which of the loaded files a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u16);

/// A place in a file; line and column count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// The file.
    pub file: FileId,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
}

/// Identity of a value: equal only for the very same place of the same file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId {
    /// The file.
    pub file: FileId,
    /// Index of the value inside the file's tree.
    pub index: u32,
}

/// What a value is. YAML and JSON numbers are one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// Any number
    Number,
    /// Any string
    String,
    /// A sequence
    Array,
    /// A mapping; keys are strings
    Object,
}

/// What a slot holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Tag {
    Null,
    False,
    True,
    Number,
    String,
    Array,
    Object,
}

const TAGS: [Tag; 8] = [
    Tag::Null,
    Tag::False,
    Tag::True,
    Tag::Number,
    Tag::String,
    Tag::Array,
    Tag::Object,
    Tag::Null, // never written
];

/// Number of a key in [`Tree::keys`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct KeyId(pub(crate) u32);

impl KeyId {
    /// What the root and the elements of arrays have.
    pub(crate) const NONE: KeyId = KeyId((1 << 28) - 1);
}

/// A stretch of [`Tree::text`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) len: u32,
}

/// One value. Its descendants follow it, so that a subtree is a range of slots.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    /// Scalars: start of the text. Others: index after the last descendant.
    first: u32,
    /// Scalars: length of the text. Others: number of elements or members.
    second: u32,
    /// Index of the container; the root is its own.
    pub(crate) parent: u32,
    /// Tag in bits 0 to 2, hidden in bit 3, key above.
    meta: u32,
}

impl Slot {
    pub(crate) fn new(tag: Tag, key: KeyId, parent: u32, text: Span) -> Self {
        Slot { first: text.start, second: text.len, parent, meta: tag as u32 | key.0 << 4 }
    }

    pub(crate) fn tag(self) -> Tag {
        TAGS[(self.meta & 7) as usize]
    }

    pub(crate) fn is_container(self) -> bool {
        matches!(self.tag(), Tag::Array | Tag::Object)
    }

    pub(crate) fn key(self) -> KeyId {
        KeyId(self.meta >> 4)
    }

    pub(crate) fn set_key(&mut self, key: KeyId) {
        self.meta = self.meta & 0xF | key.0 << 4;
    }

    /// Whether the value is overridden by a later one, or is the source of a merge.
    pub(crate) fn is_hidden(self) -> bool {
        self.meta & 8 != 0
    }

    pub(crate) fn set_hidden(&mut self, hidden: bool) {
        self.meta = self.meta & !8 | u32::from(hidden) << 3;
    }

    /// Text of a scalar.
    pub(crate) fn span(self) -> Span {
        debug_assert!(!self.is_container());
        Span { start: self.first, len: self.second }
    }

    /// Index after the last descendant of the slot at `index`.
    pub(crate) fn end(self, index: u32) -> u32 {
        if self.is_container() { self.first } else { index + 1 }
    }

    /// Visible children of a container; 0 for scalars.
    pub(crate) fn len(self) -> usize {
        if self.is_container() { self.second as usize } else { 0 }
    }

    /// Closes a container.
    pub(crate) fn set_extent(&mut self, end: u32, len: u32) {
        (self.first, self.second) = (end, len);
    }

    /// The slot as it is when its subtree moves by `delta`.
    pub(crate) fn moved(mut self, delta: u32) -> Self {
        if self.is_container() {
            self.first += delta;
        }
        self.parent += delta;
        self
    }
}

/// Where a value and its key stand, in characters from the start of the file (in bytes while parsing).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot {
    pub(crate) value: u32,
    pub(crate) key: u32,
}

/// One parsed file.
#[derive(Debug)]
pub struct Tree {
    pub(crate) file: FileId,
    pub(crate) slots: Vec<Slot>,
    pub(crate) spots: Vec<Spot>,
    /// Keys and the text of scalars.
    pub(crate) text: String,
    pub(crate) keys: Vec<Span>,
    pub(crate) lines: Lines,
    key_index: HashTable<u32>,
    /// The members of objects too large to be searched one by one.
    member_index: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Tree {
    /// A tree without a root; only a builder may hold one.
    pub(crate) fn rootless(file: FileId, measure: &Measure<'_>) -> Self {
        Tree {
            file,
            slots: Vec::new(),
            spots: Vec::new(),
            text: String::new(),
            keys: Vec::new(),
            lines: measure.lines(),
            key_index: HashTable::new(),
            member_index: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
        }
    }

    /// The file's topmost value.
    pub fn root(&self) -> Node<'_> {
        Node { tree: self, index: 0 }
    }

    /// The value with this identity, which must have come from this tree.
    pub fn node(&self, id: NodeId) -> Node<'_> {
        assert!(id.file == self.file && (id.index as usize) < self.slots.len(), "identity of another tree");
        Node { tree: self, index: id.index }
    }

    /// The file the tree was parsed from.
    pub fn file(&self) -> FileId {
        self.file
    }

    /// Number of values, those that later ones replace included.
    #[allow(clippy::len_without_is_empty)] // there is always a root
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        self.slots.capacity() * size_of::<Slot>()
            + self.spots.capacity() * size_of::<Spot>()
            + self.text.capacity()
            + self.keys.capacity() * size_of::<Span>()
            + (self.key_index.capacity() + self.member_index.capacity()) * (size_of::<u32>() + 1)
            + self.lines.heap_bytes()
    }

    pub(crate) fn span_text(&self, span: Span) -> &str {
        &self.text[span.start as usize..(span.start + span.len) as usize]
    }

    pub(crate) fn key_text(&self, key: KeyId) -> &str {
        self.span_text(self.keys[key.0 as usize])
    }

    pub(crate) fn position(&self, offset: u32) -> Position {
        let (line, column) = self.lines.place(offset);
        Position { file: self.file, line, column }
    }

    /// The key's number, where any object of the tree has that key.
    pub(crate) fn find_key(&self, key: &str) -> Option<KeyId> {
        let hash = self.hasher.hash_one(key);
        self.key_index.find(hash, |&id| self.key_text(KeyId(id)) == key).copied().map(KeyId)
    }

    /// The key's number; a new one for a key not seen before.
    pub(crate) fn intern(&mut self, key: &str) -> KeyId {
        if let Some(known) = self.find_key(key) {
            return known;
        }
        let id = self.keys.len() as u32;
        let span = self.append(key);
        self.keys.push(span);
        let (text, keys, hasher) = (&self.text, &self.keys, &self.hasher);
        let hash_of = |&id: &u32| {
            let Span { start, len } = keys[id as usize];
            hasher.hash_one(&text[start as usize..(start + len) as usize])
        };
        self.key_index.insert_unique(hasher.hash_one(key), id, hash_of);
        KeyId(id)
    }

    /// Adds to the text.
    pub(crate) fn append(&mut self, text: &str) -> Span {
        let start = self.text.len() as u32;
        self.text.push_str(text);
        Span { start, len: text.len() as u32 }
    }

    /// The member of a large object.
    pub(crate) fn find_member(&self, object: u32, key: KeyId) -> Option<u32> {
        let hash = self.hasher.hash_one(member_identity(object, key));
        self.member_index.find(hash, |&index| self.is_member(index, object, key)).copied()
    }

    /// Makes a member of a large object known; gives the one it replaces.
    pub(crate) fn index_member(&mut self, index: u32) -> Option<u32> {
        let slot = self.slots[index as usize];
        let (slots, hasher) = (&self.slots, &self.hasher);
        let hash_of = |&index: &u32| {
            let slot = slots[index as usize];
            hasher.hash_one(member_identity(slot.parent, slot.key()))
        };
        let hash = hash_of(&index);
        let same = |&other: &u32| {
            let other = slots[other as usize];
            other.parent == slot.parent && other.key() == slot.key()
        };
        if let Some(known) = self.member_index.find_mut(hash, same) {
            return Some(std::mem::replace(known, index));
        }
        self.member_index.insert_unique(hash, index, hash_of);
        None
    }

    fn is_member(&self, index: u32, object: u32, key: KeyId) -> bool {
        let slot = self.slots[index as usize];
        slot.parent == object && slot.key() == key
    }

    /// The visible children of a container, in document order.
    pub(crate) fn children(&self, index: u32) -> impl Iterator<Item = u32> + '_ {
        let slot = self.slots[index as usize];
        let end = if slot.is_container() { slot.end(index) } else { index };
        self.children_until(index, end).filter(|&child| !self.slots[child as usize].is_hidden())
    }

    /// All children of a container that ends at `end`.
    pub(crate) fn children_until(&self, index: u32, end: u32) -> impl Iterator<Item = u32> + '_ {
        let mut next = index + 1;
        std::iter::from_fn(move || {
            (next < end).then(|| {
                let child = next;
                next = self.slots[child as usize].end(child);
                child
            })
        })
    }

    /// Gives back what the parser reserved and did not need.
    pub(crate) fn shrink(&mut self) {
        self.slots.shrink_to_fit();
        self.spots.shrink_to_fit();
        self.text.shrink_to_fit();
        self.keys.shrink_to_fit();
    }
}

fn member_identity(object: u32, key: KeyId) -> u64 {
    u64::from(object) << 32 | u64::from(key.0)
}
