//! What a body says, as a value: for answers that have something of it.

use mocker_schema::SchemaId;
use mocker_schema::validate::Direction;

use super::super::Value;
use super::field::Reading;
use super::{Bench, Bodies, Content, form};
use crate::media::{self, Kind};

impl Bodies {
    /// The value of a body of JSON, or of a form; `None` for others, and for what cannot be read. What the operation
    /// does not declare is read as `content_type` says.
    pub(crate) fn value<'b>(
        &self,
        content_type: Option<&[u8]>,
        body: &'b [u8],
        bench: &mut Bench<'_, 'b>,
    ) -> Option<Value<'b>> {
        if body.is_empty() {
            return None;
        }
        let chosen = self.choose(content_type, true).ok().and_then(|chosen| chosen.0);
        let content = chosen.and_then(|index| self.contents.get(usize::from(index)));
        let kind = match content {
            Some(content) => content.kind_of(content_type),
            None => media::kind(&String::from_utf8_lossy(content_type?)),
        };
        match kind {
            Kind::Json => bench.read(body),
            Kind::Form => content?.form(body, bench),
            _ => None,
        }
    }
}

impl Content {
    fn form<'b>(&self, body: &'b [u8], bench: &mut Bench<'_, 'b>) -> Option<Value<'b>> {
        let entries = form::entries(body, bench.arena).ok()?;
        let fields = self.fields.as_ref()?;
        let mut object = |prefers_text| {
            let (arena, schemas) = (bench.arena, bench.schemas);
            let scratch = &mut *bench.scratch;
            let mut reading = Reading { arena, scratch, schemas, prefers_text, is_cut: false };
            fields.object(&entries, &mut reading)
        };
        let texts = object(true);
        let is_valid = |value: &Value<'b>| {
            self.schema.is_none_or(|schema| bench.schemas.is_valid(schema, *value, Direction::Request))
        };
        // where branches differ in what a field is, numbers may do where their texts do not
        Some(if is_valid(&texts) { texts } else { Some(object(false)).filter(is_valid).unwrap_or(texts) })
    }
}

impl<'b> Bench<'_, 'b> {
    /// The value of a JSON text.
    pub(crate) fn read(&mut self, text: &[u8]) -> Option<Value<'b>> {
        self.scratch.embedded(std::str::from_utf8(text).ok()?, self.arena)
    }

    /// Whether a JSON text is an answer that a schema lets through.
    pub(crate) fn obeys(&mut self, schema: SchemaId, text: &[u8]) -> bool {
        let schemas = self.schemas;
        self.scratch
            .json(text, |json| schemas.is_valid(schema, json, Direction::Response))
            .unwrap_or_default()
    }
}
