//! What is known of the machine.

use std::fs;
use std::time::Duration;

use mocker_loadgen::report::Host;
use mocker_runtime::client::usable_cpus;

/// The machine that the generator runs on.
pub(crate) fn host(same_host: bool) -> Host {
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    Host { cpus: usable_cpus().len(), kernel: kernel.trim().to_owned(), same_host }
}

/// How long the control group has held this process back, from a moment on.
pub(crate) struct Throttling(Duration);

impl Throttling {
    /// From now on.
    pub(crate) fn since_now() -> Throttling {
        Throttling(throttled())
    }

    /// Until now.
    pub(crate) fn elapsed(&self) -> Duration {
        throttled().saturating_sub(self.0)
    }
}

/// Since the control group began; nothing where the kernel does not say (cgroup v2, `cpu.stat`).
fn throttled() -> Duration {
    let stat = fs::read_to_string("/sys/fs/cgroup/cpu.stat").unwrap_or_default();
    let line = stat.lines().find_map(|line| line.strip_prefix("throttled_usec "));
    Duration::from_micros(line.and_then(|text| text.trim().parse().ok()).unwrap_or(0))
}
