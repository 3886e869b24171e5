//! Plugins that are built in, manifests, and the tables of `docs/plugins.md`.
#![allow(clippy::unwrap_used, missing_docs)]

mod api_key;
mod basic;
mod configuration;
mod cors;
mod demo;
mod docs;
mod jwt;
mod jwt_keys;
mod logging;
mod manifest;
mod rate_limit;

use std::fs;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use mocker_scripting::plugin::builtin::Kind;
use mocker_scripting::plugin::{Builtin, Files, Misconfiguration, Notes, Verdict, Visit};
use mocker_scripting::{Request, RequestBuilder, Response};
use serde_json::Value;

/// 2026-01-02T03:04:05.678Z
pub(crate) const NOW: i64 = 1_767_323_045_678;

/// Files of `keys/`, and one variable.
pub(crate) struct Disk;

impl Files for Disk {
    fn read(&mut self, path: &str) -> Result<Vec<u8>, String> {
        match path {
            "empty" => Ok(b"\r\n\n".to_vec()),
            "secret" => Ok(b"shared secret\n".to_vec()),
            "huge" => Ok(vec![b'a'; mocker_scripting::plugin::limits::KEY_FILE_BYTES + 1]),
            "text" => Ok(b"no key".to_vec()),
            path => fs::read(key_file(path)).map_err(|error| error.kind().to_string()),
        }
    }

    fn variable(&self, name: &str) -> Option<String> {
        (name == "JWT_SECRET").then(|| "shared secret".to_owned())
    }
}

pub(crate) fn key_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plugins/keys").join(name)
}

/// A path below the root of the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

#[track_caller]
pub(crate) fn configured(kind: Kind, config: &Value) -> Builtin {
    Builtin::configure(kind, config, &mut Disk).unwrap_or_else(|faults| panic!("{config}: {faults:#?}"))
}

#[track_caller]
pub(crate) fn refused(kind: Kind, config: &Value) -> Vec<Misconfiguration> {
    match Builtin::configure(kind, config, &mut Disk) {
        Ok(_) => panic!("{config} is taken"),
        Err(faults) => faults,
    }
}

/// A request with fields `Name: value`.
pub(crate) fn request(method: &str, target: &str, fields: &[&str]) -> Request {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut builder = RequestBuilder::new(method, path.as_bytes(), query.as_bytes());
    for field in fields {
        let (name, value) = field.split_once(": ").unwrap();
        builder.field(name, value.as_bytes());
    }
    builder.finish(b"")
}

pub(crate) fn visit<'v>() -> Visit<'v> {
    Visit {
        client: IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)),
        protocol: "HTTP/1.1",
        now: NOW,
        took: Duration::ZERO,
        operation: "GET /pets",
        scopes: &[],
        notes: Notes::default(),
    }
}

#[track_caller]
pub(crate) fn passed(verdict: Verdict) -> Notes {
    match verdict {
        Verdict::Pass(notes) => notes,
        Verdict::Answer(response) => panic!("{}", text(&response)),
    }
}

#[track_caller]
pub(crate) fn answered(verdict: Verdict) -> Response {
    match verdict {
        Verdict::Answer(response) => response,
        Verdict::Pass(notes) => panic!("passed with {notes:?}"),
    }
}

/// Status, fields and body as one text.
pub(crate) fn text(response: &Response) -> String {
    let mut text = response.status.to_string();
    for (name, value) in &response.fields {
        text += &format!("\n{name}: {}", String::from_utf8_lossy(value));
    }
    text + "\n\n" + &*String::from_utf8_lossy(&response.body)
}

pub(crate) fn field(response: &Response, name: &str) -> Option<String> {
    response.field(name).map(|value| String::from_utf8(value.to_vec()).unwrap())
}

/// The `detail` of a problem document.
#[track_caller]
pub(crate) fn detail(response: &Response) -> String {
    assert_eq!(field(response, "Content-Type").as_deref(), Some("application/problem+json"));
    let body: Value = serde_json::from_slice(&response.body).unwrap();
    assert_eq!(body["status"], response.status);
    body["detail"].as_str().unwrap().to_owned()
}
