//! What is kept of an answer to be judged.

use mocker_http::answer::{Head, Observer};
use mocker_http::request::{Known, list};

use super::timing::Timing;
use crate::limits::{KEPT_BUFFER, MAX_VERIFIED_BODY};
use crate::verify::Answer;

/// Type and body of one answer, in buffers that serve the next one.
#[derive(Default)]
pub(super) struct Capture {
    is_wanted: bool,
    to_head: bool,
    has_type: bool,
    content_type: Vec<u8>,
    body: Vec<u8>,
    /// It is too long or compressed
    is_unfit: bool,
    reads_timing: bool,
    timing: Timing,
}

impl Capture {
    /// One that reads what the server says of its time, or not.
    pub(super) fn new(reads_timing: bool) -> Capture {
        Capture { reads_timing, ..Capture::default() }
    }

    /// What comes next is another answer, which somebody wants or not.
    pub(super) fn begin(&mut self, is_wanted: bool, to_head: bool) {
        if self.body.capacity() > KEPT_BUFFER {
            self.body = Vec::new();
        }
        self.body.clear();
        (self.is_wanted, self.to_head, self.has_type, self.is_unfit) = (is_wanted, to_head, false, false);
        self.timing = Timing::default();
    }

    pub(super) fn is_wanted(&self) -> bool {
        self.is_wanted
    }

    /// What the server says of its time.
    pub(super) fn timing(&self) -> Timing {
        self.timing
    }

    /// The answer that was read; nothing where it cannot be judged.
    pub(super) fn answer(&self, operation: u32, status: u16) -> Option<Answer<'_>> {
        let has_body = !self.to_head && status != 204 && status != 304;
        let content_type = self.has_type.then_some(self.content_type.as_slice());
        let body = has_body.then_some(self.body.as_slice());
        (!self.is_unfit).then_some(Answer { operation, status, content_type, body })
    }
}

impl Observer for Capture {
    #[inline]
    fn wants_heads(&self) -> bool {
        self.is_wanted || self.reads_timing
    }

    #[inline]
    fn head(&mut self, head: &Head<'_>) {
        if self.reads_timing {
            self.timing = Timing::of(&head.fields);
        }
        if !self.is_wanted {
            return;
        }
        if let Some(value) = head.fields.get(Known::ContentType) {
            self.content_type.clear();
            self.content_type.extend_from_slice(value);
            self.has_type = true;
        }
        let codings = |known, plain: &str| {
            let mut codings = head.fields.all(known).flat_map(list);
            codings.any(|coding| !coding.eq_ignore_ascii_case(plain.as_bytes()))
        };
        self.is_unfit =
            codings(Known::ContentEncoding, "identity") || codings(Known::TransferEncoding, "chunked");
    }

    #[inline]
    fn data(&mut self, data: &[u8]) {
        if !self.is_wanted || self.is_unfit {
            return;
        }
        if self.body.len() + data.len() > MAX_VERIFIED_BODY {
            self.is_unfit = true;
            return;
        }
        self.body.extend_from_slice(data);
    }
}
