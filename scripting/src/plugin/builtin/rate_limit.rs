//! `rate-limit`: token buckets.

use std::hash::{Hash, Hasher};
use std::net::IpAddr;
use std::num::{NonZeroU32, NonZeroU64};
use std::sync::{Arc, OnceLock};

use mocker_state::{Allowance, Buckets, Rate};
use serde_json::Value;

use super::settings::{text, texts};
use crate::plugin::limits::BUCKETS;
use crate::plugin::refusal::refuse;
use crate::plugin::{Misconfiguration, Notes, Verdict, Visit};
use crate::{Request, Response};

/// Refuses what comes too often.
pub(super) struct RateLimit {
    rate: Rate,
    by_client: bool,
    by_operation: bool,
    /// The header that has the key
    by_key: Option<Box<str>>,
    /// Made when first asked, or those of one before it
    buckets: OnceLock<Arc<Buckets>>,
}

/// What requests have in common that are counted together.
struct Counted<'r> {
    client: Option<IpAddr>,
    operation: Option<&'r str>,
    key: Option<&'r str>,
}

impl Hash for Counted<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.client, self.operation, self.key).hash(state);
    }
}

impl std::fmt::Debug for RateLimit {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("RateLimit").field("rate", &self.rate).finish_non_exhaustive()
    }
}

impl RateLimit {
    pub(super) fn configure(config: &Value) -> Result<RateLimit, Vec<Misconfiguration>> {
        let per = texts(config, "per");
        let has = |what: &str| per.contains(&what);
        let by_key = has("key").then(|| text(config, "header").unwrap_or_default().into());
        Ok(RateLimit {
            rate: rate(config).map_err(|fault| vec![fault])?,
            by_client: has("client"),
            by_operation: has("operation"),
            by_key,
            buckets: OnceLock::new(),
        })
    }

    /// Goes on with what is left in the buckets of another that counts the same. Nothing was asked of this one yet.
    pub(super) fn follow(&self, before: &RateLimit) {
        let rule = |of: &RateLimit| (of.rate, of.by_client, of.by_operation, of.by_key.clone());
        if rule(self) == rule(before) {
            let _ = self.buckets.set(Arc::clone(before.buckets()));
        }
    }

    fn buckets(&self) -> &Arc<Buckets> {
        self.buckets.get_or_init(|| Arc::new(Buckets::new(BUCKETS)))
    }

    pub(super) fn before(&self, request: &Request, visit: &Visit<'_>) -> Verdict {
        let key = self.by_key.as_ref().map(|header| request.field(header).unwrap_or_default());
        let counted = Counted {
            client: self.by_client.then_some(visit.client),
            operation: self.by_operation.then_some(visit.operation),
            key: key.as_deref(),
        };
        let now = u64::try_from(visit.now).unwrap_or_default();
        let allowance = self.buckets().take(&counted, 1, self.rate, now);
        if allowance.allowed {
            return Verdict::Pass(Notes { allowance: Some(allowance), ..Notes::default() });
        }
        let wait = allowance.retry_after;
        let unit = if wait == 1 { "second" } else { "seconds" };
        let mut response = refuse(429, &format!("There were too many requests. Try again in {wait} {unit}."));
        response.set_field("Retry-After", wait.to_string().as_bytes());
        tell(Some(&allowance), &mut response);
        Verdict::Answer(response)
    }
}

/// Says in an answer how much is left (draft-ietf-httpapi-ratelimit-headers-03).
pub(super) fn tell(allowance: Option<&Allowance>, response: &mut Response) {
    let Some(allowance) = allowance else { return };
    response.set_field("RateLimit-Limit", allowance.limit.to_string().as_bytes());
    response.set_field("RateLimit-Remaining", allowance.remaining.to_string().as_bytes());
    response.set_field("RateLimit-Reset", allowance.reset.to_string().as_bytes());
}

/// The rate of `limit` and `burst`.
fn rate(config: &Value) -> Result<Rate, Misconfiguration> {
    let limit = text(config, "limit").unwrap_or_default();
    let wrong = || {
        Misconfiguration::new("/limit", format!("`{limit}` is no limit"))
            .with_help("requests and the time they may come in, as `100/m`, `5/s`, `1000/h` or `10/30s`")
    };
    let (count, period) = parse(limit).ok_or_else(wrong)?;
    let given = config["burst"].as_u64().map(u32::try_from);
    let burst = match given {
        None => count,
        Some(burst) => burst.ok().and_then(NonZeroU32::new).ok_or_else(|| {
            Misconfiguration::new("/burst", "`burst` must be a whole number from 1 to 1000000")
        })?,
    };
    Ok(Rate { count, period, burst })
}

/// `100/m`: a count, and a number of units of time, in milliseconds.
fn parse(text: &str) -> Option<(NonZeroU32, NonZeroU64)> {
    /// Requests, and units of time
    const MOST: u32 = 1_000_000;
    let (count, time) = text.split_once('/')?;
    let digits = time.len() - time.trim_start_matches(|digit: char| digit.is_ascii_digit()).len();
    let (number, unit) = time.split_at(digits);
    let number = if number.is_empty() { 1 } else { whole(number, MOST)? };
    let milliseconds = match unit {
        "s" => 1000,
        "m" => 60 * 1000,
        "h" => 60 * 60 * 1000,
        "d" => 24 * 60 * 60 * 1000,
        _ => return None,
    };
    let period = NonZeroU64::new(u64::from(number) * milliseconds)?;
    Some((NonZeroU32::new(whole(count, MOST)?)?, period))
}

fn whole(text: &str, most: u32) -> Option<u32> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| is_plain && *number <= most)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::parse;

    #[test]
    fn limits_are_read() {
        for (text, expected) in [
            ("100/m", Some((100, 60_000))),
            ("1/s", Some((1, 1000))),
            ("1000000/1000000d", Some((1_000_000, 86_400_000_000_000))),
            ("10/30s", Some((10, 30_000))),
            ("2/h", Some((2, 3_600_000))),
            ("0/s", None),
            ("1/0s", None),
            ("1000001/s", None),
            ("1/1000001s", None),
            ("+1/s", None),
            ("1/+1s", None),
            ("1", None),
            ("/s", None),
            ("1/", None),
            ("1/ms", None),
            ("1 / s", None),
            ("99999999999999999999/s", None),
        ] {
            assert_eq!(parse(text).map(|(count, period)| (count.get(), period.get())), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            let _ = parse(&text);
        }

        #[test]
        fn what_is_written_is_read(count in 1..=1_000_000_u32, number in 1..=1_000_000_u32) {
            let (read, period) = parse(&format!("{count}/{number}s")).expect("a limit");
            prop_assert_eq!((read.get(), period.get()), (count, u64::from(number) * 1000));
        }
    }
}
