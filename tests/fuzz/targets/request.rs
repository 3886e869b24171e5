//! Any request of any operation is judged and answered: no panic, no hang, and what is answered is HTTP.
#![no_main]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use libfuzzer_sys::fuzz_target;
use mocker_engine::{Deployment, Publication, Settings, Worker};
use mocker_openapi::{Location, MemoryFetch, load};
use mocker_plan::{Options, Plan, method_name};
use mocker_runtime::{Next, Service};

const SPECS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../specs");
/// Turns of the connection for one request, beyond which it would not end.
const TURNS: usize = 1000;

static PLAN: OnceLock<Arc<Plan>> = OnceLock::new();

thread_local! {
    static WORKER: Worker = {
        let deployment = Deployment::new(Arc::clone(PLAN.get_or_init(plan)), Settings::default());
        Worker::new(Arc::new(Publication::new(deployment)), 0)
    };
}

/// All documents of `specs` that stand alone, served together.
fn plan() -> Arc<Plan> {
    let mut documents = Vec::new();
    let mut folders = vec![PathBuf::from(SPECS)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("specs can be read").flatten() {
            let path = entry.path();
            match path.extension().and_then(|extension| extension.to_str()) {
                _ if path.is_dir() => folders.push(path),
                Some("yaml" | "json") => documents.extend(document(&path)),
                _ => {}
            }
        }
    }
    let options = Options { seed: 1, ..Options::default() };
    Arc::new(Plan::compile(&documents.into_iter().map(Arc::new).collect::<Vec<_>>(), &options).0)
}

fn document(path: &Path) -> Option<mocker_openapi::Document> {
    let root = Location::File(path.into());
    let mut files = MemoryFetch::default().with(root.clone(), fs::read(path).ok()?);
    load(root, &mut files).document
}

fuzz_target!(|input: &[u8]| {
    WORKER.with(|worker| {
        let plan = PLAN.get_or_init(plan);
        let [first, second, rest @ ..] = input else { return };
        let number = usize::from(u16::from_le_bytes([*first, *second])) % plan.len();
        answer(worker, &request(plan, number as u32, rest));
    });
});

/// A request of the operation, its variables, query, fields and body cut out of `bytes` at each 0xff.
fn request(plan: &Plan, number: u32, bytes: &[u8]) -> Vec<u8> {
    let operation = plan.operation(number).model();
    let mut parts = bytes.split(|byte| *byte == 0xff);
    let mut part = || parts.next().unwrap_or_default();
    let visible = |part: &[u8]| -> Vec<u8> {
        part.iter().copied().filter(|byte| *byte > b' ' && *byte != 0x7f).collect()
    };
    let mut request = format!("{} ", method_name(&operation.method)).into_bytes();
    for (index, piece) in operation.path.split(['{', '}']).enumerate() {
        match index % 2 {
            0 => request.extend(piece.as_bytes()),
            _ => request.extend(visible(part()).into_iter().filter(|byte| !b"?#/".contains(byte))),
        }
    }
    request.push(b'?');
    request.extend(visible(part()));
    request.extend(b" HTTP/1.1\r\nHost: a\r\n");
    for parameter in &operation.parameters {
        if parameter.place == mocker_plan::model::Place::Header {
            field(&mut request, &parameter.name, part());
        }
    }
    for name in ["Cookie", "Authorization", "Prefer", "Accept"] {
        field(&mut request, name, part());
    }
    let offered = operation.request_body.as_ref().and_then(|body| body.content.first());
    let content_type = match part() {
        b"" => offered.map_or(&b"text/plain"[..], |media| media.name.as_bytes()),
        sent => sent,
    };
    field(&mut request, "Content-Type", content_type);
    let body = part();
    request.extend(format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes());
    request.extend(body);
    request
}

fn field(request: &mut Vec<u8>, name: &str, value: &[u8]) {
    if value.is_empty() || !mocker_http::response::is_field_name(name) {
        return;
    }
    request.extend(name.as_bytes());
    request.extend(b": ");
    request.extend(value.iter().filter(|byte| **byte >= b' ' && **byte != 0x7f));
    request.extend(b"\r\n");
}

fn answer(worker: &Worker, mut input: &[u8]) {
    let mut connection = worker.open(([127, 0, 0, 1], 1).into());
    let mut output = Vec::new();
    for _ in 0..TURNS {
        let step = worker.feed(&mut connection, input, &mut output);
        input = &input[step.consumed..];
        if step.next != Next::Again {
            assert!(output.starts_with(b"HTTP/1.1 "), "{:?}", String::from_utf8_lossy(&output));
            return;
        }
        output.truncate(9);
    }
    panic!("no end after {TURNS} turns");
}
