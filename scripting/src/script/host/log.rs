//! `log`: lines for the one who runs the server.

use std::rc::Rc;
use std::sync::Arc;

use rhai::Position;
use rhai::plugin::*;

use crate::Library;
use crate::limits::MAX_LOG_BYTES;

/// A line that a script logged.
#[derive(Clone, Copy, Debug)]
pub struct Log<'l> {
    /// `trace`, `info`, `warn` or `error`
    pub level: &'static str,
    /// The script's file; empty where it is not known
    pub file: &'l str,
    /// From 1; 0 where it is not known
    pub line: usize,
    /// What is logged, without control characters
    pub text: &'l str,
}

/// Where lines go.
#[derive(Clone)]
pub(super) struct Sink {
    pub(super) library: Arc<Library>,
    pub(super) sink: Rc<dyn Fn(Log<'_>)>,
}

impl Sink {
    pub(super) fn write(&self, level: &'static str, source: Option<&str>, position: Position, text: &str) {
        let (file, line, _) = self.library.place(source.unwrap_or_default(), position);
        let end =
            (0..=text.len().min(MAX_LOG_BYTES)).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        // One line stays one line, whatever a request put into it.
        let text: String = text[..end].chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        (self.sink)(Log { level, file, line, text: &text });
    }
}

fn write(context: &NativeCallContext<'_>, level: &'static str, value: &Dynamic) {
    let Some(sink) = context.tag().and_then(|tag| tag.read_lock::<Sink>()) else { return };
    sink.write(level, context.call_source(), context.call_position(), &value.to_string());
}

/// Lines for the one who runs the server, with the place of the call. A line has at most 4 KB. `print` is `log::info`, and
/// `debug`, a word of the language, logs as `trace` does.
#[export_module]
#[allow(missing_docs, unreachable_pub, clippy::unwrap_used)]
pub(crate) mod lines {
    /// Logs what helps to find a fault.
    ///
    /// ```rhai
    /// log::trace(`limit is ${limit}`);
    /// ```
    #[rhai_fn(name = "trace")]
    pub fn trace(context: NativeCallContext, value: Dynamic) {
        write(&context, "trace", &value);
    }

    /// Logs what is worth knowing.
    ///
    /// ```rhai
    /// log::info("a cart was emptied");
    /// ```
    #[rhai_fn(name = "info")]
    pub fn info(context: NativeCallContext, value: Dynamic) {
        write(&context, "info", &value);
    }

    /// Logs what is odd.
    ///
    /// ```rhai
    /// log::warn("no tenant, taking the first");
    /// ```
    #[rhai_fn(name = "warn")]
    pub fn warn(context: NativeCallContext, value: Dynamic) {
        write(&context, "warn", &value);
    }

    /// Logs what went wrong.
    ///
    /// ```rhai
    /// log::error("the order is lost");
    /// ```
    #[rhai_fn(name = "error")]
    pub fn error(context: NativeCallContext, value: Dynamic) {
        write(&context, "error", &value);
    }
}
