//! Where the body of one media type comes from: the document's bytes, or a program that writes them.

use std::sync::Arc;

use mocker_openapi::model::{Example, ExampleValue, MediaType};
use mocker_schema::format::Format;
use mocker_schema::generate::{self, Failure, Program};
use mocker_schema::limits::REFERENCE_CHAIN;
use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Schemas, Types};
use serde_json::Value;

use crate::body::{self, Rendered, Typed};
use crate::generator;
use crate::media::{self, Kind};
use crate::options::{Options, Sampling};
use crate::reply::From;
use crate::request::Fault;

/// Where a body comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The document's author wrote it
    Example,
    /// Made from the schema
    Generated,
    /// The document says nothing about it
    Empty,
}

/// What an answer needs of the document; borrowed for the moment of compiling.
#[derive(Clone, Copy)]
pub(crate) struct Source<'d> {
    pub(crate) schemas: &'d Schemas,
    pub(crate) media: &'d MediaType,
    pub(crate) options: &'d Options,
    /// Which way the message goes
    pub(crate) direction: Direction,
    /// The error that it tells of
    pub(crate) failure: Option<Failure>,
}

/// What is sent: known to the byte, or written by a program.
pub(crate) enum Content {
    Fixed { rendered: Rendered, verdict: Vec<Fault> },
    Program { program: Arc<Program>, kind: Kind, content_type: String },
}

impl Content {
    fn plain(rendered: Rendered) -> Content {
        Content::Fixed { rendered, verdict: Vec::new() }
    }
}

