//! Field lines of a request or response.

use rhai::plugin::*;
use rhai::{Array, Dynamic, ImmutableString, Map};

use super::{Failure, RequestObject, ResponseObject, failure, text_of};
use crate::limits::{MAX_FIELD_BYTES, MAX_FIELDS};

/// Decided by framing (RFC 9112, section 6) and by the server's clock.
const FRAMING: [&str; 6] =
    ["connection", "content-length", "date", "keep-alive", "transfer-encoding", "upgrade"];

/// Field lines of a request or response; copies are the same lines.
#[derive(Clone)]
pub(crate) enum Fields {
    Request(RequestObject),
    Response(ResponseObject),
}

/// Whether a byte may be in a field's name or a method (RFC 9110, section 5.6.2).
pub(crate) fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Whether a byte may be in a field's value (RFC 9110, section 5.5).
fn is_value(byte: u8) -> bool {
    byte == b'\t' || byte >= b' ' && byte != 0x7f
}

/// A field line that may be sent.
///
/// # Errors
/// When the name or the value is not legal, too long, or not the script's to set.
pub(crate) fn legal(name: &str, value: &str) -> Result<(), String> {
    let shown = name.escape_debug();
    if name.is_empty() || !name.bytes().all(is_token) {
        return Err(format!("`{shown}` is no name of a header"));
    }
    if !value.bytes().all(is_value) {
        return Err(format!("the value of header `{shown}` has control characters: {:?}", shortened(value)));
    }
    if name.len() + value.len() > MAX_FIELD_BYTES {
        return Err(format!("header `{shown}` has more than {MAX_FIELD_BYTES} bytes"));
    }
    match FRAMING.iter().any(|framing| framing.eq_ignore_ascii_case(name)) {
        true => Err(format!("header `{shown}` is set by the server")),
        false => Ok(()),
    }
}

fn shortened(value: &str) -> String {
    value.chars().take(40).collect()
}

/// Values that a script gave for a header: one, several of an array, or none for `()`.
///
/// # Errors
/// When one cannot be sent.
pub(crate) fn legal_values(name: &str, value: &Dynamic) -> Result<Vec<ImmutableString>, String> {
    let text = |value: &Dynamic| -> Result<Option<ImmutableString>, String> {
        let text =
            text_of(value, &format!("header `{}`", name.escape_debug())).map_err(|error| plain(&error))?;
        text.map(|text| legal(name, &text).map(|()| text)).transpose()
    };
    match value.as_array_ref() {
        Ok(values) => values.iter().filter_map(|value| text(value).transpose()).collect(),
        Err(_) => Ok(text(value)?.into_iter().collect()),
    }
}

/// A failure's own text.
fn plain(error: &rhai::EvalAltResult) -> String {
    match error {
        rhai::EvalAltResult::ErrorRuntime(value, _) => value.to_string(),
        other => other.to_string(),
    }
}

impl Fields {
    fn get(&self, name: &str) -> Option<ImmutableString> {
        match self {
            Fields::Request(request) => request.field(name),
            Fields::Response(response) => response.field(name),
        }
    }

    fn all(&self) -> Vec<(String, String)> {
        match self {
            Fields::Request(request) => request.fields(),
            Fields::Response(response) => response.fields(),
        }
    }

    pub(crate) fn set(&self, name: &str, value: &Dynamic) -> Result<(), Failure> {
        let values = legal_values(name, value).map_err(failure)?;
        let mut count = 0;
        self.change(|fields| {
            fields.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            fields.extend(values.iter().map(|value| (name.into(), value.as_bytes().into())));
            count = fields.len();
        })?;
        match count > MAX_FIELDS {
            true => Err(failure(format!("there are more than {MAX_FIELDS} headers"))),
            false => Ok(()),
        }
    }

    /// Takes a map in place of all lines. What changed its lines already and is now fed back needs nothing.
    pub(super) fn replace(&self, value: &Dynamic) -> Result<(), Failure> {
        let Ok(map) = value.as_map_ref() else {
            return match value.is::<Fields>() {
                true => Ok(()),
                false => Err(failure("headers must be a map")),
            };
        };
        self.change(Vec::clear)?;
        map.iter().try_for_each(|(name, value)| self.set(name, value))
    }

    fn change(&self, change: impl FnOnce(&mut Vec<(Box<str>, Box<[u8]>)>)) -> Result<(), Failure> {
        match self {
            Fields::Request(request) => request.change_fields(change),
            Fields::Response(response) => {
                response.change_fields(change);
                Ok(())
            }
        }
    }
}

/// Field lines: `req.headers` and `res.headers`. Names are found in any case.
#[export_module]
#[allow(missing_docs, unreachable_pub, clippy::unwrap_used)]
pub(crate) mod field_functions {
    use super::Fields;

    #[rhai_fn(index_get, pure)]
    pub fn get(headers: &mut Fields, name: &str) -> Dynamic {
        headers.get(name).map_or(Dynamic::UNIT, Dynamic::from)
    }

    #[rhai_fn(index_set, return_raw)]
    pub fn set(headers: &mut Fields, name: &str, value: Dynamic) -> Result<(), Failure> {
        headers.set(name, &value)
    }

    /// Whether there is a header of this name; `"x-a" in req.headers` asks the same.
    ///
    /// ```rhai
    /// if !("authorization" in req.headers) { return problem(401, "who are you?"); }
    /// ```
    #[rhai_fn(name = "contains", pure)]
    pub fn contains(headers: &mut Fields, name: &str) -> bool {
        headers.get(name).is_some()
    }

    /// All values of a header, in order.
    ///
    /// ```rhai
    /// let addresses = req.headers.all("x-forwarded-for");
    /// ```
    #[rhai_fn(name = "all", pure)]
    pub fn all(headers: &mut Fields, name: &str) -> Array {
        let named = headers.all().into_iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.into()).collect()
    }

    /// All headers as a map: names in lower case, of one that is repeated the first.
    ///
    /// ```rhai
    /// return #{ body: req.headers.to_map() };
    /// ```
    #[rhai_fn(name = "to_map", pure)]
    pub fn to_map(headers: &mut Fields) -> Map {
        let mut map = Map::new();
        for (name, value) in headers.all() {
            map.entry(name.to_ascii_lowercase().into()).or_insert_with(|| value.into());
        }
        map
    }
}

#[cfg(test)]
mod tests {
    use super::legal;
    use crate::limits::MAX_FIELD_BYTES;

    #[test]
    fn only_legal_lines_are_sent() {
        for (name, value) in [("X-A", "b c\té"), ("~", ""), ("x", &"v".repeat(MAX_FIELD_BYTES - 1))] {
            assert_eq!(legal(name, value), Ok(()), "{name}");
        }
        for (name, value, expected) in [
            ("", "v", "no name"),
            ("a b", "v", "no name"),
            ("a:", "v", "no name"),
            ("a\r\nb", "v", "`a\\r\\nb` is no name"),
            ("é", "v", "no name"),
            ("x", "a\r\nSet-Cookie: b", "control characters"),
            ("x", "a\0", "control characters"),
            ("x", "\u{7f}", "control characters"),
            ("Content-Length", "1", "set by the server"),
            ("x", &"v".repeat(MAX_FIELD_BYTES), "more than"),
        ] {
            assert!(legal(name, value).is_err_and(|reason| reason.contains(expected)), "{name:?}: {value:?}");
        }
    }
}
