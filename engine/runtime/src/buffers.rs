//! Buffers that a worker lends to its connections: read buffers while something is expected, output
//! buffers only while an answer is on its way.

use std::cell::RefCell;

use crate::limits::{POOLED_INPUTS, POOLED_OUTPUT_CAPACITY, POOLED_OUTPUTS, READ_BUFFER};

/// The spare buffers of one worker.
#[derive(Default)]
pub(crate) struct Buffers {
    inputs: RefCell<Vec<Vec<u8>>>,
    outputs: RefCell<Vec<Vec<u8>>>,
}

impl Buffers {
    /// An empty buffer of [`READ_BUFFER`] bytes.
    pub(crate) fn input(&self) -> Vec<u8> {
        self.inputs.borrow_mut().pop().unwrap_or_else(|| Vec::with_capacity(READ_BUFFER))
    }

    /// Gives a read buffer back; one that has grown is freed.
    pub(crate) fn return_input(&self, mut buffer: Vec<u8>) {
        let mut spare = self.inputs.borrow_mut();
        if buffer.capacity() == READ_BUFFER && spare.len() < POOLED_INPUTS {
            buffer.clear();
            spare.push(buffer);
        }
    }

    /// An empty buffer for answers.
    pub(crate) fn output(&self) -> Vec<u8> {
        self.outputs.borrow_mut().pop().unwrap_or_default()
    }

    /// Gives an output buffer back; one that has grown large is freed.
    pub(crate) fn return_output(&self, mut buffer: Vec<u8>) {
        let mut spare = self.outputs.borrow_mut();
        if (1..=POOLED_OUTPUT_CAPACITY).contains(&buffer.capacity()) && spare.len() < POOLED_OUTPUTS {
            buffer.clear();
            spare.push(buffer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spare_buffers_are_reused_and_bounded() {
        let buffers = Buffers::default();
        for _ in 0..POOLED_OUTPUTS + 1 {
            buffers.return_output(Vec::with_capacity(16));
        }
        assert_eq!(buffers.outputs.borrow().len(), POOLED_OUTPUTS);
        for _ in 0..POOLED_INPUTS + 1 {
            buffers.return_input(Vec::with_capacity(READ_BUFFER));
        }
        assert_eq!(buffers.inputs.borrow().len(), POOLED_INPUTS);
    }

    #[test]
    fn grown_buffers_are_freed() {
        let buffers = Buffers::default();
        buffers.return_output(Vec::with_capacity(POOLED_OUTPUT_CAPACITY + 1));
        buffers.return_input(Vec::with_capacity(READ_BUFFER + 1));
        assert!(buffers.outputs.borrow().is_empty() && buffers.inputs.borrow().is_empty());
    }
}
