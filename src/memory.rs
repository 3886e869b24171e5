//! Memory of this process.

/// Resident bytes, as the kernel tells them.
pub(crate) fn resident() -> Option<u64> {
    of_status(&std::fs::read_to_string("/proc/self/status").ok()?)
}

fn of_status(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use mocker_runtime::release_free_memory;

    use super::{of_status, resident};

    #[test]
    fn what_was_freed_is_given_back() {
        let mut kept: Vec<Vec<u8>> = (0..16_384).map(|_| vec![1; 2_048]).collect();
        let full = resident().expect("Linux");
        // One in a thousand stays.
        let mut number = 0;
        kept.retain(|_| {
            number += 1;
            number % 1_000 == 0
        });
        release_free_memory();
        let left = resident().expect("Linux");
        assert!(left + (16 << 20) < full, "{left} of {full} bytes are left");
        assert!(kept.iter().flatten().all(|&byte| byte == 1));
    }

    #[test]
    fn the_line_is_found() {
        assert_eq!(of_status("Name:\tmocker\nVmRSS:\t   12 kB\nThreads:\t3\n"), Some(12 << 10));
        assert_eq!(of_status("Name:\tmocker\n"), None);
        assert_eq!(of_status("VmRSS:\t12 MB\n"), None);
    }
}
