//! `Date` values: IMF-fixdate (RFC 9110 section 5.6.7), from a second that the caller names.

const WEEKDAYS: [&[u8; 3]; 7] = [b"Thu", b"Fri", b"Sat", b"Sun", b"Mon", b"Tue", b"Wed"];
const MONTHS: [&[u8; 3]; 12] =
    [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];

/// Last second whose year has four digits.
const LAST_SECOND: u64 = 253_402_300_799;

/// The `Date` of the current second, formatted once a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateCache {
    second: u64,
    text: [u8; DateCache::LEN],
}

impl DateCache {
    /// Length of every date in bytes.
    pub const LEN: usize = 29;

    /// The date of a Unix time in seconds; beyond the year 9999 its last second.
    pub fn new(second: u64) -> Self {
        Self { second, text: format(second.min(LAST_SECOND)) }
    }

    /// Follows the clock; formats anew only when the second changed.
    pub fn update(&mut self, second: u64) {
        if second != self.second {
            *self = Self::new(second);
        }
    }

    /// The date as text, `Sun, 06 Nov 1994 08:49:37 GMT`.
    #[inline]
    pub fn text(&self) -> &[u8; Self::LEN] {
        &self.text
    }
}

fn format(second: u64) -> [u8; DateCache::LEN] {
    let (days, of_day) = (second / 86_400, second % 86_400);
    let (year, month, day) = civil(days);
    let mut text = *b"Thu, 01 Jan 1970 00:00:00 GMT";
    text[..3].copy_from_slice(WEEKDAYS[(days % 7) as usize]);
    text[8..11].copy_from_slice(MONTHS[month as usize]);
    let two_digits = [
        (5, day),
        (12, year / 100),
        (14, year % 100),
        (17, of_day / 3600),
        (20, of_day / 60 % 60),
        (23, of_day % 60),
    ];
    for (at, value) in two_digits {
        text[at] = b'0' + (value / 10) as u8;
        text[at + 1] = b'0' + (value % 10) as u8;
    }
    text
}

/// Year, month (from 0) and day (from 1) of a day since 1970-01-01. Years are counted from March, so that the leap
/// day is the last of its year.
fn civil(days: u64) -> (u64, u64, u64) {
    const DAYS_OF_ERA: u64 = 146_097; // 400 years
    let from_march = days + 719_468; // since 0000-03-01
    let (era, of_era) = (from_march / DAYS_OF_ERA, from_march % DAYS_OF_ERA);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12;
    let year = era * 400 + year_of_era + u64::from(month < 2);
    (year, month, day)
}
