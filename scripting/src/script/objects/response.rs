//! `res`: a response, generated or made by the script.

use std::cell::RefCell;
use std::rc::Rc;

use rhai::plugin::*;
use rhai::{Blob, Dynamic, INT, ImmutableString};

use super::{Failure, Fields, failure};
use crate::Response;
use crate::script::answer;
use crate::script::json;

/// A response as a script sees it; copies are the same response.
#[derive(Clone)]
pub(crate) struct ResponseObject(Rc<RefCell<Seen>>);

struct Seen {
    response: Response,
    body: Body,
}

/// What is known of the body beyond its bytes.
enum Body {
    /// The bytes are what there is
    Bytes,
    /// A JSON body, parsed and shared with the script, which may have changed it
    Parsed { value: Dynamic, is_changed: bool },
}

impl ResponseObject {
    pub(crate) fn new(response: Response) -> ResponseObject {
        ResponseObject(Rc::new(RefCell::new(Seen { response, body: Body::Bytes })))
    }

    /// The response as it is now. A JSON body that the script only read keeps its bytes.
    ///
    /// # Errors
    /// When the body has no JSON.
    pub(crate) fn finish(self) -> Result<Response, String> {
        let mut seen = match Rc::try_unwrap(self.0) {
            Ok(seen) => seen.into_inner(),
            Err(shared) => shared.borrow().copy(),
        };
        if let Body::Parsed { value, is_changed: true } = seen.body {
            let written = json::to_text(&value)?.into_bytes();
            // Methods that only read are taken for changes too: `res.body.items.len()`.
            let before = json::parse(&seen.response.body).ok().and_then(|value| json::to_text(&value).ok());
            if before.is_none_or(|before| before.as_bytes() != written) {
                seen.response.body = written;
            }
        }
        Ok(seen.response)
    }

    pub(super) fn field(&self, name: &str) -> Option<ImmutableString> {
        let seen = self.0.borrow();
        seen.response.field(name).map(|value| String::from_utf8_lossy(value).as_ref().into())
    }

    pub(super) fn fields(&self) -> Vec<(String, String)> {
        let text = |(name, value): &(Box<str>, Box<[u8]>)| {
            (name.to_string(), String::from_utf8_lossy(value).into_owned())
        };
        self.0.borrow().response.fields.iter().map(text).collect()
    }

    pub(super) fn change_fields(&self, change: impl FnOnce(&mut Vec<(Box<str>, Box<[u8]>)>)) {
        change(&mut self.0.borrow_mut().response.fields);
    }
}

impl Seen {
    fn copy(&self) -> Seen {
        let body = match &self.body {
            Body::Bytes => Body::Bytes,
            Body::Parsed { value, is_changed } => {
                Body::Parsed { value: value.flatten_clone(), is_changed: *is_changed }
            }
        };
        Seen { response: self.response.clone(), body }
    }

    fn value(&mut self) -> Result<Dynamic, String> {
        if let Body::Parsed { value, .. } = &self.body {
            return Ok(value.clone());
        }
        if !self.response.field("content-type").is_some_and(answer::is_json) {
            return Ok(String::from_utf8_lossy(&self.response.body).as_ref().into());
        }
        if self.response.body.is_empty() {
            return Ok(Dynamic::UNIT);
        }
        let value =
            json::parse(&self.response.body).map_err(|reason| format!("the body is no JSON: {reason}"))?;
        let value = value.into_shared();
        self.body = Body::Parsed { value: value.clone(), is_changed: false };
        Ok(value)
    }

    fn set_value(&mut self, value: Dynamic) -> Result<(), String> {
        let is_json = self.response.field("content-type").is_some_and(answer::is_json);
        if is_json && !value.is_blob() && !value.is_unit() {
            self.body = Body::Parsed { value: value.into_shared(), is_changed: true };
            return Ok(());
        }
        self.body = Body::Bytes;
        let (bytes, media_type) = answer::body(value)?;
        self.response.body = bytes;
        match media_type {
            Some("application/json") => self.response.set_field("content-type", b"application/json"),
            Some(media_type) if self.response.field("content-type").is_none() => {
                self.response.set_field("content-type", media_type.as_bytes());
            }
            _ => {}
        }
        Ok(())
    }
}

/// A response: what `ctx.generate` and the builders give, and the second argument of `after`. Its parts can be changed.
#[export_module]
#[allow(missing_docs, unreachable_pub, clippy::unwrap_used)]
pub(crate) mod response_functions {
    use super::ResponseObject;

    /// The status, 200 to 599.
    ///
    /// ```rhai
    /// res.status = 202;
    /// ```
    #[rhai_fn(get = "status", pure)]
    pub fn status(res: &mut ResponseObject) -> INT {
        INT::from(res.0.borrow().response.status)
    }

    #[rhai_fn(set = "status", return_raw)]
    pub fn set_status(res: &mut ResponseObject, status: INT) -> Result<(), Failure> {
        res.0.borrow_mut().response.status = answer::status(status).map_err(failure)?;
        Ok(())
    }

    /// Field lines, by name in any case. `()` removes one, an array makes several of one name.
    ///
    /// ```rhai
    /// res.headers["x-request-id"] = uuid();
    /// ```
    #[rhai_fn(get = "headers", pure)]
    pub fn headers(res: &mut ResponseObject) -> Fields {
        Fields::Response(res.clone())
    }

    #[rhai_fn(set = "headers", return_raw)]
    pub fn set_headers(res: &mut ResponseObject, headers: Dynamic) -> Result<(), Failure> {
        Fields::Response(res.clone()).replace(&headers)
    }

    /// The body: a value where it is JSON, else a text. It is parsed when it is first asked for, and a body that was
    /// not changed is sent on byte for byte.
    ///
    /// ```rhai
    /// res.body.name = "Rex";
    /// ```
    #[rhai_fn(get = "body", pure, return_raw)]
    pub fn body(res: &mut ResponseObject) -> Result<Dynamic, Failure> {
        res.0.borrow_mut().value().map_err(failure)
    }

    #[rhai_fn(set = "body", return_raw)]
    pub fn set_body(res: &mut ResponseObject, body: Dynamic) -> Result<(), Failure> {
        res.0.borrow_mut().set_value(body).map_err(failure)
    }

    /// The body's bytes as a blob.
    ///
    /// ```rhai
    /// let size = res.bytes().len();
    /// ```
    #[rhai_fn(name = "bytes", pure, return_raw)]
    pub fn bytes(res: &mut ResponseObject) -> Result<Blob, Failure> {
        res.clone().finish().map(|response| response.body).map_err(failure)
    }

    /// The response with a header, in place of those of the same name.
    ///
    /// ```rhai
    /// return respond(201, pet).header("location", `/pets/${pet.id}`);
    /// ```
    #[rhai_fn(name = "header", pure, return_raw)]
    pub fn header(res: &mut ResponseObject, name: &str, value: Dynamic) -> Result<ResponseObject, Failure> {
        Fields::Response(res.clone()).set(name, &value)?;
        Ok(res.clone())
    }
}
