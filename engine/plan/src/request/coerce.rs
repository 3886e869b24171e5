//! Text to the scalar that a schema's types ask for, by the rules of Ajv's `coerceTypes`:
//!
//! | asked for | text |
//! |---|---|
//! | `string` | any |
//! | `integer`, `number` | what JavaScript reads as a finite number: `5`, `5.0`, `1e3`, `+.5`, `0x1f`, ` 5 ` |
//! | `boolean` | `true`, `false` |
//! | `null` | the empty text |
//!
//! Where a text may be several of them, a string goes first and the first that is valid is taken. A text that
//! is none of them stays text, and the schema says what is wrong.

use mocker_schema::Types;
use mocker_schema::validate::Num;

use super::Value;

/// What `text` is where `types` are allowed: the text itself if it may be a string or is none of the
/// other types, so that the schema names the type it wanted.
pub fn coerce(types: Types, text: &str) -> Value<'_> {
    let other = (!types.contains(Types::STRING)).then(|| scalar_but_text(types, text)).flatten();
    other.unwrap_or(Value::String(text))
}

/// The number, truth value or null that `text` is, of those that are asked for.
#[inline]
pub(crate) fn scalar_but_text<'a>(asked: Types, text: &str) -> Option<Value<'a>> {
    let number = asked.intersects(Types::NUMBER).then(|| number(text)).flatten();
    let number = number.filter(|number| asked.contains(Types::FRACTION) || number.is_integer());
    number.map(Value::Number).or_else(|| bool_or_null(asked, text))
}

fn bool_or_null<'a>(asked: Types, text: &str) -> Option<Value<'a>> {
    match text {
        "true" if asked.contains(Types::BOOLEAN) => Some(Value::Bool(true)),
        "false" if asked.contains(Types::BOOLEAN) => Some(Value::Bool(false)),
        "" if asked.contains(Types::NULL) => Some(Value::Null),
        _ => None,
    }
}

/// The whole number of 64 bits that `text` is where an integer is asked for.
pub(crate) fn whole_number(text: &str) -> Option<i64> {
    match number(text)? {
        Num::Integer(number) => number.try_into().ok(),
        Num::Float(number) => {
            (number.fract() == 0.0 && number.abs() < WHOLE_FLOAT_END).then_some(number as i64)
        }
    }
}

/// 2^63: whole numbers below it have 64 bits.
const WHOLE_FLOAT_END: f64 = 9_223_372_036_854_775_808.0;

/// The number that `text` is in JavaScript (ECMA-262, `StringToNumber`), if it is finite. Blank text is none.
fn number(text: &str) -> Option<Num> {
    let text = text.trim();
    if let Ok(integer) = text.parse::<i64>() {
        return Some(Num::Integer(integer.into()));
    }
    let radix = match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => Some(16),
        [b'0', b'o' | b'O', ..] => Some(8),
        [b'0', b'b' | b'B', ..] => Some(2),
        _ => None,
    };
    if let Some(radix) = radix {
        let digits = &text[2..];
        let is_signed = digits.starts_with(['+', '-']);
        return u64::from_str_radix(digits, radix)
            .ok()
            .filter(|_| !is_signed)
            .map(|n| Num::Integer(n.into()));
    }
    if let Ok(integer) = text.parse::<u64>() {
        return Some(Num::Integer(integer.into()));
    }
    // Rust also reads `inf` and `nan`
    let is_decimal = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    let number = if is_decimal { text.parse::<f64>().ok() } else { None };
    number.filter(|number| number.is_finite()).map(Num::Float)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_javascript_reads_them() {
        for (text, expected) in [
            ("5", Some(5.0)),
            ("-5", Some(-5.0)),
            ("+5", Some(5.0)),
            ("5.0", Some(5.0)),
            ("5.", Some(5.0)),
            (".5", Some(0.5)),
            ("1e3", Some(1000.0)),
            ("1E-2", Some(0.01)),
            (" 7 ", Some(7.0)),
            ("007", Some(7.0)),
            ("0x1F", Some(31.0)),
            ("0o17", Some(15.0)),
            ("0b101", Some(5.0)),
            ("18446744073709551615", Some(18_446_744_073_709_551_615.0)),
            ("99999999999999999999999", Some(1e23)),
            ("", None),
            (" ", None),
            (".", None),
            ("-", None),
            ("e5", None),
            ("1e", None),
            ("1e999", None),
            ("Infinity", None),
            ("inf", None),
            ("NaN", None),
            ("0x", None),
            ("0x-1", None),
            ("-0x1", None),
            ("1_000", None),
            ("1,5", None),
            ("5a", None),
            ("\u{665}", None),
        ] {
            let read = number(text).map(|number| match number {
                Num::Integer(n) => n as f64,
                Num::Float(f) => f,
            });
            assert_eq!(read, expected, "{text:?}");
        }
    }

    #[test]
    fn integers_of_64_bits_are_exact() {
        for text in ["9223372036854775807", "-9223372036854775808", "18446744073709551615"] {
            let Some(Num::Integer(n)) = number(text) else { panic!("{text}") };
            assert_eq!(n.to_string(), text);
        }
    }

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
            (Types::NUMBER, "0x10", "Number(Integer(16))"),
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
