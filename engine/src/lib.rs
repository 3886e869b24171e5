//! The data plane: bytes in, answers out, by the plan. Joins `http`, `plan` and `runtime`.

mod connection;
mod dispatch;
mod problem;

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use mocker_http::Limits;
use mocker_http::request::Head;
use mocker_http::response::{DateCache, Persistence, Writer};
use mocker_plan::{Plan, Sending};
use mocker_runtime::{Service, Step, Wait};

pub use connection::Connection;
use connection::Responder;
use dispatch::Outcome;

/// One worker's share of the engine: the plan, and what only this worker writes.
pub struct Engine {
    plan: Arc<Plan>,
    limits: Limits,
    date: RefCell<DateCache>,
    /// The server is ending: every answer is the last of its connection
    is_draining: Cell<bool>,
    /// Fresh bodies made so far; the worker's number is in its upper bits
    fresh: Cell<u64>,
}

impl Engine {
    /// The engine of worker number `worker`.
    pub fn new(plan: Arc<Plan>, limits: Limits, worker: usize) -> Self {
        let fresh = Cell::new((worker as u64) << 48);
        let date = RefCell::new(DateCache::new(now()));
        Engine { plan, limits, date, is_draining: Cell::new(false), fresh }
    }
}

impl Service for Engine {
    type Connection = Connection;

    fn open(&self, _peer: SocketAddr) -> Connection {
        Connection::default()
    }

    fn feed(&self, connection: &mut Connection, input: &[u8], output: &mut Vec<u8>) -> Step {
        connection.feed(self, input, output)
    }

    fn expire(&self, connection: &mut Connection, wait: Wait, output: &mut Vec<u8>) {
        connection.expire(self, wait, output);
    }

    fn tick(&self) {
        self.date.borrow_mut().update(now());
    }

    fn drain(&self) {
        self.is_draining.set(true);
    }
}

impl Responder for Engine {
    fn limits(&self) -> &Limits {
        &self.limits
    }

    fn is_closing(&self) -> bool {
        self.is_draining.get()
    }

    fn decide(&self, head: &Head<'_>) -> Outcome {
        dispatch::decide(&self.plan, head, || {
            self.fresh.set(self.fresh.get() + 1);
            self.fresh.get()
        })
    }

    fn write(&self, outcome: &Outcome, persistence: Persistence, head_only: bool, out: &mut Vec<u8>) {
        let date = &*self.date.borrow();
        match outcome {
            Outcome::Operation { operation, variant, key } => {
                let sending = Sending { date, persistence, head_only };
                self.plan.operation(*operation).write(*variant, sending, *key, out);
            }
            Outcome::Health => health(date, persistence, head_only, out),
            Outcome::Options => options(date, persistence, out),
            Outcome::Problem(problem) => problem.write(date, persistence, head_only, out),
        }
    }
}

#[cold]
fn health(date: &DateCache, persistence: Persistence, head_only: bool, out: &mut Vec<u8>) {
    let body = b"{\"status\":\"healthy\"}";
    let writer = Writer::new(200, out).date(date).field("Content-Type", b"application/json");
    writer.length(body.len()).persistence(persistence).finish();
    if !head_only {
        out.extend_from_slice(body);
    }
}

#[cold]
fn options(date: &DateCache, persistence: Persistence, out: &mut Vec<u8>) {
    let allow = b"GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE, QUERY";
    Writer::new(204, out).date(date).field("Allow", allow).persistence(persistence).finish();
}

fn now() -> u64 {
    // A clock before 1970 is a broken clock: its date is as wrong as any.
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
