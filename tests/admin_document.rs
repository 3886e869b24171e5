//! The OpenAPI document of the Admin API: it is sound, it is whole, answers are as it says, and it can be mocked.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::process::Command;

use serde_json::{Value, json};

use crate::client::Answer;
use crate::control::{PETSTORE, administered, ask};
use crate::server::Server;

const DOCUMENT: &str = "control/openapi.yaml";

/// Method and path of each operation.
fn operations(document: &Value) -> BTreeSet<(String, String)> {
    let paths = document["paths"].as_object().unwrap();
    let of_path = |(path, item): (&String, &Value)| -> Vec<(String, String)> {
        let methods = item.as_object().unwrap().keys().filter(|key| *key != "parameters");
        methods.map(|method| (method.to_uppercase(), path.clone())).collect()
    };
    paths.iter().flat_map(of_path).collect()
}

/// Whether an answer is as the document has it for the operation.
fn assert_described(document: &Value, method: &str, path: &str, answer: &Answer) {
    let responses = &document["paths"][path][method.to_lowercase()]["responses"];
    let status = answer.status.to_string();
    let mut response = responses.get(&status).unwrap_or(&responses["default"]);
    while let Some(pointer) = response.get("$ref") {
        response = document.pointer(&pointer.as_str().unwrap()[1..]).unwrap();
    }
    assert!(response.is_object(), "{method} {path}: {status} is not described");
    let Some(content) = response.get("content").and_then(Value::as_object) else {
        assert!(answer.body.is_empty(), "{method} {path}: {}", answer.text());
        return;
    };
    let given = answer.header("content-type").unwrap().split(';').next().unwrap();
    let media = content.get(given).unwrap_or_else(|| panic!("{method} {path}: {given} is not described"));
    if !given.ends_with("json") {
        return;
    }
    let mut schema = media["schema"].clone();
    schema["components"] = document["components"].clone();
    let value = answer.json();
    let faults: Vec<String> = jsonschema::validator_for(&schema)
        .unwrap()
        .iter_errors(&value)
        .map(|fault| format!("{fault} at {}", fault.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{method} {path}: {faults:?} in {value}");
}

/// What a request says, where it says anything.
fn body(method: &str, path: &str) -> Option<&'static str> {
    match path {
        _ if method != "PUT" => None,
        "/api/v1/log-level" => Some(r#"{"level":"warn"}"#),
        _ => Some(r#"[1, {"a": null}]"#),
    }
}

#[test]
fn every_route_is_described_and_answers_so() {
    let server = administered(&[PETSTORE]);
    let admin = server.admin();
    let document = ask(admin, "GET", "/api/v1/openapi.json", None).json();
    let routes: BTreeSet<(String, String)> = mocker_control::routes()
        .into_iter()
        .map(|(method, path)| (method.to_owned(), path.to_owned()))
        .collect();
    assert_eq!(operations(&document), routes);
    for (method, path, target) in [
        ("GET", "/api/v1/state/{scope}/{key}", "/api/v1/state/ann/gone"),
        ("PUT", "/api/v1/state/{scope}/{key}", "/api/v1/state/ann/k"),
    ] {
        let answer = ask(admin, method, target, None);
        assert!(answer.status >= 400);
        assert_described(&document, method, path, &answer);
    }
    // Values stand for the variables; what ends the server comes last.
    let mut rest: Vec<&(String, String)> = routes.iter().collect();
    rest.sort_by_key(|(method, path)| {
        (path.ends_with("/v1/stop"), method != "PUT", method == "DELETE", Reverse(path.len()))
    });
    for (method, path) in rest {
        let target = path.replace("{scope}", "ann").replace("{key}", "k").replace("{name}", "none");
        let body = body(method, path);
        let answer = ask(admin, method, &target, body);
        let is_success = (200..300).contains(&answer.status);
        assert_eq!(is_success, !path.contains("{name}"), "{method} {target}: {}", answer.text());
        assert_described(&document, method, path, &answer);
    }
    assert_eq!(server.wait().0.code(), Some(0));
}

#[test]
fn it_is_sound_and_can_be_mocked() {
    let checked = Command::new(env!("CARGO_BIN_EXE_mocker")).args(["check", DOCUMENT]).output().unwrap();
    let told = String::from_utf8_lossy(&checked.stdout).into_owned();
    assert!(checked.status.success() && told.contains("0 errors, 0 warnings"), "{told}");
    let mock = Server::start(&[DOCUMENT]);
    let document = ask(mock.address, "GET", "/api/v1/openapi.json", None);
    assert_eq!(document.status, 200);
    let real = administered(&[PETSTORE]);
    let document = ask(real.admin(), "GET", "/api/v1/openapi.json", None).json();
    for (method, path) in mocker_control::routes() {
        let target = path.replace("{scope}", "ann").replace("{key}", "k").replace("{name}", "none");
        let body = body(method, path);
        let answer = ask(mock.address, method, &target, body);
        assert!((200..300).contains(&answer.status), "{method} {path}: {}", answer.text());
        assert_described(&document, method, path, &answer);
    }
    let written = ask(real.admin(), "GET", "/api/v1/openapi.yaml", None).text();
    assert_eq!(written, std::fs::read_to_string(DOCUMENT).unwrap());
    assert_eq!(document["info"]["title"], json!("Admin API of mocker"));
}
