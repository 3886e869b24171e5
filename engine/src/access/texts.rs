//! Texts in an entry: each behind its length.

/// Bytes of a length.
const LENGTH: usize = 2;

/// Appends the first `most` bytes of a text that comes in pieces; `most` is at most [`u16::MAX`].
pub(super) fn put(pieces: &[&[u8]], most: usize, out: &mut Vec<u8>) {
    let start = out.len();
    out.extend_from_slice(&[0; LENGTH]);
    for piece in pieces {
        let room = (start + LENGTH + most).saturating_sub(out.len());
        out.extend_from_slice(&piece[..piece.len().min(room)]);
    }
    let length = u16::try_from(out.len() - start - LENGTH).unwrap_or(u16::MAX);
    out[start..start + LENGTH].copy_from_slice(&length.to_le_bytes());
}

/// Takes the first text off `bytes`; empty where there is none.
pub(super) fn take<'b>(bytes: &mut &'b [u8]) -> &'b [u8] {
    let length = number(bytes);
    split(bytes, usize::from(length))
}

/// Takes so many bytes off, or what there is.
pub(super) fn split<'b>(bytes: &mut &'b [u8], length: usize) -> &'b [u8] {
    let (text, rest) = bytes.split_at(length.min(bytes.len()));
    *bytes = rest;
    text
}

fn number(bytes: &mut &[u8]) -> u16 {
    split(bytes, LENGTH).try_into().map_or(0, u16::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_at_their_limit() {
        for (pieces, most, expected) in [
            (&[&b"/a"[..]][..], 9, &b"/a"[..]),
            (&[b"/a", b"?", b"b=1"], 6, b"/a?b=1"),
            (&[b"/a", b"?", b"b=1"], 5, b"/a?b="),
            (&[b"/a", b"?", b"b=1"], 1, b"/"),
            (&[], 4, b""),
        ] {
            let mut bytes = Vec::new();
            put(pieces, most, &mut bytes);
            put(&[b"next"], 4, &mut bytes);
            let mut rest = &*bytes;
            assert_eq!(
                (take(&mut rest), take(&mut rest), take(&mut rest)),
                (expected, &b"next"[..], &b""[..])
            );
        }
    }
}
