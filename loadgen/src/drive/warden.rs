//! Looks after one thread: timeouts, the end, progress, what the thread uses.

use std::sync::mpsc::Sender;

use mocker_runtime::client::{self, Alarm, Usage, usage};

use super::{
    lane::{Lane, Stage},
    progress::{Progress, Report},
};
use crate::limits::{FIRST_STEP, INTERRUPT_GRACE, TICK};

/// What ticks are for, in the order of time.
pub(super) struct Warden<'a> {
    lane: &'a Lane,
    progress: &'a Progress,
    reports: Option<Sender<Report>>,
    reported: usize,
    /// When the run was interrupted
    interrupted: Option<u64>,
    /// What the thread had used, and its pacer spun, when the measured part began and ended
    begin: Option<Sample>,
    end: Option<Sample>,
}

#[derive(Clone, Copy)]
struct Sample {
    at: u64,
    spun: u64,
    usage: Usage,
}

/// What the warden found out.
pub(super) struct Watch {
    pub(super) interrupted: Option<u64>,
    pub(super) busy: f64,
    pub(super) usage: Usage,
}

impl<'a> Warden<'a> {
    pub(super) fn new(lane: &'a Lane, progress: &'a Progress) -> Self {
        let reports = progress.reports();
        Self { lane, progress, reports, reported: 0, interrupted: None, begin: None, end: None }
    }

    /// Waits until all connections have tried to connect.
    pub(super) async fn await_connections(&mut self, alarm: &mut Alarm) {
        let mut step = FIRST_STEP;
        while self.lane.attempted.get() < self.lane.slots.len() {
            let now = alarm.sleep_until(client::now() + step).await;
            step = (2 * step).min(TICK);
            self.look_for_interruption(now);
            self.look_after_slots(now);
        }
    }

    /// Looks after the thread until all its tasks are over. Connections send from `begin` on, the measured part
    /// begins at `zero`.
    pub(super) async fn watch(mut self, alarm: &mut Alarm, begin: u64, zero: u64) -> Watch {
        let lane = self.lane;
        while lane.tasks.get() > 0 {
            let now = client::now();
            let moments =
                [begin, zero, lane.end(), lane.closing()].into_iter().filter(|&moment| moment > now);
            let now = alarm.sleep_until(moments.fold(next_tick(now, zero), u64::min)).await;
            if now >= begin {
                lane.enter(Stage::Running);
            }
            self.tick(now, zero);
        }
        self.finish()
    }

    fn tick(&mut self, now: u64, zero: u64) {
        let lane = self.lane;
        if now >= zero && self.begin.is_none() {
            self.begin = Some(self.sample(now));
        }
        self.look_for_interruption(now);
        // What was due before the end is still the pacer's to release.
        let is_released = !lane.plan.is_open || lane.stage() >= Stage::Emptying;
        if now >= lane.closing() && is_released {
            lane.close(now);
        }
        if now >= lane.end() {
            self.end = self.end.or_else(|| Some(self.sample(now)));
        }
        self.look_after_slots(now);
        lane.learn();
        self.progress.publish(lane.index, lane.ledger.borrow().seen());
        self.report((now.saturating_sub(zero) / 1_000_000_000) as usize);
    }

    fn look_after_slots(&self, now: u64) {
        for slot in &self.lane.slots {
            slot.expire(now, self.lane.plan.timeout);
            slot.end_pause(now);
        }
    }

    fn look_for_interruption(&mut self, now: u64) {
        if self.progress.is_stopped() && self.interrupted.is_none() {
            self.interrupted = Some(now);
            self.lane.close(now);
        }
        let grace = self.lane.plan.timeout.min(INTERRUPT_GRACE);
        if self.interrupted.is_some_and(|at| now >= at.saturating_add(grace)) && !self.lane.is_cut() {
            self.lane.cut();
        }
    }

    /// Sends the seconds that are over to who listens.
    fn report(&mut self, current: usize) {
        let Some(reports) = &self.reports else { return };
        while self.reported < current {
            let second = self.reported;
            let seen = self.lane.ledger.borrow().record.seconds.get(second).cloned().unwrap_or_default();
            // Nobody need listen to the end.
            let _ = reports.send(Report { thread: self.lane.index, second, seen });
            self.reported += 1;
        }
    }

    fn sample(&self, at: u64) -> Sample {
        Sample { at, spun: self.lane.spun.get(), usage: usage() }
    }

    fn finish(self) -> Watch {
        self.progress.publish(self.lane.index, self.lane.ledger.borrow().seen());
        let end = self.end.unwrap_or_else(|| self.sample(client::now()));
        let begin = self.begin.unwrap_or(end);
        let cpu_time = end.usage.cpu_time - begin.usage.cpu_time;
        let worked = cpu_time.saturating_sub(end.spun - begin.spun);
        Watch {
            interrupted: self.interrupted,
            busy: worked as f64 / (end.at - begin.at).max(1) as f64,
            usage: Usage { cpu_time, preempted: end.usage.preempted - begin.usage.preempted },
        }
    }
}

/// Ticks are whole from the beginning of the measured part.
fn next_tick(now: u64, zero: u64) -> u64 {
    match now.checked_sub(zero) {
        Some(since) => zero + (since / TICK + 1) * TICK,
        None => zero - (zero - now - 1) / TICK * TICK,
    }
}
