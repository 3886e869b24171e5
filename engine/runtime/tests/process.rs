//! What belongs to a whole process: signals, descriptors, system calls that are forbidden. Each test runs
//! this test binary again as the server.

#![allow(clippy::unwrap_used)]
#![allow(unsafe_code)] // the server process limits itself by system calls

mod harness;

use std::{
    env,
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    os::unix::process::ExitStatusExt,
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use harness::{Client, LONG, Lines, PATIENCE};
use mocker_runtime::{Config, DriverChoice, End, Server};

/// Not a test: the server process of the tests below.
#[test]
#[ignore = "run by the other tests as a process of its own"]
fn server_process() {
    let Ok(setting) = env::var("SERVER_PROCESS") else { return };
    let mut config = Config {
        addresses: vec![SocketAddr::from(([127, 0, 0, 1], 0))],
        threads: Some(1),
        timeouts: LONG,
        ..Config::default()
    };
    match setting.as_str() {
        "epoll" => config.driver = DriverChoice::Epoll,
        "no rings" => forbid_rings(),
        "few descriptors" => limit_descriptors(40),
        "few descriptors, epoll" => {
            config.driver = DriverChoice::Epoll;
            limit_descriptors(40);
        }
        _ => {}
    }
    let running = Server::bind(config).unwrap().start(|_| Lines::new()).unwrap();
    println!("\nserving {} {}", running.addresses()[0], running.driver());
    let report = running.wait();
    println!("ended {:?} {:?}", report.end, report.counters);
    std::process::exit(if report.end == End::Drained { 0 } else { 1 });
}

fn limit_descriptors(limit: u64) {
    let limit = libc::rlimit { rlim_cur: limit, rlim_max: limit };
    // SAFETY: a whole rlimit that lives through the call.
    assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &limit) }, 0);
}

/// Forbids io_uring as container runtimes do: a filter that answers `io_uring_setup` with EPERM.
fn forbid_rings() {
    let step = |code, jt, jf, k| libc::sock_filter { code, jt, jf, k };
    let setup = u32::try_from(libc::SYS_io_uring_setup).unwrap();
    let mut program = [
        step(0x20, 0, 0, 0),     // load the number of the system call
        step(0x15, 0, 1, setup), // is it this one?
        step(0x06, 0, 0, libc::SECCOMP_RET_ERRNO | libc::EPERM as u32), // refuse
        step(0x06, 0, 0, libc::SECCOMP_RET_ALLOW),
    ];
    let filter = libc::sock_fprog { len: 4, filter: program.as_mut_ptr() };
    // SAFETY: the kernel copies the program, which lives through the calls.
    unsafe {
        assert_eq!(libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
        assert_eq!(libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &filter), 0);
    }
}

struct Process {
    child: Child,
    output: BufReader<ChildStdout>,
    address: SocketAddr,
    driver: String,
}

impl Process {
    fn start(setting: &str) -> Self {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", "server_process", "--ignored", "--nocapture", "--test-threads=1"])
            .env("SERVER_PROCESS", setting)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let line = line_with(&mut output, "serving ");
        let (address, driver) = line.split_once(' ').unwrap();
        Self { address: address.parse().unwrap(), driver: driver.to_owned(), child, output }
    }

    fn signal(&self, signal: i32) {
        // SAFETY: a signal to a child that has not been waited for.
        assert_eq!(unsafe { libc::kill(i32::try_from(self.child.id()).unwrap(), signal) }, 0);
    }

