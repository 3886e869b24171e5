//! Names that an object has twice.

use std::collections::HashSet;

/// Names up to which a repeated sign is looked into by comparing with the names before it.
const COMPARED: usize = 64;

/// Whether a name comes twice. A sign of six bits tells most names apart without comparing them.
pub(super) fn any<'t>(names: impl Iterator<Item = &'t str> + Clone) -> bool {
    let mut signs = 0u64;
    for (index, name) in names.clone().enumerate() {
        let sign = 1u64 << sign(name);
        if signs & sign != 0 {
            if index > COMPARED {
                return any_by_hash(names);
            }
            if names.clone().take(index).any(|other| other == name) {
                return true;
            }
        }
        signs |= sign;
    }
    false
}

fn sign(name: &str) -> u32 {
    let bytes = name.as_bytes();
    let at = |index: usize| bytes.get(index).map_or(0, |&byte| u32::from(byte));
    let (first, middle, last) = (at(0), at(bytes.len() / 2), at(bytes.len().wrapping_sub(1)));
    (first * 5 + middle * 11 + last * 23 + bytes.len() as u32 * 3) % 64
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
