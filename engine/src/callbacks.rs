//! What the callbacks of an operation need of a request, and their handing over once it is answered.

use std::rc::Rc;

use mocker_http::request::{Head, Known, Method};
use mocker_plan::callback::{Heard, Pending};
use mocker_plan::model;
use mocker_plan::request::Sent;
use mocker_schema::generate::Key;

use crate::Worker;
use crate::publication::Served;

/// Callbacks of a request that is not answered yet.
pub(crate) struct Announced {
    served: Rc<Served>,
    operation: u32,
    pending: Pending,
}

/// What is needed of a request's head; `None` where nothing is sent.
#[inline]
pub(crate) fn of_head(
    worker: &Worker,
    served: &Rc<Served>,
    head: &Head<'_>,
    number: u32,
    sent: &Sent<'_>,
) -> Option<Box<Announced>> {
    if !served.plan.operation(number).has_callbacks() || worker.outbox.is_none() {
        return None;
    }
    announced(served, head, number, sent)
}

#[cold]
fn announced(served: &Rc<Served>, head: &Head<'_>, number: u32, sent: &Sent<'_>) -> Option<Box<Announced>> {
    let operation = served.plan.operation(number);
    // HEAD in place of GET asks about an answer and does nothing (RFC 9110, section 9.3.2).
    if head.method == Method::Head && operation.model().method != model::Method::Head {
        return None;
    }
    let heard = Heard {
        is_secure: served.settings.is_secure,
        method: head.method_name,
        authority: head.target.authority.or(head.fields.get(Known::Host)).unwrap_or_default(),
        sent: *sent,
        content_type: head.fields.get(Known::ContentType),
    };
    let pending = operation.callbacks()?.hear(&heard);
    Some(Box::new(Announced { served: Rc::clone(served), operation: number, pending }))
}

impl Announced {
    /// Whether the body has to be heard.
    pub(crate) fn awaits_body(&self) -> bool {
        self.pending.awaits_body()
    }

    /// Keeps what is needed of the body.
    pub(crate) fn hear_body(&mut self, body: &[u8]) {
        if let Some(callbacks) = self.served.plan.operation(self.operation).callbacks() {
            callbacks.hear_body(&mut self.pending, body);
        }
    }

    /// Hands over what is to be sent now that an answer was written, as `bytes`; values are made from `key`.
    #[cold]
    pub(crate) fn hand(&self, worker: &Worker, key: Key, bytes: &[u8]) {
        let (Some(outbox), Some(callbacks)) =
            (&worker.outbox, self.served.plan.operation(self.operation).callbacks())
        else {
            return;
        };
        for call in callbacks.calls(&self.pending, bytes, key) {
            outbox.hand(call);
        }
    }
}
