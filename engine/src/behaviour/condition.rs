//! What a request must be like for an answer of the user's to be given.

use std::sync::Arc;

use mocker_plan::Fact;
use mocker_plan::request::Value as Scalar;
use mocker_schema::pattern::Pattern;
use mocker_schema::validate::Num;
use mocker_scripting::Request;
use serde_json::Value;

/// What is asked of a request.
#[derive(Clone, Debug)]
pub enum Condition {
    /// Every one of them
    All(Vec<Condition>),
    /// At least one of them
    Any(Vec<Condition>),
    /// The opposite
    Not(Box<Condition>),
    /// One value and what it must be
    Is(Subject, Test),
}

/// What is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A header field, in any case; the first of its name
    Header(Box<str>),
    /// A parameter of the query, decoded; the first of its name
    Query(Box<str>),
    /// A variable of the path, decoded
    Param(Box<str>),
    /// A cookie
    Cookie(Box<str>),
    /// A place in a JSON body, as a JSON pointer (RFC 6901)
    Body(Box<str>),
    /// The method, as sent
    Method,
    /// The state of a scenario
    Scenario(Box<str>),
}

/// What it must be.
#[derive(Clone, Debug)]
pub enum Test {
    /// This value; a text is a number by value and anything else to the letter, parts of a body are compared as JSON
    Equals(Value),
    /// A text in which the pattern is found
    Matches(Arc<Pattern>),
    /// There, or not there
    Exists(bool),
    /// A text that holds this one, or an array with this element
    Contains(Value),
    /// A number greater than this
    Greater(f64),
    /// A number less than this
    Less(f64),
}

/// What conditions look at while one request is decided.
pub(super) struct Facts<'a> {
    request: &'a Request,
    /// The state of a scenario
    state: &'a dyn Fn(&str) -> Box<str>,
    /// The body as JSON, parsed when first asked for
    body: std::cell::OnceCell<Option<Value>>,
}

impl<'a> Facts<'a> {
    pub(super) fn new(request: &'a Request, state: &'a dyn Fn(&str) -> Box<str>) -> Self {
        Facts { request, state, body: std::cell::OnceCell::new() }
    }

    fn body(&self) -> Option<&Value> {
        self.body.get_or_init(|| serde_json::from_slice(self.request.body()).ok()).as_ref()
    }
}

impl Condition {
    /// Whether the request is so.
    pub(super) fn holds(&self, facts: &Facts<'_>) -> bool {
        match self {
            Condition::All(all) => all.iter().all(|condition| condition.holds(facts)),
            Condition::Any(any) => any.iter().any(|condition| condition.holds(facts)),
            Condition::Not(other) => !other.holds(facts),
            Condition::Is(subject, test) => subject.passes(test, facts),
        }
    }
}

impl Subject {
    fn passes(&self, test: &Test, facts: &Facts<'_>) -> bool {
        let request = facts.request;
        let first = |name: &str, mut pairs: Box<dyn Iterator<Item = Pair<'_>> + '_>| {
            pairs.find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
        };
        let text = match self {
            Subject::Body(pointer) => {
                return test.passes_json(facts.body().and_then(|body| body.pointer(pointer)));
            }
            Subject::Header(name) => request.field(name).map(|value| value.into_owned()),
            Subject::Query(name) => first(name, Box::new(request.query())),
            Subject::Param(name) => request.param(name).map(|value| value.into_owned()),
            Subject::Cookie(name) => first(name, Box::new(request.cookies())),
            Subject::Method => Some(request.method().into_owned()),
            Subject::Scenario(name) => Some((facts.state)(name).into()),
        };
        test.passes_text(text.as_deref())
    }
}

type Pair<'a> = (std::borrow::Cow<'a, str>, std::borrow::Cow<'a, str>);

impl Test {
    fn passes_text(&self, text: Option<&str>) -> bool {
        let Some(text) = text else { return matches!(self, Test::Exists(false)) };
        match self {
            Test::Exists(wanted) => *wanted,
            Test::Equals(value) => is_said(value, text),
            Test::Matches(pattern) => pattern.is_match(text),
            Test::Contains(value) => said(value).is_some_and(|value| text.contains(&*value)),
            Test::Greater(limit) => text.trim().parse::<f64>().is_ok_and(|number| number > *limit),
            Test::Less(limit) => text.trim().parse::<f64>().is_ok_and(|number| number < *limit),
        }
    }

    fn passes_json(&self, value: Option<&Value>) -> bool {
        let Some(value) = value else { return matches!(self, Test::Exists(false)) };
        match (self, value) {
            (Test::Exists(wanted), _) => *wanted,
            (Test::Equals(wanted), _) => same(wanted, value),
            (Test::Contains(wanted), Value::Array(items)) => items.iter().any(|item| same(wanted, item)),
            (Test::Matches(_) | Test::Contains(_), _) => {
                said(value).is_some_and(|text| self.passes_text(Some(&text)))
            }
            (Test::Greater(limit), Value::Number(_)) => value.as_f64().is_some_and(|number| number > *limit),
            (Test::Less(limit), Value::Number(_)) => value.as_f64().is_some_and(|number| number < *limit),
            (Test::Greater(_) | Test::Less(_), _) => false,
        }
    }
}

/// A scalar as text; numbers that are equal are the same text.
fn said(value: &Value) -> Option<String> {
    let scalar = match value {
        Value::String(text) => Scalar::String(text),
        Value::Bool(truth) => Scalar::Bool(*truth),
        Value::Number(number) => Scalar::Number(num(number)),
        Value::Null => return Some("null".to_owned()),
        Value::Array(_) | Value::Object(_) => return None,
    };
    Fact::text(scalar).map(|text| text.into_owned())
}

