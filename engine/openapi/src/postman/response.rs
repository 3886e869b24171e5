//! Saved responses.

use mocker_schema::Types;
use mocker_schema::validate::Direction;
use mocker_source::{Kind, Node};

use super::Collection;
use super::content::{Contents, guessed, parsed};
use super::pairs::{Pair, Syntax};
use super::parameter;
use crate::codes;
use crate::kind::kind_name;
use crate::limits::{PARAMETERS, SAVED_RESPONSES};
use crate::media_type::is_json;
use crate::model::{Example, Header, Response, StatusKey};

/// What has been saved of one status.
pub(super) struct Saved {
    description: Box<str>,
    headers: Vec<(String, Vec<Example>)>,
    contents: Contents,
}

/// The responses of one operation.
#[derive(Default)]
pub(super) struct Responses {
    list: Vec<(StatusKey, Saved)>,
    count: usize,
    /// There are more, which has been reported
    full: bool,
}

impl Responses {
    fn of(&mut self, status: StatusKey, description: &str) -> &mut Saved {
        let at = self.list.iter().position(|(known, _)| *known == status).unwrap_or(self.list.len());
        if at == self.list.len() {
            let contents = Contents::default();
            let saved = Saved { description: description.into(), headers: Vec::new(), contents };
            self.list.push((status, saved));
        }
        &mut self.list[at].1
    }
}

impl<'t> Collection<'_, '_, 't> {
    /// Adds the saved responses of one more request.
    pub(super) fn add_responses(&mut self, responses: &mut Responses, item: Node<'t>) {
        let Some(list) = self.list(item, "response") else { return };
        for node in list.items().filter(|node| !node.is_null()) {
            if responses.full {
                return;
            }
            if responses.count >= SAVED_RESPONSES {
                responses.full = true;
                let message = format!("more than {SAVED_RESPONSES} saved responses; the rest is left out");
                self.warn(codes::LIST_TOO_LONG, list, message, "leave some out");
                return;
            }
            if node.kind() != Kind::Object {
                let message = format!("a response should be an object, this is {}", kind_name(node));
                self.error(codes::RESPONSE_INVALID, node, message, "write `{ code: 200, body: ... }`");
                continue;
            }
            if let Some(status) = self.status(node) {
                responses.count += 1;
                self.add_response(responses, status, node);
            }
        }
    }

    fn status(&mut self, node: Node<'t>) -> Option<StatusKey> {
        let Some(code) = node.get("code").filter(|code| !code.is_null()) else {
            let message = "the saved response has no `code`; it is read as 200".to_owned();
            self.warn(codes::STATUS_INVALID, node, message, "add `code: 200`");
            return Some(StatusKey::Code(200));
        };
        let number = code.scalar_text().and_then(|text| text.trim().parse().ok());
        let status = number.filter(|number| (100..=999).contains(number)).map(StatusKey::Code);
        if status.is_none() {
            let message = "this is not a response status".to_owned();
            self.error(codes::STATUS_INVALID, code, message, "write a status as `200`");
        }
        status
    }

    fn add_response(&mut self, responses: &mut Responses, status: StatusKey, node: Node<'t>) {
        let name = self.reader.text(node, "name").filter(|name| !name.trim().is_empty()).unwrap_or("default");
        let saved = responses.of(status, name);
        let fields = self.pairs(node, "header", Syntax::Fields);
        add_headers(saved, &fields);
        let Some(written) = self.reader.text(node, "body").filter(|body| !body.is_empty()) else { return };
        let body = node.get("body").unwrap_or(node);
        let text = self.resolved(body, written);
        let named = self.content_type(&fields);
        let language = self.reader.text(node, "_postman_previewlanguage");
        let media_type = named.unwrap_or_else(|| guessed(language, &text));
        let Some(content) = saved.contents.of(media_type) else { return };
        if !is_json(media_type) {
            return content.add_text(name, &text, body.position());
        }
        match parsed(&text) {
            Some(value) => content.add_json(name, &text, &value, body.position()),
            None => {
                content.add_text(name, &text, body.position());
                let message = "the body is said to be JSON and is not; it is sent as it stands".to_owned();
                self.warn(codes::BODY_NOT_JSON, body, message, "mend the text or its Content-Type");
            }
        }
    }

    /// The responses as the model has them; where none was saved, an empty 200.
    pub(super) fn responses(&mut self, responses: Responses) -> Vec<(StatusKey, Response)> {
        if responses.list.is_empty() {
            let empty = Response {
                description: "".into(),
                headers: Vec::new(),
                content: Vec::new(),
                links: Vec::new(),
            };
            return vec![(StatusKey::Code(200), empty)];
        }
        let text = self.scalar(Types::STRING);
        let header = |(name, examples): (String, Vec<Example>)| Header {
            name: name.into(),
            required: false,
            explode: false,
            schema: Some(text),
            content: None,
            examples,
        };
        let mut read = Vec::with_capacity(responses.list.len());
        for (status, saved) in responses.list {
            let headers = saved.headers.into_iter().map(header).collect();
            let content = self.media_types(saved.contents, Direction::Response);
            read.push((
                status,
                Response { description: saved.description, headers, content, links: Vec::new() },
            ));
        }
        read
    }
}

/// Of fields that several responses have, the first one's value counts.
fn add_headers(saved: &mut Saved, fields: &[Pair<'_>]) {
    let known = saved.headers.len();
    for field in fields {
        let is_same = |(name, _): &(String, Vec<Example>)| name.eq_ignore_ascii_case(&field.name);
        let is_ours = field.name.eq_ignore_ascii_case("content-type");
        let examples = parameter::example(&field.value, field.node.position());
        // the field of one response may be there twice, as `Set-Cookie` is
        let is_known = saved.headers[..known].iter().any(is_same);
        if !is_ours && !is_known && !examples.is_empty() && saved.headers.len() < PARAMETERS {
            saved.headers.push((field.name.clone(), examples));
        }
    }
}
