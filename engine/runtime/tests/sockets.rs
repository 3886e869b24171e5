//! Exchanges over real sockets, on io_uring and on epoll.

#![allow(clippy::unwrap_used)]

mod harness;

use std::time::{Duration, Instant};

use harness::{Client, DRIVERS, LONG, TestServer};
use mocker_runtime::{Config, Driver, DriverChoice, End, Server, Timeouts, limits};

const SOON: Duration = Duration::from_millis(30);

#[test]
fn a_connection_is_kept_for_many_requests() {
    for driver in DRIVERS {
        let server = TestServer::start(driver, |_| {});
        let mut client = server.connect();
        for number in 0..100 {
            assert_eq!(client.ask(&format!("echo {number}")), number.to_string());
        }
        let report = server.stop();
        assert_eq!((report.end, report.counters.accepted, report.counters.active), (End::Drained, 1, 0));
    }
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    for driver in DRIVERS {
        let server = TestServer::start(driver, |_| {});
        let mut client = server.connect();
        let requests: String = (0..2000).map(|number| format!("echo {number}\n")).collect();
        client.send(requests);
        for number in 0..2000 {
            assert_eq!(client.line(), number.to_string());
        }
        server.stop();
    }
}

#[test]
fn requests_may_come_byte_by_byte() {
    for driver in DRIVERS {
        let server = TestServer::start(driver, |_| {});
        let mut client = server.connect();
        for byte in b"echo one\necho two\nbody 3\nabcecho three\n" {
            client.send([*byte]);
        }
        assert_eq!(
            [client.line(), client.line(), client.line(), client.line()],
            ["one", "two", "got 3", "three"]
        );
        server.stop();
    }
}

#[test]
fn a_request_larger_than_the_buffer_is_held_whole_and_the_buffer_shrinks_again() {
    for driver in DRIVERS {
        let server = TestServer::start(driver, |_| {});
        let mut client = server.connect();
        for size in [limits::READ_BUFFER - 10, limits::READ_BUFFER, 3 * limits::READ_BUFFER + 1, 1 << 20, 1] {
            client.send(format!("body {size}\n")).send(vec![b'b'; size]);
            assert_eq!(client.line(), format!("got {size}"));
        }
        server.stop();
    }
}

#[test]
fn a_request_larger_than_allowed_is_reset_at_the_edge() {
    const HEAD: usize = "body 00000\n".len();
    for driver in DRIVERS {
        let server = TestServer::start(driver, |config| config.max_input = 8192);
        let fits = 8192 - HEAD;
        let mut client = server.connect();
        client.send(format!("body {fits:05}\n")).send(vec![b'b'; fits]);
        assert_eq!(client.line(), format!("got {fits}"));
        client.send(format!("body {:05}\n", fits + 1)).send(vec![b'b'; fits]);
        assert!(client.is_closed());
        server.until("the reset", |counters| counters.aborted == 1);
        server.stop();
    }
}

#[test]
fn answers_larger_than_socket_buffers_arrive_whole() {
    for driver in DRIVERS {
        let server = TestServer::start(driver, |_| {});
        let mut client = server.connect();
        client.send("fill 30000000\necho done\n");
        assert!(client.take(30_000_000).iter().all(|&byte| byte == b'x'));
        assert_eq!(client.line(), "done");
        server.stop();
    }
}

#[test]
fn many_large_answers_in_one_read_are_sent_piece_by_piece() {
    for driver in DRIVERS {
        let server = TestServer::start(driver, |_| {});
        let mut client = server.connect();
        client.send("fill 50000\n".repeat(150)).send("echo done\n");
        client.take(50_000 * 150);
        assert_eq!(client.line(), "done");
        server.stop();
    }
}

#[test]
fn closing_in_order_delivers_the_answer_though_more_was_sent() {
    for driver in DRIVERS {
        let server = TestServer::start(driver, |config| config.timeouts.close = harness::PATIENCE);
        let mut client = server.connect();
        client.send("echo a\nclose\n").send(vec![b'z'; 10_000]);
        assert_eq!(client.end_writing().rest(), b"a\nbye\n");
        server.until("the close", |counters| counters.active == 0);
        server.stop();
    }
}

