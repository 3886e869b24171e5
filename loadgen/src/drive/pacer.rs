//! Releases requests when they are due. Those due before the end are released even where the thread slept through it.

use std::rc::Rc;

use mocker_runtime::client::{self, Alarm};

use super::lane::{Lane, Stage};
use crate::{
    limits::{LATE, TICK},
    schedule::Times,
};

/// Releases one request after the other. Those that are late are all released at once, and have a while behind the
/// end to find a connection: that they come so late is not the server's doing.
pub(super) async fn pace(lane: Rc<Lane>, times: Times, alarm: Alarm) {
    let late_until = release_all(&lane, times, alarm).await;
    lane.keep_open(late_until);
    lane.enter(Stage::Emptying);
    lane.tasks.set(lane.tasks.get() - 1);
}

async fn release_all(lane: &Lane, times: Times, mut alarm: Alarm) -> u64 {
    let mut now = client::now();
    let mut late_until = 0;
    for due in times {
        while now < due.at {
            if lane.stage() == Stage::Closing {
                now = client::now();
                match now < due.at {
                    true => return late_until,
                    false => break,
                }
            }
            // In steps, to see a run interrupted.
            now = alarm.until(due.at.min(now.saturating_add(TICK))).await;
            lane.spun.set(alarm.spun());
        }
        if now - due.at > LATE {
            late_until = now + TICK;
        }
        lane.release(due, now);
    }
    late_until
}
