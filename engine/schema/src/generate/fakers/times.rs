//! Times of 2024 and 2025, and days of birth.

use std::fmt::Write as _;

use super::super::random::Random;

/// 2024-01-01T00:00:00Z
pub(super) const EPOCH: u64 = 1_704_067_200;
/// Seconds of 2024 and 2025
pub(super) const WINDOW: u64 = 731 * 86_400;
/// Seconds of 2024
pub(super) const FIRST_YEAR: u64 = 366 * 86_400;

/// Year, month, day of a second after [`EPOCH`].
fn civil(second: u64) -> (u64, u64, u64) {
    let mut day = second / 86_400;
    let (year, lengths) = match day < 366 {
        true => (2024, [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]),
        false => {
            day -= 366;
            (2025, [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
        }
    };
    let mut month = 0;
    while month < 11 && day >= lengths[month] {
        day -= lengths[month];
        month += 1;
    }
    (year, month as u64 + 1, day + 1)
}

pub(super) fn date(second: u64) -> String {
    let (year, month, day) = civil(second);
    format!("{year}-{month:02}-{day:02}")
}

pub(super) fn clock(second: u64) -> String {
    format!("{:02}:{:02}:{:02}", second / 3600 % 24, second / 60 % 60, second % 60)
}

pub(super) fn date_time(second: u64) -> String {
    format!("{}T{}Z", date(second), clock(second))
}

pub(super) fn date_time_rfc1123(second: u64) -> String {
    let (year, month, day) = civil(second);
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    // 2024-01-01 was a Monday
    let weekday = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][(second / 86_400 % 7) as usize];
    let mut text = format!("{weekday}, {day:02} {} {year} ", months[month as usize - 1]);
    let _ = write!(text, "{} GMT", clock(second));
    text
}

/// A day on which somebody who works may have been born.
pub(super) fn birth_date(random: &mut Random) -> String {
    format!("{}-{:02}-{:02}", 1950 + random.below(56), 1 + random.below(12), 1 + random.below(28))
}
