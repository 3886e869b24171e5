//! Which scenarios a request meets.

use std::borrow::Cow;

use mocker_runtime::now;
use mocker_schema::generate::Key;
use mocker_state::Number;

use super::asked::Asked;
use super::exposed::Exposed;
use super::{Cause, Chaos, Struck};
use crate::behaviour::{Arrived, Behaviours};
use crate::problem::Problem;
use crate::publication::Served;

/// What strikes a request of an operation. Nothing strikes one that scripts changed: it was met as the client sent it.
///
/// # Errors
/// When it asks for a fault that there is not.
#[inline]
pub(crate) fn meet(
    served: &Served,
    arrived: &Arrived<'_>,
    operation: u32,
) -> Result<Option<Box<Struck>>, Box<Problem>> {
    let chaos = &*served.behaviours.chaos;
    let exposed = chaos.operations.get(operation as usize).and_then(Option::as_deref);
    if exposed.is_none() && !chaos.allows_fields {
        return Ok(None);
    }
    if !chaos.master.is_on() || arrived.is_changed {
        return Ok(None);
    }
    struck(&served.behaviours, arrived, exposed)
}

fn struck(
    behaviours: &Behaviours,
    arrived: &Arrived<'_>,
    exposed: Option<&Exposed>,
) -> Result<Option<Box<Struck>>, Box<Problem>> {
    let chaos = &*behaviours.chaos;
    let asked = if chaos.allows_fields { asked(arrived)? } else { Asked::default() };
    let is_on = |(scenario, _): &(usize, Key)| chaos.scenarios[*scenario].switch.is_on();
    let exposed = exposed.filter(|exposed| exposed.rules().iter().any(is_on));
    if exposed.is_none() && asked.is_nothing() {
        return Ok(None);
    }
    let mut struck = Struck::new(now());
    struck.delay(asked.delay);
    if let Some(effect) = &asked.effect {
        struck.add(effect, (Cause::Asked, ""), Key(0));
    }
    if let Some(exposed) = exposed {
        chaos.strike(behaviours, arrived, exposed, &mut struck);
    }
    Ok(struck.is_struck().then(|| Box::new(struck)))
}

fn asked(arrived: &Arrived<'_>) -> Result<Asked, Box<Problem>> {
    Asked::of(&arrived.head.fields).map_err(|detail| Box::new(Problem::UnknownFault(detail)))
}

impl Chaos {
    fn strike(&self, behaviours: &Behaviours, arrived: &Arrived<'_>, exposed: &Exposed, struck: &mut Struck) {
        let scope = behaviours.scope.of_head(arrived);
        let now = behaviours.now().max(0) as u64;
        let counted = scope.as_deref().and_then(|scope| self.counted(exposed.name(), scope, now));
        // Where there is no room to count a scope by itself, it counts with all others.
        let number = counted.unwrap_or_else(|| exposed.next());
        let name = scope.as_deref().unwrap_or_default();
        for (scenario, key) in exposed.rules() {
            let armed = &self.scenarios[*scenario];
            let scopes = &armed.scenario.scopes;
            let is_in = |name: &str| scopes.iter().any(|scope| **scope == *name);
            if scopes.is_empty() || is_in(&named(scope.as_deref(), arrived)) {
                let key = key.with(name.as_bytes()).with_number(number);
                armed.strike(number, key, Cause::Scenario(*scenario), struck);
            }
        }
    }
}

impl Chaos {
    /// The number of an operation's next request in a scope, from 0; nothing where there is no room to count.
    fn counted(&self, operation: &str, scope: &str, now: u64) -> Option<u64> {
        let count = self.requests.engine().increment(scope, operation, Number::Integer(1), now).ok()?;
        Some(count.as_i64().map_or(0, |count| (count - 1) as u64))
    }
}

/// Requests without a scope of their own are of the client's.
fn named<'s>(scope: Option<&'s str>, arrived: &Arrived<'_>) -> Cow<'s, str> {
    match scope {
        Some(scope) => Cow::Borrowed(scope),
        None => Cow::Owned(arrived.client.to_canonical().to_string()),
    }
}
