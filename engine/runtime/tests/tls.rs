//! Exchanges over TLS, on io_uring and on epoll.

#![allow(clippy::unwrap_used)]

mod harness;
mod tls_client;

use std::{
    io::{ErrorKind, Read, Write},
    sync::Arc,
    time::Duration,
};

use harness::{DRIVERS, LONG, PATIENCE, TestServer};
use mocker_runtime::{DriverChoice, End, Timeouts, limits, tls::Credentials};
use rustls::HandshakeKind;
use tls_client::{Authority, TlsClient, VERSIONS};

const SOON: Duration = Duration::from_millis(30);

fn start(authority: &Authority, driver: DriverChoice, timeouts: Timeouts) -> TestServer {
    let credentials = Arc::new(Credentials::new(authority.server()));
    TestServer::start(driver, |config| {
        config.tls = Some(credentials);
        config.timeouts = timeouts;
    })
}

/// A server and clients of each version, on each driver.
fn each(timeouts: Timeouts, test: impl Fn(&TestServer, &dyn Fn() -> TlsClient)) {
    let authority = Authority::new();
    for driver in DRIVERS {
        for version in VERSIONS {
            let server = start(&authority, driver, timeouts);
            let client = authority.client(version);
            test(&server, &|| TlsClient::connect(server.address, Arc::clone(&client)));
            let report = server.stop();
            assert_eq!((report.end, report.counters.panics), (End::Drained, 0), "{driver:?} {version:?}");
        }
    }
}

#[test]
fn a_connection_is_kept_for_many_requests() {
    each(LONG, |server, connect| {
        let mut client = connect();
        for number in 0..100 {
            assert_eq!(client.ask(&format!("echo {number}")), number.to_string());
        }
        assert_eq!(server.handle.counters().accepted, 1);
    });
}

#[test]
fn pipelined_requests_are_answered_in_order_and_together() {
    each(LONG, |_, connect| {
        let mut client = connect();
        client.send("echo 0\n".repeat(3));
        assert_eq!([client.line(), client.line(), client.line()], ["0"; 3]);
        let requests: String = (0..2000).map(|number| format!("echo {number}\n")).collect();
        client.send(requests);
        for number in 0..2000 {
            assert_eq!(client.line(), number.to_string());
        }
    });
}

#[test]
fn requests_may_come_in_a_record_for_each_byte() {
    each(LONG, |_, connect| {
        let mut client = connect();
        for byte in b"echo one\necho two\nbody 3\nabcecho three\n" {
            client.send([*byte]);
        }
        let lines = [client.line(), client.line(), client.line(), client.line()];
        assert_eq!(lines, ["one", "two", "got 3", "three"]);
    });
}

#[test]
fn records_may_come_byte_by_byte() {
    each(LONG, |_, connect| {
        let mut client = connect();
        client.trickle("echo one\nbody 9\nabcdefghi");
        assert_eq!([client.line(), client.line()], ["one", "got 9"]);
    });
}

#[test]
fn bodies_and_answers_may_fill_many_records() {
    each(LONG, |_, connect| {
        let mut client = connect();
        for size in [1, limits::RECORD_BYTES - 8, limits::RECORD_BYTES, limits::RECORD_BYTES + 1, 3 << 20] {
            client.send(format!("body {size}\n")).send(vec![b'b'; size]);
            assert_eq!(client.line(), format!("got {size}"));
            client.send(format!("fill {size}\necho done\n"));
            assert!(client.take(size).iter().all(|&byte| byte == b'x'));
            assert_eq!(client.line(), "done");
        }
        client.send("fill 50000\n".repeat(40)).send("echo done\n");
        client.take(50_000 * 40);
        assert_eq!(client.line(), "done");
    });
}

#[test]
fn keys_may_be_renewed_within_a_connection() {
    let authority = Authority::new();
    for driver in DRIVERS {
        let server = start(&authority, driver, LONG);
        let mut client = TlsClient::connect(server.address, authority.client(VERSIONS[1]));
        for number in 0..5 {
            assert_eq!(client.ask(&format!("echo {number}")), number.to_string());
            client.renew_keys();
        }
        client.renew_keys();
        assert_eq!(client.end().rest().unwrap(), b"");
        server.stop();
    }
}