fn num(number: &serde_json::Number) -> Num {
    let integer = number.as_i64().map(i128::from).or(number.as_u64().map(i128::from));
    integer.map_or_else(|| Num::Float(number.as_f64().unwrap_or(f64::NAN)), Num::Integer)
}

/// Whether a text says a value: a number by value, for `1` is `1.0` wherever it is sent as text; all else to the letter.
fn is_said(wanted: &Value, text: &str) -> bool {
    let is_equal =
        |wanted: &serde_json::Number| text.parse::<f64>().is_ok_and(|number| wanted.as_f64() == Some(number));
    said(wanted).is_some_and(|said| said == text) || wanted.as_number().is_some_and(is_equal)
}

/// Equality of JSON: numbers by value, members in any order.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => match (num(one), num(other)) {
            (Num::Integer(one), Num::Integer(other)) => one == other,
            _ => one.as_f64() == other.as_f64(),
        },
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let has = |(name, value)| other.get(name).is_some_and(|other| same(value, other));
            one.len() == other.len() && one.iter().all(has)
        }
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use mocker_scripting::RequestBuilder;
    use serde_json::json;

    use super::*;

    fn holds(condition: &Condition) -> bool {
        let mut builder =
            RequestBuilder::new("POST", b"/pets/7", b"status=sold&limit=10&tag=a%20b&version=1.10");
        builder.field("X-Kind", b"Big cat");
        builder.field("Cookie", b"id=x7");
        builder.param("petId", b"7");
        let body = br#"{"user": {"name": "Ann", "age": 30, "tags": ["a", 2]}, "a/b": null, "total": 1.0}"#;
        condition.holds(&Facts::new(&builder.finish(body), &|name| format!("{name}-open").into()))
    }

    #[test]
    fn each_part_of_a_request_is_tested() {
        use {Subject::*, Test::*};
        let name = |name: &str| name.to_owned().into_boxed_str();
        let matches = |pattern: &str| Matches(Arc::new(Pattern::new(pattern)));
        let table = [
            (Header(name("x-kind")), Equals(json!("Big cat")), true),
            (Header(name("X-Kind")), matches("^big"), false),
            (Header(name("X-Kind")), matches("^[Bb]ig"), true),
            (Header(name("X-None")), Exists(false), true),
            (Header(name("X-None")), Equals(json!("")), false),
            (Query(name("status")), Equals(json!("sold")), true),
            (Query(name("limit")), Equals(json!(10)), true),
            (Query(name("limit")), Equals(json!(10.0)), true),
            (Query(name("limit")), Equals(json!("10")), true),
            (Query(name("limit")), Equals(json!("10.0")), false),
            (Query(name("version")), Equals(json!("1.10")), true),
            (Query(name("version")), Equals(json!("1.1")), false),
            (Query(name("version")), Equals(json!(1.1)), true),
            (Query(name("version")), Equals(json!(true)), false),
            (Query(name("limit")), Greater(9.5), true),
            (Query(name("limit")), Less(10.0), false),
            (Query(name("status")), Greater(0.0), false),
            (Query(name("tag")), Contains(json!(" b")), true),
            (Param(name("petId")), Equals(json!(7)), true),
            (Param(name("petId")), Equals(json!("8")), false),
            (Cookie(name("id")), matches("^x[0-9]$"), true),
            (Method, Equals(json!("POST")), true),
            (Scenario(name("door")), Equals(json!("door-open")), true),
            (Body(name("/user/name")), Equals(json!("Ann")), true),
            (Body(name("/user/age")), Equals(json!(30.0)), true),
            (Body(name("/user/age")), Equals(json!("30")), false),
            (Body(name("/user/age")), Greater(29.0), true),
            (Body(name("/user/name")), Less(1.0), false),
            (Body(name("/user/tags")), Contains(json!(2.0)), true),
            (Body(name("/user/tags")), Equals(json!(["a", 2])), true),
            (Body(name("/user/name")), Contains(json!("nn")), true),
            (Body(name("/user")), Equals(json!({"tags": ["a", 2], "age": 30, "name": "Ann"})), true),
            (Body(name("/user")), matches("Ann"), false),
            (Body(name("/a~1b")), Exists(true), true),
            (Body(name("/a~1b")), Equals(json!(null)), true),
            (Body(name("/none")), Exists(false), true),
            (Body(name("/total")), Equals(json!(1)), true),
        ];
        for (subject, test, expected) in table {
            let condition = Condition::Is(subject, test);
            assert_eq!(holds(&condition), expected, "{condition:?}");
        }
    }

    #[test]
    fn conditions_are_joined() {
        let is = |exists| Condition::Is(Subject::Method, Test::Exists(exists));
        let (yes, no) = (|| is(true), || is(false));
        assert!(holds(&Condition::All(vec![yes(), yes()])) && !holds(&Condition::All(vec![yes(), no()])));
        assert!(holds(&Condition::Any(vec![no(), yes()])) && !holds(&Condition::Any(vec![no()])));
        assert!(holds(&Condition::Not(Box::new(no()))) && !holds(&Condition::Not(Box::new(yes()))));
        assert!(holds(&Condition::All(Vec::new())) && !holds(&Condition::Any(Vec::new())));
    }

    #[test]
    fn a_body_that_is_no_json_has_nothing_in_it() {
        let builder = RequestBuilder::new("POST", b"/", b"");
        let request = builder.finish(b"{nope");
        let facts = Facts::new(&request, &|_| "".into());
        assert!(!Condition::Is(Subject::Body("".into()), Test::Exists(true)).holds(&facts));
        assert!(Condition::Is(Subject::Body("".into()), Test::Exists(false)).holds(&facts));
    }
}
