//! From (node of the trie, segment) to the node's static child, with one probe.
//!
//! Hash and displace (Belazzougui, Botelho, Dietzfelbinger, "Hash, displace, and compress", 2009): keys fall
//! into small buckets, and each bucket has the one number that sends all its keys to free slots. A slot keeps
//! its key, so that a segment nobody declared is never mistaken for one.

/// Multiplier of the hash: odd, its bits about half ones.
const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
/// Seeds tried before a bucket that resists goes to the overflow list.
const SEEDS: u64 = 16;
/// Displacements tried for a bucket.
const DISPLACEMENTS: u32 = 1 << 16;
/// Keys a bucket has on average.
const BUCKET: usize = 4;

const VACANT: u32 = u32::MAX;
/// Bytes of a segment that its key holds.
pub(super) const SHORT: usize = 16;

/// A static child: `parent` leads by `segment` to `child`.
#[derive(Clone, Debug)]
pub(super) struct Edge {
    pub(super) parent: u32,
    /// Decoded
    pub(super) segment: Box<[u8]>,
    pub(super) child: u32,
}

impl Edge {
    fn key(&self) -> Key {
        Key::decoded(self.segment.iter().copied())
    }
}

/// The static children of all nodes.
#[derive(Debug, Default)]
pub(super) struct PerfectHash {
    seed: u64,
    /// By bucket; a power of two of them
    displacements: Box<[u32]>,
    /// A power of two of them
    slots: Box<[Slot]>,
    /// Segments of the slots
    bytes: Box<[u8]>,
    /// Edges no seed found a place for: practically always none
    overflow: Box<[Slot]>,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    /// As in the key of its segment
    head: u64,
    tail: u64,
    length: u32,
    parent: u32,
    child: u32,
    /// Where its text is
    start: u32,
}

impl PerfectHash {
    /// Places `edges`, whose (parent, segment) are distinct.
    pub(super) fn build(edges: &[Edge]) -> PerfectHash {
        if edges.is_empty() {
            return PerfectHash::default();
        }
        let slots = (edges.len() * 5 / 4).next_power_of_two();
        let buckets = edges.len().div_ceil(BUCKET).next_power_of_two();
        let hashes: Vec<u64> = edges.iter().map(|edge| edge.key().hash).collect();
        let mut best: Option<Placement> = None;
        for seed in (0..SEEDS).map(|seed| seed.wrapping_mul(FACTOR)) {
            let keys = edges.iter().zip(&hashes).map(|(edge, &hash)| combine(hash, edge.parent, seed));
            let placement = Placement::find(keys.collect(), seed, slots, buckets);
            if best.as_ref().is_none_or(|best| placement.unplaced.len() < best.unplaced.len()) {
                best = Some(placement);
            }
            if best.as_ref().is_some_and(|best| best.unplaced.is_empty()) {
                break;
            }
        }
        best.map_or_else(PerfectHash::default, |placement| PerfectHash::freeze(placement, edges))
    }

    fn freeze(placement: Placement, edges: &[Edge]) -> PerfectHash {
        let mut bytes = Vec::new();
        let mut slot = |index: &u32| match edges.get(*index as usize) {
            None => Slot { head: 0, tail: 0, length: 0, parent: VACANT, child: 0, start: 0 },
            Some(edge) => {
                let start = bytes.len() as u32;
                bytes.extend_from_slice(&edge.segment);
                let Key { head, tail, length, .. } = edge.key();
                Slot { head, tail, length, parent: edge.parent, child: edge.child, start }
            }
        };
        let slots = placement.slots.iter().map(&mut slot).collect();
        let overflow = placement.unplaced.iter().map(&mut slot).collect();
        let displacements = placement.displacements.into();
        PerfectHash { seed: placement.seed, displacements, slots, bytes: bytes.into(), overflow }
    }

    /// The child of `parent` by the segment of `key` where that holds all of it; overflow is not looked at.
    #[inline]
    pub(super) fn probe(&self, parent: u32, key: &Key) -> Option<u32> {
        let found = self.slot(parent, key)?;
        (found.has(parent, key) && key.length <= SHORT as u32).then_some(found.child)
    }

    /// The child of `parent` by the segment of `key`, whose text `is` compares.
    pub(super) fn get(&self, parent: u32, key: &Key, is: impl Fn(&[u8]) -> bool) -> Option<u32> {
        let placed = self.slot(parent, key).into_iter();
        let mut slots = placed.chain(&self.overflow).filter(|slot| slot.has(parent, key));
        slots.find(|slot| is(&self.bytes[slot.start as usize..][..slot.length()])).map(|slot| slot.child)
    }

    /// Whether [`PerfectHash::probe`] may miss a child.
    #[inline]
    pub(super) fn overflows(&self) -> bool {
        !self.overflow.is_empty()
    }

    #[inline]
    fn slot(&self, parent: u32, key: &Key) -> Option<&Slot> {
        let key = combine(key.hash, parent, self.seed);
        let displacement = self.displacements.get(bucket(key, self.displacements.len()))?;
        self.slots.get(slot(key, *displacement, self.slots.len()))
    }
}

impl Slot {
    fn length(&self) -> usize {
        (self.length & !PERCENT) as usize
    }

    #[inline]
    fn has(&self, parent: u32, key: &Key) -> bool {
        self.parent == parent && self.head == key.head && self.tail == key.tail && self.length == key.length
    }
}

