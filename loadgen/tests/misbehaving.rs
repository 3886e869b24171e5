//! What is seen of servers that misbehave.
#![allow(clippy::unwrap_used)]

mod server;

use std::{
    net::TcpListener,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    thread,
};

use mocker_loadgen::{drive::Fault, record::ErrorClass};
use server::{
    OK, always, check, closed, drive, errors, milliseconds, open, operation, response, send, serve, service,
};

#[test]
fn a_stall_is_seen_by_all_that_were_due_in_it() {
    // Of 1000 requests, 300 are due while the server stands still for 300 ms; the first waits for all of it.
    let requests = Mutex::new(0);
    let address = serve(move |_, mut peer| {
        while peer.read() {
            let mut requests = requests.lock().unwrap();
            *requests += 1;
            if *requests == 400 {
                thread::sleep(milliseconds(300));
            }
            drop(requests);
            peer.write(OK);
        }
    });
    let run = drive(&open(1_000.0, 1_000, 8), address);
    assert_eq!((run.record.counts.sent, run.record.counts.unsent), (1_000, 0));
    assert_eq!(run.record.counts.completed, 1_000);
    assert!(response(&run, 1.0) >= 299.0, "{}", response(&run, 1.0));
    for (quantile, least) in [(0.99, 289.0), (0.85, 149.0), (0.75, 49.0)] {
        let seen = response(&run, quantile);
        assert!((least..least + 120.0).contains(&seen), "{quantile}: {seen} ms");
    }
    // Only those that were on their way when it began have seen it by the clock of the wire.
    assert!(service(&run, 1.0) >= 299.0 && service(&run, 0.97) < 100.0, "{}", service(&run, 0.97));
    // Waiting was the server's fault: all connections were busy.
    let at = |quantile| run.record.conn_wait.value_at_quantile(quantile) as f64 / 1e6;
    assert!(at(0.99) >= 280.0, "{}", at(0.99));
    assert!(run.most_in_flight == 8 && run.in_flight > 2.0);
}

#[test]
fn answers_that_say_they_close_are_no_errors() {
    let address = serve(|_, mut peer| {
        peer.read();
        peer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
    });
    let run = drive(&closed(10_000, Some(40), 2), address);
    assert_eq!((run.record.counts.completed, run.record.counts.failed()), (40, 0));
    assert!(run.record.connect.len() >= 40, "a connection each");
    let address = serve(|_, mut peer| {
        peer.read();
        peer.write(b"HTTP/1.0 200 OK\r\n\r\nuntil the end");
    });
    let run = drive(&closed(10_000, Some(40), 2), address);
    assert_eq!((run.record.counts.completed, run.record.counts.failed()), (40, 0));
    assert_eq!(run.record.counts.received, 40 * 32);
}

#[test]
fn connections_that_end_without_a_word_lose_the_next_request() {
    let address = serve(|_, mut peer| {
        peer.read();
        peer.write(OK);
    });
    let run = drive(&closed(10_000, Some(40), 2), address);
    let lost = errors(&run, ErrorClass::Reset);
    assert_eq!(run.record.counts.completed + lost, 40);
    assert!((19..=20).contains(&lost), "every second request of a connection, {lost}");
    assert_eq!(run.record.counts.failed(), lost);
}

#[test]
fn connections_that_ended_while_nothing_was_to_be_sent_are_made_anew() {
    let address = serve(|_, mut peer| {
        peer.read();
        peer.write(OK);
    });
    let run = drive(&open(5.0, 1_000, 2), address);
    assert_eq!((run.record.counts.completed, run.record.counts.failed()), (5, 0));
    assert!(run.record.connect.len() >= 5);
}

#[test]
fn half_an_answer_is_a_reset() {
    let address = serve(|_, mut peer| {
        peer.read();
        peer.write(&OK[..OK.len() - 1]);
    });
    let run = drive(&closed(10_000, Some(20), 2), address);
    assert_eq!((run.record.counts.completed, errors(&run, ErrorClass::Reset)), (0, 20));
    let address = serve(|_, mut peer| {
        peer.read();
        peer.write(b"HTTP/1.1 200 OK\r\nContent-");
    });
    let run = drive(&open(100.0, 200, 2), address);
    assert_eq!((run.record.counts.completed, errors(&run, ErrorClass::Reset)), (0, 20));
}

