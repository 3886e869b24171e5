//! An array that grows at its end while others read what it was.

use std::sync::Arc;

use super::{allocated, shared_text};
use crate::limits::TAIL_BYTES;

/// JSON of the elements, separated by commas, in pieces. A clone copies the tail alone.
#[derive(Clone)]
pub(crate) struct Elements {
    /// Full pieces, shared by all clones.
    sealed: Arc<Vec<Arc<str>>>,
    tail: String,
    sealed_bytes: usize,
    count: usize,
    depth: u8,
}

impl Elements {
    /// From the text of an array, without space.
    pub(super) fn new(text: &str, count: usize, depth: u8) -> Elements {
        let inner = &text[1..text.len() - 1];
        let mut elements =
            Elements { sealed: Arc::default(), tail: String::new(), sealed_bytes: 0, count, depth };
        if !inner.is_empty() {
            elements.seal(inner.into());
        }
        elements
    }

    fn seal(&mut self, piece: Arc<str>) {
        self.sealed_bytes += piece.len();
        Arc::make_mut(&mut self.sealed).push(piece);
    }

    pub(super) fn push(&mut self, json: &str, depth: u8) {
        if seals(self.tail.len(), json.len()) {
            let piece = std::mem::take(&mut self.tail);
            self.seal(piece.into());
        }
        if !self.tail.is_empty() {
            self.tail.push(',');
        }
        self.tail.push_str(json);
        self.count += 1;
        self.depth = self.depth.max(depth + 1);
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }

    pub(super) fn depth(&self) -> u8 {
        self.depth
    }

    pub(super) fn measure(&self) -> Measure {
        Measure { pieces: self.sealed.len(), sealed: self.sealed_bytes, tail: self.tail.len() }
    }

    pub(super) fn write_json(&self, out: &mut Vec<u8>) {
        out.reserve(self.measure().text_bytes());
        out.push(b'[');
        for (index, piece) in self.sealed.iter().map(|piece| &**piece).chain([self.tail.as_str()]).enumerate()
        {
            if index > 0 && !piece.is_empty() {
                out.push(b',');
            }
            out.extend_from_slice(piece.as_bytes());
        }
        out.push(b']');
    }
}

/// Does an element of so many bytes start a new tail?
fn seals(tail: usize, json: usize) -> bool {
    tail > 0 && tail + 1 + json > TAIL_BYTES
}

/// What [`Elements`] take, known before they do.
#[derive(Clone, Copy)]
pub(crate) struct Measure {
    pieces: usize,
    sealed: usize,
    tail: usize,
}

impl Measure {
    /// Of the text of an array.
    pub(super) fn of_text(text: usize) -> Measure {
        let inner = text.saturating_sub(2);
        Measure { pieces: usize::from(inner > 0), sealed: inner, tail: 0 }
    }

    /// With one more element of so many bytes.
    pub(super) fn grown(self, json: usize) -> Measure {
        match self.tail {
            0 => Measure { tail: json, ..self },
            tail if seals(tail, json) => {
                Measure { pieces: self.pieces + 1, sealed: self.sealed + tail, tail: json }
            }
            tail => Measure { tail: tail + 1 + json, ..self },
        }
    }

    /// Bytes of JSON.
    pub(crate) fn text_bytes(self) -> usize {
        let pieces = self.pieces + usize::from(self.tail > 0);
        2 + self.sealed + self.tail + pieces.saturating_sub(1)
    }

    /// Bytes of memory: the head, the list of pieces, the pieces, the tail with its room to grow.
    pub(crate) fn heap_bytes(self) -> usize {
        let head = allocated(16 + size_of::<Elements>()) + allocated(16 + size_of::<Vec<Arc<str>>>());
        let list = allocated(room(self.pieces, 4) * size_of::<Arc<str>>());
        let pieces = self.sealed + self.pieces * shared_text(8);
        head + list + pieces + allocated(room(self.tail, 8))
    }
}

/// What a vector reserves for so many items.
fn room(len: usize, least: usize) -> usize {
    if len == 0 { 0 } else { len.next_power_of_two().max(least) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_full_is_shared_by_all_that_read_it() {
        let mut elements = Elements::new("[0]", 1, 1);
        for number in 1..10_000 {
            let read = elements.clone();
            let measure = elements.measure().grown(number.to_string().len());
            elements.push(&number.to_string(), 0);
            assert_eq!(elements.measure().heap_bytes(), measure.heap_bytes());
            assert_eq!(elements.measure().text_bytes(), measure.text_bytes());
            assert!(elements.tail.len() <= TAIL_BYTES);
            let pieces = read.sealed.iter().zip(elements.sealed.iter());
            assert!(pieces.into_iter().all(|(left, right)| Arc::ptr_eq(left, right)));
        }
        let mut out = Vec::new();
        elements.write_json(&mut out);
        assert_eq!(out.len(), elements.measure().text_bytes());
        let numbers: Vec<u32> = serde_json::from_slice(&out).expect("an array of numbers");
        assert_eq!(numbers, Vec::from_iter(0..10_000));
    }
}
