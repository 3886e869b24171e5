//! Standard error that nobody reads holds nobody up.

use std::io::{BufRead, BufReader, pipe};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::behaviours::{SPEC, write};
use crate::client::Client;
use crate::server::Server;

const PATIENCE: Duration = Duration::from_secs(20);

/// A folder where every request is told on standard error, by a plugin and by a script.
fn talkative() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("api.yaml", SPEC),
        ("mocker.yaml", "specs: api.yaml\nplugins: [{name: logging}]\nscripts: {getA: log.rhai}\n"),
        ("log.rhai", "fn handle(req, ctx) { log::info(\"asked\"); #{ n: 1 } }"),
    ] {
        write(folder.path(), name, text);
    }
    folder
}

fn start(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    command.args(["start", "--host", "127.0.0.1", "--port", "0"]).current_dir(folder);
    command
}

#[test]
fn a_closed_standard_error_ends_nothing() {
    let folder = talkative();
    let (reader, writer) = pipe().unwrap();
    drop(reader);
    let mut command = start(folder.path());
    command.stderr(writer);
    let server = Server::spawn(command);
    let mut client = Client::connect(server.address);
    assert_eq!(client.ask("GET", "/a/1", "").status, 200);
    for (script, status) in
        [("fn handle(req, ctx) { nonsense", 200), ("fn handle(req, ctx) { respond(202, 1) }", 202)]
    {
        write(folder.path(), "log.rhai", script);
        server.signal("HUP");
        let begun = Instant::now();
        while client.ask("GET", "/a/1", "").status != status {
            assert!(begun.elapsed() < PATIENCE, "what was saved is not served");
        }
    }
    server.signal("TERM");
    assert_eq!(server.wait().0.code(), Some(0));
}

#[test]
fn a_full_standard_error_holds_nobody_up_and_what_is_lost_is_counted() {
    const ROUNDS: usize = 100;
    const EACH: usize = 50;
    let folder = talkative();
    let (reader, writer) = pipe().unwrap();
    let mut command = start(folder.path());
    command.stderr(writer);
    let server = Server::spawn(command);
    let mut client = Client::connect(server.address);
    for _ in 0..ROUNDS {
        client.send(&b"GET /a/1 HTTP/1.1\r\nHost: a\r\n\r\n".repeat(EACH));
        for _ in 0..EACH {
            assert_eq!(client.answer(false).status, 200);
        }
    }
    let read =
        std::thread::spawn(move || BufReader::new(reader).lines().map_while(Result::ok).collect::<Vec<_>>());
    server.signal("TERM");
    assert_eq!(server.wait().0.code(), Some(0));
    let lines = read.join().unwrap();
    let of_requests = lines.iter().filter(|line| line.contains("asked") || line.contains("/a/1")).count();
    let lost = lines.iter().filter_map(|line| line.strip_prefix("warning: standard error was full: "));
    let lost: usize = lost.map(|line| line.split(' ').next().unwrap().parse::<usize>().unwrap()).sum();
    assert!(lost > 0, "{} lines", lines.len());
    assert_eq!(of_requests + lost, 2 * ROUNDS * EACH);
}
