//! Work that gives way to those who answer.

#![allow(unsafe_code)] // sched_setscheduler has no safe wrapper in std

use std::{
    sync::mpsc::{RecvTimeoutError, channel},
    thread,
    time::Duration,
};

/// Does `work` on the calling thread so that it gives way at once to any other thread that wants its core. On a machine that
/// is never idle it would come to no end: after `patience` it takes its turn like all others. Where the kernel refuses, or
/// somebody chose how the thread is scheduled, it does so from the beginning.
pub fn in_background<T>(patience: Duration, work: impl FnOnce() -> T) -> T {
    /// Takes its turn again, also where the work panics.
    struct Returning(libc::pid_t);
    impl Drop for Returning {
        fn drop(&mut self) {
            schedule(self.0, libc::SCHED_OTHER);
        }
    }
    // SAFETY: it takes nothing and cannot fail (gettid(2)).
    let worker = unsafe { libc::gettid() };
    let (done, is_done) = channel::<()>();
    thread::scope(|scope| {
        let hurry = move || {
            if is_done.recv_timeout(patience) == Err(RecvTimeoutError::Timeout) {
                schedule(worker, libc::SCHED_OTHER);
            }
        };
        let watch = thread::Builder::new().name("patience".to_owned()).spawn_scoped(scope, hurry);
        // Nobody else ends what is never done.
        let gives_way = watch.is_ok() && policy() == libc::SCHED_OTHER;
        let _returning = gives_way.then(|| {
            schedule(worker, libc::SCHED_IDLE);
            Returning(worker)
        });
        let made = work();
        drop(done);
        made
    })
}

/// How the calling thread is scheduled.
fn policy() -> libc::c_int {
    // SAFETY: 0 is the calling thread; nothing is written (sched_getscheduler(2)).
    unsafe { libc::sched_getscheduler(0) }
}

/// Whether a thread of this process is scheduled so from now on.
fn schedule(thread: libc::pid_t, policy: libc::c_int) -> bool {
    let parameters = libc::sched_param { sched_priority: 0 };
    // SAFETY: the kernel reads one whole sched_param that lives through the call (sched_setscheduler(2)).
    unsafe { libc::sched_setscheduler(thread, policy, &raw const parameters) == 0 }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    #[test]
    fn work_gives_way_and_what_follows_does_not() {
        let before = policy();
        assert_eq!(in_background(Duration::from_secs(60), policy), libc::SCHED_IDLE);
        assert_eq!(policy(), before);
        let failed =
            catch_unwind(AssertUnwindSafe(|| in_background(Duration::from_secs(60), || panic!("no"))));
        assert!(failed.is_err());
        assert_eq!(policy(), before);
    }

    #[test]
    fn patience_has_an_end() {
        in_background(Duration::ZERO, || {
            while policy() == libc::SCHED_IDLE {
                thread::yield_now();
            }
        });
    }
}
