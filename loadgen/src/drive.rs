//! Sends: one thread with its own ring for each share of the connections, and one record of it all.

mod capture;
mod connection;
mod lane;
mod ledger;
mod pacer;
mod progress;
mod seat;
mod sequence;
mod slot;
mod stock;
mod timing;
mod tls;
mod warden;
mod wire;

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, mpsc},
    thread,
};

use mocker_runtime::{Pin, client};
use thiserror::Error;

pub use progress::{Progress, Report, Seen};
pub use tls::{BadName, Tls, Trust};

use self::{
    lane::Plan,
    seat::{Outcome, Ready, Seat},
    sequence::Sequence,
    stock::Stock,
};
use crate::{
    limits::{MAX_THREADS, START_DELAY},
    load::{Load, Model},
    record::{Record, Run},
    scenario::Scenario,
    schedule::{Schedule, nanoseconds},
    verify::{Judge, Memo, Verification, Verifier},
};

/// Where requests are sent.
#[derive(Clone, Debug)]
pub struct Target {
    /// Tried in order for each connection
    pub addresses: Vec<SocketAddr>,
    /// What HTTPS needs to know
    pub tls: Option<Tls>,
}

/// Why nothing was measured.
#[derive(Debug, Error)]
pub enum Fault {
    /// Not one connection could be made
    #[error("cannot connect to {address}: {reason}")]
    Unreachable {
        /// Where
        address: String,
        /// What the kernel said, or that there was no address
        reason: String,
    },
    /// No operation has a request and a weight
    #[error("there is nothing to send")]
    Nothing,
    /// A thread has no ring, no timer, or is none
    #[error("cannot start a sending thread: {0}")]
    Thread(#[from] io::Error),
}

/// Sends until the load is over, or `progress` is told to stop. A verifier of the same scenario judges the answers.
///
/// # Errors
/// [`Fault`]; then nothing was sent.
pub fn run(
    scenario: Arc<Scenario>,
    load: &Load,
    target: &Target,
    verifier: Option<Arc<Verifier>>,
    progress: &Progress,
) -> Result<Run, Fault> {
    let threads = load.threads.clamp(1, load.concurrency.clamp(1, MAX_THREADS));
    let sequence = Sequence::new(&scenario, load.seed);
    if sequence.is_empty() {
        return Err(Fault::Nothing);
    }
    let schedule = match &load.model {
        Model::Closed { .. } => None,
        Model::Open { stages, arrival } => {
            Some(Schedule::new(stages, load.warmup, load.requests, *arrival, load.seed))
        }
    };
    let plan = Arc::new(Plan {
        sequence,
        stock: Stock::new(&scenario),
        expected: scenario.operations.iter().map(|operation| operation.expected.clone()).collect(),
        threads,
        pipeline: load.pipeline.max(1),
        timeout: nanoseconds(load.timeout),
        is_open: schedule.is_some(),
        server_timing: load.server_timing,
    });
    drop(scenario);
    let crew = Crew { load, target, progress, schedule: schedule.as_ref(), plan };
    let Some(verifier) = verifier else {
        return Ok(crew.sum_up(crew.send(Vec::new())?, None));
    };
    let verification = Verification::new(verifier.mode());
    let (judge, memos) = Judge::start(verifier, threads)?;
    let sent = crew.send(memos)?;
    judge.finish();
    Ok(crew.sum_up(sent, Some(verification)))
}

/// All threads of a run.
struct Crew<'a> {
    load: &'a Load,
    target: &'a Target,
    progress: &'a Progress,
    schedule: Option<&'a Schedule>,
    plan: Arc<Plan>,
}

/// What all threads came back with.
struct Sent {
    /// The beginning of the measured part
    zero: u64,
    outcomes: Vec<Outcome>,
    /// How connecting went, thread by thread
    connections: Vec<Ready>,
}

