//! Times, in milliseconds since 1970-01-01T00:00:00Z, read, written and moved about. There is no time zone database:
//! a zone is an offset such as `+02:00`.

use jiff::civil::DateTime;
use jiff::fmt::rfc2822;
use jiff::fmt::strtime::BrokenDownTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{Span, Timestamp, Unit, Zoned};

use super::limits;

/// A time taken apart, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// -9999 to 9999
    pub year: i16,
    /// From 1
    pub month: i8,
    /// From 1
    pub day: i8,
    /// 0 to 23
    pub hour: i8,
    /// 0 to 59
    pub minute: i8,
    /// 0 to 59
    pub second: i8,
    /// 0 to 999
    pub millisecond: i16,
    /// 1 for Monday to 7 for Sunday (ISO 8601)
    pub weekday: i8,
    /// From 1
    pub day_of_year: i16,
}

/// As RFC 3339 has it, in UTC, with milliseconds: `2026-01-31T08:30:00.000Z`.
///
/// # Errors
/// When the year is not of four digits.
pub fn iso(time: i64) -> Result<String, String> {
    Ok(format!("{:.3}", timestamp(time)?))
}

/// As HTTP dates are written (RFC 9110, section 5.6.7): `Sat, 31 Jan 2026 08:30:00 GMT`.
///
/// # Errors
/// When the year is not of four digits.
pub fn rfc1123(time: i64) -> Result<String, String> {
    let text = rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&timestamp(time)?);
    text.map_err(|error| format!("the time {time} has no form as an HTTP date: {error}"))
}

/// Whole seconds since 1970.
pub fn unix(time: i64) -> i64 {
    time.div_euclid(1000)
}

/// By a pattern of `strftime`, in UTC or at an offset such as `+02:00`.
///
/// # Errors
/// When the pattern is wrong or longer than [`limits::PATTERN_BYTES`], or the offset is none.
pub fn format(time: i64, pattern: &str, offset: Option<&str>) -> Result<String, String> {
    check_pattern(pattern)?;
    let zone = offset.map_or(Ok(TimeZone::UTC), zone)?;
    let broken = BrokenDownTime::from(&timestamp(time)?.to_zoned(zone));
    broken.to_string(pattern).map_err(|error| format!("the pattern `{pattern}` cannot be used: {error}"))
}

/// The time that a text tells: RFC 3339, a date, a date and time without an offset (taken as UTC), or an HTTP date.
///
/// # Errors
/// When it is none of these.
pub fn parse(text: &str) -> Result<i64, String> {
    limits::check("a time with a length", text.len(), limits::PATTERN_BYTES)?;
    let text = text.trim();
    let read = text.parse::<Timestamp>().or_else(|_| text.parse::<DateTime>().and_then(in_utc));
    let read = read.or_else(|_| rfc2822::DateTimeParser::new().parse_timestamp(text));
    read.map(Timestamp::as_millisecond).map_err(|_| {
        format!("`{text}` is no time: write it as `2026-01-31T08:30:00Z`, `2026-01-31` or `Sat, 31 Jan 2026 08:30:00 GMT`")
    })
}

/// The time that a text tells by a pattern of `strptime`; UTC where it says no offset, midnight where no time.
///
/// # Errors
/// When the pattern is wrong or the text does not follow it.
pub fn parse_as(text: &str, pattern: &str) -> Result<i64, String> {
    limits::check("a time with a length", text.len(), limits::PATTERN_BYTES)?;
    check_pattern(pattern)?;
    let wrong = |error| format!("`{text}` cannot be read by the pattern `{pattern}`: {error}");
    let broken = BrokenDownTime::parse(pattern, text).map_err(wrong)?;
    let read = broken.to_timestamp().or_else(|_| broken.to_datetime().and_then(in_utc));
    let read = read.or_else(|_| broken.to_date().map(DateTime::from).and_then(in_utc));
    read.map(Timestamp::as_millisecond).map_err(wrong)
}

/// The time so much later: `2h`, `-3d`, `1w`, `1mo`, `2y 6mo`, `1d12h`, `90s`, `250ms`, or ISO 8601 as `P1DT12H`.
/// Months and years keep the day, or take the month's last.
///
/// # Errors
/// When it is no duration, or the year leaves four digits.
pub fn add(time: i64, duration: &str) -> Result<i64, String> {
    let moved = zoned(time)?.checked_add(span(duration)?);
    moved.map(|moved| moved.timestamp().as_millisecond()).map_err(|_| out_of_range(duration))
}

/// The time so much earlier; see [`add`].
///
/// # Errors
/// When it is no duration, or the year leaves four digits.
pub fn subtract(time: i64, duration: &str) -> Result<i64, String> {
    let moved = zoned(time)?.checked_sub(span(duration)?);
    moved.map(|moved| moved.timestamp().as_millisecond()).map_err(|_| out_of_range(duration))
}

