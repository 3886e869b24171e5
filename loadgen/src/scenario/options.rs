//! How requests are made of a document.

use crate::limits::USUAL_VARIANTS;

/// How requests are made of a document.
#[derive(Clone, Debug)]
pub struct Options {
    /// Value of `Host`: `127.0.0.1:8080`
    pub host: String,
    /// Which of several documents this is, from 0
    pub document: usize,
    /// Put before every path: `/v1`
    pub base_path: String,
    /// Requests made for one operation, equal ones counted once; at most [`MAX_VARIANTS`](crate::limits::MAX_VARIANTS)
    pub variants: usize,
    /// What values are made from
    pub seed: u64,
    /// Fields of every request. They take the place of what would be written under their names, but for the fields
    /// that say where a body ends; what is no field ([`field`](super::field)) is left out.
    pub headers: Vec<(String, String)>,
    /// Value of `User-Agent`; empty: not sent
    pub user_agent: String,
}

/// What cannot be made of a document. An operation of which no request can be made is absent from the scenario; where
/// a part can be left out, its requests are made without it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmade {
    /// `GET /pets/{id}`
    pub operation: String,
    /// What it is, and why
    pub reason: String,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            host: "localhost".to_owned(),
            document: 0,
            base_path: String::new(),
            variants: USUAL_VARIANTS,
            seed: 0,
            headers: Vec::new(),
            user_agent: concat!("mocker/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}