impl Crew<'_> {
    /// Has all threads send, each with a memo if there are any.
    fn send(&self, memos: Vec<Memo>) -> Result<Sent, Fault> {
        let pin = if self.load.cpus.is_empty() { Pin::Auto } else { Pin::To(self.load.cpus.clone()) };
        let cpus = client::cpus(&pin, self.plan.threads);
        thread::scope(|scope| {
            let (ready, readiness) = mpsc::channel();
            let mut gos = Vec::new();
            let mut handles = Vec::new();
            let mut memos = memos.into_iter();
            for (index, cpu) in cpus.into_iter().enumerate() {
                let (go, told) = mpsc::channel();
                gos.push(go);
                let seat = self.seat(index, cpu, memos.next(), ready.clone(), told);
                let thread = thread::Builder::new().name(format!("load-{index}"));
                handles.push(thread.spawn_scoped(scope, move || seat.sit())?);
            }
            drop(ready);
            // A thread that failed has dropped its sender, and says why at the end.
            let connections: Vec<Ready> = readiness.iter().collect();
            let zero = client::now() + START_DELAY + nanoseconds(self.load.warmup);
            let is_complete = connections.len() == self.plan.threads;
            let is_connected = connections.iter().any(|ready| ready.connected > 0);
            // A run that was stopped before is over at once, which is no fault.
            if is_complete && (is_connected || self.progress.is_stopped()) {
                for go in &gos {
                    let _ = go.send(zero);
                }
            }
            drop(gos);
            let mut outcomes = Vec::new();
            for handle in handles {
                let outcome = handle.join().map_err(|_| io::Error::other("it panicked"))??;
                outcomes.extend(outcome);
            }
            match outcomes.is_empty() {
                true => Err(self.unreachable(connections)),
                false => Ok(Sent { zero, outcomes, connections }),
            }
        })
    }

    fn seat(
        &self,
        index: usize,
        cpu: Option<usize>,
        memo: Option<Memo>,
        ready: mpsc::Sender<Ready>,
        go: mpsc::Receiver<u64>,
    ) -> Seat<'_> {
        let threads = self.plan.threads;
        let (length, quota) = match &self.load.model {
            Model::Closed { duration } => (nanoseconds(*duration), self.load.requests.unwrap_or(u64::MAX)),
            Model::Open { .. } => (self.schedule.map_or(0, Schedule::whole), u64::MAX),
        };
        Seat {
            index,
            cpu,
            driver: self.load.driver,
            plan: Arc::clone(&self.plan),
            schedule: self.schedule,
            lead: nanoseconds(self.load.warmup),
            length,
            quota: share(quota, threads as u64, index as u64),
            connections: share(self.load.concurrency.max(1) as u64, threads as u64, index as u64) as usize,
            target: self.target,
            progress: self.progress,
            memo,
            ready,
            go,
        }
    }

    fn unreachable(&self, connections: Vec<Ready>) -> Fault {
        let reason = connections.into_iter().find_map(|ready| ready.failure);
        let addresses: Vec<String> = self.target.addresses.iter().map(SocketAddr::to_string).collect();
        Fault::Unreachable {
            address: addresses.join(", "),
            reason: reason.map_or_else(|| "there is no address".to_owned(), |error| error.to_string()),
        }
    }

    fn sum_up(&self, sent: Sent, mut verification: Option<Verification>) -> Run {
        let Sent { zero, outcomes, connections } = sent;
        let mut record = Record::new(self.plan.expected.len());
        let (mut service, mut most_in_flight, mut last, mut stopped) = (0_u64, 0, 0, None::<u64>);
        let mut threads = Vec::new();
        for mut outcome in outcomes {
            let tally = outcome.memo.map(|memo| memo.settle(&mut outcome.record));
            if let (Some(verification), Some(tally)) = (&mut verification, tally) {
                verification.add(&tally);
            }
            record.merge(&outcome.record);
            service += outcome.service;
            most_in_flight += outcome.most_in_flight;
            last = last.max(outcome.last);
            stopped = stopped.max(outcome.interrupted);
            threads.push(outcome.thread);
        }
        let length = match (&self.load.model, self.schedule) {
            (Model::Closed { duration }, _) if self.load.requests == Some(record.counts.sent) => {
                last.saturating_sub(zero).min(nanoseconds(*duration))
            }
            (Model::Closed { duration }, _) => nanoseconds(*duration),
            (Model::Open { .. }, schedule) => schedule.map_or(0, Schedule::length),
        };
        let elapsed = stopped.map_or(length, |at| at.saturating_sub(zero).min(length));
        let in_flight = if elapsed == 0 { 0.0 } else { service as f64 / elapsed as f64 };
        let interrupted = stopped.is_some();
        let opened = connections.iter().map(|ready| ready.connected).sum();
        let not_opened = connections.into_iter().find_map(|ready| ready.failure);
        Run {
            record,
            elapsed,
            in_flight,
            most_in_flight,
            opened,
            not_opened: not_opened.map(|error| error.to_string()),
            threads,
            interrupted,
            verification,
        }
    }
}

/// The part of `whole` that falls to one of several; all parts together are the whole.
fn share(whole: u64, parts: u64, index: u64) -> u64 {
    whole / parts + u64::from(index < whole % parts)
}
