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
    use super::of_status;

    #[test]
    fn the_line_is_found() {
        assert_eq!(of_status("Name:\tmocker\nVmRSS:\t   12 kB\nThreads:\t3\n"), Some(12 << 10));
        assert_eq!(of_status("Name:\tmocker\n"), None);
        assert_eq!(of_status("VmRSS:\t12 MB\n"), None);
    }
}
