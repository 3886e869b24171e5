//! The command line: what it prints, and what it exits with.

use std::io::{Read, Write};
use std::net::{TcpListener, ToSocketAddrs};
use std::process::{Command, Output, Stdio};

use crate::client::{Client, get};
use crate::server::FORMAT;
use crate::server::Server;

pub fn mocker(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    command.args(arguments).env(FORMAT, "human").output().unwrap()
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn spec(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::Builder::new().suffix(".yaml").tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

#[test]
fn a_missing_file_is_one_clear_line() {
    for command in ["start", "check"] {
        let mut arguments = vec![command];
        if command == "start" {
            arguments.push("--spec");
        }
        arguments.push("no/such/file.yaml");
        let output = mocker(&arguments);
        assert_eq!(output.status.code(), Some(2), "{command}");
        assert_eq!(
            text(&output.stderr),
            "error: no/such/file.yaml cannot be read: no such file\n",
            "{command}"
        );
    }
}

/// `mocker` with these arguments and something to read.
fn piped(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn a_dash_is_standard_input() {
    let petstore = std::fs::read_to_string("specs/petstore/openapi.yaml").unwrap();
    let output = piped(&["check", "-"], &petstore);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("-: 5 operations, 0 errors"), "{}", text(&output.stdout));

    let output = piped(&["check", "-"], "openapi: 3.1.0\npaths: [\n");
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("-:3:1: error: "), "{}", text(&output.stdout));

    let output = mocker(&["check", "-", "-"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("can be read once"), "{}", text(&output.stderr));

    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    command.args(["start", "--host", "127.0.0.1", "--port", "0", "--spec", "-"]);
    command.stdin(std::fs::File::open("specs/petstore/openapi.yaml").unwrap());
    assert_eq!(get(Server::spawn(command).address, "/pets").status, 200);
}

#[test]
fn addresses_that_cannot_be_read_say_what_would_be_right() {
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let answering = |answer: &'static str| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(answer.as_bytes());
        });
        format!("http://{address}/x.yaml")
    };
    for (spec, expected) in [
        ("ftp://localhost/x.yaml".to_owned(), "give an http or https URL, a file or a folder"),
        (format!("http://{gone}/x.yaml"), "the connection was refused; check the port"),
        ("http://no-such-host.invalid/x.yaml".to_owned(), "there is no host of that name"),
        ("http://".to_owned(), "write it as http://host/path"),
        (answering("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"), "status 404"),
        (answering("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"), "download the document"),
        (answering("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n"), "status 500"),
        (answering("SSH-2.0-OpenSSH_9\r\n\r\n"), "the answer is not HTTP"),
        (answering(""), "closed the connection"),
    ] {
        let output = mocker(&["check", &spec]);
        let errors = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{spec}: {errors}");
        assert_eq!(errors.lines().count(), 1, "{errors}");
        assert!(errors.contains(expected) && errors.contains(&spec) && !errors.contains("io:"), "{errors}");
    }
}

#[test]
fn a_huge_path_is_not_printed_whole() {
    let path = "/a".repeat(5_000);
    for fault in ["{", "{x}{x}", "?a=b"] {
        let file = spec(&format!(
            "openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\npaths:\n  \"{path}{fault}\":\n    get: {{responses: {{'200': {{description: d}}}}}}\n"
        ));
        let report = text(&mocker(&["check", file.path().to_str().unwrap()]).stdout);
        let faults = report.split("METHOD").next().unwrap();
        assert!(faults.contains("warning") && faults.len() < 2_000, "{faults}");
    }
}

#[test]
fn the_start_line_names_every_address() {
    let addresses: std::collections::HashSet<_> =
        ("localhost", 0).to_socket_addrs().unwrap().map(|address| address.ip()).collect();
    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    command.args(["start", "--host", "localhost", "--port", "0", "specs/petstore/openapi.yaml"]);
    let line = Server::spawn(command).start_line.clone();
    assert_eq!(line.matches("http://").count(), addresses.len(), "{line}");
}

#[test]
fn a_taken_port_is_one_clear_line() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output =
        mocker(&["start", "--spec", "specs/petstore/openapi.yaml", "--host", "127.0.0.1", "--port", &port]);
    assert_eq!(output.status.code(), Some(2));
    let errors = text(&output.stderr);
    assert_eq!(errors.lines().count(), 1, "{errors}");
    assert!(errors.contains(&port) && errors.contains("is taken"), "{errors}");
}

