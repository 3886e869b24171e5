//! The proof of one operation: its parameters, its request bodies, its responses.

use std::cell::RefCell;
use std::sync::Arc;

use mocker_http::response::{BodyRule, DateCache, Sending, body_rule};
use mocker_openapi::References;
use mocker_openapi::model::{self, Example, ExampleValue, MediaType, Method};
use mocker_plan::media::{Kind, kind};
use mocker_plan::{Operation, Plan, Ready, method_name};
use mocker_schema::generate::{Key, Options, Program, Programs};
use mocker_schema::lower::Dialect;
use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Schemas};
use serde_json::Value;

use super::judge::{Broken, Judge, Stop};
use super::parts::{Found, Parts};
use super::reading::Reading;
use super::{Fault, Outcome, Part, PartKind, ProvedOperation, WrongExample};

/// What one thread proves with.
pub(super) struct Prover<'r, 't> {
    pub(super) plan: Plan,
    pub(super) references: &'r References<'t>,
    pub(super) parts: &'r Parts<'t>,
    pub(super) dialect: Dialect,
    /// Values made of each schema
    pub(super) samples: u64,
    /// What was compiled for other operations; the plan's own
    pub(super) programs: Arc<Programs>,
    pub(super) judge: RefCell<Judge<'t>>,
}

/// A part while it is proved.
pub(super) struct Subject<'d, 't> {
    pub(super) kind: PartKind,
    pub(super) name: String,
    pub(super) schemas: &'d Schemas,
    pub(super) schema: SchemaId,
    pub(super) found: Option<Found<'t>>,
    pub(super) examples: &'d [Example],
    pub(super) direction: Direction,
}

impl<'t> Prover<'_, 't> {
    /// Proves an operation by its number, and drops what was compiled for it.
    pub(super) fn operation(&mut self, index: u32) -> ProvedOperation {
        let operation = self.plan.operation(index);
        let mut parts = Vec::new();
        self.parameters(operation, &mut parts);
        self.request_bodies(operation, &mut parts);
        self.responses(operation, &mut parts);
        self.entities(operation, &mut parts);
        let model = operation.model();
        let proved = ProvedOperation {
            method: method_name(&model.method).to_owned(),
            path: model.path.to_string(),
            parts,
        };
        self.plan.forget(index);
        proved
    }

    fn parameters(&self, operation: &Operation, parts: &mut Vec<Part>) {
        let schemas = operation.schemas();
        for parameter in &operation.model().parameters {
            let content = parameter.content.as_ref();
            let name = format!("{} {}", place_name(parameter.place), parameter.name);
            let kind = PartKind::Parameter;
            if content.is_some_and(|media| !is_json(media)) {
                parts.push(Part::not_json(kind, name));
                continue;
            }
            let Some(schema) = parameter.schema.or_else(|| content.and_then(|media| media.schema)) else {
                continue;
            };
            let found = self.parts.parameter(self.references, operation.model(), parameter);
            let (examples, direction) = (&parameter.examples[..], Direction::Request);
            let subject = Subject { kind, name, schemas, schema, found, examples, direction };
            parts.push(self.request(operation, subject));
        }
    }

    fn request_bodies(&self, operation: &Operation, parts: &mut Vec<Part>) {
        let schemas = operation.schemas();
        for media in operation.model().request_body.iter().flat_map(|body| &body.content) {
            let (kind, name) = (PartKind::RequestBody, format!("request {}", media.name));
            let Some(schema) = media.schema.or(media.item_schema) else { continue };
            if !is_json(media) {
                parts.push(Part::not_json(kind, name));
                continue;
            }
            let found = self.parts.request(self.references, operation.model(), &media.name);
            let (examples, direction) = (&media.examples[..], Direction::Request);
            let subject = Subject { kind, name, schemas, schema, found, examples, direction };
            parts.push(self.request(operation, subject));
        }
    }

    fn responses(&self, operation: &Operation, parts: &mut Vec<Part>) {
        let model = operation.model();
        if model.method == Method::Head {
            return;
        }
        for (index, (status, response)) in model.responses.iter().enumerate() {
            if let model::StatusKey::Code(code) = status
                && body_rule(*code) != BodyRule::Body
            {
                continue;
            }
            for (at, media) in response.content.iter().enumerate() {
                let (kind, name) = (PartKind::Response, format!("{} {}", status_name(*status), media.name));
                let Some(schema) = media.schema.or(media.item_schema) else { continue };
                let bodies = Bodies::of(operation, index as u16, at as u16);
                if bodies.kind() != Kind::Json {
                    parts.push(Part::not_json(kind, name));
                    continue;
                }
                let found = self.parts.response(self.references, model, *status, &media.name);
                let (schemas, direction) = (operation.schemas(), Direction::Response);
                let subject =
                    Subject { kind, name, schemas, schema, found, examples: &media.examples, direction };
                parts.push(self.proved(subject, (0..self.samples).map(|sample| bodies.value(sample))));
            }
        }
    }

    /// Values of requests, every second one without what is optional.
    fn request(&self, operation: &Operation, subject: Subject<'_, 't>) -> Part {
        let program = |fill_optional| {
            let options = Options::new(subject.direction, fill_optional);
            self.programs.get(subject.schemas, subject.schema, &options)
        };
        let programs = [program(true), program(false)];
        let key = operation.key(None).with(subject.name.as_bytes());
        let mut text = Vec::new();
        let values = (0..self.samples).map(|sample| {
            text.clear();
            programs[(sample % 2) as usize].write(key.with_number(sample), &mut text);
            serde_json::from_slice(&text).map_err(|error| format!("the value is no JSON: {error}"))
        });
        self.proved(subject, values)
    }

    pub(super) fn proved(
        &self,
        subject: Subject<'_, 't>,
        values: impl Iterator<Item = Result<Value, String>>,
    ) -> Part {
        let mut part = Part {
            kind: subject.kind,
            name: subject.name.clone(),
            outcome: Outcome::Proved,
            examples: 0,
            wrong_examples: Vec::new(),
        };
        let Some(found) = subject.found else {
            return part.with(Outcome::Unjudged("its schema was not found in the document".to_owned()));
        };
        let reading =
            Reading { references: self.references, dialect: self.dialect, direction: subject.direction };
        let mut judge = self.judge.borrow_mut();
        let first = match judge.first_broken(reading, found, values) {
            Ok(first) => first,
            Err(Stop::NoValue(message)) => return part.with(Outcome::Failed(Fault::of_whole(message))),
            Err(Stop::Unjudged(why)) => return part.with(Outcome::Unjudged(why)),
        };
        let mut admits_example = false;
        for (example, value) in
            subject.examples.iter().filter_map(|example| Some((example, written(example)?)))
        {
            part.examples += 1;
            let broken = match judge.broken(reading, found, &value) {
                Ok(broken) => broken,
                Err(why) => return part.with(Outcome::Unjudged(why)),
            };
            admits_example |= broken.is_none();
            if let Some(broken) = broken.filter(|_| !is_wrapped(&mut judge, reading, found, &value)) {
                let (name, position) = (example.name.to_string(), example.position);
                part.wrong_examples.push(WrongExample { name, position, broken });
            }
        }
        if let Some((sample, broken)) = first {
            part.outcome = explained(&subject, sample, broken, admits_example);
        }
        part
    }
}