#[test]
fn a_client_that_never_closes_is_not_waited_for_long() {
    for driver in DRIVERS {
        let server = TestServer::start(driver, |config| config.timeouts.close = SOON);
        let mut client = server.connect();
        assert_eq!(client.ask("close"), "bye");
        server.until("the close", |counters| counters.active == 0);
        server.stop();
    }
}

#[test]
fn a_client_that_is_done_sending_still_gets_its_answers() {
    for driver in DRIVERS {
        let server = TestServer::start(driver, |_| {});
        let mut client = server.connect();
        assert_eq!(client.send("echo a\necho b\n").end_writing().rest(), b"a\nb\n");
        server.until("the close", |counters| counters.active == 0);
        server.stop();
    }
}

#[test]
fn an_abort_resets() {
    for driver in DRIVERS {
        let server = TestServer::start(driver, |_| {});
        let mut client = server.connect();
        let error = std::io::Read::read(client.send("abort\n").0.get_mut(), &mut [0]).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
        assert_eq!(server.stop().counters.aborted, 1);
    }
}

#[test]
fn a_service_that_makes_no_progress_is_cut_off() {
    for driver in DRIVERS {
        let server = TestServer::start(driver, |_| {});
        assert!(server.connect().send("stuck\n").is_closed());
        assert_eq!(server.stop().counters.aborted, 1);
    }
}

#[test]
fn a_panic_costs_its_connection_only() {
    for driver in DRIVERS {
        let server = TestServer::start(driver, |_| {});
        let mut other = server.connect();
        assert_eq!(other.ask("echo before"), "before");
        assert!(server.connect().send("panic\n").is_closed());
        assert_eq!(other.ask("echo after"), "after");
        assert_eq!(server.connect().ask("echo new"), "new");
        let report = server.stop();
        assert_eq!((report.end, report.counters.panics), (End::Drained, 1));
    }
}

#[test]
fn idle_connections_are_closed_in_time_and_not_before() {
    for driver in DRIVERS {
        let server = TestServer::start(driver, |config| config.timeouts.idle = SOON);
        let mut client = server.connect();
        let begun = std::time::Instant::now();
        assert_eq!(client.rest(), b"");
        assert!(begun.elapsed() >= SOON);
        server.until("the close", |counters| counters.active == 0 && counters.idle_timeouts == 1);
        server.stop();
    }
}

/// Busy connections read in a way that cannot be cancelled: their deadline and the server's end find them too.
#[test]
fn busy_connections_that_fall_silent_end_as_others_do() {
    const MANY: usize = 500; // more than a tick's worth of a busy connection, several times over
    for driver in DRIVERS {
        let server = TestServer::start(driver, |config| config.timeouts.idle = SOON);
        let mut client = server.connect();
        for number in 0..MANY {
            assert_eq!(client.ask(&format!("echo {number}")), number.to_string());
        }
        assert_eq!(client.rest(), b"");
        server.until("the close", |counters| counters.active == 0 && counters.idle_timeouts == 1);
        server.stop();

        let server = TestServer::start(driver, |_| {});
        let mut client = server.connect();
        for number in 0..MANY {
            assert_eq!(client.ask(&format!("echo {number}")), number.to_string());
        }
        server.handle.shutdown();
        assert_eq!(client.rest(), b"");
        assert_eq!(server.wait().end, End::Drained);
    }
}

#[test]
fn a_connection_that_gave_its_buffer_back_is_served_again() {
    for driver in DRIVERS {
        let server = TestServer::start(driver, |_| {});
        let mut client = server.connect();
        for number in 0..5 {
            assert_eq!(client.ask(&format!("echo {number}")), number.to_string());
            let parked = server.handle.counters().parked;
            server.until("the buffer", |counters| counters.parked > parked);
        }
        server.stop();
    }
}

