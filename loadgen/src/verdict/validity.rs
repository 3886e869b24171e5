//! Whether the generator did what it was asked to: if not, a run says nothing of the server.

use std::fmt;
use std::time::Duration;

use super::bound::Bound;
use crate::figures;
use crate::limits::{
    BUSY_THREAD, LAG_SHARE_OF_THRESHOLD, LEAST_LAG_LIMIT, LEAST_SENT_SHARE, LEAST_STOLEN_SHARE,
    LITTLE_SAMPLES, LITTLE_TOLERANCE, SATURATED_THREAD,
};
use crate::load::{Load, Model};
use crate::percentile::Percentile;
use crate::record::{Counts, Run};

/// What is known of the machine while the run lasted.
#[derive(Clone, Debug, Default)]
pub struct Conditions {
    /// The p99 of the generator against a responder that does nothing, where it was measured
    pub floor: Option<Duration>,
    /// CPUs that both the generator and the server run on
    pub shared_cpus: Vec<usize>,
    /// How long the control group held the generator back, over the run
    pub throttled: Duration,
    /// For how long the hypervisor gave the machine's CPUs to others, over the run
    pub stolen: Duration,
}

/// Whether a run can be believed.
#[derive(Clone, Debug, PartialEq)]
pub struct Validity {
    /// Why not; empty where it can
    pub reasons: Vec<Reason>,
    /// What may have touched the figures
    pub warnings: Vec<Warning>,
    /// The p99 of the generator's lateness, in nanoseconds; nothing in a closed loop
    pub lag: Option<u64>,
    /// What it may be at most, in nanoseconds
    pub lag_limit: u64,
    /// How many times more the busiest thread could have done
    pub headroom: Option<f64>,
}

/// Why a run cannot be believed.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// Requests were sent later than they were due, though a connection was free
    Late {
        /// p99, in nanoseconds
        lag: u64,
        /// Nanoseconds
        limit: u64,
    },
    /// Requests were due and the generator did not send them
    NotSent {
        /// Requests
        sent: u64,
        /// Requests
        scheduled: u64,
    },
    /// Descriptors or ports ran out
    Exhausted {
        /// How often
        times: u64,
    },
    /// No request came to an end
    NothingMeasured,
}

/// What may have touched the figures.
#[derive(Clone, Debug, PartialEq)]
pub enum Warning {
    /// A sending thread had little time left
    BusyThread {
        /// Its number
        thread: usize,
        /// 0 to 1
        busy: f64,
    },
    /// Not as many connections could be made as were asked for
    FewerConnections {
        /// Connections before the first request
        opened: usize,
        /// Connections
        asked: usize,
        /// Why one of the others could not
        reason: Option<String>,
    },
    /// Generator and server run on the same CPUs
    SharedCpus(Vec<usize>),
    /// The control group held the generator back
    Throttled(Duration),
    /// The hypervisor gave the CPUs to others
    Stolen {
        /// For how long, of all CPUs together
        time: Duration,
        /// Part of the run that this is
        share: f64,
    },
    /// Requests in flight, rate and service time do not fit each other
    Little {
        /// Requests in flight, as counted
        counted: f64,
        /// Rate times mean service time
        expected: f64,
    },
}

impl Validity {
    /// Looks at a run. Thresholds decide how late the generator may be.
    pub fn of(run: &Run, load: &Load, bounds: &[Bound], conditions: &Conditions) -> Validity {
        let is_open = matches!(load.model, Model::Open { .. });
        let lag = if is_open { Percentile::P99.of(&run.record.sched_lag) } else { None };
        let lag_limit = lag_limit(bounds);
        let mut reasons = Vec::new();
        if let Some(lag) = lag.filter(|&lag| lag > lag_limit) {
            reasons.push(Reason::Late { lag, limit: lag_limit });
        }
        if is_open {
            reasons.extend(not_sent(run));
        }
        if run.record.counts.exhausted > 0 {
            reasons.push(Reason::Exhausted { times: run.record.counts.exhausted });
        }
        if figures::ended(&run.record.counts) == 0 {
            reasons.push(Reason::NothingMeasured);
        }
        let busiest = figures::busiest_thread(run).filter(|(_, busy)| *busy > 0.0);
        Validity {
            reasons,
            warnings: warnings(run, load, conditions),
            lag,
            lag_limit,
            headroom: busiest.map(|(_, busy)| (1.0 / busy).max(1.0)),
        }
    }

    /// Nothing speaks against it.
    pub fn is_valid(&self) -> bool {
        self.reasons.is_empty()
    }
}

