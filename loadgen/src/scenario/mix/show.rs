//! What is told of a recording. Nothing of it reaches the terminal as it is: a log has what anybody sent.

use percent_encoding::{AsciiSet, CONTROLS, percent_encode};

use crate::limits::{MIX_NAMES, MIX_TEXT};
use crate::number::count;

/// What a path cannot hold unencoded.
const UNPRINTABLE: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'`');

/// A line, with `?` for what cannot be printed, and cut.
pub(super) fn text(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(4 * MIX_TEXT)]);
    let mut shown: String =
        text.chars().take(MIX_TEXT).map(|c| if is_printable(c) { c } else { '?' }).collect();
    if bytes.len() > 4 * MIX_TEXT || text.chars().nth(MIX_TEXT).is_some() {
        shown.push('…');
    }
    shown
}

/// Characters that neither move the cursor nor turn the direction of the text.
fn is_printable(c: char) -> bool {
    let turns =
        matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    !c.is_control() && !turns && c != char::REPLACEMENT_CHARACTER
}

/// A path or a host, percent-encoded where it cannot be printed, and cut.
pub(super) fn path(bytes: &[u8]) -> String {
    let mut shown: String = percent_encode(&bytes[..bytes.len().min(MIX_TEXT)], UNPRINTABLE).to_string();
    if bytes.len() > MIX_TEXT {
        shown.push('…');
    }
    shown
}

/// `GET /old (120), GET /older (7) and 30 more`
pub(super) fn counted(names: &[(String, u64)], of: usize) -> String {
    let names = names.iter().map(|(name, times)| format!("{name} ({})", count(*times)));
    list(names, of)
}

/// The first of `of` names.
pub(super) fn list(names: impl Iterator<Item = String>, of: usize) -> String {
    let shown: Vec<String> = names.take(MIX_NAMES).collect();
    match of - shown.len().min(of) {
        0 => shown.join(", "),
        more => format!("{} and {} more", shown.join(", "), count(more as u64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_recording_reaches_the_terminal_as_it_is() {
        for (bytes, expected) in [
            (&b"plain \"text\""[..], "plain \"text\""),
            (b"\x1b[2J\0\r\n", "?[2J???"),
            (b"\xff\xc3\xa9", "?é"),
            ("a\u{202e}b".as_bytes(), "a?b"),
        ] {
            assert_eq!(text(bytes), expected);
        }
        assert_eq!(text("é".repeat(101).as_bytes()), format!("{}…", "é".repeat(100)));
        assert_eq!(text(&[b'a'; 100]), "a".repeat(100));
        assert_eq!(path(b"/a b\x1b\xff/\"%20"), "/a%20b%1B%FF/%22%20");
        assert_eq!(path(&[b'a'; 101]), format!("{}…", "a".repeat(100)));
    }

    #[test]
    fn lists_are_short() {
        let names: Vec<(String, u64)> =
            (1..=12).map(|index| (format!("GET /{index}"), index * 1_000)).collect();
        assert_eq!(counted(&names[..2], 2), "GET /1 (1,000), GET /2 (2,000)");
        assert!(counted(&names, 12).ends_with("GET /10 (10,000) and 2 more"));
        assert_eq!(list(std::iter::empty(), 0), "");
    }
}
