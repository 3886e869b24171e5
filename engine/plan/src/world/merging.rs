//! Objects joined to objects, as JSON Merge Patch does it (RFC 7396, section 2).

use bumpalo::Bump;
use bumpalo::collections::Vec as BumpVec;

use crate::request::Value;

/// How objects are joined.
#[derive(Clone, Copy)]
pub(super) struct Merging {
    /// Whether `null` takes a member away; else it is a value like others
    pub(super) removes: bool,
    /// Objects inside one another that are joined; deeper ones take the place of others
    pub(super) depth: usize,
}

impl Merging {
    /// `base` with the members of `over` in place of its own. What is no object takes its place.
    pub(super) fn merged<'b>(self, base: Value<'b>, over: Value<'b>, arena: &'b Bump) -> Value<'b> {
        let (Value::Object(over), true) = (over, self.depth > 0) else { return over };
        let base = match base {
            Value::Object(base) => base,
            _ => &[],
        };
        let inner = Merging { depth: self.depth - 1, ..self };
        let is_left = |value: &Value<'_>| !(self.removes && matches!(value, Value::Null));
        let mut members = BumpVec::with_capacity_in(base.len() + over.len(), arena);
        for (name, value) in base {
            match member(over, name) {
                None => members.push((*name, *value)),
                Some(new) if is_left(&new) => members.push((*name, inner.merged(*value, new, arena))),
                Some(_) => {}
            }
        }
        let added = over.iter().filter(|(name, value)| is_left(value) && member(base, name).is_none());
        members.extend(added.map(|(name, new)| (*name, inner.merged(Value::Null, *new, arena))));
        Value::Object(members.into_bump_slice())
    }
}

fn member<'b>(members: &[(&'b str, Value<'b>)], name: &str) -> Option<Value<'b>> {
    members.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}
