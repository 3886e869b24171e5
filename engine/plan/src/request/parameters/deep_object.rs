//! Style `deepObject`: `p[a][b]=1`, `p[list][0]=x`, `p[list][]=x`.

use std::cmp::Ordering;

use bumpalo::collections::Vec;

use super::pairs::Pair;
use super::reader::Reader;
use super::shape::{Form, ROOT, ShapeId};
use crate::limits::MAX_BRACKETS;
use crate::request::Value;

/// One pair of the query that is a part of the object.
#[derive(Clone, Copy)]
struct Leaf<'a> {
    /// What stands in the brackets
    path: &'a [&'a str],
    raw: &'a [u8],
    order: usize,
}

/// The object called `name`; `None` where no pair is a part of it.
pub(super) fn read<'a>(reader: &Reader<'_, 'a>, name: &str, pairs: &'a [Pair<'a>]) -> Option<Value<'a>> {
    let mut leaves = Vec::new_in(reader.arena);
    for (order, pair) in pairs.iter().enumerate() {
        if let Some(path) = path(reader, name, pair.name) {
            leaves.push(Leaf { path, raw: pair.value, order });
        }
    }
    if leaves.is_empty() {
        return None;
    }
    leaves.sort_unstable_by(|a, b| in_order(a.path, b.path).then(a.order.cmp(&b.order)));
    Some(build(reader, Some(ROOT), leaves.into_bump_slice(), 0))
}

/// What stands in the brackets behind `name`; `None` for a name of another form or with too many of them.
fn path<'a>(reader: &Reader<'_, 'a>, name: &str, sent: &'a str) -> Option<&'a [&'a str]> {
    let (head, mut rest) = sent.split_at_checked(name.len())?;
    if !head.eq_ignore_ascii_case(name) || rest.is_empty() {
        return None;
    }
    let mut path = Vec::new_in(reader.arena);
    while !rest.is_empty() {
        let (segment, behind) = rest.strip_prefix('[')?.split_once(']')?;
        path.push(segment);
        rest = behind;
        if path.len() > MAX_BRACKETS {
            return None;
        }
    }
    Some(path.into_bump_slice())
}

/// Indices before names, by their number; the shorter path before those that go on.
fn in_order(a: &[&str], b: &[&str]) -> Ordering {
    let key = |segment: &str| if is_index(segment) { (0, segment.len()) } else { (1, 0) };
    let segments = a.iter().zip(b).map(|(a, b)| key(a).cmp(&key(b)).then_with(|| a.cmp(b)));
    segments.fold(Ordering::Equal, Ordering::then).then(a.len().cmp(&b.len()))
}

/// A number, or nothing: the next one.
fn is_index(segment: &str) -> bool {
    segment.bytes().all(|byte| byte.is_ascii_digit())
}

/// The value of leaves that have the first `depth` segments in common. Deeper ones go before those that end
/// here (`p[a]=1&p[a][b]=2`).
fn build<'a>(
    reader: &Reader<'_, 'a>,
    shape: Option<ShapeId>,
    leaves: &'a [Leaf<'a>],
    depth: usize,
) -> Value<'a> {
    let ended = leaves.iter().take_while(|leaf| leaf.path.len() == depth).count();
    let (here, deeper) = leaves.split_at(ended);
    if deeper.is_empty() {
        return reader.repeated(shape, here.iter().map(|leaf| leaf.raw));
    }
    let is_list = match shape.map(|shape| &reader.shapes[shape]) {
        Some(shape) if shape.admits(Form::Array) => deeper.iter().all(|leaf| is_index(leaf.path[depth])),
        Some(shape) if shape.admits(Form::Object) => false,
        _ => deeper.iter().all(|leaf| leaf.path[depth].is_empty()),
    };
    let groups = deeper.chunk_by(|a, b| a.path[depth] == b.path[depth]);
    if !is_list {
        let members = groups.map(|group| {
            let name = group[0].path[depth];
            let shape = shape.and_then(|shape| reader.shapes[shape].member(name));
            (name, build(reader, shape, group, depth + 1))
        });
        return Value::Object(Vec::from_iter_in(members, reader.arena).into_bump_slice());
    }
    let items = shape.and_then(|shape| reader.shapes[shape].items);
    // `[]` is a new element each time
    let width = |group: &'a [Leaf<'a>]| if group[0].path[depth].is_empty() { 1 } else { group.len() };
    let elements = groups.flat_map(|group| group.chunks(width(group)));
    let elements = elements.map(|element| build(reader, items, element, depth + 1));
    Value::Array(Vec::from_iter_in(elements, reader.arena).into_bump_slice())
}
