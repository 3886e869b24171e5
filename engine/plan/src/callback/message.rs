//! What one method of a callback sends, compiled: method, fields, body.

use std::sync::Arc;

use mocker_openapi::model::{Operation, StatusKey};
use mocker_schema::generate::{Key, Program};
use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Schemas};

use super::call::Job;
use crate::body::{Rendered, Typed, render};
use crate::header;
use crate::media::Kind;
use crate::operation::method_name;
use crate::options::Options;
use crate::reply::From;
use crate::source::{Content, Source};

/// What one method of a callback sends.
pub(crate) struct Message {
    method: Box<str>,
    /// Header parameters
    headers: Box<[(String, Vec<u8>)]>,
    body: Option<Body>,
    statuses: Arc<[StatusKey]>,
    /// Tells apart the bodies of an operation's callbacks
    key: Key,
}

enum Body {
    Fixed(Rendered),
    Program { program: Arc<Program>, kind: Kind, content_type: String, schema: Option<SchemaId> },
}

impl Message {
    /// Compiles a method of a callback.
    pub(super) fn compile(schemas: &Schemas, operation: &Operation, options: &Options, key: Key) -> Message {
        let method = method_name(&operation.method);
        let key = key.with(method.as_bytes());
        let media = operation.request_body.as_ref().and_then(|body| body.content.first());
        let body = media.map(|media| {
            let source = Source { schemas, media, options, direction: Direction::Request, failure: None };
            let schema = source.typed().schema;
            let from = if options.is_dynamic && schema.is_some() { From::Schema } else { From::Usual };
            match source.content(from) {
                Content::Fixed { rendered, .. } => Body::Fixed(rendered),
                Content::Program { program, kind, content_type } => {
                    Body::Program { program, kind, content_type, schema }
                }
            }
        });
        Message {
            method: method.into(),
            headers: header::of_request(schemas, operation, options, key).into(),
            body,
            statuses: operation.responses.iter().map(|(status, _)| *status).collect(),
            key,
        }
    }

    /// The request to `url`; a generated body is a function of `key`.
    pub(super) fn job(&self, url: String, schemas: &Schemas, key: Key) -> Job {
        let rendered = self.body.as_ref().map(|body| match body {
            Body::Fixed(Rendered { bytes, content_type }) => (bytes.clone(), content_type.clone()),
            Body::Program { program, kind, content_type, schema } => {
                let value = program.value(key.with_number(self.key.0));
                let typed = Typed { schemas, schema: *schema };
                let Rendered { bytes, content_type } = render(content_type, *kind, typed, &value);
                (bytes, content_type)
            }
        });
        let (body, content_type) = rendered.unzip();
        let content_type = content_type.map(|name| ("Content-Type".to_owned(), name.into_bytes()));
        Job {
            method: self.method.clone(),
            url,
            headers: content_type.into_iter().chain(self.headers.iter().cloned()).collect(),
            body,
            statuses: Arc::clone(&self.statuses),
        }
    }
}
