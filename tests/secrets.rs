//! Secrets in the URLs of a load test: sent as they are, and shown nowhere.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

const SECRET: &str = "S3CRET";
const DOCUMENT: &str = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /pets: {get: {responses: {'200': {description: d}}}}\n";

/// A server that answers every request with this body; gives the first line of each.
fn serving(body: &'static str) -> (SocketAddr, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, told) = channel();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let tell = tell.clone();
            thread::spawn(move || {
                let mut input = [0; 4096];
                while let Ok(count @ 1..) = stream.read(&mut input) {
                    let head = String::from_utf8_lossy(&input[..count]).into_owned();
                    let _ = tell.send(head.lines().next().unwrap_or_default().to_owned());
                    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
                    if stream.write_all(answer.as_bytes()).is_err() {
                        return;
                    }
                }
            });
        }
    });
    (address, told)
}

/// All that a load test says and writes, with its exit code.
fn said(folder: &Path, arguments: &[&str]) -> (String, Option<i32>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    command.arg("load-test").args(arguments).current_dir(folder);
    let output = command.output().unwrap();
    let mut said = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap()).concat();
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        for file in std::fs::read_dir(entry).unwrap() {
            said.push_str(&String::from_utf8_lossy(&std::fs::read(file.unwrap().path()).unwrap()));
        }
    }
    (said, output.status.code())
}

#[test]
fn the_query_of_a_target_is_sent_and_not_shown() {
    let (address, lines) = serving("ok");
    let (other, _lines) = serving("ok");
    let url = format!("http://{address}/pets?limit=2&token={SECRET}&{SECRET}");
    let rival = format!("http://{other}/pets?token={SECRET}");
    let quick = ["-n", "20", "--warmup", "0s", "-c", "1", "--threads", "1"];
    let few = ["--runs", "5", "--max-regression", "1000%"];
    for more in [
        &["-o", "text", "--out", "reports"][..],
        &["-o", "json", "--out", "reports"],
        &["-o", "csv"],
        &[&["-o", "json", "--out", "reports", "--against", &rival], &few[..]].concat(),
        &["-o", "text", "--save-baseline", "saved/baseline.json", "--runs", "5"],
    ] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("saved")).unwrap();
        let (said, code) = said(folder.path(), &[&[&*url], &quick[..], more].concat());
        assert!(matches!(code, Some(0 | 1 | 3)), "{more:?}: {said}");
        assert!(!said.contains(SECRET), "{more:?}: {said}");
        assert!(said.contains("token=********"), "{more:?}: {said}");
        let sent = lines.try_iter().last().unwrap();
        assert_eq!(sent, format!("GET /pets?limit=2&token={SECRET}&{SECRET} HTTP/1.1"));
    }
}

#[test]
fn the_url_of_a_description_is_fetched_and_not_shown() {
    let (documents, fetched) = serving(DOCUMENT);
    let (target, _lines) = serving("ok");
    let folder = tempfile::tempdir().unwrap();
    let url = format!("http://{documents}/api.yaml?token={SECRET}");
    let target = format!("http://{target}/?key={SECRET}");
    let arguments =
        [&*url, "--target", &target, "-n", "20", "--warmup", "0s", "-o", "json", "--out", "reports"];
    let (said, code) = said(folder.path(), &arguments);
    assert!(matches!(code, Some(0 | 3)), "{said}");
    assert!(!said.contains(SECRET) && said.contains("token=********"), "{said}");
    assert_eq!(fetched.recv().unwrap(), format!("GET /api.yaml?token={SECRET} HTTP/1.1"));
}

#[test]
fn what_is_wrong_with_a_target_is_told_without_its_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let file = tempfile::NamedTempFile::with_suffix(".yaml").unwrap();
    std::fs::write(&file, DOCUMENT).unwrap();
    let document = file.path().to_str().unwrap();
    for (arguments, code) in [
        (&[&*format!("http://ann:{SECRET}@127.0.0.1:9/a")][..], 2),
        (&[&*format!("http://no.such.host.invalid/?k={SECRET}")], 2),
        (&[&*format!("http://127.0.0.1:1/?k={SECRET}"), "-n", "1", "-c", "1"], 4),
        (&[document, "--target", &format!("ann:{SECRET}@localhost/?k={SECRET}")], 2),
        (&[document, "--target", &format!("ftp://ann:{SECRET}@localhost/?k={SECRET}")], 2),
    ] {
        let (said, ended) = said(folder.path(), arguments);
        assert_eq!(ended, Some(code), "{arguments:?}: {said}");
        assert!(!said.contains(SECRET), "{arguments:?}: {said}");
    }
}
