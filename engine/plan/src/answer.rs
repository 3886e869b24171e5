//! A compiled answer: bytes that are known, or a head and a program for the body.

use mocker_http::response::{DateCache, Persistence, Prepared};
use mocker_schema::generate::{Key, Program};

use crate::body::{Rendered, render};
use crate::media::Kind;
use crate::variant::{Content, Source};

/// What one media type of an operation answers.
pub(crate) struct Answer {
    head_or_all: Prepared,
    body: Body,
}

enum Body {
    /// In the prepared bytes already
    Prepared,
    /// JSON written straight behind the head
    Json(Program),
    /// A value made by the program, then written in the way of its kind
    Rendered { program: Program, kind: Kind, content_type: String },
}

/// How one answer goes out.
#[derive(Clone, Copy)]
pub struct Sending<'a> {
    /// The current second
    pub date: &'a DateCache,
    /// What is said of the connection
    pub persistence: Persistence,
    /// `HEAD`: the head alone
    pub head_only: bool,
}

impl Answer {
    /// Compiles one. Unless it `varies` (by path parameters or by request), the body is made here and now.
    pub(crate) fn compile(
        status: u16,
        headers: Vec<(String, Vec<u8>)>,
        source: Option<Source<'_>>,
        key: Key,
        varies: bool,
    ) -> Answer {
        let Some(source) = source else {
            return Answer {
                head_or_all: Prepared::new(status, fields(None, &headers), b""),
                body: Body::Prepared,
            };
        };
        match source.content() {
            Content::Fixed(rendered) => {
                let fields = fields(Some(&rendered.content_type), &headers);
                Answer { head_or_all: Prepared::new(status, fields, &rendered.bytes), body: Body::Prepared }
            }
            Content::Program { program, kind, content_type } if varies && !program.is_constant() => {
                let head_or_all = Prepared::head(status, fields(Some(&content_type), &headers));
                let body = match kind {
                    Kind::Json => Body::Json(program),
                    _ => Body::Rendered { program, kind, content_type },
                };
                Answer { head_or_all, body }
            }
            Content::Program { program, kind, content_type } => {
                let rendered = match kind {
                    Kind::Json => {
                        let mut bytes = Vec::new();
                        program.write(key, &mut bytes);
                        Rendered { bytes, content_type }
                    }
                    _ => render(&content_type, kind, source.typed(), &program.value(key)),
                };
                let fields = fields(Some(&rendered.content_type), &headers);
                Answer { head_or_all: Prepared::new(status, fields, &rendered.bytes), body: Body::Prepared }
            }
        }
    }

    /// Appends the answer for `key` (which only varying answers look at).
    pub(crate) fn write(
        &self,
        sending: Sending<'_>,
        source: Option<Source<'_>>,
        key: Key,
        out: &mut Vec<u8>,
    ) {
        let Sending { date, persistence, head_only } = sending;
        let program = match &self.body {
            Body::Prepared if head_only => {
                return self.head_or_all.append_without_body(date, persistence, out);
            }
            Body::Prepared => return self.head_or_all.append(date, persistence, out),
            Body::Json(program) => program,
            Body::Rendered { program, .. } => program,
        };
        let slot = self.head_or_all.append_head(date, persistence, out);
        match (&self.body, source) {
            (Body::Rendered { kind, content_type, .. }, Some(source)) => {
                out.extend_from_slice(
                    &render(content_type, *kind, source.typed(), &program.value(key)).bytes,
                );
            }
            _ => program.write(key, out),
        }
        let body_start = slot.body_start();
        slot.fill(out);
        if head_only {
            out.truncate(body_start);
        }
    }
}

fn fields<'a>(
    content_type: Option<&'a str>,
    headers: &'a [(String, Vec<u8>)],
) -> impl Iterator<Item = (&'a str, &'a [u8])> {
    let content_type = content_type.map(|content_type| ("Content-Type", content_type.as_bytes()));
    content_type.into_iter().chain(headers.iter().map(|(name, value)| (name.as_str(), value.as_slice())))
}