/// Whole units from one time to another, below zero where `to` is earlier. Units are written as in durations: `ms`,
/// `s`, `m`, `h`, `d`, `w`, `mo`, `y`.
///
/// # Errors
/// When there is no such unit, or a time is out of range.
pub fn difference(from: i64, to: i64, unit: &str) -> Result<i64, String> {
    let length = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        "w" => 604_800_000,
        "mo" => return calendar(from, to, Unit::Month).map(|span| i64::from(span.get_months())),
        "y" => return calendar(from, to, Unit::Year).map(|span| i64::from(span.get_years())),
        _ => {
            return Err(format!(
                "`{unit}` is no unit of time: use `ms`, `s`, `m`, `h`, `d`, `w`, `mo` or `y`"
            ));
        }
    };
    let apart = i128::from(to) - i128::from(from);
    i64::try_from(apart / length).map_err(|_| "the times are too far apart".into())
}

/// The time taken apart, in UTC.
///
/// # Errors
/// When the year is not of four digits.
pub fn parts(time: i64) -> Result<Parts, String> {
    let zoned = zoned(time)?;
    Ok(Parts {
        year: zoned.year(),
        month: zoned.month(),
        day: zoned.day(),
        hour: zoned.hour(),
        minute: zoned.minute(),
        second: zoned.second(),
        millisecond: zoned.millisecond(),
        weekday: zoned.weekday().to_monday_one_offset(),
        day_of_year: zoned.day_of_year(),
    })
}

fn timestamp(time: i64) -> Result<Timestamp, String> {
    let wrong =
        |_| format!("the time {time} is out of range: it is in milliseconds since 1970, up to the year 9999");
    Timestamp::from_millisecond(time).map_err(wrong)
}

fn zoned(time: i64) -> Result<Zoned, String> {
    Ok(timestamp(time)?.to_zoned(TimeZone::UTC))
}

fn in_utc(time: DateTime) -> Result<Timestamp, jiff::Error> {
    Offset::UTC.to_timestamp(time)
}

fn span(duration: &str) -> Result<Span, String> {
    limits::check("a duration with a length", duration.len(), limits::DURATION_BYTES)?;
    duration.trim().parse().map_err(|_| {
        format!(
            "`{duration}` is no duration: write it as `2h`, `-3d`, `1w`, `1mo`, `1d12h`, `90s` or `250ms`"
        )
    })
}

fn out_of_range(duration: &str) -> String {
    format!("the time moved by `{duration}` is out of range: years have four digits")
}

fn calendar(from: i64, to: i64, unit: Unit) -> Result<Span, String> {
    let span = zoned(from)?.until((unit, &zoned(to)?));
    span.map_err(|error| format!("the times cannot be compared: {error}"))
}

fn check_pattern(pattern: &str) -> Result<(), String> {
    limits::check("a pattern with a length", pattern.len(), limits::PATTERN_BYTES)
}

