//! Conditions of the configuration, compiled.

use std::sync::Arc;

use mocker_engine::behaviour::{Condition, Subject, Test};
use mocker_schema::pattern::Pattern;
use mocker_source::Diagnostic;

use crate::config::section::condition as written;

/// Compiles a condition; what cannot be is a fault, and never holds.
pub(super) fn condition(written: &written::Condition, faults: &mut Vec<Diagnostic>) -> Condition {
    match written {
        written::Condition::All(all) => Condition::All(list(all, faults)),
        written::Condition::Any(any) => Condition::Any(list(any, faults)),
        written::Condition::Not(other) => Condition::Not(Box::new(condition(other, faults))),
        written::Condition::Test { subject: looked_at, test: asked, position } => match test(asked) {
            Ok(test) => Condition::Is(subject(looked_at), test),
            Err(message) => {
                let help = "write a regular expression of ECMA-262";
                let fault = Diagnostic::error_at("condition-pattern", Some(*position), message);
                faults.push(fault.with_help(help));
                Condition::Any(Vec::new())
            }
        },
    }
}

fn list(written: &[written::Condition], faults: &mut Vec<Diagnostic>) -> Vec<Condition> {
    written.iter().map(|one| condition(one, faults)).collect()
}

fn subject(written: &written::Subject) -> Subject {
    match written {
        written::Subject::Method => Subject::Method,
        written::Subject::Header(name) => Subject::Header(name.as_str().into()),
        written::Subject::Query(name) => Subject::Query(name.as_str().into()),
        written::Subject::Param(name) => Subject::Param(name.as_str().into()),
        written::Subject::Cookie(name) => Subject::Cookie(name.as_str().into()),
        written::Subject::Body(pointer) => Subject::Body(pointer.as_str().into()),
        written::Subject::Scenario(name) => Subject::Scenario(name.as_str().into()),
    }
}

fn test(written: &written::Test) -> Result<Test, String> {
    Ok(match written {
        written::Test::Equals(value) => Test::Equals(value.clone()),
        written::Test::Matches(pattern) => {
            let compiled = Pattern::new(pattern);
            match compiled.problem() {
                Some(why) => return Err(format!("`{pattern}` is no pattern: {why}")),
                None => Test::Matches(Arc::new(compiled)),
            }
        }
        written::Test::Contains(text) => Test::Contains(text.as_str().into()),
        written::Test::Exists(wanted) => Test::Exists(*wanted),
        written::Test::Greater(limit) => Test::Greater(*limit),
        written::Test::Less(limit) => Test::Less(*limit),
    })
}
