//! Request heads: from the bytes received so far to a [`Head`], to a [`Refusal`], or to "more is needed".

mod fields;
mod framing;
mod method;
mod target;

use std::mem::MaybeUninit;

pub use fields::{Fields, Known, list};
pub use framing::{Framing, Version};
pub(crate) use framing::{decimal, keeps_alive};
pub use method::Method;
pub use target::Target;

use crate::limits::{MAX_FIELDS, MAX_METHOD};
use crate::{Limits, Refusal};

/// Room for the field lines of one head, on the caller's stack. Making one costs nothing.
pub struct Slots<'b>(pub(crate) [MaybeUninit<httparse::Header<'b>>; MAX_FIELDS]);

impl Slots<'_> {
    /// Empty slots.
    #[inline]
    pub const fn new() -> Self {
        Self([const { MaybeUninit::uninit() }; MAX_FIELDS])
    }
}

impl Default for Slots<'_> {
    fn default() -> Self {
        Self::new()
    }
}

/// How much of an unfinished head was looked at already, so that a head that comes byte by byte is parsed once a
/// line and not once a byte. One a connection; [`head`] resets it when a head is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    scanned: usize,
}

/// The head of one request. Everything in it points into the input.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// The method.
    pub method: Method,
    /// The method as sent.
    pub method_name: &'a str,
    /// Path, query and authority.
    pub target: Target<'a>,
    /// The version.
    pub version: Version,
    /// The header fields.
    pub fields: Fields<'a>,
    /// Where the body ends.
    pub framing: Framing,
    /// Whether the connection stays open behind the answer.
    pub keep_alive: bool,
    /// Whether the client waits for `100 Continue`; only ever true where a body is announced.
    pub expect_continue: bool,
    /// Bytes of the input that the head took; the body begins behind them.
    pub len: usize,
}

/// Cuts the first request head out of `input`, which holds all bytes received and not yet consumed.
/// `Ok(None)` means that more is needed: call again with the same `progress` when more has come.
///
/// The verdict depends on the bytes alone, not on how they were split on their way: faults are judged line by line,
/// except for a first byte that can begin no request (TLS, say), which is refused at once.
///
/// # Errors
/// A [`Refusal`]: answer it and close.
#[inline]
pub fn head<'h, 'b: 'h>(
    input: &'b [u8],
    progress: &mut Progress,
    limits: &Limits,
    slots: &'h mut Slots<'b>,
) -> Result<Option<Head<'h>>, Refusal> {
    // A client may send one empty line too many behind a body (RFC 9112 section 2.2).
    let skipped = if input.starts_with(b"\r\n") { 2 } else { 0 };
    let rest = &input[skipped..];
    match rest.first() {
        None => return Ok(None),
        Some(b'\r') if input.len() == 1 => return Ok(None),
        Some(&first) if !is_token_byte(first) => return Err(Refusal::RequestLine),
        Some(_) => {}
    }
    let window = &rest[..rest.len().min(limits.head)];
    if progress.scanned > 0 && !progress.is_worth_parsing(window, limits) {
        progress.scanned = window.len();
        return Ok(None);
    }
    let mut request = httparse::Request::new(&mut []);
    let lines = &mut slots.0[..limits.fields.min(MAX_FIELDS)];
    match request.parse_with_uninit_headers(window, lines) {
        Ok(httparse::Status::Complete(len)) => {
            progress.scanned = 0;
            let mut head = complete(&window[..len], request, limits)?;
            head.len += skipped;
            Ok(Some(head))
        }
        verdict => {
            progress.scanned = window.len();
            unfinished(window, verdict.is_err(), limits).map_or(Ok(None), Err)
        }
    }
}

impl Progress {
    /// Whether the bytes since the last look can change the verdict: a line ended, or a limit was reached.
    #[cold]
    fn is_worth_parsing(self, window: &[u8], limits: &Limits) -> bool {
        let line = limits.request_line();
        window.len() >= limits.head
            || (self.scanned < line && window.len() >= line)
            || memchr::memchr(b'\n', window.get(self.scanned..).unwrap_or(window)).is_some()
    }
}

/// Judges a head whose end is not here yet, by its whole lines.
#[cold]
fn unfinished(window: &[u8], has_fault: bool, limits: &Limits) -> Option<Refusal> {
    let line = limits.request_line();
    if window.len() >= line && memchr::memchr(b'\n', &window[..line]).is_none() {
        return Some(Refusal::TargetTooLong);
    }
    if has_fault && let Some(end) = memchr::memrchr(b'\n', window) {
        let mut slots = Slots::new();
        let lines = &mut slots.0[..limits.fields.min(MAX_FIELDS)];
        if let Err(error) = httparse::Request::new(&mut []).parse_with_uninit_headers(&window[..=end], lines)
        {
            return Some(fault(error, window));
        }
    }
    (window.len() >= limits.head).then_some(Refusal::HeadTooLong)
}

