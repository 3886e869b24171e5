//! Values of Rhai to JSON text.

use rhai::Dynamic;

use crate::limits::MAX_JSON_DEPTH;
use crate::script::meter::works_on;

/// Writes a value behind what is in `out`. Members come in the order of their names, as Rhai keeps them.
///
/// # Errors
/// When something in it has no JSON: a number that is not finite, a function, a blob, or what is too deep. The text
/// names its place as a JSON pointer.
pub(crate) fn write(value: &Dynamic, out: &mut Vec<u8>) -> Result<(), String> {
    let before = out.len();
    let done = written(value, 0, out);
    works_on(out.len() - before);
    done.map_err(|Unwritable { mut place, reason }| {
        if place.is_empty() {
            return reason;
        }
        place.reverse();
        format!("{reason}, at /{}", place.join("/"))
    })
}

/// A value as JSON text.
///
/// # Errors
/// As [`write`].
pub(crate) fn to_text(value: &Dynamic) -> Result<String, String> {
    let mut out = Vec::with_capacity(128);
    write(value, &mut out)?;
    String::from_utf8(out).map_err(|error| error.to_string())
}

/// What has no JSON, and where: from the inside out.
struct Unwritable {
    place: Vec<String>,
    reason: String,
}

impl Unwritable {
    fn new(reason: impl Into<String>) -> Unwritable {
        Unwritable { place: Vec::new(), reason: reason.into() }
    }

    fn within(mut self, name: impl Into<String>) -> Unwritable {
        // The inner end of a deep place tells enough.
        if self.place.len() < 8 {
            self.place.push(name.into());
        }
        self
    }
}

fn written(value: &Dynamic, depth: usize, out: &mut Vec<u8>) -> Result<(), Unwritable> {
    if let Ok(text) = value.as_immutable_string_ref() {
        text_into(&text, out);
    } else if let Ok(number) = value.as_int() {
        display_into(number, out);
    } else if let Ok(map) = value.as_map_ref() {
        let depth = deeper(depth)?;
        out.push(b'{');
        for (index, (name, member)) in map.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            text_into(name, out);
            out.push(b':');
            written(member, depth, out).map_err(|unwritable| unwritable.within(name.as_str()))?;
        }
        out.push(b'}');
    } else if let Ok(items) = value.as_array_ref() {
        let depth = deeper(depth)?;
        out.push(b'[');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            written(item, depth, out).map_err(|unwritable| unwritable.within(index.to_string()))?;
        }
        out.push(b']');
    } else {
        scalar(value, out)?;
    }
    Ok(())
}

/// What is seen less often.
fn scalar(value: &Dynamic, out: &mut Vec<u8>) -> Result<(), Unwritable> {
    if let Ok(is) = value.as_bool() {
        out.extend_from_slice(if is { b"true" } else { b"false" });
    } else if value.is_unit() {
        out.extend_from_slice(b"null");
    } else if let Ok(number) = value.as_float() {
        if !number.is_finite() {
            return Err(Unwritable::new(format!("{number} is no number of JSON")));
        }
        display_into(number, out);
    } else if let Ok(character) = value.as_char() {
        text_into(character.encode_utf8(&mut [0; 4]), out);
    } else if value.is_blob() {
        return Err(Unwritable::new("a blob has no JSON; encode it, as with `base64::encode`"));
    } else if value.is_fnptr() {
        return Err(Unwritable::new("a function has no JSON"));
    } else {
        return Err(Unwritable::new(format!("a value of type `{}` has no JSON", short(value.type_name()))));
    }
    Ok(())
}

fn deeper(depth: usize) -> Result<usize, Unwritable> {
    match depth < MAX_JSON_DEPTH {
        true => Ok(depth + 1),
        false => Err(Unwritable::new(format!("more than {MAX_JSON_DEPTH} values inside each other"))),
    }
}

fn text_into(text: &str, out: &mut Vec<u8>) {
    if text.bytes().any(|byte| byte < b' ' || byte == b'"' || byte == b'\\') {
        // Writing text to memory cannot fail.
        let _ = serde_json::to_writer(out, text);
        return;
    }
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
}

fn display_into<T: serde::Serialize>(number: T, out: &mut Vec<u8>) {
    // Writing a finite number to memory cannot fail.
    let _ = serde_json::to_writer(out, &number);
}

/// A type's name without its path.
pub(super) fn short(name: &str) -> &str {
    name.rsplit("::").next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;
    use rhai::{Array, Dynamic, Map};
    use serde_json::Value;

    use super::super::{from_value, parse, to_text};
    use crate::limits::MAX_JSON_DEPTH;

    #[test]
    fn values_have_their_json() {
        for (text, expected) in [
            (
                r#" {"b": [1, -2.5, 1e300], "a": "\u00e9\n\"" , "c":{}} "#,
                r#"{"a":"é\n\"","b":[1,-2.5,1e+300],"c":{}}"#,
            ),
            ("18446744073709551615", "1.8446744073709552e+19"),
            ("-9223372036854775808", "-9223372036854775808"),
            ("null", "null"),
            ("1.0", "1.0"),
            (r#"{"a":1,"a":true}"#, r#"{"a":true}"#),
        ] {
            assert_eq!(to_text(&parse(text.as_bytes()).unwrap()).unwrap(), expected);
        }
        for text in ["", "{", "1 2", "{\"a\" 1}", "nul", "\"\\ud800\""] {
            assert!(parse(text.as_bytes()).unwrap_err().contains("column"), "{text}");
        }
    }

    #[test]
    fn depth_is_bounded_both_ways() {
        let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        let value = parse(nested(MAX_JSON_DEPTH).as_bytes()).unwrap();
        assert_eq!(to_text(&value).unwrap(), nested(MAX_JSON_DEPTH));
        assert!(parse(nested(MAX_JSON_DEPTH + 1).as_bytes()).unwrap_err().contains("inside each other"));
        let deeper: Dynamic = vec![value].into();
        assert!(to_text(&deeper).unwrap_err().contains("inside each other"));
    }

    #[test]
    fn what_has_no_json_is_named_with_its_place() {
        let place = |value: Dynamic| {
            let list: Array = vec![Dynamic::UNIT, value];
            to_text(&Map::from([("pet".into(), list.into())]).into()).unwrap_err()
        };
        assert_eq!(place(f64::NAN.into()), "NaN is no number of JSON, at /pet/1");
        assert_eq!(place(f64::INFINITY.into()), "inf is no number of JSON, at /pet/1");
        assert!(place(Dynamic::from_blob(vec![1])).contains("base64::encode"));
        assert!(place(rhai::FnPtr::new("f").unwrap().into()).contains("a function"));
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(Value::from),
            ".{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(".{0,6}", inner, 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(value in any_json()) {
            let text = to_text(&from_value(&value)).unwrap();
            prop_assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value.clone());
            prop_assert_eq!(to_text(&parse(value.to_string().as_bytes()).unwrap()).unwrap(), text);
        }
    }
}
