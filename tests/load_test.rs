//! `mocker load-test`: what it sends, what it says of servers that misbehave, what it exits with.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::server::Server;

const PETSTORE: &str = "specs/petstore/openapi.yaml";

fn load_test(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    command.arg("load-test").args(arguments).arg("--no-tui");
    command
}

fn run(arguments: &[&str]) -> Output {
    load_test(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Runs with `-o json`; gives the exit code and the summary.
pub fn summary(arguments: &[&str]) -> (Option<i32>, Value) {
    let output = load_test(arguments).args(["-o", "json"]).output().unwrap();
    let summary = serde_json::from_slice(&output.stdout);
    (output.status.code(), summary.unwrap_or_else(|_| panic!("no JSON: {}", text(&output.stderr))))
}

#[test]
fn every_operation_of_the_demos_is_asked_what_it_takes() {
    for demo in ["petstore", "banking", "ecommerce", "microservices"] {
        let spec = match demo {
            "microservices" => "specs/microservices".to_owned(),
            demo => format!("specs/{demo}/openapi.yaml"),
        };
        let (code, summary) = summary(&[
            &spec,
            "--self",
            "-n",
            "2000",
            "--warmup",
            "0s",
            "-c",
            "8",
            "--threads",
            "1",
            "--verify",
            "all",
        ]);
        assert_eq!((code, &summary["verdict"]), (Some(0), &"pass".into()), "{demo}: {summary:#}");
        assert_eq!(summary["requests"]["completed"], 2000, "{demo}");
        let verified = serde_json::json!(
            {"mode": "all", "checked": 2000, "invalid": 0, "skipped": 0, "first_failures": []}
        );
        assert_eq!(summary["verify"], verified, "{demo}");
        let statuses = summary["status"].as_object().unwrap();
        assert!(statuses.keys().all(|status| status.starts_with('2')), "{demo}: {statuses:?}");
        let operations = summary["operations"].as_array().unwrap();
        let unasked = operations.iter().filter(|operation| operation["count"] == 0).count();
        assert!(operations.len() >= 3 && unasked == 0, "{demo}: {operations:#?}");
    }
}

#[test]
fn a_url_needs_no_description() {
    let server = Server::start(&["--spec", PETSTORE]);
    let url = format!("http://{}/pets?limit=2", server.address);
    let (code, summary) = summary(&[&url, "-n", "500", "--warmup", "0s", "-c", "4", "--pipeline", "8"]);
    assert_eq!(code, Some(0), "{summary:#}");
    assert_eq!(summary["status"], serde_json::json!({"200": 500}));
    assert_eq!(summary["run"]["model"], "closed");
    let mut body = tempfile::NamedTempFile::new().unwrap();
    body.write_all(br#"{"name":"Rex","species":"dog"}"#).unwrap();
    let url = format!("http://{}/pets", server.address);
    let arguments = [&url, "--body", body.path().to_str().unwrap(), "-H", "Content-Type: application/json"];
    let output = load_test(&arguments).args(["-n", "50", "--warmup", "0s", "-o", "csv"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout).lines().count() == 2, "{}", text(&output.stdout));
}

#[test]
fn an_open_loop_sends_what_is_due() {
    let (code, summary) = summary(&[
        PETSTORE,
        "--self",
        "--rps",
        "500",
        "-d",
        "2s",
        "--warmup",
        "200ms",
        "--endpoint",
        "listPets=3",
        "--endpoint",
        "GET /pets/{petId}",
    ]);
    // A busy machine may make the run invalid; what was sent is the same.
    assert!(matches!(code, Some(0 | 3)), "{summary:#}");
    let requests = &summary["requests"];
    assert_eq!((&requests["scheduled"], &requests["sent"]), (&1000.into(), &1000.into()), "{requests}");
    assert_eq!(requests["warmup_discarded"], 100);
    let operations = summary["operations"].as_array().unwrap();
    let counts: Vec<_> = operations.iter().map(|operation| operation["count"].as_u64().unwrap()).collect();
    assert_eq!(counts, [750, 250]);
}

/// A file with these lines.
fn recording(lines: &[&str]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(lines.join("\n").as_bytes()).unwrap();
    file
}

#[test]
fn operations_are_sent_as_often_as_a_recording_asks_them() {
    let log = recording(&[
        r#"::1 - - [x] "GET /pets?limit=2 HTTP/1.1" 200 1 "-" "-""#,
        r#"::1 - - [x] "GET /v1/pets HTTP/2.0" 200 1 "-" "-""#,
        r#"::1 - - [x] "GET /pets/7 HTTP/1.1" 200 1 "-" "-""#,
        r#"::1 - - [x] "GET /old HTTP/1.1" 404 1 "-" "-""#,
        r#"::1 - - [x] "GET /pets HTTP/1.1" 200 1 "-" "-""#,
    ]);
    let arguments =
        [PETSTORE, "--self", "-n", "400", "--warmup", "0s", "--mix", log.path().to_str().unwrap()];
    let output = load_test(&arguments).args(["-o", "json"]).output().unwrap();
    let said = text(&output.stderr);
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("no JSON: {said}"));
    let operations = summary["operations"].as_array().unwrap();
    let counts = operations
        .iter()
        .map(|operation| format!("{} {}", operation["path"].as_str().unwrap(), operation["count"]));
    assert_eq!(counts.collect::<Vec<_>>(), ["/pets 300", "/pets/{petId} 100"], "{summary:#}");
    for expected in [
        "mix: 4 of 5 requests map to 2 of 5 operations; 1 to none: GET /old (1)",
        "mix: never asked: POST /pets, PUT /pets/{petId}, DELETE /pets/{petId}",
    ] {
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn a_recording_that_cannot_be_meant_is_refused() {
    let strange = recording(&["GET /nothing/here", "GET /or/there"]);
    let prose = recording(&["What is this?", "GET /pets"]);
    let prose_only = recording(&["What is this?"]);
    let fitting = recording(&["GET /pets", "GET /pets"]);
    let path = |file: &tempfile::NamedTempFile| file.path().to_str().unwrap().to_owned();
    let of_spec = |file: &str, more: &[&str]| -> Vec<String> {
        [&[PETSTORE, "--self", "-n", "1", "--mix", file], more]
            .concat()
            .iter()
            .map(|&word| word.to_owned())
            .collect()
    };
    for (arguments, code, expected) in [
        (
            of_spec(&path(&strange), &[]),
            2,
            "none of the 2 requests of the recording maps to an operation: GET /nothing/here (1)",
        ),
        (of_spec(&path(&prose_only), &[]), 2, "the first is line 1: `What is this?`; understood are HAR"),
        (of_spec(&path(&prose), &[]), 0, "mix: not understood: 1; the first is line 1: `What is this?`"),
        (of_spec("no/such.log", &[]), 2, "--mix no/such.log"),
        (
            of_spec(&path(&fitting), &["--exclude-endpoint", "listPets"]),
            2,
            "asks none of the operations that are sent",
        ),
        (
            vec!["http://127.0.0.1:9/pets".to_owned(), "--mix".to_owned(), path(&fitting)],
            2,
            "--mix is for an API description",
        ),
    ] {
        let output = run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        assert!(said.contains(expected), "{arguments:?}: {said}");
    }
}

#[test]
fn a_threshold_that_does_not_hold_fails_the_test() {
    let output = run(&[PETSTORE, "--self", "-n", "200", "--warmup", "0s", "--threshold", "max<1us"]);
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.starts_with("FAIL") && said.contains("✗ max<1us"), "{said}");
}

/// A server that answers all connections, each by `answer`, until its process ends.
fn serve(answer: impl Fn(TcpStream) + Clone + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = answer.clone();
            thread::spawn(move || answer(stream));
        }
    });
    address
}

