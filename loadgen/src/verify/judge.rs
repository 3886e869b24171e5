//! The one thread that judges, and the queue before it.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::thread::{self, JoinHandle};

use super::memo::Memo;
use super::{Answer, Verifier};
use crate::limits::{MAX_QUEUED_ANSWERS, MAX_QUEUED_BYTES, VERIFY_GRACE};

/// What an answer comes to; what is wrong with it is one line.
pub(super) type Verdict = Result<(), Arc<str>>;

/// A verdict and the hash of the answers that it is on.
pub(super) type Verdicts = Receiver<(u64, Verdict)>;

/// An answer that nobody has judged yet.
struct Question {
    thread: usize,
    key: u64,
    operation: u32,
    status: u16,
    content_type: Option<Box<[u8]>>,
    body: Option<Box<[u8]>>,
}

/// Where a sending thread leaves what it has not seen before.
pub(super) struct Desk {
    thread: usize,
    questions: SyncSender<Question>,
    queued: Arc<AtomicUsize>,
}

/// Judges until all who ask are gone.
pub(crate) struct Judge {
    thread: JoinHandle<()>,
    /// Ends with the thread
    over: Receiver<()>,
    is_hurried: Arc<AtomicBool>,
}

impl Judge {
    /// Starts the thread; gives it and what each of so many sending threads needs. It is bound to no CPU.
    ///
    /// # Errors
    /// When there is no thread to be had.
    pub(crate) fn start(verifier: Arc<Verifier>, threads: usize) -> io::Result<(Judge, Vec<Memo>)> {
        let (questions, asked) = mpsc::sync_channel(MAX_QUEUED_ANSWERS);
        let queued = Arc::new(AtomicUsize::new(0));
        let (replies, verdicts): (Vec<Sender<_>>, Vec<Verdicts>) =
            (0..threads).map(|_| mpsc::channel()).unzip();
        let desk = |thread| Desk { thread, questions: questions.clone(), queued: Arc::clone(&queued) };
        let memos = verdicts.into_iter().enumerate();
        let memos = memos.map(|(thread, verdicts)| Memo::new(&verifier, desk(thread), verdicts)).collect();
        let (running, over) = mpsc::channel();
        let is_hurried = Arc::new(AtomicBool::new(false));
        let work =
            Work { verifier, asked, replies, queued, is_hurried: Arc::clone(&is_hurried), _running: running };
        let thread = thread::Builder::new().name("verify".to_owned()).spawn(move || work.run())?;
        Ok((Judge { thread, over, is_hurried }, memos))
    }

    /// Waits until everything is judged, but not for long; all who ask must be gone.
    pub(crate) fn finish(self) {
        if self.over.recv_timeout(VERIFY_GRACE) == Err(RecvTimeoutError::Timeout) {
            self.is_hurried.store(true, Relaxed);
        }
        // What it did not come to is told as skipped, whatever ended it.
        let _ = self.thread.join();
    }
}

/// What the judging thread has.
struct Work {
    verifier: Arc<Verifier>,
    asked: Receiver<Question>,
    /// By sending thread
    replies: Vec<Sender<(u64, Verdict)>>,
    queued: Arc<AtomicUsize>,
    is_hurried: Arc<AtomicBool>,
    _running: Sender<()>,
}

impl Work {
    fn run(self) {
        for question in &self.asked {
            if self.is_hurried.load(Relaxed) {
                return;
            }
            let verdict = self.verifier.judge(&question.answer()).map_err(Arc::from);
            self.queued.fetch_sub(question.bytes(), Relaxed);
            if let Some(reply) = self.replies.get(question.thread) {
                // A thread that is gone has told what it waits for.
                let _ = reply.send((question.key, verdict));
            }
        }
    }
}

impl Question {
    fn answer(&self) -> Answer<'_> {
        Answer {
            operation: self.operation,
            status: self.status,
            content_type: self.content_type.as_deref(),
            body: self.body.as_deref(),
        }
    }

    fn bytes(&self) -> usize {
        bytes(&self.answer())
    }
}

fn bytes(answer: &Answer<'_>) -> usize {
    answer.body.map_or(0, <[u8]>::len) + answer.content_type.map_or(0, <[u8]>::len)
}

impl Desk {
    /// Leaves a copy of an answer, unless there is no room for it; never waits.
    pub(super) fn ask(&self, key: u64, answer: &Answer<'_>) -> bool {
        let bytes = bytes(answer);
        if self.queued.fetch_add(bytes, Relaxed).saturating_add(bytes) > MAX_QUEUED_BYTES {
            self.queued.fetch_sub(bytes, Relaxed);
            return false;
        }
        let question = Question {
            thread: self.thread,
            key,
            operation: answer.operation,
            status: answer.status,
            content_type: answer.content_type.map(Box::from),
            body: answer.body.map(Box::from),
        };
        let is_left = self.questions.try_send(question).is_ok();
        if !is_left {
            self.queued.fetch_sub(bytes, Relaxed);
        }
        is_left
    }
}
