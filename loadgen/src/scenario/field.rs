//! Header fields: those that a user gives, and what may stand in one.

use mocker_http::response::{is_field_name, is_field_value};

use super::Fault;

/// Fields that say where a body ends. They are always ours: a wrong one breaks the connection (RFC 9112, section 6).
const FRAMING: [&str; 2] = ["Content-Length", "Transfer-Encoding"];

/// Fields about the connection and about how a body is sent; no parameter describes them.
const OF_CONNECTION: [&str; 8] = [
    "Connection",
    "Content-Encoding",
    "Expect",
    "Keep-Alive",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
];

/// Header fields that parameters cannot describe (OpenAPI 3.1, section 4.8.12.1).
const NO_PARAMETERS: [&str; 3] = ["Accept", "Content-Type", "Authorization"];

/// Fields that are written anyway.
const OURS: [&str; 3] = ["Content-Length", "Host", "User-Agent"];

/// A field as users write it: `Authorization: Bearer abc`.
///
/// # Errors
/// What is wrong with it.
pub fn field(text: &str) -> Result<(String, String), Fault> {
    let (name, value) = text
        .split_once(':')
        .ok_or_else(|| Fault::new(format!("`{text}` is no header field: write `Name: value`")))?;
    let (name, value) = (name.trim_end(), value.trim());
    if !is_field_name(name) {
        return Err(Fault::new(format!("`{name}` cannot be the name of a header field")));
    }
    if !is_field_value(value.as_bytes()) {
        return Err(Fault::new(format!("the value of the header field `{name}` has control characters")));
    }
    if is_one_of(&FRAMING, name) {
        return Err(Fault::new(format!("the header field `{name}` is written as the body needs it")));
    }
    Ok((name.to_owned(), value.to_owned()))
}

/// Those of a user's fields that can be sent.
pub(super) fn sendable(fields: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    let fields = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    fields.filter(|(name, value)| is_field(name, value) && !is_one_of(&FRAMING, name))
}

/// Whether a line of this name and value can be in a head.
pub(super) fn is_field(name: &str, value: &str) -> bool {
    is_field_name(name) && is_field_value(value.as_bytes())
}

/// What a header parameter of this name is.
pub(super) enum Role {
    /// A field that its value goes into
    Parameter,
    /// The field of all cookies
    Cookies,
    /// The document says nothing by it
    Ignored,
    /// A field that is written anyway
    Ours,
    /// No request can have it as a parameter
    Forbidden,
}

/// What a header parameter called `name` is.
pub(super) fn role(name: &str) -> Role {
    if name.eq_ignore_ascii_case("Cookie") {
        Role::Cookies
    } else if is_one_of(&NO_PARAMETERS, name) {
        Role::Ignored
    } else if is_one_of(&OURS, name) {
        Role::Ours
    } else if is_one_of(&OF_CONNECTION, name) || !is_field_name(name) {
        Role::Forbidden
    } else {
        Role::Parameter
    }
}

/// Whether a text can be a field's value and comes out as it went in.
pub(super) fn is_value(text: &str) -> bool {
    !text.is_empty() && text.trim() == text && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

fn is_one_of(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}
