//! Every command line in README and docs works as written.

use std::path::Path;
use std::process::Command;

use crate::control::administered;
use crate::server::{ADMIN, Server};

/// Lines that run `mocker` in the `sh` blocks of a document, without comments.
fn commands(document: &str) -> Vec<String> {
    let text = std::fs::read_to_string(document).unwrap();
    let blocks = text.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let lines =
        blocks.flat_map(str::lines).map(|line| line.split(" #").next().unwrap_or_default().trim().to_owned());
    lines.filter(|line| line.starts_with("mocker ")).collect()
}

fn documents() -> Vec<String> {
    let mut documents = vec!["README.md".to_owned()];
    let folders =
        ["docs", "specs/petstore", "specs/banking", "specs/ecommerce", "specs/microservices", "specs/shop"];
    for folder in folders {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let markdown = entries.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
        documents.extend(markdown.map(|path| path.to_str().unwrap().to_owned()));
    }
    documents
}

#[test]
fn every_command_works() {
    let mut seen = 0;
    let folder = tempfile::tempdir().unwrap();
    for document in documents() {
        for command in commands(&document) {
            seen += 1;
            let arguments: Vec<&str> = command.split_whitespace().skip(1).collect();
            match arguments[0] {
                "start" => serves(&arguments[1..], &document),
                "load-test" => loads(&command, &document, folder.path()),
                "status" | "reload" | "stop" | "chaos" => asks(&arguments, &document),
                "daemon" => runs_behind(&arguments, &document, folder.path()),
                _ => {
                    let output =
                        Command::new(env!("CARGO_BIN_EXE_mocker")).args(&arguments).output().unwrap();
                    assert!(output.status.success(), "{document}: {command}");
                }
            }
        }
    }
    assert!(seen >= 8, "only {seen} commands found");
}

/// Of a server of the test's own.
fn asks(arguments: &[&str], document: &str) {
    let server = administered(&["--spec", "specs/petstore/openapi.yaml"]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    command.args(arguments).args(["--admin", &server.admin().to_string()]);
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{document}: {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// In the order of the page: the last one ends it.
fn runs_behind(arguments: &[&str], document: &str, folder: &Path) {
    let free = arguments.iter().map(|argument| if *argument == "3000" { "0" } else { argument });
    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    command.args(free).env("XDG_STATE_HOME", folder).env(ADMIN, "off");
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{document}: {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn every_curl_of_the_admin_api_works() {
    if Command::new("curl").arg("--version").output().is_err() {
        eprintln!("SKIPPED: curl is not installed");
        return;
    }
    let server = administered(&["--config", "specs/shop/mocker.yaml"]);
    let page = std::fs::read_to_string("docs/admin.md").unwrap();
    let asked: Vec<&str> = page.lines().filter(|line| line.starts_with("curl ")).collect();
    assert!(asked.len() >= 6, "{asked:?}");
    let asked = asked.join("\n").replace("localhost:9090", &format!("localhost:{}", server.admin().port()));
    let script =
        format!("set -e -o pipefail\ncurl() {{ command curl -4 -sS --fail --max-time 20 \"$@\"; }}\n{asked}");
    let output = Command::new("bash").arg("-c").arg(&script).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// What the README of a demo tells its readers to ask, asked of the server it tells them to start.
#[test]
fn every_curl_of_the_demos_works() {
    if Command::new("curl").arg("--version").output().is_err() {
        eprintln!("SKIPPED: curl is not installed");
        return;
    }
    for demo in ["petstore", "banking", "ecommerce", "microservices", "shop"] {
        let readme = std::fs::read_to_string(format!("specs/{demo}/README.md")).unwrap();
        let blocks: Vec<&str> =
            readme.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
        let start: Vec<&str> = blocks[0].split_whitespace().skip(2).collect();
        let server = Server::start(&start);
        let folder = tempfile::tempdir().unwrap();
        let asked = blocks[1].replace("localhost:8080", &server.address.to_string());
        let script = format!(
            "set -e -o pipefail\ncurl() {{ command curl -sS --fail --max-time 20 \"$@\"; }}\n{asked}"
        );
        let output = Command::new("bash").arg("-c").arg(&script).current_dir(&folder).output().unwrap();
        assert!(output.status.success(), "{demo}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(asked.matches("curl ").count() >= 4, "{demo}");
    }
}

/// Ports of the examples may be taken on the machine that runs the tests: a free one is used.
fn serves(arguments: &[&str], document: &str) {
    let mut kept = Vec::new();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match *argument {
            "--port" | "-p" | "--host" => drop(rest.next()),
            other => kept.push(other),
        }
    }
    let server = Server::start(&kept);
    assert!(server.start_line.contains("operation"), "{document}: {arguments:?}");
}

/// For a moment, and against a server of the test's own. What a machine is able to do is not judged.
fn loads(command: &str, document: &str, folder: &Path) {
    let server = Server::start(&["--spec", "specs/petstore/openapi.yaml"]);
    let address = server.address.to_string();
    let script = command
        .replace("localhost:8080", &address)
        .replace("localhost:8081", &address)
        .replace("baseline.json", folder.join("baseline.json").to_str().unwrap());
    let words: Vec<&str> = script.split(' ').collect();
    let mut shortened = words.clone();
    if let Some(at) = words.iter().position(|word| *word == "-d") {
        shortened[at + 1] = "200ms";
    } else if words.contains(&"--find-max") {
        shortened.extend(["--probe", "100ms", "--from", "2k"]);
    } else {
        shortened.extend(["-d", "200ms"]);
    }
    shortened[0] = env!("CARGO_BIN_EXE_mocker");
    shortened.extend(["--warmup", "0s", "--no-tui"]);
    let output = Command::new("bash").arg("-c").arg(shortened.join(" ")).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(matches!(output.status.code(), Some(0 | 1 | 3)), "{document}: {command}");
    assert!(said.contains("errors") || said.contains("Errors"), "{document}: {said}");
}

#[test]
fn every_flag_is_documented() {
    for command in ["start", "load-test"] {
        every_flag_of(command);
    }
}

fn every_flag_of(command: &str) {
    let output = Command::new(env!("CARGO_BIN_EXE_mocker")).args([command, "--help"]).output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let page = format!("docs/{command}.md");
    let documented = std::fs::read_to_string(&page).unwrap();
    let flags: Vec<&str> =
        help.split_whitespace().filter(|word| word.starts_with("--") && word.len() > 2).collect();
    assert!(flags.len() > 10, "{help}");
    for flag in flags {
        let flag = flag.split('[').next().unwrap_or(flag).trim_end_matches([',', '.', ':', ')']);
        assert!(flag == "--help" || documented.contains(flag), "{flag} is not in {page}");
    }
}
