//! `logging`: a line for each request.

use std::borrow::Cow;
use std::fmt::Write as _;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::settings::{owned, text, texts};
use crate::plugin::Visit;
use crate::plugin::limits::LOGGED_BYTES;
use crate::{Request, Response};

/// What stands where a value is not to be logged.
const REDACTED: &str = "[redacted]";

/// Tells of every request.
#[derive(Debug)]
pub(super) struct Logging {
    format: Format,
    headers: Box<[Box<str>]>,
    /// Names of headers and query parameters
    redacted: Box<[Box<str>]>,
}

/// How a line is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    /// The Common Log Format of NCSA httpd
    Common,
    /// With `Referer` and `User-Agent`
    Combined,
    Json,
}

impl Logging {
    pub(super) fn configure(config: &Value) -> Logging {
        let format = match text(config, "format") {
            Some("combined") => Format::Combined,
            Some("json") => Format::Json,
            _ => Format::Common,
        };
        let headers = owned(texts(config, "headers"));
        Logging { format, headers, redacted: owned(texts(config, "redact")) }
    }

    /// The line, without its end.
    pub(super) fn line(&self, request: &Request, visit: &Visit<'_>, response: &Response) -> String {
        match self.format {
            Format::Json => self.json(request, visit, response),
            format => self.plain(request, visit, response, format),
        }
    }

    fn plain(&self, request: &Request, visit: &Visit<'_>, response: &Response, format: Format) -> String {
        let mut line = visit.client.to_string();
        line.push_str(" - ");
        match &visit.notes.user {
            // A blank would end the field.
            Some(user) => escape(&user.replace(' ', "_"), &mut line),
            None => line.push('-'),
        }
        let _ = write!(line, " [{}] \"", time(visit.now, "%d/%b/%Y:%H:%M:%S +0000"));
        escape(&request.method(), &mut line);
        line.push(' ');
        escape(&self.target(request), &mut line);
        line.push(' ');
        escape(visit.protocol, &mut line);
        let _ = match response.body.len() {
            0 => write!(line, "\" {} -", response.status),
            bytes => write!(line, "\" {} {bytes}", response.status),
        };
        if format == Format::Combined {
            self.quote(request, "Referer", &mut line);
            self.quote(request, "User-Agent", &mut line);
        }
        for name in &self.headers {
            self.quote(request, name, &mut line);
        }
        line
    }

    fn quote(&self, request: &Request, name: &str, line: &mut String) {
        line.push_str(" \"");
        escape(self.header(request, name).as_deref().unwrap_or("-"), line);
        line.push('"');
    }

    fn json(&self, request: &Request, visit: &Visit<'_>, response: &Response) -> String {
        let mut line = json!({
            "time": time(visit.now, "%Y-%m-%dT%H:%M:%S%.3fZ"),
            "client": visit.client.to_string(),
            "method": request.method(),
            "target": self.target(request),
            "protocol": visit.protocol,
            "operation": visit.operation,
            "status": response.status,
            "bytes": response.body.len(),
            "duration_us": u64::try_from(visit.took.as_micros()).unwrap_or(u64::MAX),
        });
        if let Some(user) = &visit.notes.user {
            line["user"] = json!(user);
        }
        if !self.headers.is_empty() {
            let values = self.headers.iter().filter_map(|name| {
                let value = self.header(request, name)?;
                Some((name.to_ascii_lowercase(), Value::from(value)))
            });
            line["headers"] = Value::Object(values.collect::<Map<String, Value>>());
        }
        line.to_string()
    }

    /// All values of a header.
    fn header(&self, request: &Request, name: &str) -> Option<String> {
        let values =
            request.fields().filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value);
        let values: Vec<Cow<'_, str>> = values.collect();
        match (values.is_empty(), self.is_redacted(name)) {
            (true, _) => None,
            (false, true) => Some(REDACTED.to_owned()),
            (false, false) => Some(cut(&values.join(", ")).to_owned()),
        }
    }

    /// Path and query as sent, but for what is not to be logged.
    fn target(&self, request: &Request) -> String {
        let mut target = request.path().into_owned();
        for (index, pair) in request.query_text().split('&').enumerate() {
            if index == 0 && pair.is_empty() && !request.query_text().contains('&') {
                break;
            }
            target.push(if index == 0 { '?' } else { '&' });
            match pair.split_once('=') {
                Some((name, _)) if self.is_redacted(&decoded(name)) => {
                    target.push_str(name);
                    target.push('=');
                    target.push_str(REDACTED);
                }
                _ => target.push_str(pair),
            }
        }
        cut(&target).to_owned()
    }

    fn is_redacted(&self, name: &str) -> bool {
        self.redacted.iter().any(|known| known.eq_ignore_ascii_case(name))
    }
}

fn decoded(name: &str) -> String {
    percent_encoding::percent_decode_str(&name.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// As much as is logged of a value.
fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(LOGGED_BYTES)]
}

fn time(milliseconds: i64, pattern: &str) -> String {
    let time = Timestamp::from_millisecond(milliseconds).unwrap_or_default();
    time.strftime(pattern).to_string()
}

/// Quotes, backslashes and what is no plain character as Apache httpd writes them: nobody begins a line but mocker.
fn escape(text: &str, line: &mut String) {
    for character in text.chars() {
        match character {
            '"' | '\\' => line.extend(['\\', character]),
            character if character.is_control() => {
                let mut bytes = [0; 4];
                for byte in character.encode_utf8(&mut bytes).bytes() {
                    let _ = write!(line, "\\x{byte:02x}");
                }
            }
            character => line.push(character),
        }
    }
}
