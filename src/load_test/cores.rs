//! Who runs on which CPUs.

use mocker_runtime::client::usable_cpus;

use crate::limits::RATE_OF_ONE_THREAD;

/// CPUs of the generator, and of the server where that is ours.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Cores {
    pub(crate) generator: Vec<usize>,
    pub(crate) server: Vec<usize>,
}

impl Cores {
    /// Shares the CPUs that this process may use: the first half for a server of ours, the rest for the generator.
    /// With a single one, both have it.
    pub(crate) fn share(has_server: bool) -> Cores {
        Cores::of(usable_cpus(), has_server)
    }

    fn of(mut cpus: Vec<usize>, has_server: bool) -> Cores {
        if !has_server {
            return Cores { generator: cpus, server: Vec::new() };
        }
        match cpus.len() {
            0 | 1 => Cores { generator: cpus.clone(), server: cpus },
            count => {
                let generator = cpus.split_off(count.div_ceil(2));
                Cores { generator, server: cpus }
            }
        }
    }

    /// CPUs that both run on.
    pub(crate) fn shared(&self) -> Vec<usize> {
        self.generator.iter().copied().filter(|cpu| self.server.contains(cpu)).collect()
    }

    /// Sending threads where the user names no number: one a CPU of the generator, but not more than a rate needs.
    /// Without a server of ours half of the CPUs, for whoever answers may run on the others.
    pub(crate) fn threads(&self, rate: Option<f64>) -> usize {
        let most =
            if self.server.is_empty() { self.generator.len().div_ceil(2) } else { self.generator.len() };
        let needed = rate.map_or(usize::MAX, |rate| (rate / RATE_OF_ONE_THREAD).ceil() as usize);
        most.min(needed).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpus_are_shared() {
        for (cpus, server, generator) in [
            (vec![], vec![], vec![]),
            (vec![3], vec![3], vec![3]),
            (vec![0, 1], vec![0], vec![1]),
            (vec![0, 2, 4], vec![0, 2], vec![4]),
            (vec![0, 1, 2, 3], vec![0, 1], vec![2, 3]),
        ] {
            assert_eq!(Cores::of(cpus.clone(), true), Cores { generator, server }, "{cpus:?}");
            assert_eq!(Cores::of(cpus.clone(), false), Cores { generator: cpus, server: vec![] });
        }
    }

    #[test]
    fn a_rate_needs_so_many_threads() {
        let alone = Cores::of(vec![0, 1, 2, 3], false);
        let both = Cores::of(vec![0, 1, 2, 3, 4, 5], true);
        for (rate, of_alone, of_both) in
            [(None, 2, 3), (Some(1.0), 1, 1), (Some(RATE_OF_ONE_THREAD * 1.5), 2, 2), (Some(1e9), 2, 3)]
        {
            assert_eq!((alone.threads(rate), both.threads(rate)), (of_alone, of_both), "{rate:?}");
        }
        assert_eq!(Cores::of(vec![], false).threads(None), 1);
    }
}