#[test]
fn what_is_not_consumed_has_a_limit() {
    const HEAD: usize = "body 00000\n".len();
    let authority = Authority::new();
    for driver in DRIVERS {
        let credentials = Arc::new(Credentials::new(authority.server()));
        let server = TestServer::start(driver, |config| {
            config.tls = Some(credentials);
            config.max_input = 8192;
        });
        let fits = 8192 - HEAD;
        let mut client = TlsClient::connect(server.address, authority.client(VERSIONS[1]));
        client.send(format!("body {fits:05}\n")).send(vec![b'b'; fits]);
        assert_eq!(client.line(), format!("got {fits}"));
        client.send(format!("body {:05}\n", fits + 1)).send(vec![b'b'; fits]);
        assert_eq!(client.error(), ErrorKind::ConnectionReset);
        server.until("the reset", |counters| counters.aborted == 1);
        server.stop();
    }
}

#[test]
fn who_closes_says_so() {
    each(LONG, |_, connect| {
        // rustls reports an end that was not announced as an error.
        assert_eq!(connect().send("echo a\nclose\n").rest().unwrap(), b"a\nbye\n");
        let mut client = connect();
        assert_eq!(client.send("echo a\n").end().rest().unwrap(), b"a\n", "the client closes first");
    });
}

#[test]
fn idle_and_draining_connections_are_told_the_end() {
    each(Timeouts { idle: SOON, ..LONG }, |server, connect| {
        let mut client = connect();
        assert_eq!(client.ask("echo a"), "a");
        assert_eq!(client.rest().unwrap(), b"");
        server.until("the close", |counters| counters.idle_timeouts == 1);
    });
    let authority = Authority::new();
    for driver in DRIVERS {
        let server = start(&authority, driver, LONG);
        let mut clients: Vec<TlsClient> =
            (0..3).map(|_| TlsClient::connect(server.address, authority.client(VERSIONS[1]))).collect();
        assert_eq!(clients[0].ask("echo a"), "a");
        clients[1].ask("echo a");
        server.until("a parked connection", |counters| counters.parked > 0);
        clients[2].send("pause 20\necho b\n");
        server.handle.shutdown();
        assert_eq!(clients[2].line(), "b");
        assert!(clients.iter_mut().all(|client| client.rest().is_ok_and(|rest| rest.is_empty())));
        assert_eq!(server.wait().end, End::Drained);
    }
}

#[test]
fn parked_connections_go_on() {
    each(LONG, |server, connect| {
        let mut client = connect();
        for round in 1..4 {
            assert_eq!(client.ask("echo a"), "a");
            server.until("the parking", |counters| counters.parked >= round);
        }
    });
}

#[test]
fn an_abort_resets() {
    each(LONG, |_, connect| {
        assert_eq!(connect().send("abort\n").error(), ErrorKind::ConnectionReset);
    });
}

#[test]
fn what_comes_in_a_pause_is_answered_behind_it() {
    each(LONG, |_, connect| {
        let mut client = connect();
        client.send("echo a\npause 20\necho b\n").send("echo c\n");
        assert_eq!([client.line(), client.line(), client.line()], ["a", "b", "c"]);
    });
}

#[test]
fn a_handshake_may_come_byte_by_byte() {
    each(LONG, |_, connect| {
        let mut client = connect();
        client.is_slow = true;
        assert_eq!(client.ask("echo a"), "a");
    });
}

#[test]
fn a_handshake_that_stops_is_ended_by_its_own_time() {
    let authority = Authority::new();
    for driver in DRIVERS {
        let server = start(&authority, driver, Timeouts { handshake: SOON, ..LONG });
        let hello = authority.hello();
        for part in [0, 1, 5, hello.len() / 2, hello.len()] {
            let mut client = server.connect();
            client.send(&hello[..part]);
            // Behind a whole hello comes an answer.
            assert_eq!(client.rest().is_empty(), part < hello.len(), "{part} bytes");
        }
        server.until("the ends", |counters| counters.handshake_timeouts == 5);
        server.stop();
    }
}

