//! Rates as people write them: `10k`, `600/m`, `max`; and stages of them.

use crate::decimal;
use crate::duration;
use crate::limits::{HIGHEST_RATE, MAX_STAGES};
use crate::load::Stage;

/// How fast.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rate {
    /// Requests a second, over all threads and connections; above 0
    PerSecond(f64),
    /// As fast as answers come: a closed loop
    Max,
}

/// Why a text is not a rate, or not stages.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Nothing there
    #[error("a rate is missing: write `10k`, `600/m` or `max`")]
    Empty,
    /// Not a number
    #[error("`{0}` is not a rate: write `500`, `10k`, `1.5k/s`, `600/m` or `max`")]
    Shape(String),
    /// A unit of time that is none
    #[error("`/{unit}` in `{text}` is no unit of a rate: write `/s`, `/m` or `/h`")]
    Per {
        /// The whole text
        text: String,
        /// Behind the slash
        unit: String,
    },
    /// `10m`
    #[error("`m` in `{0}` is no multiplier: write `M` for a million, or `/m` for a minute")]
    SmallMillion(String),
    /// Beyond [`HIGHEST_RATE`]
    #[error("`{0}` is more than one request a nanosecond")]
    TooHigh(String),
    /// A stage without a colon
    #[error("the stage `{0}` has no duration: write `1k:30s`")]
    NoDuration(String),
    /// A stage whose rate is `max` or 0
    #[error("the stage `{0}` has no rate of its own: a stage is an open loop, as in `1k:30s`")]
    NoRate(String),
    /// A stage that takes no time
    #[error("the stage `{0}` takes no time")]
    NoTime(String),
    /// A stage whose duration cannot be read
    #[error("in the stage `{stage}`: {fault}")]
    Duration {
        /// The whole stage
        stage: String,
        /// What is wrong with its duration
        fault: duration::Fault,
    },
    /// Beyond [`MAX_STAGES`]
    #[error("more than {MAX_STAGES} stages")]
    TooManyStages,
}

/// Reads `10k`, `600/m`, `1.5k/s`; `max` and `0` are [`Rate::Max`].
///
/// # Errors
/// Says what would be right.
pub fn parse(text: &str) -> Result<Rate, Fault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Fault::Empty);
    }
    if text.eq_ignore_ascii_case("max") {
        return Ok(Rate::Max);
    }
    let rate = per_second(text)?;
    Ok(if rate == 0.0 { Rate::Max } else { Rate::PerSecond(rate) })
}

/// A number of requests a second, 0 included.
pub(crate) fn per_second(text: &str) -> Result<f64, Fault> {
    let (amount, seconds) = match text.split_once('/') {
        None => (text, 1.0),
        Some((amount, unit)) => {
            let seconds = match unit {
                "s" => 1.0,
                "m" => 60.0,
                "h" => 3_600.0,
                _ => return Err(Fault::Per { text: text.to_owned(), unit: unit.to_owned() }),
            };
            (amount, seconds)
        }
    };
    let (digits, multiplier) = decimal::split(amount);
    let factor = match multiplier {
        "" => 1.0,
        "k" | "K" => 1e3,
        "M" => 1e6,
        "m" => return Err(Fault::SmallMillion(text.to_owned())),
        _ => return Err(Fault::Shape(text.to_owned())),
    };
    let number = decimal::parse(digits).ok_or_else(|| Fault::Shape(text.to_owned()))?;
    let rate = number * factor / seconds;
    if rate > HIGHEST_RATE { Err(Fault::TooHigh(text.to_owned())) } else { Ok(rate) }
}

/// Reads `1k:30s,10k:1m`: rates, each with how long it is held.
///
/// # Errors
/// Says what would be right.
pub fn parse_stages(text: &str) -> Result<Vec<Stage>, Fault> {
    if text.split(',').count() > MAX_STAGES {
        return Err(Fault::TooManyStages);
    }
    text.split(',').map(stage).collect()
}

