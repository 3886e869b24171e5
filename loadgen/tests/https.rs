//! HTTPS: handshakes, certificates, answers larger than a record.
#![allow(clippy::unwrap_used)]

mod server;

use std::{
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::Arc,
    thread,
};

use mocker_loadgen::{
    drive::{Fault, Progress, Target, Tls, Trust, run},
    load::Load,
    record::Run,
    scenario::Scenario,
};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use server::{OK, always, check, closed, milliseconds, open, operation};

/// Starts an HTTPS server with a certificate of its own making, for `localhost`.
fn serve(answer: Vec<u8>) -> SocketAddr {
    let certificate = CertificateDer::from(&include_bytes!("certificate/localhost.der")[..]);
    let key = PrivateKeyDer::try_from(&include_bytes!("certificate/localhost.key.der")[..]).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let (config, answer) = (Arc::new(config), Arc::new(answer));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let answer = Arc::clone(&answer);
            thread::spawn(move || talk(StreamOwned::new(connection, stream), &answer));
        }
    });
    address
}

fn talk(stream: StreamOwned<ServerConnection, TcpStream>, answer: &[u8]) {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    while stream.read_line(&mut line).is_ok_and(|length| length > 0) {
        if line == "\r\n" && stream.get_mut().write_all(answer).is_err() {
            return;
        }
        line.clear();
    }
}

fn send(load: &Load, address: SocketAddr, trust: Trust) -> Result<Run, Fault> {
    let tls = Tls::new("localhost", trust).unwrap();
    let target = Target { addresses: vec![address], tls: Some(tls) };
    let scenario = Scenario { operations: vec![operation("GET", 1.0)] };
    run(Arc::new(scenario), load, &target, None, &Progress::new(1, None))
}

#[test]
fn requests_and_answers_go_through_tls() {
    let mut large = b"HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n".to_vec();
    large.resize(large.len() + 300_000, b'x');
    for (answer, requests) in [(OK.to_vec(), 200), (large, 20)] {
        let length = answer.len() as u64;
        let address = serve(answer);
        for pipeline in [1, 4] {
            let mut load = closed(20_000, Some(requests), 2);
            load.pipeline = pipeline;
            let run = send(&load, address, Trust::Anybody).unwrap();
            check(&run);
            assert_eq!((run.record.counts.completed, run.record.counts.failed()), (requests, 0));
            assert_eq!((run.record.counts.received, run.record.connect.len()), (requests * length, 2));
        }
    }
    let run = send(&open(200.0, 300, 4), serve(OK.to_vec()), Trust::Anybody).unwrap();
    check(&run);
    assert_eq!(run.record.counts.completed, 60);
}

#[test]
fn certificates_of_nobody_are_not_believed() {
    let fault = send(&closed(1_000, None, 2), serve(OK.to_vec()), Trust::Roots).unwrap_err();
    assert!(matches!(&fault, Fault::Unreachable { reason, .. } if reason.contains("certificate")), "{fault}");
}

#[test]
fn a_server_without_tls_cannot_shake_hands() {
    let fault = send(&closed(1_000, None, 2), always(OK), Trust::Anybody);
    assert!(fault.is_err());
    let silent = server::serve(|_, _peer| thread::park());
    let mut load = closed(1_000, None, 2);
    load.timeout = milliseconds(200);
    let fault = send(&load, silent, Trust::Anybody).unwrap_err();
    assert!(matches!(&fault, Fault::Unreachable { reason, .. } if reason.contains("timed out")), "{fault}");
}

#[test]
fn a_run_can_be_ended_while_it_connects() {
    let silent = server::serve(|_, _peer| thread::park());
    let target =
        Target { addresses: vec![silent], tls: Some(Tls::new("localhost", Trust::Anybody).unwrap()) };
    for load in [closed(60_000, None, 2), open(100.0, 60_000, 2)] {
        let progress = Progress::new(1, None);
        progress.stop();
        let scenario = Scenario { operations: vec![operation("GET", 1.0)] };
        let run = run(Arc::new(scenario), &load, &target, None, &progress).unwrap();
        assert!(run.interrupted);
        assert_eq!((run.elapsed, run.record.counts.sent), (0, 0));
    }
}

#[test]
fn names_that_no_certificate_could_be_for_are_refused() {
    assert!(Tls::new("127.0.0.1", Trust::Roots).is_ok());
    assert!(Tls::new("::1", Trust::Roots).is_ok());
    assert_eq!(
        Tls::new("no name", Trust::Roots).unwrap_err().to_string(),
        "`no name` is no name that a certificate could be for"
    );
}
