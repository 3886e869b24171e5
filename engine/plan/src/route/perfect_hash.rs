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

/// A static child: `parent` leads by `segment` to `child`.
#[derive(Clone, Debug)]
pub(super) struct Edge {
    pub(super) parent: u32,
    /// Decoded
    pub(super) segment: Box<[u8]>,
    pub(super) child: u32,
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
    overflow: Vec<Edge>,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    parent: u32,
    child: u32,
    start: u32,
    length: u32,
}

impl PerfectHash {
    /// Places `edges`, whose (parent, segment) are distinct.
    pub(super) fn build(edges: &[Edge]) -> PerfectHash {
        if edges.is_empty() {
            return PerfectHash::default();
        }
        let slots = (edges.len() * 5 / 4).next_power_of_two();
        let buckets = edges.len().div_ceil(BUCKET).next_power_of_two();
        let hashes: Vec<u64> = edges.iter().map(|edge| hash(&edge.segment)).collect();
        let mut best: Option<Placement> = None;
        for seed in 0..SEEDS {
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
        let slots = placement.slots.iter().map(|&index| match edges.get(index as usize) {
            None => Slot { parent: VACANT, child: 0, start: 0, length: 0 },
            Some(edge) => {
                let start = bytes.len() as u32;
                bytes.extend_from_slice(&edge.segment);
                Slot { parent: edge.parent, child: edge.child, start, length: edge.segment.len() as u32 }
            }
        });
        PerfectHash {
            seed: placement.seed,
            slots: slots.collect(),
            displacements: placement.displacements.into(),
            bytes: bytes.into(),
            overflow: placement.unplaced.iter().map(|&index| edges[index as usize].clone()).collect(),
        }
    }

    /// The child of `parent` by a segment whose [`hash`] is given and which `is` recognises.
    #[inline]
    pub(super) fn get(&self, parent: u32, hash: u64, is: impl Fn(&[u8]) -> bool) -> Option<u32> {
        let key = combine(hash, parent, self.seed);
        let displacement = self.displacements.get(bucket(key, self.displacements.len()))?;
        let found = self.slots.get(slot(key, *displacement, self.slots.len()))?;
        if found.parent == parent && is(&self.bytes[found.start as usize..][..found.length as usize]) {
            return Some(found.child);
        }
        if self.overflow.is_empty() {
            return None;
        }
        self.overflow.iter().find(|edge| edge.parent == parent && is(&edge.segment)).map(|edge| edge.child)
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

#[inline]
fn combine(hash: u64, parent: u32, seed: u64) -> u64 {
    hash ^ (u64::from(parent) << 32 | seed).wrapping_mul(FACTOR)
}

#[inline]
fn bucket(key: u64, buckets: usize) -> usize {
    (key >> 32) as usize & buckets.wrapping_sub(1)
}

#[inline]
fn slot(key: u64, displacement: u32, slots: usize) -> usize {
    fold(key ^ u64::from(displacement), FACTOR) as usize & slots.wrapping_sub(1)
}

/// Hash of a segment in the making: eight bytes at a time, as the scanner of a path reads them.
#[derive(Clone, Copy)]
pub(super) struct SegmentHash(u64);

impl SegmentHash {
    #[inline]
    pub(super) fn new() -> SegmentHash {
        SegmentHash(FACTOR)
    }

    /// The next eight bytes, little-endian.
    #[inline]
    pub(super) fn whole(self, word: u64) -> SegmentHash {
        SegmentHash(fold(self.0 ^ word, FACTOR))
    }

    /// The last bytes, fewer than eight, with zeros above them. `length` is that of the segment, which tells `a`
    /// from `a\0`.
    #[inline]
    pub(super) fn last(self, word: u64, length: usize) -> u64 {
        fold(self.0 ^ word, FACTOR) ^ length as u64
    }
}

/// Hash of a whole segment, decoded.
pub(super) fn hash(segment: &[u8]) -> u64 {
    hash_bytes(segment.iter().copied())
}

/// [`hash`] of bytes that come one by one.
pub(super) fn hash_bytes(bytes: impl Iterator<Item = u8>) -> u64 {
    let (mut state, mut word, mut length) = (SegmentHash::new(), 0, 0);
    for byte in bytes {
        word |= u64::from(byte) << (length % 8 * 8);
        length += 1;
        if length % 8 == 0 {
            state = state.whole(word);
            word = 0;
        }
    }
    state.last(word, length)
}
