//! Times as people write them: `500ms`, `30s`, `1h30m`.

use std::fmt;
use std::time::Duration;

use crate::decimal;
use crate::limits::LONGEST_DURATION;

/// Units from the largest, with their nanoseconds.
const UNITS: [(&str, f64); 7] =
    [("d", 86_400e9), ("h", 3_600e9), ("m", 60e9), ("s", 1e9), ("ms", 1e6), ("us", 1e3), ("ns", 1.0)];

/// Why a text is not a time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Nothing there
    #[error("a time is missing: write `30s`, `500ms` or `1h30m`")]
    Empty,
    /// A number alone
    #[error("`{0}` has no unit: write `{0}s` for seconds, `{0}ms` for milliseconds or `{0}m` for minutes")]
    NoUnit(String),
    /// A unit that is none
    #[error("`{unit}` in `{text}` is no unit of time: there are ns, us, ms, s, m, h and d, as in `1h30m`")]
    Unit {
        /// The whole text
        text: String,
        /// What stands for the unit
        unit: String,
    },
    /// Something else
    #[error("`{0}` is not a time: write `30s`, `500ms` or `1h30m`")]
    Shape(String),
    /// Units that repeat or grow
    #[error("the units of `{0}` do not get smaller: write `1h30m`")]
    Order(String),
    /// Beyond [`LONGEST_DURATION`]
    #[error("`{0}` is longer than a year")]
    TooLong(String),
}

/// Reads `30s`, `5m`, `1h30m`, `500ms`, `1.5s`; units get smaller. Finest is the nanosecond.
///
/// # Errors
/// Says what would be right; a number without a unit is a fault.
pub fn parse(text: &str) -> Result<Duration, Fault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Fault::Empty);
    }
    if decimal::parse(text).is_some() {
        return Err(Fault::NoUnit(text.to_owned()));
    }
    let mut rest = text;
    let mut units = UNITS.iter();
    let mut nanoseconds = 0.0;
    while !rest.is_empty() {
        let (digits, behind) = decimal::split(rest);
        let number = decimal::parse(digits).ok_or_else(|| Fault::Shape(text.to_owned()))?;
        let end = behind.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(behind.len());
        let (unit, next) = behind.split_at(end);
        let name = if unit == "µs" || unit == "μs" { "us" } else { unit };
        if !UNITS.iter().any(|(known, _)| *known == name) {
            return Err(Fault::Unit { text: text.to_owned(), unit: unit.to_owned() });
        }
        let (_, size) =
            units.find(|(known, _)| *known == name).ok_or_else(|| Fault::Order(text.to_owned()))?;
        nanoseconds += number * size;
        rest = next;
    }
    if nanoseconds > LONGEST_DURATION as f64 * 1e9 {
        return Err(Fault::TooLong(text.to_owned()));
    }
    Ok(Duration::from_nanos(nanoseconds.round() as u64))
}

/// A time as [`parse`] reads it: `1h30m`, `500ms`, `0s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written(pub Duration);

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0.as_nanos();
        if rest == 0 {
            return f.write_str("0s");
        }
        for (unit, size) in UNITS {
            let size = size as u128;
            if rest >= size {
                write!(f, "{}{unit}", rest / size)?;
                rest %= size;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn times_are_read() {
        let cases: [(&str, u64); 17] = [
            ("30s", 30_000_000_000),
            ("5m", 300_000_000_000),
            ("1h30m", 5_400_000_000_000),
            ("500ms", 500_000_000),
            ("1.5s", 1_500_000_000),
            ("250us", 250_000),
            ("250µs", 250_000),
            ("2m", 120_000_000_000),
            ("0.3ms", 300_000),
            (".5s", 500_000_000),
            ("0s", 0),
            ("1d", 86_400_000_000_000),
            ("1m30s", 90_000_000_000),
            ("1s500ms", 1_500_000_000),
            ("7ns", 7),
            (" 30s ", 30_000_000_000),
            ("365d", 31_536_000_000_000_000),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text), Ok(Duration::from_nanos(expected)), "{text}");
        }
    }

    #[test]
    fn faults_say_what_would_be_right() {
        let cases = [
            ("", "a time is missing: write `30s`, `500ms` or `1h30m`"),
            ("30", "`30` has no unit: write `30s` for seconds, `30ms` for milliseconds or `30m` for minutes"),
            (
                "1.5",
                "`1.5` has no unit: write `1.5s` for seconds, `1.5ms` for milliseconds or `1.5m` for minutes",
            ),
            (
                "30sec",
                "`sec` in `30sec` is no unit of time: there are ns, us, ms, s, m, h and d, as in `1h30m`",
            ),
            ("5M", "`M` in `5M` is no unit of time: there are ns, us, ms, s, m, h and d, as in `1h30m`"),
            ("1h30", "`` in `1h30` is no unit of time: there are ns, us, ms, s, m, h and d, as in `1h30m`"),
            ("1 s", "` s` in `1 s` is no unit of time: there are ns, us, ms, s, m, h and d, as in `1h30m`"),
            ("s", "`s` is not a time: write `30s`, `500ms` or `1h30m`"),
            ("-5s", "`-5s` is not a time: write `30s`, `500ms` or `1h30m`"),
            ("1.2.3s", "`1.2.3s` is not a time: write `30s`, `500ms` or `1h30m`"),
            ("forever", "`forever` is not a time: write `30s`, `500ms` or `1h30m`"),
            ("30m1h", "the units of `30m1h` do not get smaller: write `1h30m`"),
            ("1s1s", "the units of `1s1s` do not get smaller: write `1h30m`"),
            ("366d", "`366d` is longer than a year"),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text).map_err(|fault| fault.to_string()), Err(expected.to_owned()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(nanoseconds in 0..LONGEST_DURATION * 1_000_000) {
            let duration = Duration::from_nanos(nanoseconds);
            prop_assert_eq!(parse(&Written(duration).to_string()), Ok(duration));
        }

        #[test]
        fn no_text_panics(text in "\\PC{0,20}") {
            let _ = parse(&text);
        }

        #[test]
        fn no_text_of_its_letters_panics(text in "[0-9.smhdnuµ]{0,20}") {
            let _ = parse(&text);
        }
    }
}
