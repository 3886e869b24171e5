//! What is wrong with an answer, as a line of text.

use std::fmt::Write;

use mocker_schema::validate::Violation;

use crate::limits::{MAX_FAILURE_BYTES, VIOLATIONS_OF_FAILURE};

/// `/0/name must be string; /1 must have required property 'id' (3 more)`.
pub(super) fn violations(violations: &[Violation]) -> String {
    let mut text = String::new();
    for violation in violations.iter().take(VIOLATIONS_OF_FAILURE) {
        let gap = if text.is_empty() { "" } else { "; " };
        let detail = violation.detail.as_ref().map_or(String::new(), |detail| format!(" ({detail})"));
        // Writing to a string cannot fail.
        let _ = write!(text, "{gap}{} {}{detail}", place(&violation.path), violation.message);
        if text.len() > MAX_FAILURE_BYTES {
            break;
        }
    }
    let more = violations.len().saturating_sub(VIOLATIONS_OF_FAILURE);
    if more > 0 {
        let _ = write!(text, " ({more} more)");
    }
    text
}

/// A JSON pointer (RFC 6901), or `body` for the whole of it.
fn place(path: &[String]) -> String {
    if path.is_empty() {
        return "body".to_owned();
    }
    path.iter().map(|token| format!("/{}", token.replace('~', "~0").replace('/', "~1"))).collect()
}

/// As much of a text as is kept, with an ellipsis where it is not all.
pub(super) fn shortened(mut text: String) -> String {
    if text.len() > MAX_FAILURE_BYTES {
        text.truncate(text.floor_char_boundary(MAX_FAILURE_BYTES));
        text.push('…');
    }
    text
}
