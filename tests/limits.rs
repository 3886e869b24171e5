//! How much at a time: requests that are being answered, and servers on one port.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::client::{Client, get};
use crate::control::{PETSTORE, administered, ask};
use crate::server::{ADMIN, Server};

/// Its head alone; the answer to it says that the body may come, and so that the request is being answered.
const HALF: &str = "POST /pets HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\
                    Expect: 100-continue\r\n\r\n";
const BODY: &[u8] = b"{\"name\": \"Rex\"}";

fn half(server: &Server) -> Client {
    let mut client = Client::connect(server.address);
    client.send(HALF.as_bytes());
    assert_eq!(client.answer(true).status, 100);
    client
}

/// Asks until this is the answer.
fn until(client: &mut Client, status: u16) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while client.ask("GET", "/pets", "").status != status {
        assert!(Instant::now() < deadline, "no {status}");
    }
}

#[test]
fn requests_beyond_the_limit_are_turned_away_at_once() {
    for driver in ["auto", "epoll"] {
        let arguments = [PETSTORE, "--concurrency", "2", "--driver", driver, "--validate-request=off"];
        let server = Server::start(&arguments);
        assert_eq!(get(server.address, "/pets").status, 200);
        let (mut one, two) = (half(&server), half(&server));
        let mut third = Client::connect(server.address);
        for _ in 0..2 {
            let refused = third.ask("GET", "/pets", "");
            assert_eq!((refused.status, refused.header("Retry-After")), (503, Some("1")), "{}", refused.head);
            assert_eq!(refused.header("Content-Type"), Some("application/problem+json"));
        }
        assert_eq!(
            third.ask("GET", "/__mocker/health", "").status,
            200,
            "who looks after the server is heard"
        );
        // Nobody waits for the body of what is refused.
        third.send(HALF.as_bytes());
        assert_eq!((third.answer(false).status, third.is_closed()), (503, true));
        one.send(BODY);
        assert_eq!(one.answer(false).status / 100, 2);
        assert_eq!(one.ask("GET", "/pets", "").status, 200, "its place is free");
        // A client that goes frees its place, as soon as that is seen.
        let _three = half(&server);
        drop(two);
        until(&mut one, 200);
    }
}

#[test]
fn the_place_of_a_request_that_came_too_slowly_is_free_at_once() {
    let server = Server::start(&[PETSTORE, "--concurrency", "1", "--body-timeout", "100ms"]);
    let mut slow = half(&server);
    assert_eq!(slow.answer(false).status, 408);
    // The connection is still there: its client neither reads on nor closes.
    assert_eq!(get(server.address, "/pets").status, 200);
}

#[test]
fn an_answer_that_waits_for_a_client_that_is_gone_is_given_up() {
    // One thread: what is answered at once does not meet others.
    let server = administered(&[PETSTORE, "--concurrency", "1", "--chaos-headers", "--threads", "1"]);
    let mut gone = Client::connect(server.address);
    gone.send(
        b"GET /pets HTTP/1.1\r\nHost: a\r\n\r\nGET /pets HTTP/1.1\r\nHost: a\r\nX-Mocker-Delay: 60s\r\n\r\n",
    );
    let mut other = Client::connect(server.address);
    until(&mut other, 503);
    gone.reset();
    until(&mut other, 200);
    let metrics = ask(server.admin(), "GET", "/metrics", None).text();
    let given_up = r#"mocker_requests_total{method="GET",route="/pets",status="none",scenario="(asked)"} 1"#;
    assert!(metrics.contains(given_up), "{metrics}");
}

#[test]
fn delayed_and_silent_requests_have_their_places() {
    // One thread: what is answered at once does not meet others.
    let server = Server::start(&[PETSTORE, "--concurrency", "1", "--chaos-headers", "--threads", "1"]);
    let mut other = Client::connect(server.address);
    let waiting = |fault: &str| {
        let mut waits = Client::connect(server.address);
        waits.send(format!("GET /pets HTTP/1.1\r\nHost: a\r\n{fault}\r\n\r\n").as_bytes());
        waits
    };
    let mut delayed = waiting("X-Mocker-Delay: 200ms");
    until(&mut other, 503);
    assert_eq!(delayed.answer(false).status, 200);
    assert_eq!(other.ask("GET", "/pets", "").status, 200);
    let silent = waiting("X-Mocker-Fault: timeout");
    until(&mut other, 503);
    drop(silent);
    until(&mut other, 200);
}

