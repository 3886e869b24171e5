//! Faults and delays that a request asks for itself.

use std::time::Duration;

use mocker_http::request::Fields;

use super::scenario::{Effect, Kind};
use crate::limits::MAX_DELAY;

/// Names a kind of fault.
const FAULT: &str = "X-Mocker-Fault";
/// Says how long the answer is to wait.
const DELAY: &str = "X-Mocker-Delay";
/// From the shortest on; the first that fits is meant.
const UNITS: [(&str, f64); 5] = [("us", 1e-6), ("µs", 1e-6), ("ms", 1e-3), ("s", 1.0), ("m", 60.0)];

/// What a request asks for.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Asked {
    pub(super) effect: Option<Effect>,
    pub(super) delay: Duration,
}

impl Asked {
    /// Reads the fields.
    ///
    /// # Errors
    /// Says what would be right.
    pub(super) fn of(fields: &Fields<'_>) -> Result<Asked, String> {
        let effect = fields.find(FAULT).map(|name| effect(&String::from_utf8_lossy(name))).transpose()?;
        let delay = fields.find(DELAY).map(|text| delay(&String::from_utf8_lossy(text))).transpose()?;
        Ok(Asked { effect, delay: delay.unwrap_or_default() })
    }

    /// Whether it asks for nothing.
    pub(super) fn is_nothing(&self) -> bool {
        self.effect.is_none() && self.delay.is_zero()
    }
}

#[cold]
fn effect(name: &str) -> Result<Effect, String> {
    Kind::of(name).map(Kind::usual).ok_or_else(|| {
        let names = Kind::ALL.map(Kind::name).join(", ");
        format!("`{FAULT}: {name}` names no fault; there are {names}")
    })
}

#[cold]
fn delay(text: &str) -> Result<Duration, String> {
    let unit = UNITS.iter().find_map(|(unit, seconds)| Some((text.strip_suffix(unit)?, seconds)));
    let number = unit.and_then(|(number, seconds)| Some(number.trim_end().parse::<f64>().ok()? * seconds));
    let time = number.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let most = MAX_DELAY.as_secs();
    time.filter(|time| *time <= MAX_DELAY)
        .ok_or_else(|| format!("`{DELAY}: {text}` is no time; give one such as 20ms or 1.5s, up to {most}s"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn times_have_a_unit() {
        for (text, expected) in [
            ("20ms", Some(20_000)),
            ("1.5s", Some(1_500_000)),
            ("250us", Some(250)),
            ("250µs", Some(250)),
            ("2 m", Some(120_000_000)),
            ("0ms", Some(0)),
            ("60m", Some(3_600_000_000)),
            ("3600001ms", None),
            ("20", None),
            ("-1ms", None),
            ("NaNs", None),
            ("infs", None),
            ("ms", None),
            ("", None),
        ] {
            let found = delay(text).ok().map(|time| time.as_micros());
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn who_names_no_fault_is_told_the_names() {
        assert_eq!(effect("reset"), Ok(Effect::Reset));
        let refused = effect("rest");
        assert!(refused.as_ref().is_err_and(|text| text.contains("timeout, reset, empty")), "{refused:?}");
    }

    proptest! {
        #[test]
        fn any_text_is_a_time_within_the_limit_or_refused(text in "\\PC*|[0-9.e+-]{0,6} ?(us|ms|s|m)") {
            if let Ok(time) = delay(&text) {
                prop_assert!(time <= MAX_DELAY);
            }
        }
    }
}
