//! `maxLength minLength pattern`

use super::path::Path;
use super::sink::Sink;
use crate::node::StringRules;

/// The keywords of strings, in Ajv's order.
pub(super) fn check<S: Sink>(rules: &StringRules, text: &str, path: &Path<'_>, sink: &mut S) -> bool {
    let mut valid = true;
    if let Some(most) = rules.max_length
        && longer_than(text, most)
    {
        valid = false;
        if sink.report(path, "maxLength", || format!("must NOT have more than {most} characters")) {
            return false;
        }
    }
    let least = rules.min_length;
    if least > 0 && !longer_than(text, least - 1) {
        valid = false;
        if sink.report(path, "minLength", || format!("must NOT have fewer than {least} characters")) {
            return false;
        }
    }
    if let Some(pattern) = &rules.pattern
        && !pattern.is_match(text)
    {
        sink.report(path, "pattern", || format!("must match pattern \"{}\"", pattern.source));
        valid = false;
    }
    valid
}

/// Whether `text` has more than `limit` code points; counts only where the bytes do not tell.
fn longer_than(text: &str, limit: u64) -> bool {
    let bytes = text.len() as u64;
    if bytes <= limit {
        return false;
    }
    bytes.div_ceil(4) > limit || text.chars().count() as u64 > limit
}
