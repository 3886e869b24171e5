//! Standard error that nobody reads holds nobody up.

use std::io::{BufRead, BufReader, pipe};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::behaviours::{SPEC, write};
use crate::client::Client;
use crate::server::{ADMIN, FORMAT, Server};

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

/// What a start that ends at once says on standard error, which is no terminal, and its exit code.
fn failing(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> (String, Option<i32>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    command.args(["start", "--host", "127.0.0.1"]).args(arguments).current_dir(folder);
    command.env_remove(FORMAT).env(ADMIN, "off").envs(variables.iter().copied());
    let output = command.output().unwrap();
    assert!(output.stdout.is_empty(), "{arguments:?}");
    (String::from_utf8(output.stderr).unwrap(), output.status.code())
}

#[test]
fn a_start_that_fails_is_told_to_people_unless_somebody_asks_for_json() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("api.yaml", SPEC),
        ("half.yaml", &format!("{SPEC}  /wrong: {{get: 1}}\n")),
        ("broken.yaml", "openapi: 3.1.0\npaths: ["),
        ("wrong.yaml", "specs: api.yaml\nserver: {prot: 1}\n"),
        ("asking.yaml", "logging: {format: json}\n"),
        ("wrong-asking.yaml", "logging: {format: json}\nserver: {prot: 1}\n"),
    ] {
        write(folder.path(), name, text);
    }
    let told = |arguments: &[&str], variables: &[(&str, &str)]| {
        let (told, code) = failing(folder.path(), arguments, variables);
        assert_eq!(code, Some(2), "{arguments:?}: {told}");
        told
    };
    for (arguments, expected) in [
        (&["--config", "wrong.yaml"][..], "wrong.yaml:2:10: error: "),
        (&["broken.yaml"], "broken.yaml:2:"),
        (&["broken.yaml"], "\nerror: nothing to serve: broken.yaml is no API description that can be read"),
        (&["none.yaml"], "error: none.yaml"),
        (&["half.yaml", "--port", &port], "half.yaml:"),
        (&["half.yaml", "--port", &port], "\nerror: "),
        (&["api.yaml", "--access-log", "json", "--access-file", "no/such"], "error: no/such"),
    ] {
        let told = told(arguments, &[]);
        assert!(told.contains(expected), "{arguments:?}: {told}");
        assert!(told.lines().all(|line| !line.starts_with('{')), "{arguments:?}: {told}");
    }
    for (arguments, variables) in [
        (&["--config", "wrong-asking.yaml"][..], &[][..]),
        (&["--config", "asking.yaml", "broken.yaml"], &[]),
        (&["half.yaml", "--port", &port, "--log-format", "json"], &[]),
        (&["none.yaml"], &[(FORMAT, "json")]),
    ] {
        let told = told(arguments, variables);
        for line in told.lines() {
            let line: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{arguments:?}: {told}"));
            assert!(line["level"] == "error" || line["level"] == "warn", "{line}");
        }
    }
}

#[test]
fn what_a_start_that_serves_has_told_is_told_as_all_else() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "api.yaml", &format!("{SPEC}  /wrong: {{get: 1}}\n"));
    let mut command = start(folder.path());
    command.arg("api.yaml").env(FORMAT, "").env("MOCKER_SERVER_HOTS", "a");
    let server = Server::spawn_with_errors(command);
    server.signal("HUP");
    let mut told = vec![server.heard("MOCKER_SERVER_HOTS is no setting"), server.heard("api.yaml:")];
    told.push(server.heard("reloaded (SIGHUP)"));
    for (line, level) in told.iter().zip(["warn", "error", "info"]) {
        let line: Value = serde_json::from_str(line).unwrap();
        assert_eq!(line["level"], level, "{line}");
    }
}
