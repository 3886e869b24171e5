//! The simplest client: a socket, a request, one answer at a time.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let line =
            self.head.lines().skip(1).find(|line| {
                line.split_once(':').is_some_and(|(field, _)| field.eq_ignore_ascii_case(name))
            })?;
        Some(line.split_once(':')?.1.trim())
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {:?}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

pub struct Client {
    stream: TcpStream,
    unread: Vec<u8>,
}

impl Client {
    pub fn connect(address: SocketAddr) -> Client {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.set_nodelay(true).unwrap();
        Client { stream, unread: Vec::new() }
    }

    /// Closes with the answer unread, once it is here: the server is told that the connection is broken.
    pub fn reset(self) {
        assert_eq!(self.stream.peek(&mut [0]).unwrap(), 1);
    }

    pub fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).unwrap();
    }

    /// A request without a body, on this connection.
    pub fn ask(&mut self, method: &str, target: &str, fields: &str) -> Answer {
        self.send(format!("{method} {target} HTTP/1.1\r\nHost: test\r\n{fields}\r\n").as_bytes());
        self.answer(method == "HEAD")
    }

    /// Reads one answer. `head_only`: it is one to HEAD.
    pub fn answer(&mut self, head_only: bool) -> Answer {
        let end = loop {
            if let Some(at) = self.unread.windows(4).position(|window| window == b"\r\n\r\n") {
                break at + 4;
            }
            assert!(self.read(), "closed within a head: {:?}", String::from_utf8_lossy(&self.unread));
        };
        let head = String::from_utf8(self.unread.drain(..end).collect()).unwrap();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
        let mut answer = Answer { status, head, body: Vec::new() };
        if !head_only {
            let length = answer.header("content-length").map_or(0, |length| length.parse().unwrap());
            while self.unread.len() < length {
                assert!(self.read(), "closed within a body");
            }
            answer.body = self.unread.drain(..length).collect();
        }
        answer
    }

    /// Whether the server has closed, with nothing more to read.
    pub fn is_closed(&mut self) -> bool {
        self.unread.is_empty() && !self.read()
    }

    fn read(&mut self) -> bool {
        let mut buffer = [0; 4096];
        match self.stream.read(&mut buffer) {
            Ok(0) => false,
            Ok(length) => {
                self.unread.extend_from_slice(&buffer[..length]);
                true
            }
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => false,
            Err(error) => panic!("nothing came: {error}"),
        }
    }
}

/// One GET on a connection of its own.
pub fn get(address: SocketAddr, target: &str) -> Answer {
    Client::connect(address).ask("GET", target, "")
}
