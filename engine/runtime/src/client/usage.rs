//! What the calling thread has used of the machine.

#![allow(unsafe_code)] // getrusage and clock_gettime have no safe wrapper in std

use std::mem;

use crate::timer::clock;

/// Since the thread began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// CPU time in nanoseconds, in the program and in the kernel
    pub cpu_time: u64,
    /// Times that the kernel took the CPU from it
    pub preempted: u64,
}

/// What the calling thread has used.
pub fn usage() -> Usage {
    // SAFETY: the kernel writes one whole rusage, which is plain numbers; it lives through the call.
    let preempted = unsafe {
        let mut usage: libc::rusage = mem::zeroed();
        match libc::getrusage(libc::RUSAGE_THREAD, &mut usage) {
            0 => u64::try_from(usage.ru_nivcsw).unwrap_or(0),
            _ => 0,
        }
    };
    Usage { cpu_time: clock(libc::CLOCK_THREAD_CPUTIME_ID), preempted }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_is_seen() {
        let before = usage();
        let mut number = 1_u64;
        while usage().cpu_time == before.cpu_time {
            number = std::hint::black_box(number.wrapping_mul(3));
        }
        assert!(usage().cpu_time > before.cpu_time);
    }
}
