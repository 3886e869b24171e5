//! Servers that behave as a test says, and loads for them.
#![allow(clippy::unwrap_used, dead_code)]

use std::{
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::Arc,
    thread,
    time::Duration,
};

use mocker_loadgen::{
    drive::{Fault, Progress, Target, run},
    load::{Arrival, Load, Model, Stage},
    record::{ErrorClass, Run},
    scenario::{Operation, Request, Scenario},
};

pub(crate) const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// A connection of a server.
pub(crate) struct Peer(BufReader<TcpStream>);

impl Peer {
    /// Reads a request without a body; false at the end.
    pub(crate) fn read(&mut self) -> bool {
        let mut line = String::new();
        loop {
            line.clear();
            match self.0.read_line(&mut line) {
                Ok(0) | Err(_) => return false,
                Ok(_) if line == "\r\n" => return true,
                Ok(_) => {}
            }
        }
    }

    /// Whether requests have come that are not read yet.
    pub(crate) fn has_more(&self) -> bool {
        !self.0.buffer().is_empty()
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) {
        let _ = self.0.get_mut().write_all(bytes);
    }
}

/// Starts a server; `behave` has each connection, numbered as they come.
pub(crate) fn serve(behave: impl Fn(usize, Peer) + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let behave = Arc::new(behave);
    thread::spawn(move || {
        for (index, stream) in listener.incoming().flatten().enumerate() {
            let behave = Arc::clone(&behave);
            thread::spawn(move || behave(index, Peer(BufReader::new(stream))));
        }
    });
    address
}

/// Starts a server that gives the same answer to every request.
pub(crate) fn always(answer: &'static [u8]) -> SocketAddr {
    serve(move |_, mut peer| {
        while peer.read() {
            peer.write(answer);
        }
    })
}

pub(crate) fn request(method: &str) -> Request {
    let bytes = format!("{method} / HTTP/1.1\r\nHost: test\r\n\r\n");
    Request { bytes: bytes.into_bytes().into(), is_head: method == "HEAD" }
}

pub(crate) fn operation(method: &str, weight: f64) -> Operation {
    Operation {
        id: None,
        method: method.into(),
        path: "/".into(),
        weight,
        requests: vec![request(method)],
        origin: None,
        expected: Vec::new(),
    }
}

pub(crate) fn milliseconds(count: u64) -> Duration {
    Duration::from_millis(count)
}

pub(crate) fn closed(duration: u64, requests: Option<u64>, concurrency: usize) -> Load {
    Load {
        model: Model::Closed { duration: milliseconds(duration) },
        warmup: Duration::ZERO,
        requests,
        concurrency,
        threads: 1,
        cpus: Vec::new(),
        pipeline: 1,
        timeout: Duration::from_secs(5),
        seed: 1,
        server_timing: false,
        driver: Default::default(),
    }
}

pub(crate) fn open(rate: f64, duration: u64, concurrency: usize) -> Load {
    let stages = vec![Stage { rate, duration: milliseconds(duration) }];
    Load { model: Model::Open { stages, arrival: Arrival::Uniform }, ..closed(0, None, concurrency) }
}

pub(crate) fn send(operations: Vec<Operation>, load: &Load, address: SocketAddr) -> Result<Run, Fault> {
    let progress = Progress::new(load.threads, None);
    let target = Target { addresses: vec![address], tls: None };
    run(Arc::new(Scenario { operations }), load, &target, None, &progress)
}

/// Runs with `GET` requests, and checks what must be true of every run.
pub(crate) fn drive(load: &Load, address: SocketAddr) -> Run {
    let run = send(vec![operation("GET", 1.0)], load, address).unwrap();
    check(&run);
    run
}

/// What must be true of every run that was not interrupted.
pub(crate) fn check(run: &Run) {
    let counts = &run.record.counts;
    let of = |class| errors(run, class);
    let lost = of(ErrorClass::Reset) + of(ErrorClass::Timeout) + of(ErrorClass::Protocol);
    assert_eq!(counts.scheduled, counts.sent + counts.unsent, "{counts:?}");
    assert_eq!(counts.sent, counts.completed + lost, "{counts:?}");
    assert_eq!(counts.completed, counts.statuses.values().sum::<u64>());
    assert_eq!(run.record.first_byte.len(), counts.completed);
    assert_eq!(run.record.service.len(), counts.completed + of(ErrorClass::Timeout));
    assert_eq!(run.record.response.len(), run.record.service.len() + counts.unsent);
    let by_operation = run.record.operations.iter().flatten();
    assert_eq!(
        by_operation.map(|operation| operation.response.len()).sum::<u64>(),
        run.record.response.len()
    );
    let by_second = run.record.seconds.iter();
    assert_eq!(by_second.map(|second| second.response.len()).sum::<u64>(), run.record.response.len());
    assert_eq!(run.record.seconds.iter().map(|second| second.sent).sum::<u64>(), counts.sent);
    assert_eq!(run.record.seconds.iter().map(|second| second.errors).sum::<u64>(), counts.failed());
}

pub(crate) fn errors(run: &Run, class: ErrorClass) -> u64 {
    run.record.counts.errors.get(&class).copied().unwrap_or(0)
}

/// In milliseconds.
pub(crate) fn response(run: &Run, quantile: f64) -> f64 {
    run.record.response.value_at_quantile(quantile) as f64 / 1e6
}

/// In milliseconds.
pub(crate) fn service(run: &Run, quantile: f64) -> f64 {
    run.record.service.value_at_quantile(quantile) as f64 / 1e6
}
