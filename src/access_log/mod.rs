//! The access log: a thread takes what the workers wrote down of their answers, and writes lines.

mod format;
mod sink;
pub(crate) mod time;

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;

use mocker_engine::access::{Access, Reader, entries};

use crate::config::section::logging::{Format, Logging};
use crate::limits::{LOG_END, LOG_PAUSE, MAX_LOGGED_AT_ONCE};
use crate::talk;
use sink::Sink;

/// The access log of a server that runs. When it is dropped, everything that was answered is written.
pub(crate) struct AccessLog {
    orders: Sender<Order>,
    ended: Receiver<()>,
}

/// Has the file opened again, by whoever reloads.
#[derive(Clone)]
pub(crate) struct Reopen(Option<Sender<Order>>);

enum Order {
    Reopen,
    End,
}

/// Starts the log; `None` where there is none.
///
/// # Errors
/// Where the file cannot be written, and where there is no thread to be had.
pub(crate) fn start(logging: &Logging, access: &Arc<Access>) -> io::Result<Option<AccessLog>> {
    let Some(format) = logging.access else { return Ok(None) };
    let sink = Sink::open(logging.access_file.as_deref())?;
    let (orders, received) = channel();
    let (end, ended) = channel();
    let mut writer = Writer { access: Arc::clone(access), readers: Vec::new(), format, sink, lost: 0 };
    thread::Builder::new().name("access-log".to_owned()).spawn(move || {
        writer.write_all(&received);
        // Whoever does not wait any more need not hear it.
        let _ = end.send(());
    })?;
    access.switch(true);
    Ok(Some(AccessLog { orders, ended }))
}

impl AccessLog {
    /// For whoever reloads; where there is no log, nothing happens.
    pub(crate) fn reopen(log: Option<&AccessLog>) -> Reopen {
        Reopen(log.map(|log| log.orders.clone()))
    }
}

impl Reopen {
    /// Has the file opened again: its name may be another file's now.
    pub(crate) fn ask(&self) {
        if let Some(orders) = &self.0 {
            // Where the log has ended there is nothing to open.
            let _ = orders.send(Order::Reopen);
        }
    }
}

impl Drop for AccessLog {
    fn drop(&mut self) {
        // A file that takes nothing holds the end up, but not for ever.
        if self.orders.send(Order::End).is_ok() && self.ended.recv_timeout(LOG_END).is_err() {
            talk::warn("warning: the access log could not be written to its end");
        }
    }
}

struct Writer {
    access: Arc<Access>,
    readers: Vec<Reader>,
    format: Format,
    sink: Sink,
    /// Entries that were told to be lost
    lost: u64,
}

impl Writer {
    fn write_all(&mut self, orders: &Receiver<Order>) {
        loop {
            let order = orders.recv_timeout(LOG_PAUSE);
            while self.write() {}
            match order {
                Err(RecvTimeoutError::Timeout) => {}
                Ok(Order::Reopen) => self.sink.reopen(),
                Ok(Order::End) | Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Writes what the rings have. Whether it was much, so that it pays to look again at once.
    fn write(&mut self) -> bool {
        self.readers.extend(self.access.opened());
        let (mut bytes, mut lines, mut most) = (Vec::new(), Vec::new(), 0);
        for reader in &mut self.readers {
            bytes.clear();
            reader.read(&mut bytes);
            most = most.max(bytes.len());
            for entry in entries(&bytes) {
                self.format.line(&entry, &mut lines);
                if lines.len() >= MAX_LOGGED_AT_ONCE {
                    self.sink.write(&lines);
                    lines.clear();
                }
            }
        }
        self.sink.write(&lines);
        self.tell_lost();
        most >= mocker_engine::limits::ACCESS_RING / 4
    }

    fn tell_lost(&mut self) {
        let lost = self.access.lost();
        if lost > self.lost {
            let more = crate::report::counted((lost - self.lost) as usize, "line");
            talk::warn(format_args!("warning: the access log was full: lost {more}"));
            self.lost = lost;
        }
    }
}
