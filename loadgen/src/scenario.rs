//! What is sent: operations, each with requests that are ready to go.

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
