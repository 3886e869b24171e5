//! Why an operation was not done.

use thiserror::Error;

/// What the store refused; it is as it was before.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The store has no room for it. HTTP: 507.
    #[error("the state is full: it is limited to {limit} bytes")]
    Full {
        /// [`crate::Limits::bytes`].
        limit: usize,
    },
    /// The scope has no room for one more key. HTTP: 507.
    #[error("the scope has too many keys: it is limited to {limit}")]
    TooManyKeys {
        /// [`crate::Limits::keys`].
        limit: usize,
    },
    /// There is no room for one more scope. HTTP: 507.
    #[error("there are too many scopes: they are limited to {limit}")]
    TooManyScopes {
        /// [`crate::Limits::scopes`].
        limit: usize,
    },
    /// The key is too long.
    #[error("the key of {bytes} bytes is too long: keys are limited to {limit} bytes")]
    KeyTooLong {
        /// Of the key.
        bytes: usize,
        /// [`crate::Limits::key_bytes`].
        limit: usize,
    },
    /// The name of the scope is too long.
    #[error("the scope's name of {bytes} bytes is too long: names are limited to {limit} bytes")]
    ScopeTooLong {
        /// Of the name.
        bytes: usize,
        /// [`crate::Limits::key_bytes`].
        limit: usize,
    },
    /// The value, or what it would grow to, is too long.
    #[error("the value of {bytes} bytes is too long: values are limited to {limit} bytes")]
    ValueTooLong {
        /// Of the value.
        bytes: usize,
        /// [`crate::Limits::value_bytes`].
        limit: usize,
    },
    /// The array would be nested too deeply.
    #[error("the value is nested too deeply: the depth is limited to {limit}")]
    TooDeep {
        /// Arrays and objects inside one another.
        limit: usize,
    },
    /// What is there, or what is to be added, is not a number.
    #[error("only numbers can be incremented: the value is {found}")]
    NotANumber {
        /// What it is, in words.
        found: &'static str,
    },
    /// The sum is no number of 64 bits.
    #[error("the sum is out of range: integers are limited to 64 bits, floats to finite ones")]
    Overflow,
    /// What is there is not an array.
    #[error("only arrays can be appended to: the value is {found}")]
    NotAnArray {
        /// What it is, in words.
        found: &'static str,
    },
}

impl Refusal {
    /// Is it for want of room in the store, that is HTTP's 507 Insufficient Storage (RFC 4918, 11.5)?
    pub fn is_full(&self) -> bool {
        matches!(self, Refusal::Full { .. } | Refusal::TooManyKeys { .. } | Refusal::TooManyScopes { .. })
    }
}