/// What a fault found by `httparse` is called here.
fn fault(error: httparse::Error, window: &[u8]) -> Refusal {
    match error {
        httparse::Error::HeaderName => Refusal::FieldName,
        httparse::Error::HeaderValue => Refusal::FieldValue,
        httparse::Error::NewLine => Refusal::LineEnd,
        httparse::Error::TooManyHeaders => Refusal::TooManyFields,
        httparse::Error::Version if names_other_version(window) => Refusal::Version,
        httparse::Error::Version | httparse::Error::Token | httparse::Error::Status => Refusal::RequestLine,
    }
}

/// Whether the first line is a well-formed request line of another HTTP version.
fn names_other_version(window: &[u8]) -> bool {
    let line = window.split(|&byte| byte == b'\n').next().unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let mut words = line.split(|&byte| byte == b' ');
    let version = words.nth(2).and_then(|word| word.strip_prefix(b"HTTP/"));
    words.next().is_none()
        && matches!(version, Some([major, b'.', minor]) if major.is_ascii_digit() && minor.is_ascii_digit())
}

/// Judges a head that `httparse` accepted. It is lenient where this must not be: about LF as a line end.
#[inline]
fn complete<'h, 'b: 'h>(
    bytes: &'b [u8],
    request: httparse::Request<'h, 'b>,
    limits: &Limits,
) -> Result<Head<'h>, Refusal> {
    let (Some(method_name), Some(target), Some(minor)) = (request.method, request.path, request.version)
    else {
        return Err(Refusal::RequestLine);
    };
    let line_end = offset(bytes, target) + target.len() + " HTTP/1.1".len();
    if line_end + 2 > limits.request_line() || target.len() > limits.target {
        return Err(Refusal::TargetTooLong);
    }
    if method_name.len() > MAX_METHOD {
        return Err(Refusal::MethodTooLong);
    }
    if bytes.get(line_end) != Some(&b'\r') || !bytes.ends_with(b"\r\n\r\n") {
        return Err(Refusal::LineEnd);
    }
    let fields = fields(bytes, request.headers)?;
    let version = if minor == 0 { Version::Http10 } else { Version::Http11 };
    let method = Method::of(method_name);
    if method == Method::Other && method_name == "CONNECT" {
        return Err(Refusal::Connect);
    }
    let target = Target::parse(method, target.as_bytes())?;
    check_host(&fields, version)?;
    let framing = Framing::of(&fields, version, limits)?;
    let expect_continue = framing::expects_continue(&fields, version, framing)?;
    let keep_alive = framing::keeps_alive(&fields, version);
    let len = bytes.len();
    Ok(Head { method, method_name, target, version, fields, framing, keep_alive, expect_continue, len })
}

#[inline]
fn fields<'h>(bytes: &[u8], lines: &'h [httparse::Header<'h>]) -> Result<Fields<'h>, Refusal> {
    let mut fields = Fields::new(lines);
    for (index, line) in lines.iter().enumerate() {
        // Each line begins behind the LF of the one before it.
        if bytes.get(offset(bytes, line.name).wrapping_sub(2)) != Some(&b'\r') {
            return Err(Refusal::LineEnd);
        }
        if let Some(known) = Known::of(line.name.as_bytes()) {
            fields.note(known, index);
        }
    }
    Ok(fields)
}

/// `Host` is there once, at least in HTTP/1.1, and looks like a host (RFC 9112 section 3.2).
#[inline]
fn check_host(fields: &Fields<'_>, version: Version) -> Result<(), Refusal> {
    match fields.get(Known::Host) {
        None if version == Version::Http11 => Err(Refusal::HostMissing),
        None => Ok(()),
        Some(_) if fields.is_repeated(Known::Host) => Err(Refusal::HostRepeated),
        Some(host) if !target::is_authority(host) => Err(Refusal::HostInvalid),
        Some(_) => Ok(()),
    }
}

/// Where `part`, a slice of `whole`, begins in it.
#[inline]
fn offset(whole: &[u8], part: &str) -> usize {
    part.as_ptr() as usize - whole.as_ptr() as usize
}

/// Whether a byte may stand in a token (RFC 9110 section 5.6.2).
#[inline]
pub fn is_token_byte(byte: u8) -> bool {
    TOKEN[usize::from(byte)]
}

static TOKEN: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    let marks = b"!#$%&'*+-.^_`|~";
    let mut index = 0;
    while index < marks.len() {
        table[marks[index] as usize] = true;
        index += 1;
    }
    table
};
