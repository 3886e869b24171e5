//! Several runs of one load as a single one.

use std::mem;

use crate::record::{Run, Thread};

/// Joins runs of the same load and scenario, one behind the other; nothing of none. Latencies go into one histogram
/// (percentiles are not averaged), times add up, seconds follow each other.
pub fn pooled(runs: Vec<Run>) -> Option<Run> {
    let mut runs = runs.into_iter();
    let mut whole = runs.next()?;
    for run in runs {
        add(&mut whole, run);
    }
    Some(whole)
}

fn add(whole: &mut Run, mut run: Run) {
    let (before, more) = (whole.elapsed as f64, run.elapsed as f64);
    let total = before + more;
    let mean = |ours: f64, theirs: f64| {
        if total > 0.0 { (ours * before + theirs * more) / total } else { 0.0 }
    };
    let mut seconds = mem::take(&mut whole.record.seconds);
    seconds.append(&mut run.record.seconds);
    whole.record.merge(&run.record);
    whole.record.seconds = seconds;
    whole.in_flight = mean(whole.in_flight, run.in_flight);
    whole.most_in_flight = whole.most_in_flight.max(run.most_in_flight);
    whole.opened = whole.opened.min(run.opened);
    whole.not_opened = whole.not_opened.take().or(run.not_opened);
    whole.threads.resize_with(whole.threads.len().max(run.threads.len()), Thread::default);
    for (ours, theirs) in whole.threads.iter_mut().zip(run.threads) {
        ours.cpu = ours.cpu.or(theirs.cpu);
        ours.busy = mean(ours.busy, theirs.busy);
        ours.cpu_time += theirs.cpu_time;
        ours.preempted += theirs.preempted;
    }
    whole.elapsed += run.elapsed;
    whole.interrupted |= run.interrupted;
    match (&mut whole.verification, run.verification) {
        (Some(ours), Some(theirs)) => ours.merge(&theirs),
        (ours @ None, theirs) => *ours = theirs,
        (Some(_), None) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Record, Second};
    use crate::verify::Verification;

    fn run(latency: u64, requests: u64, elapsed: u64) -> Run {
        let mut record = Record::new(0);
        record.response.record_n(latency, requests).expect("within bounds");
        record.counts.completed = requests;
        record.seconds = vec![Second { sent: requests, ..Second::default() }];
        let thread = Thread { busy: latency as f64 / 1e9, cpu_time: 5, ..Thread::default() };
        Run {
            record,
            elapsed,
            in_flight: requests as f64,
            most_in_flight: requests,
            opened: requests as usize,
            not_opened: None,
            threads: vec![thread],
            interrupted: false,
            verification: Some(Verification { checked: requests, ..Verification::default() }),
        }
    }

    #[test]
    fn runs_follow_each_other() {
        let whole = pooled(vec![run(100_000_000, 10, 1_000), run(400_000_000, 30, 3_000)]).expect("two runs");
        assert_eq!(
            (whole.elapsed, whole.record.counts.completed, whole.record.response.len()),
            (4_000, 40, 40)
        );
        let sent: Vec<u64> = whole.record.seconds.iter().map(|second| second.sent).collect();
        assert_eq!(sent, [10, 30]);
        assert_eq!((whole.in_flight, whole.most_in_flight, whole.opened), (25.0, 30, 10));
        assert!((whole.threads[0].busy - 0.325).abs() < 1e-9 && whole.threads[0].cpu_time == 10);
        assert_eq!(whole.verification.map(|verification| verification.checked), Some(40));
        assert!(pooled(Vec::new()).is_none());
    }
}
