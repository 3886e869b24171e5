//! What a built-in plugin knows of a request beside the request itself, and what it says of it.

use std::net::IpAddr;
use std::time::Duration;

use mocker_state::Allowance;
use serde_json::Value;

use crate::Response;

/// One request, on its way through the plugins.
#[derive(Clone, Debug)]
pub struct Visit<'v> {
    /// The client's address
    pub client: IpAddr,
    /// As in `HTTP/1.1`
    pub protocol: &'v str,
    /// What the clock says, in milliseconds since 1970
    pub now: i64,
    /// Time since the request came; of interest when it is answered
    pub took: Duration,
    /// The operation, as `GET /pets/{petId}`; empty where the request belongs to none
    pub operation: &'v str,
    /// Scopes that the operation needs
    pub scopes: &'v [Box<str>],
    /// What plugins found out about the request so far
    pub notes: Notes,
}

/// What plugins found out about a request.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Notes {
    /// Claims of the token that was verified, an object; scripts have them as `ctx.vars.claims`
    pub claims: Option<Value>,
    /// Who sent it: the token's subject, the user, the name of the key
    pub user: Option<Box<str>>,
    /// What the bucket says that has the least left
    pub allowance: Option<Allowance>,
}

impl Notes {
    /// Adds what the next plugin found out. Of claims and users the last stay, of buckets the one with the least left.
    pub fn add(&mut self, more: Notes) {
        self.claims = more.claims.or(self.claims.take());
        self.user = more.user.or(self.user.take());
        let both = self.allowance.into_iter().chain(more.allowance);
        self.allowance = both.min_by_key(|allowance| (allowance.allowed, allowance.remaining));
    }
}

/// What a plugin says of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// It goes on, with what was found out
    Pass(Notes),
    /// It is answered
    Answer(Response),
}