#[test]
fn a_host_that_means_no_address_is_one_clear_line() {
    let output = mocker(&["start", "--spec", "specs/petstore/openapi.yaml", "--host", "no such host"]);
    assert_eq!(output.status.code(), Some(2));
    let errors = text(&output.stderr);
    assert_eq!(errors.lines().count(), 1, "{errors}");
    assert!(errors.contains("cannot listen on `no such host`"), "{errors}");
}

#[test]
fn a_mistyped_flag_exits_2_and_names_the_right_one() {
    let output = mocker(&["start", "--spce", "x.yaml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("--spec"), "{}", text(&output.stderr));
}

#[test]
fn what_is_no_description_is_refused() {
    let file = spec("just: text\n");
    let output = mocker(&["start", "--spec", file.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    for expected in ["nothing to serve", "or a Postman collection"] {
        assert!(text(&output.stderr).contains(expected), "{}", text(&output.stderr));
    }
}

#[test]
fn a_document_without_operations_says_why() {
    let file = spec("openapi: 3.0.3\ninfo: {title: t, version: '1'}\n");
    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    command.args(["start", "--host", "127.0.0.1", "--port", "0", "--spec", file.path().to_str().unwrap()]);
    let talk = tempfile::NamedTempFile::new().unwrap();
    command.stderr(talk.reopen().unwrap());
    let server = Server::spawn(command);
    assert!(server.start_line.contains(": 0 operations"), "{}", server.start_line);
    let talk = std::fs::read_to_string(talk.path()).unwrap();
    assert!(talk.contains(": warning: "), "{talk}");
}

#[test]
fn a_text_that_breaks_the_yaml_scanner_is_reported_like_any_other() {
    let file = spec("a: [!x, b]\n");
    let output = mocker(&["check", file.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("[yaml-syntax]"), "{}", text(&output.stdout));
    assert_eq!(text(&output.stderr), "");
}

#[test]
fn check_names_place_and_remedy_and_exits_1() {
    let file = spec(concat!(
        "openapi: 3.0.3\n",
        "info: {title: t, version: '1'}\n",
        "paths:\n",
        "  /a:\n",
        "    get:\n",
        "      responses:\n",
        "        '200':\n",
        "          description: ok\n",
        "          content:\n",
        "            application/json:\n",
        "              schema: {$ref: '#/components/schemas/Pett'}\n",
        "  /b:\n",
        "    get:\n",
        "      responses:\n",
        "        '200': {description: ok, content: {text/plain: {example: hello}}}\n",
        "components: {schemas: {Pet: {type: object}}}\n",
    ));
    let name = file.path().to_str().unwrap();
    let output = mocker(&["check", name]);
    let report = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{report}");
    assert!(report.contains(&format!("{name}:11:")), "{report}");
    assert!(report.contains("#/components/schemas/Pet`"), "{report}");
    assert!(report.contains("2 operations, 1 error"), "{report}");

    let output = mocker(&["check", "--format", "json", name]);
    assert_eq!(output.status.code(), Some(1));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report[0]["diagnostics"][0]["line"], 11);
    assert_eq!(report[0]["operations"][1]["body"], "example");

    let server = Server::start(&["--spec", name]);
    assert_eq!(get(server.address, "/b").text(), "hello");
    assert_eq!(get(server.address, "/a").status, 200);
}

#[test]
fn check_of_a_sound_document_exits_0() {
    let output = mocker(&["check", "specs/petstore/openapi.yaml"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    assert!(text(&output.stdout).contains("0 errors, 0 warnings"), "{}", text(&output.stdout));
}

#[test]
fn the_start_line_says_what_runs() {
    let server = Server::start(&["--spec", "specs/petstore/openapi.yaml", "--threads", "1"]);
    for part in ["mocker ", "operations of 1 document", "1 core", "ready in "] {
        assert!(server.start_line.contains(part), "{part:?} in {:?}", server.start_line);
    }
    assert!(
        server.start_line.contains("io_uring") || server.start_line.contains("epoll"),
        "{}",
        server.start_line
    );
    let server = Server::start(&["--spec", "specs/petstore/openapi.yaml", "--driver", "epoll"]);
    assert!(server.start_line.contains("epoll"), "{}", server.start_line);
    assert_eq!(get(server.address, "/__mocker/health").status, 200);
}

#[test]
fn a_signal_ends_it_in_order() {
    for signal in ["INT", "TERM"] {
        let server = Server::start(&["--spec", "specs/petstore/openapi.yaml"]);
        let mut idle = Client::connect(server.address);
        assert_eq!(idle.ask("GET", "/__mocker/health", "").status, 200);
        server.signal(signal);
        assert!(idle.is_closed(), "{signal}");
        assert_eq!(server.wait().0.code(), Some(0), "{signal}");
    }
}

#[test]
fn a_folder_without_documents_says_so() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("fragment.yaml"), "type: object").unwrap();
    let output = mocker(&["check", folder.path().to_str().unwrap()]);
    let errors = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("no API description (*.yaml, *.yml, *.json) in this folder"), "{errors}");
}

#[test]
fn a_folder_serves_its_documents_together() {
    let server = Server::start(&["--spec", "specs/microservices"]);
    assert!(server.start_line.contains("of 3 documents"), "{}", server.start_line);
}

/// What `mocker check` says in a folder with these files.
fn checked(files: &[(&str, &str)], arguments: &[&str]) -> (Option<i32>, String, String) {
    let folder = tempfile::tempdir().unwrap();
    files.iter().for_each(|(name, text)| crate::behaviours::write(folder.path(), name, text));
    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    let output = command.arg("check").args(arguments).current_dir(&folder).output().unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

const CONFIGURED: [(&str, &str); 4] = [
    ("api.yaml", crate::behaviours::SPEC),
    ("good.rhai", "fn handle(req, ctx) { 1 }"),
    ("bad.rhai", "fn handle(req, ctx) {\n  let = 1;\n}"),
    ("body.json", "{{ nobody }}"),
];

#[test]
fn check_takes_the_configuration_where_no_document_is_named() {
    let with = |configuration: &str, arguments: &[&str]| {
        checked(&[&[("mocker.yaml", configuration)], &CONFIGURED[..]].concat(), arguments)
    };
    let (code, said, _) = with("specs: api.yaml\nscripts: {getA: good.rhai}\n", &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with("mocker.yaml: 0 errors, 0 warnings\nMETHOD"), "{said}");
    assert!(said.ends_with("api.yaml: 3 operations, 0 errors, 0 warnings\nscripts, templates and plugins: 0 errors, 0 warnings\n"), "{said}");

    let faulty = "specs: api.yaml\nscripts: {getA: bad.rhai, getNothing: good.rhai, getB: none.rhai}\n\
                  responses: {getB: {variants: [{body_file: body.json}]}}\nplugins: [{name: own, path: own}]\n";
    let (code, said, _) = with(faulty, &[]);
    assert_eq!(code, Some(1), "{said}");
    for expected in [
        "bad.rhai:2:",
        ": warning: no operation is `getNothing`",
        "none.rhai cannot be read",
        "nobody",
        "own/plugin.yaml cannot be read",
        "scripts, templates and plugins: 4 errors, 1 warning\n",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    let (code, said, _) = with(faulty, &["--config", "mocker.yaml", "--format", "json"]);
    let parts: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(code, Some(1));
    assert_eq!((&parts[0]["file"], &parts[1]["title"]), (&"mocker.yaml".into(), &"T".into()));
    assert_eq!((&parts[2]["errors"], &parts[2]["warnings"]), (&4.into(), &1.into()), "{said}");
    assert_eq!(parts[2]["diagnostics"].as_array().unwrap().len(), 5);

    let (code, said, _) = with("specs: api.yaml\nsevrer: 1\n", &[]);
    assert_eq!(code, Some(1));
    assert!(
        said.contains("mocker.yaml:2:1: error: ") && said.ends_with("mocker.yaml: 1 error, 0 warnings\n"),
        "{said}"
    );
}

#[test]
fn check_says_what_it_is_to_check() {
    let (code, _, told) = checked(&[], &[]);
    assert_eq!(code, Some(2));
    assert!(told.contains("there is no mocker.yaml here"), "{told}");
    let (code, said, told) = checked(&[("mocker.yaml", "server: {port: 1}\n")], &[]);
    assert_eq!((code, &*said), (Some(2), "mocker.yaml: 0 errors, 0 warnings\n"), "{told}");
    assert!(told.starts_with("error: nothing to serve"), "{told}");
    assert_eq!(checked(&[("mocker.yaml", "specs: none.yaml\n")], &[]).0, Some(2));
    assert_eq!(checked(&CONFIGURED, &["--config", "mocker.yaml", "api.yaml"]).0, Some(2));
}