#[test]
fn garbage_is_no_http() {
    for garbage in
        [&b"SSH-2.0-OpenSSH_9.6\r\n"[..], b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", b"\x16\x03\x01"]
    {
        let run = drive(&closed(10_000, Some(20), 2), always(garbage));
        assert_eq!(errors(&run, ErrorClass::Protocol), 20, "{}", garbage.escape_ascii());
        assert_eq!(run.record.counts.failed(), 20);
    }
}

#[test]
fn failures_that_are_expected_are_no_errors() {
    let missing = always(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    for (expected, failed) in
        [(vec![], 30), (vec![404..=404], 0), (vec![500..=599, 400..=499], 0), (vec![410..=410], 30)]
    {
        let operation = mocker_loadgen::scenario::Operation { expected, ..operation("GET", 1.0) };
        let run = send(vec![operation], &closed(10_000, Some(30), 2), missing).unwrap();
        check(&run);
        assert_eq!((run.record.counts.failed(), errors(&run, ErrorClass::Status)), (failed, failed));
        assert_eq!(run.record.counts.statuses.get(&404), Some(&30));
    }
}

#[test]
fn nobody_there_is_said_at_once() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    for load in [closed(10_000, None, 4), open(100.0, 10_000, 4)] {
        let fault = send(vec![operation("GET", 1.0)], &load, address).unwrap_err();
        assert!(matches!(fault, Fault::Unreachable { .. }));
        assert_eq!(
            fault.to_string(),
            format!("cannot connect to {address}: Connection refused (os error 111)")
        );
    }
}

#[test]
fn a_server_that_goes_away_is_asked_again_with_pauses() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let connections: Vec<_> = (0..2).map(|_| listener.accept().unwrap()).collect();
        drop(listener);
        // Reads what comes, so that the end is seen as one.
        for (mut stream, _) in connections {
            let _ = std::io::Read::read(&mut stream, &mut [0; 1024]);
        }
    });
    let run = drive(&open(100.0, 700, 2), address);
    let refused = errors(&run, ErrorClass::Connect);
    assert!((4..=40).contains(&refused), "{refused}");
    assert_eq!((run.record.counts.sent, errors(&run, ErrorClass::Reset)), (2, 2));
    assert_eq!(run.record.counts.unsent, 68);
    // What was never sent is in the latencies, with the age it had at the end.
    assert!(response(&run, 1.0) >= 600.0, "{}", response(&run, 1.0));
}

#[test]
fn timeouts_have_their_full_age() {
    let address = serve(|_, mut peer| while peer.read() {});
    let mut load = open(20.0, 500, 4);
    load.timeout = milliseconds(250);
    let run = drive(&load, address);
    let counts = &run.record.counts;
    assert_eq!((counts.scheduled, counts.completed), (10, 0));
    assert_eq!((errors(&run, ErrorClass::Timeout), counts.failed()), (counts.sent, counts.sent));
    assert!(counts.sent >= 4);
    assert!(run.record.service.min() >= 249_000_000, "{}", run.record.service.min());
    assert!(service(&run, 1.0) < 700.0, "{}", service(&run, 1.0));
    let second = run.record.seconds[0].response.len();
    assert_eq!(second, 10);
}

#[test]
fn an_answer_that_begins_and_never_ends_times_out() {
    let address = always(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun");
    let mut load = closed(300, Some(2), 2);
    load.timeout = milliseconds(200);
    let run = drive(&load, address);
    assert_eq!((errors(&run, ErrorClass::Timeout), run.record.counts.sent), (2, 2));
}

#[test]
fn a_slow_start_is_left_to_the_warm_up() {
    let address = serve(|_, mut peer| {
        peer.read();
        thread::sleep(milliseconds(400));
        peer.write(OK);
        while peer.read() {
            peer.write(OK);
        }
    });
    let mut load = open(100.0, 500, 3);
    load.warmup = milliseconds(600);
    let run = drive(&load, address);
    assert_eq!((run.record.counts.warmup, run.record.counts.sent), (60, 50));
    assert!(response(&run, 1.0) < 399.0, "{}", response(&run, 1.0));
}

#[test]
fn what_was_never_sent_is_counted_with_its_age() {
    // One connection and 50 ms a request: 20 a second of 200.
    let address = serve(|_, mut peer| {
        while peer.read() {
            thread::sleep(milliseconds(50));
            peer.write(OK);
        }
    });
    let run = drive(&open(200.0, 500, 1), address);
    let counts = &run.record.counts;
    assert_eq!((counts.scheduled, counts.completed), (100, counts.sent));
    // If its last were released late, a tenth of a second more.
    assert!((4..=13).contains(&counts.sent), "{}", counts.sent);
    // The oldest of the queue was due shortly after those that were sent.
    assert!(response(&run, 1.0) > 400.0 && run.record.response.len() == 100);
}

#[test]
fn failing_statuses_are_errors_and_answers() {
    let table: [(&[u8], u16, u64); 3] = [
        (b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", 500, 30),
        (b"HTTP/1.1 400 Bad\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", 400, 30),
        (b"HTTP/1.1 399 Odd\r\nContent-Length: 0\r\n\r\n", 399, 0),
    ];
    for (answer, status, failed) in table {
        let run = drive(&closed(10_000, Some(30), 3), always(answer));
        assert_eq!(run.record.counts.statuses, [(status, 30)].into());
        assert_eq!((run.record.counts.completed, errors(&run, ErrorClass::Status)), (30, failed));
        let operation = run.record.operations[0].as_ref().unwrap();
        assert_eq!(operation.errors.values().sum::<u64>(), failed);
    }
}

#[test]
fn an_answer_to_head_has_no_body() {
    let address = always(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
    let run = send(vec![operation("HEAD", 1.0)], &closed(10_000, Some(30), 3), address).unwrap();
    check(&run);
    assert_eq!((run.record.counts.completed, run.record.connect.len()), (30, 3));
}

#[test]
fn bytes_that_nobody_asked_for_end_the_connection() {
    let connections = Arc::new(AtomicU64::new(0));
    let seen = Arc::clone(&connections);
    let address = serve(move |_, mut peer| {
        seen.fetch_add(1, Relaxed);
        while peer.read() {
            peer.write(&[OK, OK].concat());
        }
    });
    let run = drive(&closed(10_000, Some(30), 3), address);
    assert_eq!((run.record.counts.completed, run.record.counts.failed()), (30, 0));
    assert!(connections.load(Relaxed) >= 30);
}
