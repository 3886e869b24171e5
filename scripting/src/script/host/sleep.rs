//! `sleep`: a delay of the answer, never of the core.

use std::time::Duration;

use rhai::INT;
use rhai::plugin::*;

use crate::script::budgets;
use crate::script::error::Exceeded;
use crate::script::objects::{Failure, current, failure};

/// Delays.
#[export_module]
#[allow(missing_docs, unreachable_pub, clippy::unwrap_used)]
pub(crate) mod waiting {
    /// Has the answer wait for so many milliseconds more. The script itself goes on at once, and other requests are
    /// answered meanwhile.
    ///
    /// ```rhai
    /// sleep(250);
    /// ```
    #[rhai_fn(name = "sleep", return_raw)]
    pub fn sleep(milliseconds: INT) -> Result<(), Failure> {
        let milliseconds = u64::try_from(milliseconds).map_err(|_| failure("a delay cannot be negative"))?;
        delay(Duration::from_millis(milliseconds))
    }

    /// The same with a fraction of milliseconds.
    ///
    /// ```rhai
    /// sleep(0.5);
    /// ```
    #[rhai_fn(name = "sleep", return_raw)]
    pub fn sleep_fraction(milliseconds: f64) -> Result<(), Failure> {
        let time = Duration::try_from_secs_f64(milliseconds / 1_000.0);
        delay(time.map_err(|_| failure(format!("{milliseconds} is no delay")))?)
    }
}

fn delay(time: Duration) -> Result<(), Failure> {
    let context = current()?;
    context.sleep(time);
    match context.delay() > context.most_delay() {
        false => Ok(()),
        true => {
            let message = format!("the script used up its budget `{}`", budgets::SLEEP);
            let exceeded = Exceeded { budget: budgets::SLEEP, message };
            Err(rhai::EvalAltResult::ErrorSystem(String::new(), Box::new(exceeded)).into())
        }
    }
}
