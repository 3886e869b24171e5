//! In which order operations are proved: those that answer with the same schema one after the other, and by one thread, so that
//! what was compiled for one serves the next.

use std::sync::atomic::{AtomicUsize, Ordering};

use mocker_openapi::Document;
use mocker_openapi::model::Operation;
use mocker_schema::{SchemaId, Schemas};

use crate::limits::{MAX_PROOF_REFERENCES, MAX_PROOF_TAKEN};

/// Parts of the work that each thread gets at least, so that none waits long for the others.
const SHARES: usize = 4;

/// Operations by number, in order; each thread takes some at a time.
pub(super) struct Queue {
    operations: Vec<u32>,
    step: usize,
    next: AtomicUsize,
}

impl Queue {
    pub(super) fn of(document: &Document, threads: usize) -> Queue {
        let mut operations: Vec<u32> = (0..document.operations.len() as u32).collect();
        operations.sort_by_key(|index| answered(&document.schemas, &document.operations[*index as usize]));
        let step = (operations.len() / (threads * SHARES)).clamp(1, MAX_PROOF_TAKEN);
        Queue { operations, step, next: AtomicUsize::new(0) }
    }

    /// The next to be proved; `None` when there are none left.
    pub(super) fn next(&self) -> Option<&[u32]> {
        let start = self.next.fetch_add(self.step, Ordering::Relaxed);
        let end = (start.saturating_add(self.step)).min(self.operations.len());
        self.operations.get(start..end).filter(|some| !some.is_empty())
    }
}

/// The first schema that the operation answers with, behind references.
fn answered(schemas: &Schemas, operation: &Operation) -> Option<SchemaId> {
    let media = operation.responses.iter().flat_map(|(_, response)| &response.content);
    let mut schema = media.filter_map(|media| media.schema).next()?;
    for _ in 0..MAX_PROOF_REFERENCES {
        match schemas[schema].reference {
            Some(next) => schema = next,
            None => break,
        }
    }
    Some(schema)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_operation_is_taken_once() {
        for (count, step) in [(0, 1), (1, 1), (7, 3), (9, 3), (5, 32)] {
            let queue = Queue { operations: (0..count).collect(), step, next: AtomicUsize::new(0) };
            let taken: Vec<u32> = std::iter::from_fn(|| queue.next()).flatten().copied().collect();
            assert_eq!(taken.len(), count as usize, "{step}");
            assert_eq!(taken.iter().collect::<HashSet<_>>().len(), count as usize, "{step}");
        }
    }
}
