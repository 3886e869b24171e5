//! The access log of a running server.

use std::fs::{File, OpenOptions};
use std::io::Read;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use regex::Regex;
use serde_json::Value;

use crate::behaviours::write;
use crate::client::Client;
use crate::server::{ADMIN, FORMAT, Server};

const SPEC: &str = "
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /a/{id}:
    get: {operationId: getA, responses: {'200': {description: d, content: {text/plain: {example: of a}}}}}
    post: {operationId: postA, requestBody: {content: {text/plain: {}}}, responses: {'204': {description: d}}}
";
const PATIENCE: Duration = Duration::from_secs(20);

/// A server with this access log, in `access.log`.
fn logging(folder: &Path, format: &str, more: &str) -> Server {
    write(folder, "api.yaml", SPEC);
    let logging = format!("logging: {{ access: {format}, access_file: access.log }}");
    write(folder, "mocker.yaml", &format!("specs: api.yaml\n{logging}\n{more}\n"));
    started(folder)
}

fn started(folder: &Path) -> Server {
    started_telling(folder, "human")
}

/// The same; it tells what it tells as the configuration has it where `format` is empty.
fn started_telling(folder: &Path, format: &str) -> Server {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    command.args(["start", "--host", "127.0.0.1", "--port", "0", "--threads", "2"]).current_dir(folder);
    command.env(ADMIN, "127.0.0.1:0").env(FORMAT, format).stderr(Stdio::piped());
    Server::spawn(command)
}

/// Ends the server; gives the lines of its log.
fn ended(server: Server, folder: &Path) -> Vec<String> {
    server.signal("TERM");
    assert_eq!(server.wait().0.code(), Some(0));
    lines(&folder.join("access.log"))
}

fn lines(file: &Path) -> Vec<String> {
    std::fs::read_to_string(file).unwrap().lines().map(str::to_owned).collect()
}

