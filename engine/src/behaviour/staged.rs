//! A request that scripts, templates or answers of the user's have a say in, until its body has come.

use std::net::IpAddr;
use std::rc::Rc;

use mocker_http::request::Head;
use mocker_plan::Wish;
use mocker_schema::generate::Key;
use mocker_scripting::{RequestBuilder, Response};

use serde_json::Value;

use super::perform::Changes;
use super::plugins::Visited;
use crate::judge::Asked;
use crate::publication::Served;

/// What is kept of the head.
pub(crate) struct Staged {
    pub(super) served: Rc<Served>,
    /// Number in the plan
    pub(super) operation: u32,
    /// What generated data is made from
    pub(super) key: Key,
    pub(super) wish: Wish<'static>,
    /// As it came
    pub(super) head: Box<[u8]>,
    pub(super) builder: RequestBuilder,
    pub(super) client: IpAddr,
    /// What plugins know of it
    pub(super) visited: Option<Visited>,
    /// Claims of a token that a plugin has verified
    pub(super) claims: Option<Value>,
    /// What scripts did that made it this request
    pub(super) changes: Option<Changes>,
}

/// A request's head: as it came, and read.
#[derive(Clone, Copy)]
pub(crate) struct Arrived<'a> {
    pub(crate) head: &'a Head<'a>,
    pub(crate) bytes: &'a [u8],
    pub(crate) client: IpAddr,
    /// Scripts made it this request
    pub(crate) is_changed: bool,
    /// The plugins that have seen it already, where scripts changed it
    pub(crate) earlier: Option<&'a Visited>,
}

impl Staged {
    /// The request is one that scripts changed.
    pub(crate) fn follow(&mut self, changes: Changes) {
        self.changes = Some(changes);
    }

    /// What it was decided by, and whose request it is.
    pub(crate) fn origin(&self) -> (Rc<Served>, IpAddr) {
        (Rc::clone(&self.served), self.client)
    }

    /// Keeps what is needed of a head, if anything was added to its operation. Plugins see it first: where one of them
    /// answers, the answer is given too.
    #[inline]
    pub(crate) fn of(
        served: &Rc<Served>,
        arrived: &Arrived<'_>,
        asked: &Asked<'_>,
    ) -> (Option<Box<Staged>>, Option<Response>) {
        match served.behaviours.of(asked.number) {
            None => (None, None),
            Some(_) => Staged::kept(served, arrived, asked),
        }
    }

    fn kept(
        served: &Rc<Served>,
        arrived: &Arrived<'_>,
        asked: &Asked<'_>,
    ) -> (Option<Box<Staged>>, Option<Response>) {
        let (visited, response) = Visited::begin(served, arrived, asked).unzip();
        let staged = Staged {
            served: Rc::clone(served),
            operation: asked.number,
            key: asked.key,
            wish: asked.wish.to_owned(),
            head: arrived.bytes.into(),
            builder: arrived.builder(asked),
            client: arrived.client,
            claims: visited.as_ref().and_then(|visited| visited.notes().claims.clone()),
            visited,
            changes: None,
        };
        (Some(Box::new(staged)), response.flatten())
    }

    /// What plugins know of it.
    pub(crate) fn visited(&mut self) -> Option<Visited> {
        self.visited.take()
    }
}

impl Arrived<'_> {
    /// The request line.
    pub(super) fn line(&self) -> RequestBuilder {
        let target = &self.head.target;
        RequestBuilder::new(self.head.method_name, target.path, target.query.unwrap_or_default())
    }

    /// The whole head, with the variables of its path.
    pub(crate) fn builder(&self, asked: &Asked<'_>) -> RequestBuilder {
        let mut builder = self.line();
        for (name, value) in self.head.fields.iter() {
            builder.field(name, value);
        }
        for (name, value) in asked.sent.names.iter().zip(asked.sent.captures.values(asked.sent.path)) {
            builder.param(name, value);
        }
        builder
    }
}
