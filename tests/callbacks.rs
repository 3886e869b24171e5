//! Callbacks, received.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use crate::client::{Answer, Client};
use crate::server::Server;

const DOCUMENT: &str = "openapi: 3.1.0
info: { title: Orders, version: '1' }
paths:
  /orders:
    post:
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [id]
              properties: { id: { type: integer }, url: { type: string } }
      responses:
        '201': { description: made, content: { application/json: { example: { state: new } } } }
      callbacks:
        paid:
          '{$request.body#/url}/paid?id={$request.body#/id}&state={$response.body#/state}':
            post:
              parameters: [{ name: X-Event, in: header, schema: { type: string }, example: order.paid }]
              requestBody: { content: { application/json: { example: { paid: true } } } }
              responses: { '200': { description: taken }, 5XX: { description: not now } }
  /plain:
    get:
      responses: { '204': { description: nothing } }
      callbacks: { seen: { $request.query.to: { put: { responses: { default: { description: any } } } } } }
";

/// A callback to the very URL that the request names.
const ANYWHERE: &str = "openapi: 3.1.0
info: { title: Anywhere, version: '1' }
paths:
  /anywhere:
    post:
      requestBody: { content: { application/json: { schema: { type: object } } } }
      responses: { '204': { description: taken } }
      callbacks:
        any:
          '{$request.body#/url}':
            post:
              parameters: [{ name: X-Mocker-Callback, in: header, schema: { type: string }, example: no }]
              responses: { '200': { description: taken } }
";

/// Whom the server calls.
struct Called {
    address: SocketAddr,
    requests: Receiver<String>,
}

impl Called {
    /// Answers one request with each of `statuses`, then closes its port.
    fn answering(statuses: &'static [u16]) -> Called {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, requests) = channel();
        thread::spawn(move || {
            for status in statuses {
                let (stream, _) = listener.accept().unwrap();
                sender.send(exchange(stream, *status)).unwrap();
            }
        });
        Called { address, requests }
    }

    fn next(&self) -> String {
        self.requests.recv_timeout(Duration::from_secs(20)).expect("a callback comes")
    }
}

