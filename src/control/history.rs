//! What the control plane tells of the past: the settings that hold, and what came of the last reload.

use std::sync::{Mutex, MutexGuard, PoisonError};

use mocker_control::{Reload, Setting};

use crate::config::Row;

/// What is told of the past. Each part is whole whenever it can be seen.
#[derive(Default)]
pub(crate) struct History {
    settings: Mutex<Vec<Row>>,
    reload: Mutex<Option<Reload>>,
}

impl History {
    /// From now on these settings hold, but for some of which those of before do.
    pub(crate) fn hold(&self, mut settings: Vec<Row>, but: &[&str]) {
        let mut held = locked(&self.settings);
        for row in settings.iter_mut().filter(|row| but.contains(&&*row.path)) {
            if let Some(before) = held.iter_mut().find(|before| before.path == row.path) {
                std::mem::swap(row, before);
            }
        }
        *held = settings;
    }

    /// Everything was read again.
    pub(crate) fn note(&self, reload: Reload) {
        *locked(&self.reload) = Some(reload);
    }

    pub(crate) fn reload(&self) -> Option<Reload> {
        locked(&self.reload).clone()
    }

    pub(crate) fn settings(&self) -> Vec<(String, Setting)> {
        let setting =
            |row: &Row| (row.path.clone(), Setting { value: row.value.clone(), from: row.origin.clone() });
        locked(&self.settings).iter().map(setting).collect()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // What is guarded is assigned as a whole.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
