//! Numbers to add.

use crate::Refusal;

/// A JSON number: an integer stays one as long as only integers are added.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// Exact.
    Integer(i64),
    /// Finite, else it is refused.
    Float(f64),
}

impl From<i64> for Number {
    fn from(integer: i64) -> Self {
        Number::Integer(integer)
    }
}

impl From<f64> for Number {
    fn from(float: f64) -> Self {
        Number::Float(float)
    }
}

impl Number {
    /// The sum.
    ///
    /// # Errors
    ///
    /// [`Refusal::Overflow`] when an integer leaves 64 bits or a float is no longer finite.
    pub(crate) fn plus(self, other: Number) -> Result<Number, Refusal> {
        match (self, other) {
            (Number::Integer(left), Number::Integer(right)) => {
                left.checked_add(right).map(Number::Integer).ok_or(Refusal::Overflow)
            }
            (left, right) => {
                let sum = left.float() + right.float();
                if sum.is_finite() { Ok(Number::Float(sum)) } else { Err(Refusal::Overflow) }
            }
        }
    }

    fn float(self) -> f64 {
        match self {
            Number::Integer(integer) => integer as f64,
            Number::Float(float) => float,
        }
    }
}
