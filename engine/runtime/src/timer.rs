//! The kernel's clocks, and a timer that a task waits for as for a socket.

#![allow(unsafe_code)] // timerfd, prctl and clock_gettime have no safe wrapper in std

use std::{
    io, mem,
    os::{
        fd::{AsRawFd, FromRawFd, OwnedFd},
        unix::net::UnixStream as StdStream,
    },
    ptr,
};

use monoio::net::UnixStream;

/// Nanoseconds of `CLOCK_MONOTONIC`.
#[inline]
pub fn now() -> u64 {
    clock(libc::CLOCK_MONOTONIC)
}

#[inline]
pub(crate) fn clock(clock: libc::clockid_t) -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the pointer is to a whole timespec that lives through the call. Both clocks exist on every Linux,
    // so the call cannot fail; if it did, the time would stay 0.
    unsafe { libc::clock_gettime(clock, &mut time) };
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

/// A timer of the kernel. From the time it is set to on, waiting for it does not wait.
pub(crate) struct Timer(UnixStream);

impl Timer {
    /// A timer that is not set, and a kernel that wakes this thread as exactly as it can.
    ///
    /// # Errors
    /// When there is no descriptor left.
    pub(crate) fn new() -> io::Result<Timer> {
        // SAFETY: neither call is given memory; a descriptor that is not negative is new and nobody else's.
        let timer = unsafe {
            libc::prctl(libc::PR_SET_TIMERSLACK, 1);
            let fd = libc::timerfd_create(libc::CLOCK_MONOTONIC, libc::TFD_NONBLOCK | libc::TFD_CLOEXEC);
            if fd < 0 {
                return Err(io::Error::last_os_error());
            }
            OwnedFd::from_raw_fd(fd)
        };
        // Streams are the one kind of descriptor whose readiness monoio waits for; nothing is read or sent here.
        UnixStream::from_std(StdStream::from(timer)).map(Timer)
    }

    /// Sets it to a time, in nanoseconds of [`now`]; 0 unsets it.
    ///
    /// # Errors
    /// What the kernel says; the timer is as it was then.
    pub(crate) fn set(&self, at: u64) -> io::Result<()> {
        // SAFETY: the kernel reads one whole itimerspec that lives through the call.
        let result = unsafe {
            let mut spec: libc::itimerspec = mem::zeroed();
            spec.it_value.tv_sec = (at / 1_000_000_000) as libc::time_t;
            spec.it_value.tv_nsec = (at % 1_000_000_000) as libc::c_long;
            libc::timerfd_settime(self.0.as_raw_fd(), libc::TFD_TIMER_ABSTIME, &spec, ptr::null_mut())
        };
        if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
    }

    /// Waits for the time it is set to.
    ///
    /// # Errors
    /// When the runtime cannot wait.
    pub(crate) async fn wait(&self) -> io::Result<()> {
        self.0.readable(false).await
    }
}
