//! Answers of the configuration, compiled.

use std::path::Path;
use std::time::Duration;

use mocker_engine::behaviour::{Content, Errors, Responses, Rule, Sequence, Stub, Text, Then, Variant};
use mocker_plan::Operation;
use mocker_source::Diagnostic;
use serde_json::Value;

use super::conditions::condition;
use super::templates::{Found, TemplateBook, is_meant};
use crate::config::section::answer::{Answer, Body};
use crate::config::section::responses as written;
use crate::fetch;
use crate::fingerprint::fingerprint;
use crate::limits::MAX_FILE_BYTES;
use crate::sightings::Sightings;

/// Status of an error where none is written.
const ERROR_STATUS: u16 = 500;

/// What is needed to compile answers.
pub(super) struct Bench<'b, 'c> {
    pub(super) operation: &'b Operation,
    pub(super) book: &'b mut TemplateBook<'c>,
    pub(super) faults: &'b mut Vec<Diagnostic>,
    /// Files that were read, as they were before
    pub(super) seen: &'b mut Sightings,
    /// Fingerprint of what they hold
    pub(super) of_files: u64,
}

impl Bench<'_, '_> {
    /// The user's answers of an operation.
    pub(super) fn responses(&mut self, written: &written::Override) -> Responses {
        let errors = written.errors.as_ref().map(|errors| {
            let mut stub = self.stub(&errors.answer);
            stub.status = stub.status.or(Some(ERROR_STATUS));
            Errors { rate: errors.rate, stub }
        });
        let rule = |rule: &written::Conditional| {
            let when = condition(&rule.when, self.faults);
            Rule { when, stub: self.stub(&rule.answer) }
        };
        let rules = written.rules.iter().map(rule).collect();
        let sequence = written.sequence.as_ref().filter(|sequence| !sequence.answers.is_empty());
        let sequence = sequence.map(|sequence| Sequence {
            stubs: sequence.answers.iter().map(|answer| self.stub(answer)).collect(),
            then: match sequence.then {
                written::Then::Repeat => Then::Repeat,
                written::Then::Stop => Then::Stop,
                written::Then::Random => Then::Random,
            },
        });
        let variant =
            |variant: &written::Variant| Variant { weight: variant.weight, stub: self.stub(&variant.answer) };
        let variants = written.variants.iter().map(variant).collect();
        Responses { errors, rules, sequence, variants }
    }

    fn stub(&mut self, answer: &Answer) -> Stub {
        let mut fields: Vec<(Box<str>, Text)> = Vec::new();
        for (name, value) in &answer.headers {
            let found = Found { position: value.position, media: "text/plain" };
            let text = match is_meant(answer.is_template.filter(|is| !is), &value.value) {
                true => Text::Template(self.book.text(&value.value, &found)),
                false => Text::Plain(value.value.as_str().into()),
            };
            fields.push((name.as_str().into(), text));
        }
        let media = answer.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        let media = media.map(|(_, value)| value.value.clone());
        let body = self.body(answer, media.as_deref());
        Stub { status: answer.status, fields, body, delay: answer.delay.unwrap_or(Duration::ZERO) }
    }

    fn body(&mut self, answer: &Answer, media: Option<&str>) -> Content {
        let Some(body) = &answer.body else { return Content::Described };
        let described = || self.operation.media_of(answer.status);
        match &body.value {
            Body::Example(name) => {
                if !self.has_example(name) {
                    let message = format!("the operation has no example `{name}`");
                    let fault = Diagnostic::error_at("example-unknown", Some(body.position), message);
                    self.faults
                        .push(fault.with_help("name one of `examples`; `example` alone is called `default`"));
                }
                Content::Example(name.as_str().into())
            }
            Body::Value(Value::String(text)) => {
                let media = media.map(str::to_owned).or_else(described);
                let media = media.unwrap_or_else(|| "text/plain; charset=utf-8".to_owned());
                self.text(answer, text.clone().into_bytes(), media)
            }
            Body::Value(value) => {
                let media = media.map(str::to_owned).or_else(|| described().filter(|media| is_json(media)));
                let media = media.unwrap_or_else(|| "application/json".to_owned());
                let found = Found { position: body.position, media: &media };
                let text = value.to_string();
                match is_meant(answer.is_template.filter(|is| !is), &text) {
                    true => {
                        let template = self.book.value(value, &found);
                        Content::Template { media: media.into(), template }
                    }
                    false => Content::Bytes { media: media.into(), bytes: text.into_bytes().into() },
                }
            }
            Body::File(path) => match self.file(path) {
                Ok(bytes) => {
                    let media = media.map(str::to_owned).or_else(described);
                    let media = media.unwrap_or_else(|| "application/octet-stream".to_owned());
                    self.text(answer, bytes, media)
                }
                Err(error) => {
                    let message = format!("{} cannot be read: {error}", path.display());
                    let fault = Diagnostic::error_at("body-file", Some(body.position), message);
                    self.faults.push(fault.with_help("give a file, relative to the configuration's folder"));
                    Content::Described
                }
            },
        }
    }

    /// The content of a file, which is watched from now on whether it is there or not.
    fn file(&mut self, path: &Path) -> std::io::Result<Vec<u8>> {
        self.seen.see(path);
        let content = fetch::file(path, MAX_FILE_BYTES)?;
        self.of_files = fingerprint((self.of_files, &content));
        Ok(content)
    }

    fn has_example(&self, name: &str) -> bool {
        let contents = self.operation.model().responses.iter().flat_map(|(_, response)| &response.content);
        contents.flat_map(|media| &media.examples).any(|example| *example.name == *name)
    }

    /// A text of the user's, a template where it looks like one.
    fn text(&mut self, answer: &Answer, bytes: Vec<u8>, media: String) -> Content {
        let position = answer.body.as_ref().map_or(answer.position, |body| body.position);
        let text = std::str::from_utf8(&bytes).ok().filter(|text| is_meant(answer.is_template, text));
        match text.map(|text| self.book.text(text, &Found { position, media: &media })) {
            Some(template) => Content::Template { media: media.into(), template },
            None => Content::Bytes { media: media.into(), bytes: bytes.into() },
        }
    }
}

fn is_json(media: &str) -> bool {
    mocker_plan::media::kind(media) == mocker_plan::media::Kind::Json
}
