//! `time`: the request's time, and times as numbers and texts.

use rhai::plugin::*;
use rhai::{INT, Map};

use crate::host::time;
use crate::script::objects::{Failure, current, failure};

/// Times are milliseconds since 1970 in UTC. The clock is the server's, and stands still with `--clock`; within one
/// request it is one time. Durations are texts: `90s`, `2h`, `-3d`, `1mo`, `1d12h`, `P1D`.
#[export_module]
#[allow(missing_docs, unreachable_pub, clippy::unwrap_used)]
pub(crate) mod time_functions {
    /// The request's time.
    ///
    /// ```rhai
    /// let expires = time::now() + 60_000;
    /// ```
    #[rhai_fn(name = "now", return_raw)]
    pub fn now() -> Result<INT, Failure> {
        Ok(current()?.now)
    }

    /// The request's time in seconds.
    ///
    /// ```rhai
    /// let issued = time::unix();
    /// ```
    #[rhai_fn(name = "unix", return_raw)]
    pub fn unix_now() -> Result<INT, Failure> {
        Ok(time::unix(current()?.now))
    }

    /// A time in seconds.
    ///
    /// ```rhai
    /// let seconds = time::unix(time::now());
    /// ```
    #[rhai_fn(name = "unix")]
    pub fn unix(at: INT) -> INT {
        time::unix(at)
    }

    /// The request's time as RFC 3339 has it: `2026-01-31T08:30:00.000Z`.
    ///
    /// ```rhai
    /// let created = time::iso();
    /// ```
    #[rhai_fn(name = "iso", return_raw)]
    pub fn iso_now() -> Result<String, Failure> {
        time::iso(current()?.now).map_err(failure)
    }

    /// A time as RFC 3339 has it.
    ///
    /// ```rhai
    /// let due = time::iso(time::add(time::now(), "14d"));
    /// ```
    #[rhai_fn(name = "iso", return_raw)]
    pub fn iso(at: INT) -> Result<String, Failure> {
        time::iso(at).map_err(failure)
    }

    /// A time as headers have it: `Sat, 31 Jan 2026 08:30:00 GMT`.
    ///
    /// ```rhai
    /// res.headers["last-modified"] = time::http(time::now());
    /// ```
    #[rhai_fn(name = "http", return_raw)]
    pub fn http(at: INT) -> Result<String, Failure> {
        time::rfc1123(at).map_err(failure)
    }

    /// A time by a pattern of `strftime`, in UTC.
    ///
    /// ```rhai
    /// let day = time::format(time::now(), "%d.%m.%Y");
    /// ```
    #[rhai_fn(name = "format", return_raw)]
    pub fn format(at: INT, pattern: &str) -> Result<String, Failure> {
        time::format(at, pattern, None).map_err(failure)
    }

    /// A time by a pattern of `strftime`, at an offset.
    ///
    /// ```rhai
    /// let local = time::format(time::now(), "%H:%M", "+02:00");
    /// ```
    #[rhai_fn(name = "format", return_raw)]
    pub fn format_at(at: INT, pattern: &str, offset: &str) -> Result<String, Failure> {
        time::format(at, pattern, Some(offset)).map_err(failure)
    }

    /// The time that a text tells: RFC 3339, a date, or a date of HTTP.
    ///
    /// ```rhai
    /// let from = time::parse(req.query.from ?? "2026-01-01");
    /// ```
    #[rhai_fn(name = "parse", return_raw)]
    pub fn parse(text: &str) -> Result<INT, Failure> {
        time::parse(text).map_err(failure)
    }

    /// The time that a text tells by a pattern of `strptime`.
    ///
    /// ```rhai
    /// let day = time::parse("31.01.2026", "%d.%m.%Y");
    /// ```
    #[rhai_fn(name = "parse", return_raw)]
    pub fn parse_as(text: &str, pattern: &str) -> Result<INT, Failure> {
        time::parse_as(text, pattern).map_err(failure)
    }

    /// A time so much later.
    ///
    /// ```rhai
    /// let tomorrow = time::add(time::now(), "1d");
    /// ```
    #[rhai_fn(name = "add", return_raw)]
    pub fn add(at: INT, duration: &str) -> Result<INT, Failure> {
        time::add(at, duration).map_err(failure)
    }

    /// A time so much earlier.
    ///
    /// ```rhai
    /// let yesterday = time::subtract(time::now(), "1d");
    /// ```
    #[rhai_fn(name = "subtract", return_raw)]
    pub fn subtract(at: INT, duration: &str) -> Result<INT, Failure> {
        time::subtract(at, duration).map_err(failure)
    }

    /// Whole units from one time to another: `ms`, `s`, `m`, `h`, `d`, `w`, `mo`, `y`.
    ///
    /// ```rhai
    /// let days = time::difference(time::parse("2026-01-01"), time::now(), "d");
    /// ```
    #[rhai_fn(name = "difference", return_raw)]
    pub fn difference(from: INT, to: INT, unit: &str) -> Result<INT, Failure> {
        time::difference(from, to, unit).map_err(failure)
    }

    /// A time taken apart: `year`, `month`, `day`, `hour`, `minute`, `second`, `millisecond`, `weekday` (1 for Monday),
    /// `day_of_year`.
    ///
    /// ```rhai
    /// if time::parts(time::now()).weekday > 5 { return respond(503); }
    /// ```
    #[rhai_fn(name = "parts", return_raw)]
    pub fn parts(at: INT) -> Result<Map, Failure> {
        let parts = time::parts(at).map_err(failure)?;
        let number = |number: i16| INT::from(number).into();
        Ok(Map::from([
            ("year".into(), number(parts.year)),
            ("month".into(), number(parts.month.into())),
            ("day".into(), number(parts.day.into())),
            ("hour".into(), number(parts.hour.into())),
            ("minute".into(), number(parts.minute.into())),
            ("second".into(), number(parts.second.into())),
            ("millisecond".into(), number(parts.millisecond)),
            ("weekday".into(), number(parts.weekday.into())),
            ("day_of_year".into(), number(parts.day_of_year)),
        ]))
    }
}
