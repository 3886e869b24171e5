//! How much is sent, how fast, and for how long.

use std::time::Duration;

use mocker_runtime::DriverChoice;

/// One run's load.
#[derive(Clone, Debug)]
pub struct Load {
    /// What decides when a request is sent
    pub model: Model,
    /// Sent before the measured part and left out of every figure
    pub warmup: Duration,
    /// Requests after which the run ends even if its time is not over
    pub requests: Option<u64>,
    /// Connections, over all threads; an open loop has at most so many requests (times `pipeline`) in flight
    pub concurrency: usize,
    /// Threads that send
    pub threads: usize,
    /// CPUs that they are bound to in turn; none: one each where there are as many as the process may use
    pub cpus: Vec<usize>,
    /// Requests in flight on one connection
    pub pipeline: usize,
    /// After which an answer counts as lost and its connection is given up
    pub timeout: Duration,
    /// Decides arrivals and the sequence of operations
    pub seed: u64,
    /// Whether the `Server-Timing` of answers is read: `app` is recorded, `inj` taken out of the latencies
    pub server_timing: bool,
    /// How threads wait for sockets
    pub driver: DriverChoice,
}

/// What decides when a request is sent.
#[derive(Clone, Debug, PartialEq)]
pub enum Model {
    /// A connection sends as soon as its last answer is complete
    Closed {
        /// How long
        duration: Duration,
    },
    /// Requests are sent when they are due, whatever became of those before
    Open {
        /// One after the other
        stages: Vec<Stage>,
        /// How due times are spread
        arrival: Arrival,
    },
}

/// A rate held for a time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stage {
    /// Requests a second, over all threads
    pub rate: f64,
    /// How long
    pub duration: Duration,
}

/// How the due times of an open loop are spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Arrival {
    /// Equal gaps
    #[default]
    Uniform,
    /// Exponential gaps, as independent users make them
    Poisson,
}

impl Model {
    /// How long requests are sent, without the warm-up.
    pub fn duration(&self) -> Duration {
        match self {
            Model::Closed { duration } => *duration,
            Model::Open { stages, .. } => stages.iter().map(|stage| stage.duration).sum(),
        }
    }
}
