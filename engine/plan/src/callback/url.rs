//! The URL of a callback, with values in place of its expressions.

use mocker_openapi::expression::{Expression, Part, UrlTemplate};

use super::answer::Answer;
use crate::limits::MAX_CALLBACK_URL;

/// Writes the URL; `values` gives what the request says, one an expression.
///
/// # Errors
/// Why there is none: an expression without a value, or too long a URL.
pub(super) fn assemble<'v>(
    template: &UrlTemplate,
    values: &mut impl Iterator<Item = Option<&'v str>>,
    answer: &Answer<'_>,
) -> Result<String, String> {
    // All values of this URL are taken, whatever comes of it: the next URL's follow.
    let of_request: Vec<Option<&str>> = values.take(template.expressions().count()).collect();
    let mut of_request = of_request.into_iter();
    let mut url = String::new();
    for part in template.parts() {
        match part {
            Part::Text(text) => append(text, Within::Url, &mut url),
            Part::Value(expression) => {
                let value = of_request.next().flatten().map(str::to_owned);
                let value = value.or_else(|| answer.value(expression)).ok_or_else(|| missing(expression))?;
                let within = if url.contains('?') { Within::Query } else { Within::Url };
                append(value.trim(), within, &mut url);
            }
        }
        if url.len() > MAX_CALLBACK_URL {
            return Err(format!("its URL would be longer than {MAX_CALLBACK_URL} bytes"));
        }
    }
    Ok(url)
}

#[cold]
fn missing(expression: &Expression) -> String {
    match expression {
        Expression::Response(_) | Expression::StatusCode => format!("the answer has no {expression}"),
        _ => format!("the request has no {expression}"),
    }
}

/// Where a value stands: it may be the whole URL or some of its segments, but it is only a value of a query.
#[derive(Clone, Copy, PartialEq)]
enum Within {
    Url,
    Query,
}

/// Appends with what cannot stand there percent-encoded (RFC 3986, section 2).
fn append(value: &str, within: Within, url: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in value.bytes() {
        let stands = match byte {
            b'-' | b'.' | b'_' | b'~' | b'/' | b':' | b'@' | b',' => true,
            b'?' | b'#' | b'[' | b']' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b';'
            | b'=' | b'%' => within == Within::Url,
            other => other.is_ascii_alphanumeric(),
        };
        if stands {
            url.push(byte as char);
        } else {
            url.push('%');
            url.push(DIGITS[usize::from(byte >> 4)] as char);
            url.push(DIGITS[usize::from(byte & 15)] as char);
        }
    }
}
