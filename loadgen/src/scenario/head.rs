//! The bytes of a request (RFC 9112): request line, fields, body.

use std::borrow::Cow;

use super::Request;
use super::field::{is_field, sendable};
use crate::limits;

/// A request whose parts are known.
pub(super) struct Message<'a> {
    pub(super) method: &'a str,
    pub(super) target: &'a str,
    /// Ours, in order; names are unique
    pub(super) fields: Vec<(&'a str, Cow<'a, str>)>,
    pub(super) body: Option<&'a [u8]>,
}

/// Why a request cannot be sent.
pub(super) const TOO_LONG: &str = "it is longer than servers take";

/// Methods whose requests have a body by their meaning: one without says so (RFC 9110, section 8.6).
const WITH_BODY: [&str; 3] = ["PATCH", "POST", "PUT"];

impl Message<'_> {
    /// The request with the user's `headers` in the place of ours.
    ///
    /// # Errors
    /// When it is longer than servers take.
    pub(super) fn finish(&self, headers: &[(String, String)]) -> Result<Request, &'static str> {
        let is_replaced = |name: &str| sendable(headers).any(|(theirs, _)| theirs.eq_ignore_ascii_case(name));
        let body = self.body.unwrap_or_default();
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        let ours = self.fields.iter().map(|(name, value)| (*name, &**value));
        // A document may have line ends anywhere
        let is_sent =
            |name: &str, value: &str| !value.is_empty() && is_field(name, value) && !is_replaced(name);
        let ours = ours.filter(|(name, value)| is_sent(name, value));
        let mut count = 0;
        for (name, value) in ours.chain(sendable(headers)) {
            for part in [name, ": ", value, "\r\n"] {
                head.push_str(part);
            }
            count += 1;
        }
        if self.body.is_some() || WITH_BODY.contains(&self.method) {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        head.push_str("\r\n");
        let is_sendable = self.target.len() <= limits::MAX_TARGET
            && head.len() <= limits::MAX_HEAD
            && count <= limits::MAX_FIELDS
            && body.len() <= limits::MAX_BODY;
        if !is_sendable {
            return Err(TOO_LONG);
        }
        let mut bytes = Vec::with_capacity(head.len() + body.len());
        bytes.extend_from_slice(head.as_bytes());
        bytes.extend_from_slice(body);
        Ok(Request { bytes: bytes.into(), is_head: self.method == "HEAD" })
    }
}
