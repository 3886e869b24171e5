//! The bytes of all requests, in one piece that all threads read.

use std::{ops::Range, sync::Arc};

use crate::scenario::Scenario;

/// All requests of a scenario.
#[derive(Debug)]
pub(super) struct Stock {
    pub(super) bytes: Arc<[u8]>,
    requests: Vec<Stocked>,
    /// Where the requests of each operation are
    operations: Vec<Range<usize>>,
}

/// Where a request is.
#[derive(Clone, Debug)]
pub(super) struct Stocked {
    pub(super) range: Range<usize>,
    pub(super) is_head: bool,
}

impl Stock {
    pub(super) fn new(scenario: &Scenario) -> Self {
        let (mut bytes, mut requests, mut operations) = (Vec::new(), Vec::new(), Vec::new());
        for operation in &scenario.operations {
            let first = requests.len();
            for request in &operation.requests {
                let start = bytes.len();
                bytes.extend_from_slice(&request.bytes);
                requests.push(Stocked { range: start..bytes.len(), is_head: request.is_head });
            }
            operations.push(first..requests.len());
        }
        Self { bytes: bytes.into(), requests, operations }
    }

    /// The request of an operation whose turn it is when it was sent so often before.
    pub(super) fn of(&self, operation: u32, turn: u64) -> usize {
        let range = &self.operations[operation as usize];
        match range.len() as u64 {
            0 | 1 => range.start,
            length => range.start + (turn % length) as usize,
        }
    }

    pub(super) fn get(&self, request: usize) -> &Stocked {
        &self.requests[request]
    }
}
