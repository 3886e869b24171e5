//! Chaos as clients see it: each kind of fault, the sequence that repeats, schedules, switches, headers.

use std::io::Read;
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::behaviours::{serving, write};
use crate::client::Client;
use crate::load_test::summary;
use crate::server::Server;

const SPEC: &str = "
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /a: {get: {operationId: getA, tags: [letters], responses: {'200': {description: d, content: {text/plain: {example: 0123456789abcdefghij}}}}}}
  /b: {post: {operationId: postB, requestBody: {content: {text/plain: {}}}, responses: {'200': {description: d, content: {text/plain: {example: b}}}}}}
";
/// More than anything here takes, on a machine that has other things to do.
const LONG: Duration = Duration::from_secs(20);

/// A server with these scenarios, in YAML, and whatever else the configuration says.
fn chaotic(scenarios: &str, rest: &str) -> (Server, tempfile::TempDir) {
    serving(&[("api.yaml", SPEC), ("mocker.yaml", &configuration(scenarios, rest))])
}

fn configuration(scenarios: &str, rest: &str) -> String {
    format!("specs: api.yaml\nchaos: {{ allow_request_headers: true, scenarios: [{scenarios}] }}\n{rest}\n")
}

/// How curl ends.
fn curl(address: SocketAddr, arguments: &[&str]) -> Option<i32> {
    let mut command = Command::new("curl");
    command.args(["-s", "-o", "/dev/null", "--fail", "--max-time", "20"]).args(arguments);
    match command.arg(format!("http://{address}/a")).status() {
        Ok(status) => status.code(),
        Err(error) => panic!("curl is needed: {error}"),
    }
}

fn has_curl() -> bool {
    let is_there = Command::new("curl").arg("--version").stdout(Stdio::null()).status().is_ok();
    if !is_there {
        eprintln!("SKIPPED: curl is not installed");
    }
    is_there
}

#[test]
fn each_kind_ends_a_client_in_its_way() {
    if !has_curl() {
        return;
    }
    for driver in ["auto", "epoll"] {
        let settings = format!("server: {{ driver: {driver} }}");
        for (kind, parameters, expected) in [
            ("latency", "fixed: 5ms", 0),
            ("error", "status: 418", 22),
            ("timeout", "", 28),
            ("reset", "", 56),
            ("empty", "", 52),
            ("truncate", "bytes: 7", 18),
            ("malformed-chunk", "", 56),
            ("wrong-length", "bytes: 1", 18),
            ("garbage", "bytes: 40", 1),
            ("slow-accept", "fixed: 5ms", 0),
            ("dribble", "duration: 20ms", 0),
            ("bandwidth", "bytes_per_second: 20kB", 0),
        ] {
            let scenario = format!("{{ name: it, type: {kind}, parameters: {{ {parameters} }} }}");
            let (server, _folder) = chaotic(&scenario, &settings);
            let limit = if kind == "timeout" { "0.3" } else { "20" };
            assert_eq!(curl(server.address, &["--max-time", limit]), Some(expected), "{kind} on {driver}");
        }
        let (server, _folder) = chaotic("", &settings);
        for (field, expected) in [
            ("X-Mocker-Fault: reset", 56),
            ("x-mocker-fault: empty", 52),
            ("X-Mocker-Fault: nothing", 22),
            ("X-Mocker-Delay: 5ms", 0),
            ("X-Mocker-Delay: 5", 22),
            ("X-Other: reset", 0),
        ] {
            assert_eq!(curl(server.address, &["-H", field]), Some(expected), "{field} on {driver}");
        }
    }
}

#[test]
fn requests_with_bodies_are_struck_when_they_are_whole() {
    let (server, _folder) = chaotic("", "");
    let request = |fault: &str| {
        let head =
            format!("POST /b HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nX-Mocker-Fault: {fault}");
        format!("{head}\r\nContent-Length: 3\r\n\r\n")
    };
    let mut client = Client::connect(server.address);
    client.send(request("error").as_bytes());
    client.send(b"abcPOST /b HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\nx");
    assert_eq!((client.answer(false).status, client.answer(false).status), (500, 200));
    for fault in ["empty", "reset"] {
        let mut client = Client::connect(server.address);
        client.send(request(fault).as_bytes());
        client.send(b"abc");
        assert!(client.is_closed(), "{fault}");
    }
}

