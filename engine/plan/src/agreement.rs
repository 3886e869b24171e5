//! Examples that agree with a request: `GET /pets/7` gets the example whose `id` is 7.

use std::borrow::Cow;

use mocker_openapi::model::{Example, ExampleValue, MediaType};
use mocker_schema::validate::Num;
use serde_json::Value;

use crate::request;

/// Something a request says: a parameter of its path or query, or a field of its body.
#[derive(Clone, Copy, Debug)]
pub struct Fact<'a> {
    /// Name of the parameter or field
    pub name: &'a str,
    /// Its value as text
    pub value: &'a str,
    /// Whether it identifies a resource, as variables of the path do: `petId` then is the `id` of a pet
    pub identifies: bool,
}

impl Fact<'_> {
    /// A scalar as facts have it: equal numbers are the same text, however they are written. `None` for what has
    /// parts, and for null.
    pub fn text(value: request::Value<'_>) -> Option<Cow<'_, str>> {
        Some(match value {
            request::Value::String(text) => Cow::Borrowed(text),
            request::Value::Bool(truth) => Cow::Borrowed(if truth { "true" } else { "false" }),
            request::Value::Number(number) => Cow::Owned(number_text(number)),
            request::Value::Null | request::Value::Array(_) | request::Value::Object(_) => return None,
        })
    }
}

fn number_text(number: Num) -> String {
    match number {
        Num::Integer(number) => number.to_string(),
        // without the sign of zero
        Num::Float(number) => (number + 0.0).to_string(),
    }
}

/// What each example of a media type says at its top.
pub(crate) struct Agreements(Box<[Members]>);

/// Scalar members of an object; of an array those that all its elements have in common.
type Members = Box<[(Box<str>, Box<str>)]>;

impl Agreements {
    pub(crate) fn new(media: &MediaType) -> Agreements {
        Agreements(media.examples.iter().map(members).collect())
    }

    /// The example that most facts agree with and none contradicts; `None` if no fact speaks for any.
    pub(crate) fn best(&self, facts: &[Fact<'_>]) -> Option<usize> {
        let mut best = None;
        for (index, members) in self.0.iter().enumerate() {
            let count = agreeing(members, facts).unwrap_or(0);
            if count > best.map_or(0, |(most, _)| most) {
                best = Some((count, index));
            }
        }
        best.map(|(_, index)| index)
    }
}

/// How many facts agree; `None` if one contradicts.
fn agreeing(members: &Members, facts: &[Fact<'_>]) -> Option<usize> {
    let mut count = 0;
    for fact in facts {
        let named = |name: &str| members.iter().find(|(member, _)| **member == *name);
        let identity = || (fact.identifies && is_identity(fact.name)).then(|| named("id")).flatten();
        match named(fact.name).or_else(identity) {
            Some((_, value)) if **value == *fact.value => count += 1,
            Some(_) => return None,
            None => {}
        }
    }
    Some(count)
}

/// `petId`, `pet_id`, `pet-id`, `ID`
fn is_identity(name: &str) -> bool {
    let end = name.len().saturating_sub(2);
    name.is_char_boundary(end) && matches!(&name[end..], "id" | "Id" | "ID")
}

fn members(example: &Example) -> Members {
    let ExampleValue::Json(text) = &example.value else { return Box::default() };
    match serde_json::from_str(text) {
        Ok(Value::Object(members)) => scalars(&members).collect(),
        Ok(Value::Array(items)) => common(&items),
        _ => Box::default(),
    }
}

fn common(items: &[Value]) -> Members {
    let Some((Value::Object(first), rest)) = items.split_first() else { return Box::default() };
    let shared = |(name, _): &(Box<str>, Box<str>)| {
        rest.iter().all(|item| item.get(&**name).is_some_and(|value| Some(value) == first.get(&**name)))
    };
    scalars(first).filter(shared).collect()
}

fn scalars(members: &serde_json::Map<String, Value>) -> impl Iterator<Item = (Box<str>, Box<str>)> {
    members.iter().filter_map(|(name, value)| Some((name.as_str().into(), scalar(value)?.into())))
}

fn scalar(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Null => Some(Cow::Borrowed("")),
        Value::Bool(truth) => Fact::text(request::Value::Bool(*truth)),
        Value::Number(number) => Fact::text(request::Value::Number(number.into())),
        Value::String(text) => Fact::text(request::Value::String(text)),
        Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use mocker_source::{FileId, Position};
    use serde_json::json;

    fn best(examples: &[Value], facts: &[(&str, &str, bool)]) -> Option<usize> {
        let position = Position { file: FileId(0), line: 1, column: 1 };
        let example =
            |value: &Value| Example::new("", ExampleValue::Json(value.to_string().into()), position);
        let facts: Vec<Fact<'_>> =
            facts.iter().map(|&(name, value, identifies)| Fact { name, value, identifies }).collect();
        Agreements(examples.iter().map(|value| members(&example(value))).collect()).best(&facts)
    }

    #[test]
    fn equal_numbers_agree_however_they_are_written() {
        for (written, sent) in [
            ("5.0", Value::from(5)),
            ("5", Value::from(5.0)),
            ("1e-7", json!(0.0000001)),
            ("1e2", json!(100)),
            ("-0.0", json!(0)),
            ("1e300", json!(1e300)),
        ] {
            let example: Value = serde_json::from_str(&format!("{{\"price\": {written}}}")).unwrap();
            let fact = scalar(&sent).unwrap();
            assert_eq!(
                best(&[json!({"price": 1}), example], &[("price", &fact, false)]),
                Some(1),
                "{written}"
            );
        }
    }

    #[test]
    fn the_example_that_agrees() {
        let pets = [
            json!({"id": 1, "kind": "cat"}),
            json!({"id": 7, "kind": "dog"}),
            json!({"id": 7, "kind": "cat"}),
        ];
        for (facts, expected) in [
            (&[("id", "7", true)][..], Some(1)),
            (&[("petId", "7", true)], Some(1)),
            (&[("petId", "7", false)], None),
            (&[("id", "7", true), ("kind", "cat", false)], Some(2)),
            (&[("id", "8", true)], None),
            (&[("id", "1", true), ("kind", "dog", false)], None),
            (&[("limit", "7", false)], None),
            (&[], None),
        ] {
            assert_eq!(best(&pets, facts), expected, "{facts:?}");
        }
    }

    #[test]
    fn an_array_agrees_where_all_its_elements_do() {
        let lists = [
            json!([{"status": "sold"}, {"status": "open"}]),
            json!([{"status": "sold", "id": 1}, {"status": "sold", "id": 2}]),
            json!([]),
        ];
        assert_eq!(best(&lists, &[("status", "sold", false)]), Some(1));
        assert_eq!(best(&lists, &[("status", "open", false)]), None);
        assert_eq!(best(&lists, &[("id", "1", false)]), None);
    }
}
