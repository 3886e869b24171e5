//! Bodies of requests: `raw`, `urlencoded`, `formdata`, `graphql` and `file`.

use mocker_schema::Types;
use mocker_source::Node;
use serde_json::json;

use super::Collection;
use super::content::{Contents, JSON, guessed, parsed, parsed_with_variables};
use super::infer::Shape;
use super::pairs::{Pair, Syntax};
use crate::codes;
use crate::media_type::{essence, is_json};

const URLENCODED: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

impl<'t> Collection<'_, '_, 't> {
    /// Adds the body of one more request.
    pub(super) fn add_body(&mut self, contents: &mut Contents, request: Node<'t>, fields: &[Pair<'t>]) {
        let Some(body) = self.object(request, "body") else { return };
        if self.reader.flag(body, "disabled") == Some(true) {
            return;
        }
        let named = self.content_type(fields).map(essence);
        match self.reader.text(body, "mode").unwrap_or_default() {
            "raw" => self.add_raw(contents, body, named),
            "urlencoded" => self.add_form(contents, body, "urlencoded", named.unwrap_or(URLENCODED)),
            "formdata" => self.add_form(contents, body, "formdata", named.unwrap_or(MULTIPART)),
            "graphql" => {
                if let Some(content) = contents.of(named.unwrap_or(JSON)) {
                    let shape = content.shape.get_or_insert_default();
                    shape.add(&json!({"query": "", "variables": {}}));
                    shape.add(&json!({"variables": null}));
                }
            }
            "file" => {
                contents.of(named.unwrap_or("*/*"));
            }
            _ => {}
        }
    }

    fn add_raw(&mut self, contents: &mut Contents, body: Node<'t>, named: Option<&str>) {
        let Some(written) = self.reader.text(body, "raw").filter(|text| !text.trim().is_empty()) else {
            return;
        };
        let raw = body.get("raw").unwrap_or(body);
        let text = self.resolved(raw, written);
        let options = self.object(body, "options").and_then(|options| self.object(options, "raw"));
        let language = options.and_then(|options| self.reader.text(options, "language"));
        let Some(content) = contents.of(named.unwrap_or_else(|| guessed(language, &text))) else { return };
        if !is_json(content.name()) {
            content.add_text("default", &text, raw.position());
        } else if let Some(value) = parsed(&text) {
            content.add_json("default", &text, &value, raw.position());
        } else if let Some(value) = parsed_with_variables(&text) {
            content.shape.get_or_insert_default().add(&value);
        } else {
            content.shape = Some(Shape::open());
            let message = "the body is said to be JSON and is not; any JSON is taken".to_owned();
            self.warn(codes::BODY_NOT_JSON, raw, message, "mend the text, or choose another language");
        }
    }

    /// Fields are texts, files too; one that has a media type of its own may be anything.
    fn add_form(&mut self, contents: &mut Contents, body: Node<'t>, key: &str, name: &str) {
        let fields = self.pairs(body, key, Syntax::Form);
        let Some(content) = contents.of(name) else { return };
        let shape = content.shape.get_or_insert_with(|| Shape::of(Types::OBJECT));
        for (index, field) in fields.iter().enumerate() {
            let is_repeated = fields[..index].iter().any(|before| before.name == field.name);
            let has_type = field.node.get("contentType").is_some_and(|kind| kind.as_str().is_some());
            shape.add_field(&field.name, !has_type, is_repeated);
        }
    }
}
