//! Errors in place of answers.

use mocker_scripting::Response;

use super::scenario::ErrorAnswer;
use crate::behaviour::Made;
use crate::problem::Problem;

/// The error as it is sent.
pub(super) fn response(answer: &ErrorAnswer, scenario: &str) -> Response {
    let mut response = match &answer.body {
        Some(body) => Response { status: answer.status, fields: Vec::new(), body: body.to_vec() },
        None => {
            let problem = Problem::Injected { status: answer.status, scenario: scenario.into() };
            Made::of_problem(&problem).response
        }
    };
    let is_given = |name: &str| answer.fields.iter().any(|(given, _)| given.eq_ignore_ascii_case(name));
    response.fields.retain(|(name, _)| !is_given(name));
    response.fields.extend(answer.fields.iter().cloned());
    response
}

/// The same, with all of it written out.
pub(super) fn complete(answer: &ErrorAnswer, scenario: &str) -> ErrorAnswer {
    let Response { status, fields, body } = response(answer, scenario);
    ErrorAnswer { status, fields, body: Some(body.into()) }
}
