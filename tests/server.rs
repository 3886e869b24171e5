//! A running `mocker` of a test's own.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, ChildStderr, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// Longest wait for a line.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where the Admin API is, unless a flag says otherwise.
pub const ADMIN: &str = "MOCKER_ADMIN_ADDRESS";

/// How the server tells what it tells, unless a flag says otherwise.
pub const FORMAT: &str = "MOCKER_LOGGING_FORMAT";

pub struct Server {
    child: Child,
    output: BufReader<ChildStdout>,
    /// Where the command has a pipe for it
    errors: Option<Lines>,
    pub address: SocketAddr,
    pub start_line: String,
}

impl Server {
    /// `mocker start` with these arguments, on a free port of the loopback interface.
    pub fn start(arguments: &[&str]) -> Server {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
        command.arg("start").args(arguments).args(["--host", "127.0.0.1", "--port", "0"]);
        Server::spawn(command)
    }

    /// The same for a command, whose standard error is heard.
    pub fn spawn_with_errors(mut command: Command) -> Server {
        command.stderr(Stdio::piped());
        Server::spawn(command)
    }

    /// A command that prints the start line and serves.
    pub fn spawn(mut command: Command) -> Server {
        // Tests run side by side, and the Admin API has one default address.
        if !command.get_envs().any(|(name, _)| name == ADMIN) {
            command.env(ADMIN, "off");
        }
        // Tests read lines for people where they have a pipe.
        if !command.get_envs().any(|(name, _)| name == FORMAT) {
            command.env(FORMAT, "human");
        }
        let mut child = command.stdout(Stdio::piped()).spawn().expect("mocker starts");
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let errors = child.stderr.take().map(Lines::of);
        let mut start_line = String::new();
        output.read_line(&mut start_line).unwrap();
        let first = start_line.split("://").nth(1).and_then(|rest| rest.split(' ').next());
        let address = first.and_then(|first| first.trim_end_matches(':').parse().ok());
        let address = address.unwrap_or_else(|| panic!("no address in the start line {start_line:?}"));
        Server { child, output, errors, address, start_line }
    }

    /// Waits for a line on standard error that says this.
    pub fn heard(&self, what: &str) -> String {
        let errors = self.errors.as_ref().expect("standard error is a pipe");
        let mut before = String::new();
        loop {
            match errors.next() {
                Some(line) if line.contains(what) => return line,
                Some(line) => before.push_str(&line),
                None => panic!("ended before it said {what:?}: {before}"),
            }
        }
    }

    /// What was said on standard error since the last line that was heard, until the end.
    pub fn last_words(&self) -> String {
        let errors = self.errors.as_ref().expect("standard error is a pipe");
        std::iter::from_fn(|| errors.next()).collect()
    }

    /// Where the Admin API is, by the start line.
    pub fn admin(&self) -> SocketAddr {
        let named = self.start_line.split("admin on ").nth(1).and_then(|rest| rest.split(',').next());
        named
            .and_then(|named| named.parse().ok())
            .unwrap_or_else(|| panic!("no admin in {:?}", self.start_line))
    }

    /// Sends a signal.
    pub fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args(["-s", signal, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits for the end; gives how it ended and what it printed since the start line.
    pub fn wait(mut self) -> (ExitStatus, String) {
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).unwrap();
        (self.child.wait().unwrap(), rest)
    }
}

/// Lines of a pipe, read as they come: who writes them is not held up, and who waits for one does not wait for ever.
struct Lines(Receiver<String>);

impl Lines {
    fn of(pipe: ChildStderr) -> Lines {
        let (tell, told) = channel();
        thread::spawn(move || {
            let mut pipe = BufReader::new(pipe);
            let mut line = String::new();
            while pipe.read_line(&mut line).is_ok_and(|length| length > 0) {
                if tell.send(std::mem::take(&mut line)).is_err() {
                    break;
                }
            }
        });
        Lines(told)
    }

    /// `None` at the end.
    fn next(&self) -> Option<String> {
        match self.0.recv_timeout(PATIENCE) {
            Ok(line) => Some(line),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => panic!("nothing was said on standard error for {PATIENCE:?}"),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already gone in tests that waited.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