#[test]
fn part_of_a_record_is_part_of_a_request() {
    each(Timeouts { head: SOON, ..LONG }, |server, connect| {
        let mut client = connect();
        assert_eq!(client.ask("echo a"), "a");
        let record = client.record("echo b\n");
        client.socket().write_all(&record[..record.len() - 1]).unwrap();
        assert_eq!(client.rest().unwrap(), b"late Head\n");
        server.until("the end", |counters| counters.request_timeouts == 1);
    });
}

#[test]
fn who_does_not_speak_tls_is_told_so() {
    let authority = Authority::new();
    for driver in DRIVERS {
        let server = start(&authority, driver, LONG);
        let mut client = server.connect();
        assert_eq!(client.send("echo a\necho b\n").end_writing().rest(), b"speak TLS\n");
        let mut client = server.connect();
        let alert = client.send([0x80; 40]).end_writing().rest();
        assert_eq!((alert[0], alert[5], alert.len()), (21, 2, 7), "{alert:?}");
        let mut hello = authority.hello();
        hello[9..].fill(0xff);
        let alert = server.connect().send(hello).end_writing().rest();
        assert_eq!((alert[0], alert[5]), (21, 2), "an alert that is fatal: {alert:?}");
        let report = server.stop();
        assert_eq!(report.counters.panics, 0);
    }
}

/// A message of 64 KiB in records of one byte each: what the client may send of it before it is whole.
#[test]
fn a_handshake_in_the_smallest_records_has_a_limit() {
    let authority = Authority::new();
    let record = |byte: u8| [22, 3, 1, 0, 1, byte];
    let header = [1, 0, 0xff, 0xf0].map(record).concat();
    let edge = limits::HANDSHAKE_BYTES / 6 * 6;
    for driver in DRIVERS {
        let server = start(&authority, driver, LONG);
        let mut client = server.connect();
        client.send([header.clone(), record(0).repeat(edge / 6 - 4)].concat());
        server.until("the client", |counters| counters.accepted == 1);
        client.0.get_ref().set_read_timeout(Some(SOON)).unwrap();
        assert!(client.0.get_mut().read(&mut [0]).is_err_and(|error| error.kind() == ErrorKind::WouldBlock));
        client.0.get_ref().set_read_timeout(Some(PATIENCE)).unwrap();
        client.send(record(0));
        assert!(client.is_closed());
        server.until("the reset", |counters| counters.aborted == 1);
        server.stop();
    }
}

#[test]
fn sessions_are_taken_up_again_until_the_credentials_change() {
    for version in VERSIONS {
        let authority = Authority::new();
        let credentials = Arc::new(Credentials::new(authority.server()));
        let server =
            TestServer::start(DriverChoice::Auto, |config| config.tls = Some(Arc::clone(&credentials)));
        let client = authority.client(version);
        let kind = || {
            let mut client = TlsClient::connect(server.address, Arc::clone(&client));
            assert_eq!(client.ask("echo a"), "a");
            client.kind()
        };
        assert_eq!([kind(), kind()], [HandshakeKind::Full, HandshakeKind::Resumed], "{version:?}");
        let mut old = TlsClient::connect(server.address, Arc::clone(&client));
        assert_eq!(old.ask("echo a"), "a");
        let before = old.certificate();
        credentials.replace(authority.server());
        assert_eq!(kind(), HandshakeKind::Full, "{version:?}");
        let mut new = TlsClient::connect(server.address, authority.client(version));
        assert_eq!([old.ask("echo a"), new.ask("echo b")], ["a", "b"]);
        assert_ne!(before, new.certificate());
        server.stop();
    }
}

#[test]
fn clients_without_the_certificate_that_is_asked_for_get_nothing() {
    let authority = Authority::new();
    for driver in DRIVERS {
        for version in VERSIONS {
            let credentials = Arc::new(Credentials::new(authority.server_for_known()));
            let server = TestServer::start(driver, |config| config.tls = Some(credentials));
            let mut known = TlsClient::connect(server.address, authority.known_client(version));
            assert_eq!(known.ask("echo a"), "a");
            let mut stranger = TlsClient::connect(server.address, authority.client(version));
            assert!(stranger.try_ask("echo a").is_err());
            let mut pretender =
                TlsClient::connect(server.address, Authority::new().pretending(&authority, version));
            assert!(pretender.try_ask("echo a").is_err());
            server.stop();
        }
    }
}
