//! What is sent: operations, each with requests that are ready to go.
//!
//! [`of_document`] makes them of an API description, [`of_url`] of what the user spells out; [`Scenario::select`] takes
//! some of them, [`Mix`] weighs them as a recording of real traffic does; [`Coverage`] says how much of a description
//! they reach.
//!
//! The way of an operation: `variant` says which requests there are, `values` makes values, `parameter` and `style`
//! write them where they belong, `body` and `form` write bodies, `credentials` what stands for a token, `routes` sees
//! that no other operation takes the request, and `head` writes its bytes.

mod accept;
mod body;
mod brackets;
mod coverage;
mod credentials;
mod document;
mod encode;
mod expected;
mod fault;
mod field;
mod form;
mod head;
mod mix;
mod operation;
mod options;
mod parameter;
mod routes;
mod select;
mod style;
mod template;
mod text;
mod url;
mod values;
mod variant;

use std::ops::RangeInclusive;

pub use coverage::{Coverage, Share};
pub use document::of_document;
pub use fault::Fault;
pub use field::field;
pub use mix::Mix;
pub use options::{Options, Unmade};
pub use select::Selection;
pub use url::{Spelt, of_url};

/// The operations of a run. Weights are relative to each other.
#[derive(Debug, Default)]
pub struct Scenario {
    /// Never empty in a run
    pub operations: Vec<Operation>,
}

/// One operation and the requests made for it.
#[derive(Debug)]
pub struct Operation {
    /// The document's `operationId`
    pub id: Option<String>,
    /// `GET`
    pub method: String,
    /// The path template, `/pets/{id}`, or the whole target where no document says more
    pub path: String,
    /// Its share is this over the sum of all; above 0
    pub weight: f64,
    /// Sent in turn; never empty
    pub requests: Vec<Request>,
    /// Where it is described; nothing where no document does
    pub origin: Option<Origin>,
    /// Statuses of 400 and above that are no error: the description has them, and no success
    pub expected: Vec<RangeInclusive<u16>>,
}

/// One operation of several documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Index of the document ([`Options::document`])
    pub document: usize,
    /// Index among the operations of the document
    pub operation: usize,
}

/// The bytes of one request, complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Head and body as they go over the wire
    pub bytes: Box<[u8]>,
    /// The answer has no body whatever its head says (RFC 9110, section 9.3.2)
    pub is_head: bool,
}

impl Operation {
    /// `GET /pets/{id}`, as reports and thresholds name it.
    pub fn name(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}
