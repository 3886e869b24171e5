//! What is handed to whoever sends.

use std::sync::Arc;

use mocker_openapi::model::StatusKey;

use crate::choice;

/// A callback that is due: what to send, or why there is nothing to send.
pub type Call = Result<Job, Unsent>;

/// A request to be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// As it stands in a request line
    pub method: Box<str>,
    /// Of ASCII without spaces and control bytes; its scheme may be any
    pub url: String,
    /// Fields, `Content-Type` among them where there is a body
    pub headers: Vec<(String, Vec<u8>)>,
    /// `None` where the document describes none
    pub body: Option<Vec<u8>>,
    pub(super) statuses: Arc<[StatusKey]>,
}

/// A callback that this exchange does not lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsent {
    /// Its key in `callbacks`
    pub name: Box<str>,
    /// A sentence: `the request has no $request.body#/callbackUrl`
    pub reason: String,
}

impl Job {
    /// Whether the document describes an answer of this status.
    pub fn describes(&self, status: u16) -> bool {
        self.statuses.iter().any(|key| choice::covers(*key, status))
    }
}