impl Source<'_> {
    /// `Content-Type`, with ranges made concrete.
    pub(crate) fn content_type(&self) -> String {
        let simple = |types| self.media.schema.is_some_and(|id| only(self.schemas, id, types));
        let name = media::concrete(
            &self.media.name,
            is_binary(self.schemas, self.media.schema),
            simple(Types::STRING),
        );
        // A header value cannot hold control bytes; a document can.
        name.chars().filter(|c| !c.is_control()).collect()
    }

    /// What `from` names; of the usual: the author's example, else a program for the schema, else as little as the
    /// kind allows.
    pub(crate) fn content(&self, from: From) -> Content {
        let content_type = self.content_type();
        let kind = self.kind(&content_type);
        let example = match from {
            From::Usual if self.options.ignores_examples => None,
            From::Usual => self.authored(kind, &content_type),
            From::Example(index) => {
                let example = self.media.examples.get(usize::from(index));
                example.and_then(|example| self.rendered(kind, &content_type, example))
            }
            From::Schema | From::World => None,
        };
        if let Some((rendered, verdict)) = example {
            return Content::Fixed { rendered, verdict };
        }
        if let Some(schema) = self.schema() {
            return self.generated(from, schema, kind, content_type);
        }
        let value = if kind == Kind::Text || kind == Kind::Html {
            Value::from("")
        } else {
            Value::Object(Default::default())
        };
        Content::plain(body::render(&content_type, kind, self.typed(), &value))
    }

    fn generated(&self, from: From, schema: SchemaId, kind: Kind, content_type: String) -> Content {
        if self.options.sampling == Sampling::Static && from != From::Schema {
            let value = generator::sample(self.schemas, schema, self.options, self.direction);
            return Content::plain(body::render(&content_type, kind, self.typed(), &value));
        }
        let how = generate::Options { failure: self.failure, ..self.options.generation(self.direction) };
        let program = generator::program(self.schemas, schema, self.options, &how);
        Content::Program { program, kind, content_type }
    }

    /// Where [`Source::content`] would come from, without making it.
    pub(crate) fn origin(&self) -> Origin {
        let content_type = self.content_type();
        let authored = || self.authored(self.kind(&content_type), &content_type);
        match (!self.options.ignores_examples).then(authored).flatten() {
            Some(_) => Origin::Example,
            None if self.schema().is_some() => Origin::Generated,
            None => Origin::Empty,
        }
    }

    /// The first example that can be sent.
    fn authored(&self, kind: Kind, content_type: &str) -> Option<(Rendered, Vec<Fault>)> {
        self.media.examples.iter().find_map(|example| self.rendered(kind, content_type, example))
    }

    /// The value that is sent of an example, where the body is JSON.
    pub(crate) fn json(&self, example: &Example) -> Option<Value> {
        let content_type = self.content_type();
        let kind = self.kind(&content_type);
        let rendered = (kind == Kind::Json).then(|| self.example(kind, &content_type, example)).flatten()?;
        serde_json::from_slice(&rendered.bytes).ok()
    }

    /// An example as it is sent, and how it breaks its schema.
    fn rendered(&self, kind: Kind, content_type: &str, example: &Example) -> Option<(Rendered, Vec<Fault>)> {
        let rendered = self.example(kind, content_type, example)?;
        let parsed = || serde_json::from_slice::<Value>(&rendered.bytes).ok();
        // What a template gives is not known yet.
        let value = (kind == Kind::Json && !example.is_template).then(parsed).flatten();
        let judge = |(value, schema)| self.schemas.validate(schema, &value, self.direction);
        let violations = value.zip(self.media.schema).map(judge).unwrap_or_default();
        Some((rendered, violations.into_iter().map(Fault::in_response).collect()))
    }

    /// The schema that bodies are made by and read with.
    pub(crate) fn typed(&self) -> Typed<'_> {
        Typed { schemas: self.schemas, schema: self.schema() }
    }

    fn schema(&self) -> Option<SchemaId> {
        self.media.schema.or(self.media.item_schema)
    }

    /// Bytes are asked for by the media type, or by a schema of format `binary` under a type that says nothing else.
    pub(crate) fn kind(&self, content_type: &str) -> Kind {
        let kind = media::kind(content_type);
        let unsaid = matches!(kind, Kind::Text) && !content_type.starts_with("text/");
        if unsaid && is_binary(self.schemas, self.media.schema) { Kind::Binary } else { kind }
    }

    fn example(&self, kind: Kind, content_type: &str, example: &Example) -> Option<Rendered> {
        let text = match &example.value {
            ExampleValue::Json(text) => text,
            ExampleValue::Serialized(text) => {
                let bytes = text.as_bytes().to_vec();
                return Some(Rendered { bytes, content_type: content_type.to_owned() });
            }
            ExampleValue::Content(bytes) => {
                return Some(Rendered { bytes: bytes.to_vec(), content_type: content_type.to_owned() });
            }
            ExampleValue::External(_) => return None,
        };
        let Ok(value) = serde_json::from_str::<Value>(text) else {
            // Nested deeper than values can be: as JSON it is served as it stands all the same.
            let bytes = text.as_bytes().to_vec();
            return (kind == Kind::Json).then(|| Rendered { bytes, content_type: content_type.to_owned() });
        };
        if value.is_null() && !self.admits(&value) {
            return None; // exporters write `example: null` where there is none
        }
        if kind == Kind::Json {
            let bytes = self.json_in_string(&value).unwrap_or_else(|| text.as_bytes().to_vec());
            return Some(Rendered { bytes, content_type: content_type.to_owned() });
        }
        if let (Kind::Binary, Value::String(text)) = (kind, &value) {
            return Some(Rendered {
                bytes: text.clone().into_bytes(),
                content_type: content_type.to_owned(),
            });
        }
        Some(body::render(content_type, kind, self.typed(), &value))
    }

    /// A JSON text that the author wrote as a string, where the schema admits no string.
    fn json_in_string(&self, value: &Value) -> Option<Vec<u8>> {
        let Value::String(text) = value else { return None };
        if self.admits(value) {
            return None;
        }
        let is_json = serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
        is_json.then(|| text.clone().into_bytes())
    }

    fn admits(&self, value: &Value) -> bool {
        self.schema().is_none_or(|schema| self.schemas.is_valid(schema, value, self.direction))
    }
}

/// Whether a schema says its values are bytes.
fn is_binary(schemas: &Schemas, schema: Option<SchemaId>) -> bool {
    schema.is_some_and(|id| resolved(schemas, id).format == Some(Format::Binary))
}

/// Whether a schema admits these types and no other.
fn only(schemas: &Schemas, id: SchemaId, types: Types) -> bool {
    types.contains(resolved(schemas, id).types)
}

fn resolved(schemas: &Schemas, id: SchemaId) -> &mocker_schema::Schema {
    let mut schema = &schemas[id];
    // References were checked for loops when they were lowered; the bound is for safety.
    for _ in 0..REFERENCE_CHAIN {
        match schema.reference {
            Some(next) => schema = &schemas[next],
            None => break,
        }
    }
    schema
}