/// Reads a request, answers it, and gives its text.
fn exchange(stream: TcpStream, status: u16) -> String {
    let mut reader = BufReader::new(stream);
    let (mut text, mut length) = (String::new(), 0);
    loop {
        let start = text.len();
        assert_ne!(reader.read_line(&mut text).unwrap(), 0, "closed within a head: {text}");
        let line = text[start..].trim_end().to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.parse().unwrap();
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let answer = format!("HTTP/1.1 {status} Told\r\nContent-Length: 0\r\n\r\n");
    reader.into_inner().write_all(answer.as_bytes()).unwrap();
    text + String::from_utf8(body).unwrap().as_str()
}

fn serve(arguments: &[&str]) -> Server {
    let mut document = tempfile::Builder::new().suffix(".yaml").tempfile().unwrap();
    document.write_all(DOCUMENT.as_bytes()).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    command.arg("start").arg(document.path()).args([
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--threads",
        "1",
        "--watch=false",
    ]);
    command.args(arguments).env("NO_PROXY", "*").env("no_proxy", "*").stderr(Stdio::piped());
    Server::spawn(command)
}

fn order(url: &str) -> Vec<u8> {
    let body = format!(r#"{{"id":7,"url":"{url}"}}"#);
    let head = "POST /orders HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length:";
    format!("{head} {}\r\n\r\n{body}", body.len()).into_bytes()
}

fn post(server: &Server, url: &str) -> Answer {
    let mut client = Client::connect(server.address);
    client.send(&order(url));
    client.answer(false)
}

/// The next line on standard error, with its milliseconds as `N`.
fn line(server: &Server) -> String {
    let line = server.heard("");
    let is_number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let words: Vec<&str> = line.trim_end().split(' ').collect();
    let behind = |index: usize| words.get(index + 1).is_some_and(|next| next.starts_with("ms"));
    let told = words.iter().enumerate();
    let told = told.map(|(index, word)| if is_number(word) && behind(index) { "N" } else { *word });
    told.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_callback_is_sent_as_described() {
    let server = serve(&[]);
    let called = Called::answering(&[200]);
    let url = format!("http://{}/hook", called.address);
    assert_eq!(post(&server, &url).status, 201);
    let request = called.next();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /hook/paid?id=7&state=new HTTP/1.1\r\n"), "{head}");
    let head = head.to_ascii_lowercase();
    for field in [
        "content-type: application/json".to_owned(),
        "x-event: order.paid".to_owned(),
        format!("host: {}", called.address),
        format!("user-agent: mocker/{}", env!("CARGO_PKG_VERSION")),
    ] {
        assert!(head.lines().any(|line| line == field), "no {field} in {head}");
    }
    assert_eq!(body, r#"{"paid":true}"#);
    assert_eq!(line(&server), format!("callback POST {url}/paid?id=7&state=new: 200 in N ms"));
}

#[test]
fn an_answer_of_a_script_calls_too() {
    let folder = tempfile::tempdir().unwrap();
    let script = "fn handle(req, ctx) { #{ status: if req.json().id == 7 { 201 } else { 409 }, body: #{ state: \"scripted\" } } }";
    for (name, text) in [
        ("orders.yaml", DOCUMENT),
        ("mocker.yaml", "specs: orders.yaml\nscripts: {POST /orders: order.rhai}\n"),
        ("order.rhai", script),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    command.args(["start", "--host", "127.0.0.1", "--port", "0"]).current_dir(&folder);
    let server = Server::spawn(command);
    let called = Called::answering(&[200]);
    let url = format!("http://{}/hook", called.address);
    let mut client = Client::connect(server.address);
    let refused = String::from_utf8(order(&url)).unwrap().replace("\"id\":7", "\"id\":8");
    client.send(refused.as_bytes());
    assert_eq!(client.answer(false).status, 409);
    assert_eq!(post(&server, &url).status, 201);
    assert!(called.next().starts_with("POST /hook/paid?id=7&state=scripted HTTP/1.1\r\n"));
}

#[test]
fn what_comes_of_it_is_told() {
    let server = serve(&[]);
    for (statuses, told) in [
        (&[200][..], "200 in N ms"),
        (&[418], "418 in N ms, which the document does not describe"),
        (&[302], "302 in N ms, which the document does not describe"),
        (&[503, 200], "200 in N ms at the second try"),
        (&[500, 503], "503 in N ms at the second try"),
    ] {
        let called = Called::answering(statuses);
        post(&server, &format!("http://{}", called.address));
        statuses.iter().for_each(|_| drop(called.next()));
        let told = format!("callback POST http://{}/paid?id=7&state=new: {told}", called.address);
        assert_eq!(line(&server), told);
    }
}

#[test]
fn what_cannot_be_called_disturbs_nobody() {
    let server = serve(&[]);
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let again = "(will not be tried again)";
    for (url, told) in [
        (format!("http://{closed}"), "refused: the connection was refused"),
        ("ftp://127.0.0.1".to_owned(), "refused: only http and https URLs are called"),
        ("http://".to_owned(), "refused: it is no URL that can be called"),
    ] {
        assert_eq!(post(&server, &url).status, 201);
        let line = line(&server);
        assert!(line.contains(told) && line.ends_with(again), "{url}: {line}");
    }
    assert_eq!(crate::client::get(server.address, "/plain").status, 204);
}

fn ask_to_call(server: &Server, url: &str) {
    let body = format!(r#"{{"url":"{url}"}}"#);
    let head = "POST /anywhere HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length:";
    let mut client = Client::connect(server.address);
    client.send(format!("{head} {}\r\n\r\n{body}", body.len()).as_bytes());
    assert_eq!(client.answer(false).status, 204);
}

/// A server of files, whose talk is heard and whose Admin API has a port.
fn administered(files: &[(&str, &str)]) -> (Server, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    command.args(["start", "api.yaml", "--host", "127.0.0.1", "--port", "0", "--admin", "127.0.0.1:0"]);
    command.current_dir(&folder).env("NO_PROXY", "*").env("no_proxy", "*").stderr(Stdio::piped());
    (Server::spawn(command), folder)
}

#[test]
fn callbacks_do_not_reach_the_admin_api() {
    let (server, _folder) = administered(&[("api.yaml", ANYWHERE)]);
    let admin = server.admin();
    for host in ["127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]", "0.0.0.0"] {
        let url = format!("http://{host}:{}/api/v1/stop", admin.port());
        ask_to_call(&server, &url);
        let line = line(&server);
        let refused = "refused: no callback may ask the Admin API (will not be tried again)";
        assert_eq!(line, format!("callback POST {url}: {refused}"));
    }
    // Whom else they reach knows them by a field that nobody else may set.
    let called = Called::answering(&[200]);
    ask_to_call(&server, &format!("http://{}/", called.address));
    let request = called.next().to_ascii_lowercase();
    let fields: Vec<&str> = request.lines().filter(|line| line.starts_with("x-mocker-callback")).collect();
    assert_eq!(fields, ["x-mocker-callback: 1"]);
    let status = crate::control::ask(admin, "GET", "/api/v1/status", None);
    assert_eq!(status.json()["stage"], "serving");
}

#[test]
fn callbacks_that_a_reload_adds_are_sent() {
    let none = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {/a: {get: {responses: {'204': {description: d}}}}}\n";
    let (server, folder) = administered(&[("api.yaml", none)]);
    std::fs::write(folder.path().join("new.yaml"), ANYWHERE).unwrap();
    std::fs::rename(folder.path().join("new.yaml"), folder.path().join("api.yaml")).unwrap();
    server.heard("reloaded (api.yaml changed)");
    let called = Called::answering(&[200]);
    ask_to_call(&server, &format!("http://{}/", called.address));
    assert!(called.next().starts_with("POST / HTTP/1.1\r\n"));
}

#[test]
fn a_refused_request_calls_nobody() {
    let server = serve(&[]);
    let called = Called::answering(&[200]);
    let mut client = Client::connect(server.address);
    for (body, status) in [
        (format!(r#"{{"id":"x","url":"http://{}/bad"}}"#, called.address), 422),
        (r#"{"id":1}"#.to_owned(), 201),
        (format!(r#"{{"id":2,"url":"http://{}/good"}}"#, called.address), 201),
    ] {
        let head = "POST /orders HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked";
        let (first, rest) = body.split_at(5);
        client.send(format!("{head}\r\n\r\n5\r\n{first}\r\n").as_bytes());
        client.send(format!("{:x}\r\n{rest}\r\n0\r\n\r\n", rest.len()).as_bytes());
        assert_eq!(client.answer(false).status, status, "{body}");
    }
    assert!(called.next().starts_with("POST /good/paid?id=2&"));
    let mut lines = [line(&server), line(&server)];
    lines.sort();
    assert_eq!(lines[1], "callback paid: not sent: the request has no $request.body#/url");
}

#[test]
fn a_body_that_nobody_judges_is_heard() {
    let server = serve(&["--validate-request=off"]);
    let called = Called::answering(&[200]);
    let mut client = Client::connect(server.address);
    let body = format!(r#"{{"id":"any","url":"http://{}"}}"#, called.address);
    client.send(b"POST /orders HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n");
    for byte in body.chars() {
        client.send(format!("1\r\n{byte}\r\n").as_bytes());
    }
    client.send(b"0\r\n\r\n");
    assert_eq!(client.answer(false).status, 201);
    assert!(called.next().starts_with("POST /paid?id=any&state=new HTTP/1.1\r\n"));
}

#[test]
fn head_calls_nobody() {
    let server = serve(&[]);
    let called = Called::answering(&[200]);
    let mut client = Client::connect(server.address);
    for method in ["HEAD", "GET"] {
        let target = format!("/plain?to=http://{}/{method}", called.address);
        assert_eq!(client.ask(method, &target, "").status, 204);
    }
    let request = called.next();
    assert!(request.starts_with("PUT /GET HTTP/1.1\r\n"), "{request}");
    assert!(request.to_ascii_lowercase().contains("\r\ncontent-length: 0\r\n"), "{request}");
}

#[test]
fn what_waits_is_sent_before_the_end() {
    let server = serve(&[]);
    let called = Called::answering(&[200; 30]);
    let url = format!("http://{}", called.address);
    for _ in 0..30 {
        assert_eq!(post(&server, &url).status, 201);
    }
    server.signal("TERM");
    for _ in 0..30 {
        called.next();
    }
    assert_eq!(server.wait().0.code(), Some(0));
}

#[test]
fn a_full_queue_drops() {
    let server = serve(&["--drain-timeout", "0.05"]);
    // Connections are taken by the kernel, and nobody answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let request = order(&format!("http://{}", silent.local_addr().unwrap()));
    let mut client = Client::connect(server.address);
    for _ in 0..24 {
        client.send(&request.repeat(50));
        for _ in 0..50 {
            assert_eq!(client.answer(false).status, 201);
        }
    }
    server.signal("TERM");
    let told = server.last_words();
    let count = |told: &str, what: &str| {
        let line = told.lines().find(|line| line.contains(what)).unwrap_or_else(|| panic!("{told}"));
        line.split(' ')
            .nth(1)
            .and_then(|number| number.parse::<u32>().ok())
            .unwrap_or_else(|| panic!("{line}"))
    };
    // 1200 less 1024 that wait and 8 in flight.
    let (dropped, unsent) =
        (count(&told, "dropped: 1024 were waiting"), count(&told, "not sent: the server ended"));
    assert!((168..=176).contains(&dropped) && unsent == 1024, "{told}");
    assert_eq!(server.wait().0.code(), Some(0));
}

#[test]
fn callbacks_can_be_turned_off() {
    let server = serve(&["--no-callbacks"]);
    assert_eq!(post(&server, "ftp://a").status, 201);
    server.signal("TERM");
    let told = server.last_words();
    assert_eq!(told, "");
}
