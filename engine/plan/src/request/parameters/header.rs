//! Parameters in header fields: style `simple`, not percent-encoded (OpenAPI 3.2, 4.12.6).

use bumpalo::collections::Vec;

use super::Request;
use super::parameter::{Parameter, Reading};
use super::split::Separator;
use crate::request::text::Encoding;

pub(super) fn read<'a>(parameter: &Parameter, request: &Request<'_, 'a>) -> Reading<'a> {
    let Some(raw) = value(parameter, request) else { return Reading::Absent };
    let reader = parameter.reader(request, Encoding::Plain);
    if !parameter.is_styled() {
        return parameter.read_content(&reader, raw);
    }
    if raw.is_empty() {
        return parameter.blank();
    }
    Reading::Value(reader.delimited(raw, Separator::of(parameter.style), parameter.explode))
}

/// The value of all lines together (RFC 9110, 5.3).
fn value<'a>(parameter: &Parameter, request: &Request<'_, 'a>) -> Option<&'a [u8]> {
    let mut lines = request.sent.fields.find_all(&parameter.name);
    let first = lines.next()?.trim_ascii();
    let Some(second) = lines.next() else { return Some(first) };
    let mut joined = Vec::new_in(request.arena);
    joined.extend_from_slice(first);
    for line in std::iter::once(second).chain(lines) {
        joined.extend_from_slice(b", ");
        joined.extend_from_slice(line.trim_ascii());
    }
    Some(joined.into_bump_slice())
}
