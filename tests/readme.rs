//! The README's first command, run as written.

use std::process::Command;

use crate::client::get;
use crate::server::Server;

/// The commands of the README's first code block.
fn commands() -> Vec<String> {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let block = readme.split("```sh\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a sh block");
    block
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

#[test]
fn it_opens_with_two_commands_and_the_first_serves() {
    let commands = commands();
    assert_eq!(commands.len(), 2, "{commands:?}");
    let arguments =
        commands[0].strip_prefix("cargo run --release -- ").expect("the first command runs mocker");
    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    // Only the port differs: the default one may be taken on the machine that runs the tests.
    command.args(arguments.split_whitespace()).args(["--port", "0"]);
    let server = Server::spawn(command);
    let port = server.address.port();
    let answer = get(([127, 0, 0, 1], port).into(), "/pets");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert!(answer.json().is_array() || answer.json().is_object());
}

#[test]
fn the_second_is_what_ci_runs() {
    let second = &commands()[1];
    let ci = std::fs::read_to_string(".ci/run").unwrap();
    assert!(ci.lines().any(|line| line.strip_suffix(" --locked") == Some(second)), "{second}");
}

#[test]
fn curl_reads_a_body() {
    let server = Server::start(&["--spec", "specs/petstore/openapi.yaml"]);
    let url = format!("http://{}/pets", server.address);
    let Ok(output) = Command::new("curl").args(["-sS", "--fail", "--max-time", "10", &url]).output() else {
        eprintln!("SKIPPED: curl is not installed");
        return;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let body: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(body, get(server.address, "/pets").json());
}