#[test]
fn slow_requests_get_a_last_answer_however_they_dawdle() {
    for driver in DRIVERS {
        let soon = Timeouts { head: SOON, body: SOON, ..LONG };
        let server = TestServer::start(driver, |config| config.timeouts = soon);
        assert_eq!(server.connect().send("ec").rest(), b"late Head\n");
        assert_eq!(server.connect().send("echo a\nec").rest(), b"a\nlate Head\n");
        assert_eq!(server.connect().send("body 10\nabc").rest(), b"late Body\n");
        // A byte now and then gains nothing.
        let mut client = server.connect();
        client.0.get_ref().set_read_timeout(Some(Duration::from_millis(1))).unwrap();
        let mut answer = [0; 64];
        let answered = loop {
            let _ = std::io::Write::write(client.0.get_mut(), b"e");
            if let Ok(length) = std::io::Read::read(client.0.get_mut(), &mut answer) {
                break length;
            }
        };
        assert_eq!(&answer[..answered], b"late Head\n");
        assert_eq!(server.stop().counters.request_timeouts, 4);
    }
}

#[test]
fn a_client_that_does_not_read_is_reset() {
    for driver in DRIVERS {
        let server = TestServer::start(driver, |config| config.timeouts.write = SOON);
        let mut client = server.connect();
        client.send("fill 100000000\n");
        server.until("the reset", |counters| counters.write_timeouts == 1 && counters.active == 0);
        assert!(std::io::Read::read_to_end(&mut client.0, &mut Vec::new()).is_err(), "a reset");
        server.stop();
    }
}

#[test]
fn a_client_that_sends_and_never_reads_does_not_fill_memory() {
    for driver in DRIVERS {
        let server = TestServer::start(driver, |_| {});
        let client = server.connect();
        let mut stream = client.0.into_inner();
        stream.set_write_timeout(Some(Duration::from_millis(200))).unwrap();
        let requests = "fill 60000\n".repeat(1000);
        // Sending must come to a stop: the worker waits with parsing until its answers are read.
        let sent =
            (0..1000).take_while(|_| std::io::Write::write_all(&mut stream, requests.as_bytes()).is_ok());
        assert!(sent.count() < 1000);
        drop(stream);
        server.stop();
    }
}

#[test]
fn a_client_that_never_pauses_does_not_starve_others() {
    for driver in DRIVERS {
        let server = TestServer::start(driver, |_| {});
        let mut reader = server.connect();
        let mut writer = reader.0.get_ref().try_clone().unwrap();
        let control = writer.try_clone().unwrap();
        let flood = "echo a\n".repeat(2000);
        let writing =
            std::thread::spawn(
                move || while std::io::Write::write_all(&mut writer, flood.as_bytes()).is_ok() {},
            );
        let reading = std::thread::spawn(move || {
            let mut sink = vec![0; 1 << 16];
            while std::io::Read::read(&mut reader.0, &mut sink).is_ok_and(|length| length > 0) {}
        });
        let mut other = server.connect();
        (0..50).for_each(|number| assert_eq!(other.ask(&format!("echo {number}")), number.to_string()));
        control.shutdown(std::net::Shutdown::Both).unwrap();
        writing.join().unwrap();
        reading.join().unwrap();
        server.stop();
    }
}

#[test]
fn those_that_wait_to_be_accepted_do_not_wait_for_each_other() {
    const TURNS: usize = 300;
    for driver in DRIVERS {
        let server = TestServer::start(driver, |_| {});
        let mut busy = server.connect();
        assert_eq!(busy.ask("echo in"), "in");
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        busy.send(format!("stand {}\n{}", listener.local_addr().unwrap(), "turn\n".repeat(TURNS)));
        let (standing, _) = listener.accept().unwrap();
        let mut waiting: Vec<Client> = (0..100).map(|_| server.connect()).collect();
        for client in &mut waiting {
            client.send("turns\n");
        }
        let reader = std::thread::spawn(move || busy.take(TURNS * limits::OUTPUT_TARGET).len());
        drop(standing);
        let seen: Vec<usize> = waiting.iter_mut().map(|client| client.line().parse().unwrap()).collect();
        assert!(seen.iter().all(|&turns| turns < 80), "answered after so many turns of another: {seen:?}");
        reader.join().unwrap();
        server.stop();
    }
}

#[test]
fn connections_are_limited_in_all() {
    for driver in DRIVERS {
        let server = TestServer::start(driver, |config| config.max_connections = 2);
        let mut clients = [server.connect(), server.connect()];
        clients.iter_mut().for_each(|client| assert_eq!(client.ask("echo a"), "a"));
        assert!(server.connect().is_closed());
        server.until("the refusal", |counters| counters.refused == 1);
        drop(clients);
        server.until("room", |counters| counters.active == 0);
        assert_eq!(server.connect().ask("echo b"), "b");
        server.stop();
    }
}

