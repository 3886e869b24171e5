//! Callbacks (OpenAPI 3.1, section 4.8.18): what is sent when an operation was answered.
//!
//! URLs are made of the request and of its answer. The head of a request is gone when its answer is written, so what
//! URLs need of it is kept in between, as [`Pending`]. What is sent ([`message`]) is compiled when first asked for.

mod answer;
mod body;
mod call;
mod head;
mod message;
mod pending;
mod url;

#[cfg(test)]
mod tests;

use mocker_openapi::Document;
use mocker_openapi::model::{self, Callback};
use mocker_schema::Schemas;
use mocker_schema::generate::Key;

use crate::options::Options;
use answer::Answer;
pub use call::{Call, Job, Unsent};
pub use head::Heard;
pub(crate) use message::Message;
pub use pending::Pending;

/// The callbacks of one operation.
#[derive(Clone, Copy)]
pub struct Callbacks<'p> {
    callbacks: &'p [Callback],
    /// One a method of a callback, in order
    messages: &'p [Message],
    schemas: &'p Schemas,
}

impl<'p> Callbacks<'p> {
    pub(crate) fn new(
        document: &'p Document,
        operation: &'p model::Operation,
        messages: &'p [Message],
    ) -> Self {
        Callbacks { callbacks: &operation.callbacks, messages, schemas: &document.schemas }
    }

    /// Keeps what URLs need of a request's head.
    pub fn hear(&self, heard: &Heard<'_>) -> Pending {
        Pending::of_head(self.callbacks, heard)
    }

    /// Keeps what URLs need of the body, if that was not heard before.
    pub fn hear_body(&self, pending: &mut Pending, body: &[u8]) {
        pending.hear_body(self.callbacks, body);
    }

    /// What is to be sent now that `answer`, a whole HTTP answer, was written. Generated bodies are a function of `key`.
    pub fn calls(&self, pending: &Pending, answer: &[u8], key: Key) -> Vec<Call> {
        let answer = Answer::new(answer);
        let mut calls = Vec::with_capacity(self.messages.len());
        let mut messages = self.messages.iter();
        let mut values = pending.values();
        for callback in self.callbacks {
            let url = url::assemble(&callback.url, &mut values, &answer);
            for message in messages.by_ref().take(callback.operations.len()) {
                let unsent = |reason| Unsent { name: callback.name.as_ref().into(), reason };
                calls.push(url.clone().map(|url| message.job(url, self.schemas, key)).map_err(unsent));
            }
        }
        calls
    }
}

/// Compiles what the callbacks of `operation` send.
pub(crate) fn compile(
    document: &Document,
    operation: &model::Operation,
    options: &Options,
    key: Key,
) -> Box<[Message]> {
    let of = |callback: &'_ Callback| {
        let key = key.with(callback.name.as_bytes()).with(callback.url.to_string().as_bytes());
        let compile = |operation| Message::compile(&document.schemas, operation, options, key);
        callback.operations.iter().map(compile).collect::<Vec<_>>()
    };
    operation.callbacks.iter().flat_map(of).collect()
}
