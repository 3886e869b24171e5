//! A body against the schema of its media type.

use std::borrow::Cow;

use bumpalo::Bump;
use mocker_schema::limits::VIOLATIONS;
use mocker_schema::validate::{Direction, Instance};
use mocker_schema::{SchemaId, Schemas, Types};

use super::choose::essence;
use super::field::{Entry, Reading};
use super::json::{Malformed, Scratch, copied};
use super::parameter::parameter;
use super::{Bodies, Chosen, Content, absent, fields, form, multipart, xml};
use crate::limits::MAX_FORM_FIELDS;
use crate::media::Kind;
use crate::request::{Fault, Part, Severity, coerce};

/// What a body is judged with: the document's schemas, the worker's buffers, the request's arena.
pub struct Bench<'w, 'b> {
    /// Of the document that the operation is in
    pub schemas: &'w Schemas,
    /// The worker's own
    pub scratch: &'w mut Scratch,
    /// Lives as long as the request
    pub arena: &'b Bump,
}

impl Bodies {
    /// Appends what is wrong with `body`, in Ajv's order. An empty body is an absent one.
    ///
    /// # Errors
    /// The one fault of a body that is no JSON at all: a bad request (400), whatever else is wrong with it.
    pub fn judge<'b>(
        &self,
        chosen: Chosen,
        content_type: Option<&[u8]>,
        body: &'b [u8],
        bench: &mut Bench<'_, 'b>,
        faults: &mut Vec<Fault>,
    ) -> Result<(), Fault> {
        let Some(content) = chosen.0.and_then(|index| self.contents.get(usize::from(index))) else {
            return Ok(());
        };
        if body.is_empty() {
            faults.extend(self.required.then(absent));
            return Ok(());
        }
        match content.kind_of(content_type) {
            Kind::Json => content.json(body, bench, faults),
            Kind::Form => {
                let entries = form::entries(body, bench.arena);
                content.fields(entries.as_deref().map_err(String::as_str), bench, faults);
                Ok(())
            }
            Kind::Multipart => {
                content.multipart(content_type.unwrap_or_default(), body, bench, faults);
                Ok(())
            }
            Kind::Xml => {
                faults.extend(
                    xml::check(body).err().map(|reason| {
                        fault("xml", format!("Request body must be well-formed XML: {reason}"))
                    }),
                );
                Ok(())
            }
            Kind::Text => {
                content.text(content_type, body, bench, faults);
                Ok(())
            }
            Kind::JsonLines | Kind::JsonSequence => content.records(body, bench, faults),
            Kind::Html | Kind::Csv | Kind::EventStream | Kind::Binary => Ok(()),
        }
    }
}

impl Content {
    fn json(&self, body: &[u8], bench: &mut Bench<'_, '_>, faults: &mut Vec<Fault>) -> Result<(), Fault> {
        judge_json(self.schema, body, bench, faults).map_err(|Malformed(reason)| malformed(&reason))
    }

    /// One JSON text a line, or behind record separators (RFC 7464): each against `itemSchema`.
    fn records(&self, body: &[u8], bench: &mut Bench<'_, '_>, faults: &mut Vec<Fault>) -> Result<(), Fault> {
        let records = body.split(|byte| matches!(byte, b'\n' | 0x1e)).map(<[u8]>::trim_ascii);
        for (index, record) in records.filter(|record| !record.is_empty()).enumerate() {
            judge_json(self.item_schema, record, bench, faults)
                .map_err(|Malformed(reason)| malformed(&format!("record {index}: {reason}")))?;
            if faults.len() >= VIOLATIONS {
                break;
            }
        }
        Ok(())
    }

    fn multipart(
        &self,
        content_type: &[u8],
        body: &[u8],
        bench: &mut Bench<'_, '_>,
        faults: &mut Vec<Fault>,
    ) {
        let is_form = essence(content_type).eq_ignore_ascii_case(b"multipart/form-data");
        let Some(boundary) = parameter(content_type, "boundary").filter(|_| is_form) else { return };
        let entries = multipart::entries(body, &boundary, bench.arena);
        self.fields(entries.as_deref().map_err(String::as_str), bench, faults);
    }