#[test]
fn connections_are_limited_for_each_client() {
    for driver in DRIVERS {
        let server = TestServer::start(driver, |config| config.max_connections_per_client = Some(1));
        let mut client = server.connect();
        assert_eq!(client.ask("echo a"), "a");
        assert!(server.connect().is_closed());
        assert_eq!(client.ask("echo b"), "b");
        assert_eq!(server.stop().counters.refused, 1);
    }
}

#[test]
fn several_workers_share_a_port_evenly() {
    for driver in DRIVERS {
        let server = TestServer::start(driver, |config| config.threads = Some(4));
        let mut clients = Vec::new();
        for _ in 0..32 {
            let mut client = server.connect();
            assert_eq!(client.ask("echo a"), "a");
            clients.push(client);
        }
        let loads = server.handle.loads();
        assert_eq!(loads.iter().sum::<usize>(), 32);
        // Left to the kernel's hash, four workers nearly never come this close.
        assert!(loads.iter().all(|load| (5..=10).contains(load)), "{loads:?}");
        clients.iter_mut().for_each(|client| assert_eq!(client.ask("echo b"), "b"));
        assert_eq!(server.stop().counters.accepted, 32);
    }
}

#[test]
fn several_addresses_are_served() {
    let addresses = [[127, 0, 0, 1], [127, 0, 0, 2]].map(|ip| (ip, 0).into());
    let server = TestServer::start(DriverChoice::Auto, |config| config.addresses = addresses.to_vec());
    let port = server.address.port();
    for ip in [[127, 0, 0, 1], [127, 0, 0, 2]] {
        assert_eq!(Client::connect((ip, port).into()).ask("echo a"), "a");
    }
    server.stop();
}

#[test]
fn ipv6_is_served_where_there_is_any() {
    let config = Config {
        addresses: vec!["[::]:0".parse().unwrap()],
        threads: Some(2),
        timeouts: LONG,
        signals: false,
        ..Config::default()
    };
    let Ok(bound) = Server::bind(config) else {
        eprintln!("SKIPPED: this machine has no IPv6");
        return;
    };
    let port = bound.addresses()[0].port();
    let running = bound.start(|_| harness::Lines::new()).unwrap();
    let handle = running.handle();
    let thread = std::thread::spawn(|| running.wait());
    for address in ["[::1]:0", "127.0.0.1:0"] {
        let mut address: std::net::SocketAddr = address.parse().unwrap();
        address.set_port(port);
        assert_eq!(Client::connect(address).ask("echo a"), "a");
    }
    handle.shutdown();
    assert_eq!(thread.join().unwrap().end, End::Drained);
}

#[test]
fn ending_finishes_what_is_in_flight_and_closes_what_is_idle() {
    for driver in DRIVERS {
        let server = TestServer::start(driver, |config| config.threads = Some(2));
        let mut fresh = server.connect();
        let mut idle = server.connect();
        assert_eq!(idle.ask("echo a"), "a");
        let mut busy = server.connect();
        busy.send("echo a\nbody 3\nab");
        assert_eq!(busy.line(), "a");
        server.handle.shutdown();
        assert_eq!(idle.rest(), b"");
        assert_eq!(fresh.rest(), b"");
        let refused = loop {
            match std::net::TcpStream::connect(server.address) {
                Ok(_) => std::thread::yield_now(),
                Err(error) => break error,
            }
        };
        assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
        busy.send("cdraining\n");
        assert_eq!(busy.rest(), b"got 3\ntrue\n");
        assert_eq!(server.wait().end, End::Drained);
    }
}

