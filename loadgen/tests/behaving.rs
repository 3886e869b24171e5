//! What is sent to servers that behave: how much, when, in which order.
#![allow(clippy::unwrap_used)]

mod server;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
        mpsc,
    },
    thread,
};

use mocker_loadgen::{
    drive::{Fault, Progress, Target, run},
    load::{Arrival, Model, Stage},
    scenario::{Operation, Scenario},
};
use server::{OK, always, check, closed, drive, milliseconds, open, operation, request, send, serve};

#[test]
fn an_open_loop_sends_what_is_due_over_all_threads() {
    let mut load = open(1_000.0, 1_300, 4);
    load.threads = 3;
    load.warmup = milliseconds(100);
    let run = drive(&load, always(OK));
    let counts = &run.record.counts;
    assert_eq!((counts.sent, counts.completed, counts.failed(), counts.warmup), (1_300, 1_300, 0, 100));
    assert_eq!(run.record.seconds.iter().map(|second| second.sent).collect::<Vec<_>>(), [1_000, 300]);
    assert_eq!((run.threads.len(), run.elapsed, run.interrupted), (3, 1_300_000_000, false));
    assert_eq!((run.record.sched_lag.len(), run.record.conn_wait.len()), (1_300, 1_300));
    assert_eq!((counts.statuses.len(), counts.received), (1, 1_300 * OK.len() as u64));
    // Little's law holds by construction: both are sums of the same times.
    let mean = run.record.service.mean() / 1e9 * 1_000.0;
    assert!((run.in_flight / mean - 1.0).abs() < 0.02, "{} and {mean}", run.in_flight);
    assert!(run.threads.iter().all(|thread| thread.cpu_time > 0 && (0.0..=1.01).contains(&thread.busy)));
}

#[test]
fn stages_and_poisson_arrivals_are_sent() {
    let stages = [(400.0, 200), (0.0, 100), (800.0, 300)]
        .map(|(rate, length)| Stage { rate, duration: milliseconds(length) })
        .to_vec();
    let mut load = open(0.0, 0, 4);
    load.model = Model::Open { stages: stages.clone(), arrival: Arrival::Uniform };
    assert_eq!(drive(&load, always(OK)).record.counts.completed, 320);
    load.model = Model::Open { stages, arrival: Arrival::Poisson };
    let sent = drive(&load, always(OK)).record.counts.completed;
    assert!((230..410).contains(&sent), "{sent}");
    assert_eq!(drive(&load, always(OK)).record.counts.completed, sent, "the seed decides");
}

#[test]
fn a_closed_loop_sends_as_answers_come_until_its_time_is_over() {
    let mut load = closed(300, None, 4);
    load.warmup = milliseconds(100);
    let run = drive(&load, always(OK));
    let counts = &run.record.counts;
    assert_eq!((counts.completed, counts.failed()), (counts.sent, 0));
    assert!(counts.sent > 100 && counts.warmup > 10, "{counts:?}");
    assert_eq!((run.elapsed, run.most_in_flight, run.record.connect.len()), (300_000_000, 4, 4));
    assert!(run.in_flight > 1.0 && run.in_flight < 4.5, "{}", run.in_flight);
    assert!(run.record.sched_lag.is_empty());
}

#[test]
fn a_number_of_requests_ends_either_loop() {
    let mut load = closed(60_000, Some(101), 4);
    load.threads = 2;
    let run = drive(&load, always(OK));
    assert_eq!(run.record.counts.completed, 101);
    assert!(run.elapsed < 30_000_000_000);
    let mut load = open(1_000.0, 60_000, 4);
    (load.threads, load.requests) = (2, Some(101));
    let run = drive(&load, always(OK));
    assert_eq!((run.record.counts.completed, run.elapsed), (101, 101_000_000));
}

#[test]
fn pipelined_requests_leave_together_and_are_answered_in_order() {
    let together = Arc::new(AtomicUsize::new(0));
    let most = Arc::clone(&together);
    let address = serve(move |_, mut peer| {
        let mut count = 0;
        while peer.read() {
            count += 1;
            if !peer.has_more() {
                most.fetch_max(count, Relaxed);
                peer.write(&OK.repeat(count));
                count = 0;
            }
        }
    });
    let mut load = closed(10_000, Some(403), 2);
    load.pipeline = 8;
    let run = drive(&load, address);
    assert_eq!((run.record.counts.completed, run.record.counts.failed()), (403, 0));
    assert_eq!((run.most_in_flight, together.load(Relaxed)), (16, 8));
    let mut load = open(2_000.0, 200, 1);
    load.pipeline = 8;
    let run = drive(&load, address);
    assert_eq!((run.record.counts.scheduled, run.record.counts.failed()), (400, 0));
}

