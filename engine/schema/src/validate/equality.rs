//! When two JSON values are the same: `1` is `1.0`, the order of members does not matter.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use mocker_source::Kind;

use super::instance::Instance;
use crate::limits;

/// JSON Schema 2020-12 core, section 4.2.2.
pub(crate) fn equal<'a, 'b, A: Instance<'a>, B: Instance<'b>>(a: A, b: B) -> bool {
    match (a.kind(), b.kind()) {
        (Kind::Null, Kind::Null) => true,
        (Kind::Bool, Kind::Bool) => a.as_bool() == b.as_bool(),
        (Kind::String, Kind::String) => a.as_str() == b.as_str(),
        (Kind::Number, Kind::Number) => match (a.as_num(), b.as_num()) {
            (Some(a), Some(b)) => a.order(b) == Some(std::cmp::Ordering::Equal),
            _ => false,
        },
        (Kind::Array, Kind::Array) => {
            a.len() == b.len() && a.items().zip(b.items()).all(|(a, b)| equal(a, b))
        }
        (Kind::Object, Kind::Object) => a.len() == b.len() && equal_members(a, b),
        _ => false,
    }
}

/// Members of two objects of one size. Where they stand in one order none is searched for, and in large
/// objects none by going through all: not every instance finds a member at once.
fn equal_members<'a, 'b, A: Instance<'a>, B: Instance<'b>>(a: A, b: B) -> bool {
    if a.entries().zip(b.entries()).all(|((one, _), (other, _))| one == other) {
        return a.entries().zip(b.entries()).all(|((_, one), (_, other))| equal(one, other));
    }
    if a.len() <= limits::PAIRWISE_ITEMS {
        return a.entries().all(|(name, value)| b.get(name).is_some_and(|other| equal(value, other)));
    }
    let members: HashMap<&str, B> = b.entries().collect();
    a.entries().all(|(name, value)| members.get(name).is_some_and(|other| equal(value, *other)))
}

/// The same for equal values.
pub(crate) fn hash<'a, I: Instance<'a>>(value: I) -> u64 {
    let mut hasher = DefaultHasher::new();
    match value.kind() {
        Kind::Null => 0u8.hash(&mut hasher),
        Kind::Bool => value.as_bool().hash(&mut hasher),
        Kind::String => value.as_str().hash(&mut hasher),
        Kind::Number => value.as_num().map(super::Num::hash_bits).hash(&mut hasher),
        Kind::Array => {
            1u8.hash(&mut hasher);
            value.items().for_each(|item| hash(item).hash(&mut hasher));
        }
        Kind::Object => {
            let members = value.entries().map(|(name, value)| {
                let mut member = DefaultHasher::new();
                name.hash(&mut member);
                hash(value).hash(&mut member);
                member.finish()
            });
            members.fold(2u64, u64::wrapping_add).hash(&mut hasher);
        }
    }
    hasher.finish()
}

/// Whether two elements are equal.
pub(super) fn has_duplicate<'a, I: Instance<'a>>(array: I) -> bool {
    if array.len() <= limits::PAIRWISE_ITEMS {
        return array
            .items()
            .enumerate()
            .any(|(i, item)| array.items().take(i).any(|other| equal(item, other)));
    }
    let hashed = by_hash(array);
    hashed.chunk_by(|a, b| a.0 == b.0).any(|same| duplicates(same).next().is_some())
}

/// The two equal elements that Ajv names, in its order. It goes through an array from the end, and keeps a table
/// of those it saw where `items` names types of scalars.
pub(super) fn told_duplicate<'a, I: Instance<'a>>(
    array: I,
    has_typed_scalars: bool,
) -> Option<(usize, usize)> {
    let hashed = by_hash(array);
    let pairs = hashed.chunk_by(|a, b| a.0 == b.0).flat_map(duplicates);
    match has_typed_scalars {
        true => pairs.max_by_key(|(earlier, _)| *earlier).map(|(earlier, later)| (later, earlier)),
        false => pairs.max_by_key(|(_, later)| *later),
    }
}

/// Elements with their hashes and indices, equal ones side by side.
fn by_hash<'a, I: Instance<'a>>(array: I) -> Vec<(u64, usize, I)> {
    let mut hashed: Vec<_> = array.items().enumerate().map(|(i, item)| (hash(item), i, item)).collect();
    hashed.sort_unstable_by_key(|(hash, index, _)| (*hash, *index));
    hashed
}

/// Indices of each element that has an equal one before it: of the nearest such one, then its own.
fn duplicates<'a, I: Instance<'a>>(same: &[(u64, usize, I)]) -> impl Iterator<Item = (usize, usize)> {
    same.iter().enumerate().filter_map(move |(at, (_, later, item))| {
        let (_, earlier, _) = same[..at].iter().rev().find(|(_, _, other)| equal(*item, *other))?;
        Some((*earlier, *later))
    })
}
