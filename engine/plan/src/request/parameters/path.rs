//! Parameters in the path: styles `simple`, `label` and `matrix` (RFC 6570, 3.2.2, 3.2.5, 3.2.7).

use bumpalo::collections::Vec;
use mocker_openapi::model::Style;

use super::pairs::cut;
use super::parameter::{Malformed, Parameter, Reading};
use super::reader::Reader;
use super::shape::{Form, ROOT};
use super::split::Separator;
use super::{Request, Sent};
use crate::request::text::{Encoding, decode};
use crate::route::variable_name;

pub(super) fn read<'a>(parameter: &Parameter, request: &Request<'_, 'a>) -> Reading<'a> {
    let Some(raw) = variable(&parameter.name, &request.sent) else { return Reading::Unasked };
    let reader = parameter.reader(request, Encoding::Percent);
    if !parameter.is_styled() {
        return parameter.read_content(&reader, raw);
    }
    match parameter.style {
        _ if raw.is_empty() => parameter.blank(),
        Style::Label => label(parameter, &reader, raw),
        Style::Matrix => matrix(parameter, &reader, raw),
        style => Reading::Value(reader.delimited(raw, Separator::of(style), parameter.explode)),
    }
}

/// The value of the variable that a parameter describes: `{proxy+}` goes by either of `proxy` and `proxy+`.
fn variable<'a>(name: &str, sent: &Sent<'a>) -> Option<&'a [u8]> {
    let name = variable_name(name);
    let exactly = sent.names.iter().position(|known| **known == *name);
    let nearly = || sent.names.iter().position(|known| known.eq_ignore_ascii_case(name));
    let index = exactly.or_else(nearly)?;
    sent.captures.get(index, sent.path)
}

/// `.5`, `.3,4`, exploded `.3.4`, `.R=1.G=2`. Lists that are not exploded may have dots too: so OpenAPI 3.0 has
/// it in its table of styles.
fn label<'a>(parameter: &Parameter, reader: &Reader<'_, 'a>, raw: &'a [u8]) -> Reading<'a> {
    let Some(raw) = raw.strip_prefix(b".") else { return Reading::Malformed(Malformed::Label) };
    if raw.is_empty() {
        return parameter.blank();
    }
    let separator = match parameter.explode || !raw.contains(&b',') {
        true => Separator::Byte(b'.'),
        false => Separator::Comma,
    };
    Reading::Value(reader.delimited(raw, separator, parameter.explode))
}

/// `;id=5`, `;id=3,4`, exploded `;id=3;id=4`, `;R=1;G=2`.
fn matrix<'a>(parameter: &Parameter, reader: &Reader<'_, 'a>, raw: &'a [u8]) -> Reading<'a> {
    let Some(raw) = raw.strip_prefix(b";") else { return Reading::Malformed(Malformed::Matrix) };
    let values = named(parameter, reader, raw);
    if parameter.explode
        && parameter.admits(Form::Object)
        && (values.is_none() || parameter.is_only(Form::Object))
    {
        return Reading::Value(reader.object(ROOT, reader.members(raw, Separator::Byte(b';'), true)));
    }
    match values {
        None | Some([]) => Reading::Malformed(Malformed::Matrix),
        Some([b""]) => parameter.blank(),
        Some([value]) if !parameter.explode => {
            Reading::Value(reader.delimited(value, Separator::Comma, false))
        }
        Some(values) => Reading::Value(reader.repeated(Some(ROOT), values.iter().copied())),
    }
}

/// The values in `id=3;id=4`, provided that all have the parameter's name.
fn named<'a>(parameter: &Parameter, reader: &Reader<'_, 'a>, raw: &'a [u8]) -> Option<&'a [&'a [u8]]> {
    let mut values = Vec::new_in(reader.arena);
    for element in Separator::Byte(b';').split(raw, Encoding::Percent) {
        let (name, value) = cut(element);
        if !decode(name, Encoding::Percent, reader.arena).eq_ignore_ascii_case(&parameter.name) {
            return None;
        }
        values.push(value);
    }
    Some(values.into_bump_slice())
}
