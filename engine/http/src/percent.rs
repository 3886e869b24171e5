//! Percent-decoding (RFC 3986, section 2.1). A '%' that two hexadecimal digits do not follow means itself, as
//! browsers and servers read it (WHATWG URL, section 1.3). Decode a path segment by segment, so that `%2F` stays
//! inside its own. What comes out may be any bytes: check UTF-8 where text is meant.

/// One byte as it is meant, and how many bytes of the text it takes.
#[derive(Clone, Copy)]
pub struct Unit {
    /// What is meant
    pub byte: u8,
    /// 3 for `%41`, else 1
    pub width: usize,
}

/// The byte meant at `at`, which must lie inside `text`.
#[inline]
pub fn unit(text: &[u8], at: usize) -> Unit {
    if let [b'%', high, low, ..] = text[at..]
        && let (Some(high), Some(low)) = (hex(high), hex(low))
    {
        return Unit { byte: high << 4 | low, width: 3 };
    }
    Unit { byte: text[at], width: 1 }
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

/// The bytes that `text` means.
#[inline]
pub fn decoded(text: &[u8]) -> impl Iterator<Item = u8> + Clone {
    decoded_with(text, |byte| byte)
}

/// As [`decoded`], and '+' is a space: for query strings and forms (WHATWG URL, section 5.1).
#[inline]
pub fn decoded_form(text: &[u8]) -> impl Iterator<Item = u8> + Clone {
    decoded_with(text, |byte| if byte == b'+' { b' ' } else { byte })
}

/// `plain` is what bytes mean that are not encoded.
#[inline]
fn decoded_with(text: &[u8], plain: impl Fn(u8) -> u8 + Clone) -> impl Iterator<Item = u8> + Clone {
    let mut at = 0;
    std::iter::from_fn(move || {
        (at < text.len()).then(|| {
            let Unit { byte, width } = unit(text, at);
            at += width;
            if width == 1 { plain(byte) } else { byte }
        })
    })
}