fn json(lines: &[String]) -> Vec<Value> {
    lines
        .iter()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

/// Method, target, status and bytes of a line, undone of what escapes did.
fn parsed(line: &str, is_combined: bool) -> Vec<String> {
    let agent = if is_combined { r#" "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)""# } else { "" };
    let pattern = format!(
        r#"^(\S+) - - \[(\d\d/[A-Z][a-z]{{2}}/\d{{4}}:\d\d:\d\d:\d\d \+0000)\] "(\S+) ((?:[^"\\]|\\.)*) (HTTP/1\.[01])" (\S+) (\S+){agent}$"#
    );
    let found = Regex::new(&pattern).unwrap().captures(line).unwrap_or_else(|| panic!("{line}"));
    found.iter().skip(1).map(|text| text.unwrap().as_str().to_owned()).collect()
}

#[test]
fn every_format_says_what_was_asked_and_answered() {
    let time = Regex::new(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$").unwrap();
    for format in ["common", "combined", "json"] {
        let folder = tempfile::tempdir().unwrap();
        let server = logging(folder.path(), format, "");
        let mut client = Client::connect(server.address);
        client.ask("GET", "/a/1?b=c", "User-Agent: tester/1 (\"x\")\r\nReferer: http://r/\r\n");
        client.ask("HEAD", "/a/2", "");
        client.ask("GET", "/nowhere", "");
        let lines = ended(server, folder.path());
        assert_eq!(lines.len(), 3, "{lines:?}");
        if format == "json" {
            let told = json(&lines);
            let first = &told[0];
            for (name, expected) in [
                ("client", "127.0.0.1"),
                ("method", "GET"),
                ("target", "/a/1?b=c"),
                ("protocol", "HTTP/1.1"),
                ("route", "/a/{id}"),
                ("referer", "http://r/"),
                ("user_agent", "tester/1 (\"x\")"),
            ] {
                assert_eq!(first[name], expected, "{name}");
            }
            assert_eq!((&first["status"], &first["bytes"]), (&200.into(), &4.into()));
            assert!(first["duration_us"].as_f64().unwrap() > 0.0 && first["scenario"].is_null());
            assert!(time.is_match(first["time"].as_str().unwrap()), "{first}");
            assert_eq!((&told[1]["method"], &told[1]["bytes"]), (&"HEAD".into(), &0.into()));
            assert_eq!((&told[2]["status"], &told[2]["route"]), (&404.into(), &"".into()));
            continue;
        }
        let is_combined = format == "combined";
        let told: Vec<Vec<String>> = lines.iter().map(|line| parsed(line, is_combined)).collect();
        assert_eq!(told[0][0], "127.0.0.1");
        assert_eq!(told[0][2..7], ["GET", "/a/1?b=c", "HTTP/1.1", "200", "4"]);
        assert_eq!(told[1][2..7], ["HEAD", "/a/2", "HTTP/1.1", "200", "-"]);
        assert_eq!(told[2][2..6], ["GET", "/nowhere", "HTTP/1.1", "404"]);
        if is_combined {
            assert_eq!(told[0][7..], ["http://r/", r#"tester/1 (\"x\")"#]);
            assert_eq!(told[1][7..], ["-", "-"]);
        }
    }
}

#[test]
fn the_page_shows_lines_as_they_are() {
    let page = std::fs::read_to_string("docs/logging.md").unwrap();
    let block = |language: &str| {
        let rest = page.split(&format!("```{language}\n")).nth(1).unwrap();
        rest.split("\n```").next().unwrap().to_owned()
    };
    let shown = parsed(&block("text"), true);
    assert_eq!(shown[2..5], ["GET", "/pets", "HTTP/1.1"]);
    let folder = tempfile::tempdir().unwrap();
    let server = logging(folder.path(), "json", "");
    Client::connect(server.address).ask("GET", "/a/1", "");
    let names = |line: &str| {
        let line: Value = serde_json::from_str(line).unwrap();
        line.as_object().unwrap().keys().cloned().collect::<Vec<_>>()
    };
    assert_eq!(names(&block("json")), names(&ended(server, folder.path())[0]));
}

#[test]
fn pipelined_requests_are_told_in_their_order_and_none_is_lost_at_the_end() {
    const EACH: usize = 500;
    let folder = tempfile::tempdir().unwrap();
    let server = logging(folder.path(), "json", "");
    for connection in 0..4 {
        let mut client = Client::connect(server.address);
        let requests =
            (0..EACH).map(|number| format!("GET /a/{connection}-{number} HTTP/1.1\r\nHost: a\r\n\r\n"));
        client.send(requests.collect::<String>().as_bytes());
        (0..EACH).for_each(|_| assert_eq!(client.answer(false).status, 200));
    }
    let told = json(&ended(server, folder.path()));
    assert_eq!(told.len(), 4 * EACH);
    for connection in 0..4 {
        let prefix = format!("/a/{connection}-");
        let targets = told.iter().filter_map(|line| line["target"].as_str()?.strip_prefix(&prefix));
        let expected: Vec<String> = (0..EACH).map(|number| number.to_string()).collect();
        assert_eq!(targets.collect::<Vec<_>>(), expected);
    }
}

#[test]
fn no_client_forges_a_line() {
    for format in ["common", "combined", "json"] {
        let folder = tempfile::tempdir().unwrap();
        let server = logging(folder.path(), format, "");
        let mut client = Client::connect(server.address);
        for agent in [&b"a\" 200 1\\"[..], b"\xff\xfe", b"tab\there", b"{\"status\":1}"] {
            let head = b"GET /a/1%0a?\"=\\x HTTP/1.1\r\nHost: a\r\nUser-Agent: ";
            client.send(&[head, agent, b"\r\n\r\n"].concat());
            client.answer(false);
        }
        let lines = ended(server, folder.path());
        assert_eq!(lines.len(), 4, "{lines:?}");
        for line in lines {
            assert!(line.bytes().all(|byte| matches!(byte, b' '..=b'~') || byte >= 0x80), "{line:?}");
            match format {
                "json" => drop(json(&[line])),
                _ => drop(parsed(&line, format == "combined")),
            }
        }
    }
}

#[test]
fn what_ends_without_an_answer_is_told_too() {
    let folder = tempfile::tempdir().unwrap();
    let more = "server: { head_timeout: 100ms, body_timeout: 100ms }\n\
                chaos: { allow_request_headers: true, scenarios: [{ name: no-luck, type: error, endpoints: [postA] }] }";
    let server = logging(folder.path(), "json", more);
    let connect = || Client::connect(server.address);
    for fault in ["reset", "empty"] {
        let mut client = connect();
        client.send(
            format!("GET /a/{fault} HTTP/1.1\r\nHost: a\r\nX-Mocker-Fault: {fault}\r\n\r\n").as_bytes(),
        );
        assert!(client.is_closed());
    }
    connect().ask("POST", "/a/struck", "");
    for bytes in
        ["nonsense\r\n\r\n", "GET /a/half", "POST /a/body HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n"]
    {
        let mut client = connect();
        client.send(bytes.as_bytes());
        client.answer(false);
    }
    connect().ask("GET", "/a/late", "X-Mocker-Delay: 30ms\r\n");
    let told = json(&ended(server, folder.path()));
    let brief = |line: &Value| (line["target"].clone(), line["status"].clone(), line["scenario"].clone());
    let mut found: Vec<_> = told.iter().map(brief).collect();
    let (asked, nothing) = (Value::from("(asked)"), Value::Null);
    for expected in [
        ("/a/reset".into(), nothing.clone(), asked.clone()),
        ("/a/empty".into(), nothing.clone(), asked.clone()),
        ("/a/struck".into(), 500.into(), "no-luck".into()),
        (nothing.clone(), 400.into(), nothing.clone()),
        (nothing.clone(), 408.into(), nothing.clone()),
        ("/a/body".into(), 408.into(), nothing.clone()),
        ("/a/late".into(), 200.into(), asked),
    ] {
        let at = found.iter().position(|found| *found == expected);
        found.remove(at.unwrap_or_else(|| panic!("no {expected:?} in {told:?}")));
    }
    assert_eq!(found, []);
    let late = told.iter().find(|line| line["target"] == "/a/late").unwrap();
    assert!(late["duration_us"].as_f64().unwrap() >= 30e3, "{late}");
}

#[test]
fn a_moved_file_is_written_anew_after_a_reload() {
    let folder = tempfile::tempdir().unwrap();
    let server = logging(folder.path(), "common", "");
    let (file, moved) = (folder.path().join("access.log"), folder.path().join("access.log.1"));
    Client::connect(server.address).ask("GET", "/a/before", "");
    std::fs::rename(&file, &moved).unwrap();
    server.signal("HUP");
    let begun = Instant::now();
    while !file.exists() {
        assert!(begun.elapsed() < PATIENCE, "the file is not opened again");
        std::thread::yield_now();
    }
    Client::connect(server.address).ask("GET", "/a/after", "");
    let after = ended(server, folder.path());
    assert!(after.len() == 1 && after[0].contains("/a/after"), "{after:?}");
    assert!(lines(&moved).len() == 1 && lines(&moved)[0].contains("/a/before"));
}

#[test]
fn lines_go_to_standard_error_where_no_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "api.yaml", SPEC);
    for file in ["", ", access_file: \"-\""] {
        write(
            folder.path(),
            "mocker.yaml",
            &format!("specs: api.yaml\nlogging: {{ access: common{file} }}\n"),
        );
        let server = started(folder.path());
        Client::connect(server.address).ask("GET", "/a/1", "");
        assert!(server.heard("/a/1").ends_with("\"GET /a/1 HTTP/1.1\" 200 4\n"));
    }
    write(
        folder.path(),
        "mocker.yaml",
        "specs: api.yaml\nlogging: { access: common, access_file: no/such/file }\n",
    );
    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    let output =
        command.args(["start", "--port", "0", "--admin", "off"]).current_dir(folder.path()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("no/such/file"), "{said}");
}

/// A file that nobody reads: a pipe takes 64 KiB, then the log waits, and the rings fill.
#[test]
fn what_finds_no_room_is_counted() {
    const AT_ONCE: usize = 500;
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("access.log");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    // Both ends are held, so that neither side waits for the other to open it.
    let mut held = OpenOptions::new().read(true).write(true).open(&pipe).unwrap();
    let server = logging(folder.path(), "json", "");
    let admin = server.admin();
    let mut client = Client::connect(server.address);
    let requests = format!("GET /a/{} HTTP/1.1\r\nHost: a\r\n\r\n", "x".repeat(900)).repeat(AT_ONCE);
    let (mut answered, begun) = (0, Instant::now());
    while dropped(admin) == 0 {
        assert!(begun.elapsed() < PATIENCE, "{answered} answers found room");
        client.send(requests.as_bytes());
        (0..AT_ONCE).for_each(|_| assert_eq!(client.answer(false).status, 200));
        answered += AT_ONCE;
    }
    let lost = dropped(admin);
    // Read as the server ends: then nothing more is lost.
    let reader = std::thread::spawn(move || read_until(&mut held, answered - lost));
    assert!(server.heard("the access log was full").contains(&format!("lost {lost} line")));
    server.signal("TERM");
    assert_eq!(server.wait().0.code(), Some(0));
    assert_eq!(json(&reader.join().unwrap()).len() + lost, answered);
}

fn read_until(pipe: &mut File, lines: usize) -> Vec<String> {
    let (mut read, mut buffer, mut found) = (Vec::new(), vec![0; 64 << 10], 0);
    while found < lines {
        let length = pipe.read(&mut buffer).unwrap();
        found += buffer[..length].iter().filter(|byte| **byte == b'\n').count();
        read.extend_from_slice(&buffer[..length]);
    }
    String::from_utf8(read).unwrap().lines().map(str::to_owned).collect()
}

fn dropped(admin: SocketAddr) -> usize {
    let mut client = Client::connect(admin);
    client.send(format!("GET /metrics HTTP/1.1\r\nHost: {admin}\r\n\r\n").as_bytes());
    let text = client.answer(false).text();
    let line = text.lines().find_map(|line| line.strip_prefix("mocker_access_log_dropped_total "));
    line.and_then(|count| count.parse().ok()).unwrap_or_else(|| panic!("no count in {text}"))
}

#[test]
fn levels_say_what_is_told_and_change_while_the_server_runs() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "api.yaml", SPEC);
    let configure = |logging: &str| {
        write(
            folder.path(),
            "mocker.yaml",
            &format!("specs: api.yaml\nserver: {{ watch: false }}\n{logging}\n"),
        );
    };
    configure("");
    // Where no terminal is.
    let server = started_telling(folder.path(), "");
    let mut admin = Client::connect(server.admin());
    let mut ask = |method: &str, body: &str| {
        let path = "/api/v1/log-level";
        let fields = format!("Content-Type: application/json\r\nContent-Length: {}", body.len());
        let host = server.admin();
        admin.send(format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n{fields}\r\n\r\n{body}").as_bytes());
        let answer = admin.answer(false);
        (answer.status, answer.json()["level"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(ask("GET", ""), (200, "info".to_owned()));
    let reloaded = || {
        server.signal("HUP");
        serde_json::from_str::<Value>(&server.heard("reloaded (SIGHUP)")).unwrap()
    };
    let line = reloaded();
    assert_eq!((&line["level"], line["time"].is_string()), (&"info".into(), true));
    for (body, expected) in [(r#"{"level":"loud"}"#, 422), ("{}", 422), ("loud", 400)] {
        assert_eq!(ask("PUT", body).0, expected, "{body}");
    }
    assert_eq!(ask("PUT", r#"{"level":"warn"}"#), (200, "warn".to_owned()));
    write(folder.path(), "api.yaml", "openapi: [");
    assert_eq!(reloaded()["level"], "error", "what came to nothing is told");
    assert_eq!(ask("GET", "").1, "warn", "a reload that changes nothing overrules nobody");
    write(folder.path(), "api.yaml", SPEC);
    configure("logging: { format: json, level: debug }");
    assert_eq!(reloaded()["level"], "info");
    assert_eq!(ask("GET", "").1, "debug");
    configure("logging: { format: human, level: debug }");
    server.signal("HUP");
    assert!(server.heard("reloaded (SIGHUP)").starts_with("reloaded (SIGHUP)"));
}

#[test]
fn who_hears_of_errors_alone_hears_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let faulty = SPEC.replace("paths:\n", "paths:\n  /wrong: {get: 1}\n");
    write(folder.path(), "api.yaml", &faulty);
    write(folder.path(), "mocker.yaml", "specs: api.yaml\nserver: {watch: false}\nlogging: {level: error}\n");
    let server = started(folder.path());
    assert!(server.heard("error: ").contains("api.yaml:5:"), "what is wrong at the start");
    server.signal("HUP");
    assert!(server.heard("error: ").contains("api.yaml:5:"), "and at a reload");
    write(folder.path(), "api.yaml", "openapi: [");
    server.signal("HUP");
    assert!(server.heard("error: ").contains("api.yaml:1:"), "and what is wrong anew");
    // What is no error was not told.
    assert!(server.heard("reloaded (SIGHUP)").starts_with("not "));
}

#[test]
fn a_reload_that_a_plugin_ends_changes_no_level() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "api.yaml", SPEC);
    let configure = |level: &str, fails: bool| {
        let plugin = format!("{{name: p, path: p, config: {{fails: {fails}}}}}");
        let text = format!(
            "specs: api.yaml\nserver: {{watch: false}}\nlogging: {{level: {level}}}\nplugins: [{plugin}]\n"
        );
        write(folder.path(), "mocker.yaml", &text);
    };
    write(
        folder.path(),
        "p/plugin.yaml",
        "{name: p, version: 1.0.0, description: d, hooks: [init], config: {type: object}}",
    );
    write(folder.path(), "p/plugin.rhai", "fn init(config) { if config.fails { throw \"no\"; } }");
    configure("info", false);
    let server = started(folder.path());
    configure("debug", true);
    server.signal("HUP");
    server.heard("not reloaded (SIGHUP)");
    let mut admin = Client::connect(server.admin());
    admin.send(format!("GET /api/v1/log-level HTTP/1.1\r\nHost: {}\r\n\r\n", server.admin()).as_bytes());
    assert_eq!(admin.answer(false).json()["level"], "info");
}

#[test]
fn each_request_is_told_while_debug_is() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "api.yaml", SPEC);
    let configure = |level: &str| {
        let text = format!("specs: api.yaml\nserver: {{watch: false}}\nlogging: {{level: {level}}}\n");
        write(folder.path(), "mocker.yaml", &text);
    };
    configure("debug");
    let server = started(folder.path());
    let mut client = Client::connect(server.address);
    let mut admin = Client::connect(server.admin());
    let host = server.admin();
    let mut set = |level: &str| {
        let body = format!("{{\"level\":\"{level}\"}}");
        let fields = format!("Content-Type: application/json\r\nContent-Length: {}", body.len());
        let head = format!("PUT /api/v1/log-level HTTP/1.1\r\nHost: {host}\r\n{fields}\r\n\r\n");
        admin.send((head + &body).as_bytes());
        assert_eq!(admin.answer(false).status, 200);
    };
    let told = Regex::new(r"^(GET /a/\S+|GET /nowhere): (200|404) in \d+\.\d µs\n$").unwrap();
    // But for what the document lacks.
    let next =
        || std::iter::repeat_with(|| server.heard("")).find(|line| !line.contains("2 warnings;")).unwrap();
    let line = |what: &str| {
        let line = next();
        assert!(told.is_match(&line) && line.contains(what), "{line:?}");
    };
    client.ask("GET", "/a/1?x=1", "");
    line("GET /a/1?x=1: 200");
    client.ask("GET", "/nowhere", "");
    line("GET /nowhere: 404");
    set("info");
    server.signal("HUP");
    assert!(next().starts_with("reloaded (SIGHUP)"), "a level that was set stays");
    client.ask("GET", "/a/2", "");
    configure("trace");
    server.signal("HUP");
    assert!(next().starts_with("reloaded (SIGHUP)"), "what is not told is not told later");
    // It counts from when whoever tells has heard of it.
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                client.ask("GET", "/a/3", "");
            }
        });
        line("GET /a/3: 200");
        is_over.store(true, Ordering::Relaxed);
    });
    server.signal("TERM");
    assert_eq!(server.wait().0.code(), Some(0));
}