/// Where one seed sends the keys.
struct Placement {
    seed: u64,
    displacements: Vec<u32>,
    /// Index of the edge in each slot, or [`VACANT`]
    slots: Vec<u32>,
    unplaced: Vec<u32>,
}

impl Placement {
    fn find(keys: Vec<u64>, seed: u64, slots: usize, buckets: usize) -> Placement {
        let mut by_bucket: Vec<(usize, Vec<u32>)> = (0..buckets).map(|index| (index, Vec::new())).collect();
        for (index, &key) in keys.iter().enumerate() {
            by_bucket[bucket(key, buckets)].1.push(index as u32);
        }
        by_bucket.sort_by_key(|(_, members)| std::cmp::Reverse(members.len()));
        let (displacements, slots) = (vec![0; buckets], vec![VACANT; slots]);
        let mut placement = Placement { seed, displacements, slots, unplaced: Vec::new() };
        for (index, members) in by_bucket {
            placement.place(index, &members, &keys);
        }
        placement
    }

    fn place(&mut self, bucket: usize, members: &[u32], keys: &[u64]) {
        let mut same: Vec<u64> = members.iter().map(|&member| keys[member as usize]).collect();
        same.sort_unstable();
        let tries = if same.windows(2).any(|pair| pair[0] == pair[1]) { 0 } else { DISPLACEMENTS };
        for displacement in 0..tries {
            if self.fits(members, keys, displacement) {
                self.displacements[bucket] = displacement;
                return;
            }
        }
        self.unplaced.extend(members);
    }

    /// Puts all `members` where `displacement` sends them, or none.
    fn fits(&mut self, members: &[u32], keys: &[u64], displacement: u32) -> bool {
        let count = self.slots.len();
        let target = |member: u32| slot(keys[member as usize], displacement, count);
        for (done, &member) in members.iter().enumerate() {
            let place = &mut self.slots[target(member)];
            if *place != VACANT {
                for &member in &members[..done] {
                    self.slots[target(member)] = VACANT;
                }
                return false;
            }
            *place = member;
        }
        true
    }
}

#[inline]
fn fold(value: u64, factor: u64) -> u64 {
    let product = u128::from(value) * u128::from(factor);
    product as u64 ^ (product >> 64) as u64
}

/// Hash of parent and segment. `seed` makes it another one.
#[inline]
fn combine(hash: u64, parent: u32, seed: u64) -> u64 {
    (hash ^ seed).wrapping_add(u64::from(parent).wrapping_mul(FACTOR))
}

#[inline]
fn bucket(key: u64, buckets: usize) -> usize {
    (key >> 32) as usize & buckets.wrapping_sub(1)
}

#[inline]
fn slot(key: u64, displacement: u32, slots: usize) -> usize {
    fold(key ^ u64::from(displacement), FACTOR) as usize & slots.wrapping_sub(1)
}

const ONES: u64 = u64::MAX / 255;
const PERCENTS: u64 = ONES * b'%' as u64;

/// Not zero where a byte of `word` is.
#[inline]
fn zero_bytes(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & ONES << 7
}

/// What a segment is looked up by.
#[derive(Clone, Copy)]
pub(super) struct Key {
    /// The first eight bytes, little-endian, with zeros above them where there are fewer
    head: u64,
    /// The next eight
    tail: u64,
    /// Marked where the text was decoded and has a `%`
    length: u32,
    hash: u64,
}

/// Keeps `%41`, which means `A`, from being found as the text `%41`.
const PERCENT: u32 = 1 << 31;

impl Key {
    /// Of a segment of at most [`SHORT`] bytes, as it is spelled.
    #[inline]
    pub(super) fn short(head: u64, tail: u64, length: usize) -> Key {
        Key::new(length as u32, head, tail, std::iter::empty())
    }

    /// Of a segment as it is spelled.
    pub(super) fn spelled(text: &[u8]) -> Key {
        let (whole, last) = text.as_chunks();
        let last = last.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte));
        let words = whole.iter().map(|bytes| u64::from_le_bytes(*bytes)).chain([last]);
        Key::of(text.len() as u32, words)
    }

    /// Of a segment that is decoded.
    pub(super) fn decoded(mut bytes: impl Iterator<Item = u8> + Clone) -> Key {
        let mark = if bytes.clone().any(|byte| byte == b'%') { PERCENT } else { 0 };
        let length = bytes.clone().count() as u32;
        let words = (0..=length / 8).map(|_| {
            bytes.by_ref().take(8).zip(0..).fold(0, |word, (byte, at)| word | u64::from(byte) << (at * 8))
        });
        Key::of(length | mark, words)
    }

    /// `words` are the bytes, eight at a time and last fewer than eight.
    fn of(length: u32, mut words: impl Iterator<Item = u64>) -> Key {
        let (head, tail) = (words.next().unwrap_or(0), words.next().unwrap_or(0));
        Key::new(length, head, tail, words.filter(|&word| word != 0))
    }

    /// Whether a `%` is in the first [`SHORT`] bytes.
    #[inline]
    pub(super) fn has_percent(&self) -> bool {
        zero_bytes(self.head ^ PERCENTS) | zero_bytes(self.tail ^ PERCENTS) != 0
    }

    #[inline]
    fn new(length: u32, head: u64, tail: u64, further: impl Iterator<Item = u64>) -> Key {
        let start = fold(head ^ FACTOR, tail ^ FACTOR.rotate_left(32) ^ u64::from(length));
        let hash = further.fold(start, |hash, word| fold(hash ^ word, FACTOR));
        Key { head, tail, length, hash }
    }
}
