//! What is wrong with a parameter, in Prism's words.

use mocker_openapi::model::Place;
use mocker_schema::Schemas;
use mocker_schema::validate::{Direction, Violation};

use super::parameter::{Content, Malformed, Parameter, Reading};
use crate::request::{Fault, Part, Severity};

/// A required parameter that was not sent.
pub(super) fn missing(parameter: &Parameter, reading: &Reading<'_>) -> Option<Fault> {
    if !parameter.required || !matches!(reading, Reading::Absent) {
        return None;
    }
    let message = format!("must have required property '{}'", parameter.told);
    let violation = Violation { path: Vec::new(), keyword: "required", message, detail: None };
    Some(Fault::broken(parameter.part, violation))
}

/// The rules that a value breaks.
pub(super) fn broken(
    schemas: &Schemas,
    parameter: &Parameter,
    reading: &Reading<'_>,
    faults: &mut Vec<Fault>,
) {
    match (reading, parameter.schema) {
        (Reading::Malformed(form), _) => faults.push(malformed(parameter, *form)),
        (Reading::Value(value), Some(schema)) if !schemas.is_valid(schema, *value, Direction::Request) => {
            let violations = schemas.validate(schema, *value, Direction::Request).into_iter();
            faults.extend(violations.map(|violation| in_parameter(parameter, violation)));
        }
        _ => {}
    }
}

/// The whole query is no parameter with a name: its members are told like parameters.
fn in_parameter(parameter: &Parameter, mut violation: Violation) -> Fault {
    if parameter.place != Place::QueryString {
        violation.path.insert(0, parameter.told.to_string());
    }
    Fault::broken(parameter.part, violation)
}

fn malformed(parameter: &Parameter, form: Malformed) -> Fault {
    let (keyword, message) = match form {
        Malformed::Label => ("style", "must begin with '.'".to_owned()),
        Malformed::Matrix => ("style", format!("must begin with ';{}='", parameter.told)),
        Malformed::Json => {
            let media = match &parameter.content {
                Content::Json(media) => media,
                _ => "application/json",
            };
            ("contentMediaType", format!("must match content media type \"{media}\""))
        }
    };
    in_parameter(parameter, Violation { path: Vec::new(), keyword, message, detail: None })
}

/// A warning, where a deprecated parameter was sent. The name is told as declared.
pub(super) fn deprecated(parameter: &Parameter, reading: &Reading<'_>) -> Option<Fault> {
    if !parameter.deprecated || matches!(reading, Reading::Absent | Reading::Unasked) {
        return None;
    }
    let part = match parameter.part {
        Part::Header => "Header",
        Part::Query => "Query",
        Part::Path => "Path",
        Part::Cookie => "Cookie",
        Part::Body => "Body",
    };
    let name = &parameter.name;
    Some(Fault {
        location: vec![parameter.part.name().to_owned(), name.to_string()],
        severity: Severity::Warning,
        code: "deprecated",
        message: format!("{part} param {name} is deprecated"),
    })
}
