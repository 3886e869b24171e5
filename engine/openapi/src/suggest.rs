//! Guesses what a misspelt name was meant to be.

/// The candidate nearest to `wrong`, if one is near enough to be worth naming.
pub(crate) fn nearest<'n>(wrong: &str, candidates: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let folded = wrong.to_ascii_lowercase();
    let tolerance = (wrong.chars().count() / 3).clamp(1, 4);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        if candidate.len().abs_diff(wrong.len()) > tolerance * 4 {
            continue;
        }
        let distance = strsim::osa_distance(&folded, &candidate.to_ascii_lowercase());
        if distance <= tolerance && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let names = ["Pet", "PetList", "Order", "Category"];
        for (wrong, expected) in [
            ("pet", Some("Pet")),
            ("Pets", Some("Pet")),
            ("Catgory", Some("Category")),
            ("Oredr", Some("Order")),
            ("Invoice", None),
            ("", None),
        ] {
            assert_eq!(nearest(wrong, names.into_iter()), expected, "{wrong}");
        }
    }
}
