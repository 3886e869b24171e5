//! Answers held against the description: one by one, and while a run lasts.
#![allow(clippy::unwrap_used)]

mod server;

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use mocker_loadgen::{
    drive::{Progress, Target, run},
    limits::{MAX_FAILURE_BYTES, MAX_VERIFIED_BODY, SAMPLE_EVERY},
    load::Load,
    record::{ErrorClass, Run},
    scenario::{Options, Origin, Scenario, of_document},
    verify::{Answer, Mode, Verification, Verifier},
};
use mocker_openapi::{Document, Location, MemoryFetch, load};
use server::{check, closed, errors, milliseconds, open, serve};

const PETS: &str = "
openapi: 3.1.0
info: {title: t, version: '1'}
paths:
  /pets:
    get:
      responses:
        '200':
          content:
            application/json: {schema: {$ref: '#/components/schemas/Pets'}}
            text/csv: {}
            application/*+json: {schema: {type: boolean}}
        '204': {description: nothing}
        4XX: {content: {application/problem+json: {schema: {type: object, required: [title]}}}}
        default: {content: {application/json: {schema: {const: 7}}, 'application/json; v=2': {schema: {const: 8}}}}
  /silent:
    get:
      responses:
        '200': {description: no content is described}
components:
  schemas:
    Pets:
      type: array
      items:
        type: object
        required: [id, name]
        additionalProperties: false
        properties:
          id: {type: integer}
          name: {type: string, maxLength: 4}
          secret: {type: string, writeOnly: true}
";

fn document(text: &str) -> Arc<Document> {
    let location = Location::File(PathBuf::from("/document.yaml"));
    let loaded = load(location.clone(), &mut MemoryFetch::default().with(location, text));
    Arc::new(loaded.document.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics.first())))
}

fn scenario(document: &Document) -> Scenario {
    of_document(document, &Options::default()).0
}

fn verifier(mode: Mode) -> (Scenario, Verifier) {
    let document = document(PETS);
    let scenario = scenario(&document);
    let verifier = Verifier::new(&[document], &scenario, mode);
    (scenario, verifier)
}

const JSON: Option<&str> = Some("application/json");

#[test]
fn answers_are_judged_by_status_media_type_and_schema() {
    let (_, verifier) = verifier(Mode::All);
    for (operation, status, content_type, body, expected) in [
        (0, 200, JSON, Some(r#"[{"id":1,"name":"Rex"}]"#), None),
        (0, 200, JSON, Some("[]"), None),
        (0, 200, Some("Application/JSON; charset=utf-8"), Some("[]"), None),
        (0, 200, JSON, Some("{}"), Some("GET /pets 200: body must be array")),
        (0, 200, JSON, Some(r#"[{"id":"1","name":"Rex"}]"#), Some("GET /pets 200: /0/id must be integer")),
        (
            0,
            200,
            JSON,
            Some(r#"[{"id":1,"name":"Rex","age":3}]"#),
            Some("GET /pets 200: /0 must NOT have additional properties (age)"),
        ),
        (
            0,
            200,
            JSON,
            Some(r#"[1,2,3,4,5]"#),
            Some("GET /pets 200: /0 must be object; /1 must be object; /2 must be object (2 more)"),
        ),
        (0, 200, JSON, Some("[{"), Some("GET /pets 200: no JSON: EOF while parsing")),
        (0, 200, JSON, Some(""), Some("GET /pets 200: no JSON: EOF while parsing")),
        // Other media types are documented or not; what they hold is not looked at.
        (0, 200, Some("text/csv"), Some("{"), None),
        (0, 200, Some("application/vnd.pets+json"), Some("true"), None),
        (0, 200, Some("application/vnd.pets+json"), Some("1"), Some("body must be boolean")),
        (
            0,
            200,
            Some("text/html"),
            Some("<p>"),
            Some("GET /pets 200: undocumented media type text/html, documented: application/json, text/csv"),
        ),
        (0, 200, None, Some("[]"), Some("GET /pets 200: no media type, documented: application/json")),
        // There is no body to be judged in an answer to HEAD.
        (0, 200, JSON, None, None),
        (0, 204, None, None, None),
        // Exact code, range, default.
        (0, 404, Some("application/problem+json"), Some(r#"{"title":"no"}"#), None),
        (
            0,
            418,
            Some("application/problem+json"),
            Some("{}"),
            Some("418: body must have required property 'title'"),
        ),
        (0, 500, JSON, Some("7"), None),
        (0, 500, JSON, Some("8"), Some("500: body must be equal to constant")),
        (0, 500, Some("application/json;v=2"), Some("8"), None),
        // Nothing is said of what an answer without `content` holds.
        (1, 200, Some("text/html"), Some("<p>"), None),
        (1, 200, None, Some(""), None),
        (1, 418, None, Some(""), Some("GET /silent 418: undocumented status 418")),
        (7, 200, None, None, None),
    ] {
        let answer = Answer {
            operation,
            status,
            content_type: content_type.map(str::as_bytes),
            body: body.map(str::as_bytes),
        };
        let said = verifier.judge(&answer);
        match expected {
            None => assert_eq!(said, Ok(()), "{operation} {status} {content_type:?} {body:?}"),
            Some(part) => {
                let said = said.expect_err(part);
                assert!(said.contains(part), "{operation} {status} {content_type:?} {body:?}: {said}");
            }
        }
    }
}

#[test]
fn what_is_wrong_is_told_in_few_words() {
    let (_, verifier) = verifier(Mode::All);
    let body = format!(r#"[{{"id":1,"name":"Rex","{}":1}}]"#, "ä".repeat(1_000));
    let answer = Answer {
        operation: 0,
        status: 200,
        content_type: Some(b"application/json"),
        body: Some(body.as_bytes()),
    };
    let said = verifier.judge(&answer).unwrap_err();
    assert!(said.len() <= MAX_FAILURE_BYTES + "…".len() && said.ends_with("ä…"), "{said}");
}

#[test]
fn operations_find_their_documents() {
    let documents = [
        document(PETS),
        document(
            "{openapi: 3.1.0, info: {title: t, version: '1'}, paths: {/a: {get: {responses: {'201': {}}}}}}",
        ),
    ];
    let mut whole = scenario(&documents[0]);
    let options = Options { document: 1, ..Options::default() };
    whole.operations.extend(of_document(&documents[1], &options).0.operations);
    whole.operations.remove(0);
    let origins: Vec<_> = whole.operations.iter().map(|operation| operation.origin).collect();
    let at = |document, operation| Some(Origin { document, operation });
    assert_eq!(origins, [at(0, 1), at(1, 0)]);
    let verifier = Verifier::new(&documents, &whole, Mode::All);
    let judge = |operation, status| {
        verifier.judge(&Answer { operation, status, content_type: None, body: None }).is_ok()
    };
    assert_eq!([judge(0, 200), judge(0, 201), judge(1, 200), judge(1, 201)], [true, false, false, true]);
}

/// Runs the first operation against a server whose answer to request number `n`, over all connections, is this.
fn runs(mode: Mode, load: &Load, answer: impl Fn(usize) -> Vec<u8> + Send + Sync + 'static) -> Run {
    let (mut scenario, verifier) = verifier(mode);
    scenario.operations.truncate(1);
    let run = run_to(scenario, verifier, load, numbered(answer));
    check(&run);
    run
}

fn run_to(scenario: Scenario, verifier: Verifier, load: &Load, address: SocketAddr) -> Run {
    let target = Target { addresses: vec![address], tls: None };
    let progress = Progress::new(load.threads, None);
    run(Arc::new(scenario), load, &target, Some(Arc::new(verifier)), &progress).unwrap()
}

fn numbered(answer: impl Fn(usize) -> Vec<u8> + Send + Sync + 'static) -> SocketAddr {
    let number = AtomicUsize::new(0);
    serve(move |_, mut peer| {
        while peer.read() {
            peer.write(&answer(number.fetch_add(1, Relaxed)));
        }
    })
}

fn message(status: u16, fields: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status} x\r\n{fields}Content-Length: {length}\r\n\r\n{body}").into_bytes()
}

fn pets(body: &str) -> Vec<u8> {
    message(200, "Content-Type: application/json\r\n", body)
}

fn verified(run: &Run) -> (u64, u64, u64) {
    let Verification { checked, invalid, skipped, .. } = *run.verification.as_ref().unwrap();
    (checked, invalid, skipped)
}

#[test]
fn wrong_answers_are_counted_one_by_one() {
    let answer = |number: usize| match number % 10 {
        3 => pets(r#"[{"id":1}]"#),
        // Different every time.
        6 => pets(&format!(r#"[{{"id":{number},"name":"too long"}}]"#)),
        7 => message(418, "Content-Type: application/problem+json\r\n", "{}"),
        8 => message(404, "Content-Type: application/problem+json\r\n", r#"{"title":"no"}"#),
        9 => pets(&format!(r#"[{{"id":{number},"name":"Rex"}}]"#)),
        _ => pets("[]"),
    };
    let mut pipelined = closed(60_000, Some(1_000), 32);
    (pipelined.pipeline, pipelined.threads) = (3, 2);
    for load in [closed(60_000, Some(1_000), 4), pipelined, open(2_000.0, 500, 4)] {
        let run = runs(Mode::All, &load, answer);
        assert_eq!(verified(&run), (1_000, 300, 0));
        assert_eq!((errors(&run, ErrorClass::Schema), errors(&run, ErrorClass::Status)), (300, 100));
        let operation = run.record.operations[0].as_ref().unwrap();
        assert_eq!(operation.errors[&ErrorClass::Schema], 300);
        let verification = run.verification.unwrap();
        let mut said = verification.first_failures;
        said.sort_unstable();
        assert_eq!(
            said,
            [
                "GET /pets 200: /0 must have required property 'name'",
                "GET /pets 200: /0/name must NOT have more than 4 characters",
                "GET /pets 418: body must have required property 'title'",
            ]
        );
    }
}

#[test]
fn the_first_of_many_different_failures_are_told() {
    let answer = |number| message(200, &format!("Content-Type: text/x{number}\r\n"), "");
    let run = runs(Mode::All, &closed(60_000, Some(50), 2), answer);
    assert_eq!(verified(&run), (50, 50, 0));
    assert_eq!(run.verification.unwrap().first_failures.len(), 10);
}

#[test]
fn the_warm_up_is_in_no_count() {
    let mut load = open(1_000.0, 200, 2);
    load.warmup = milliseconds(100);
    let run = runs(Mode::All, &load, |number| pets(if number < 50 { "{}" } else { "[]" }));
    assert_eq!((verified(&run), run.record.counts.warmup), ((200, 0, 0), 100));
    assert!(run.verification.unwrap().first_failures.is_empty());
}

#[test]
fn a_sample_begins_with_the_first() {
    let every = SAMPLE_EVERY as usize;
    let answer = move |number: usize| pets(if number == 1 || number == every { "{}" } else { "[]" });
    let mut load = closed(60_000, Some(3 * SAMPLE_EVERY + 1), 1);
    let run = runs(Mode::Sample, &load, answer);
    assert_eq!(verified(&run), (4, 1, 0), "the second is not looked at, that behind the gap is");
    load.requests = Some(1);
    assert_eq!(verified(&runs(Mode::Sample, &load, answer)), (1, 0, 0));
}

#[test]
fn bodies_are_whole_however_they_come() {
    let chunked = |pieces: &[&str]| {
        let mut out =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                .to_owned();
        for piece in pieces.iter().chain(&[""]) {
            out.push_str(&format!("{:x}\r\n{piece}\r\n", piece.len()));
        }
        out.into_bytes()
    };
    let answer = move |number: usize| match number % 4 {
        0 => chunked(&["[", "{\"id\":1,\"name\"", ":\"Rex\"}]"]),
        1 => chunked(&["[1", "]"]),
        2 => pets(&format!("[{}]", vec![r#"{"id":1,"name":"Rex"}"#; 20_000].join(","))),
        _ => pets(&format!("[{}1]", r#"{"id":1,"name":"Rex"},"#.repeat(20_000))),
    };
    let run = runs(Mode::All, &closed(60_000, Some(40), 2), answer);
    assert_eq!(verified(&run), (40, 20, 0));
    // Without a length: the end of the connection is the end of the body.
    let address = serve(|_, mut peer| {
        if peer.read() {
            peer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[1]");
        }
    });
    let (mut scenario, verifier) = verifier(Mode::All);
    scenario.operations.truncate(1);
    let run = run_to(scenario, verifier, &closed(60_000, Some(5), 1), address);
    assert_eq!(verified(&run), (5, 5, 0));
}

#[test]
fn what_cannot_be_judged_is_told_and_is_no_fault() {
    let answer = |number: usize| match number % 3 {
        0 => message(200, "Content-Type: application/json\r\nContent-Encoding: gzip\r\n", "x"),
        1 => pets(&format!("[{}]", " ".repeat(MAX_VERIFIED_BODY))),
        _ => message(200, "Content-Type: application/json\r\nContent-Encoding: identity\r\n", "[]"),
    };
    let run = runs(Mode::All, &closed(60_000, Some(30), 2), answer);
    assert_eq!((verified(&run), run.record.counts.failed()), ((10, 0, 20), 0));
}

#[test]
fn without_a_verifier_nothing_is_judged() {
    let run = server::drive(&closed(60_000, Some(10), 1), server::always(server::OK));
    assert_eq!(run.verification, None);
}
