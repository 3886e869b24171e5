//! Every operation of every real document: it answers, and what was generated obeys its schema.

#![allow(clippy::unwrap_used, missing_docs)]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use mocker_http::response::{DateCache, Persistence};
use mocker_openapi::model::{MediaType, StatusKey};
use mocker_openapi::{Document, Fetch, FetchError, Location, load};
use mocker_plan::media::{Kind, kind};
use mocker_plan::{BasePath, Operation, Options, Plan, Sending};
use mocker_schema::generate::Key;
use mocker_schema::validate::Direction;
use serde_json::Value;

/// Bodies made of each operation.
const SAMPLES: u64 = 5;

struct Disk;

impl Fetch for Disk {
    fn fetch(&mut self, location: &Location) -> Result<Vec<u8>, FetchError> {
        match location {
            Location::File(path) => {
                std::fs::read(path).map_err(|error| FetchError { reason: error.to_string() })
            }
            Location::Url(url) => Err(FetchError { reason: format!("no network for {url}") }),
        }
    }
}

#[test]
fn every_operation_of_the_corpus_answers_validly() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let Ok(index) = std::fs::read_to_string(corpus.join("INDEX.tsv")) else {
        eprintln!("SKIPPED: no corpus of real documents at {}", corpus.display());
        return;
    };
    let mut faults = Vec::new();
    let mut operations = 0;
    for line in index.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let document = document(corpus.join(columns[0]));
        assert_eq!(
            document.operations.len(),
            columns[5].parse::<usize>().unwrap(),
            "operations of {}",
            columns[0]
        );
        operations += document.operations.len();
        faults.extend(judge(&Arc::new(document)).into_iter().map(|fault| format!("{}: {fault}", columns[0])));
    }
    assert!(operations > 4_000, "only {operations} operations in the corpus");
    assert!(faults.is_empty(), "{} of {operations} operations:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_operation_of_the_demos_answers_validly() {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs");
    for name in [
        "petstore/openapi.yaml",
        "banking/openapi.yaml",
        "ecommerce/openapi.yaml",
        "microservices/orders.yaml",
    ] {
        let document = Arc::new(document(specs.join(name)));
        assert!(!document.operations.is_empty(), "{name}");
        assert_eq!(judge(&document), Vec::<String>::new(), "{name}");
    }
}

fn document(path: PathBuf) -> Document {
    let loaded = load(Location::File(path.clone()), &mut Disk);
    loaded
        .document
        .unwrap_or_else(|| panic!("{} does not load: {:?}", path.display(), loaded.diagnostics.first()))
}

/// What is wrong with the answers of a document.
fn judge(document: &Arc<Document>) -> Vec<String> {
    let options = Options { seed: 7, is_fresh: true, base_path: BasePath::None };
    let (plan, _) = Plan::compile(std::slice::from_ref(document), &options);
    let mut faults = Vec::new();
    for index in 0..plan.len() {
        let operation = plan.operation(index as u32);
        let name = format!("{:?} {}", operation.model().method, operation.model().path);
        for sample in 0..SAMPLES {
            if let Err(fault) = answer(document, operation, operation.key().with(&sample.to_le_bytes())) {
                faults.push(format!("{name}: {fault}"));
                break;
            }
        }
    }
    faults
}

fn answer(document: &Document, operation: &Operation, key: Key) -> Result<(), String> {
    let mut out = Vec::new();
    let date = DateCache::new(0);
    let sending = Sending { date: &date, persistence: Persistence::Stays, head_only: false };
    operation.write(0, sending, key, &mut out);
    let end = out.windows(4).position(|window| window == b"\r\n\r\n").ok_or("no end of head")?;
    let head = String::from_utf8_lossy(&out[..end]).into_owned();
    let body = &out[end + 4..];
    if !head.starts_with(&format!("HTTP/1.1 {} ", operation.status())) {
        return Err(format!("status line {:?}", head.lines().next()));
    }
    let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
    if length.is_some_and(|length| length.trim().parse() != Ok(body.len())) {
        return Err(format!("Content-Length {length:?} of {} bytes", body.len()));
    }
    let Some(content_type) = head.lines().find_map(|line| line.strip_prefix("Content-Type: ")) else {
        return body.is_empty().then_some(()).ok_or("a body without a type".to_owned());
    };
    let Some(media) = declared(operation, content_type) else { return Ok(()) };
    let (Some(schema), true) = (media.schema, kind(content_type) == Kind::Json) else { return Ok(()) };
    let value: Value = serde_json::from_slice(body).map_err(|error| format!("body is no JSON: {error}"))?;
    if !media.examples.is_empty() {
        return Ok(()); // the author's, valid or not
    }
    let violations = document.schemas.validate(schema, &value, Direction::Response);
    match violations.first() {
        None => Ok(()),
        Some(violation) => Err(format!("{} {}", violation.path.join("/"), violation.message)),
    }
}

/// The media type of the document that an answer claims to be of, where it is named to the letter.
fn declared<'d>(operation: &'d Operation, content_type: &str) -> Option<&'d MediaType> {
    let status = operation.status();
    let fits = |key: &StatusKey| match key {
        StatusKey::Code(code) => *code == status,
        StatusKey::Range(hundreds) => u16::from(*hundreds) * 100 == status,
        StatusKey::Default => true,
    };
    let mut responses = operation.model().responses.iter().filter(|(key, _)| fits(key)).collect::<Vec<_>>();
    responses.sort_by_key(|(key, _)| *key);
    responses.first()?.1.content.iter().find(|media| *media.name == *content_type)
}
