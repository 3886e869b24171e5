//! JSON texts to values in an arena.

use bumpalo::Bump;
use bumpalo::collections::Vec;
use mocker_schema::validate::Num;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::request::Value;

/// The value of a whole JSON text; `None` where it is none. Nesting is limited by the parser (128).
/// Of members with one name the last counts.
pub(crate) fn parse<'a>(text: &'a str, arena: &'a Bump) -> Option<Value<'a>> {
    let mut parser = serde_json::Deserializer::from_str(text);
    let value = Build { arena }.deserialize(&mut parser).ok()?;
    parser.end().ok()?;
    Some(value)
}

#[derive(Clone, Copy)]
struct Build<'a> {
    arena: &'a Bump,
}

impl<'a> DeserializeSeed<'a> for Build<'a> {
    type Value = Value<'a>;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Value<'a>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Build<'a> {
    type Value = Value<'a>;

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value<'a>, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value<'a>, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value<'a>, E> {
        Ok(Value::Number(Num::Integer(number.into())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value<'a>, E> {
        Ok(Value::Number(Num::Integer(number.into())))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value<'a>, E> {
        Ok(Value::Number(Num::Float(number)))
    }

    fn visit_borrowed_str<E>(self, text: &'a str) -> Result<Value<'a>, E> {
        Ok(Value::String(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value<'a>, E> {
        Ok(Value::String(self.arena.alloc_str(text)))
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut list: A) -> Result<Value<'a>, A::Error> {
        let mut items = Vec::new_in(self.arena);
        while let Some(item) = list.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Value::Array(items.into_bump_slice()))
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Value<'a>, A::Error> {
        let mut members = Vec::new_in(self.arena);
        while let Some(name) = map.next_key_seed(Name { arena: self.arena })? {
            members.push((name, members.len(), map.next_value_seed(self)?));
        }
        members.sort_unstable_by_key(|(name, order, _)| (*name, std::cmp::Reverse(*order)));
        members.dedup_by_key(|(name, ..)| *name);
        members.sort_unstable_by_key(|(_, order, _)| *order);
        let members = members.into_iter().map(|(name, _, value)| (name, value));
        Ok(Value::Object(Vec::from_iter_in(members, self.arena).into_bump_slice()))
    }
}

/// The name of a member.
struct Name<'a> {
    arena: &'a Bump,
}

impl<'a> DeserializeSeed<'a> for Name<'a> {
    type Value = &'a str;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<&'a str, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'a> Visitor<'a> for Name<'a> {
    type Value = &'a str;

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("a name")
    }

    fn visit_borrowed_str<E>(self, text: &'a str) -> Result<&'a str, E> {
        Ok(text)
    }

    fn visit_str<E>(self, text: &str) -> Result<&'a str, E> {
        Ok(self.arena.alloc_str(text))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::request::parameters::tests::to_json;

    #[test]
    fn texts_are_read_as_serde_json_reads_them() {
        let arena = Bump::new();
        for text in [
            "null",
            "true",
            " -5 ",
            "1.5e3",
            "18446744073709551615",
            "\"a\\u00e9\\n\"",
            "[1, [], {\"a\": [\"x\"]}]",
            "{\"a\": 1, \"b\": 2, \"a\": 3}",
            "{\"\\u0061\": 1}",
        ] {
            let expected: serde_json::Value = serde_json::from_str(text).unwrap();
            assert_eq!(to_json(parse(text, &arena).unwrap()), expected, "{text}");
        }
        for text in ["", "{", "[1,]", "1 2", "nul", "'a'", "{a:1}", &"[".repeat(1000)] {
            assert!(parse(arena.alloc_str(text), &arena).is_none(), "{text}");
        }
    }
}
