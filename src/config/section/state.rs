//! `state`: what outlives a request, and whose it is.

use std::time::Duration;

use mocker_source::Node;

use crate::config::read::text;
use crate::config::shape::{Bare, Field, Rule, Shape, Table, Word};
use crate::config::values::Values;

static CARRIER: Table = Table {
    name: "scope",
    about: "What names the session of a request",
    fields: &[
        Field::new("header", Shape::Text, "The value of this header"),
        Field::new("cookie", Shape::Text, "The value of this cookie"),
        Field::new("jwt", Shape::Text, "This claim of the JSON web token"),
    ],
    families: &[],
    rules: &[Rule::OneOf(&["header", "cookie", "jwt"])],
};

pub(super) static TABLE: Table = Table {
    name: "state",
    about: "What outlives a request, and whose it is",
    fields: &[
        Field::new(
            "scope",
            Shape::Either(&[
                Shape::Choice(&[Word { name: "client", alias: None, about: "the client's address" }]),
                Shape::Table(&CARRIER),
            ]),
            "Whose state a request sees: of the session that a header, cookie or JWT claim names, else of the client's \
             address; `client` is always the latter. `header: X-Mocker-Session` when not given",
        )
        .example("scope: { header: X-Mocker-Session }"),
        Field::new("bytes", Shape::Size { least: 1 << 10, most: 1 << 40 }, "Size of all state; beyond it writes get 507")
            .default("256MiB"),
        Field::new("value_bytes", Shape::Size { least: 16, most: 1 << 30 }, "Size of one value").default("1MiB"),
        Field::new("key_bytes", Shape::Size { least: 16, most: 1 << 16 }, "Size of one key").default("1KiB"),
        Field::new("keys", Shape::Integer { least: 1, most: 100_000_000 }, "Keys of one scope").default("100000"),
        Field::new("scopes", Shape::Integer { least: 1, most: 100_000_000 }, "Scopes at a time").default("100000"),
        Field::new(
            "scope_idle",
            Shape::Time { least: 1_000, most: 31_536_000_000, bare: Bare::Nothing },
            "A scope is forgotten after so much time without use",
        )
        .default("1h"),
    ],
    families: &[],
    rules: &[],
};

/// What names the session of a request; where a request does not have it, the client's address does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    Header(String),
    Cookie(String),
    /// A claim of the JSON web token
    Jwt(String),
    Client,
}

/// What outlives a request.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) scope: Scope,
    pub(crate) bytes: u64,
    pub(crate) value_bytes: u64,
    pub(crate) key_bytes: u64,
    pub(crate) keys: u64,
    pub(crate) scopes: u64,
    pub(crate) scope_idle: Duration,
}

impl State {
    pub(super) fn read(values: &Values) -> State {
        State {
            scope: scope(values.node("state.scope")),
            bytes: values.size("state.bytes"),
            value_bytes: values.size("state.value_bytes"),
            key_bytes: values.size("state.key_bytes"),
            keys: values.whole("state.keys").unwrap_or_default(),
            scopes: values.whole("state.scopes").unwrap_or_default(),
            scope_idle: values.time("state.scope_idle"),
        }
    }
}

fn scope(node: Option<Node<'_>>) -> Scope {
    let Some(node) = node else { return Scope::Header("X-Mocker-Session".to_owned()) };
    let carrier = |key: &str| text(node.get(key));
    let header = carrier("header").map(Scope::Header);
    let cookie = || carrier("cookie").map(Scope::Cookie);
    let jwt = || carrier("jwt").map(Scope::Jwt);
    header.or_else(cookie).or_else(jwt).unwrap_or(Scope::Client)
}
