//! Text to the value that a schema's types ask for, as Ajv's `coerceTypes` does it.

use mocker_schema::Types;
use mocker_schema::validate::Num;

use super::Value;

/// What `text` is where `types` are allowed: the text itself if it may be a string or is none of the
/// other types, so that the schema names the type it wanted.
pub fn coerce(types: Types, text: &str) -> Value<'_> {
    if types.contains(Types::STRING) {
        return Value::String(text);
    }
    if types.intersects(Types::NUMBER)
        && let Some(number) = number(text)
        && (types.contains(Types::FRACTION) || number.is_integer())
    {
        return Value::Number(number);
    }
    match text {
        "true" if types.contains(Types::BOOLEAN) => Value::Bool(true),
        "false" if types.contains(Types::BOOLEAN) => Value::Bool(false),
        "" if types.contains(Types::NULL) => Value::Null,
        _ => Value::String(text),
    }
}

/// A decimal number with or without fraction and exponent; nothing else that Rust or JavaScript read as one.
fn number(text: &str) -> Option<Num> {
    let text = text.trim_ascii();
    let is_decimal = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    if !is_decimal {
        return None;
    }
    if let Ok(integer) = text.parse::<i64>() {
        return Some(Num::Integer(integer.into()));
    }
    let float: f64 = text.parse().ok()?;
    float.is_finite().then_some(Num::Float(float))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_what_is_asked_for() {
        let nullable = Types::INTEGER.or(Types::NULL);
        for (types, text, expected) in [
            (Types::INTEGER, "5", "Number(Integer(5))"),
            (Types::INTEGER, "5.0", "Number(Float(5.0))"),
            (Types::INTEGER, "5.5", "String(\"5.5\")"),
            (Types::NUMBER, "-1e3", "Number(Float(-1000.0))"),
            (Types::NUMBER, " 7 ", "Number(Integer(7))"),
            (Types::NUMBER, "1e999", "String(\"1e999\")"),
            (Types::NUMBER, "inf", "String(\"inf\")"),
            (Types::NUMBER, "NaN", "String(\"NaN\")"),
            (Types::NUMBER, "", "String(\"\")"),
            (Types::NUMBER, "0x10", "String(\"0x10\")"),
            (Types::BOOLEAN, "true", "Bool(true)"),
            (Types::BOOLEAN, "1", "String(\"1\")"),
            (nullable, "", "Null"),
            (nullable, "null", "String(\"null\")"),
            (Types::STRING.or(Types::INTEGER), "5", "String(\"5\")"),
            (Types::ANY, "5", "String(\"5\")"),
            (Types::OBJECT, "5", "String(\"5\")"),
            (Types::NONE, "5", "String(\"5\")"),
        ] {
            assert_eq!(format!("{:?}", coerce(types, text)), expected, "{types:?} {text}");
        }
    }
}
