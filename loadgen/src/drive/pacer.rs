//! Releases requests when they are due.

use std::rc::Rc;

use mocker_runtime::client::{self, Alarm};

use super::lane::{Lane, Stage};
use crate::{limits::TICK, schedule::Times};

/// Releases one request after the other. Those that are late are all released at once.
pub(super) async fn pace(lane: Rc<Lane>, times: Times, alarm: Alarm) {
    release_all(&lane, times, alarm).await;
    lane.enter(Stage::Emptying);
    lane.tasks.set(lane.tasks.get() - 1);
}

async fn release_all(lane: &Lane, times: Times, mut alarm: Alarm) {
    let mut now = client::now();
    for due in times {
        while now < due.at {
            if lane.stage() == Stage::Closing {
                now = client::now();
                match now < due.at {
                    true => return,
                    false => break,
                }
            }
            // In steps, to see a run interrupted.
            now = alarm.until(due.at.min(now.saturating_add(TICK))).await;
            lane.spun.set(alarm.spun());
        }
        lane.release(due);
    }
}
