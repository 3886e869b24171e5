//! The Admin API over real sockets: what it tells, what it does, and whom it refuses.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::server::{ADMIN, FORMAT, Server};

pub const PETSTORE: &str = "specs/petstore/openapi.yaml";

/// `mocker start` with an Admin API on a free port.
pub fn administered(arguments: &[&str]) -> Server {
    let all = [arguments, &["--admin", "127.0.0.1:0"]].concat();
    Server::start(&all)
}

/// One request to the Admin API, on a connection of its own.
pub fn ask(address: SocketAddr, method: &str, path: &str, body: Option<&str>) -> Answer {
    ask_with(address, method, path, "Host: localhost\r\n", body)
}

fn ask_with(address: SocketAddr, method: &str, path: &str, fields: &str, body: Option<&str>) -> Answer {
    let mut client = Client::connect(address);
    let framing =
        body.map(|body| format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len()));
    let head = format!("{method} {path} HTTP/1.1\r\n{fields}{}\r\n", framing.unwrap_or_default());
    client.send(head.as_bytes());
    client.send(body.unwrap_or_default().as_bytes());
    client.answer(method == "HEAD")
}

fn get(server: &Server, path: &str) -> Answer {
    ask(server.admin(), "GET", path, None)
}

fn mocker(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_mocker"))
        .args(arguments)
        .env_remove(ADMIN)
        .env(FORMAT, "human")
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Files of a server, whose operation `slow` says that it is there and answers later.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

const SPEC: &str = "
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /slow: {get: {operationId: slow, responses: {'200': {description: d, content: {application/json: {example: 7}}}}}}
";

#[test]
fn a_server_tells_what_it_is() {
    let server = administered(&[PETSTORE, "--threads", "1"]);
    let status = get(&server, "/api/v1/status").json();
    assert_eq!((&status["name"], &status["stage"]), (&json!("mocker"), &json!("serving")));
    assert_eq!(status["addresses"], json!([format!("http://{}", server.address)]));
    assert_eq!(
        (&status["operations"], &status["documents"], &status["threads"]),
        (&json!(5), &json!(1), &json!(1))
    );
    assert!(status["memory_bytes"].as_u64().unwrap() > 1 << 20, "{status}");
    assert_eq!(get(&server, "/api/v1/readiness").json()["ready"], true);
    let operations = get(&server, "/api/v1/operations").json();
    assert_eq!(operations["operations"][0]["operation_id"], "listPets");
    let config = get(&server, "/api/v1/config").json();
    assert_eq!(config["server.threads"], json!({ "value": 1, "from": "--threads" }));
    assert_eq!(config["admin.token"], json!({ "value": null, "from": "default" }));
    for path in ["/metrics", "/api/v1/metrics"] {
        let metrics = get(&server, path);
        assert_eq!(
            metrics.header("content-type"),
            Some("application/openmetrics-text; version=1.0.0; charset=utf-8")
        );
        assert!(metrics.text().contains("\nmocker_plan_revision 0.0\n"), "{}", metrics.text());
    }
}

#[test]
fn what_is_added_to_operations_is_told() {
    let folder = folder(&[
        ("api.yaml", SPEC),
        ("slow.rhai", "fn handle(req, ctx) { 1 }\nfn before(req, ctx) { }"),
        (
            "mocker.yaml",
            "specs: api.yaml\nscripts: { slow: slow.rhai }\nplugins: [{ name: api-key, config: { keys: [k] } }]\n\
             responses: { slow: { variants: [{ weight: 1, status: 200 }] } }\n\
             scenarios: { s: { initial: a, transitions: [{ to: b, on: slow }] } }\n",
        ),
    ]);
    let server = administered(&["--config", folder.path().join("mocker.yaml").to_str().unwrap()]);
    let added = &get(&server, "/api/v1/operations").json()["operations"][0]["added"];
    assert_eq!(
        (&added["plugins"], &added["responses"], &added["scenarios"]),
        (&json!(["api-key"]), &json!(true), &json!(["s"]))
    );
    assert!(added["handle"].as_str().unwrap().ends_with("slow.rhai"), "{added}");
    assert_eq!(added["before"].as_array().unwrap().len(), 1);
}

#[test]
fn whoever_calls_it_otherwise_is_refused() {
    let server = administered(&[PETSTORE]);
    let admin = server.admin();
    let own = format!("127.0.0.1:{}", admin.port());
    for (fields, expected) in [
        (format!("Host: {own}\r\n"), 200),
        (format!("Host: localhost:{}\r\n", admin.port()), 200),
        (format!("Host: {own}\r\nOrigin: http://{own}\r\n"), 200),
        (format!("Host: evil.example:{}\r\n", admin.port()), 403),
        (String::new(), 403),
        (format!("Host: {own}\r\nOrigin: http://{}\r\n", server.address), 403),
        (format!("Host: {own}\r\nOrigin: null\r\n"), 403),
        (format!("Host: {own}\r\nSec-Fetch-Site: same-site\r\n"), 403),
    ] {
        let answer = ask_with(admin, "GET", "/api/v1/status", &fields, None);
        assert_eq!(answer.status, expected, "{fields}");
        assert_eq!(answer.header("access-control-allow-origin"), None);
        if expected != 200 {
            assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{fields}");
            assert_eq!(answer.json()["status"], expected);
        }
    }
    let preflight =
        format!("Host: {own}\r\nOrigin: http://{}\r\nAccess-Control-Request-Method: PUT\r\n", server.address);
    assert_eq!(ask_with(admin, "OPTIONS", "/api/v1/state/a/b", &preflight, None).status, 403);
    let form =
        format!("Host: {own}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 0\r\n");
    assert_eq!(ask_with(admin, "POST", "/api/v1/stop", &form, None).status, 415);
    assert_eq!(get(&server, "/api/v1/status").json()["stage"], "serving");
}

#[test]
fn what_there_is_not_is_a_problem() {
    let server = administered(&[PETSTORE]);
    for (method, path, expected) in [
        ("GET", "/", 404),
        ("GET", "/api/v1/nothing", 404),
        ("POST", "/api/v1/status", 405),
        ("GET", "/api/v1/reload", 405),
        ("GET", "/api/v1/state/global/nothing", 404),
        ("DELETE", "/api/v1/state/global/nothing", 404),
        ("GET", "/api/v1/state/global/%ff", 400),
        ("GET", "/api/v1/state/global?limit=x", 400),
        ("POST", "/api/v1/chaos/nothing/start", 404),
    ] {
        let answer = ask(server.admin(), method, path, None);
        assert_eq!(answer.status, expected, "{method} {path}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{method} {path}");
        assert_eq!(answer.header("allow").is_some(), expected == 405, "{}", answer.head);
    }
    assert_eq!(get(&server, "/api/v1/chaos").json(), json!({ "enabled": true, "scenarios": [] }));
    assert_eq!(ask(server.admin(), "POST", "/api/v1/chaos/stop", None).status, 200);
}

#[test]
fn state_is_read_and_written() {
    let server = administered(&["specs/shop/openapi.yaml", "--config", "specs/shop/mocker.yaml"]);
    let admin = server.admin();
    let items = json!([{ "article": 3, "count": 2 }]);
    assert_eq!(ask(admin, "PUT", "/api/v1/state/ann/a%2Fb%20c", Some(&items.to_string())).status, 204);
    assert_eq!(ask(admin, "PUT", "/api/v1/state/ann/b", Some(" 1.5 ")).status, 204);
    let read = get(&server, "/api/v1/state/ann/a%2Fb%20c");
    assert_eq!((read.json(), read.header("content-type")), (items.clone(), Some("application/json")));
    let listed = get(&server, "/api/v1/state/ann?prefix=a%2F").json();
    let entries = json!([{ "key": "a/b c", "value": items }]);
    assert_eq!(listed, json!({ "scope": "ann", "entries": entries, "truncated": false }));
    assert_eq!(get(&server, "/api/v1/state/ann?limit=1").json()["entries"].as_array().unwrap().len(), 1);
    // The global scope, and a session that is called so.
    for (scope, value) in [("global", "1"), ("~global", "2")] {
        assert_eq!(ask(admin, "PUT", &format!("/api/v1/state/{scope}/k"), Some(value)).status, 204);
        assert_eq!(get(&server, &format!("/api/v1/state/{scope}/k")).text(), value);
    }
    let scopes = get(&server, "/api/v1/state").json();
    let names: Vec<&str> =
        scopes["scopes"].as_array().unwrap().iter().map(|scope| scope["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["global", "ann", "~global"]);
    assert_eq!(scopes["usage"]["keys"], 4);
    assert_eq!(get(&server, "/api/v1/state?prefix=an").json()["scopes"].as_array().unwrap().len(), 1);
    assert_eq!(ask(admin, "DELETE", "/api/v1/state/ann/b", None).status, 204);
    assert_eq!(get(&server, "/api/v1/state/ann/b").status, 404);
    assert_eq!(
        ask(admin, "DELETE", "/api/v1/state/ann", None).json(),
        json!({ "scope": "ann", "removed": 1 })
    );
    assert_eq!(ask(admin, "PUT", "/api/v1/state/ann/t?ttl_ms=0", Some("1")).status, 204);
    assert_eq!(get(&server, "/api/v1/state/ann/t").status, 404);
    assert_eq!(ask(admin, "PUT", "/api/v1/state/ann/x", Some("{")).status, 400);
}

#[test]
fn scripts_see_what_is_put_there() {
    let folder = folder(&[
        ("api.yaml", SPEC),
        ("slow.rhai", "fn handle(req, ctx) { state::get(\"word\") }"),
        ("mocker.yaml", "specs: api.yaml\nscripts: { slow: slow.rhai }\n"),
    ]);
    let server = administered(&["--config", folder.path().join("mocker.yaml").to_str().unwrap()]);
    assert_eq!(ask(server.admin(), "PUT", "/api/v1/state/ann/word", Some("\"hello\"")).status, 204);
    let answer = Client::connect(server.address).ask("GET", "/slow", "X-Mocker-Session: ann\r\n");
    assert_eq!(answer.text(), "hello");
}

/// `limits.rs` of the control plane has these figures.
#[test]
fn sizes_are_bounded() {
    let server = administered(&[PETSTORE]);
    let admin = server.admin();
    let value = |bytes: usize| format!("\"{}\"", "x".repeat(bytes - 2));
    let put = |bytes: usize| ask(admin, "PUT", "/api/v1/state/global/k", Some(&value(bytes))).status;
    assert_eq!(put(1 << 20), 204);
    // The state's own limit is the nearer one.
    assert_eq!(put(16 << 20), 422);
    assert_eq!(put((16 << 20) + 1), 413);
    let head = |bytes: usize| {
        let before = "GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\nX: \r\n\r\n".len();
        let field = format!("Host: localhost\r\nX: {}\r\n", "x".repeat(bytes - before));
        ask_with(admin, "GET", "/api/v1/status", &field, None).status
    };
    assert_eq!(head(8 << 10), 200);
    assert_eq!(head(32 << 10), 431);
}

#[test]
fn connections_are_bounded() {
    let server = administered(&[PETSTORE]);
    let admin = server.admin();
    let mut held: Vec<Client> = (0..64).map(|_| Client::connect(admin)).collect();
    for client in &mut held {
        client.send(b"GET /api/v1/readiness HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assert_eq!(client.answer(false).status, 200);
    }
    let mut last = std::net::TcpStream::connect(admin).unwrap();
    last.write_all(b"GET /api/v1/readiness HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .unwrap();
    last.set_read_timeout(Some(std::time::Duration::from_millis(200))).unwrap();
    let mut answer = String::new();
    assert!(last.read_to_string(&mut answer).is_err(), "{answer}");
    held.pop();
    last.set_read_timeout(Some(std::time::Duration::from_secs(20))).unwrap();
    last.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn a_token_opens() {
    let folder = folder(&[("token", "sesame\n")]);
    let token = folder.path().join("token");
    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    command.args(["start", PETSTORE, "--host", "127.0.0.1", "--port", "0", "--admin", "0.0.0.0:0"]);
    let server = Server::spawn({
        command.env("MOCKER_ADMIN_TOKEN_FILE", &token);
        command
    });
    let admin = SocketAddr::from(([127, 0, 0, 1], server.admin().port()));
    let refused = ask(admin, "GET", "/api/v1/status", None);
    assert_eq!((refused.status, refused.header("www-authenticate")), (401, Some("Bearer realm=\"mocker\"")));
    let with = |token: &str| format!("Host: localhost\r\nAuthorization: Bearer {token}\r\n");
    assert_eq!(ask_with(admin, "GET", "/api/v1/status", &with("wrong"), None).status, 401);
    let config = ask_with(admin, "GET", "/api/v1/config", &with("sesame"), None);
    assert_eq!(config.json()["admin.token"]["value"], "********");
    assert!(!config.text().contains("sesame"));
    // Commands have it of the environment.
    let status = |name: &str, value: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
        command.args(["status", "--admin", &admin.to_string()]).env_remove(ADMIN).env(name, value);
        command.output().unwrap()
    };
    assert_eq!(status("MOCKER_ADMIN_TOKEN", "sesame").status.code(), Some(0));
    assert_eq!(status("MOCKER_ADMIN_TOKEN_FILE", token.to_str().unwrap()).status.code(), Some(0));
    let wrong = status("MOCKER_ADMIN_TOKEN", "wrong");
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("MOCKER_ADMIN_TOKEN"), "{}", text(&wrong.stderr));
}

#[test]
fn nobody_else_reaches_it_without_a_token() {
    let started = mocker(&["start", PETSTORE, "--port", "0", "--admin", "0.0.0.0:0"]);
    assert_eq!(started.status.code(), Some(2));
    assert_eq!(
        text(&started.stderr),
        "error: cannot listen on 0.0.0.0:0: others than this machine could reach the Admin API: give `admin.token` \
         (MOCKER_ADMIN_TOKEN_FILE), or a loopback address\n"
    );
    for wrong in ["on", "localhost", "http://localhost:9090", "unix:"] {
        assert_eq!(mocker(&["start", PETSTORE, "--admin", wrong]).status.code(), Some(2), "{wrong}");
    }
}

#[test]
fn a_taken_address_matters_where_it_was_named() {
    // Whoever has it: it is taken.
    let _holder = TcpListener::bind("127.0.0.1:9090");
    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    command
        .args(["start", PETSTORE, "--host", "127.0.0.1", "--port", "0"])
        .env_remove(ADMIN)
        .stderr(Stdio::piped());
    let server = Server::spawn(command);
    assert!(!server.start_line.contains("admin on"), "{}", server.start_line);
    let line = server.heard("");
    assert!(line.starts_with("warning: 127.0.0.1:9090 is taken: this server has no Admin API"), "{line}");

    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let named = mocker(&["start", PETSTORE, "--port", "0", "--admin", &address]);
    assert_eq!(named.status.code(), Some(2));
    let expected = format!(
        "error: cannot listen on {address}: the port is taken (try another --admin, or `--admin off`)\n"
    );
    assert_eq!(text(&named.stderr), expected);
}

#[test]
fn it_can_be_off_and_servers_have_their_own() {
    let off = Server::start(&[PETSTORE, "--admin", "off"]);
    assert!(!off.start_line.contains("admin"), "{}", off.start_line);
    let refused = mocker(&["status", "--admin", "off"]);
    assert_eq!((refused.status.code(), text(&refused.stdout)), (Some(2), String::new()));
    let (one, other) = (administered(&[PETSTORE]), administered(&["specs/banking/openapi.yaml"]));
    assert_ne!(one.admin(), other.admin());
    assert_eq!(ask(one.admin(), "PUT", "/api/v1/state/global/k", Some("1")).status, 204);
    assert_eq!(get(&other, "/api/v1/state/global/k").status, 404);
    assert_ne!(get(&one, "/api/v1/status").json()["pid"], get(&other, "/api/v1/status").json()["pid"]);
}

#[test]
fn who_is_refused_keeps_no_place() {
    let server = administered(&[PETSTORE]);
    let refused = "GET /api/v1/status HTTP/1.1\r\nHost: evil.example\r\n\r\n";
    let form = "POST /api/v1/stop HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\nx";
    for (request, status) in [(refused, 403), (form, 415)] {
        let mut client = Client::connect(server.admin());
        client.send(request.repeat(3).as_bytes());
        let answer = client.answer(false);
        assert_eq!((answer.status, answer.header("connection")), (status, Some("close")));
        assert!(client.is_closed(), "{request}");
    }
}

#[test]
fn a_faulty_configuration_leads_to_no_other_server() {
    let folder = folder(&[]);
    let file = folder.path().join("mocker.yaml");
    let server = administered(&[PETSTORE]);
    let admin = server.admin().to_string();
    let with_section = format!("admin: {{ address: {admin} }}\nchaos: {{ nonsense: 1 }}\n");
    let file_arguments = ["--config", file.to_str().unwrap()];
    for (text_of_file, arguments, code) in [
        ("admin: {address: unix:s\nspecs: [", &[][..], 2),
        ("admin: {address: 'no address'}\n", &[], 2),
        ("spesc: api.yaml\n", &[], 2),
        ("spesc: api.yaml\n", &["--admin", &admin][..], 0),
        // What is wrong with the rest is the server's to tell.
        (&with_section, &[], 0),
    ] {
        std::fs::write(&file, text_of_file).unwrap();
        let output = mocker(&[&["status"], &file_arguments[..], arguments].concat());
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{text_of_file}: {told}");
        let has_faults = told.contains("mocker.yaml:") && told.contains("`--admin` does");
        assert_eq!(has_faults, code == 2, "{told}");
    }
}

#[test]
fn a_socket_of_the_file_system_is_its_owners() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mocker.sock");
    let admin = format!("unix:{}", path.display());
    // One that nobody listens to any more makes way.
    drop(UnixListener::bind(&path).unwrap());
    let server = Server::start(&[PETSTORE, "--admin", &admin]);
    assert!(server.start_line.contains(&format!("admin on {admin}")), "{}", server.start_line);
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
    let mut stream = UnixStream::connect(&path).unwrap();
    stream
        .write_all(b"GET /api/v1/readiness HTTP/1.1\r\nHost: anything\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.ends_with("{\"ready\":true,\"stage\":\"serving\"}"),
        "{answer}"
    );
    // One that is listened to does not.
    let second = mocker(&["start", PETSTORE, "--port", "0", "--admin", &admin]);
    assert_eq!(second.status.code(), Some(2));
    assert!(text(&second.stderr).contains("another server listens there"), "{}", text(&second.stderr));
    assert_eq!(mocker(&["stop", "--admin", &admin]).status.code(), Some(0));
    assert_eq!(server.wait().0.code(), Some(0));
    assert!(!path.exists());
    // What is no socket is left alone.
    std::fs::write(&path, "precious").unwrap();
    assert_eq!(mocker(&["start", PETSTORE, "--port", "0", "--admin", &admin]).status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "precious");
}

#[test]
fn a_reload_is_waited_for() {
    let folder = folder(&[("api.yaml", SPEC)]);
    let file = folder.path().join("api.yaml");
    let server = administered(&[file.to_str().unwrap(), "--watch=false"]);
    let reload = || ask(server.admin(), "POST", "/api/v1/reload", None);
    let slow = || crate::client::get(server.address, "/slow").json();
    std::fs::write(&file, SPEC.replace("example: 7", "example: 8")).unwrap();
    assert_eq!(slow(), 7);
    let done = reload();
    assert_eq!(
        (done.status, &done.json()["revision"], &done.json()["reloaded"]),
        (200, &json!(1), &json!(true))
    );
    assert_eq!(slow(), 8);
    std::fs::write(&file, "openapi: 3.1.0\npaths: [\n").unwrap();
    let failed = reload();
    let told = failed.json();
    assert_eq!((failed.status, &told["reloaded"], &told["revision"]), (422, &json!(false), &json!(1)));
    assert!(told["diagnostics"][0].as_str().unwrap().contains("api.yaml:3:1: error: "), "{told}");
    assert_eq!(slow(), 8);
    let health = get(&server, "/api/v1/health");
    assert_eq!((health.status, &health.json()["status"]), (200, &json!("degraded")));
    let command = mocker(&["reload", "--admin", &server.admin().to_string()]);
    assert_eq!(command.status.code(), Some(1));
    assert!(text(&command.stderr).contains("api.yaml:3:1: error: "), "{}", text(&command.stderr));
    std::fs::write(&file, SPEC).unwrap();
    let command = mocker(&["reload", "--admin", &server.admin().to_string()]);
    assert_eq!(command.status.code(), Some(0));
    assert!(
        text(&command.stdout).starts_with("reloaded (`mocker reload`): 1 operation"),
        "{}",
        text(&command.stdout)
    );
    assert_eq!(get(&server, "/api/v1/health").json()["status"], "healthy");
    assert_eq!(get(&server, "/api/v1/status").json()["last_reload"]["revision"], 2);
}

#[test]
fn stop_lets_a_request_end_that_waits() {
    let folder = folder(&[
        ("api.yaml", SPEC),
        ("slow.rhai", "fn handle(req, ctx) { state::global::set(\"begun\", true); sleep(700); 7 }"),
        ("mocker.yaml", "specs: api.yaml\nscripts: { slow: slow.rhai }\n"),
    ]);
    let server = administered(&["--config", folder.path().join("mocker.yaml").to_str().unwrap()]);
    let admin = server.admin();
    let mut client = Client::connect(server.address);
    client.send(b"GET /slow HTTP/1.1\r\nHost: test\r\n\r\n");
    while get(&server, "/api/v1/state/global/begun").status != 200 {}
    for _ in 0..2 {
        // A second signal would end it at once; asking twice does not.
        assert_eq!(ask(admin, "POST", "/api/v1/stop", None).status, 202);
    }
    let readiness = get(&server, "/api/v1/readiness");
    assert_eq!((readiness.status, readiness.json()), (503, json!({ "ready": false, "stage": "draining" })));
    let answer = client.answer(false);
    assert_eq!((answer.status, answer.json()), (200, json!(7)));
    assert_eq!(server.wait().0.code(), Some(0));
}

#[test]
fn commands_tell_what_they_are_told() {
    let server = administered(&[PETSTORE]);
    let admin = server.admin().to_string();
    let run = |arguments: &[&str]| mocker(&[arguments, &["--admin", &admin]].concat());
    let status = run(&["status", "--format", "json"]);
    let told: Value = serde_json::from_slice(&status.stdout).unwrap();
    assert_eq!((&told["admin"], &told["health"]["status"]), (&json!(admin), &json!("healthy")));
    let status = text(&run(&["status"]).stdout);
    assert!(
        status.contains("5 operations of 1 document, revision 0") && status.contains("workers: healthy"),
        "{status}"
    );
    assert_eq!(text(&run(&["chaos", "list"]).stdout), "no scenarios\n");
    assert_eq!(text(&run(&["chaos", "status"]).stdout), "no scenarios\n");
    let unknown = run(&["chaos", "start", "--scenario", "a/b"]);
    assert_eq!(
        (unknown.status.code(), text(&unknown.stderr)),
        (Some(1), "error: no such scenario: `a/b`\n".to_owned())
    );
    assert_eq!(run(&["chaos", "stop"]).status.code(), Some(0));
    let stopped = run(&["stop"]);
    assert_eq!(
        (stopped.status.code(), text(&stopped.stdout)),
        (Some(0), format!("the server at {admin} has ended\n"))
    );
    assert_eq!(server.wait().0.code(), Some(0));
    for command in [vec!["status"], vec!["reload"], vec!["stop"], vec!["chaos", "list"]] {
        let output = run(&command);
        assert_eq!(output.status.code(), Some(4), "{command:?}");
        let errors = text(&output.stderr);
        assert!(errors.starts_with(&format!("error: no server answers at {admin}: ")), "{errors}");
        assert_eq!(errors.lines().count(), 1);
    }
}

#[test]
fn what_is_no_admin_api_is_said_to_be_none() {
    let server = Server::start(&[PETSTORE]);
    let output = mocker(&["status", "--admin", &server.address.to_string()]);
    // The mock itself answers, with a problem of its own.
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let other = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(b"220 mail.example ESMTP\r\n").unwrap();
        drop(stream);
    });
    let output = mocker(&["status", "--admin", &address]);
    other.join().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("is no Admin API"), "{}", text(&output.stderr));
}
