//! Sums and means. Whole numbers stay whole while they fit 64 bits.

use super::limits;

/// A number as scripts and templates have them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// A whole number
    Integer(i64),
    /// Any other
    Float(f64),
}

impl Number {
    /// The nearest double.
    pub fn as_f64(self) -> f64 {
        match self {
            Number::Integer(number) => number as f64,
            Number::Float(number) => number,
        }
    }
}

/// The sum, 0 of nothing; a float where one is among them or whole numbers overflow.
///
/// # Errors
/// When there are more than [`limits::LIST_LENGTH`].
pub fn sum(numbers: &[Number]) -> Result<Number, String> {
    check(numbers)?;
    let whole = numbers.iter().try_fold(0_i64, |sum, number| match number {
        Number::Integer(number) => sum.checked_add(*number),
        Number::Float(_) => None,
    });
    Ok(whole
        .map_or_else(|| Number::Float(numbers.iter().map(|number| number.as_f64()).sum()), Number::Integer))
}

/// The least.
///
/// # Errors
/// When there is none, or more than [`limits::LIST_LENGTH`].
pub fn min(numbers: &[Number]) -> Result<Number, String> {
    check(numbers)?;
    let least = numbers.iter().copied().min_by(|a, b| compare(*a, *b));
    least.ok_or_else(|| "an empty list has no least number".into())
}

/// The greatest.
///
/// # Errors
/// When there is none, or more than [`limits::LIST_LENGTH`].
pub fn max(numbers: &[Number]) -> Result<Number, String> {
    check(numbers)?;
    let greatest = numbers.iter().copied().max_by(|a, b| compare(*a, *b));
    greatest.ok_or_else(|| "an empty list has no greatest number".into())
}

/// The mean.
///
/// # Errors
/// When there is none, or more than [`limits::LIST_LENGTH`].
pub fn avg(numbers: &[Number]) -> Result<f64, String> {
    match numbers.len() {
        0 => Err("an empty list has no mean".into()),
        count => Ok(sum(numbers)?.as_f64() / count as f64),
    }
}

/// The number with so many digits behind the point; halves away from zero. A whole number where no digits are left
/// and it fits.
///
/// # Errors
/// When more than 15 digits are asked for, which a double does not have.
pub fn round(number: Number, digits: u32) -> Result<Number, String> {
    const DIGITS: u32 = 15;
    let Number::Float(float) = number else { return Ok(number) };
    match digits {
        0 if float.abs() < 9e15 => Ok(Number::Integer(float.round() as i64)),
        0 => Ok(Number::Float(float.round())),
        1..=DIGITS => {
            let scale = 10_f64.powi(digits as i32);
            let scaled = (float * scale).round() / scale;
            Ok(Number::Float(if scaled.is_finite() { scaled } else { float }))
        }
        _ => Err(format!("a number is rounded to at most {DIGITS} digits, not {digits}")),
    }
}

fn check(numbers: &[Number]) -> Result<(), String> {
    limits::check("a list with a length", numbers.len(), limits::LIST_LENGTH)
}

fn compare(a: Number, b: Number) -> std::cmp::Ordering {
    match (a, b) {
        (Number::Integer(a), Number::Integer(b)) => a.cmp(&b),
        _ => a.as_f64().total_cmp(&b.as_f64()),
    }
}

#[cfg(test)]
mod tests {
    use super::Number::{Float, Integer};
    use super::{avg, limits, max, min, round, sum};

    #[test]
    fn whole_numbers_stay_whole() {
        assert_eq!(sum(&[Integer(1), Integer(2)]), Ok(Integer(3)));
        assert_eq!(sum(&[Integer(1), Float(0.5)]), Ok(Float(1.5)));
        assert_eq!(sum(&[Integer(i64::MAX), Integer(1)]), Ok(Float(9_223_372_036_854_775_808.0)));
        assert_eq!(sum(&[]), Ok(Integer(0)));
        assert_eq!(min(&[Integer(2), Float(1.5), Integer(3)]), Ok(Float(1.5)));
        assert_eq!(max(&[Integer(2), Float(1.5), Integer(3)]), Ok(Integer(3)));
        assert_eq!(avg(&[Integer(1), Integer(2)]), Ok(1.5));
        assert!(min(&[]).is_err() && max(&[]).is_err() && avg(&[]).is_err());
        assert!(sum(&vec![Integer(1); limits::LIST_LENGTH]).is_ok());
        assert!(sum(&vec![Integer(1); limits::LIST_LENGTH + 1]).is_err());
    }

    #[test]
    fn rounding() {
        for (number, digits, expected) in [
            (Float(2.345), 2, Float(2.35)),
            (Float(2.5), 0, Integer(3)),
            (Float(-2.5), 0, Integer(-3)),
            (Float(1e300), 0, Float(1e300)),
            (Float(1e300), 15, Float(1e300)),
            (Integer(7), 2, Integer(7)),
        ] {
            assert_eq!(round(number, digits), Ok(expected), "{number:?} to {digits}");
        }
        assert!(round(Float(1.0), 16).is_err());
        assert!(matches!(round(Float(f64::NAN), 0), Ok(Float(nan)) if nan.is_nan()));
    }
}
