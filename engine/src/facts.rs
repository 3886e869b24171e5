//! What a request says that an example may agree with.

use std::borrow::Cow;
use std::fmt;

use bumpalo::Bump;
use mocker_plan::Fact;
use mocker_plan::request::{Rules, Sent, Value};
use mocker_schema::Schemas;
use mocker_schema::validate::Num;
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

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
        Some(Owned { name: name.into(), value: Fact::text(value)?.into(), identifies })
    };
    Facts(rules.parameters.values(schemas, sent, arena).filter_map(fact).collect())
}

impl Facts {
    /// With what the body says, if it is a JSON object.
    pub(crate) fn with_body(mut self, body: &[u8]) -> Facts {
        if let Ok(members) = serde_json::from_slice::<Members>(body) {
            self.0.extend(members.0);
        }
        self
    }

    pub(crate) fn borrowed(&self) -> Vec<Fact<'_>> {
        let of = self.0.iter();
        of.map(|fact| Fact { name: &fact.name, value: &fact.value, identifies: fact.identifies }).collect()
    }
}

/// The scalar members of a JSON object; the rest is read over.
struct Members(Vec<Owned>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(OfMembers)
    }
}

struct OfMembers;

impl<'de> Visitor<'de> for OfMembers {
    type Value = Members;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut members = Vec::new();
        while let Some((name, Scalar(value))) = map.next_entry::<Cow<'de, str>, Scalar>()? {
            members.extend(value.map(|value| Owned { name: name.into(), value, identifies: false }));
        }
        Ok(Members(members))
    }
}

/// The text of a scalar; of anything else nothing.
struct Scalar(Option<Box<str>>);

impl Scalar {
    fn of<E>(value: Value<'_>) -> Result<Scalar, E> {
        Ok(Scalar(Fact::text(value).map(Into::into)))
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OfScalar)
    }
}

struct OfScalar;

impl<'de> Visitor<'de> for OfScalar {
    type Value = Scalar;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Scalar, E> {
        Ok(Scalar(Some(Box::default())))
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<Scalar, E> {
        Scalar::of(Value::Bool(truth))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Scalar, E> {
        Scalar::of(Value::Number(Num::Integer(number.into())))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Scalar, E> {
        Scalar::of(Value::Number(Num::Integer(number.into())))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Scalar, E> {
        Scalar::of(Value::Number(Num::Float(number)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Scalar, E> {
        Scalar::of(Value::String(text))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Scalar, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar(None))
    }
}
