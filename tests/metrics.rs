//! What the server counts, as a scraper reads it from the Admin API.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::behaviours::send;
use crate::client::Client;
use crate::server::{ADMIN, Server};

const SPEC: &str = "
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /a/{id}:
    get:
      operationId: getA
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses: {'200': {description: d, content: {application/json: {example: {a: 1}}}}}
  /b:
    post:
      operationId: postB
      requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
      responses: {'201': {description: d, content: {application/json: {example: {b: 1}}}}}
  /slow: {get: {operationId: getSlow, responses: {'204': {description: d}}}}
";

const CONFIGURATION: &str = "
specs: api.yaml
scripts: {getA: a.rhai, getSlow: slow.rhai}
plugins: [{name: api-key, operations: [postB], config: {keys: [sesame]}}]
";

fn serving(folder: &Path, more: &str) -> Server {
    for (name, text) in [
        ("api.yaml", SPEC),
        ("mocker.yaml", &format!("{CONFIGURATION}{more}")),
        ("a.rhai", "fn handle(req, ctx) { if req.param(\"id\") == 7 { throw \"seven\"; } #{ n: 1 } }"),
        ("slow.rhai", "fn before(req, ctx) { sleep(60); }"),
    ] {
        std::fs::write(folder.join(name), text).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    command.args(["start", "--host", "127.0.0.1", "--port", "0", "--threads", "2"]).current_dir(folder);
    command.env(ADMIN, "127.0.0.1:0");
    Server::spawn(command)
}

fn scraped(admin: SocketAddr, path: &str) -> String {
    let mut client = Client::connect(admin);
    client.send(format!("GET {path} HTTP/1.1\r\nHost: {admin}\r\n\r\n").as_bytes());
    let answer = client.answer(false);
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(answer.header("Content-Type").unwrap().starts_with("application/openmetrics-text"));
    answer.text()
}

#[test]
fn what_became_of_requests_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let server = serving(folder.path(), "");
    let mut client = Client::connect(server.address);
    for id in 1..=7 {
        client.ask("GET", &format!("/a/{id}"), "");
    }
    for fields in ["X-API-Key: sesame\r\n", ""] {
        send(&mut client, "POST", "/b", fields, Some(&json!({"n": 1})));
    }
    for target in ["/nowhere", "/neither", "/a/x", "/slow"] {
        client.ask("GET", target, "");
    }
    let text = scraped(server.admin(), "/metrics");
    for line in [
        r#"mocker_requests_total{method="GET",route="/a/{id}",status="200",scenario=""} 6"#,
        r#"mocker_requests_total{method="GET",route="/a/{id}",status="500",scenario=""} 1"#,
        r#"mocker_requests_total{method="GET",route="/a/{id}",status="422",scenario=""} 1"#,
        r#"mocker_requests_total{method="POST",route="/b",status="201",scenario=""} 1"#,
        r#"mocker_requests_total{method="POST",route="/b",status="401",scenario=""} 1"#,
        r#"mocker_requests_total{method="GET",route="",status="404",scenario=""} 2"#,
        r#"mocker_request_body_size_bytes_sum{method="POST",route="/b"} 14.0"#,
        r#"mocker_request_duration_seconds_bucket{le="0.05",method="GET",route="/slow"} 0"#,
        r#"mocker_request_duration_seconds_count{method="GET",route="/slow"} 1"#,
        r#"mocker_script_calls_total{script="a.rhai"} 7"#,
        r#"mocker_script_errors_total{script="a.rhai"} 1"#,
        r#"mocker_plugin_calls_total{plugin="api-key"} 4"#,
        "mocker_connections 1.0",
        "mocker_plan_operations 3.0",
    ] {
        assert!(text.lines().any(|written| written == line), "no {line} in\n{text}");
    }
    assert!(scraped(server.admin(), "/api/v1/metrics").contains("mocker_script_calls_total"));
}

#[test]
fn what_is_not_wanted_is_not_counted() {
    let folder = tempfile::tempdir().unwrap();
    let server = serving(folder.path(), "metrics: {enabled: false}\n");
    assert_eq!(Client::connect(server.address).ask("GET", "/a/1", "").status, 200);
    let text = scraped(server.admin(), "/metrics");
    assert!(!text.contains("mocker_requests_total") && text.contains("mocker_plan_operations 3.0"), "{text}");
}