fn answer_all(mut stream: TcpStream, mut before: impl FnMut()) {
    let mut input = [0; 4096];
    while stream.read(&mut input).is_ok_and(|count| count > 0) {
        before();
        if stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").is_err() {
            return;
        }
    }
}

#[test]
fn a_stalled_server_fails_and_the_run_stays_valid() {
    let answered = std::sync::Arc::new(std::sync::atomic::AtomicU64::new(0));
    let address = serve(move |stream| {
        let answered = std::sync::Arc::clone(&answered);
        answer_all(stream, || {
            // All of it stands still once.
            if answered.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 100 {
                thread::sleep(Duration::from_millis(1500));
            }
        });
    });
    let url = format!("http://{address}/");
    let (code, summary) =
        summary(&[&url, "--rps", "100", "-d", "3s", "--warmup", "0s", "-c", "1", "--threshold", "max<1s"]);
    assert_eq!((code, &summary["verdict"]), (Some(1), &"fail".into()), "{summary:#}");
    assert_eq!(summary["generator"]["valid"], true);
    // What was due meanwhile waited for its one connection, and counts from when it was due: half of all requests.
    let p90 = summary["latency"]["response"]["p90_us"].as_f64().unwrap();
    assert!((900_000.0..1_600_000.0).contains(&p90), "{p90}");
    let waits = summary["generator"]["conn_wait"]["p99_us"].as_f64().unwrap();
    assert!(waits > 900_000.0, "{waits}");
}

