//! `mocker daemon`: servers in the background.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use serde_json::Value;

use crate::client::get;
use crate::control::PETSTORE;
use crate::server::{ADMIN, FORMAT};

/// A folder of a test's own for PID file and log; what runs at its end is ended.
struct Daemon(tempfile::TempDir);

impl Daemon {
    fn new() -> Daemon {
        Daemon(tempfile::tempdir().unwrap())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
        command.arg("daemon").args(arguments).env("XDG_STATE_HOME", self.0.path()).env(ADMIN, "off");
        command.env(FORMAT, "human");
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        // The daemon must not hold on to pipes of whoever starts it.
        self.command(arguments).output().unwrap()
    }

    fn start(&self, arguments: &[&str]) -> Output {
        self.run(&[&["start", "--host", "127.0.0.1", "--port", "0"], arguments].concat())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join("mocker").join(name)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.command(&["stop"]).output();
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn address(line: &str) -> SocketAddr {
    line.split("http://")
        .nth(1)
        .and_then(|rest| rest.split(':').take(2).collect::<Vec<_>>().join(":").parse().ok())
        .unwrap()
}

#[test]
fn it_serves_when_start_returns_and_is_gone_when_stop_does() {
    let daemon = Daemon::new();
    let started = daemon.start(&[PETSTORE, "--cors=false", "--no-callbacks"]);
    let line = text(&started.stdout);
    assert_eq!(started.status.code(), Some(0), "{}", text(&started.stderr));
    let answer = get(address(&line), "/pets");
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, None));
    let status: Value = serde_json::from_slice(&daemon.run(&["status", "--format", "json"]).stdout).unwrap();
    assert_eq!(status["running"], true);
    let pid = status["pid"].as_u64().unwrap().to_string();
    assert!(std::fs::read_to_string(daemon.file("mocker.pid")).unwrap().starts_with(&format!("{pid}\n")));
    assert!(text(&daemon.run(&["status"]).stdout).starts_with(&format!("process {pid} runs: mocker ")));
    assert!(line.starts_with(&text(&daemon.run(&["logs", "-n", "1"]).stdout)));
    let second = daemon.start(&[PETSTORE]);
    assert_eq!(second.status.code(), Some(2));
    assert!(
        text(&second.stderr).contains(&format!("a daemon runs already: process {pid}")),
        "{}",
        text(&second.stderr)
    );
    assert_eq!(daemon.run(&["stop"]).status.code(), Some(0));
    assert!(TcpStream::connect(address(&line)).is_err());
    assert!(!daemon.file("mocker.pid").exists());
    for action in ["stop", "status"] {
        assert_eq!(daemon.run(&[action]).status.code(), Some(4), "{action}");
    }
}

#[test]
fn a_start_that_fails_says_why() {
    let daemon = Daemon::new();
    for _ in 0..2 {
        let failed = daemon.start(&["no/such/file.yaml"]);
        assert_eq!(failed.status.code(), Some(1));
        let errors = text(&failed.stderr);
        assert_eq!(
            errors.matches("error: no/such/file.yaml cannot be read: no such file\n").count(),
            1,
            "{errors}"
        );
    }
    assert_eq!(daemon.run(&["status"]).status.code(), Some(4));
    let input = daemon.start(&["-"]);
    assert_eq!(input.status.code(), Some(2));
    assert!(text(&input.stderr).contains("no standard input"), "{}", text(&input.stderr));
}

#[test]
fn a_start_that_cannot_be_written_down_leaves_nobody_behind() {
    let daemon = Daemon::new();
    // Nothing can be written to files; what is started inherits a pipe, and holds it open for as long as it lives.
    let start = daemon.command(&["start", "--host", "127.0.0.1", "--port", "0", PETSTORE]);
    let mut limited = Command::new("sh");
    limited.args(["-c", "ulimit -f 0; trap '' XFSZ; exec 3>&1; exec \"$@\"", "sh"]).arg(start.get_program());
    limited.args(start.get_args()).envs(start.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let (done, is_done) = channel();
    std::thread::spawn(move || done.send(limited.output().unwrap()));
    let output = is_done.recv_timeout(Duration::from_secs(60)).expect("the daemon has ended");
    let errors = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("mocker.pid cannot be written"), "{errors}");
    assert_eq!(daemon.run(&["status"]).status.code(), Some(4));
}

#[test]
fn a_closed_standard_error_changes_no_exit_code() {
    let daemon = Daemon::new();
    let (reader, closed) = std::io::pipe().unwrap();
    drop(reader);
    assert_eq!(daemon.command(&["status"]).stderr(closed).status().unwrap().code(), Some(4));
}

#[test]
fn a_number_that_came_again_is_not_taken_for_it() {
    let daemon = Daemon::new();
    std::fs::create_dir_all(daemon.file("")).unwrap();
    // This process runs; the one that was written down started at another time.
    std::fs::write(daemon.file("mocker.pid"), format!("{}\n1\nmocker\n", std::process::id())).unwrap();
    assert_eq!(daemon.run(&["stop"]).status.code(), Some(4));
    assert_eq!(daemon.run(&["status"]).status.code(), Some(4));
    assert_eq!(daemon.start(&[PETSTORE]).status.code(), Some(0));
}