    fn fields<'b>(
        &self,
        entries: Result<&[Entry<'b>], &str>,
        bench: &mut Bench<'_, 'b>,
        faults: &mut Vec<Fault>,
    ) {
        let entries = match entries {
            Ok(entries) => entries,
            Err(reason) => return faults.push(fault("form", format!("Request body {reason}"))),
        };
        let (Some(schema), Some(fields)) = (self.schema, &self.fields) else { return };
        let schemas = bench.schemas;
        let mut is_cut = false;
        let mut object = |prefers_text| {
            let (arena, scratch) = (bench.arena, &mut *bench.scratch);
            let mut reading = Reading { arena, scratch, schemas, prefers_text, is_cut: false };
            let object = fields.object(entries, &mut reading);
            is_cut |= reading.is_cut;
            object
        };
        let value = object(true);
        let is_valid = |value| schemas.is_valid(schema, value, Direction::Request);
        // where branches differ in what a field is, numbers may do where their texts do not
        if !is_valid(value) && !is_valid(object(false)) {
            list(schemas, schema, value, faults);
        }
        if is_cut {
            faults.push(fault(
                "form",
                format!("Request body must NOT have fields of more than {MAX_FORM_FIELDS} elements"),
            ));
        }
    }

    /// A text is a string; where the schema has none, it may be written as JSON. Only `text/*` is judged, and
    /// of that no YAML, which says other things than its text.
    fn text(
        &self,
        content_type: Option<&[u8]>,
        body: &[u8],
        bench: &mut Bench<'_, '_>,
        faults: &mut Vec<Fault>,
    ) {
        let name = essence(content_type.unwrap_or(self.name.as_bytes())).to_ascii_lowercase();
        let is_text = name.starts_with(b"text/") && !name.ends_with(b"yaml");
        let Some(schema) = self.schema.filter(|_| is_text) else { return };
        let text: Cow<'_, str> = String::from_utf8_lossy(body);
        let types = fields::types(bench.schemas, schema);
        let structured = !types.contains(Types::STRING) && types.intersects(Types::OBJECT.or(Types::ARRAY));
        let parsed = structured.then(|| bench.scratch.embedded(&text, bench.arena)).flatten();
        judge(bench.schemas, schema, parsed.unwrap_or_else(|| coerce(types, &text)), faults);
    }
}

fn judge_json(
    schema: Option<SchemaId>,
    text: &[u8],
    bench: &mut Bench<'_, '_>,
    faults: &mut Vec<Fault>,
) -> Result<(), Malformed> {
    let (schemas, arena) = (bench.schemas, bench.arena);
    bench.scratch.json(text, |json| {
        let Some(schema) = schema else { return };
        match json.has_duplicates() {
            true => judge(schemas, schema, copied(json, arena), faults),
            false => judge(schemas, schema, json, faults),
        }
    })
}

fn judge<'v, I: Instance<'v>>(schemas: &Schemas, schema: SchemaId, value: I, faults: &mut Vec<Fault>) {
    if !schemas.is_valid(schema, value, Direction::Request) {
        list(schemas, schema, value, faults);
    }
}

fn list<'v, I: Instance<'v>>(schemas: &Schemas, schema: SchemaId, value: I, faults: &mut Vec<Fault>) {
    let broken = schemas.validate(schema, value, Direction::Request);
    faults.extend(broken.into_iter().map(|violation| Fault::broken(Part::Body, violation)));
}

fn malformed(reason: &str) -> Fault {
    fault("json", format!("Request body must be JSON: {reason}"))
}

fn fault(code: &'static str, message: String) -> Fault {
    Fault { location: vec![Part::Body.name().to_owned()], severity: Severity::Error, code, message }
}
