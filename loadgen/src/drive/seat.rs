//! One sending thread, from its first connection to its record.

use std::{
    io,
    rc::Rc,
    sync::{
        Arc,
        mpsc::{Receiver, Sender},
    },
};

use mocker_runtime::{
    DriverChoice,
    client::{self, Alarm, Reactor},
};

use super::{
    Target, connection,
    lane::{Lane, Plan, Stage},
    pacer,
    progress::Progress,
    warden::{Warden, Watch},
};
use crate::{
    record::{Record, Thread},
    schedule::Schedule,
    verify::Memo,
};

/// What a thread begins with.
pub(super) struct Seat<'a> {
    pub(super) index: usize,
    pub(super) cpu: Option<usize>,
    pub(super) driver: DriverChoice,
    pub(super) plan: Arc<Plan>,
    /// Of an open loop
    pub(super) schedule: Option<&'a Schedule>,
    /// Nanoseconds of the warm-up
    pub(super) lead: u64,
    /// Nanoseconds of the measured part at most
    pub(super) length: u64,
    /// Requests of a closed loop at most
    pub(super) quota: u64,
    pub(super) connections: usize,
    pub(super) target: &'a Target,
    pub(super) progress: &'a Progress,
    /// Where answers are judged
    pub(super) memo: Option<Memo>,
    pub(super) ready: Sender<Ready>,
    /// When the measured part begins; nothing if it does not
    pub(super) go: Receiver<u64>,
}

/// How connecting went.
#[derive(Debug)]
pub(super) struct Ready {
    pub(super) connected: usize,
    /// Why a connection was not made
    pub(super) failure: Option<io::Error>,
}

/// What a thread comes back with.
pub(super) struct Outcome {
    pub(super) record: Record,
    pub(super) thread: Thread,
    pub(super) service: u64,
    pub(super) most_in_flight: u64,
    /// When the last answer came
    pub(super) last: u64,
    pub(super) interrupted: Option<u64>,
    /// What it knows of the answers, with nothing more to ask
    pub(super) memo: Option<Memo>,
}

impl Seat<'_> {
    /// Sends. `None` if it was not told to go.
    ///
    /// # Errors
    /// When there is no runtime or no timer to be had.
    pub(super) fn sit(self) -> io::Result<Option<Outcome>> {
        let cpu = self.cpu.filter(|&cpu| client::bind(cpu));
        let mut reactor = Reactor::build(self.driver)?;
        let watched = reactor.block_on(self.work())?;
        Ok(watched.map(|(lane, watch)| {
            let ledger = lane.ledger.replace(super::ledger::Ledger::new(Arc::default(), false)).closed();
            let mut memo = lane.memo.take();
            memo.iter_mut().for_each(Memo::close);
            Outcome {
                record: ledger.record,
                thread: Thread {
                    cpu,
                    busy: watch.busy,
                    cpu_time: watch.usage.cpu_time,
                    preempted: watch.usage.preempted,
                },
                service: ledger.service,
                most_in_flight: ledger.most_in_flight,
                last: ledger.last,
                interrupted: watch.interrupted,
                memo,
            }
        }))
    }

    async fn work(self) -> io::Result<Option<(Rc<Lane>, Watch)>> {
        let mut alarm = Alarm::new()?;
        let pacing = Alarm::new()?;
        let lane = Rc::new(Lane::new(self.index, self.plan, self.connections, self.quota, self.memo));
        let target = Rc::new(self.target.clone());
        lane.tasks.set(self.connections);
        for slot in 0..self.connections {
            client::spawn(connection::keep(Rc::clone(&lane), slot, Rc::clone(&target)));
        }
        let mut warden = Warden::new(&lane, self.progress);
        warden.await_connections(&mut alarm).await;
        let _ = self.ready.send(Ready { connected: lane.connected.get(), failure: lane.failure.take() });
        // The others are counted by who has not said a word and is not gone.
        drop(self.ready);
        // Nothing is in flight, so the thread may well stand still.
        let go = self.go.recv().ok();
        let zero = go.unwrap_or_else(client::now);
        let begin = zero.saturating_sub(self.lead);
        match (go, self.schedule) {
            (None, _) => lane.close(zero),
            // The warden has the connections begin.
            (Some(_), None) => lane.set_times(zero, zero.saturating_add(self.length)),
            (Some(_), Some(schedule)) => {
                lane.set_times(zero, zero.saturating_add(self.length));
                lane.enter(Stage::Running);
                lane.tasks.set(lane.tasks.get() + 1);
                let times = schedule.of_thread(self.index, lane.plan.threads, zero);
                client::spawn(pacer::pace(Rc::clone(&lane), times, pacing));
            }
        }
        let watch = warden.watch(&mut alarm, begin, zero).await;
        Ok(go.map(|_| (lane, watch)))
    }
}
