//! Dates and times of RFC 3339, section 5.6 and appendix A.

/// `date-time`: a date, `T` (or `t`, or the space that section 5.6 allows), a time. Its offset may be written in
/// the ways of ISO 8601 too, `+0100` and `+01`: many clients do, and Prism takes it.
pub(super) fn is_date_time(text: &str) -> bool {
    let Some((date, rest)) = text.split_at_checked(10) else { return false };
    let Some(time) = rest.strip_prefix(['T', 't', ' ']) else { return false };
    is_date(date) && is_time_with(time, |offset| offset_minutes(offset).or_else(|| short_offset(offset)))
}

/// `full-date`
pub(super) fn is_date(text: &str) -> bool {
    let b = text.as_bytes();
    if b.len() != 10 || b[4] != b'-' || b[7] != b'-' {
        return false;
    }
    let (Some(year), Some(month), Some(day)) = (digits(&b[..4]), digits(&b[5..7]), digits(&b[8..])) else {
        return false;
    };
    (1..=days_in_month(year, month)).contains(&day)
}

fn days_in_month(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    }
}

/// `full-time`; second 60 only where it is 23:59:60 in UTC.
pub(super) fn is_time(text: &str) -> bool {
    is_time_with(text, offset_minutes)
}

fn is_time_with(text: &str, offset_minutes: impl Fn(&[u8]) -> Option<i32>) -> bool {
    let b = text.as_bytes();
    if b.len() < 9 || b[2] != b':' || b[5] != b':' {
        return false;
    }
    let (Some(hour), Some(minute), Some(second)) = (digits(&b[..2]), digits(&b[3..5]), digits(&b[6..8]))
    else {
        return false;
    };
    let rest = match b[8..].strip_prefix(b".") {
        Some(fraction) => {
            let length = fraction.iter().take_while(|d| d.is_ascii_digit()).count();
            if length == 0 {
                return false;
            }
            &fraction[length..]
        }
        None => &b[8..],
    };
    let Some(offset) = offset_minutes(rest) else { return false };
    if hour > 23 || minute > 59 || second > 60 {
        return false;
    }
    let utc = (hour as i32 * 60 + minute as i32 - offset).rem_euclid(24 * 60);
    second < 60 || utc == 23 * 60 + 59
}

fn offset_minutes(b: &[u8]) -> Option<i32> {
    if matches!(b, b"Z" | b"z") {
        return Some(0);
    }
    if b.len() != 6 || b[3] != b':' {
        return None;
    }
    let (hours, minutes) = (digits(&b[1..3])?, digits(&b[4..])?);
    if hours > 23 || minutes > 59 {
        return None;
    }
    let total = (hours * 60 + minutes) as i32;
    match b[0] {
        b'+' => Some(total),
        b'-' => Some(-total),
        _ => None,
    }
}

/// `+hhmm` and `+hh`
fn short_offset(b: &[u8]) -> Option<i32> {
    match *b {
        [sign, a, b] => offset_minutes(&[sign, a, b, b':', b'0', b'0']),
        [sign, a, b, c, d] => offset_minutes(&[sign, a, b, b':', c, d]),
        _ => None,
    }
}

/// `duration`, with the fraction of seconds that ISO 8601 has and the RFC's appendix leaves out.
pub(super) fn is_duration(text: &str) -> bool {
    let Some(body) = text.strip_prefix('P') else { return false };
    if let Some(weeks) = body.strip_suffix('W') {
        return !weeks.is_empty() && weeks.bytes().all(|b| b.is_ascii_digit());
    }
    match body.split_once('T') {
        Some((date, time)) => {
            (date.is_empty() || is_parts(date, b"YMD", false)) && is_parts(time, b"HMS", true)
        }
        None => is_parts(body, b"YMD", false),
    }
}

/// Numbers, each followed by the next of `units` (some left out); at least one.
fn is_parts(text: &str, mut units: &[u8], fraction: bool) -> bool {
    let mut rest = text.as_bytes();
    if rest.is_empty() {
        return false;
    }
    while !rest.is_empty() {
        let mut length = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        if length == 0 {
            return false;
        }
        let dotted = fraction && rest.get(length) == Some(&b'.');
        if dotted {
            let decimals = rest[length + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
            if decimals == 0 {
                return false;
            }
            length += 1 + decimals;
        }
        let Some(unit) = rest.get(length) else { return false };
        let Some(at) = units.iter().position(|u| u == unit) else { return false };
        if dotted && *unit != b'S' {
            return false;
        }
        units = &units[at + 1..];
        rest = &rest[length + 1..];
    }
    true
}

fn digits(b: &[u8]) -> Option<u32> {
    b.iter().try_fold(0, |n, d| d.is_ascii_digit().then(|| n * 10 + u32::from(d - b'0')))
}
