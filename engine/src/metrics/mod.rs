//! What is counted of requests, scripts and plugins. Each worker counts in memory of its own; whoever asks sums.

mod part;
mod report;

use std::sync::{Arc, Mutex, PoisonError};

pub(crate) use part::{Noted, Part, Route, status};
pub use report::{Answered, Ending, Report, RouteName, RouteReport};

use crate::publication::Deployment;

/// What all workers have counted since the start, deployments before this one included.
#[derive(Default)]
pub struct Metrics(Mutex<Desk>);

#[derive(Default)]
struct Desk {
    /// One for each worker and deployment
    parts: Vec<Arc<Part>>,
    /// Of parts that nobody counts in any more
    past: Report,
}

impl Metrics {
    /// A part for one worker to count in, as long as it serves this deployment.
    pub(crate) fn open(&self, deployment: &Arc<Deployment>) -> Arc<Part> {
        let part = Arc::new(Part::new(Arc::clone(deployment)));
        // What is done under the lock does not panic half way.
        let mut desk = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        desk.parts.push(Arc::clone(&part));
        part
    }

    /// Takes in what was counted where nobody counts any more.
    pub(crate) fn close(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).close();
    }

    /// Everything counted so far.
    pub fn report(&self) -> Report {
        let mut desk = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        desk.close();
        let mut report = desk.past.clone();
        desk.parts.iter().for_each(|part| report.add(part));
        report
    }
}

impl Desk {
    /// Takes out the parts that no worker counts in any more, and lets their deployments go.
    fn close(&mut self) {
        let Desk { parts, past } = self;
        parts.retain_mut(|part| match Arc::get_mut(part) {
            None => true,
            Some(part) => {
                past.add(part);
                false
            }
        });
    }
}
