//! Which response of an operation is sent when nobody asks for another.

use std::sync::Arc;

use mocker_openapi::model::{Operation, Response, StatusKey};

/// A status to send and the response that describes it.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    /// Status code, never 1xx
    pub status: u16,
    /// `None` where the document describes no response at all
    pub response: Option<Arc<Response>>,
}

/// The lowest 2xx, else `default` (as 200), else the first that can end an exchange.
pub(crate) fn choose(operation: &Operation) -> Choice {
    let responses = &operation.responses;
    let success = responses.iter().filter(|(key, _)| is_success(*key)).min_by_key(|(key, _)| *key);
    let fallback = || responses.iter().find(|(key, _)| *key == StatusKey::Default);
    let first = || responses.iter().find(|(key, _)| code(*key) >= 200);
    match success.or_else(fallback).or_else(first) {
        Some((key, response)) => Choice { status: code(*key), response: Some(Arc::clone(response)) },
        None => Choice { status: 200, response: None },
    }
}

fn is_success(key: StatusKey) -> bool {
    matches!(key, StatusKey::Code(200..=299) | StatusKey::Range(2))
}

fn code(key: StatusKey) -> u16 {
    match key {
        StatusKey::Code(code) => code,
        StatusKey::Range(hundreds) => u16::from(hundreds) * 100,
        StatusKey::Default => 200,
    }
}
