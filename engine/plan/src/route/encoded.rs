//! Reading percent-encoded text a byte at a time, without copying it (RFC 3986, 2.1).

/// One byte of a path as it is meant, and how many bytes of the text it takes.
#[derive(Clone, Copy)]
pub(super) struct Unit {
    pub(super) byte: u8,
    /// 3 for `%41`, else 1
    pub(super) width: usize,
}

/// The byte meant at `at`, which must lie inside `text`. A `%` without two hexadecimal digits means itself.
pub(super) fn unit(text: &[u8], at: usize) -> Unit {
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

/// The bytes `text` means.
pub(super) fn decoded(text: &[u8]) -> impl Iterator<Item = u8> + Clone {
    let mut at = 0;
    std::iter::from_fn(move || {
        (at < text.len()).then(|| {
            let unit = unit(text, at);
            at += unit.width;
            unit.byte
        })
    })
}

/// Whether `text` means exactly `plain`.
pub(super) fn means(text: &[u8], plain: &[u8]) -> bool {
    text == plain || decoded(text).eq(plain.iter().copied())
}

/// Delimiters, which mean something else when they are percent-encoded (RFC 3986, 2.2).
pub(super) fn is_reserved(byte: u8) -> bool {
    b":/?#[]@!$&'()*+,;=".contains(&byte)
}
