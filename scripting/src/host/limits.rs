//! How much the functions of the host take and give. What is larger is refused with the limit's number.

/// Bytes of a text that is hashed, encoded, decoded, parsed or brought to another case
pub const TEXT_BYTES: usize = 1024 * 1024;

/// Elements of a list that is shuffled, summed or chosen from
pub const LIST_LENGTH: usize = 100_000;

/// Characters of a random text, and of one that is padded
pub const DRAWN_LENGTH: usize = 65_536;

/// Words, sentences or paragraphs that a faker writes at once
pub const FAKED_COUNT: i64 = 1_000;

/// Bytes of a pattern that formats or reads a time
pub const PATTERN_BYTES: usize = 256;

/// Bytes of a duration such as `1d12h`
pub const DURATION_BYTES: usize = 64;

/// Tokens of a JSON pointer
pub const POINTER_TOKENS: usize = 128;

/// Nesting of a value that is merged or written
pub const DEPTH: usize = 128;

/// `Err` when `length` is over `limit`; the text says of what, and how much is taken.
pub(crate) fn check(what: &str, length: usize, limit: usize) -> Result<(), String> {
    match length > limit {
        true => Err(format!("{what} of {length} is over the limit of {limit}")),
        false => Ok(()),
    }
}

/// `Err` when a text is longer than [`TEXT_BYTES`].
pub(crate) fn text(bytes: &[u8]) -> Result<(), String> {
    check("a text with a length in bytes", bytes.len(), TEXT_BYTES)
}

#[cfg(test)]
mod tests {
    use super::{TEXT_BYTES, check, text};

    #[test]
    fn the_limit_itself_is_taken() {
        assert_eq!(check("a list with a length", 3, 3), Ok(()));
        assert_eq!(
            check("a list with a length", 4, 3),
            Err("a list with a length of 4 is over the limit of 3".into())
        );
        assert!(text(&vec![b'a'; TEXT_BYTES]).is_ok());
        assert!(text(&vec![b'a'; TEXT_BYTES + 1]).is_err());
    }
}
