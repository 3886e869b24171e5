//! `parameters` of a chaos scenario: what there is, and what goes with which type.

use mocker_engine::chaos::Kind;

use crate::config::section::answer::HEADERS;
use crate::config::shape::{Bare, Field, Grammar, Shape, Table, Word};

/// A time that something waits or takes.
pub(super) const TIME: Shape = Shape::Time { least: 0, most: 3_600_000, bare: Bare::Nothing };
/// `Retry-After` counts in seconds.
pub(super) const SECONDS: Shape = Shape::Time { least: 0, most: 31_536_000_000, bare: Bare::Seconds };
pub(super) const BYTES: Shape = Shape::Size { least: 0, most: 1 << 30 };
pub(super) const RATE: Shape = Shape::Size { least: 1, most: 1 << 40 };

/// `p99.9`: the share that is shorter, in percent.
pub(super) static PERCENTILE: Grammar = Grammar {
    name: "a percentile from `p0` to `p100`",
    example: "p99",
    pattern: Some("^p([0-9]{1,2}(\\.[0-9]+)?|100)$"),
    check: |text| match percent(text) {
        Some(_) => Ok(()),
        None => Err("this is no percentile".to_owned()),
    },
};

static TIME_OF: Shape = TIME;

const MODES: &[Word] = &[
    Word { name: "add", alias: None, about: "on top of what the answer takes by itself" },
    Word { name: "set", alias: None, about: "from when the request came, in place of what scripts wait" },
];

pub(super) static TABLE: Table = Table {
    name: "chaos-parameters",
    about: "How a scenario strikes. A delay has one of `fixed`, `min` with `max`, `mean` with `stddev`, `median` with \
            `sigma`, and `percentiles`",
    fields: &[
        Field::new("fixed", TIME, "`latency`, `slow-accept`: always so long"),
        Field::new("min", TIME, "`latency`, `slow-accept`: at least so long, up to `max`, uniformly"),
        Field::new("max", TIME, "With `min`"),
        Field::new("mean", TIME, "`latency`, `slow-accept`: normally distributed around this, with `stddev`"),
        Field::new("stddev", TIME, "With `mean`"),
        Field::new("median", TIME, "`latency`, `slow-accept`: lognormal around this, with `sigma`"),
        Field::new(
            "sigma",
            Shape::Number { least: 0.0, most: 10.0 },
            "With `median`: the standard deviation of the logarithm",
        ),
        Field::new(
            "percentiles",
            Shape::Map { keys: &PERCENTILE, of: &TIME_OF },
            "`latency`, `slow-accept`: so many percent are shorter, as `{ p50: 20ms, p99: 300ms }`",
        ),
        Field::new("mode", Shape::Choice(MODES), "`latency`: what is measured; `add` when not given"),
        Field::new(
            "status",
            Shape::Integer { least: 200, most: 599 },
            "`error`: its status; 500 when not given",
        ),
        Field::new(
            "body",
            Shape::Any,
            "`error`: its body, a text as it stands, all else as JSON; a problem document when not given",
        ),
        HEADERS,
        Field::new("retry_after", SECONDS, "`error`: `Retry-After`, in whole seconds"),
        Field::new(
            "bytes",
            BYTES,
            "`truncate`: bytes of the body that come, half of them when not given; `wrong-length`: bytes that do not \
             come, 16 when not given; `garbage`: how many come, 64 when not given, 1 MiB at most",
        ),
        Field::new(
            "chunks",
            Shape::Integer { least: 2, most: 1_000_000 },
            "`dribble`: pieces of the answer; 5 when not given",
        ),
        Field::new("duration", TIME, "`dribble`: from the first piece to the last; `1s` when not given"),
        Field::new(
            "bytes_per_second",
            RATE,
            "`bandwidth`: bytes of the answer in a second; 1024 when not given",
        ),
    ],
    families: &[],
    rules: &[],
};

/// Keys that go with a type.
pub(super) fn keys(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Latency => &["fixed", "min", "max", "mean", "stddev", "median", "sigma", "percentiles", "mode"],
        Kind::SlowAccept => &["fixed", "min", "max", "mean", "stddev", "median", "sigma", "percentiles"],
        Kind::Error => &["status", "body", "headers", "retry_after"],
        Kind::Truncate | Kind::WrongLength | Kind::Garbage => &["bytes"],
        Kind::Dribble => &["chunks", "duration"],
        Kind::Bandwidth => &["bytes_per_second"],
        Kind::Timeout | Kind::Reset | Kind::Empty | Kind::MalformedChunk => &[],
    }
}

/// What `p99.9` says.
pub(super) fn percent(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('p')?;
    let is_plain = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
        && digits.split('.').next().is_some_and(|whole| whole.len() < 3 || digits == "100");
    digits.parse::<f64>().ok().filter(|percent| is_plain && (0.0..=100.0).contains(percent))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::section::chaos::KINDS;

    #[test]
    fn every_key_goes_with_a_type() {
        let of_types: Vec<&str> = Kind::ALL.into_iter().flat_map(keys).copied().collect();
        let known: Vec<&str> = TABLE.fields.iter().map(|field| field.key).collect();
        assert!(of_types.iter().all(|key| known.contains(key)), "{of_types:?}");
        assert!(known.iter().all(|key| of_types.contains(key)), "{known:?}");
        assert_eq!(KINDS.len(), Kind::ALL.len());
    }

    #[test]
    fn percentiles_are_between_0_and_100() {
        for (text, expected) in [
            ("p50", Some(50.0)),
            ("p99.9", Some(99.9)),
            ("p0", Some(0.0)),
            ("p100", Some(100.0)),
            ("p101", None),
            ("p100.5", None),
            ("50", None),
            ("p", None),
            ("p-1", None),
            ("p1e1", None),
            ("p5.", None),
            ("p.5", None),
            ("p1.2.3", None),
            ("p099", None),
        ] {
            assert_eq!(percent(text), expected, "{text}");
        }
    }
}