#[test]
fn a_server_that_goes_away_is_the_servers_fault() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut input = [0; 4096];
        for _ in 0..20 {
            assert!(stream.read(&mut input).unwrap() > 0);
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").unwrap();
        }
    });
    let thresholds = ["--threshold", "error_rate<1%", "--threshold", "max<10s"];
    let arguments =
        [&[&*url, "--rps", "100", "-d", "2s", "--warmup", "0s", "-c", "1"][..], &thresholds].concat();
    let (code, summary) = summary(&arguments);
    server.join().unwrap();
    assert_eq!((code, &summary["generator"]["valid"]), (Some(1), &true.into()), "{summary:#}");
    let requests = &summary["requests"];
    assert_eq!(requests["completed"], 20, "{requests}");
    assert!(requests["unsent"].as_u64().unwrap() > 100, "{requests}");
    assert!(summary["errors"]["connect"].as_u64().unwrap() > 0, "{summary:#}");
}

#[test]
fn a_server_that_breaks_its_description_fails() {
    let answered = std::sync::Arc::new(std::sync::atomic::AtomicU64::new(0));
    let address = serve(move |mut stream| {
        let mut input = [0; 4096];
        while stream.read(&mut input).is_ok_and(|count| count > 0) {
            let number = answered.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let body = if number % 10 == 7 { "[{\"id\":true}]" } else { "[]" };
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length";
            if stream.write_all(format!("{head}: {}\r\n\r\n{body}", body.len()).as_bytes()).is_err() {
                return;
            }
        }
    });
    let url = format!("http://{address}");
    let arguments =
        [PETSTORE, "--target", &url, "--endpoint", "listPets", "-n", "500", "--warmup", "0s", "-c", "4"];
    let (code, unverified) = summary(&arguments);
    assert_eq!((code, &unverified["verify"]), (Some(0), &Value::Null), "{unverified:#}");
    let (code, summary) = summary(&[&arguments[..], &["--verify", "all"]].concat());
    assert_eq!((code, &summary["verdict"]), (Some(1), &"fail".into()), "{summary:#}");
    let verify = &summary["verify"];
    assert_eq!((&verify["checked"], &verify["invalid"]), (&500.into(), &50.into()), "{verify}");
    assert_eq!(summary["operations"][0]["schema_invalid"], 50);
    assert_eq!(summary["errors"]["schema"], 50);
    let first = verify["first_failures"][0].as_str().unwrap();
    assert!(first.starts_with("GET /pets 200: /0"), "{first}");
    let said = text(&run(&[&arguments[..], &["--verify", "all"]].concat()).stdout);
    assert!(
        said.starts_with("FAIL") && said.contains("50 answers are not as the description says"),
        "{said}"
    );
    assert!(said.contains(first) && said.contains("checked 500   invalid 50   skipped 0"), "{said}");
}

