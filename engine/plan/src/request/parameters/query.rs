//! Parameters in the query: styles `form`, `spaceDelimited`, `pipeDelimited`, `deepObject`, 2.0's `tsv`, and
//! 3.2's `in: querystring`, for which the whole query is one value.

use bumpalo::collections::Vec;

use super::parameter::{Content, Parameter, Reading};
use super::reader::{Member, Reader};
use super::shape::{Form, ROOT};
use super::split::Separator;
use super::{Request, deep_object};
use crate::request::text::Encoding;
use mocker_openapi::model::Style;

pub(super) fn read<'a>(parameter: &Parameter, request: &Request<'_, 'a>) -> Reading<'a> {
    let reader = parameter.reader(request, Encoding::Query);
    if parameter.style == Style::DeepObject
        && parameter.is_styled()
        && let Some(value) = deep_object::read(&reader, &parameter.name, request.query)
    {
        return Reading::Value(value);
    }
    let raws = values(parameter, request);
    let Some(last) = raws.last().copied() else {
        return spread(parameter, request, &reader);
    };
    if !parameter.is_styled() {
        return parameter.read_content(&reader, last);
    }
    let is_exploded = parameter.explode || parameter.style == Style::DeepObject;
    if is_exploded && parameter.style == Style::Form && parameter.is_only(Form::Object) {
        return spread(parameter, request, &reader);
    }
    if last.is_empty() && (raws.len() == 1 || !is_exploded) {
        return parameter.blank();
    }
    if is_exploded || (raws.len() > 1 && parameter.is_only(Form::Scalar)) {
        return Reading::Value(reader.repeated(Some(ROOT), raws.iter().copied()));
    }
    Reading::Value(reader.delimited(last, Separator::of(parameter.style), false))
}

/// All values of the parameter's name.
fn values<'a>(parameter: &Parameter, request: &Request<'_, 'a>) -> &'a [&'a [u8]] {
    let named = request.query.iter().filter(|pair| pair.name.eq_ignore_ascii_case(&parameter.name));
    let mut values = named.map(|pair| pair.value);
    match (values.next(), values.next()) {
        (None, _) => &[],
        (Some(only), None) => request.arena.alloc_slice_copy(&[only]),
        (Some(first), Some(second)) => {
            Vec::from_iter_in([first, second].into_iter().chain(values), request.arena).into_bump_slice()
        }
    }
}

/// An exploded object of style `form`: its members stand in the query among the parameters.
fn spread<'a>(parameter: &Parameter, request: &Request<'_, 'a>, reader: &Reader<'_, 'a>) -> Reading<'a> {
    let is_spread = parameter.style == Style::Form && parameter.explode && parameter.is_styled();
    if !is_spread || !parameter.admits(Form::Object) {
        return Reading::Absent;
    }
    let pairs = request.query.iter().enumerate().filter(|(_, pair)| parameter.picks(pair.name));
    let members = pairs.map(|(order, pair)| Member { name: pair.name, raw: pair.value, order });
    let members = Vec::from_iter_in(members, request.arena);
    if members.is_empty() {
        return Reading::Absent;
    }
    Reading::Value(reader.object(ROOT, members))
}

/// `in: querystring` (OpenAPI 3.2, 4.12.2).
pub(super) fn read_whole<'a>(parameter: &Parameter, request: &Request<'_, 'a>) -> Reading<'a> {
    let query = request.sent.query;
    if query.is_empty() {
        return Reading::Absent;
    }
    if !matches!(parameter.content, Content::Form) {
        // Not a form, so `+` means itself
        return parameter.read_content(&parameter.reader(request, Encoding::Percent), query);
    }
    let pairs = request.query.iter().enumerate();
    let members = pairs.map(|(order, pair)| Member { name: pair.name, raw: pair.value, order });
    let members = Vec::from_iter_in(members, request.arena);
    Reading::Value(parameter.reader(request, Encoding::Query).object(ROOT, members))
}
