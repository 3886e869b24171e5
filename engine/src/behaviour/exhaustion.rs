//! Scripts and templates that fail after a long time again and again, and how others keep their core meanwhile.
//!
//! A budget bounds what one call takes; a client that makes one such call after another would still have the core for
//! itself. So the time of calls that failed, at a budget or otherwise, is a debt of the worker, which wears off slowly.
//! While it is too large, those that made it are not called; all others are.

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use mocker_scripting::{Fault, FaultKind, ScriptId, TemplateId};

use crate::limits::{
    EXHAUSTION_ALLOWANCE, EXHAUSTION_SHARE, LONG_EXCESS, LONG_FAILURE, MAX_EXHAUSTED, MAX_REST,
};

/// What can take a core.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spender {
    Script(ScriptId),
    Template(TemplateId),
}

/// What calls that failed took of one worker.
#[derive(Default)]
pub(crate) struct Exhaustion {
    /// So much, then; nothing once it has worn off
    debt: Cell<Option<(Duration, Instant)>>,
    /// Who made it, and what the last of its calls ended with
    spenders: RefCell<Vec<(Spender, Fault)>>,
}

impl Exhaustion {
    /// Lets `spender` be called, or says why not now.
    #[inline]
    pub(crate) fn admit(&self, spender: Spender) -> Result<(), Fault> {
        match self.debt.get() {
            None => Ok(()),
            Some(_) => self.judge(spender, Instant::now()),
        }
    }

    /// A call took so long and failed. One that failed soon costs nobody anything; that there is no room for more state is
    /// no fault of the script's.
    #[cold]
    pub(crate) fn failed(&self, spender: Spender, took: Duration, fault: &Fault) {
        let long = if fault.budget.is_some() { LONG_EXCESS } else { LONG_FAILURE };
        if took >= long && fault.kind == FaultKind::Failed {
            self.charge(spender, Instant::now(), took, fault);
        }
    }

    #[cold]
    fn judge(&self, spender: Spender, now: Instant) -> Result<(), Fault> {
        let debt = self.left(now);
        if debt.is_zero() {
            self.debt.set(None);
            self.spenders.borrow_mut().clear();
            return Ok(());
        }
        let excess = debt.saturating_sub(EXHAUSTION_ALLOWANCE);
        let spenders = self.spenders.borrow();
        match spenders.iter().find(|(one, _)| *one == spender) {
            Some((_, fault)) if !excess.is_zero() => Err(resting(fault, excess * EXHAUSTION_SHARE)),
            _ => Ok(()),
        }
    }

    fn charge(&self, spender: Spender, now: Instant, took: Duration, fault: &Fault) {
        let most = EXHAUSTION_ALLOWANCE + MAX_REST / EXHAUSTION_SHARE;
        self.debt.set(Some((self.left(now).saturating_add(took).min(most), now)));
        let mut spenders = self.spenders.borrow_mut();
        spenders.retain(|(one, _)| *one != spender);
        if spenders.len() < MAX_EXHAUSTED {
            spenders.push((spender, fault.clone()));
        }
    }

    fn left(&self, now: Instant) -> Duration {
        self.debt.get().map_or(Duration::ZERO, |(debt, at)| {
            debt.saturating_sub(now.saturating_duration_since(at) / EXHAUSTION_SHARE)
        })
    }
}

