//! Numbers as people read them.

/// What stands where there is no value.
pub(crate) const NONE: &str = "–";

/// A unit that latencies are shown in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Microseconds,
    Milliseconds,
    Seconds,
}

impl Unit {
    /// The one in which a latency has neither too many nor too few digits; nanoseconds.
    pub(crate) fn fitting(latency: f64) -> Unit {
        match latency {
            _ if latency >= 10e9 => Unit::Seconds,
            _ if latency > 0.0 && latency < 100e3 => Unit::Microseconds,
            _ => Unit::Milliseconds,
        }
    }

    /// `ms`
    pub(crate) fn name(self) -> &'static str {
        match self {
            Unit::Microseconds => "us",
            Unit::Milliseconds => "ms",
            Unit::Seconds => "s",
        }
    }

    /// A latency of so many nanoseconds, without the unit's name.
    pub(crate) fn of(self, nanoseconds: f64) -> String {
        let size = match self {
            Unit::Microseconds => 1e3,
            Unit::Milliseconds => 1e6,
            Unit::Seconds => 1e9,
        };
        let value = nanoseconds / size;
        let digits = match self {
            _ if value >= 999.95 => 0,
            Unit::Microseconds => 1,
            _ if value >= 99.995 => 1,
            _ => 2,
        };
        grouped_decimal(value, digits)
    }
}

/// A latency in a fitting unit: `1.93 ms`.
pub(crate) fn latency(nanoseconds: f64) -> String {
    let unit = Unit::fitting(nanoseconds);
    format!("{} {}", unit.of(nanoseconds), unit.name())
}

/// A round latency, as axes have them: `100 ms`, `0.1 ms`.
pub(crate) fn round_latency(nanoseconds: f64) -> String {
    let unit = Unit::fitting(nanoseconds);
    format!("{} {}", without_zeros(unit.of(nanoseconds)), unit.name())
}

/// `315,000`
pub(crate) fn count(count: u64) -> String {
    grouped(&count.to_string())
}

/// Requests a second: `10,499.8`, `10,500`, `0.25`.
pub(crate) fn rate(rate: f64) -> String {
    let digits = if rate < 10.0 { 2 } else { 1 };
    without_zeros(grouped_decimal(rate, digits))
}

/// Trailing zeros of a fraction tell nothing in a round number.
fn without_zeros(text: String) -> String {
    if !text.contains('.') {
        return text;
    }
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `0.012 %` of a part of 1.
pub(crate) fn percent(share: f64, digits: usize) -> String {
    format!("{:.digits$} %", share * 100.0)
}

/// A number with so many digits behind the point, and commas before it.
fn grouped_decimal(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    match text.split_once('.') {
        Some((whole, fraction)) => format!("{}.{fraction}", grouped(whole)),
        None => grouped(&text),
    }
}

fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_digits_that_fit() {
        let latencies = [
            (0.0, "0.00 ms"),
            (511.0, "0.5 us"),
            (1_000.0, "1.0 us"),
            (45_130.0, "45.1 us"),
            (180_000.0, "0.18 ms"),
            (1_930_000.0, "1.93 ms"),
            (99_994_000.0, "99.99 ms"),
            (123_440_000.0, "123.4 ms"),
            (999_960_000.0, "1,000 ms"),
            (1_234_567_000.0, "1,235 ms"),
            (12_340_000_000.0, "12.34 s"),
            (60_000_000_000.0, "60.00 s"),
        ];
        for (nanoseconds, expected) in latencies {
            assert_eq!(latency(nanoseconds), expected);
        }
        let rates = [
            (0.0, "0"),
            (0.25, "0.25"),
            (10.0, "10"),
            (10_499.84, "10,499.8"),
            (10_500.0, "10,500"),
            (1_234_567.04, "1,234,567"),
            (200.0, "200"),
        ];
        for (value, expected) in rates {
            assert_eq!(rate(value), expected);
        }
        let counts = [(0, "0"), (999, "999"), (1_000, "1,000"), (u64::MAX, "18,446,744,073,709,551,615")];
        for (value, expected) in counts {
            assert_eq!(count(value), expected);
        }
        assert_eq!(percent(0.00012, 3), "0.012 %");
        let ticks = [(100e3, "0.1 ms"), (50e3, "50 us"), (1e6, "1 ms"), (100e6, "100 ms"), (20e9, "20 s")];
        for (nanoseconds, expected) in ticks {
            assert_eq!(round_latency(nanoseconds), expected);
        }
    }
}
