//! The access log: a thread takes what the workers wrote down of their answers, and writes lines. The same entries are told
//! as events of level `debug` while that level is told; where neither is wanted the workers write nothing down.

mod format;
mod sink;
pub(crate) mod time;

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;

use mocker_engine::access::{Access, Reader, entries};

use crate::config::section::logging::Logging;
use crate::limits::{LOG_END, LOG_PAUSE, MAX_LOGGED_AT_ONCE};
use crate::talk;
use format::{Lines, told};
use sink::Sink;

/// The access log of a server that runs. When it is dropped, everything that was answered is written.
pub(crate) struct AccessLog {
    orders: Sender<Order>,
    ended: Receiver<()>,
}

/// The way to a log that runs, for whoever reloads and whoever changes the level of the talk.
#[derive(Clone)]
pub(crate) struct Orders(Sender<Order>);

enum Order {
    /// The file is to be opened again
    Reopen,
    /// Another level may be told
    Level,
    End,
}

/// Starts the log, which may have nothing to write.
///
/// # Errors
/// Where the file cannot be written, and where there is no thread to be had.
pub(crate) fn start(logging: &Logging, access: &Arc<Access>) -> io::Result<AccessLog> {
    let open = |format| Ok::<_, io::Error>((Lines::new(format), Sink::open(logging.access_file.as_deref())?));
    let written = logging.access.map(open).transpose()?;
    let (orders, received) = channel();
    let (end, ended) = channel();
    let access = Arc::clone(access);
    let mut writer = Writer { access, readers: Vec::new(), written, is_telling: false, lost: 0 };
    writer.look_at_level();
    thread::Builder::new().name("access-log".to_owned()).spawn(move || {
        writer.write_all(&received);
        // Whoever does not wait any more need not hear it.
        let _ = end.send(());
    })?;
    Ok(AccessLog { orders, ended })
}

impl AccessLog {
    pub(crate) fn orders(&self) -> Orders {
        Orders(self.orders.clone())
    }
}

/// Where the log has ended, nothing happens.
impl Orders {
    /// Has the file opened again: its name may be another file's now.
    pub(crate) fn reopen(&self) {
        let _ = self.0.send(Order::Reopen);
    }

    /// Has requests told or not, as the level is now.
    pub(crate) fn look_at_level(&self) {
        let _ = self.0.send(Order::Level);
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
    /// How lines are written, and where to; `None` where there is no access log
    written: Option<(Lines, Sink)>,
    /// Whether each answer is told
    is_telling: bool,
    /// Entries that were told to be lost
    lost: u64,
}

impl Writer {
    fn write_all(&mut self, orders: &Receiver<Order>) {
        loop {
            let order = match self.access.is_on() {
                true => orders.recv_timeout(LOG_PAUSE),
                false => orders.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            while self.write() {}
            match order {
                Err(RecvTimeoutError::Timeout) => {}
                Ok(Order::Reopen) => self.written.iter_mut().for_each(|(_, sink)| sink.reopen()),
                Ok(Order::Level) => self.look_at_level(),
                Ok(Order::End) | Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn look_at_level(&mut self) {
        self.is_telling = talk::is_debugging();
        self.access.switch(self.is_telling || self.written.is_some());
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
                if self.is_telling {
                    talk::debug(told(&entry));
                }
                let Some((form, sink)) = &mut self.written else { continue };
                form.put(&entry, &mut lines);
                if lines.len() >= MAX_LOGGED_AT_ONCE {
                    sink.write(&lines);
                    lines.clear();
                }
            }
        }
        self.written.iter_mut().for_each(|(_, sink)| sink.write(&lines));
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
