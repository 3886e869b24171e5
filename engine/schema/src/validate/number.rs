//! Numbers: exact comparison of integers with fractions, exact steps of decimals, and the
//! keywords `maximum minimum exclusiveMaximum exclusiveMinimum multipleOf`.

use std::cmp::Ordering;
use std::fmt::Write;

use serde_json::Number;

use super::path::Path;
use super::sink::Sink;
use crate::node::NumberRules;

/// A JSON number: an integer exactly, anything else as its nearest double.
#[derive(Clone, Copy, Debug)]
pub enum Num {
    /// Written without fraction, at most 64 bits
    Integer(i128),
    /// Everything else
    Float(f64),
}

impl From<&Number> for Num {
    fn from(number: &Number) -> Self {
        if let Some(n) = number.as_i64() {
            Num::Integer(n.into())
        } else if let Some(n) = number.as_u64() {
            Num::Integer(n.into())
        } else {
            Num::Float(number.as_f64().unwrap_or(f64::NAN))
        }
    }
}

/// Doubles at least this large have no fraction and need no exact comparison with 65-bit integers.
const BEYOND_INTEGERS: f64 = 1e30;

impl Num {
    /// Whether the fraction is zero (`1.0` is an integer to JSON Schema).
    pub fn is_integer(self) -> bool {
        match self {
            Num::Integer(_) => true,
            Num::Float(f) => f.is_finite() && f.fract() == 0.0,
        }
    }

    /// Numeric order; `None` only for what is not a number.
    pub fn order(self, other: Num) -> Option<Ordering> {
        match (self, other) {
            (Num::Integer(a), Num::Integer(b)) => Some(a.cmp(&b)),
            (Num::Float(a), Num::Float(b)) => a.partial_cmp(&b),
            (Num::Integer(a), Num::Float(b)) => order_mixed(a, b),
            (Num::Float(a), Num::Integer(b)) => order_mixed(b, a).map(Ordering::reverse),
        }
    }

    /// Whether this is an integer times `step`, both taken as the decimals they are written as.
    pub fn is_multiple_of(self, step: Num) -> bool {
        if let (Num::Integer(value), Num::Integer(step)) = (self, step) {
            return step != 0 && value % step == 0;
        }
        match (Decimal::of(self), Decimal::of(step)) {
            (Some(value), Some(step)) => value.is_multiple_of(step),
            _ => false,
        }
    }

    /// The same for all equal numbers.
    pub(super) fn hash_bits(self) -> u64 {
        match self {
            Num::Integer(n) => n as u64,
            Num::Float(f) if self.is_integer() && f.abs() < BEYOND_INTEGERS => f as i128 as u64,
            Num::Float(f) => f.to_bits(),
        }
    }
}

fn order_mixed(a: i128, b: f64) -> Option<Ordering> {
    if b.is_nan() {
        return None;
    }
    if b.abs() >= BEYOND_INTEGERS {
        return Some(if b > 0.0 { Ordering::Less } else { Ordering::Greater });
    }
    let whole = b.trunc();
    let order = a.cmp(&(whole as i128));
    Some(order.then_with(|| 0.0f64.partial_cmp(&(b - whole)).unwrap_or(Ordering::Equal)))
}

/// `digits * 10^exponent`, with no zero at the end of `digits`.
#[derive(Clone, Copy)]
struct Decimal {
    digits: u128,
    exponent: i32,
}

impl Decimal {
    /// The shortest decimal that reads back as the same number; the sign does not matter here.
    fn of(number: Num) -> Option<Decimal> {
        let (mut digits, mut exponent) = match number {
            Num::Integer(n) => (n.unsigned_abs(), 0),
            Num::Float(f) if f.is_finite() => shortest(f.abs())?,
            Num::Float(_) => return None,
        };
        while digits != 0 && digits.is_multiple_of(10) {
            digits /= 10;
            exponent += 1;
        }
        Some(Decimal { digits, exponent })
    }

    fn is_multiple_of(self, step: Decimal) -> bool {
        if self.digits == 0 {
            return step.digits != 0;
        }
        let shift = self.exponent - step.exponent;
        if step.digits == 0 || shift < 0 {
            return false;
        }
        self.shifted_remainder(step.digits, shift) == 0
    }

    /// The remainder of `digits * 10^shift`; `modulus` has at most 65 bits, `shift` at most some 650.
    fn shifted_remainder(self, modulus: u128, shift: i32) -> u128 {
        (0..shift).fold(self.digits % modulus, |rest, _| rest * 10 % modulus)
    }
}

/// Digits and exponent of the shortest decimal form.
fn shortest(f: f64) -> Option<(u128, i32)> {
    let mut text = Stack { bytes: [0; 40], length: 0 };
    write!(text, "{f:e}").ok()?;
    let text = std::str::from_utf8(&text.bytes[..text.length]).ok()?;
    let (mantissa, exponent) = text.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    let decimals = mantissa.split_once('.').map_or(0, |(_, decimals)| decimals.len() as i32);
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).fold(0, |n, d| n * 10 + u128::from(d - b'0'));
    Some((digits, exponent - decimals))
}

struct Stack {
    bytes: [u8; 40],
    length: usize,
}

impl Write for Stack {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let end = self.length + text.len();
        self.bytes.get_mut(self.length..end).ok_or(std::fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

/// The keywords of numbers, in Ajv's order.
pub(super) fn check<S: Sink>(rules: &NumberRules, value: Num, path: &Path<'_>, sink: &mut S) -> bool {
    use Ordering::{Equal, Greater, Less};
    let bounds: [(&Option<Number>, &'static str, &str, &[Ordering]); 4] = [
        (&rules.maximum, "maximum", "<=", &[Less, Equal]),
        (&rules.minimum, "minimum", ">=", &[Greater, Equal]),
        (&rules.exclusive_maximum, "exclusiveMaximum", "<", &[Less]),
        (&rules.exclusive_minimum, "exclusiveMinimum", ">", &[Greater]),
    ];
    let mut valid = true;
    for (bound, keyword, sign, allowed) in bounds {
        let Some(bound) = bound else { continue };
        if value.order(Num::from(bound)).is_some_and(|order| !allowed.contains(&order)) {
            valid = false;
            if sink.report(path, keyword, || format!("must be {sign} {bound}")) {
                return false;
            }
        }
    }
    if let Some(step) = &rules.multiple_of
        && !value.is_multiple_of(Num::from(step))
    {
        sink.report(path, "multipleOf", || format!("must be multiple of {step}"));
        valid = false;
    }
    valid
}