    fn descriptors(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.child.id())).unwrap().count()
    }

    fn end(mut self) -> (ExitStatus, String) {
        let ended = line_with(&mut self.output, "ended ");
        (self.child.wait().unwrap(), ended)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn line_with(output: &mut impl BufRead, start: &str) -> String {
    let mut line = String::new();
    while output.read_line(&mut line).unwrap() > 0 {
        if let Some(rest) = line.strip_prefix(start) {
            return rest.trim_end().to_owned();
        }
        line.clear();
    }
    panic!("the server process said nothing with {start:?}");
}

fn until(what: &str, mut is: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is() {
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        std::thread::yield_now();
    }
}

fn in_flight(process: &Process) -> Client {
    let mut client = Client::connect(process.address);
    client.send("echo a\nbody 3\nab");
    assert_eq!(client.line(), "a");
    client
}

#[test]
fn a_signal_drains_and_exits_with_0() {
    for signal in [libc::SIGINT, libc::SIGTERM] {
        for setting in ["", "epoll"] {
            let process = Process::start(setting);
            let mut client = in_flight(&process);
            let mut idle = Client::connect(process.address);
            assert_eq!(idle.ask("echo a"), "a");
            process.signal(signal);
            assert_eq!(idle.rest(), b"", "idle connections are closed");
            assert_eq!(client.send("c").rest(), b"got 3\n", "the request in flight is answered");
            let (status, ended) = process.end();
            assert_eq!((status.code(), status.signal()), (Some(0), None));
            assert!(ended.starts_with("Drained"), "{ended}");
        }
    }
}

#[test]
fn a_second_signal_ends_at_once() {
    let process = Process::start("");
    let mut client = in_flight(&process);
    process.signal(libc::SIGTERM);
    process.signal(libc::SIGINT);
    let (status, ended) = process.end();
    assert_eq!(status.code(), Some(1));
    assert!(ended.starts_with("Forced"), "{ended}");
    assert!(client.is_closed());
}

#[test]
fn epoll_is_taken_where_rings_are_forbidden() {
    let process = Process::start("no rings");
    assert!(process.driver.starts_with("epoll (no io_uring: "), "{}", process.driver);
    assert!(process.driver.contains("not permitted"), "{}", process.driver);
    assert_eq!(Client::connect(process.address).ask("echo a"), "a");
    process.signal(libc::SIGTERM);
    assert_eq!(process.end().0.code(), Some(0));
}

#[test]
fn descriptors_are_given_back() {
    for setting in ["", "epoll"] {
        let process = Process::start(setting);
        assert_eq!(Client::connect(process.address).ask("echo a"), "a");
        until("the first close", || process.descriptors() < 40);
        let before = process.descriptors();
        for _ in 0..20 {
            let mut clients: Vec<_> = (0..100).map(|_| Client::connect(process.address)).collect();
            for (number, client) in clients.iter_mut().enumerate() {
                match number % 4 {
                    0 => assert_eq!(client.ask("echo a"), "a"),
                    1 => assert_eq!(client.ask("close"), "bye"),
                    2 => drop(client.send("abort\n")),
                    _ => {}
                }
            }
        }
        until("2,000 closes", || process.descriptors() <= before);
    }
}

#[test]
fn running_out_of_descriptors_refuses_and_recovers() {
    for setting in ["few descriptors", "few descriptors, epoll"] {
        let process = Process::start(setting);
        let mut served = Vec::new();
        let mut refused = 0;
        for _ in 0..60 {
            let mut client = Client::connect(process.address);
            let _ = client.0.get_mut().write_all(b"echo a\n");
            let mut line = String::new();
            match client.0.read_line(&mut line) {
                Ok(2) => served.push(client),
                Ok(0) | Err(_) => refused += 1,
                Ok(_) => panic!("{line:?}"),
            }
        }
        assert!(served.len() > 10 && refused > 10, "served {}, refused {refused}", served.len());
        served.iter_mut().for_each(|client| assert_eq!(client.ask("echo b"), "b"));
        let ticks = |client: &mut Client| client.ask("ticks").parse::<u64>().unwrap();
        let first = ticks(&mut served[0]);
        until("50 ticks without a descriptor", || ticks(&mut served[0]) >= first + 50);
        let begun = Instant::now();
        assert_eq!(served[0].ask("pause 60\necho d"), "d");
        assert!(
            begun.elapsed() >= Duration::from_millis(60),
            "the first pause of the worker needs nothing new"
        );
        let most = ticks(&mut served[0]);
        drop(served);
        let recovered = Instant::now();
        until("recovery", || {
            let mut client = Client::connect(process.address);
            let mut line = String::new();
            let _ = client.0.get_mut().write_all(b"echo c\n");
            client.0.read_line(&mut line).is_ok_and(|_| line == "c\n")
        });
        // Closing takes ticks too.
        let most = most + 1 + recovered.elapsed().as_millis() as u64 / LONG.tick.as_millis() as u64;
        process.signal(libc::SIGTERM);
        let (status, ended) = process.end();
        assert!(status.success(), "{ended}");
        let errors = ended.split("accept_errors: ").nth(1).and_then(|rest| rest.split([',', ' ']).next());
        let errors: u64 = errors.unwrap().parse().unwrap();
        assert!((1..=most).contains(&errors), "{setting}: {errors} errors in {most} ticks");
    }
}
