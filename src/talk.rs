//! Lines on standard error, told by any thread and written by one: whoever tells neither waits nor fails when nobody
//! reads them.

mod events;
mod starting;

use std::fmt::Display;
use std::io::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Once, OnceLock};
use std::thread;

use mocker_source::Severity;

pub(crate) use events::{configure, is_debugging, level, set_level};
pub(crate) use starting::Starting;

use events::Events;

use crate::limits::{MAX_LINES_WAITING, MAX_WRITTEN_AT_ONCE, TALK_END};

/// Has a line written to standard error, as an event of level `info`; it is dropped where too many wait.
pub(crate) fn tell(line: impl Display) {
    listen();
    tracing::info!("{line}");
}

/// The same for what helps to find faults.
pub(crate) fn debug(line: impl Display) {
    listen();
    tracing::debug!("{line}");
}

/// The same for what is amiss, and may go on so.
pub(crate) fn warn(line: impl Display) {
    listen();
    tracing::warn!("{line}");
}

/// The same for what went wrong.
pub(crate) fn error(line: impl Display) {
    listen();
    tracing::error!("{line}");
}

/// The same for a fault.
pub(crate) fn fault(severity: Severity, line: impl Display) {
    match severity {
        Severity::Error => error(line),
        Severity::Warning => warn(line),
    }
}

/// Has events become lines.
fn listen() {
    static LISTENING: Once = Once::new();
    // Where somebody else listens to events already, these are theirs.
    LISTENING.call_once(|| drop(tracing::subscriber::set_global_default(Events)));
}

fn put(line: String) {
    match talk() {
        Some(talk) => talk.tell(line),
        None => drop(writeln!(io::stderr(), "{line}")),
    }
}

/// The same for lines as they are, the last of them ended too.
pub(crate) fn write(lines: &[u8]) {
    let text = String::from_utf8_lossy(lines);
    match talk() {
        Some(talk) => talk.tell(text.strip_suffix('\n').unwrap_or(&text).to_owned()),
        None => drop(io::stderr().write_all(lines)),
    }
}

/// Writes a line at once, where nothing is served and order counts: in commands. Whoever does not read it still sees the
/// exit code.
pub(crate) fn print(line: impl Display) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Waits until what was told is written, but not for ever: before the process ends, and before others write.
pub(crate) fn flush() {
    if let Some(talk) = talk() {
        talk.flush();
    }
}

/// `None` where there is no thread to be had.
fn talk() -> Option<&'static Talk> {
    static TALK: OnceLock<Option<Talk>> = OnceLock::new();
    TALK.get_or_init(|| Talk::start(io::stderr()).ok()).as_ref()
}

enum Message {
    Line(String),
    /// Answered when all before it is written
    Flush(SyncSender<()>),
}

/// The way to the thread that writes.
struct Talk {
    lines: SyncSender<Message>,
    dropped: Arc<AtomicU64>,
}

impl Talk {
    fn start(out: impl Write + Send + 'static) -> io::Result<Talk> {
        let (lines, told) = sync_channel(MAX_LINES_WAITING);
        let dropped = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&dropped);
        thread::Builder::new().name("talk".to_owned()).spawn(move || write_all(&told, &counted, out))?;
        Ok(Talk { lines, dropped })
    }

    fn tell(&self, line: String) {
        if let Err(TrySendError::Full(Message::Line(lines))) = self.lines.try_send(Message::Line(line)) {
            self.dropped.fetch_add(lines.lines().count().max(1) as u64, Ordering::Relaxed);
        }
    }

    fn flush(&self) {
        let (done, is_done) = sync_channel(1);
        let lines = self.lines.clone();
        // Where all places are taken the message waits for one, and we do not wait for it for ever.
        let send = move || lines.send(Message::Flush(done));
        if thread::Builder::new().name("flush".to_owned()).spawn(send).is_ok() {
            let _ = is_done.recv_timeout(TALK_END);
        }
    }
}

/// Writes what was told, many lines at a time. What cannot be written is lost: nobody reads it.
fn write_all(told: &Receiver<Message>, dropped: &AtomicU64, mut out: impl Write) {
    let mut text = String::new();
    while let Ok(first) = told.recv() {
        let mut flushed = Vec::new();
        for message in std::iter::once(first).chain(told.try_iter()) {
            match message {
                Message::Line(line) => {
                    text.push_str(&line);
                    text.push('\n');
                }
                Message::Flush(done) => flushed.push(done),
            }
            if text.len() >= MAX_WRITTEN_AT_ONCE || !flushed.is_empty() {
                break;
            }
        }
        let lost = dropped.swap(0, Ordering::Relaxed);
        if lost > 0 {
            text.push_str(&format!("warning: standard error was full: {lost} lines are lost\n"));
        }
        let _ = out.write_all(text.as_bytes());
        text.clear();
        for done in flushed {
            let _ = done.send(());
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::sync::mpsc::{Sender, channel};

    use super::*;

    /// Gives what is written, each time after it said that it is there and was let.
    struct Gate {
        is_there: Sender<()>,
        let_through: Receiver<()>,
        written: Sender<String>,
    }

    impl Write for Gate {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.is_there.send(());
            self.let_through.recv().map_err(|_| io::ErrorKind::BrokenPipe)?;
            let _ = self.written.send(String::from_utf8(bytes.to_vec()).unwrap());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn what_finds_no_room_is_counted_and_told() {
        let (open, let_through) = channel();
        let (written, read) = channel();
        let (is_there, there) = channel();
        let talk = Talk::start(Gate { is_there, let_through, written }).unwrap();
        talk.tell("first".to_owned());
        there.recv().unwrap();
        for number in 0..MAX_LINES_WAITING * 2 {
            talk.tell(number.to_string());
        }
        for _ in 0..2 * MAX_LINES_WAITING {
            open.send(()).unwrap();
        }
        // Whoever writes ends when all is written and nobody tells any more.
        drop(talk);
        let text: String = read.iter().collect();
        let (lines, lost): (Vec<&str>, Vec<&str>) =
            text.lines().partition(|line| !line.starts_with("warning"));
        let lost: usize =
            lost.iter().map(|line| line.split(' ').nth(5).unwrap().parse::<usize>().unwrap()).sum();
        assert_eq!((lines.len(), lost), (1 + MAX_LINES_WAITING, MAX_LINES_WAITING));
        assert_eq!((lines[0], lines[1]), ("first", "0"));
    }

    #[test]
    fn who_tells_goes_on_when_nobody_reads() {
        let (_, let_through) = channel();
        let (written, _) = channel();
        let (is_there, _) = channel();
        let talk = Talk::start(Gate { is_there, let_through, written }).unwrap();
        for _ in 0..3 {
            talk.tell("a line".to_owned());
            talk.flush();
        }
    }
}
