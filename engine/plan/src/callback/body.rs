//! Values of expressions about a body.

use std::cell::OnceCell;

use mocker_http::query;
use serde_json::{Map, Value};

use super::head::decoded_form;
use crate::media::{self, Kind};

/// A body, read as JSON (or as a form) when a pointer is followed for the first time.
pub(super) struct Body<'a> {
    bytes: &'a [u8],
    is_form: bool,
    value: OnceCell<Option<Value>>,
}

impl<'a> Body<'a> {
    pub(super) fn new(bytes: &'a [u8], content_type: Option<&[u8]>) -> Self {
        let name = String::from_utf8_lossy(content_type.unwrap_or_default());
        Body { bytes, is_form: media::kind(&name) == Kind::Form, value: OnceCell::new() }
    }

    /// What `pointer` (RFC 6901) leads to, as text; all of the body where it is empty. `None` for nothing and for null.
    pub(super) fn at(&self, pointer: &str) -> Option<String> {
        if pointer.is_empty() {
            return (!self.bytes.is_empty()).then(|| String::from_utf8_lossy(self.bytes).into_owned());
        }
        let value = self.value.get_or_init(|| self.read()).as_ref()?;
        match value.pointer(pointer)? {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }

    fn read(&self) -> Option<Value> {
        if !self.is_form {
            return serde_json::from_slice(self.bytes).ok();
        }
        let pairs = query::pairs(self.bytes);
        let members: Map<String, Value> =
            pairs.map(|(name, value)| (decoded_form(name), decoded_form(value).into())).collect();
        Some(Value::Object(members))
    }
}
