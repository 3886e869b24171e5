//! Templates of the configuration and of documents.

use std::time::Instant;

use mocker_engine::behaviour::{Behaviour, ExampleAt, Templated};
use mocker_openapi::model::{Example, ExampleValue, Operation};
use mocker_plan::media::{Kind, kind};
use mocker_scripting::template::{Budgets, Content, TemplateSource, is_template};
use mocker_scripting::{TemplateId, Templates};
use mocker_source::{FileId, Position};
use serde_json::Value;

use super::fault::{Fault, Place};
use crate::config::Loaded as Configured;

/// Where a template of the configuration stands, and what it is to give.
pub(super) struct Found<'a> {
    pub(super) position: Position,
    pub(super) media: &'a str,
}

/// Templates as they are found.
pub(super) struct TemplateBook<'c> {
    configured: &'c Configured,
    sources: Vec<TemplateSource>,
    /// Which of them are examples of documents, of which operations
    examples: Vec<(u32, ExampleAt, TemplateId)>,
}

impl<'c> TemplateBook<'c> {
    pub(super) fn new(configured: &'c Configured) -> Self {
        TemplateBook { configured, sources: Vec::new(), examples: Vec::new() }
    }

    /// A text of the configuration.
    pub(super) fn text(&mut self, text: &str, found: &Found<'_>) -> TemplateId {
        let place = self.configured.place(found.position);
        self.add("a text", raw(text, found.media), place)
    }

    /// A structured value of the configuration.
    pub(super) fn value(&mut self, value: &Value, found: &Found<'_>) -> TemplateId {
        let place = self.configured.place(found.position);
        let content = Content::Value { value: value.clone(), places: Vec::new() };
        self.add("a body", content, place)
    }

    /// An example of a document.
    pub(super) fn example(
        &mut self,
        number: u32,
        at: ExampleAt,
        example: &Example,
        media: &str,
        place: Place,
    ) {
        if let Some(content) = content(&example.value, media) {
            let id = self.add(&format!("example `{}`", example.name), content, place);
            self.examples.push((number, at, id));
        }
    }

    fn add(&mut self, name: &str, content: Content, place: Place) -> TemplateId {
        let id = self.sources.len() as u32;
        let (file, line, column) = place.unwrap_or_default();
        let file_id = u16::try_from(id).ok().map(FileId);
        let (line, column) = (line as usize, column as usize);
        self.sources.push(TemplateSource {
            name: name.into(),
            file: file.into(),
            file_id,
            line,
            column,
            content,
        });
        TemplateId(id)
    }

    /// Compiles them. An example that is no template after all is served as it is written.
    pub(super) fn finish(
        self,
        operations: &mut [Option<Box<Behaviour>>],
        name: impl Fn(u32) -> Box<str>,
        faults: &mut Vec<Fault>,
    ) -> Templates {
        if self.sources.is_empty() {
            // An environment with all that templates may call is not small.
            return Templates::default();
        }
        let (templates, diagnostics) = Templates::new(&self.sources, Budgets::default());
        let templates = templates.with_clock(Instant::now);
        for diagnostic in diagnostics {
            let source = diagnostic.position.map(|position| usize::from(position.file.0));
            let is_example = self.examples.iter().any(|(.., id)| Some(id.0 as usize) == source);
            let place = |position: Position| {
                let source = self.sources.get(usize::from(position.file.0))?;
                Some((source.file.to_string(), position.line, position.column))
            };
            let fault = Fault::of(diagnostic, place);
            faults.push(match is_example {
                true => fault.into_warning(
                    "it is served as written; `x-mocker-template: false` says that it is to be",
                ),
                false => fault,
            });
        }
        for (number, at, id) in self.examples.into_iter().filter(|(.., id)| templates.is_sound(*id)) {
            let slot = &mut operations[number as usize];
            let fresh = || Box::new(Behaviour { name: name(number), ..Behaviour::default() });
            slot.get_or_insert_with(fresh).examples.push(Templated::new(at, id));
        }
        templates
    }
}

/// Whether a text is to be a template: by what the user says, else by what is in it.
pub(super) fn is_meant(said: Option<bool>, text: &str) -> bool {
    said.unwrap_or_else(|| is_template(text))
}

fn raw(text: &str, media: &str) -> Content {
    match kind(media) {
        Kind::Json => Content::Json(text.into()),
        _ => Content::Text(text.into()),
    }
}

/// An example as a template; `None` for what is neither text nor JSON.
fn content(value: &ExampleValue, media: &str) -> Option<Content> {
    match value {
        ExampleValue::Serialized(text) => Some(raw(text, media)),
        ExampleValue::Content(bytes) => Some(raw(std::str::from_utf8(bytes).ok()?, media)),
        ExampleValue::External(_) => None,
        ExampleValue::Json(text) => {
            let value: Value = serde_json::from_str(text).ok()?;
            match &value {
                // JSON that the author wrote as a text, for the sake of its loops.
                Value::String(text)
                    if kind(media) != Kind::Json || text.trim_start().starts_with(['{', '[']) =>
                {
                    Some(raw(text, media))
                }
                _ if kind(media) != Kind::Json => None,
                _ => Some(Content::Value { value, places: Vec::new() }),
            }
        }
    }
}

/// Examples of an operation that are templates.
pub(super) fn examples(operation: &Operation) -> impl Iterator<Item = (ExampleAt, &Example, &str)> {
    operation.responses.iter().enumerate().flat_map(|(response, (_, described))| {
        described.content.iter().enumerate().flat_map(move |(media, content)| {
            let examples = content.examples.iter().enumerate().filter(|(_, example)| example.is_template);
            examples.map(move |(index, example)| {
                let at = ExampleAt { response: response as u16, media: media as u16, example: index as u16 };
                (at, example, &*content.name)
            })
        })
    })
}
