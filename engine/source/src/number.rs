//! Numbers as YAML's core schema (YAML 1.2.2, 10.3.2) and JSON write them.

/// A number as JSON can hold it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Numeric {
    Signed(i64),
    /// Above `i64::MAX`.
    Unsigned(u64),
    /// Finite.
    Float(f64),
}

/// The number that `text` writes; `None` where it is no number, or one beyond `f64`.
///
/// `007` and `08` are not numbers: authors mean codes by them.
pub(crate) fn parse(text: &str) -> Option<Numeric> {
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if !unsigned.is_empty() && unsigned.bytes().all(|byte| byte.is_ascii_digit()) {
        integer(text, unsigned)
    } else if is_float(unsigned.as_bytes()) {
        float(text)
    } else {
        None
    }
}

fn integer(text: &str, digits: &str) -> Option<Numeric> {
    if digits.len() > 1 && digits.starts_with('0') {
        return None;
    }
    if text == "-0" {
        return Some(Numeric::Float(-0.0));
    }
    if let Ok(value) = text.parse() {
        return Some(Numeric::Signed(value));
    }
    text.parse().map(Numeric::Unsigned).ok().or_else(|| float(text))
}

fn float(text: &str) -> Option<Numeric> {
    text.parse::<f64>().ok().filter(|value| value.is_finite()).map(Numeric::Float)
}

fn radix(digits: &str, radix: u32) -> Option<Numeric> {
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    if let Ok(value) = i64::from_str_radix(digits, radix) {
        return Some(Numeric::Signed(value));
    }
    if let Ok(value) = u64::from_str_radix(digits, radix) {
        return Some(Numeric::Unsigned(value));
    }
    let digit = |character: char| f64::from(character.to_digit(radix).unwrap_or(0));
    let value = digits.chars().fold(0.0, |sum, character| sum * f64::from(radix) + digit(character));
    value.is_finite().then_some(Numeric::Float(value))
}

/// `( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn is_float(text: &[u8]) -> bool {
    let whole = digits(text);
    let mut rest = &text[whole..];
    if let [b'.', fraction @ ..] = rest {
        let places = digits(fraction);
        if whole == 0 && places == 0 {
            return false;
        }
        rest = &fraction[places..];
    } else if whole == 0 {
        return false;
    }
    match rest {
        [] => true,
        [b'e' | b'E', b'-' | b'+', exponent @ ..] | [b'e' | b'E', exponent @ ..] => {
            !exponent.is_empty() && digits(exponent) == exponent.len()
        }
        _ => false,
    }
}

fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
}
