//! The entities that have what a query asks for, in the order that it asks for.

use super::kind::{Kind, Scene};
use super::paging::Sought;
use crate::limits::{MAX_SIFTED_ENTITIES, MAX_SORTED_TEXT};

/// Indexes of the entities that have what is asked for, in the order that is; `None` where it is asked for nothing.
pub(super) fn sifted(
    kind: &Kind,
    scene: &Scene<'_>,
    filters: &[Sought],
    sort: Option<(usize, bool)>,
) -> Option<Vec<u64>> {
    let matter = &kind.matter;
    let mut is_sifted = sort.is_some();
    if !is_sifted && filters.is_empty() {
        return None;
    }
    let mut bytes = Vec::new();
    let mut has = |identity: &str, sought: &Sought| {
        bytes.clear();
        kind.value(scene, identity, sought.column, &mut bytes) && is_equal(&bytes, &sought.text)
    };
    let all = (0..matter.size.min(MAX_SIFTED_ENTITIES)).map(|index| (index, matter.codec.text(index)));
    let mut kept: Vec<(u64, String)> = all.collect();
    let (required, free): (Vec<&Sought>, Vec<&Sought>) = filters.iter().partition(|sought| sought.may_fail);
    for sought in required {
        let found: Vec<bool> = kept.iter().map(|(_, identity)| has(identity, sought)).collect();
        if found.contains(&true) {
            let mut found = found.into_iter();
            kept.retain(|_| found.next().unwrap_or_default());
            is_sifted = true;
        }
    }
    is_sifted |= !free.is_empty();
    kept.retain(|(_, identity)| free.iter().all(|sought| has(identity, sought)));
    if !is_sifted {
        return None;
    }
    if let Some((column, is_reverse)) = sort {
        kept.sort_by_cached_key(|(index, identity)| {
            let mut bytes = Vec::new();
            kind.value(scene, identity, column, &mut bytes);
            (Rank::of(&bytes), *index)
        });
        if is_reverse {
            kept.reverse();
        }
    }
    Some(kept.into_iter().map(|(index, _)| index).collect())
}

/// How values order: numbers by size, before texts.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// The bits of a number, turned so that they order as it does
    Number(u64),
    Text(Vec<u8>),
}

impl Rank {
    fn of(value: &[u8]) -> Rank {
        let number = std::str::from_utf8(value).ok().and_then(|text| text.parse::<f64>().ok());
        match number {
            Some(number) => {
                let bits = number.to_bits();
                Rank::Number(if bits >> 63 == 0 { bits | 1 << 63 } else { !bits })
            }
            None => {
                let text = serde_json::from_slice::<String>(value).map(String::into_bytes);
                let mut text = text.unwrap_or_else(|_| value.to_vec());
                text.truncate(MAX_SORTED_TEXT);
                text.shrink_to_fit();
                Rank::Text(text)
            }
        }
    }
}

/// Whether a value as JSON is what a client wrote into a query.
pub(super) fn is_equal(value: &[u8], wanted: &str) -> bool {
    match value.first() {
        Some(b'"') => serde_json::from_slice::<String>(value).is_ok_and(|text| text == wanted),
        _ => value == wanted.as_bytes(),
    }
}
