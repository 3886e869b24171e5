//! A line protocol served over real sockets, and a client that never waits for ever.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used, missing_docs)]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{Shutdown, SocketAddr, TcpStream},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use mocker_runtime::{
    Config, DriverChoice, Handle, Next, RunReport, Server, Service, Snapshot, Step, Timeouts, Wait, limits,
};

/// Longer than anything here takes; a test that needs it has failed.
pub const PATIENCE: Duration = Duration::from_secs(20);
pub const DRIVERS: [DriverChoice; 2] = [DriverChoice::Auto, DriverChoice::Epoll];

/// Deadlines that do not pass while a test runs; clients are not waited for to close, though.
pub const LONG: Timeouts = Timeouts {
    handshake: PATIENCE,
    idle: PATIENCE,
    head: PATIENCE,
    body: PATIENCE,
    write: PATIENCE,
    close: Duration::from_millis(50),
    drain: PATIENCE,
    tick: Duration::from_millis(5),
};

/// One command a line: `echo TEXT`, `fill BYTES`, `body BYTES` (which then follow), `close`, `abort`, `panic`,
/// `stuck`, `ticks`, `draining`, `pause MILLISECONDS`, `stand ADDRESS` (still, until whoever listens there closes), `turn` (as
/// much as is sent at once), `turns`.
pub struct Lines {
    ticks: std::cell::Cell<usize>,
    turns: std::cell::Cell<usize>,
    draining: std::cell::Cell<bool>,
}

impl Lines {
    pub fn new() -> Self {
        Self { ticks: 0.into(), turns: 0.into(), draining: false.into() }
    }

    fn answer(&self, line: &str, output: &mut Vec<u8>) -> Option<Next> {
        let (command, rest) = line.split_once(' ').unwrap_or((line, ""));
        match command {
            "echo" => writeln!(output, "{rest}").unwrap(),
            "fill" => output.resize(output.len() + rest.parse::<usize>().unwrap(), b'x'),
            "ticks" => writeln!(output, "{}", self.ticks.get()).unwrap(),
            "draining" => writeln!(output, "{}", self.draining.get()).unwrap(),
            "stand" => drop(TcpStream::connect(rest).unwrap().read(&mut [0])),
            "turn" => {
                self.turns.set(self.turns.get() + 1);
                output.resize(limits::OUTPUT_TARGET, b'x');
            }
            "turns" => writeln!(output, "{}", self.turns.get()).unwrap(),
            "close" => {
                output.extend(b"bye\n");
                return Some(Next::Close);
            }
            "abort" => return Some(Next::Abort),
            "pause" => return Some(Next::Pause(Duration::from_millis(rest.parse().unwrap()))),
            "stuck" => return Some(Next::Again),
            "panic" => panic!("asked to"),
            other => writeln!(output, "unknown {other}").unwrap(),
        }
        None
    }
}

impl Service for Lines {
    /// Lines answered.
    type Connection = usize;

    fn open(&self, _: SocketAddr) -> usize {
        0
    }

    fn feed(&self, lines: &mut usize, input: &[u8], output: &mut Vec<u8>) -> Step {
        let mut consumed = 0;
        while let Some(length) = input[consumed..].iter().position(|&byte| byte == b'\n') {
            let line = std::str::from_utf8(&input[consumed..consumed + length]).unwrap();
            let after = consumed + length + 1;
            if let Some(bytes) = line.strip_prefix("body ") {
                let end = after + bytes.parse::<usize>().unwrap();
                if input.len() < end {
                    return Step { consumed, next: Next::Receive(Wait::Body) };
                }
                writeln!(output, "got {}", end - after).unwrap();
                consumed = end;
                continue;
            }
            *lines += 1;
            let next = self.answer(line, output);
            if line != "stuck" {
                consumed = after;
            }
            if let Some(next) = next {
                return Step { consumed, next };
            }
            if output.len() >= limits::OUTPUT_TARGET {
                return Step { consumed, next: Next::Again };
            }
        }
        let wait = if consumed == input.len() { Wait::Idle } else { Wait::Head };
        Step { consumed, next: Next::Receive(wait) }
    }

    fn expire(&self, _: &mut usize, wait: Wait, output: &mut Vec<u8>) {
        if wait != Wait::Idle {
            writeln!(output, "late {wait:?}").unwrap();
        }
    }

    fn refuse_plain(&self, _: &mut usize, input: &[u8], output: &mut Vec<u8>) {
        if input.starts_with(b"echo") {
            output.extend(b"speak TLS\n");
        }
    }

    fn tick(&self) {
        self.ticks.set(self.ticks.get() + 1);
    }

    fn drain(&self) {
        self.draining.set(true);
    }
}

/// A server on a thread of its own.
pub struct TestServer {
    pub address: SocketAddr,
    pub handle: Handle,
    thread: JoinHandle<RunReport>,
}

impl TestServer {
    pub fn start(driver: DriverChoice, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config {
            addresses: vec![SocketAddr::from(([127, 0, 0, 1], 0))],
            threads: Some(1),
            timeouts: LONG,
            signals: false,
            driver,
            ..Config::default()
        };
        change(&mut config);
        let running = Server::bind(config).unwrap().start(|_| Lines::new()).unwrap();
        let (address, handle) = (running.addresses()[0], running.handle());
        Self { address, handle, thread: std::thread::spawn(|| running.wait()) }
    }

    pub fn connect(&self) -> Client {
        Client::connect(self.address)
    }

    /// Ends the server and waits for it.
    pub fn stop(self) -> RunReport {
        self.handle.shutdown();
        self.wait()
    }

    pub fn wait(self) -> RunReport {
        let deadline = Instant::now() + PATIENCE + PATIENCE;
        while !self.thread.is_finished() {
            assert!(Instant::now() < deadline, "the server did not end: {:?}", self.handle.counters());
            std::thread::yield_now();
        }
        self.thread.join().unwrap()
    }

    /// Waits until the counters are as wished.
    pub fn until(&self, what: &str, is: impl Fn(&Snapshot) -> bool) -> Snapshot {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let counters = self.handle.counters();
            if is(&counters) {
                return counters;
            }
            assert!(Instant::now() < deadline, "waited in vain for {what}: {counters:?}");
            std::thread::yield_now();
        }
    }
}

/// A client whose every step fails after [`PATIENCE`].
pub struct Client(pub BufReader<TcpStream>);

impl Client {
    pub fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect_timeout(&address, PATIENCE).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        Self(BufReader::new(stream))
    }

    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        self.0.get_mut().write_all(bytes.as_ref()).unwrap();
        self
    }

    /// The next line without its end; empty at the end of the stream.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        line.trim_end_matches('\n').to_owned()
    }

    pub fn ask(&mut self, line: &str) -> String {
        self.send(format!("{line}\n")).line()
    }

    pub fn take(&mut self, bytes: usize) -> Vec<u8> {
        let mut taken = vec![0; bytes];
        self.0.read_exact(&mut taken).unwrap();
        taken
    }

    pub fn end_writing(&mut self) -> &mut Self {
        self.0.get_ref().shutdown(Shutdown::Write).unwrap();
        self
    }

    /// All there is until the server closes in order.
    pub fn rest(&mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        self.0.read_to_end(&mut rest).unwrap();
        rest
    }

    /// Whether the server has closed, in order or by a reset, without another byte.
    pub fn is_closed(&mut self) -> bool {
        let mut rest = Vec::new();
        match self.0.read_to_end(&mut rest) {
            Ok(_) => rest.is_empty(),
            Err(error) => error.kind() == std::io::ErrorKind::ConnectionReset,
        }
    }
}
