//! What a client of an operation accepts.

use mocker_openapi::model::Operation;
use mocker_plan::{preferred, usual};

/// Value of `Accept`: what the answer to a valid request has, or anything.
pub(super) fn accept(operation: &Operation) -> String {
    let response = usual(&operation.responses).map(|choice| &operation.responses[choice.response].1);
    let media = response.and_then(|response| Some(&response.content[preferred(response)?]));
    let name = media.map(|media| media.name.trim()).filter(|name| name.contains('/') && name.is_ascii());
    match name {
        Some(name) if !name.starts_with("*/") => format!("{name}, */*;q=0.1"),
        _ => "*/*".to_owned(),
    }
}