#[test]
fn who_is_ended_while_it_waits_leaves_no_start_behind() {
    let daemon = Daemon::new();
    // Connections are taken by the kernel, and nobody answers.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/api.yaml", silent.local_addr().unwrap());
    let mut starting = daemon.command(&["start", "--host", "127.0.0.1", "--port", "0", &url]);
    let mut starting = starting.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let said = || text(&daemon.run(&["status"]).stdout);
    while !said().ends_with(" runs: starting\n") {}
    let second = daemon.start(&[PETSTORE]);
    assert!(text(&second.stderr).contains("is being started already"), "{}", text(&second.stderr));
    starting.kill().unwrap();
    starting.wait().unwrap();
    assert!(said().ends_with(" runs: whoever started it has not waited until it served\n"), "{}", said());
    assert_eq!(daemon.run(&["stop"]).status.code(), Some(0));
    assert_eq!(daemon.start(&[PETSTORE]).status.code(), Some(0));
}

#[test]
fn a_file_of_another_kind_is_no_pid_file() {
    let daemon = Daemon::new();
    let file = daemon.0.path().join("precious");
    std::fs::write(&file, "precious\n").unwrap();
    let refused = daemon.start(&[PETSTORE, "--pid-file", file.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2), "{}", text(&refused.stderr));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "precious\n");
}

#[test]
fn nobody_waits_for_a_pipe() {
    let daemon = Daemon::new();
    let pipe = daemon.0.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let pipe = pipe.to_str().unwrap();
    let start = ["start", "--host", "127.0.0.1", "--port", "0", PETSTORE];
    for (command, flag, expected) in [
        (&start[..], "--pid-file", "and no PID file"),
        (&["status"], "--pid-file", "must be a regular file"),
        (&["stop"], "--pid-file", "must be a regular file"),
        (&start, "--log-file", "nobody reads"),
        (&["logs"], "--log-file", "is a named pipe"),
    ] {
        let arguments = [command, &[flag, pipe]].concat();
        let output = daemon.run(&arguments);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(expected), "{arguments:?}: {said}");
    }
}

#[test]
fn its_log_is_followed() {
    let daemon = Daemon::new();
    let document = daemon.0.path().join("api.yaml");
    std::fs::copy(PETSTORE, &document).unwrap();
    assert_eq!(daemon.start(&[document.to_str().unwrap()]).status.code(), Some(0));
    let mut follow = daemon.command(&["logs", "--follow"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(follow.stdout.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().starts_with("mocker "));
    let changed = std::fs::read_to_string(PETSTORE).unwrap() + "\n# changed\n";
    std::fs::write(&document, changed).unwrap();
    let line = lines.next().unwrap().unwrap();
    assert!(line.starts_with("reloaded ("), "{line}");
    follow.kill().unwrap();
    follow.wait().unwrap();
}

#[test]
fn files_can_be_elsewhere() {
    let daemon = Daemon::new();
    let path = |name: &str| daemon.0.path().join(name).to_str().unwrap().to_owned();
    let (pid, log) = (path("a/own.pid"), path("b/own.log"));
    let started = daemon.start(&[PETSTORE, "--pid-file", &pid, "--log-file", &log]);
    assert_eq!(started.status.code(), Some(0), "{}", text(&started.stderr));
    assert!(text(&daemon.run(&["logs", "--log-file", &log]).stdout).starts_with("mocker "));
    assert_eq!(daemon.run(&["status"]).status.code(), Some(4));
    assert_eq!(daemon.run(&["stop", "--pid-file", &pid]).status.code(), Some(0));
}

/// What a client that never pauses sees until the server ends.
#[derive(Default)]
struct Seen {
    answers: usize,
    /// Bytes of an answer that did not come whole
    part: usize,
}

fn ask_until_the_end(address: SocketAddr, answered: &Sender<()>) -> Seen {
    let mut seen = Seen::default();
    let Ok(mut stream) = TcpStream::connect(address) else { return seen };
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut unread = Vec::new();
    let mut buffer = [0; 4096];
    while stream.write_all(b"GET /pets HTTP/1.1\r\nHost: test\r\n\r\n").is_ok() {
        loop {
            match stream.read(&mut buffer) {
                Ok(length @ 1..) => unread.extend_from_slice(&buffer[..length]),
                _ => return Seen { part: unread.len(), ..seen },
            }
            if let Some(length) = whole(&unread) {
                unread.drain(..length);
                break;
            }
        }
        seen.answers += 1;
        let _ = answered.send(());
    }
    seen
}

/// Bytes of the answer, if all of it is there.
fn whole(bytes: &[u8]) -> Option<usize> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&bytes[..end]).unwrap().to_ascii_lowercase();
    let length: usize = head.split("content-length: ").nth(1)?.split('\r').next()?.parse().unwrap();
    (bytes.len() >= end + length).then_some(end + length)
}

#[test]
fn no_answer_is_cut_when_it_is_ended_under_load() {
    let daemon = Daemon::new();
    let started = daemon.start(&[PETSTORE]);
    assert_eq!(started.status.code(), Some(0), "{}", text(&started.stderr));
    let address = address(&text(&started.stdout));
    let (answered, answers) = channel();
    let clients: Vec<_> = (0..8)
        .map(|_| {
            let answered = answered.clone();
            std::thread::spawn(move || ask_until_the_end(address, &answered))
        })
        .collect();
    drop(answered);
    assert_eq!(answers.iter().take(2_000).count(), 2_000);
    assert_eq!(daemon.run(&["stop"]).status.code(), Some(0));
    let seen: Vec<Seen> = clients.into_iter().map(|client| client.join().unwrap()).collect();
    assert!(seen.iter().all(|seen| seen.part == 0), "an answer was cut");
    assert!(seen.iter().map(|seen| seen.answers).sum::<usize>() >= 2_000);
}
