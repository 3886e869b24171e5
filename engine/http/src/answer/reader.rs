//! The answers of one connection, one after the other.

use super::recall::{Gist, Recall};
use super::{Fault, Head, Progress, head};
use crate::body::Body;
use crate::limits::{MAX_ANSWER_BODY, MAX_INTERIM_ANSWERS};
use crate::request::Slots;

/// Reads the answers of one connection; bodies are stepped over, unless an [`Observer`] takes them. [`Reader::begin`] says what the next answer is to.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    stage: Stage,
    progress: Progress,
    to_head: bool,
    interim: u32,
}

#[derive(Clone, Copy, Debug)]
enum Stage {
    Head,
    Body { body: Body, answer: Answer, to_end: bool },
}

/// An answer that came whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its status
    pub status: u16,
    /// Whether the connection can carry another one
    pub keep_alive: bool,
}

/// Sees the answers that a [`Reader`] reads, piece by piece.
pub trait Observer {
    /// Whether heads are to be shown. One that is not need not be read if it is like another.
    #[inline]
    fn wants_heads(&self) -> bool {
        true
    }
    /// The head of an answer, interim ones left out.
    fn head(&mut self, head: &Head<'_>);
    /// Bytes of its body without the framing; as often as they come.
    fn data(&mut self, data: &[u8]);
}

/// Nobody looks.
impl Observer for () {
    #[inline]
    fn wants_heads(&self) -> bool {
        false
    }
    #[inline]
    fn head(&mut self, _: &Head<'_>) {}
    #[inline]
    fn data(&mut self, _: &[u8]) {}
}

/// What one call of [`Reader::feed`] did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Bytes of the input that are done with
    pub consumed: usize,
    /// The answer, if this was its end; `None` means that more is needed
    pub answer: Option<Answer>,
}

impl Reader {
    /// A reader before the first answer.
    pub fn new() -> Self {
        Self { stage: Stage::Head, progress: Progress::default(), to_head: false, interim: 0 }
    }

    /// What follows is the answer to another request; `to_head` says that it was `HEAD`.
    pub fn begin(&mut self, to_head: bool) {
        *self = Self { to_head, ..Self::new() };
    }

    /// Reads on. `input` holds all bytes received and not yet consumed.
    ///
    /// # Errors
    /// A [`Fault`]: the connection is of no use any more.
    #[inline]
    pub fn feed(&mut self, input: &[u8]) -> Result<Step, Fault> {
        self.feed_to(input, &mut ())
    }

    /// As [`Reader::feed`], with somebody who looks on. A body that turns out malformed was seen up to there.
    ///
    /// # Errors
    /// As [`Reader::feed`].
    #[inline]
    pub fn feed_to(&mut self, input: &[u8], observer: &mut impl Observer) -> Result<Step, Fault> {
        self.feed_recalling(input, observer, &mut Recall::default())
    }

    /// As [`Reader::feed_to`]; a head that is like the one that `recall` keeps is not read again, and what is read is
    /// kept. Any [`Recall`] will do; the answers to equal requests have most in common.
    ///
    /// # Errors
    /// As [`Reader::feed`].
    #[inline]
    pub fn feed_recalling(
        &mut self,
        input: &[u8],
        observer: &mut impl Observer,
        recall: &mut Recall,
    ) -> Result<Step, Fault> {
        let mut consumed = 0;
        loop {
            let rest = &input[consumed..];
            if let Stage::Body { body, answer, .. } = &mut self.stage {
                let (taken, done) = step_over(body, rest, observer)?;
                return Ok(Step { consumed: consumed + taken, answer: done.then_some(*answer) });
            }
            let known = recall.gist(rest, self.to_head).filter(|_| !observer.wants_heads());
            let gist = match known {
                Some(gist) => gist,
                None => match self.read(rest, observer, recall)? {
                    Some(gist) => gist,
                    None => return Ok(Step { consumed, answer: None }),
                },
            };
            consumed += gist.len;
            self.enter(gist)?;
        }
    }

    /// Reads one head, if it is there.
    fn read(
        &mut self,
        input: &[u8],
        observer: &mut impl Observer,
        recall: &mut Recall,
    ) -> Result<Option<Gist>, Fault> {
        let mut slots = Slots::new();
        let Some(head) = head(input, self.to_head, &mut self.progress, &mut slots)? else {
            return Ok(None);
        };
        let gist = Gist::of(&head);
        if head.status >= 200 {
            observer.head(&head);
            if !observer.wants_heads() {
                recall.keep(&input[..head.len], self.to_head, gist);
            }
        }
        Ok(Some(gist))
    }

    /// The connection ended. Some answers end that way (RFC 9112, section 6.3).
    ///
    /// # Errors
    /// [`Fault::NoAnswer`] or [`Fault::Incomplete`] where more was to come.
    pub fn end(&self, has_rest: bool) -> Result<Answer, Fault> {
        match self.stage {
            Stage::Body { answer, to_end: true, .. } => Ok(answer),
            Stage::Head if !has_rest && self.interim == 0 => Err(Fault::NoAnswer),
            _ => Err(Fault::Incomplete),
        }
    }

    #[inline]
    fn enter(&mut self, head: Gist) -> Result<(), Fault> {
        if head.status < 200 {
            return self.skip(head.status);
        }
        self.progress = Progress::default();
        let answer = Answer { status: head.status, keep_alive: head.keep_alive };
        let to_end = head.framing == super::Framing::UntilEnd;
        self.stage = Stage::Body { body: Body::of_answer(head.framing, MAX_ANSWER_BODY), answer, to_end };
        Ok(())
    }

    #[cold]
    fn skip(&mut self, status: u16) -> Result<(), Fault> {
        self.interim += 1;
        match status {
            101 => Err(Fault::Upgrade),
            _ if self.interim > MAX_INTERIM_ANSWERS => Err(Fault::TooManyInterim),
            _ => Ok(()),
        }
    }
}

impl Default for Reader {
    fn default() -> Self {
        Self::new()
    }
}

/// Gives how much of the input belongs to the body, and whether that was its end.
#[inline]
fn step_over(body: &mut Body, input: &[u8], observer: &mut impl Observer) -> Result<(usize, bool), Fault> {
    let mut at = 0;
    loop {
        let rest = &input[at..];
        let piece = body.decode(rest).map_err(Fault::Body)?;
        observer.data(&rest[piece.data]);
        at += piece.consumed;
        if piece.done || at == input.len() {
            return Ok((at, piece.done));
        }
    }
}
