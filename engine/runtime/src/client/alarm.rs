//! Waking at a given time. Timers of the runtime tick in milliseconds and the kernel wakes some ten microseconds
//! late; so an alarm sleeps until shortly before, and spins for the rest.

use std::io;

use super::{polls, relay::Relay};
use crate::{
    limits::{LONGEST_ROUND, SPIN},
    timer::{self, Timer, now},
};

/// Wakes one task at the times it asks for, by a timer of its own.
///
/// Near the time, an alarm on a ring keeps asking for the readiness of its expired timer: each time is one round
/// through the ring, in which the other tasks of the thread get what has come for them. A loop that stayed in the
/// program would keep it from them. On epoll a second task takes the timer's place.
pub struct Alarm {
    timer: Timer,
    /// What the timer was set to last; from then on it is readable.
    set_to: u64,
    /// How it spins on epoll
    relay: Option<Relay>,
    spun: u64,
}

impl Alarm {
    /// An alarm for a task of the calling thread.
    ///
    /// # Errors
    /// When there is no descriptor left.
    ///
    /// # Panics
    /// Outside of [`Reactor::block_on`](super::Reactor::block_on).
    pub fn new() -> io::Result<Self> {
        let timer = Timer::new()?;
        timer.set(1)?;
        let relay = monoio::utils::is_legacy().then(Relay::new);
        Ok(Self { timer, set_to: 1, relay, spun: 0 })
    }

    /// Waits until it is `due`, to the microsecond, in nanoseconds of [`now`]. Gives the time then. The CPU is kept
    /// busy for the last [`SPIN`].
    pub async fn until(&mut self, due: u64) -> u64 {
        self.wait(due, SPIN).await
    }

    /// Waits until it is `due`, or some ten microseconds longer. Gives the time then.
    pub async fn sleep_until(&mut self, due: u64) -> u64 {
        self.wait(due, 0).await
    }

    /// Nanoseconds spent spinning while no other task had anything to do. For alarms of spawned tasks.
    pub fn spun(&self) -> u64 {
        self.spun
    }

    async fn wait(&mut self, due: u64, spin: u64) -> u64 {
        let mut now = now();
        while now < due {
            let wake = due.saturating_sub(spin).max(1);
            let spins = wake <= now;
            if !spins || (self.set_to > now && self.relay.is_none()) {
                // A timer that cannot be set is readable, or soon will be: then all of the wait is spinning.
                if self.timer.set(wake).is_ok() {
                    self.set_to = wake;
                }
            }
            let before = polls();
            match &self.relay {
                // On epoll a wait for what is ready would not be one.
                Some(relay) if spins => relay.round().await,
                // An error shows as a round without a wait.
                _ => drop(self.timer.wait().await),
            }
            let then = timer::now();
            // The waiting task itself is polled once. A long round is one in which the CPU was another's.
            if spins && polls().wrapping_sub(before) <= 1 {
                self.spun += (then - now).min(LONGEST_ROUND);
            }
            now = then;
        }
        now
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::{cell::RefCell, rc::Rc};

    use super::*;
    use crate::{
        client::{Reactor, spawn},
        config::DriverChoice,
    };

    const DRIVERS: [DriverChoice; 2] = [DriverChoice::Auto, DriverChoice::Epoll];

    #[test]
    fn an_alarm_is_never_early() {
        for driver in DRIVERS {
            Reactor::build(driver).unwrap().block_on(async {
                let mut alarm = Alarm::new().unwrap();
                for wait in [0, 1, 1_000, SPIN / 2, SPIN, SPIN + 1, 3 * SPIN, 20, 2_000_000, SPIN / 2] {
                    let due = now() + wait;
                    assert!(alarm.until(due).await >= due, "{wait} on {driver:?}");
                    let due = now() + wait;
                    assert!(alarm.sleep_until(due).await >= due, "{wait} on {driver:?}");
                }
            });
        }
    }

    #[test]
    fn what_is_past_does_not_wait() {
        Reactor::build(DriverChoice::Auto).unwrap().block_on(async {
            let mut alarm = Alarm::new().unwrap();
            alarm.until(0).await;
            alarm.until(now()).await;
            assert_eq!(alarm.spun(), 0);
        });
    }

    #[test]
    fn alarms_go_off_in_the_order_of_their_times_and_while_others_spin() {
        for driver in DRIVERS {
            let order = Rc::new(RefCell::new(Vec::new()));
            Reactor::build(driver).unwrap().block_on(async {
                let start = now();
                for milliseconds in [9_u64, 3, 6] {
                    let order = Rc::clone(&order);
                    spawn(async move {
                        Alarm::new().unwrap().until(start + milliseconds * 1_000_000).await;
                        order.borrow_mut().push(milliseconds);
                    });
                }
                // Spins all the time: each wait is shorter than what is spun.
                let mut alarm = Alarm::new().unwrap();
                while order.borrow().len() < 3 {
                    alarm.until(now() + SPIN / 2).await;
                }
            });
            assert_eq!(*order.borrow(), [3, 6, 9], "{driver:?}");
        }
    }
}
