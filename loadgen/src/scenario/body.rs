//! Bodies of requests, for each media type that an operation takes.

use std::rc::Rc;

use mocker_openapi::model::{ExampleValue, MediaType, RequestBody};
use mocker_plan::body::{Rendered, Typed, render};
use mocker_plan::media::{self, Kind};
use mocker_schema::generate::{Key, Program};
use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Schemas, Types};
use serde_json::{Value, json};

use super::form;
use super::text::sayable;
use super::values::{Values, compile};
use super::variant::Variant;
use crate::limits::{ATTEMPTS, MAX_AUTHORED};

/// A body and its media type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Body {
    pub(super) bytes: Vec<u8>,
    /// Value of `Content-Type`
    pub(super) content_type: String,
}

/// The bodies of one operation.
pub(super) struct Bodies<'d> {
    pub(super) required: bool,
    contents: Vec<Content<'d>>,
}

/// The bodies of one media type.
struct Content<'d> {
    schemas: &'d Schemas,
    media: &'d MediaType,
    /// With ranges made concrete
    content_type: String,
    kind: Kind,
    /// Whether no body is none of this media type
    required: bool,
    authored: Vec<Body>,
    /// Without and with optional members; compiled when first needed
    programs: [Option<Result<Program, Rc<str>>>; 2],
}

impl<'d> Bodies<'d> {
    pub(super) fn of(values: &Values<'d>, body: &'d RequestBody) -> Bodies<'d> {
        let contents = body.content.iter().map(|media| Content::of(values, media, body.required)).collect();
        Bodies { required: body.required, contents }
    }

    /// Bodies that the author wrote.
    pub(super) fn authored(&self) -> usize {
        self.contents.iter().map(|content| content.authored.len()).sum()
    }

    /// How many media types there are.
    pub(super) fn media_types(&self) -> usize {
        self.contents.len()
    }

    /// Leaves out the media types of which no body can be made; their names, each with the reason.
    pub(super) fn prune(&mut self, key: Key) -> Vec<(String, Rc<str>)> {
        let mut left_out = Vec::new();
        self.contents.retain_mut(|content| match content.body(Variant::Full, key) {
            Ok(_) => true,
            Err(_) if !content.authored.is_empty() => true,
            Err(reason) => {
                left_out.push((content.media.name.to_string(), reason));
                false
            }
        });
        left_out
    }

    /// The body of one variant: media types take turns.
    ///
    /// # Errors
    /// Why there is none.
    pub(super) fn body(&mut self, variant: Variant, turn: usize, key: Key) -> Result<Body, Rc<str>> {
        let number = match variant {
            Variant::Authored(index) => index,
            _ => turn,
        };
        if let Variant::Authored(_) = variant
            && self.authored() > 0
        {
            let mut authored = self.contents.iter().flat_map(|content| &content.authored).cycle();
            return authored.nth(number % self.authored()).cloned().ok_or_else(|| "".into());
        }
        let count = self.contents.len().max(1);
        let content = self.contents.get_mut(number % count).ok_or("it has no media type")?;
        content.body(variant, key).or_else(|reason| content.authored.first().cloned().ok_or(reason))
    }
}

