//! A compiled answer: bytes that are known, or a head and a program for the body.

use std::sync::Arc;

use mocker_http::response::{Prepared, Sending};
use mocker_schema::generate::{Key, Program};

use crate::body::{Rendered, bounded, render};
use crate::media::Kind;
use crate::reply::From;
use crate::request::{Fault, violations};
use crate::source::{Content, Source};
use crate::world::is_told_by_page;

/// What an answer says of cross-origin sharing (Fetch, section 3.3) to a client that names no origin.
pub const SHARED_WITH_ANYBODY: &[u8] =
    b"Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Headers: *\r\n\
    Access-Control-Allow-Credentials: true\r\nAccess-Control-Expose-Headers: *\r\n";

/// What one media type of a response answers.
pub(crate) struct Answer {
    head_or_all: Prepared,
    body: Body,
    /// How the author's example breaks its schema
    verdict: Box<[Fault]>,
    /// Declared fields about cross-origin sharing
    sharing: Box<[Box<str>]>,
}

enum Body {
    /// In the prepared bytes already
    Prepared,
    /// JSON that each request brings; where it is not JSON that is sent, the way of its kind
    Brought(Option<(Kind, String)>),
    /// JSON written straight behind the head
    Json(Arc<Program>),
    /// A value made by the program, then written in the way of its kind
    Rendered { program: Arc<Program>, kind: Kind, content_type: String },
}

/// What an answer is compiled from.
pub(crate) struct Recipe<'d> {
    pub(crate) status: u16,
    /// Declared fields, without `Content-Type`
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) from: From,
    /// What a body that does not vary is a function of
    pub(crate) key: Key,
    /// Whether a generated body varies by path parameters or by request
    pub(crate) varies: bool,
    /// `None` for no body
    pub(crate) source: Option<Source<'d>>,
    /// Whether it says that pages of any origin may call
    pub(crate) shares: bool,
}

impl Answer {
    /// Compiles one. Unless it varies, the body is made here and now.
    pub(crate) fn compile(recipe: Recipe<'_>) -> Answer {
        let sharing = recipe.headers.iter().filter(|(name, _)| is_about_sharing(name));
        let sharing: Box<[Box<str>]> = sharing.map(|(name, _)| name.as_str().into()).collect();
        let mut lines = Vec::new();
        if recipe.shares {
            without(SHARED_WITH_ANYBODY, &sharing, &mut lines);
        }
        Answer { sharing, ..Answer::body_and_head(recipe, lines) }
    }

    /// `lines` are those that most answers have.
    fn body_and_head(recipe: Recipe<'_>, mut lines: Vec<u8>) -> Answer {
        let Recipe { status, headers, from, key, varies, source, shares: _ } = recipe;
        let Some(source) = source else {
            return Answer::fixed(Prepared::new(status, fields(None, &headers), &lines, b""));
        };
        if from == From::World {
            let content_type = source.content_type();
            // where they are of the page, they are of the request
            let kept: Vec<_> = headers.into_iter().filter(|(name, _)| !is_told_by_page(name)).collect();
            let head = Prepared::head(status, fields(Some(&content_type), &kept), &lines);
            let kind = source.kind(&content_type);
            let way = (kind != Kind::Json).then_some((kind, content_type));
            return Answer { body: Body::Brought(way), ..Answer::fixed(head) };
        }
        match source.content(from) {
            Content::Fixed { rendered, verdict } => {
                violations::append(&[], &verdict, &mut lines);
                let fields = fields(Some(&rendered.content_type), &headers);
                let prepared = Prepared::new(status, fields, &lines, &rendered.bytes);
                Answer { verdict: verdict.into(), ..Answer::fixed(prepared) }
            }
            Content::Program { program, kind, content_type } if varies && !program.is_constant() => {
                let content_type = match kind {
                    Kind::Multipart => bounded(&content_type),
                    _ => content_type,
                };
                let head_or_all = Prepared::head(status, fields(Some(&content_type), &headers), &lines);
                let body = match kind {
                    Kind::Json => Body::Json(program),
                    _ => Body::Rendered { program, kind, content_type },
                };
                Answer { body, ..Answer::fixed(head_or_all) }
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
                Answer::fixed(Prepared::new(status, fields, &lines, &rendered.bytes))
            }
        }
    }

