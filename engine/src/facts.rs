//! What a request says that an example may agree with.

use bumpalo::Bump;
use mocker_plan::Fact;
use mocker_plan::request::{Rules, Sent, Value};
use mocker_schema::Schemas;
use mocker_schema::validate::Num;

/// Parameters of path and query, and scalar members of a JSON body.
#[derive(Debug, Default)]
pub(crate) struct Facts(Vec<Owned>);

#[derive(Debug)]
struct Owned {
    name: Box<str>,
    value: Box<str>,
    identifies: bool,
}

/// What the head says.
pub(crate) fn of_head<'a>(rules: &Rules, schemas: &Schemas, sent: &Sent<'a>, arena: &'a Bump) -> Facts {
    let fact = |(name, value): (&str, Value<'_>)| {
        let identifies = sent.names.iter().any(|variable| **variable == *name);
        Some(Owned { name: name.into(), value: text(value)?.into(), identifies })
    };
    Facts(rules.parameters.values(schemas, sent, arena).filter_map(fact).collect())
}

impl Facts {
    /// With what the body says, if it is a JSON object.
    pub(crate) fn with_body(mut self, body: &[u8]) -> Facts {
        if let Ok(serde_json::Value::Object(members)) = serde_json::from_slice(body) {
            let fact = |(name, value): (String, serde_json::Value)| {
                let value = match value {
                    serde_json::Value::String(text) => text,
                    serde_json::Value::Object(_) | serde_json::Value::Array(_) => return None,
                    scalar => scalar.to_string(),
                };
                Some(Owned { name: name.into(), value: value.into(), identifies: false })
            };
            self.0.extend(members.into_iter().filter_map(fact));
        }
        self
    }

    pub(crate) fn borrowed(&self) -> Vec<Fact<'_>> {
        let of = self.0.iter();
        of.map(|fact| Fact { name: &fact.name, value: &fact.value, identifies: fact.identifies }).collect()
    }
}

fn text(value: Value<'_>) -> Option<String> {
    match value {
        Value::String(text) => Some(text.to_owned()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Number(Num::Integer(number)) => Some(number.to_string()),
        Value::Number(Num::Float(number)) => Some(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