/// Bodies of a response as they would go out.
struct Bodies<'p> {
    ready: Ready<'p>,
    key: Key,
}

impl<'p> Bodies<'p> {
    /// Those of a response and of one of its media types, by their indexes.
    fn of(operation: &'p Operation, response: u16, media: u16) -> Bodies<'p> {
        let ready = operation.ready(&operation.generated(response, media));
        Bodies { ready, key: operation.key(None) }
    }

    /// What they say they are.
    fn kind(&self) -> Kind {
        let (message, start) = self.message(0);
        sent_kind(&message[..start])
    }

    fn value(&self, sample: u64) -> Result<Value, String> {
        let (message, start) = self.message(sample);
        serde_json::from_slice(&message[start..]).map_err(|error| format!("the body is no JSON: {error}"))
    }

    /// A whole message, and where its body starts.
    fn message(&self, sample: u64) -> (Vec<u8>, usize) {
        let date = DateCache::new(0);
        let mut out = Vec::new();
        self.ready.write(Sending::plain(&date), self.key.with_number(sample), &mut out);
        let end = out.windows(4).position(|window| window == b"\r\n\r\n").map_or(out.len(), |end| end + 4);
        (out, end)
    }
}

/// Whether it was possible to do better. What no value can obey, the author's examples do not obey either.
fn explained(subject: &Subject<'_, '_>, sample: usize, broken: Broken, admits_example: bool) -> Outcome {
    let options = Options::new(subject.direction, true);
    match Program::compile(subject.schemas, subject.schema, &options) {
        Err(fault) if !admits_example => Outcome::NoValue { reason: fault.reason, nearest: broken },
        Err(fault) => Outcome::Failed(Fault {
            sample,
            broken: Broken {
                message: format!(
                    "{}; no value was found ({}), and an example obeys",
                    broken.message, fault.reason
                ),
                ..broken
            },
        }),
        Ok(_) => Outcome::Failed(Fault { sample, broken }),
    }
}

/// JSON that the author wrote as a string: it is sent as JSON where that obeys.
fn is_wrapped<'t>(judge: &mut Judge<'t>, reading: Reading<'_, 't>, found: Found<'t>, value: &Value) -> bool {
    let Some(inner) = value.as_str().and_then(|text| serde_json::from_str(text).ok()) else { return false };
    judge.broken(reading, found, &inner).is_ok_and(|broken| broken.is_none())
}

/// The value of an example that can be judged: no template, no file, and not the `null` that exporters write where
/// there is none.
fn written(example: &Example) -> Option<Value> {
    let ExampleValue::Json(text) = &example.value else { return None };
    let value: Value = serde_json::from_str(text).ok()?;
    (!example.is_template && !value.is_null()).then_some(value)
}

pub(super) fn is_json(media: &MediaType) -> bool {
    kind(&mocker_plan::media::concrete(mocker_plan::media::written(&media.name), false, false)) == Kind::Json
}

/// What a head says its body is.
fn sent_kind(head: &[u8]) -> Kind {
    let head = String::from_utf8_lossy(head);
    let content_type = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-type").then(|| value.trim())
    });
    content_type.map_or(Kind::Binary, kind)
}

pub(super) fn status_name(status: model::StatusKey) -> String {
    match status {
        model::StatusKey::Code(code) => code.to_string(),
        model::StatusKey::Range(hundreds) => format!("{hundreds}XX"),
        model::StatusKey::Default => "default".to_owned(),
    }
}

fn place_name(place: model::Place) -> &'static str {
    match place {
        model::Place::Path => "path",
        model::Place::Query => "query",
        model::Place::QueryString => "querystring",
        model::Place::Header => "header",
        model::Place::Cookie => "cookie",
    }
}
