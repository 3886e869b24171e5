//! Times in UTC, as logs write them.

/// Nanoseconds of a second.
pub(super) const NANOSECONDS: u64 = 1_000_000_000;
/// Seconds of a day.
const DAY: u64 = 86_400;
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A moment in the Gregorian calendar.
struct Moment {
    year: u64,
    /// From 1 on
    month: usize,
    day: u64,
    hour: u64,
    minute: u64,
    second: u64,
}

impl Moment {
    fn of(seconds: u64) -> Moment {
        let of_day = seconds % DAY;
        let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
        let (mut year, mut day) = (1970, seconds / DAY);
        while day >= days(year) {
            day -= days(year);
            year += 1;
        }
        let february = days(year) - 337;
        let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let mut month = 0;
        while day >= lengths[month] {
            day -= lengths[month];
            month += 1;
        }
        Moment { year, month: month + 1, day: day + 1, hour, minute, second }
    }
}

fn days(year: u64) -> u64 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    365 + u64::from(is_leap)
}

/// As `22/Nov/2026:16:40:00 +0000`; `nanoseconds` are since 1970.
pub(super) fn apache(nanoseconds: u64) -> String {
    let Moment { year, month, day, hour, minute, second } = Moment::of(nanoseconds / NANOSECONDS);
    format!("{day:02}/{}/{year}:{hour:02}:{minute:02}:{second:02} +0000", MONTHS[month - 1])
}

/// As `2026-11-22T16:40:00.123456Z` (RFC 3339); `nanoseconds` are since 1970.
pub(crate) fn rfc3339(nanoseconds: u64) -> String {
    format!("{}.{:06}Z", rfc3339_seconds(nanoseconds), nanoseconds % NANOSECONDS / 1_000)
}

/// As `2026-11-22T16:40:00`: [`rfc3339`] up to the second.
pub(super) fn rfc3339_seconds(nanoseconds: u64) -> String {
    let Moment { year, month, day, hour, minute, second } = Moment::of(nanoseconds / NANOSECONDS);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_of_the_gregorian_calendar() {
        for (seconds, date, day) in [
            (0, "1970-01-01T00:00:00", "01/Jan/1970:00:00:00"),
            (951_782_399, "2000-02-28T23:59:59", "28/Feb/2000:23:59:59"),
            (951_782_400, "2000-02-29T00:00:00", "29/Feb/2000:00:00:00"),
            (1_735_689_599, "2024-12-31T23:59:59", "31/Dec/2024:23:59:59"),
            (1_795_365_600, "2026-11-22T16:40:00", "22/Nov/2026:16:40:00"),
            (4_107_542_400, "2100-03-01T00:00:00", "01/Mar/2100:00:00:00"),
        ] {
            let nanoseconds = seconds * 1_000_000_000 + 12_345;
            assert_eq!(rfc3339(nanoseconds), format!("{date}.000012Z"));
            assert_eq!(apache(nanoseconds), format!("{day} +0000"));
        }
    }
}
