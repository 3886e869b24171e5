//! JSON text to values of Rhai.

use std::fmt;
use std::marker::PhantomData;

use rhai::{Array, Dynamic, Map};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::limits::MAX_JSON_DEPTH;
use crate::script::meter::works_on;

/// A text's value. Numbers beyond 64 bits become floats; of members of one name the last counts.
///
/// # Errors
/// When it is no JSON, with the place, or too deep.
pub(crate) fn parse(text: &[u8]) -> Result<Dynamic, String> {
    works_on(text.len());
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = Seed { depth: 0 }.deserialize(&mut deserializer).map_err(|error| error.to_string())?;
    deserializer.end().map_err(|error| error.to_string())?;
    Ok(value)
}

/// The same of a value that was parsed already.
pub(crate) fn from_value(value: &Value) -> Dynamic {
    match value {
        Value::Null => Dynamic::UNIT,
        Value::Bool(is) => (*is).into(),
        Value::Number(number) => match number.as_i64() {
            Some(number) => number.into(),
            None => number.as_f64().unwrap_or(f64::NAN).into(),
        },
        Value::String(text) => text.as_str().into(),
        Value::Array(items) => items.iter().map(from_value).collect::<Array>().into(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.as_str().into(), from_value(value)))
            .collect::<Map>()
            .into(),
    }
}

/// Reads one value, so and so deep inside others.
#[derive(Clone, Copy)]
struct Seed {
    depth: usize,
}

impl Seed {
    fn inner<E: Error>(self) -> Result<Seed, E> {
        match self.depth < MAX_JSON_DEPTH {
            true => Ok(Seed { depth: self.depth + 1 }),
            false => Err(E::custom(format_args!("more than {MAX_JSON_DEPTH} values inside each other"))),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Seed {
    type Value = Dynamic;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Dynamic, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed {
    type Value = Dynamic;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Dynamic, E> {
        Ok(Dynamic::UNIT)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Dynamic, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Dynamic, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Dynamic, E> {
        Ok(i64::try_from(value).map_or_else(|_| (value as f64).into(), Dynamic::from))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Dynamic, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Dynamic, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Dynamic, A::Error> {
        let inner = self.inner()?;
        let mut array = Array::new();
        while let Some(item) = items.next_element_seed(inner)? {
            array.push(item);
        }
        Ok(array.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Dynamic, A::Error> {
        let inner = self.inner()?;
        let mut map = Map::new();
        while let Some(name) = members.next_key_seed(Name(PhantomData))? {
            map.insert(name, members.next_value_seed(inner)?);
        }
        Ok(map.into())
    }
}

/// Reads the name of a member, as what a map of Rhai keeps it in.
struct Name<T>(PhantomData<T>);

impl<'de, T: for<'t> From<&'t str>> DeserializeSeed<'de> for Name<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<T: for<'t> From<&'t str>> Visitor<'_> for Name<T> {
    type Value = T;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the name of a member")
    }

    fn visit_str<E>(self, value: &str) -> Result<T, E> {
        Ok(value.into())
    }
}
