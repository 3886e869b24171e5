//! Whether two schemas describe the same thing, and how sure that is.

use mocker_schema::{SchemaId, Schemas};

use super::naming;
use super::properties;

/// Two schemas that describe one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Agreement {
    /// The higher the surer
    pub(super) strength: u32,
    /// Half a sentence
    pub(super) reason: String,
}

/// The same schema, to the node.
const SAME: u32 = 1000;
/// One is the other and something more.
const PART: u32 = 900;
/// They have an alternative in common.
pub(super) const ALTERNATIVE: u32 = 800;

/// Words of schema names that say how much is told of a thing, not what it is.
const MANNERS: [&str; 26] = [
    "simple",
    "simplified",
    "minimal",
    "short",
    "base",
    "basic",
    "full",
    "detail",
    "details",
    "detailed",
    "summary",
    "inspect",
    "response",
    "object",
    "schema",
    "item",
    "items",
    "list",
    "info",
    "retrieve",
    "get",
    "public",
    "private",
    "model",
    "dto",
    "with",
];

/// Of 100 properties of the smaller one, how many the other must have too.
const OVERLAP: usize = 50;
/// The same where their names agree, or they are identified alike.
const OVERLAP_OF_RELATED: usize = 25;

/// Whether `a` and `b` describe the same thing.
pub(super) fn agreement(schemas: &Schemas, a: SchemaId, b: SchemaId) -> Option<Agreement> {
    let (first, second) = (properties::target(schemas, a), properties::target(schemas, b));
    let called =
        |id| properties::name(schemas, id).map_or_else(|| "of one schema".to_owned(), |n| format!("`{n}`"));
    if first == second {
        return Some(Agreement { strength: SAME, reason: format!("both are {}", called(first)) });
    }
    for (whole, part) in [(first, second), (second, first)] {
        if properties::wholes(schemas, whole).contains(&part) {
            return Some(Agreement { strength: PART, reason: format!("both have all of {}", called(part)) });
        }
    }
    let others = properties::branches(schemas, second);
    let common = properties::branches(schemas, first)
        .into_iter()
        .find(|branch| others.contains(branch) && properties::is_object(schemas, *branch));
    if let Some(common) = common {
        return Some(Agreement { strength: ALTERNATIVE, reason: format!("both may be {}", called(common)) });
    }
    overlap(schemas, first, second)
}

fn overlap(schemas: &Schemas, a: SchemaId, b: SchemaId) -> Option<Agreement> {
    let (first, second) = (properties::properties(schemas, a), properties::properties(schemas, b));
    let (small, large) = if first.len() <= second.len() { (&first, &second) } else { (&second, &first) };
    if small.is_empty() {
        return None;
    }
    let is_shared = |(name, _): &&(&str, SchemaId)| large.iter().any(|(other, _)| other == name);
    let shared: Vec<&str> = small.iter().filter(is_shared).map(|(name, _)| *name).collect();
    let percent = shared.len() * 100 / small.len();
    let is_identified = shared.iter().any(|name| is_identifying(name));
    let are_related = related(schemas, a, b);
    let needed = if are_related || is_identified { OVERLAP_OF_RELATED } else { OVERLAP };
    let is_enough =
        percent >= needed && (shared.len() > 1 || are_related || small.len() == 1 && is_identified);
    let named = |id| properties::name(schemas, id).map(|name| format!("`{name}`"));
    let names = match (named(a), named(b)) {
        (Some(a), Some(b)) => format!("{a} and {b}"),
        (Some(one), None) | (None, Some(one)) => format!("it and {one}"),
        (None, None) => "they".to_owned(),
    };
    is_enough.then(|| Agreement {
        strength: percent as u32 * 5 + if are_related { 100 } else { 0 },
        reason: format!("{names} share {} of {} properties", shared.len(), small.len()),
    })
}

fn is_identifying(name: &str) -> bool {
    matches!(&*naming::squashed(name), "id" | "uuid" | "guid" | "sid" | "slug" | "key")
}

/// Whether two schemas are named after the same thing: `gist-simple` and `base-gist`.
fn related(schemas: &Schemas, a: SchemaId, b: SchemaId) -> bool {
    let stem = |id| {
        let words = naming::words(properties::name(schemas, id)?);
        let kept = words.iter().filter(|word| !MANNERS.contains(&&***word));
        let stem: Vec<String> = kept.map(|word| naming::singular(word)).collect();
        (!stem.is_empty()).then_some(stem)
    };
    stem(a).zip(stem(b)).is_some_and(|(a, b)| a == b)
}