#[test]
fn two_servers_share_a_port_where_both_say_so() {
    let first = Server::start(&[PETSTORE, "--reuse-port", "--threads", "1"]);
    let port = first.address.port().to_string();
    let command = |flags: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
        command
            .args(["start", PETSTORE, "--host", "127.0.0.1", "--port", &port, "--threads", "1"])
            .args(flags);
        command
    };
    let refused = command(&[]).env(ADMIN, "off").output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("the port is taken"), "{said}");
    let second = Server::spawn(command(&["--reuse-port"]));
    assert_eq!(second.address, first.address);
    // The one takes over from the other without a gap.
    first.signal("TERM");
    assert!(first.wait().0.success());
    assert_eq!(get(second.address, "/pets").status, 200);
}

#[test]
fn limits_may_be_called_as_other_servers_call_them() {
    let folder = tempfile::tempdir().unwrap();
    let spec = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(PETSTORE);
    let file = |limits: &str| {
        let text = format!("specs: {}\nserver: {{{limits}}}\n", spec.display());
        std::fs::write(folder.path().join("mocker.yaml"), text).unwrap();
    };
    let command = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
        command.args(arguments).current_dir(&folder);
        command
    };
    let serving = |variables: &[(&str, &str)]| {
        let mut start = command(&["start", "--host", "127.0.0.1", "--port", "0"]);
        start.envs(variables.iter().copied());
        Server::spawn(start)
    };
    file("max_request_size: 15");
    let server = serving(&[("MOCKER_SERVER_MAX_CONNECTIONS_PER_IP", "1")]);
    let mut client = half(&server);
    assert!(Client::connect(server.address).is_closed(), "one connection of a client");
    client.send(BODY);
    assert_eq!(client.answer(false).status, 422, "it is read, and judged");
    client.send(HALF.replace("Length: 15", "Length: 16").as_bytes());
    assert_eq!(client.answer(false).status, 413);
    file("read_timeout: 100ms");
    let server = serving(&[]);
    assert_eq!(half(&server).answer(false).status, 408, "the body");
    let mut slow = Client::connect(server.address);
    slow.send(b"GET /pets HTTP/1.1\r\n");
    assert_eq!(slow.answer(false).status, 408, "the head");

    let shown = |variables: &[(&str, &str)]| {
        let mut show = command(&["config", "show"]);
        let output = show.envs(variables.iter().copied()).output().unwrap();
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        (output.status.code(), said)
    };
    file("max_request_size: 10MB, read_timeout: 5s");
    let (code, said) = shown(&[("MOCKER_SERVER_READ_TIMEOUT", "7")]);
    assert_eq!(code, Some(0), "{said}");
    for (name, value, origin) in [
        ("server.max_body_size", "10MB", "mocker.yaml:2:28"),
        ("server.head_timeout", "7s", "MOCKER_SERVER_READ_TIMEOUT"),
        ("server.body_timeout", "7s", "MOCKER_SERVER_READ_TIMEOUT"),
    ] {
        let row = said.lines().find(|line| line.starts_with(name)).unwrap();
        assert!(row.contains(value) && row.ends_with(origin), "{row}");
    }
    assert!(!said.contains("read_timeout ") && !said.contains("max_request_size"), "{said}");
    let (code, said) = shown(&[("MOCKER_SERVER_READ_TIMEOUT", "x"), ("MOCKER_SERVER_HEAD_TIMEOUT", "7")]);
    assert_eq!(code, Some(1), "{said}");
    let expected =
        "error: MOCKER_SERVER_HEAD_TIMEOUT and MOCKER_SERVER_READ_TIMEOUT are names of one setting";
    assert!(said.contains(expected), "{said}");
}
