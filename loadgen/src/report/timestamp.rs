//! Times of the wall clock (RFC 3339).

use std::time::{SystemTime, UNIX_EPOCH};

const DAYS_OF_ERA: u64 = 146_097; // 400 years

/// `2026-07-01T12:00:00Z`; times before 1970 count as 1970.
pub(super) fn rfc3339(time: SystemTime) -> String {
    let second = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let (year, month, day) = civil(second / 86_400);
    let of_day = second % 86_400;
    let (hour, minute, second) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Year, month and day (from 1) of a day since 1970-01-01. Years are counted from March, so that the leap day is the
/// last of its year.
fn civil(days: u64) -> (u64, u64, u64) {
    let from_march = days + 719_468; // since 0000-03-01
    let (era, of_era) = (from_march / DAYS_OF_ERA, from_march % DAYS_OF_ERA);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12;
    (era * 400 + year_of_era + u64::from(month < 2), month + 1, day)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn days_of_leap_years_are_counted() {
        let cases = [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_709_164_800, "2024-02-29T00:00:00Z"),
            (1_735_689_599, "2024-12-31T23:59:59Z"),
            (1_782_907_200, "2026-07-01T12:00:00Z"),
        ];
        for (second, expected) in cases {
            assert_eq!(rfc3339(UNIX_EPOCH + Duration::from_secs(second)), expected);
        }
        assert_eq!(rfc3339(UNIX_EPOCH - Duration::from_secs(1)), "1970-01-01T00:00:00Z");
    }
}