#[test]
fn a_silent_connection_ends_with_its_client_or_the_server() {
    let (server, _folder) =
        chaotic("{ name: s, type: timeout, scopes: [s] }", "server: { idle_timeout: 300ms }");
    let request = b"GET /a HTTP/1.1\r\nHost: a\r\nX-Mocker-Session: s\r\n\r\n";
    let silent = || {
        let mut client = Client::connect(server.address);
        client.send(request);
        client
    };
    assert!(silent().is_closed(), "the limit for idle connections ends it, without a byte");
    drop(silent());
    let (server, _folder) = chaotic("{ name: s, type: timeout, scopes: [s] }", "");
    let mut client = Client::connect(server.address);
    client.send(request);
    // The request before this one was looked at.
    assert_eq!(Client::connect(server.address).ask("GET", "/a", "").status, 200);
    let begun = Instant::now();
    server.signal("TERM");
    assert!(client.is_closed());
    assert_eq!(server.wait().0.code(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(9), "nobody waits for it: {:?}", begun.elapsed());
}

/// How long it takes until so many bytes have come.
fn wait_for(stream: &mut TcpStream, bytes: usize, begun: Instant) -> Duration {
    let mut read = vec![0; bytes];
    stream.read_exact(&mut read).unwrap();
    begun.elapsed()
}

#[test]
fn slow_answers_take_the_time_that_was_asked() {
    let (server, _folder) = chaotic(
        "{ name: drip, type: dribble, scopes: [drip], parameters: { chunks: 4, duration: 300ms } },
         { name: modem, type: bandwidth, scopes: [modem], parameters: { bytes_per_second: 500 } },
         { name: gate, type: slow-accept, parameters: { fixed: 200ms } }",
        "",
    );
    for (scope, first, last) in [("drip", 200, 500), ("modem", 220, 400)] {
        let begun = Instant::now();
        let mut stream = TcpStream::connect(server.address).unwrap();
        let request = format!("GET /a HTTP/1.1\r\nHost: a\r\nX-Mocker-Session: {scope}\r\n\r\n");
        std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
        let began = wait_for(&mut stream, 1, begun);
        assert!(began >= Duration::from_millis(first), "{scope} began after {began:?}");
        let mut seen = Vec::new();
        while !seen.ends_with(b"abcdefghij") {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            seen.push(byte[0]);
        }
        assert!(begun.elapsed() >= Duration::from_millis(last), "{scope} ended after {:?}", begun.elapsed());
        assert!(begun.elapsed() < LONG);
        // The connection goes on, and its next request is looked at at once.
        let again = Instant::now();
        std::io::Write::write_all(&mut stream, b"GET /none HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
        assert!(wait_for(&mut stream, 12, again) < Duration::from_millis(200));
    }
}

#[test]
fn delays_are_added_or_set_and_told() {
    let delay = "responses: { getA: { variants: [{ delay: 250ms }] } }";
    let scenario = |mode: &str| {
        format!(
            "{{ name: l, type: latency, endpoints: [letters], parameters: {{ fixed: 200ms, mode: {mode} }} }}"
        )
    };
    for (mode, least, most) in [("add", 450.0_f64, f64::MAX), ("set", 100.0, 200.0)] {
        let (server, _folder) = chaotic(&scenario(mode), delay);
        let begun = Instant::now();
        let answer = Client::connect(server.address).ask("GET", "/a", "Prefer: server-timing\r\n");
        let took = begun.elapsed().as_secs_f64() * 1e3;
        assert!(took >= least.min(200.0), "{mode}: {took}");
        let timing = answer.header("Server-Timing").unwrap();
        let injected: f64 = timing.split("inj;dur=").nth(1).unwrap().parse().unwrap();
        assert!(injected >= least && injected <= most && injected <= took, "{mode}: {timing}, {took}");
    }
}

#[test]
fn what_waits_on_purpose_is_no_latency_and_its_lateness_is_told() {
    let (server, _folder) = chaotic("{ name: l, type: latency, parameters: { fixed: 300ms } }", "");
    let target = format!("http://{}/a", server.address);
    let arguments = [target.as_str(), "-n", "8", "-c", "4", "--warmup", "0s"];
    let p50 = |arguments: &[&str]| {
        let summary = summary(arguments).1;
        summary["latency"]["wire"]["p50_us"].as_f64().unwrap_or_else(|| panic!("{summary:#}"))
    };
    assert!(p50(&arguments) >= 300_000.0);
    let taken_out = p50(&[&arguments[..], &["--server-timing"]].concat());
    assert!(taken_out < 200_000.0, "{taken_out} us");
    server.signal("TERM");
    let line = server.heard("waited as asked");
    assert!(line.starts_with("16 answers ") && line.contains("(p99)"), "{line}");
}

/// What each of some clients at once is answered, in its scope.
fn fates(address: SocketAddr, clients: usize, requests: usize, scoped: bool) -> Vec<Vec<u16>> {
    let ask = move |client: usize| {
        let fields = if scoped { format!("X-Mocker-Session: {client}\r\n") } else { String::new() };
        let mut connection = Client::connect(address);
        (0..requests).map(|_| connection.ask("GET", "/a", &fields).status).collect::<Vec<_>>()
    };
    let threads: Vec<_> = (0..clients).map(|client| thread::spawn(move || ask(client))).collect();
    threads.into_iter().map(|thread| thread.join().unwrap()).collect()
}

#[test]
fn the_sequence_of_faults_repeats_whatever_the_concurrency() {
    let scenarios = "{ name: a, type: error, probability: 0.3, parameters: { status: 503 } },
                     { name: b, type: error, probability: 0.2, parameters: { status: 429 } }";
    let served = |threads: usize, seed: u64| {
        let text = configuration(scenarios, &format!("server: {{ threads: {threads} }}"))
            .replace("{ allow", &format!("{{ seed: {seed}, allow"));
        serving(&[("api.yaml", SPEC), ("mocker.yaml", &text)])
    };
    let (one, _first) = served(1, 7);
    let expected: Vec<Vec<u16>> = fates(one.address, 4, 100, true);
    let (two, _second) = served(2, 7);
    assert_eq!(fates(two.address, 4, 100, true), expected);
    assert_ne!(expected[0], expected[1]);
    let (other, _third) = served(2, 8);
    assert_ne!(fates(other.address, 4, 100, true), expected);
    // Without scopes all share one sequence: who gets what differs, how many get what does not.
    let sum = |fates: Vec<Vec<u16>>| {
        let mut all = fates.concat();
        all.sort_unstable();
        all
    };
    let alone = sum(fates(one.address, 1, 240, false));
    assert_eq!(sum(fates(two.address, 8, 30, false)), alone);
    assert!([200, 429, 503].iter().all(|status| alone.contains(status)), "{alone:?}");
}

/// Asks until the status is another.
fn until(client: &mut Client, status: u16) {
    let begun = Instant::now();
    while client.ask("GET", "/a", "").status != status {
        assert!(begun.elapsed() < LONG, "it never is {status}");
    }
}

#[test]
fn a_scenario_begins_and_ends_by_its_schedule() {
    let (server, _folder) = chaotic("{ name: t, type: error, from: 700ms, for: 700ms }", "");
    let mut client = Client::connect(server.address);
    assert_eq!(client.ask("GET", "/a", "").status, 200);
    until(&mut client, 500);
    until(&mut client, 200);
}

#[test]
fn counts_go_on_when_files_change_and_so_do_scenarios_that_stay() {
    let second = "{ name: t, type: error, every: 2 }";
    let (server, folder) = chaotic(second, "");
    let mut client = Client::connect(server.address);
    let mut ask = || client.ask("GET", "/a", "").status;
    assert_eq!([ask(), ask(), ask()], [200, 500, 200]);
    write(folder.path(), "mocker.yaml", &configuration(second, "validation: { requests: warn }"));
    server.heard("reloaded");
    assert_eq!([ask(), ask()], [500, 200], "the fourth request is the second of two");
    let off = second.replace("every", "enabled: false, every");
    write(folder.path(), "mocker.yaml", &configuration(&off, ""));
    server.heard("reloaded");
    assert_eq!([ask(), ask(), ask()], [200; 3]);
}

#[test]
fn plugins_go_before_chaos_and_see_what_it_answers() {
    let (server, _folder) = chaotic(
        "{ name: e, type: error, parameters: { status: 503, body: { why: chaos }, retry_after: 2s } }",
        "plugins: [{ name: cors, config: { origins: [\"https://a.test\"] } }, { name: api-key, config: { keys: [k] } }]",
    );
    let mut client = Client::connect(server.address);
    assert_eq!(client.ask("GET", "/a", "").status, 401);
    let answer = client.ask("GET", "/a", "X-API-Key: k\r\nOrigin: https://a.test\r\n");
    assert_eq!((answer.status, &answer.json()["why"]), (503, &serde_json::json!("chaos")));
    assert_eq!(answer.header("Retry-After"), Some("2"));
    assert_eq!(answer.header("Access-Control-Allow-Origin"), Some("https://a.test"));
    let head = client.ask("HEAD", "/a", "X-API-Key: k\r\n");
    assert_eq!(head.status, 503);
    assert_eq!(client.ask("GET", "/none", "X-API-Key: k\r\n").status, 404, "no operation, no chaos");
}

#[test]
fn endpoints_that_name_nothing_are_told_with_their_place() {
    let (server, _folder) = chaotic("{ name: t, type: reset, endpoints: [getB] }", "");
    let line = server.heard("operation-unknown");
    assert!(line.contains("mocker.yaml:2:") && line.contains("`getB`"), "{line}");
    assert_eq!(server.heard("chaos is on"), "chaos is on: t\n");
    assert_eq!(Client::connect(server.address).ask("GET", "/a", "").status, 200);
}

/// The commands of docs/chaos.md end as they say.
#[test]
fn the_page_says_what_happens() {
    if !has_curl() {
        return;
    }
    let page = std::fs::read_to_string("docs/chaos.md").unwrap();
    let example = std::fs::read_to_string("specs/petstore/chaos.yaml").unwrap();
    let settings = example.split_once('\n').unwrap().1;
    assert!(page.contains(&format!("```yaml\n{settings}```")), "the page shows another file");
    let server = Server::start(&["--config", "specs/petstore/chaos.yaml"]);
    let commands: Vec<&str> = page.lines().filter(|line| line.starts_with("curl ")).collect();
    assert!(commands.len() > 10);
    for command in commands {
        let (asked, said) = command.split_once('#').unwrap_or((command, "exits with 0"));
        let asked = asked.replace("localhost:8080", &server.address.to_string());
        let script = format!("{asked} -o /dev/null");
        let status = Command::new("bash").arg("-c").arg(script).current_dir(Path::new("/")).status().unwrap();
        let digits = said.split("exits with ").nth(1).unwrap().chars().take_while(char::is_ascii_digit);
        assert_eq!(status.code(), digits.collect::<String>().parse().ok(), "{command}");
    }
}

/// `mocker chaos` with these words, to a server; what it says.
fn switched(server: &Server, words: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    command.arg("chaos").args(words).args(["--admin", &server.admin().to_string()]);
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{words:?}: {said}{}", String::from_utf8_lossy(&output.stderr));
    said
}

#[test]
fn scenarios_are_switched_while_the_server_runs() {
    let scenarios = "{ name: down, type: error, parameters: { status: 503 }, enabled: false }, \
                     { name: teapot, type: error, parameters: { status: 418 } }";
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "api.yaml", SPEC);
    let quiet = configuration(scenarios, "").replace("chaos: {", "chaos: { enabled: false,");
    write(folder.path(), "mocker.yaml", &quiet);
    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    command.args(["start", "--host", "127.0.0.1", "--port", "0", "--admin", "127.0.0.1:0"]);
    let server = Server::spawn({
        command.current_dir(&folder).stderr(Stdio::piped());
        command
    });
    let mut client = Client::connect(server.address);
    let mut status = || client.ask("GET", "/a", "").status;
    assert_eq!(status(), 200);
    // Where nothing struck, the one that is started strikes alone.
    let said = switched(&server, &["start", "--scenario", "down"]);
    assert!(said.contains("on   down  error") && said.contains("off  teapot"), "{said}");
    assert_eq!(status(), 503);
    write(folder.path(), "api.yaml", &SPEC.replace("title: T", "title: Another"));
    server.heard("reloaded");
    assert_eq!(status(), 503, "what was switched by hand stays over a reload");
    assert!(switched(&server, &["status"]).contains("struck 2"));
    switched(&server, &["stop"]);
    assert_eq!(status(), 200);
    assert!(switched(&server, &["list"]).starts_with("chaos is off\n"));
    switched(&server, &["stop", "--scenario", "down"]);
    let said = switched(&server, &["start"]);
    assert!(said.contains("on   down  error") && said.contains("on   teapot"), "{said}");
    assert_eq!(status(), 503);
    switched(&server, &["start", "--scenario", "teapot"]);
    switched(&server, &["stop", "--scenario", "down"]);
    assert_eq!(status(), 418);
}