#[test]
fn what_was_connected_before_the_end_is_answered() {
    for driver in DRIVERS {
        let server = TestServer::start(driver, |_| {});
        let mut idle = server.connect();
        assert_eq!(idle.ask("echo a"), "a");
        let mut fresh = server.connect();
        server.until("it is accepted", |counters| counters.accepted == 2);
        // While the worker does something else, the kernel makes connections that nobody has accepted.
        let gate = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let mut busy = server.connect();
        busy.send(format!("stand {}\n", gate.local_addr().unwrap()));
        let standing = gate.accept().unwrap();
        let mut waiting: Vec<_> = (0..100).map(|_| server.connect()).collect();
        server.handle.shutdown();
        drop(standing);
        assert_eq!(idle.rest(), b"", "it ends");
        assert_eq!(fresh.ask("draining"), "true");
        assert_eq!(fresh.rest(), b"");
        for client in &mut waiting {
            assert_eq!(client.ask("echo b"), "b");
            assert_eq!(client.rest(), b"");
        }
        drop(busy);
        assert_eq!(server.wait().end, End::Drained);
    }
}

/// What a service holds is let go when its server has ended: others may wait for that.
#[test]
fn services_end_with_their_server() {
    struct Held(std::sync::Arc<()>);
    impl mocker_runtime::Service for Held {
        type Connection = ();
        fn open(&self, _: std::net::SocketAddr) {}
        fn feed(&self, (): &mut (), input: &[u8], output: &mut Vec<u8>) -> mocker_runtime::Step {
            output.extend(input);
            let next = match input {
                b"a" => mocker_runtime::Next::Pause(Duration::from_millis(1)),
                _ => mocker_runtime::Next::Receive(mocker_runtime::Wait::Idle),
            };
            mocker_runtime::Step { consumed: input.len(), next }
        }
        fn expire(&self, (): &mut (), _: mocker_runtime::Wait, _: &mut Vec<u8>) {
            assert!(std::sync::Arc::strong_count(&self.0) > 0);
        }
        fn tick(&self) {}
    }
    for driver in DRIVERS {
        let held = std::sync::Arc::new(());
        let config = Config { driver, signals: false, ..Config::default() };
        let config = Config { addresses: vec!["127.0.0.1:0".parse().unwrap()], threads: Some(2), ..config };
        let running = Server::bind(config).unwrap();
        let address = running.addresses()[0];
        let service = std::sync::Arc::clone(&held);
        let running = running.start(move |_| Held(std::sync::Arc::clone(&service))).unwrap();
        let handle = running.handle();
        let thread = std::thread::spawn(|| running.wait());
        let mut client = Client::connect(address);
        assert_eq!(client.send("a").take(1), b"a");
        handle.shutdown();
        assert_eq!(thread.join().unwrap().end, End::Drained);
        assert_eq!(std::sync::Arc::strong_count(&held), 1);
    }
}

#[test]
fn a_pause_whose_client_is_gone_is_given_up() {
    for driver in DRIVERS {
        let server = TestServer::start(driver, |_| {});
        let mut gone = server.connect();
        gone.send("echo a\npause 3600000\necho b\n");
        // Closing with bytes unread resets the connection.
        server.until("it is accepted", |counters| counters.accepted == 1);
        assert_eq!(gone.0.get_ref().peek(&mut [0]).unwrap(), 1);
        drop(gone);
        server.until("it is given up", |counters| counters.active == 0);
        let mut silent = server.connect();
        silent.send("pause 100\necho c\n").end_writing();
        assert_eq!(silent.rest(), b"c\n", "who sends nothing more may still read");
        assert_eq!(server.stop().end, End::Drained);
    }
}

#[test]
fn a_pause_holds_back_what_follows_and_nobody_else() {
    for driver in DRIVERS {
        let server = TestServer::start(driver, |_| {});
        let mut slow = server.connect();
        let begun = Instant::now();
        slow.send("echo a\npause 500\necho b\npause 30\n");
        assert_eq!(slow.line(), "a");
        let mut other = server.connect();
        assert_eq!(other.ask("echo c"), "c");
        assert!(begun.elapsed() < Duration::from_millis(500), "{:?}", begun.elapsed());
        assert_eq!(slow.line(), "b");
        assert!(begun.elapsed() >= Duration::from_millis(500), "{:?}", begun.elapsed());
        assert_eq!(slow.ask("echo d"), "d");
        assert!(begun.elapsed() >= Duration::from_millis(530), "{:?}", begun.elapsed());
        server.stop();
    }
}

