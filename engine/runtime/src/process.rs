//! Other processes, by descriptor: who was meant stays meant, also when the number is given to another (pidfd_open(2),
//! Linux 5.3).

#![allow(unsafe_code)] // pidfd_open, pidfd_send_signal, poll and setsid have no safe wrapper in std

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::time::{Duration, Instant};

/// A process that was there when it was opened.
#[derive(Debug)]
pub struct Process(OwnedFd);

impl Process {
    /// The process of this number.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] where there is none; what the kernel says else.
    pub fn open(pid: u32) -> io::Result<Process> {
        let pid = libc::pid_t::try_from(pid).map_err(|_| io::Error::from(io::ErrorKind::NotFound))?;
        // SAFETY: the call takes two numbers, and gives a new descriptor or -1.
        let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) };
        if fd < 0 {
            let error = io::Error::last_os_error();
            // Zero and what is below are no processes; for the kernel they are bad arguments.
            let is_none = matches!(error.raw_os_error(), Some(libc::ESRCH | libc::EINVAL));
            return Err(if is_none { io::ErrorKind::NotFound.into() } else { error });
        }
        let fd = i32::try_from(fd).map_err(io::Error::other)?;
        // SAFETY: the descriptor is new, so that nobody else owns it.
        Ok(Process(unsafe { OwnedFd::from_raw_fd(fd) }))
    }

    /// Sends it SIGTERM. One that has ended by now gets nothing.
    ///
    /// # Errors
    /// Where it is not ours.
    pub fn terminate(&self) -> io::Result<()> {
        let no_info = std::ptr::null::<libc::siginfo_t>();
        // SAFETY: the descriptor is open as long as `self` lives; without a siginfo the kernel makes one.
        let sent = unsafe {
            libc::syscall(libc::SYS_pidfd_send_signal, self.0.as_raw_fd(), libc::SIGTERM, no_info, 0)
        };
        match sent {
            0 => Ok(()),
            _ => match io::Error::last_os_error() {
                error if error.raw_os_error() == Some(libc::ESRCH) => Ok(()),
                error => Err(error),
            },
        }
    }

    /// Waits until it has ended, `time` at most; whether it has.
    ///
    /// # Errors
    /// What the kernel says.
    pub fn wait(&self, time: Duration) -> io::Result<bool> {
        let deadline = Instant::now() + time;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let left = i32::try_from(left.as_millis()).unwrap_or(i32::MAX);
            let mut ended = libc::pollfd { fd: self.0.as_raw_fd(), events: libc::POLLIN, revents: 0 };
            // SAFETY: one structure, which lives through the call.
            match unsafe { libc::poll(&mut ended, 1, left) } {
                0 if left > 0 => {}
                0 => return Ok(false),
                1.. => return Ok(true),
                _ => match io::Error::last_os_error() {
                    error if error.kind() == io::ErrorKind::Interrupted => {}
                    error => return Err(error),
                },
            }
        }
    }
}

/// Leaves the terminal and the group of whoever started this process: their signals do not reach it any more.
///
/// # Errors
/// Where this process leads a group.
pub fn leave_session() -> io::Result<()> {
    // SAFETY: the call takes nothing and changes only what this process belongs to.
    if unsafe { libc::setsid() } < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::os::unix::process::ExitStatusExt;
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn a_process_is_ended_and_waited_for() {
        let mut child = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
        let process = Process::open(child.id()).unwrap();
        assert!(!process.wait(Duration::ZERO).unwrap());
        process.terminate().unwrap();
        assert!(process.wait(Duration::from_secs(20)).unwrap());
        assert_eq!(child.wait().unwrap().signal(), Some(libc::SIGTERM));
        process.terminate().unwrap();
        assert!(process.wait(Duration::ZERO).unwrap());
    }

    #[test]
    fn who_is_not_there_is_not_found() {
        for pid in [0, u32::MAX, i32::MAX as u32] {
            assert_eq!(Process::open(pid).unwrap_err().kind(), io::ErrorKind::NotFound, "{pid}");
        }
    }
}
