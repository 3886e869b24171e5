//! A request that scripts, templates or answers of the user's have a say in, until its body has come.

use std::net::IpAddr;
use std::rc::Rc;

use mocker_http::request::Head;
use mocker_plan::Wish;
use mocker_schema::generate::Key;
use mocker_scripting::{Context, RequestBuilder};

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
    /// What scripts have done that changed it; they are not to change it again
    pub(super) before: Option<Rc<Context>>,
}

/// A request's head: as it came, and read.
#[derive(Clone, Copy)]
pub(crate) struct Arrived<'a> {
    pub(crate) head: &'a Head<'a>,
    pub(crate) bytes: &'a [u8],
    pub(crate) client: IpAddr,
}

impl Staged {
    /// The request is one that scripts changed.
    pub(crate) fn follow(&mut self, before: Rc<Context>) {
        self.before = Some(before);
    }

    /// What it was decided by, and whose request it is.
    pub(crate) fn origin(&self) -> (Rc<Served>, IpAddr) {
        (Rc::clone(&self.served), self.client)
    }

    /// Keeps what is needed of a head, if anything was added to its operation.
    #[inline]
    pub(crate) fn of(served: &Rc<Served>, arrived: &Arrived<'_>, asked: &Asked<'_>) -> Option<Box<Staged>> {
        served.behaviours.of(asked.number)?;
        Some(Staged::kept(served, arrived, asked))
    }

    fn kept(served: &Rc<Served>, arrived: &Arrived<'_>, asked: &Asked<'_>) -> Box<Staged> {
        let Arrived { head, bytes, client } = *arrived;
        let Asked { number: operation, sent, wish, key } = *asked;
        let query = head.target.query.unwrap_or_default();
        let mut builder = RequestBuilder::new(head.method_name, head.target.path, query);
        for (name, value) in head.fields.iter() {
            builder.field(name, value);
        }
        for (name, value) in sent.names.iter().zip(sent.captures.values(sent.path)) {
            builder.param(name, value);
        }
        let (served, wish, head) = (Rc::clone(served), wish.to_owned(), bytes.into());
        Box::new(Staged { served, operation, key, wish, head, builder, client, before: None })
    }
}
