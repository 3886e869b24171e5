//! Looks at the server's parts.

use std::time::Instant;

use mocker_control::{Check, Condition, Reload};
use mocker_runtime::Handle;
use mocker_state::Store;

use crate::limits::{STORE_NEARLY_FULL, WORKER_SILENCE};

/// Whether all workers look up from their work.
pub(super) fn workers(handle: &Handle) -> Check {
    timed("workers", || {
        let silences = handle.silences();
        let silent = silences.iter().filter(|silence| **silence > WORKER_SILENCE).count();
        let all = silences.len();
        match (handle.is_draining(), silent) {
            (true, _) => (Condition::Unhealthy, "the server is ending".to_owned()),
            (false, 0) => (Condition::Healthy, format!("{all} of {all} at work")),
            (false, _) => {
                let seconds = WORKER_SILENCE.as_secs();
                (Condition::Unhealthy, format!("{silent} of {all} not heard of for more than {seconds} s"))
            }
        }
    })
}

/// Whether what is served is what the files say.
pub(super) fn reload(last: impl FnOnce() -> Option<Reload>) -> Check {
    timed("reload", || match last() {
        None => (Condition::Healthy, "nothing was read again since the start".to_owned()),
        Some(reload) if reload.reloaded => (Condition::Healthy, reload.summary),
        Some(reload) => (Condition::Degraded, reload.summary),
    })
}

/// Whether there is room for more state.
pub(super) fn state(store: &Store) -> Check {
    timed("state", || {
        let (usage, limits) = (store.usage(), store.limits());
        let shares = [("scopes", usage.scopes, limits.scopes), ("bytes", usage.bytes, limits.bytes)];
        let share = |used: usize, limit: usize| used as f64 / limit.max(1) as f64;
        let fullest =
            shares.iter().max_by(|one, other| share(one.1, one.2).total_cmp(&share(other.1, other.2)));
        let Some((what, used, limit)) = fullest else { return (Condition::Healthy, String::new()) };
        let message = format!("{used} of {limit} {what} used");
        match share(*used, *limit) >= STORE_NEARLY_FULL {
            true => (Condition::Degraded, message),
            false => (Condition::Healthy, message),
        }
    })
}

fn timed(name: &'static str, look: impl FnOnce() -> (Condition, String)) -> Check {
    let begun = Instant::now();
    let (status, message) = look();
    Check { name, status, duration: begun.elapsed(), message }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::time::Duration;

    use mocker_state::{Limits, Value};

    use super::*;

    #[test]
    fn a_store_near_its_bound_is_degraded() {
        let store = Store::new(Limits { scopes: 10, ..Limits::default() });
        for number in 0..10 {
            let expected = if number >= 9 { Condition::Degraded } else { Condition::Healthy };
            assert_eq!(state(&store).status, expected, "{number}");
            store.set(&number.to_string(), "k", Value::NULL, None, 0).unwrap();
        }
    }

    #[test]
    fn a_reload_that_failed_is_degraded() {
        let outcome = |reloaded| Reload {
            reloaded,
            revision: 1,
            took: Duration::ZERO,
            why: String::new(),
            summary: String::new(),
            diagnostics: Vec::new(),
        };
        for (last, expected) in [
            (None, Condition::Healthy),
            (Some(outcome(true)), Condition::Healthy),
            (Some(outcome(false)), Condition::Degraded),
        ] {
            assert_eq!(reload(|| last).status, expected);
        }
    }
}
