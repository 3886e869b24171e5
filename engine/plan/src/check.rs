//! What can be said of a document without serving it: schemas that nothing can obey,
//! examples that contradict their schemas, and the table of what would be answered.

use std::collections::HashSet;

use mocker_openapi::Document;
use mocker_openapi::model::{Example, ExampleValue, MediaType, Operation, Parameter, RequestBody};
use mocker_schema::SchemaId;
use mocker_schema::generate::{Options, Program};
use mocker_schema::validate::Direction;
use mocker_source::{Diagnostic, Position, Severity, escape_token};
use serde_json::Value;

use crate::choice;
use crate::limits::MAX_QUOTED_FAULTS;
use crate::operation::method_name;
use crate::options;
use crate::source::{Origin, Source};
use crate::variants::preferred;

/// One line of the table of operations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// `GET`
    pub method: String,
    /// The template as written
    pub path: String,
    /// Status sent by default
    pub status: u16,
    /// `example`, `generated`, `empty`
    pub body: &'static str,
    /// Media type sent by default
    pub content: Option<String>,
}

/// Judges a document; the rows are in document order.
pub fn document(document: &Document) -> (Vec<Diagnostic>, Vec<Row>) {
    let mut judge = Judge {
        document,
        seen: HashSet::new(),
        compiled: HashSet::new(),
        told: HashSet::new(),
        found: Vec::new(),
    };
    let rows = document.operations.iter().map(|operation| judge.operation(operation)).collect();
    judge.found.extend(document.schemas.pattern_faults());
    (judge.found, rows)
}

struct Judge<'d> {
    document: &'d Document,
    /// Parts shared by many operations, told apart by their address, are judged once
    seen: HashSet<usize>,
    /// Many parts share a schema, and one of them speaks for all
    compiled: HashSet<(SchemaId, Direction)>,
    told: HashSet<(Position, String)>,
    found: Vec<Diagnostic>,
}

impl Judge<'_> {
    fn operation(&mut self, operation: &Operation) -> Row {
        let place = format!(
            "/paths/{}/{}",
            escape_token(&operation.path),
            method_name(&operation.method).to_lowercase()
        );
        self.request(operation, &place);
        // What answers a callback is the client's business.
        let called =
            operation.callbacks.iter().filter(|called| self.seen.insert(called.operations.as_ptr() as usize));
        for called in called.flat_map(|callback| callback.operations.iter()).collect::<Vec<_>>() {
            self.request(called, &place);
        }
        for (_, response) in &operation.responses {
            if self.seen.insert(std::sync::Arc::as_ptr(response) as usize) {
                for media in &response.content {
                    self.media(operation, &place, media, Direction::Response);
                }
            }
        }
        self.row(operation)
    }

    fn request(&mut self, operation: &Operation, place: &str) {
        for parameter in &operation.parameters {
            self.parameter(operation, place, parameter);
        }
        if let Some(body) = &operation.request_body {
            self.request_body(operation, place, body);
        }
    }

    fn parameter(&mut self, operation: &Operation, place: &str, parameter: &Parameter) {
        if !self.seen.insert(std::ptr::from_ref(parameter) as usize) {
            return;
        }
        self.schema(operation, place, parameter.schema, Direction::Request);
        for example in &parameter.examples {
            let ExampleValue::Json(text) = &example.value else { continue };
            // exporters write `example: null` where there is none
            let value = serde_json::from_str(text).ok().filter(|value: &Value| !value.is_null());
            self.example(example, value, parameter.schema, Direction::Request);
        }
    }

    fn request_body(&mut self, operation: &Operation, place: &str, body: &RequestBody) {
        if self.seen.insert(std::ptr::from_ref(body) as usize) {
            for media in &body.content {
                self.media(operation, place, media, Direction::Request);
            }
        }
    }

    fn media(&mut self, operation: &Operation, place: &str, media: &MediaType, direction: Direction) {
        self.schema(operation, place, media.schema, direction);
        let options = &options::Options::default();
        let source = Source { schemas: &self.document.schemas, media, options, direction, failure: None };
        let is_sent = |example: &&Example| direction == Direction::Request || !example.is_template;
        for example in media.examples.iter().filter(is_sent) {
            self.example(example, source.json(example), media.schema, direction);
        }
    }

    fn schema(&mut self, operation: &Operation, place: &str, schema: Option<SchemaId>, direction: Direction) {
        let Some(schema) = schema.filter(|schema| self.compiled.insert((*schema, direction))) else { return };
        let options = Options::new(direction, true);
        let Err(fault) = Program::compile(&self.document.schemas, schema, &options) else { return };
        let position = self.document.schemas[fault.schema].position.unwrap_or(operation.position);
        let message = format!("no value can obey this schema: {}", fault.reason);
        self.warn(
            "unsatisfiable-schema",
            message,
            position,
            place,
            "loosen one of the keywords that contradict each other",
        );
    }

    /// `value` is what is sent of the example, where it is JSON.
    fn example(
        &mut self,
        example: &Example,
        value: Option<Value>,
        schema: Option<SchemaId>,
        direction: Direction,
    ) {
        let Some((value, schema)) = value.zip(schema) else { return };
        let violations = self.document.schemas.validate(schema, &value, direction);
        if violations.is_empty() {
            return;
        }
        let quoted = violations.iter().take(MAX_QUOTED_FAULTS).map(|violation| {
            let pointer: String =
                violation.path.iter().map(|token| format!("/{}", escape_token(token))).collect();
            format!("{} {}", if pointer.is_empty() { "the value" } else { &pointer }, violation.message)
        });
        let quoted = quoted.collect::<Vec<_>>().join("; ");
        let message = format!("example `{}` contradicts its schema: {quoted}", example.name);
        let help = match direction {
            Direction::Request => "mend the example or the schema",
            Direction::Response => "it is served as written; mend the example or the schema",
        };
        self.warn("example-mismatch", message, example.position, "", help);
    }

    fn warn(&mut self, code: &'static str, message: String, position: Position, pointer: &str, help: &str) {
        // Shared parts are reached from many operations, and through references from several places.
        if !self.told.insert((position, message.clone())) {
            return;
        }
        self.found.push(Diagnostic {
            code,
            severity: Severity::Warning,
            message,
            position: Some(position),
            pointer: pointer.to_owned(),
            help: Some(help.to_owned()),
        });
    }

    fn row(&self, operation: &Operation) -> Row {
        let choice = choice::usual(&operation.responses);
        let response = choice.map(|choice| &*operation.responses[choice.response].1);
        let media = response.and_then(|response| Some(&response.content[preferred(response)?]));
        let options = &options::Options::default();
        let source = media.map(|media| Source {
            schemas: &self.document.schemas,
            media,
            options,
            direction: Direction::Response,
            failure: None,
        });
        let body = match source.map(|source| source.origin()) {
            Some(Origin::Example) => "example",
            Some(Origin::Generated) => "generated",
            Some(Origin::Empty) | None => "empty",
        };
        Row {
            method: method_name(&operation.method).to_owned(),
            path: operation.path.to_string(),
            status: choice.map_or(200, |choice| choice.status),
            body,
            content: source.map(|source| source.content_type()),
        }
    }
}