fn stage(text: &str) -> Result<Stage, Fault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Fault::Empty);
    }
    let (rate, duration) = text.split_once(':').ok_or_else(|| Fault::NoDuration(text.to_owned()))?;
    let Rate::PerSecond(rate) = parse(rate)? else { return Err(Fault::NoRate(text.to_owned())) };
    let duration =
        duration::parse(duration).map_err(|fault| Fault::Duration { stage: text.to_owned(), fault })?;
    if duration.is_zero() {
        return Err(Fault::NoTime(text.to_owned()));
    }
    Ok(Stage { rate, duration })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rates_are_read() {
        let cases = [
            ("10000", Rate::PerSecond(10_000.0)),
            ("10k", Rate::PerSecond(10_000.0)),
            ("10K", Rate::PerSecond(10_000.0)),
            ("1.5k", Rate::PerSecond(1_500.0)),
            ("1.5k/s", Rate::PerSecond(1_500.0)),
            ("2M", Rate::PerSecond(2_000_000.0)),
            ("600/m", Rate::PerSecond(10.0)),
            ("7.2k/h", Rate::PerSecond(2.0)),
            ("0.5", Rate::PerSecond(0.5)),
            ("max", Rate::Max),
            ("MAX", Rate::Max),
            ("0", Rate::Max),
            (" 10k ", Rate::PerSecond(10_000.0)),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn faults_of_rates_say_what_would_be_right() {
        let shape = |text| format!("`{text}` is not a rate: write `500`, `10k`, `1.5k/s`, `600/m` or `max`");
        let cases = [
            ("", "a rate is missing: write `10k`, `600/m` or `max`".to_owned()),
            ("fast", shape("fast")),
            ("10,500", shape("10,500")),
            ("-1", shape("-1")),
            ("k", shape("k")),
            ("10kk", shape("10kk")),
            ("inf", shape("inf")),
            ("10rps", shape("10rps")),
            (
                "10m",
                "`m` in `10m` is no multiplier: write `M` for a million, or `/m` for a minute".to_owned(),
            ),
            ("10/min", "`/min` in `10/min` is no unit of a rate: write `/s`, `/m` or `/h`".to_owned()),
            ("10/", "`/` in `10/` is no unit of a rate: write `/s`, `/m` or `/h`".to_owned()),
            ("2000M", "`2000M` is more than one request a nanosecond".to_owned()),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text).map_err(|fault| fault.to_string()), Err(expected), "{text}");
        }
    }

    #[test]
    fn stages_are_read() {
        let stage = |rate, seconds| Stage { rate, duration: Duration::from_secs(seconds) };
        assert_eq!(parse_stages("1k:30s"), Ok(vec![stage(1_000.0, 30)]));
        assert_eq!(parse_stages("1k:30s,10k:1m"), Ok(vec![stage(1_000.0, 30), stage(10_000.0, 60)]));
        assert_eq!(parse_stages("600/m:5s, 5:1s"), Ok(vec![stage(10.0, 5), stage(5.0, 1)]));
    }

    #[test]
    fn faults_of_stages_say_what_would_be_right() {
        let cases = [
            ("", "a rate is missing: write `10k`, `600/m` or `max`"),
            ("1k:30s,", "a rate is missing: write `10k`, `600/m` or `max`"),
            ("1k", "the stage `1k` has no duration: write `1k:30s`"),
            (
                "max:30s",
                "the stage `max:30s` has no rate of its own: a stage is an open loop, as in `1k:30s`",
            ),
            ("0:30s", "the stage `0:30s` has no rate of its own: a stage is an open loop, as in `1k:30s`"),
            ("1k:0s", "the stage `1k:0s` takes no time"),
            (
                "1k:30",
                "in the stage `1k:30`: `30` has no unit: write `30s` for seconds, `30ms` for milliseconds or \
                 `30m` for minutes",
            ),
            ("x:30s", "`x` is not a rate: write `500`, `10k`, `1.5k/s`, `600/m` or `max`"),
        ];
        for (text, expected) in cases {
            let got = parse_stages(text).map_err(|fault| fault.to_string());
            assert_eq!(got, Err(expected.to_owned()), "{text}");
        }
        assert_eq!(parse_stages(&"1:1s,".repeat(MAX_STAGES + 1)), Err(Fault::TooManyStages));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,30}") {
            let _ = parse(&text);
            let _ = parse_stages(&text);
        }

        #[test]
        fn no_text_of_its_letters_panics(text in "[0-9.kKMmsh/:,]{0,30}") {
            let _ = parse(&text);
            let _ = parse_stages(&text);
        }
    }
}