/// `Z`, `UTC`, `+02`, `+0200` or `+02:00`.
fn zone(offset: &str) -> Result<TimeZone, String> {
    let seconds = || {
        if matches!(offset, "Z" | "z" | "UTC" | "GMT") {
            return Some(0);
        }
        let (sign, rest) = match offset.as_bytes().first()? {
            b'+' => (1, &offset[1..]),
            b'-' => (-1, &offset[1..]),
            _ => return None,
        };
        let digits: String = rest.chars().filter(|character| *character != ':').collect();
        if !matches!(digits.len(), 2 | 4) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let (hours, minutes) = digits.split_at(2);
        let minutes: i32 = if minutes.is_empty() { 0 } else { minutes.parse().ok()? };
        Some(sign * (hours.parse::<i32>().ok()? * 3600 + minutes * 60))
    };
    let offset_of = |seconds| Offset::from_seconds(seconds).ok();
    let zone = seconds().and_then(offset_of).map(TimeZone::fixed);
    zone.ok_or_else(|| format!("`{offset}` is no offset from UTC: write it as `+02:00`"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{add, difference, format, iso, limits, parse, parse_as, parts, rfc1123, subtract, unix};

    /// 2024-02-29T12:34:56.789Z, a Thursday
    const LEAP: i64 = 1_709_210_096_789;

    #[test]
    fn times_are_written() {
        assert_eq!(iso(LEAP).as_deref(), Ok("2024-02-29T12:34:56.789Z"));
        assert_eq!(iso(0).as_deref(), Ok("1970-01-01T00:00:00.000Z"));
        assert_eq!(rfc1123(LEAP).as_deref(), Ok("Thu, 29 Feb 2024 12:34:56 GMT"));
        assert_eq!((unix(LEAP), unix(-1)), (1_709_210_096, -1));
        for (pattern, offset, expected) in [
            ("%Y-%m-%d", None, "2024-02-29"),
            ("%H:%M %z", Some("+02:00"), "14:34 +0200"),
            ("%H", Some("-0130"), "11"),
            ("%H", Some("Z"), "12"),
            ("%A %j", None, "Thursday 060"),
            ("", None, ""),
        ] {
            assert_eq!(format(LEAP, pattern, offset).as_deref(), Ok(expected), "{pattern}");
        }
        assert!(iso(i64::MAX).expect_err("no year").contains("out of range"));
        assert!(format(LEAP, "%", None).is_err() && format(LEAP, "%!", None).is_err());
        for offset in ["", "2", "+2", "+99:99", "Europe/Berlin", "+é"] {
            assert!(format(LEAP, "%Y", Some(offset)).expect_err(offset).contains("`+02:00`"));
        }
        assert!(format(LEAP, &"a".repeat(limits::PATTERN_BYTES), None).is_ok());
        assert!(format(LEAP, &"a".repeat(limits::PATTERN_BYTES + 1), None).is_err());
    }

    #[test]
    fn times_are_read() {
        for (text, expected) in [
            ("2024-02-29T12:34:56.789Z", LEAP),
            ("2024-02-29T14:34:56.789+02:00", LEAP),
            ("2024-02-29T12:34:56.789", LEAP),
            (" 2024-02-29 ", 1_709_164_800_000),
            ("Thu, 29 Feb 2024 12:34:56 GMT", LEAP - 789),
        ] {
            assert_eq!(parse(text), Ok(expected), "{text}");
        }
        for wrong in ["", "tomorrow", "2023-02-29", "12:00"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(parse_as("29.02.2024", "%d.%m.%Y"), Ok(1_709_164_800_000));
        assert_eq!(parse_as("29.02.2024 14:34 +0200", "%d.%m.%Y %H:%M %z"), Ok(1_709_210_040_000));
        assert!(parse_as("29.02.2024", "%Y").is_err() && parse_as("12", "%H").is_err());
    }

    #[test]
    fn times_are_moved() {
        for (duration, expected) in [
            ("2h", "2024-02-29T14:34:56.789Z"),
            ("+2h", "2024-02-29T14:34:56.789Z"),
            ("-3d", "2024-02-26T12:34:56.789Z"),
            ("1w", "2024-03-07T12:34:56.789Z"),
            ("1y", "2025-02-28T12:34:56.789Z"),
            ("-1mo", "2024-01-29T12:34:56.789Z"),
            ("1d12h", "2024-03-02T00:34:56.789Z"),
            ("1d 12h", "2024-03-02T00:34:56.789Z"),
            ("211ms", "2024-02-29T12:34:57.000Z"),
            ("P1DT12H", "2024-03-02T00:34:56.789Z"),
        ] {
            assert_eq!(add(LEAP, duration).and_then(iso).as_deref(), Ok(expected), "{duration}");
        }
        let last = parse("2026-01-31").expect("a date");
        assert_eq!(add(last, "1mo").and_then(iso).as_deref(), Ok("2026-02-28T00:00:00.000Z"));
        assert_eq!(subtract(LEAP, "1h"), Ok(LEAP - 3_600_000));
        for wrong in ["", "h", "2", "2 parsecs", "9999999999999999999h", &"1h".repeat(50)] {
            assert!(add(LEAP, wrong).is_err(), "{wrong}");
        }
        assert!(add(LEAP, "9000y").expect_err("too far").contains("out of range"));
    }

    #[test]
    fn times_are_compared_and_taken_apart() {
        for (unit, expected) in [("ms", 5_184_000_000), ("h", 1440), ("d", 60), ("w", 8), ("mo", 2), ("y", 0)]
        {
            assert_eq!(difference(LEAP, LEAP + 60 * 86_400_000, unit), Ok(expected), "{unit}");
        }
        assert_eq!(difference(LEAP, LEAP - 1500, "s"), Ok(-1));
        assert!(difference(0, 1, "parsec").is_err());
        let parts = parts(LEAP).expect("in range");
        assert_eq!(
            (parts.year, parts.month, parts.day, parts.weekday, parts.day_of_year),
            (2024, 2, 29, 4, 60)
        );
        assert_eq!((parts.hour, parts.minute, parts.second, parts.millisecond), (12, 34, 56, 789));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(time in -60_000_000_000_000_i64..250_000_000_000_000) {
            prop_assert_eq!(iso(time).and_then(|text| parse(&text)), Ok(time));
            prop_assert_eq!(rfc1123(time).and_then(|text| parse(&text)), Ok(unix(time) * 1000));
        }

        #[test]
        fn no_text_is_too_odd(text in any::<String>(), pattern in "[%a-zA-Z0-9.:_^#-]{0,12}") {
            let _ = (parse(&text), add(0, &text), format(0, &text, Some(&text)), parse_as(&text, &pattern));
            let _ = (format(0, &pattern, None), add(0, &pattern));
        }
    }
}
