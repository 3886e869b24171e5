//! What a client asks for beyond the request: `Prefer`, or else the query's `__code`, `__example`, `__dynamic`, `__seed`; and
//! `Accept-Language`, where the server has a choice of languages.

use std::borrow::Cow;

use mocker_http::prefer::preferences;
use mocker_http::request::{Head, Known};
use mocker_http::{percent, query};
use mocker_plan::{Language, Plan, Wish};

/// What every query form begins with.
const MARK: &[u8] = b"__";

/// Reads the wish of a request. With a `Prefer` field the query forms mean nothing.
///
/// # Errors
/// What is wrong with a value, as Prism draws it.
#[inline]
pub(crate) fn wish<'a>(head: &Head<'a>, plan: &Plan) -> Result<Wish<'a>, String> {
    let wish = preferred(head)?;
    Ok(match language(head, plan) {
        None => wish,
        Some(language) => Wish { locale: Some(language.locale), ..wish },
    })
}

/// The language in which a request is answered; `None` where there is one for all clients.
#[inline]
pub(crate) fn language<'a>(head: &Head<'a>, plan: &Plan) -> Option<Language<'a>> {
    plan.language(|| head.fields.find_all("accept-language"))
}

#[inline]
fn preferred<'a>(head: &Head<'a>) -> Result<Wish<'a>, String> {
    if head.fields.get(Known::Prefer).is_some() {
        return of_field(head);
    }
    match head.target.query {
        Some(query) if memchr::memmem::find(query, MARK).is_some() => of_query(query),
        _ => Ok(Wish::default()),
    }
}

#[cold]
fn of_field<'a>(head: &Head<'a>) -> Result<Wish<'a>, String> {
    let mut wish = Wish::default();
    for (name, value) in preferences(head.fields.all(Known::Prefer)) {
        let name = name.to_ascii_lowercase();
        note(&mut wish, &name, text(value))?;
    }
    Ok(wish)
}

#[cold]
fn of_query(query: &[u8]) -> Result<Wish<'_>, String> {
    let mut wish = Wish::default();
    for (name, value) in query::pairs(query) {
        if let Some(name) = name.strip_prefix(MARK) {
            note(&mut wish, name, decoded(value))?;
        }
    }
    Ok(wish)
}

/// The first of a name counts (RFC 7240, section 2); other names are other people's.
fn note<'a>(wish: &mut Wish<'a>, name: &[u8], value: Cow<'a, str>) -> Result<(), String> {
    match name {
        b"code" if wish.code.is_none() => wish.code = Some(code(&value)?),
        b"dynamic" if wish.dynamic.is_none() => wish.dynamic = Some(truth(&value)?),
        b"example" if wish.example.is_none() => wish.example = Some(value),
        b"seed" if wish.seed.is_none() => wish.seed = Some(value),
        _ => {}
    }
    Ok(())
}

/// Three digits that are a status an exchange can end with.
fn code(value: &str) -> Result<u16, String> {
    let is_code = value.len() == 3 && value.bytes().all(|byte| byte.is_ascii_digit());
    let code = value.parse().ok().filter(|_| is_code).ok_or_else(|| drawn("code", value, "a number"))?;
    match code {
        200..=599 => Ok(code),
        _ => Err(drawn("code", value, "a status from 200 to 599")),
    }
}

fn truth(value: &str) -> Result<bool, String> {
    value.parse().map_err(|_| drawn("dynamic", value, "a boolean"))
}

fn drawn(name: &str, value: &str, wanted: &str) -> String {
    format!("optional property \"{name}\"\n└─ cannot decode {}, should be {wanted}", serde_json::json!(value))
}

fn text(value: Cow<'_, [u8]>) -> Cow<'_, str> {
    match value {
        Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

/// A value of the query.
fn decoded(value: &[u8]) -> Cow<'_, str> {
    text(Cow::Owned(percent::decoded_form(value).collect()))
}