#[test]
fn operations_have_their_shares_and_their_requests_their_turns() {
    let heads = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&heads);
    let address = serve(move |_, mut peer| {
        while peer.read() {
            seen.fetch_add(1, Relaxed);
            peer.write(OK);
        }
    });
    let three = Operation { requests: vec![request("GET"), request("PUT")], ..operation("GET", 3.0) };
    let run = send(
        vec![operation("POST", 1.0), three, operation("PUT", 0.0)],
        &closed(10_000, Some(400), 1),
        address,
    )
    .unwrap();
    check(&run);
    let counts: Vec<_> =
        run.record.operations.iter().map(|part| part.as_ref().map(|part| part.response.len())).collect();
    assert_eq!(counts, [Some(100), Some(300), None]);
    assert_eq!(heads.load(Relaxed), 400);
}

#[test]
fn a_run_can_be_watched_and_ended() {
    let address = always(OK);
    for load in [closed(60_000, None, 2), open(500.0, 60_000, 2)] {
        let (reports, seconds) = mpsc::channel();
        let progress = Progress::new(1, Some(reports));
        let run = thread::scope(|scope| {
            let watched = &progress;
            let watcher = scope.spawn(move || {
                let report = seconds.recv().unwrap();
                let seen = watched.seen();
                watched.stop();
                (report, seen)
            });
            let scenario = Scenario { operations: vec![operation("GET", 1.0)] };
            let target = Target { addresses: vec![address], tls: None };
            let run = run(Arc::new(scenario), &load, &target, None, &progress).unwrap();
            let (report, seen) = watcher.join().unwrap();
            assert_eq!((report.thread, report.second), (0, 0));
            assert!(report.seen.sent > 0 && !report.seen.response.is_empty());
            assert!(seen.sent >= report.seen.sent && seen.completed > 0 && seen.errors == 0);
            run
        });
        assert!(run.interrupted);
        assert!((1_000_000_000..10_000_000_000).contains(&run.elapsed), "{}", run.elapsed);
        let counts = &run.record.counts;
        assert_eq!((counts.completed, progress.seen().completed), (counts.sent, counts.sent));
        assert_eq!(counts.scheduled, counts.sent + counts.unsent);
    }
}

#[test]
fn a_run_that_waits_for_answers_can_be_ended() {
    let address = serve(|_, mut peer| while peer.read() {});
    let progress = Progress::new(1, None);
    let run = thread::scope(|scope| {
        scope.spawn(|| {
            while progress.seen().in_flight < 3 {
                thread::yield_now();
            }
            progress.stop();
        });
        let scenario = Scenario { operations: vec![operation("GET", 1.0)] };
        let target = Target { addresses: vec![address], tls: None };
        run(Arc::new(scenario), &closed(60_000, None, 3), &target, None, &progress).unwrap()
    });
    let counts = &run.record.counts;
    assert_eq!((counts.sent, counts.completed, counts.failed(), run.interrupted), (3, 0, 0, true));
    assert_eq!(run.record.response.len(), 3, "with the age they had");
}

#[test]
fn nothing_to_send_is_a_fault() {
    let fault = send(vec![operation("GET", 0.0)], &closed(100, None, 1), always(OK)).unwrap_err();
    assert!(matches!(fault, Fault::Nothing));
}

#[test]
fn addresses_are_tried_in_order() {
    let absent = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let once = serve(|_, mut peer| {
        peer.read();
        peer.write(b"HTTP/1.0 200 OK\r\n\r\n");
    });
    let target = Target { addresses: vec![absent, once], tls: None };
    let scenario = Scenario { operations: vec![operation("GET", 1.0)] };
    let load = closed(10_000, Some(10), 2);
    let progress = Progress::new(1, None);
    let run = run(Arc::new(scenario), &load, &target, None, &progress).unwrap();
    assert_eq!((run.record.counts.completed, run.record.counts.failed()), (10, 0));
}

#[test]
fn what_the_server_says_of_its_time_is_recorded_and_what_it_adds_is_taken_out() {
    let table: [(&[u8], bool, u64, u64); 4] = [
        (b"HTTP/1.1 200 OK\r\nServer-Timing: db, app;dur=1.5\r\nContent-Length: 0\r\n\r\n", true, 20, 1_500_000),
        (b"HTTP/1.1 200 OK\r\nServer-Timing: app;dur=1.5\r\nContent-Length: 0\r\n\r\n", false, 0, 0),
        (OK, true, 0, 0),
        (
            b"HTTP/1.1 200 OK\r\nServer-Timing: inj;dur=9e9\r\nserver-timing: app;dur=2, app;dur=7\r\nContent-Length: 0\r\n\r\n",
            true,
            20,
            2_000_000,
        ),
    ];
    for (index, (answer, server_timing, count, app)) in table.into_iter().enumerate() {
        let mut load = closed(60_000, Some(20), 2);
        load.server_timing = server_timing;
        let run = drive(&load, always(answer));
        assert_eq!(run.record.server.len(), count, "{index}");
        assert!(run.record.server.max().abs_diff(app) <= app / 500, "{index}: {}", run.record.server.max());
        // All of the time was added on purpose, the server claims.
        let is_taken_out = [&run.record.response, &run.record.service, &run.record.first_byte]
            .map(|times| times.max() <= mocker_loadgen::limits::LOWEST_LATENCY);
        assert_eq!(is_taken_out, [index == 3; 3], "{index}");
    }
}
