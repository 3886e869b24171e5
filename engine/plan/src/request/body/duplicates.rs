//! Names that an object has twice.

use std::collections::HashSet;

/// Names up to which a repeated sign is looked into by comparing with the names before it.
const COMPARED: usize = 64;

/// Whether a name comes twice. A sign of eight bits tells most names apart without comparing them.
pub(super) fn any<'t>(names: impl Iterator<Item = &'t str> + Clone) -> bool {
    let mut signs = [0u64; 4];
    for (index, name) in names.clone().enumerate() {
        let sign = sign(name);
        let (word, bit) = (usize::from(sign / 64), 1u64 << (sign % 64));
        if signs[word] & bit != 0 {
            if index > COMPARED {
                return any_by_hash(names);
            }
            if names.clone().take(index).any(|other| other == name) {
                return true;
            }
        }
        signs[word] |= bit;
    }
    false
}

fn sign(name: &str) -> u8 {
    let bytes = name.as_bytes();
    let at = |index: usize| bytes.get(index).copied().map_or(0, usize::from);
    let (first, middle, last) = (at(0), at(bytes.len() / 2), at(bytes.len().wrapping_sub(1)));
    (first * 5 + middle * 11 + last * 23 + bytes.len() * 3) as u8
}

#[cold]
fn any_by_hash<'t>(mut names: impl Iterator<Item = &'t str>) -> bool {
    let mut seen = HashSet::new();
    !names.all(|name| seen.insert(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_comes_twice_is_found_wherever_it_stands() {
        for count in [1, 2, 7, 63, 64, 65, 66, 300] {
            let names: Vec<String> = (0..count).map(|number| format!("name-{number}")).collect();
            let found = |names: &[&str]| any(names.iter().copied());
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            assert!(!found(&names), "{count}");
            for repeated in [0, count / 2, count - 1] {
                let mut twice = names.clone();
                twice.push(names[repeated]);
                assert!(found(&twice), "{repeated} of {count}");
                twice.swap(0, count);
                assert!(found(&twice), "{repeated} of {count}, in front");
            }
        }
        assert!(any(["", ""].into_iter()));
    }
}