/// A part of the tightest latency threshold, but not less than any machine can do.
fn lag_limit(bounds: &[Bound]) -> u64 {
    let tightest = bounds.iter().filter_map(Bound::latency_limit).min_by(f64::total_cmp);
    let part = tightest.map_or(0, |limit| (limit * LAG_SHARE_OF_THRESHOLD) as u64);
    part.max(LEAST_LAG_LIMIT)
}

/// Requests were not sent for the generator's sake: it did not look at them in time, or a thread had no time left
/// for anything. What waited for a connection is the server's doing.
fn not_sent(run: &Run) -> Option<Reason> {
    let Counts { scheduled, sent, missed, .. } = run.record.counts;
    let is_short = |sent: u64| (sent as f64) < scheduled as f64 * LEAST_SENT_SHARE;
    let is_saturated = figures::busiest_thread(run).is_some_and(|(_, busy)| busy >= SATURATED_THREAD);
    let is_own_fault = is_short(scheduled - missed) || (is_saturated && is_short(sent));
    is_own_fault.then_some(Reason::NotSent { sent, scheduled })
}

fn warnings(run: &Run, load: &Load, conditions: &Conditions) -> Vec<Warning> {
    let mut warnings = Vec::new();
    // Where there was none at all, the run was stopped before, or that is its verdict.
    if (1..load.concurrency).contains(&run.opened) {
        let (opened, asked, reason) = (run.opened, load.concurrency, run.not_opened.clone());
        warnings.push(Warning::FewerConnections { opened, asked, reason });
    }
    for (thread, used) in run.threads.iter().enumerate() {
        if used.busy > BUSY_THREAD {
            warnings.push(Warning::BusyThread { thread, busy: used.busy });
        }
    }
    if !conditions.shared_cpus.is_empty() {
        warnings.push(Warning::SharedCpus(conditions.shared_cpus.clone()));
    }
    if !conditions.throttled.is_zero() {
        warnings.push(Warning::Throttled(conditions.throttled));
    }
    warnings.extend(stolen(run, conditions.stolen));
    warnings.extend(little(run));
    warnings
}

/// What is late while a CPU runs for others is the fault of nobody here.
fn stolen(run: &Run, time: Duration) -> Option<Warning> {
    let share = time.as_nanos() as f64 / run.elapsed.max(1) as f64;
    (share >= LEAST_STOLEN_SHARE).then_some(Warning::Stolen { time, share })
}

/// Little's law: requests in flight are the rate times how long each is under way.
fn little(run: &Run) -> Option<Warning> {
    let record = &run.record;
    if record.counts.sent < LITTLE_SAMPLES || run.elapsed == 0 {
        return None;
    }
    let expected = figures::per_second(record.service.len(), run) * record.service.mean() / 1e9;
    let counted = run.in_flight;
    let is_off = (counted - expected).abs() > LITTLE_TOLERANCE * expected.max(counted);
    (is_off && counted.is_finite()).then_some(Warning::Little { counted, expected })
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Late { lag, limit } => write!(
                f,
                "requests were sent late though connections were free: sched-lag p99 {:.3} ms, limit {:.3} ms; use \
                 more --threads, a lower rate, or another machine than the server's",
                *lag as f64 / 1e6,
                *limit as f64 / 1e6
            ),
            Reason::NotSent { sent, scheduled } => write!(
                f,
                "{sent} of {scheduled} due requests were sent: the generator was too slow; use more --threads or a \
                 lower rate"
            ),
            Reason::Exhausted { times } => write!(
                f,
                "descriptors or ports ran out {times} times: raise `ulimit -n`, or use fewer connections"
            ),
            Reason::NothingMeasured => f.write_str("no request came to an end: nothing was measured"),
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Warning::BusyThread { thread, busy } => {
                write!(f, "thread {thread} of the generator was busy {:.0} % of the time", busy * 100.0)
            }
            Warning::FewerConnections { opened, asked, reason } => {
                write!(f, "only {opened} of {asked} connections could be made before the first request")?;
                reason.as_ref().map_or(Ok(()), |reason| write!(f, ": {reason}"))
            }
            Warning::SharedCpus(cpus) => {
                let cpus: Vec<String> = cpus.iter().map(usize::to_string).collect();
                write!(f, "generator and server share the CPUs {}: each slows the other", cpus.join(", "))
            }
            Warning::Throttled(duration) => {
                write!(f, "the generator's control group was throttled for {} ms", duration.as_millis())
            }
            Warning::Stolen { time, share } => write!(
                f,
                "the hypervisor gave this machine's CPUs to others for {} ms ({:.1} % of the run): latencies contain it",
                time.as_millis(),
                share * 100.0
            ),
            Warning::Little { counted, expected } => write!(
                f,
                "{counted:.2} requests were in flight on average, but rate times service time is {expected:.2}: the \
                 accounting is off"
            ),
        }
    }
}
