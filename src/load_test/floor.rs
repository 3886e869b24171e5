//! The floor: what the generator itself takes, against a responder that does nothing.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use mocker_loadgen::drive::{self, Progress};
use mocker_loadgen::load::{Load, Model};
use mocker_loadgen::percentile::Percentile;
use mocker_loadgen::scenario::{Spelt, of_url};
use mocker_runtime::{Next, Service, Step, Wait};

use super::Cores;
use super::own_server::serve;
use crate::limits::{CALIBRATION, CALIBRATION_WARMUP};

/// What the generator can do here.
pub(crate) struct Floor {
    /// p99 of the response time
    pub(crate) p99: Duration,
    /// Answers a second in a closed loop
    pub(crate) most: f64,
}

/// Measures the floor of a load: its own rate for the latency, a closed loop for the most that can be sent.
pub(crate) fn measure(load: &Load, cores: &Cores) -> anyhow::Result<Floor> {
    let server = serve(&cores.server, |_| Responder)?;
    let host = server.address().to_string();
    let scenario =
        of_url(&Spelt { method: "GET", target: "/", host: &host, user_agent: "", headers: &[], body: None })
            .map_err(anyhow::Error::msg)?;
    let scenario = Arc::new(scenario);
    let target = drive::Target { addresses: vec![server.address()], tls: None };
    let run = |model: Model| {
        let load = Load { model, warmup: CALIBRATION_WARMUP, requests: None, ..load.clone() };
        drive::run(Arc::clone(&scenario), &load, &target, None, &Progress::new(load.threads, None))
    };
    let closed = run(Model::Closed { duration: CALIBRATION })?;
    let paced = match &load.model {
        Model::Closed { .. } => None,
        Model::Open { stages, arrival } => {
            let stages = stages
                .iter()
                .take(1)
                .map(|stage| mocker_loadgen::load::Stage { duration: CALIBRATION, ..*stage });
            Some(run(Model::Open { stages: stages.collect(), arrival: *arrival })?)
        }
    };
    let p99 = Percentile::P99.of(&paced.as_ref().unwrap_or(&closed).record.response).unwrap_or(0);
    let most = closed.record.counts.completed as f64 / CALIBRATION.as_secs_f64();
    Ok(Floor { p99: Duration::from_nanos(p99), most })
}

/// Answers each head with the same bytes.
struct Responder;

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok";

impl Service for Responder {
    type Connection = ();

    fn open(&self, _peer: SocketAddr) {}

    fn feed(&self, (): &mut (), input: &[u8], output: &mut Vec<u8>) -> Step {
        let mut consumed = 0;
        while let Some(end) = input[consumed..].windows(4).position(|window| window == b"\r\n\r\n") {
            consumed += end + 4;
            output.extend_from_slice(ANSWER);
        }
        Step { consumed, next: Next::Receive(Wait::Idle) }
    }

    fn expire(&self, (): &mut (), _wait: Wait, _output: &mut Vec<u8>) {}

    fn tick(&self) {}
}
