//! The cases of `specs/http` over real sockets: the bytes as they stand, and cut into single bytes.

mod cases;

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

use cases::{Answer, Case, Ending, Step};

use crate::server::Server;

/// Longest case that is sent in single bytes.
const BYTEWISE: usize = 400;

fn run(play: impl Fn(&Case, SocketAddr)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs/http");
    let document = folder.join("openapi.yaml");
    let document = document.to_str().unwrap();
    // The cases are about HTTP: a body that no operation asked for is read like any other.
    let server = Server::start(&["--spec", document, "--threads", "1", "--validate-request=off"]);
    let cases = cases::load(&folder);
    assert!(cases.len() >= 70, "only {} cases", cases.len());
    let failed: Vec<&str> = cases
        .iter()
        .filter(|case| {
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| play(case, server.address))).is_err()
        })
        .map(|case| case.name.as_str())
        .collect();
    assert!(failed.is_empty(), "{} of {} cases failed: {failed:?}", failed.len(), cases.len());
}

#[test]
fn cases_over_sockets() {
    run(|case, address| play(case, address, usize::MAX));
}

#[test]
fn cases_over_sockets_byte_by_byte() {
    run(|case, address| {
        if case.sent().len() <= BYTEWISE {
            play(case, address, 1);
        }
    });
}

/// One conversation with the server.
struct Peer<'c> {
    name: &'c str,
    stream: TcpStream,
    unread: Vec<u8>,
}

fn play(case: &Case, address: SocketAddr, piece: usize) {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let mut peer = Peer { name: &case.name, stream, unread: Vec::new() };
    let mut heads = head_requests(case).into_iter();
    for step in &case.steps {
        match step {
            Step::Send(bytes) => peer.send(bytes, piece),
            Step::Expect(answer) => {
                let to_head = answer.status != "100" && heads.next().unwrap_or(false);
                peer.expect(answer, to_head);
            }
        }
    }
    peer.end(case.ending);
}

/// Which of the answers are to `HEAD`: those whose case sends one and allows no body.
fn head_requests(case: &Case) -> Vec<bool> {
    let sends_head = case.sent().starts_with(b"HEAD ");
    case.answers().map(|answer| sends_head && answer.body.as_deref() == Some(b"")).collect()
}

impl Peer<'_> {
    /// The server may close before it has read everything.
    fn send(&mut self, bytes: &[u8], piece: usize) {
        for piece in bytes.chunks(piece.min(bytes.len().max(1))) {
            match self.stream.write_all(piece) {
                Ok(()) => {}
                Err(error) if matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset) => {
                    return;
                }
                Err(error) => panic!("{}: {error}", self.name),
            }
        }
    }

    fn expect(&mut self, answer: &Answer, to_head: bool) {
        let (name, expected) = (self.name, &answer.status);
        let head = self.head().unwrap_or_else(|| panic!("{name}: closed instead of {expected}"));
        let status: u16 = head.get(9..12).and_then(|status| status.parse().ok()).unwrap();
        assert!(
            head.starts_with("HTTP/1.1 ") && answer.allows(status),
            "{name}: {expected} expected, got {head}"
        );
        for (field, value) in &answer.fields {
            let is = field_of(&head, field);
            assert_eq!(
                is.map(str::to_ascii_lowercase),
                value.as_deref().map(str::to_ascii_lowercase),
                "{name}: {field}"
            );
        }
        assert_eq!(field_of(&head, "Date").is_some(), status >= 200, "{name}: {head}");
        let length = field_of(&head, "Content-Length").map_or(0, |length| length.parse().unwrap());
        let body = self.body(if to_head { 0 } else { length });
        if let Some(expected) = &answer.body {
            assert_eq!(body.escape_ascii().to_string(), expected.escape_ascii().to_string(), "{name}");
        }
    }

    fn head(&mut self) -> Option<String> {
        loop {
            if let Some(at) = self.unread.windows(4).position(|window| window == b"\r\n\r\n") {
                return Some(String::from_utf8(self.unread.drain(..at + 4).collect()).unwrap());
            }
            if !self.read() {
                assert!(self.unread.is_empty(), "{}: closed within a head", self.name);
                return None;
            }
        }
    }

    fn body(&mut self, length: usize) -> Vec<u8> {
        while self.unread.len() < length {
            assert!(self.read(), "{}: closed within a body", self.name);
        }
        self.unread.drain(..length).collect()
    }

    /// Asks once more where the connection must be open; else the server must close without another word, at once
    /// or when nothing more can come.
    fn end(&mut self, ending: Ending) {
        match ending {
            Ending::Open => {
                self.send(b"GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n", usize::MAX);
                assert!(
                    self.head().is_some_and(|head| head.starts_with("HTTP/1.1 200 ")),
                    "{}: not open",
                    self.name
                );
                return;
            }
            Ending::Waiting => self.stream.shutdown(Shutdown::Write).unwrap(),
            Ending::Closed => {}
        }
        let more = self.read();
        assert!(!more && self.unread.is_empty(), "{}: {}", self.name, self.unread.escape_ascii());
    }

    fn read(&mut self) -> bool {
        let mut buffer = [0; 4096];
        match self.stream.read(&mut buffer) {
            Ok(length) => {
                self.unread.extend_from_slice(&buffer[..length]);
                length > 0
            }
            Err(error) if error.kind() == ErrorKind::ConnectionReset => false,
            Err(error) => panic!("{}: nothing came: {error}", self.name),
        }
    }
}

fn field_of<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let lines = head.split("\r\n").skip(1).filter_map(|line| line.split_once(':'));
    lines.filter(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
}
