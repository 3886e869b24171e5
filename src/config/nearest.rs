//! Guesses what a misspelt name was meant to be.

/// The candidate nearest to `wrong`, if one is near enough to be worth naming.
pub(crate) fn nearest<'n>(wrong: &str, candidates: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let folded = folded(wrong);
    let tolerance = (wrong.chars().count() / 3).clamp(1, 4);
    let measured = candidates.map(|name| (strsim::osa_distance(&folded, &self::folded(name)), name));
    measured
        .filter(|(distance, _)| *distance <= tolerance)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// What other servers call otherwise.
const ELSEWHERE: [(&str, &[&str]); 4] = [
    ("max_connections_per_ip", &["max_connections_per_client"]),
    ("max_request_size", &["max_body_size"]),
    ("read_timeout", &["head_timeout", "body_timeout"]),
    ("keep_alive_timeout", &["idle_timeout"]),
];

/// What is said here by a name that other servers have for it.
pub(crate) fn named_elsewhere(name: &str) -> Option<&'static [&'static str]> {
    let name = folded(name);
    ELSEWHERE.iter().find(|(other, _)| folded(other) == name).map(|(_, ours)| *ours)
}

/// `maxBodySize`, `max-body-size` and `max_body_size` are one name.
fn folded(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-')).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let names = ["port", "host", "max_body_size", "header."];
        for (wrong, expected) in [
            ("prot", Some("port")),
            ("Host", Some("host")),
            ("maxBodySize", Some("max_body_size")),
            ("max-body-sise", Some("max_body_size")),
            ("header", Some("header.")),
            ("colour", None),
            ("", None),
        ] {
            assert_eq!(nearest(wrong, names.into_iter()), expected, "{wrong}");
        }
    }
}