impl<'d> Content<'d> {
    fn of(values: &Values<'d>, media: &'d MediaType, required: bool) -> Content<'d> {
        let schemas = values.schemas;
        let types = media.schema.map_or(Types::ANY, |schema| seen_types(schemas, schema));
        let is_binary = media.schema.is_some_and(|schema| is_binary(schemas, schema));
        let name = media::concrete(&media.name, is_binary, Types::STRING.contains(types));
        let content_type: String = name.chars().filter(|c| c.is_ascii() && !c.is_control()).collect();
        let kind = match media::kind(&content_type) {
            Kind::Text if is_binary && !content_type.starts_with("text/") => Kind::Binary,
            kind => kind,
        };
        let mut content = Content {
            schemas,
            media,
            content_type,
            kind,
            required,
            authored: Vec::new(),
            programs: [None, None],
        };
        content.authored = content.read_authored(values);
        content
    }

    /// The author's bodies that obey.
    fn read_authored(&self, values: &Values<'d>) -> Vec<Body> {
        let mut authored: Vec<Body> = Vec::new();
        let written = self.media.examples.iter().filter_map(|example| match &example.value {
            ExampleValue::Json(text) => self.written(self.meant(serde_json::from_str(text).ok()?)?).ok(),
            ExampleValue::Serialized(text) => self.as_sent(text.as_bytes()),
            ExampleValue::Content(bytes) => self.as_sent(bytes),
            ExampleValue::External(_) => None,
        });
        let named = values.authored(std::iter::empty(), self.media.schema).into_iter();
        for body in written.chain(named.filter_map(|value| self.written(value).ok())) {
            if authored.len() < MAX_AUTHORED && !authored.contains(&body) {
                authored.push(body);
            }
        }
        authored
    }

    /// An example's value, where it obeys; JSON that the author wrote as a string is what it says.
    fn meant(&self, value: Value) -> Option<Value> {
        if self.admits(&value) {
            return Some(value);
        }
        let inner = value.as_str().and_then(|text| serde_json::from_str(text).ok())?;
        self.admits(&inner).then_some(inner)
    }

    /// An example that is given as its bytes, where they can be read.
    fn as_sent(&self, bytes: &[u8]) -> Option<Body> {
        let obeys = match self.kind {
            Kind::Json => serde_json::from_slice(bytes).is_ok_and(|value| self.admits(&value)),
            Kind::Text => std::str::from_utf8(bytes).is_ok_and(|text| self.admits(&text.into())),
            Kind::Binary | Kind::Csv | Kind::Html | Kind::EventStream => true,
            Kind::JsonLines | Kind::JsonSequence | Kind::Xml | Kind::Form | Kind::Multipart => false,
        };
        let body = || Body { bytes: bytes.to_vec(), content_type: self.content_type.clone() };
        (obeys && !bytes.is_empty()).then(body)
    }

    fn admits(&self, value: &Value) -> bool {
        self.schema().is_none_or(|schema| self.schemas.is_valid(schema, value, Direction::Request))
    }

    fn schema(&self) -> Option<SchemaId> {
        self.media.schema.or(self.media.item_schema)
    }

    /// A generated body. What cannot be written with the least of members is tried with the most.
    fn body(&mut self, variant: Variant, key: Key) -> Result<Body, Rc<str>> {
        let Some(schema) = self.schema() else {
            return self.written(self.anything());
        };
        let key = key.with(self.media.name.as_bytes());
        let fills = variant.fills_objects();
        self.filled(schema, fills, key).or_else(|reason| match fills {
            true => Err(reason),
            false => self.filled(schema, true, key),
        })
    }

    fn filled(&mut self, schema: SchemaId, fills: bool, key: Key) -> Result<Body, Rc<str>> {
        let schemas = self.schemas;
        let program = self.programs[usize::from(fills)].take();
        let program = program.unwrap_or_else(|| compile(schemas, schema, fills));
        let mut made = Err("there is no value for it".into());
        if let Ok(program) = &program {
            for attempt in 0..ATTEMPTS {
                made = self.made(program, key.with_number(attempt));
                if made.is_ok() || program.is_constant() {
                    break;
                }
            }
        }
        let made = program.as_ref().map_err(Rc::clone).and(made);
        self.programs[usize::from(fills)] = Some(program);
        made
    }

    fn made(&self, program: &Program, key: Key) -> Result<Body, Rc<str>> {
        if self.kind == Kind::Json {
            let mut bytes = Vec::new();
            program.write(key, &mut bytes);
            return Ok(Body { bytes, content_type: self.content_type.clone() });
        }
        let value = program.value(key);
        let is_sequence = matches!(self.kind, Kind::JsonLines | Kind::JsonSequence | Kind::EventStream);
        match self.media.item_schema {
            Some(_) if is_sequence && self.media.schema.is_none() => {
                self.written(json!([value, program.value(key.with_number(1))]))
            }
            _ => self.written(value),
        }
    }

    /// A value in the way of the media type.
    fn written(&self, value: Value) -> Result<Body, Rc<str>> {
        let is_form_data = media::essence(&self.content_type) == "multipart/form-data";
        let Rendered { bytes, content_type } = match self.kind {
            Kind::Form => {
                let bytes = form::urlencoded(self.media, &self.sayable(value)?)?;
                Rendered { bytes, content_type: self.content_type.clone() }
            }
            Kind::Multipart if is_form_data => {
                form::multipart(self.schemas, self.media, &self.content_type, &self.sayable(value)?)?
            }
            Kind::JsonLines | Kind::JsonSequence if value.is_string() && !is_records(&value) => {
                self.rendered(&json!([value]))
            }
            Kind::Xml if value.as_str().is_some_and(|text| !text.trim_start().starts_with('<')) => {
                return Err("its schema is text, and says nothing of elements".into());
            }
            _ => self.rendered(&value),
        };
        // A form without fields is empty, which is all the same where none is required
        let is_there = !bytes.is_empty() || (self.kind == Kind::Form && !self.required);
        match is_there {
            true => Ok(Body { bytes, content_type }),
            false => Err("an empty body counts as none".into()),
        }
    }

    fn rendered(&self, value: &Value) -> Rendered {
        render(&self.content_type, self.kind, Typed { schemas: self.schemas, schema: self.schema() }, value)
    }

    /// What of a value a form can say, provided that it obeys without the rest.
    fn sayable(&self, value: Value) -> Result<Value, Rc<str>> {
        let value = sayable(value);
        match self.admits(&value) {
            true => Ok(value),
            false => Err("a form has no way to write null or nothing".into()),
        }
    }

    /// A body that no schema describes.
    fn anything(&self) -> Value {
        match self.kind {
            Kind::Text | Kind::Html | Kind::Csv | Kind::EventStream => "text".into(),
            Kind::Form | Kind::Multipart => json!({ "value": "text" }),
            _ => json!({}),
        }
    }
}

/// Whether a text is JSON texts, one a line.
fn is_records(value: &Value) -> bool {
    let is_json = |line: &str| line.trim().is_empty() || serde_json::from_str::<Value>(line).is_ok();
    value.as_str().is_some_and(|text| text.split(['\n', '\u{1e}']).all(is_json))
}

/// Types that a schema names, along its references.
fn seen_types(schemas: &Schemas, id: SchemaId) -> Types {
    along(schemas, id).fold(Types::ANY, |types, schema| types.and(schema.types))
}

fn is_binary(schemas: &Schemas, id: SchemaId) -> bool {
    along(schemas, id).any(|schema| schema.format == Some(mocker_schema::format::Format::Binary))
}

fn along(schemas: &Schemas, id: SchemaId) -> impl Iterator<Item = &mocker_schema::Schema> {
    let references =
        std::iter::successors(Some(&schemas[id]), |schema| schema.reference.map(|next| &schemas[next]));
    references.take(mocker_schema::limits::REFERENCE_CHAIN)
}
