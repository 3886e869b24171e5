//! Parameters of a header field: `multipart/form-data; boundary="x y"` (RFC 9110 section 5.6.6).

use std::borrow::Cow;

/// The value of parameter `name` (in lower case) of a field; quotes and the escapes inside are taken off.
pub(super) fn parameter<'a>(field: &'a [u8], name: &str) -> Option<Cow<'a, [u8]>> {
    let mut rest = &field[memchr::memchr(b';', field)? + 1..];
    loop {
        let end = end_of_parameter(rest);
        let (this, next) = rest.split_at(end);
        if let Some(at) = memchr::memchr(b'=', this)
            && this[..at].trim_ascii().eq_ignore_ascii_case(name.as_bytes())
        {
            return Some(unquoted(this[at + 1..].trim_ascii()));
        }
        rest = next.get(1..)?;
    }
}

/// Where the next `;` stands that is in no quotes.
fn end_of_parameter(text: &[u8]) -> usize {
    let (mut quoted, mut escaped) = (false, false);
    let end = text.iter().position(|&byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b';' if !quoted => return true,
            _ => {}
        }
        false
    });
    end.unwrap_or(text.len())
}

fn unquoted(value: &[u8]) -> Cow<'_, [u8]> {
    let Some(inner) = value.strip_prefix(b"\"") else { return Cow::Borrowed(value) };
    let inner = inner.strip_suffix(b"\"").unwrap_or(inner);
    if !inner.contains(&b'\\') {
        return Cow::Borrowed(inner);
    }
    let mut plain = Vec::with_capacity(inner.len());
    let mut bytes = inner.iter();
    while let Some(&byte) = bytes.next() {
        match (byte, bytes.as_slice().first()) {
            // browsers of old send Windows paths unescaped: only quotes and backslashes are escapes
            (b'\\', Some(b'"' | b'\\')) => plain.extend(bytes.next()),
            _ => plain.push(byte),
        }
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_and_unquoted() {
        for (field, expected) in [
            ("multipart/form-data; boundary=abc", Some("abc")),
            ("multipart/form-data;BOUNDARY=\"a;b\" ; x=y", Some("a;b")),
            ("multipart/form-data; x=\"; boundary=no\"; boundary=yes", Some("yes")),
            ("m/f; boundary=\"a\\\"b\\c\"", Some("a\"b\\c")),
            ("m/f; boundary=\"open", Some("open")),
            ("m/f; boundary", None),
            ("m/f; boundary=", Some("")),
            ("m/f", None),
            (";;=;\"", None),
            ("", None),
        ] {
            let found = parameter(field.as_bytes(), "boundary");
            let found = found.as_deref().map(|value| String::from_utf8_lossy(value).into_owned());
            assert_eq!(found.as_deref(), expected, "{field}");
        }
    }
}
