//! What URLs need of a request, kept until it is answered.

use mocker_openapi::expression::{Expression, Place};
use mocker_openapi::model::Callback;

use super::body::Body;
use super::head::Heard;

/// What URLs need of a request, kept until it is answered.
#[derive(Debug)]
pub struct Pending {
    /// One an expression, in order; nothing for those about the answer
    values: Box<[Option<String>]>,
    content_type: Option<Box<[u8]>>,
    awaits_body: bool,
}

impl Pending {
    pub(super) fn of_head(callbacks: &[Callback], heard: &Heard<'_>) -> Pending {
        Pending {
            values: expressions(callbacks).map(|expression| heard.value(expression)).collect(),
            content_type: heard.content_type.map(Box::from),
            awaits_body: expressions(callbacks).any(|expression| pointer(expression).is_some()),
        }
    }

    /// Whether the body has to be heard, and was not.
    pub fn awaits_body(&self) -> bool {
        self.awaits_body
    }

    pub(super) fn hear_body(&mut self, callbacks: &[Callback], body: &[u8]) {
        if !std::mem::take(&mut self.awaits_body) {
            return;
        }
        let body = Body::new(body, self.content_type.as_deref());
        for (value, expression) in self.values.iter_mut().zip(expressions(callbacks)) {
            if let Some(pointer) = pointer(expression) {
                *value = body.at(pointer);
            }
        }
    }

    pub(super) fn values(&self) -> impl Iterator<Item = Option<&str>> {
        self.values.iter().map(Option::as_deref)
    }
}

fn expressions(callbacks: &[Callback]) -> impl Iterator<Item = &Expression> {
    callbacks.iter().flat_map(|callback| callback.url.expressions())
}

fn pointer(expression: &Expression) -> Option<&str> {
    match expression {
        Expression::Request(Place::Body(pointer)) => Some(pointer),
        _ => None,
    }
}
