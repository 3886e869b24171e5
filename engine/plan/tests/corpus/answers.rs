//! Every operation of every real document: it answers, and what was generated obeys its schema.

use std::path::Path;
use std::sync::Arc;

use mocker_http::response::{DateCache, Sending};
use mocker_openapi::Document;
use mocker_openapi::model::{MediaType, StatusKey};
use mocker_plan::media::{Kind, kind};
use mocker_plan::{BasePath, Operation, Options, Plan, Wish};
use mocker_schema::generate::Key;
use mocker_schema::validate::Direction;
use serde_json::Value;

/// Bodies made of each operation.
const SAMPLES: u64 = 3;

#[test]
fn every_operation_of_the_corpus_answers_validly() {
    let Some(corpus) = crate::corpus() else { return };
    let mut faults = Vec::new();
    let mut operations = 0;
    for entry in corpus {
        let document = crate::document(&entry.path);
        assert_eq!(document.operations.len(), entry.operations, "operations of {}", entry.name);
        operations += entry.operations;
        faults.extend(judge(&Arc::new(document)).into_iter().map(|fault| format!("{}: {fault}", entry.name)));
    }
    assert!(!crate::is_whole_corpus() || operations > 4_000, "only {operations} operations in the corpus");
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
        let document = Arc::new(crate::document(&specs.join(name)));
        assert!(!document.operations.is_empty(), "{name}");
        assert_eq!(judge(&document), Vec::<String>::new(), "{name}");
    }
}

/// Of what was forgotten the same is compiled again.
#[test]
fn what_is_forgotten_is_answered_as_before() {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs");
    let document = Arc::new(crate::document(&specs.join("petstore/openapi.yaml")));
    let (mut plan, _) = Plan::compile(&[document], &Options::default());
    for index in 0..plan.len() as u32 {
        let sent = |plan: &Plan| {
            let operation = plan.operation(index);
            let mut out = Vec::new();
            let reply = operation.generated(0, 0);
            operation.ready(&reply).write(Sending::plain(&DateCache::new(0)), Key(1), &mut out);
            (operation.generates(&reply), out)
        };
        if plan.operation(index).model().responses[0].1.content.is_empty() {
            continue;
        }
        let before = sent(&plan);
        assert_eq!(before.0, Some(true), "operation {index}");
        plan.forget(index);
        assert_eq!(sent(&plan), before, "operation {index}");
    }
}

/// What is wrong with the answers of a document.
fn judge(document: &Arc<Document>) -> Vec<String> {
    let options = Options { seed: 7, is_fresh: true, base_path: BasePath::None, ..Options::default() };
    let (plan, _) = Plan::compile(std::slice::from_ref(document), &options);
    let mut faults = Vec::new();
    for index in 0..plan.len() {
        let operation = plan.operation(index as u32);
        let name = format!("{:?} {}", operation.model().method, operation.model().path);
        for sample in 0..SAMPLES {
            if let Err(fault) = answer(document, operation, operation.key(None).with(&sample.to_le_bytes())) {
                faults.push(format!("{name}: {fault}"));
                break;
            }
        }
    }
    faults
}

fn answer(document: &Document, operation: &Operation, key: Key) -> Result<(), String> {
    let sent = Sent::by(operation, key)?;
    if !sent.head.starts_with(&format!("HTTP/1.1 {} ", operation.status())) {
        return Err(format!("status line {:?}", sent.head.lines().next()));
    }
    let length = sent.field("Content-Length");
    if length.is_some_and(|length| length.trim().parse() != Ok(sent.body.len())) {
        return Err(format!("Content-Length {length:?} of {} bytes", sent.body.len()));
    }
    let Some(content_type) = sent.field("Content-Type") else {
        return sent.body.is_empty().then_some(()).ok_or("a body without a type".to_owned());
    };
    let Some((_, media)) = declared(operation, content_type) else { return Ok(()) };
    let (Some(schema), true) = (media.schema, kind(content_type) == Kind::Json) else { return Ok(()) };
    let value: Value =
        serde_json::from_slice(&sent.body).map_err(|error| format!("body is no JSON: {error}"))?;
    if !media.examples.is_empty() {
        return Ok(()); // the author's, valid or not
    }
    let violations = document.schemas.validate(schema, &value, Direction::Response);
    match violations.first() {
        None => Ok(()),
        Some(violation) => Err(format!("{} {}", violation.path.join("/"), violation.message)),
    }
}

/// One answer, as it would go out.
pub(crate) struct Sent {
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Sent {
    /// What `operation` answers for `key` to a client without wishes.
    pub(crate) fn by(operation: &Operation, key: Key) -> Result<Sent, String> {
        let mut out = Vec::new();
        let date = DateCache::new(0);
        let reply =
            operation.reply(&Wish::default(), std::iter::empty()).map_err(|error| error.to_string())?;
        operation.ready(&reply).write(Sending::plain(&date), key, &mut out);
        let end = out.windows(4).position(|window| window == b"\r\n\r\n").ok_or("no end of head")?;
        Ok(Sent { head: String::from_utf8_lossy(&out[..end]).into_owned(), body: out.split_off(end + 4) })
    }

    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

/// The response and media type of the document that an answer claims to be of, where they are
/// named to the letter.
pub(crate) fn declared<'d>(
    operation: &'d Operation,
    content_type: &str,
) -> Option<(StatusKey, &'d MediaType)> {
    let status = operation.status();
    let fits = |key: &StatusKey| match key {
        StatusKey::Code(code) => *code == status,
        StatusKey::Range(hundreds) => u16::from(*hundreds) * 100 == status,
        StatusKey::Default => true,
    };
    let mut responses = operation.model().responses.iter().filter(|(key, _)| fits(key)).collect::<Vec<_>>();
    responses.sort_by_key(|(key, _)| *key);
    let (key, response) = responses.first()?;
    Some((*key, response.content.iter().find(|media| *media.name == *content_type)?))
}
