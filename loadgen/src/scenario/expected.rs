//! Failures that are meant.

use std::ops::RangeInclusive;
use std::sync::Arc;

use mocker_openapi::model::{Response, StatusKey};

/// Lowest status of an error (RFC 9110, section 15).
const FIRST_ERROR: u16 = 400;

/// The statuses of 400 and above that are described, where no success is: they are all that a server can answer.
/// `default` is neither, as it stands for whatever is not described.
pub(super) fn expected(responses: &[(StatusKey, Arc<Response>)]) -> Vec<RangeInclusive<u16>> {
    let described = responses.iter().filter_map(|(key, _)| match *key {
        StatusKey::Code(code) => Some(code..=code),
        StatusKey::Range(hundreds) => Some(u16::from(hundreds) * 100..=u16::from(hundreds) * 100 + 99),
        StatusKey::Default => None,
    });
    let described: Vec<_> = described.collect();
    match described.iter().any(|range| *range.start() < FIRST_ERROR) {
        true => Vec::new(),
        false => described,
    }
}