    fn fixed(prepared: Prepared) -> Answer {
        Answer {
            head_or_all: prepared,
            body: Body::Prepared,
            verdict: Box::default(),
            sharing: Box::default(),
        }
    }

    /// How the body breaks its schema.
    pub(crate) fn verdict(&self) -> &[Fault] {
        &self.verdict
    }

    /// Declared fields about cross-origin sharing.
    pub(crate) fn sharing(&self) -> &[Box<str>] {
        &self.sharing
    }

    /// Appends the answer for `key` (which only varying answers look at).
    pub(crate) fn write(
        &self,
        sending: Sending<'_>,
        source: Option<Source<'_>>,
        key: Key,
        out: &mut Vec<u8>,
    ) {
        let program = match &self.body {
            Body::Prepared => return self.head_or_all.append(sending, out),
            Body::Brought(_) => return self.write_with(sending, out, |out| out.extend_from_slice(b"null")),
            Body::Json(program) => program,
            Body::Rendered { program, .. } => program,
        };
        self.write_with(sending, out, |out| match (&self.body, source) {
            (Body::Rendered { kind, content_type, .. }, Some(source)) => {
                out.extend_from_slice(
                    &render(content_type, *kind, source.typed(), &program.value(key)).bytes,
                );
            }
            _ => program.write(key, out),
        });
    }

    /// Appends the answer with the JSON that `body` appends, in the way of its kind.
    pub(crate) fn write_brought(
        &self,
        sending: Sending<'_>,
        source: Option<Source<'_>>,
        out: &mut Vec<u8>,
        body: impl FnOnce(&mut Vec<u8>),
    ) {
        let (Body::Brought(Some((kind, content_type))), Some(source)) = (&self.body, source) else {
            return self.write_with(sending, out, body);
        };
        let mut json = Vec::new();
        body(&mut json);
        let value = serde_json::from_slice(&json).unwrap_or_default();
        let rendered = render(content_type, *kind, source.typed(), &value);
        self.write_with(sending, out, |out| out.extend_from_slice(&rendered.bytes));
    }

    /// Appends the answer with what `body` appends.
    pub(crate) fn write_with(
        &self,
        sending: Sending<'_>,
        out: &mut Vec<u8>,
        body: impl FnOnce(&mut Vec<u8>),
    ) {
        let slot = self.head_or_all.append_head(sending, out);
        body(out);
        let body_start = slot.body_start();
        slot.fill(out);
        if sending.head_only {
            out.truncate(body_start);
        }
    }
}

/// Appends lines but for those whose names are among `declared`.
pub fn without(lines: &[u8], declared: &[Box<str>], out: &mut Vec<u8>) {
    if declared.is_empty() {
        return out.extend_from_slice(lines);
    }
    for line in lines.split_inclusive(|&byte| byte == b'\n') {
        let name = line.split(|&byte| byte == b':').next().unwrap_or_default();
        if !declared.iter().any(|declared| declared.as_bytes().eq_ignore_ascii_case(name)) {
            out.extend_from_slice(line);
        }
    }
}

fn is_about_sharing(name: &str) -> bool {
    const PREFIX: &str = "access-control-";
    name.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
}

fn fields<'a>(
    content_type: Option<&'a str>,
    headers: &'a [(String, Vec<u8>)],
) -> impl Iterator<Item = (&'a str, &'a [u8])> {
    let content_type = content_type.map(|content_type| ("Content-Type", content_type.as_bytes()));
    content_type.into_iter().chain(headers.iter().map(|(name, value)| (name.as_str(), value.as_slice())))
}
