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

/// How long the CPU was kept from this process, from a moment on.
pub(crate) struct Deprivation {
    throttled: Duration,
    stolen: Duration,
}

impl Deprivation {
    /// From now on.
    pub(crate) fn since_now() -> Deprivation {
        Deprivation { throttled: throttled(), stolen: stolen() }
    }

    /// By the control group, until now.
    pub(crate) fn throttled(&self) -> Duration {
        throttled().saturating_sub(self.throttled)
    }

    /// By the hypervisor, until now: of all CPUs together.
    pub(crate) fn stolen(&self) -> Duration {
        stolen().saturating_sub(self.stolen)
    }
}

/// Since the control group began; nothing where the kernel does not say (cgroup v2, `cpu.stat`).
fn throttled() -> Duration {
    let stat = fs::read_to_string("/sys/fs/cgroup/cpu.stat").unwrap_or_default();
    let line = stat.lines().find_map(|line| line.strip_prefix("throttled_usec "));
    Duration::from_micros(line.and_then(|text| text.trim().parse().ok()).unwrap_or(0))
}

/// Since the machine began; nothing where it is no virtual one (proc_stat(5), `steal`).
fn stolen() -> Duration {
    steal(&fs::read_to_string("/proc/stat").unwrap_or_default())
}

fn steal(stat: &str) -> Duration {
    /// Hundredths of a second: what the kernel tells programs, whatever it counts in itself.
    const TICK: Duration = Duration::from_millis(10);
    let all = stat.lines().find_map(|line| line.strip_prefix("cpu "));
    let ticks = all.and_then(|all| all.split_ascii_whitespace().nth(7)?.parse().ok());
    TICK.saturating_mul(ticks.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::steal;

    #[test]
    fn what_the_hypervisor_took_is_read() {
        let stat =
            "cpu  3996640 2968142 1029013 3090308 582404 0 163511 217 0 0\ncpu0 1 2 3 4 5 6 7 8 9 10\n";
        assert_eq!(steal(stat), Duration::from_millis(2_170));
        assert_eq!((steal("cpu  1 2 3 4"), steal("")), (Duration::ZERO, Duration::ZERO));
    }
}