#[test]
fn pauses_end_in_the_order_of_their_times() {
    for driver in DRIVERS {
        let server = TestServer::start(driver, |_| {});
        let mut clients: Vec<_> = (0..200).map(|_| server.connect()).collect();
        let begun = Instant::now();
        for (number, client) in clients.iter_mut().enumerate() {
            client.send(format!("pause {}\necho {number}\n", 300 - number));
        }
        for (number, client) in clients.iter_mut().enumerate().rev() {
            assert_eq!(client.line(), number.to_string());
            assert!(begun.elapsed() >= Duration::from_millis(300 - number as u64));
        }
        server.stop();
    }
}

#[test]
fn ending_lets_pauses_end_until_its_deadline() {
    for driver in DRIVERS {
        let server = TestServer::start(driver, |_| {});
        let mut slow = server.connect();
        slow.send("echo a\npause 60\necho b\n");
        assert_eq!(slow.line(), "a");
        server.handle.shutdown();
        assert_eq!(slow.rest(), b"b\n");
        assert_eq!(server.wait().end, End::Drained);

        let server = TestServer::start(driver, |config| config.timeouts.drain = SOON);
        let mut slow = server.connect();
        slow.send("echo a\npause 3600000\necho b\n");
        assert_eq!(slow.line(), "a");
        assert_eq!(server.stop().end, End::DeadlinePassed);
        assert!(slow.is_closed());
    }
}

#[test]
fn one_that_paused_and_says_nothing_is_ended_like_others() {
    for driver in DRIVERS {
        let server = TestServer::start(driver, |_| {});
        let mut slow = server.connect();
        slow.send("pause 30\n");
        let mut other = server.connect();
        // Each turn that another connection takes, the first may have its own.
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_millis(60) {
            assert_eq!(other.ask("echo c"), "c");
        }
        drop(other);
        let begun = Instant::now();
        let report = server.stop();
        assert_eq!(report.end, End::Drained);
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    }
}

#[test]
fn ending_does_not_wait_longer_than_its_deadline() {
    for driver in DRIVERS {
        let server = TestServer::start(driver, |config| config.timeouts.drain = SOON);
        let mut busy = server.connect();
        busy.send("echo a\nbody 3\nab");
        assert_eq!(busy.line(), "a");
        let report = server.stop();
        assert_eq!((report.end, report.counters.active), (End::DeadlinePassed, 0));
        assert!(busy.is_closed());
    }
}

#[test]
fn asking_twice_ends_at_once() {
    for driver in DRIVERS {
        let server = TestServer::start(driver, |_| {});
        let mut busy = server.connect();
        busy.send("echo a\nbody 3\nab");
        assert_eq!(busy.line(), "a");
        server.handle.shutdown();
        server.handle.shutdown();
        assert_eq!(server.wait().end, End::Forced);
    }
}

#[test]
fn the_driver_is_what_was_asked_for() {
    let start = |driver| {
        let config = Config {
            addresses: vec![([127, 0, 0, 1], 0).into()],
            threads: Some(1),
            signals: false,
            timeouts: LONG,
            driver,
            ..Config::default()
        };
        let running = Server::bind(config).unwrap().start(|_| harness::Lines::new()).unwrap();
        let driver = running.driver().clone();
        running.handle().shutdown();
        assert_eq!(running.wait().end, End::Drained);
        driver
    };
    assert_eq!(start(DriverChoice::Epoll), Driver::Epoll(None));
    let automatic = start(DriverChoice::Auto);
    assert!(matches!(automatic, Driver::Uring(_) | Driver::Epoll(Some(_))), "{automatic}");
}

#[test]
fn a_service_that_cannot_be_made_is_an_error_and_frees_the_port() {
    let config = Config {
        addresses: vec![([127, 0, 0, 1], 0).into()],
        threads: Some(2),
        signals: false,
        ..Config::default()
    };
    let bound = Server::bind(config).unwrap();
    let address = bound.addresses()[0];
    let error = bound
        .start(|worker| if worker == 1 { panic!("on purpose") } else { harness::Lines::new() })
        .unwrap_err();
    assert_eq!(error.to_string(), "cannot start worker 1: it panicked");
    std::net::TcpListener::bind(address).unwrap();
}
