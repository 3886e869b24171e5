//! Which CPUs this process may use, and binding a thread to one.

#![allow(unsafe_code)] // sched_getaffinity and sched_setaffinity have no safe wrapper in std

use std::{io, mem};

/// The CPUs this thread may run on, ascending. Empty if the kernel does not say.
pub(crate) fn allowed() -> Vec<usize> {
    // SAFETY: cpu_set_t is plain bits; the kernel writes at most the size it is given.
    let set = unsafe {
        let mut set: libc::cpu_set_t = mem::zeroed();
        if libc::sched_getaffinity(0, mem::size_of_val(&set), &mut set) != 0 {
            return Vec::new();
        }
        set
    };
    // SAFETY: every index is below CPU_SETSIZE, the number of bits in the set.
    (0..libc::CPU_SETSIZE as usize).filter(|&cpu| unsafe { libc::CPU_ISSET(cpu, &set) }).collect()
}

/// Binds the calling thread to one CPU.
pub(crate) fn bind_to(cpu: usize) -> io::Result<()> {
    if cpu >= libc::CPU_SETSIZE as usize {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    // SAFETY: the index was checked; the kernel only reads the set.
    let result = unsafe {
        let mut set: libc::cpu_set_t = mem::zeroed();
        libc::CPU_SET(cpu, &mut set);
        libc::sched_setaffinity(0, mem::size_of_val(&set), &set)
    };
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    #[test]
    fn a_thread_bound_to_a_cpu_may_run_there_only() {
        let last = *super::allowed().last().unwrap();
        let seen = std::thread::spawn(move || {
            super::bind_to(last).unwrap();
            super::allowed()
        });
        assert_eq!(seen.join().unwrap(), [last]);
    }

    #[test]
    fn a_cpu_that_cannot_be_is_an_error() {
        assert!(super::bind_to(usize::MAX).is_err());
    }
}