#[test]
fn the_server_tells_its_time_to_who_asks() {
    let arguments = [PETSTORE, "--self", "-n", "500", "--warmup", "0s", "-c", "1", "--verify", "all"];
    let (code, unasked) = summary(&arguments);
    assert_eq!((code, &unasked["latency"]["server"]), (Some(0), &Value::Null), "{unasked:#}");
    let (code, asked) = summary(&[&arguments[..], &["--server-timing"]].concat());
    assert_eq!((code, &asked["latency"]["server"]["count"]), (Some(0), &500.into()), "{asked:#}");
    let operations = asked["operations"].as_array().unwrap();
    let counts = operations.iter().map(|operation| (&operation["count"], &operation["server"]["count"]));
    assert!(counts.clone().all(|(all, told)| all == told && *all != 0), "{operations:#?}");
    assert_eq!(unasked["operations"][0]["server"], Value::Null);
    let p50 = |clock: &str| asked["latency"][clock]["p50_us"].as_f64().unwrap();
    assert!(p50("server") <= p50("wire"), "{asked:#}");
    let server = Server::start(&["--spec", PETSTORE]);
    // Head and body, without what changes from second to second.
    let ask = |fields: &str| {
        let mut stream = TcpStream::connect(server.address).unwrap();
        let head = format!("GET /pets HTTP/1.1\r\nHost: h\r\nConnection: close\r\n{fields}\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let lines = answer.split("\r\n").filter(|line| !line.starts_with("Date:"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let (plain, mut timed) = (ask(""), ask("Prefer: Server-Timing\r\n"));
    assert_eq!(plain, ask("Prefer: wait=1\r\n"));
    let at =
        timed.iter().position(|line| line.starts_with("Server-Timing: app;dur=")).expect("it was asked for");
    timed.remove(at);
    assert_eq!(plain, timed);
}

/// Ends with the test.
struct Hog(Child);

impl Drop for Hog {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// On the first core; less than what else runs there, where it is to be `meek`.
fn on_first_core(is_meek: bool, program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", "0"]);
    if is_meek {
        command.args(["nice", "-n", "19"]);
    }
    command.arg(program).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[test]
fn a_starved_generator_is_invalid() {
    let Ok(_hog) = on_first_core(false, "sh", &["-c", "while :; do :; done"]).spawn().map(Hog) else {
        eprintln!("SKIPPED: taskset is not installed");
        return;
    };
    let address = serve(|stream| answer_all(stream, || {}));
    let url = format!("http://{address}/");
    let arguments =
        ["load-test", &url, "--rps", "2k", "-d", "2s", "--warmup", "0s", "--threads", "1", "--no-tui"];
    let output = on_first_core(true, env!("CARGO_BIN_EXE_mocker"), &arguments).output().unwrap();
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.starts_with("INVALID") && said.contains("sched-lag"), "{said}");
}

#[test]
fn what_was_due_while_the_generator_slept_through_the_end_is_sent() {
    let (tell, told) = std::sync::mpsc::channel();
    let answered = Arc::new(AtomicUsize::new(0));
    let address = serve(move |stream| {
        let (answered, tell) = (Arc::clone(&answered), tell.clone());
        answer_all(stream, || {
            if answered.fetch_add(1, Ordering::SeqCst) == 95 {
                let _ = tell.send(());
            }
        });
    });
    let url = format!("http://{address}/");
    let arguments = [&*url, "--rps", "100", "-d", "1s", "--warmup", "0s", "-c", "8", "-o", "json"];
    let child = load_test(&arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let signal = |name| Command::new("kill").args(["-s", name, &child.id().to_string()]).status().unwrap();
    told.recv_timeout(Duration::from_secs(30)).unwrap();
    assert!(signal("STOP").success());
    // 40 ms of sending were left.
    thread::sleep(Duration::from_millis(100));
    assert!(signal("CONT").success());
    let output = child.wait_with_output().unwrap();
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    let requests = &summary["requests"];
    assert_eq!((&requests["sent"], &requests["unsent"]), (&100.into(), &0.into()), "{summary:#}");
    assert!(summary["generator"]["sched_lag"]["max_us"].as_f64().unwrap() > 50_000.0, "{summary:#}");
}

/// SHA-256 as `sha256sum` writes it.
fn sha256(path: &str) -> String {
    let output = Command::new("sha256sum").arg(path).output().unwrap();
    text(&output.stdout).split_whitespace().next().unwrap().to_owned()
}

#[test]
fn the_description_is_named_to_the_byte() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let head = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths:\n";
    let answer = "{get: {responses: {'200': {description: d, content: {application/json: {schema: ";
    let root = write("a.yaml", &format!("{head}  /a: {answer}{{$ref: 'pet.yaml#/Pet'}}}}}}}}}}}}}}\n"));
    let part = write("pet.yaml", "Pet: {type: string}\n");
    let spec = |subject: &str| {
        let (code, summary) = summary(&[subject, "--self", "-n", "20", "--warmup", "0s", "-c", "2"]);
        assert_eq!(code, Some(0), "{summary:#}");
        summary["run"]["spec"].clone()
    };
    let file = |path: &str| serde_json::json!({"path": path, "sha256": sha256(path)});
    assert_eq!(
        spec(&root),
        serde_json::json!({"path": root, "sha256": sha256(&root), "operations": 1, "files": [file(&root), file(&part)]})
    );
    let other = write("b.yaml", &format!("{head}  /b: {answer}{{type: integer}}}}}}}}}}}}}}\n"));
    let whole = folder.path().to_str().unwrap();
    assert_eq!(
        spec(whole),
        serde_json::json!({"path": whole, "sha256": null, "operations": 2, "files": [file(&root), file(&part), file(&other)]})
    );
}

#[test]
fn either_driver_sends_both_loops() {
    for driver in ["auto", "epoll"] {
        for pace in [&["--rps", "500", "-d", "1s"][..], &["-n", "500"]] {
            let usual =
                [PETSTORE, "--self", "--warmup", "0s", "-c", "8", "--driver", driver, "--verify", "all"];
            let (code, summary) = summary(&[&usual[..], pace].concat());
            // A busy machine may make the run invalid; what was sent is the same.
            assert!(matches!(code, Some(0 | 3)), "{driver} {pace:?}: {summary:#}");
            let (requests, errors) = (&summary["requests"], &summary["errors"]);
            assert_eq!(requests["completed"], 500, "{driver} {pace:?}: {requests} {errors}");
            assert_eq!(summary["verify"]["invalid"], 0, "{driver} {pace:?}");
        }
    }
}

#[test]
fn a_failure_that_is_all_there_is_to_answer_is_no_error() {
    let mut document = tempfile::Builder::new().suffix(".yaml").tempfile().unwrap();
    let head = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths:\n  /gone: {get: {responses: ";
    document.write_all(format!("{head}{{'410': {{description: d}}}}}}}}\n").as_bytes()).unwrap();
    let (code, summary) = summary(&[
        document.path().to_str().unwrap(),
        "--self",
        "-n",
        "50",
        "--warmup",
        "0s",
        "--verify",
        "all",
        "--threshold",
        "errors<1",
    ]);
    assert_eq!((code, &summary["errors"]["status"]), (Some(0), &0.into()), "{summary:#}");
    assert_eq!(summary["status"], serde_json::json!({"410": 50}));
    assert_eq!(summary["metrics"]["success_rate"], 1.0);
}

#[test]
fn connections_that_could_not_be_made_are_counted() {
    let server = Server::start(&["--spec", PETSTORE]);
    let url = format!("http://{}/pets", server.address);
    let few = "ulimit -n 48; exec \"$@\"";
    let mut command = Command::new("sh");
    command.args(["-c", few, "sh", env!("CARGO_BIN_EXE_mocker"), "load-test", &url, "-c", "64", "-n", "200"]);
    let output = command.args(["--warmup", "0s", "--no-tui", "-o", "json"]).output().unwrap();
    let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(3), "descriptors ran out: {summary:#}");
    let opened = summary["run"]["connections_opened"].as_u64().unwrap();
    assert!((8..48).contains(&opened), "{opened}");
    let told =
        format!("only {opened} of 64 connections could be made before the first request: Too many open");
    let warnings = summary["generator"]["warnings"].as_array().unwrap();
    assert!(warnings.iter().any(|warning| warning.as_str().unwrap().starts_with(&told)), "{warnings:?}");
}

#[test]
fn nobody_there_is_an_exit_code_of_its_own_and_a_report() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("report");
    let output = run(&[&url, "-d", "1s", "--out", out.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(4), "{}", text(&output.stdout));
    assert!(text(&output.stderr).contains("error: cannot connect to 127.0.0.1:"), "{}", text(&output.stderr));
    let summary: Value = serde_json::from_slice(&std::fs::read(out.join("summary.json")).unwrap()).unwrap();
    assert_eq!(summary["exit_code"], 4);
    for name in ["latency.hgrm", "intervals.hlog", "timeseries.csv", "report.html"] {
        assert!(out.join(name).exists(), "{name}");
    }
}

#[test]
fn what_cannot_be_meant_is_told_before_anything_is_sent() {
    for (arguments, expected) in [
        (&[PETSTORE, "--self", "-d", "10"][..], "write `10s`"),
        (&[PETSTORE, "--self", "--rps", "fast"], "10k"),
        (&[PETSTORE, "--self", "--threshold", "p99<5"], "5ms"),
        (&[PETSTORE, "--self", "--threshold", "p99{GET /pest}<5ms"], "GET /pets"),
        (&[PETSTORE, "--self", "--endpoint", "GET /pest"], "GET /pets"),
        (&[PETSTORE, "--self", "--threshold", "rps>=99%"], "rps"),
        (&[PETSTORE, "--self", "--method", "PUT"], "--method"),
        (&["http://127.0.0.1:1/", "--verify", "all"], "--verify needs an API description"),
        (&["nothing.yaml", "--self"], "nothing.yaml cannot be read"),
        (&["http://no.such.host.invalid/"], "no.such.host.invalid"),
        (&[PETSTORE, "--target", "localhost:1"], "http://host:port"),
        (&[PETSTORE, "--self", "--stages", "1k"], "30s"),
        (&[PETSTORE, "--self", "--find-max"], "--threshold \"p99<5ms\""),
        (&[PETSTORE, "--self", "--find-max", "--threshold", "rps>1k"], "write `rps>=99.9%`"),
        (&[PETSTORE, "--self", "--find-max", "--threshold", "p99<5ms", "--rps", "1k"], "cannot be used with"),
        (&[PETSTORE, "--self", "--find-max", "--threshold", "p99<5ms", "--from", "max"], "write `100`"),
        (&[PETSTORE, "--self", "--from", "10"], "--find-max"),
        (&[PETSTORE, "--self", "--max-regression", "5%"], "--against"),
        (&[PETSTORE, "--self", "--against", "http://127.0.0.1:1", "--max-regression", "5"], "write `10%`"),
        (&[PETSTORE, "--self", "--against", "http://127.0.0.1:1", "--runs", "4"], "5 on each side"),
        (&[PETSTORE, "--self", "--baseline", PETSTORE], "this is no baseline"),
        (&[PETSTORE, "--self", "--baseline", "nothing.json"], "cannot read the baseline nothing.json"),
    ] {
        let output = run(arguments);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(expected), "{arguments:?}: {said}");
        assert!(output.stdout.is_empty(), "{arguments:?}: {}", text(&output.stdout));
    }
}

#[test]
fn an_interrupted_run_is_reported() {
    let (told, heard) = std::sync::mpsc::channel();
    // The first request tells that the run has begun.
    let watched = serve(move |mut stream| {
        let _ = told.send(());
        let _ = stream.write_all(b"HTTP/1.1 503 Later\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    });
    let url = format!("http://{watched}/");
    let child =
        load_test(&[&url, "-d", "10m", "--warmup", "0s", "-c", "2"]).stdout(Stdio::piped()).spawn().unwrap();
    heard.recv().unwrap();
    let sent = Command::new("kill").args(["-s", "INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", text(&output.stdout));
    assert!(text(&output.stdout).starts_with("INTERRUPTED"), "{}", text(&output.stdout));
}

/// A server that needs `time` for an answer and makes so many at once.
fn serve_slowly(time: Duration, at_once: usize) -> SocketAddr {
    let lanes: Arc<Vec<Mutex<()>>> = Arc::new((0..at_once).map(|_| Mutex::new(())).collect());
    let next = Arc::new(AtomicUsize::new(0));
    serve(move |stream| {
        let lane = next.fetch_add(1, Ordering::Relaxed) % lanes.len();
        answer_all(stream, || {
            let _mine = lanes[lane].lock().unwrap();
            thread::sleep(time);
        });
    })
}

#[test]
fn the_highest_rate_is_found() {
    // Four answers in 5 ms: 800 a second, less what sleeping takes longer than asked.
    let url = format!("http://{}/", serve_slowly(Duration::from_millis(5), 4));
    let (code, summary) = summary(&[
        &url,
        "--find-max",
        "--threshold",
        "p99<300ms",
        "-c",
        "8",
        "--from",
        "200",
        "--probe",
        "200ms",
        "--warmup",
        "50ms",
    ]);
    let found = &summary["find_max"];
    let probes = found["probes"].as_array().unwrap();
    assert!(probes.len() >= 3, "{found:#}");
    for key in ["rps", "duration_s", "confirmation", "p50_us", "p99_us", "p999_us", "errors", "verdict"] {
        assert!(probes.iter().all(|probe| probe.get(key).is_some()), "{key}: {found:#}");
    }
    // A busy machine may end the search early, which it must say.
    if found["generator_limited"] == true {
        assert!(matches!(code, Some(0 | 3)), "{found:#}");
        return;
    }
    assert_eq!((code, &summary["verdict"], &found["confirmed"]), (Some(0), &"pass".into(), &true.into()));
    let max = found["max_rps"].as_f64().unwrap();
    assert!((300.0..1_100.0).contains(&max), "{found:#}");
    let last = probes.last().unwrap();
    assert_eq!((&last["confirmation"], &last["rps"]), (&true.into(), &max.into()));
    assert_eq!(last["duration_s"], 0.6);
}

#[test]
fn a_rate_that_no_server_holds_is_not_found() {
    let failing = serve(|mut stream| {
        let mut input = [0; 4096];
        while stream.read(&mut input).is_ok_and(|count| count > 0)
            && stream.write_all(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n").is_ok()
        {}
    });
    // The second allows the generator to be late by a twentieth of it: no busy machine makes the run invalid.
    let thresholds = ["--threshold", "errors<1", "--threshold", "p99<4s"];
    let url = format!("http://{failing}/");
    let arguments = ["--find-max", "--from", "50", "--probe", "300ms", "--warmup", "0s"];
    let output = load_test(&[&url]).args(arguments).args(thresholds).output().unwrap();
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.starts_with("MAX   none: not even 50/s holds"), "{said}");
    assert!(said.contains("breaks: errors<1") && said.contains("FAIL"), "{said}");
}

#[test]
fn runs_are_held_against_earlier_ones() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("baseline.json");
    let file = file.to_str().unwrap();
    let usual = format!("http://{}/", serve_slowly(Duration::from_millis(5), 16));
    let slower = format!("http://{}/", serve_slowly(Duration::from_millis(40), 16));
    let load = ["-d", "150ms", "--warmup", "20ms", "-c", "16"];
    let saved = load_test(&[&usual, "--save-baseline", file]).args(load).output().unwrap();
    assert_eq!(saved.status.code(), Some(0), "{}", text(&saved.stdout));
    let compared = |url: &str, allowed: &str| {
        let arguments = [url, "--baseline", file, "--max-regression", allowed];
        let output = load_test(&arguments).args(load).args(["-o", "json"]).output().unwrap();
        let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
        (output.status.code(), summary["baseline"].clone())
    };
    // The machine's own noise is not what is tested.
    let (code, same) = compared(&usual, "100%");
    assert_eq!((code, &same["regressed"]), (Some(0), &false.into()), "{same:#}");
    let (code, worse) = compared(&slower, "10%");
    assert_eq!((code, &worse["regressed"]), (Some(1), &true.into()), "{worse:#}");
    assert_eq!((&worse["runs"], &worse["base_runs"]), (&5.into(), &5.into()));
    let p50 = worse["metrics"].as_array().unwrap().iter().find(|part| part["metric"] == "p50").unwrap();
    assert!((2.0..12.0).contains(&p50["ratio"].as_f64().unwrap()), "{worse:#}");
    let other =
        load_test(&[&usual, "--baseline", file]).args(load).args(["--pipeline", "2"]).output().unwrap();
    assert_eq!(other.status.code(), Some(2));
    assert!(text(&other.stderr).contains("pipeline was 1 and is 2"), "{}", text(&other.stderr));
}

#[test]
fn servers_are_compared_in_turns() {
    let usual = format!("http://{}/", serve_slowly(Duration::from_millis(5), 16));
    let slower = format!("http://{}/", serve_slowly(Duration::from_millis(40), 16));
    let load = ["-d", "150ms", "--warmup", "20ms", "-c", "16"];
    let worse = load_test(&[&slower, "--against", &usual]).args(load).output().unwrap();
    let said = text(&worse.stdout);
    assert_eq!(worse.status.code(), Some(1), "{said}");
    assert!(said.starts_with("FAIL") && said.contains("✗ p50 regressed: +"), "{said}");
    assert!(said.contains("(5 runs against 5)"), "{said}");
    let better = load_test(&[&usual, "--against", &slower]).args(load).output().unwrap();
    assert_eq!(better.status.code(), Some(0), "{}", text(&better.stdout));
}

#[test]
fn a_rival_that_is_not_there_is_an_exit_code_of_its_own() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let gone = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let usual = format!("http://{}/", serve_slowly(Duration::from_millis(2), 16));
    let output = run(&[&usual, "--against", &gone, "-d", "100ms", "--warmup", "0s"]);
    assert_eq!(output.status.code(), Some(4), "{}", text(&output.stdout));
    assert!(text(&output.stderr).contains("error: cannot connect to"), "{}", text(&output.stderr));
}