fn resting(last: &Fault, rest: Duration) -> Fault {
    let seconds = u32::try_from(rest.as_secs()).unwrap_or(u32::MAX).saturating_add(1);
    let message = format!(
        "{}, and did so before: it is not called for {seconds} s, so that other requests have their turn",
        last.message
    );
    Fault { message, kind: FaultKind::Resting { seconds }, ..last.clone() }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use mocker_scripting::{Fault, FaultKind, TemplateId};

    use super::{Exhaustion, Spender};
    use crate::limits::{
        EXHAUSTION_ALLOWANCE, EXHAUSTION_SHARE, LONG_EXCESS, LONG_FAILURE, MAX_EXHAUSTED, MAX_REST,
    };

    const GREEDY: Spender = Spender::Template(TemplateId(0));
    const OTHER: Spender = Spender::Template(TemplateId(1));

    fn ended() -> Fault {
        Fault { budget: Some("time"), message: "too long".to_owned(), ..Fault::default() }
    }

    /// The seconds that `GREEDY` is to wait.
    fn rest(exhaustion: &Exhaustion, now: Instant) -> Option<u32> {
        match exhaustion.judge(GREEDY, now).err()?.kind {
            FaultKind::Resting { seconds } => Some(seconds),
            _ => None,
        }
    }

    #[test]
    fn who_uses_up_budgets_again_and_again_has_to_rest_and_nobody_else() {
        let (exhaustion, begun) = (Exhaustion::default(), Instant::now());
        let tenth = EXHAUSTION_ALLOWANCE / 10;
        for _ in 0..10 {
            assert!(exhaustion.judge(GREEDY, begun).is_ok());
            exhaustion.charge(GREEDY, begun, tenth, &ended());
        }
        assert!(exhaustion.judge(GREEDY, begun).is_ok(), "no more than the allowance");
        exhaustion.charge(GREEDY, begun, tenth, &ended());
        let wait = tenth * EXHAUSTION_SHARE;
        assert_eq!(rest(&exhaustion, begun), Some(wait.as_secs() as u32 + 1));
        assert!(exhaustion.judge(OTHER, begun).is_ok());
        assert_eq!(rest(&exhaustion, begun + wait - Duration::from_millis(1)), Some(1));
        assert_eq!(rest(&exhaustion, begun + wait), None);
    }

    #[test]
    fn a_rest_has_an_end_and_debts_wear_off() {
        let (exhaustion, begun) = (Exhaustion::default(), Instant::now());
        exhaustion.charge(GREEDY, begun, Duration::from_secs(3600), &ended());
        assert_eq!(rest(&exhaustion, begun), Some(MAX_REST.as_secs() as u32 + 1));
        assert_eq!(rest(&exhaustion, begun + MAX_REST), None);
        let paid = MAX_REST + EXHAUSTION_ALLOWANCE * EXHAUSTION_SHARE;
        assert_eq!(rest(&exhaustion, begun + paid), None);
        assert!(exhaustion.debt.get().is_none() && exhaustion.spenders.borrow().is_empty());
        exhaustion.charge(GREEDY, begun + paid, EXHAUSTION_ALLOWANCE, &ended());
        assert_eq!(rest(&exhaustion, begun + paid), None, "what has worn off does not come back");
    }

    #[test]
    fn what_fails_soon_does_not_count() {
        let exhaustion = Exhaustion::default();
        let thrown = Fault { message: "no".to_owned(), ..Fault::default() };
        for _ in 0..1_000 {
            exhaustion.failed(GREEDY, LONG_EXCESS - Duration::from_nanos(1), &ended());
            exhaustion.failed(GREEDY, LONG_FAILURE - Duration::from_nanos(1), &thrown);
        }
        assert!(exhaustion.admit(GREEDY).is_ok());
        let full = Fault { kind: FaultKind::Full, ..ended() };
        exhaustion.failed(GREEDY, 2 * EXHAUSTION_ALLOWANCE, &full);
        assert!(exhaustion.admit(GREEDY).is_ok());
        exhaustion.failed(GREEDY, 2 * EXHAUSTION_ALLOWANCE, &thrown);
        assert!(exhaustion.admit(GREEDY).is_err(), "whatever it failed with");
    }

    #[test]
    fn as_many_are_remembered_as_the_limit_says() {
        let (exhaustion, begun) = (Exhaustion::default(), Instant::now());
        for number in 0..=MAX_EXHAUSTED {
            exhaustion.charge(Spender::Template(TemplateId(number as u32)), begun, MAX_REST, &ended());
        }
        assert!(exhaustion.judge(Spender::Template(TemplateId(MAX_EXHAUSTED as u32 - 1)), begun).is_err());
        assert!(exhaustion.judge(Spender::Template(TemplateId(MAX_EXHAUSTED as u32)), begun).is_ok());
    }
}
