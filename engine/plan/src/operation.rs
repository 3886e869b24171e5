//! An operation as the plan holds it: which response, in which media types, how varied.

use std::sync::{Arc, OnceLock};

use mocker_http::media::{MediaName, negotiate_lines};
use mocker_openapi::Document;
use mocker_openapi::model::{self, Response};
use mocker_schema::generate::Key;

use crate::answer::{Answer, Sending};
use crate::choice::{Choice, choose};
use crate::media::{self, Kind};
use crate::variant::Source;

/// One operation of one document.
pub struct Operation {
    document: Arc<Document>,
    index: usize,
    choice: Choice,
    key: Key,
    is_fresh: bool,
    variants: Box<[Variant]>,
    /// Names of the variants, where there are several
    offered: Box<[MediaName]>,
}

/// One media type of the answer, compiled when first asked for.
struct Variant {
    /// Index into the response's `content`; `None` for a response without a body
    content: Option<usize>,
    answer: OnceLock<Answer>,
}

impl Operation {
    /// Prepares operation `index` of `document`; nothing is rendered yet.
    pub(crate) fn new(document: &Arc<Document>, index: usize, seed: u64, is_fresh: bool) -> Self {
        let operation = &document.operations[index];
        let choice = choose(operation);
        let contents = choice.response.as_deref().map(variants_in_order).unwrap_or_default();
        let variant = |content| Variant { content, answer: OnceLock::new() };
        let variants = match contents.is_empty() {
            true => vec![variant(None)],
            false => contents.into_iter().map(|content| variant(Some(content))).collect(),
        };
        let name = |variant: &Variant| {
            let content = &choice.response.as_deref()?.content[variant.content?];
            MediaName::parse(&content.name).or_else(|| MediaName::parse("application/octet-stream"))
        };
        let offered =
            if variants.len() > 1 { variants.iter().filter_map(name).collect() } else { Box::default() };
        let condition = operation.path_condition.as_deref().unwrap_or_default();
        let names = [method_name(&operation.method), &operation.path, condition];
        let key = names.iter().fold(Key(seed), |key, name| key.with(name.as_bytes()));
        Operation {
            document: Arc::clone(document),
            index,
            choice,
            key,
            is_fresh,
            variants: variants.into(),
            offered,
        }
    }

    /// The operation as the document describes it.
    pub fn model(&self) -> &model::Operation {
        &self.document.operations[self.index]
    }

    /// The document's servers.
    pub(crate) fn servers(&self) -> &[model::Server] {
        &self.document.servers
    }

    /// The document's title.
    pub(crate) fn title(&self) -> &str {
        &self.document.title
    }

    /// Status of the answer.
    pub fn status(&self) -> u16 {
        self.choice.status
    }

    /// What the answer is a function of, before path parameters and counters.
    pub fn key(&self) -> Key {
        self.key
    }

    /// Whether every request gets new data.
    pub fn is_fresh(&self) -> bool {
        self.is_fresh
    }

    /// The media type for the lines of `Accept`: what they prefer, else JSON, else the first.
    pub fn negotiate<'a>(&self, accept: impl Iterator<Item = &'a [u8]> + Clone) -> usize {
        match self.offered.len() {
            0 => 0,
            _ => negotiate_lines(accept, self.offered.iter()).unwrap_or(0),
        }
    }

    /// Appends the answer in one of its media types, compiling it on the first call.
    pub fn write(&self, variant: usize, sending: Sending<'_>, key: Key, out: &mut Vec<u8>) {
        let variant = &self.variants[variant];
        let answer = variant.answer.get_or_init(|| self.compile(variant.content));
        answer.write(sending, self.source(variant.content), key, out);
    }

    fn source(&self, content: Option<usize>) -> Option<Source<'_>> {
        let response = self.choice.response.as_deref()?;
        Some(Source { schemas: &self.document.schemas, media: &response.content[content?] })
    }

    fn compile(&self, content: Option<usize>) -> Answer {
        let response = self.choice.response.as_deref();
        let source = self.source(content);
        let headers =
            response.map(|response| crate::header::declared(&self.document.schemas, response, self.key));
        let varies = self.is_fresh || self.model().path.contains('{');
        Answer::compile(self.choice.status, headers.unwrap_or_default(), source, self.key, varies)
    }
}

/// The method as it stands in a request line.
pub fn method_name(method: &model::Method) -> &str {
    match method {
        model::Method::Get => "GET",
        model::Method::Put => "PUT",
        model::Method::Post => "POST",
        model::Method::Delete => "DELETE",
        model::Method::Options => "OPTIONS",
        model::Method::Head => "HEAD",
        model::Method::Patch => "PATCH",
        model::Method::Trace => "TRACE",
        model::Method::Query => "QUERY",
        model::Method::Other(name) => name,
    }
}

/// Indices into a response's `content`, JSON first: without a wish of the client's the first is sent.
pub(crate) fn variants_in_order(response: &Response) -> Vec<usize> {
    let mut order: Vec<usize> = (0..response.content.len()).collect();
    order.sort_by_key(|&index| {
        let name = &response.content[index].name;
        match media::kind(name) {
            Kind::Json if media::essence(name) == "application/json" => 0,
            Kind::Json => 1,
            _ => 2,
        }
    });
    order
}
