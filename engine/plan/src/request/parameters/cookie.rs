//! Parameters in cookies: style `form`, percent-encoded, and 3.2's `cookie`, as it is (OpenAPI 3.2, 4.12.6).
//! Names of cookies know case. A browser sends a cookie of a nearer path first, so the first one counts.

use bumpalo::collections::Vec;
use mocker_openapi::model::Style;

use super::Request;
use super::pairs::cut;
use super::parameter::{Parameter, Reading};
use super::reader::{Member, Reader};
use super::shape::{Form, ROOT};
use super::split::Separator;
use crate::limits::MAX_PAIRS;
use crate::request::text::{Encoding, decode};

pub(super) fn read<'a>(parameter: &Parameter, request: &Request<'_, 'a>) -> Reading<'a> {
    let encoding = match parameter.style {
        Style::Cookie => Encoding::Plain,
        _ => Encoding::Percent,
    };
    let reader = parameter.reader(request, encoding);
    let mut named = request.cookies.iter().filter(|pair| *pair.name == *parameter.name);
    let Some(first) = named.next() else { return spread(parameter, request, &reader) };
    if !parameter.is_styled() {
        return parameter.read_content(&reader, first.value);
    }
    if parameter.explode && parameter.is_only(Form::Object) {
        return spread(parameter, request, &reader);
    }
    let value = unquoted(first.value);
    if parameter.explode && parameter.admits(Form::Array) && !value.is_empty() {
        let values = std::iter::once(first).chain(named).flat_map(|pair| joined(parameter, pair.value));
        let values = Vec::from_iter_in(values, request.arena).into_bump_slice();
        return Reading::Value(reader.repeated(Some(ROOT), values.iter().copied()));
    }
    match value {
        b"" => parameter.blank(),
        _ => Reading::Value(reader.delimited(value, Separator::Comma, false)),
    }
}

/// The values in `3&color=4`, as style `form` explodes a list into one cookie.
fn joined<'a>(parameter: &Parameter, value: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
    let is_form = parameter.style == Style::Form;
    let parts = unquoted(value).split(move |&byte| byte == b'&' && is_form);
    parts.map(move |part| match cut(part) {
        (name, value) if is_form && name == parameter.name.as_bytes() => value,
        _ => part,
    })
}

/// An exploded object: its members are cookies of their own or, in style `form`, joined by `&`.
fn spread<'a>(parameter: &Parameter, request: &Request<'_, 'a>, reader: &Reader<'_, 'a>) -> Reading<'a> {
    if !parameter.explode || !parameter.is_styled() || !parameter.admits(Form::Object) {
        return Reading::Absent;
    }
    let mut members: Vec<'a, Member<'a>> = Vec::new_in(request.arena);
    let mut push = |name: &'a str, raw: &'a [u8]| {
        if parameter.picks(name) && members.len() < MAX_PAIRS {
            members.push(Member { name, raw, order: members.len() });
        }
    };
    for pair in request.cookies {
        let mut parts = unquoted(pair.value).split(|&byte| byte == b'&' && parameter.style == Style::Form);
        push(pair.name, parts.next().unwrap_or_default());
        for (name, value) in parts.map(cut) {
            push(decode(name, reader.encoding, request.arena), value);
        }
    }
    if members.is_empty() {
        return Reading::Absent;
    }
    Reading::Value(reader.object(ROOT, members))
}

/// Quotes around a value are no part of it (RFC 6265, 4.1.1).
fn unquoted(value: &[u8]) -> &[u8] {
    value.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).unwrap_or(value)
}
