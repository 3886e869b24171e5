//! What becomes of a request that breaks the contract.

use mocker_openapi::model::Operation;
use serde_json::Value;

/// The extension that says it for one operation.
const EXTENSION: &str = "x-mocker-validate";

/// What becomes of a request that breaks the contract.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// It is refused
    #[default]
    On,
    /// It is answered, and `sl-violations` tells
    Warn,
    /// Nobody looks
    Off,
}

impl Mode {
    /// What the operation says of itself, else `usual`.
    pub fn of(operation: &Operation, usual: Mode) -> Mode {
        let said = operation.extensions.iter().find(|(name, _)| **name == *EXTENSION);
        match said.map(|(_, value)| value) {
            Some(Value::Bool(true)) => Mode::On,
            Some(Value::Bool(false)) => Mode::Off,
            Some(Value::String(text)) => Mode::named(text).unwrap_or(usual),
            _ => usual,
        }
    }

    fn named(text: &str) -> Option<Mode> {
        match text {
            "on" => Some(Mode::On),
            "warn" => Some(Mode::Warn),
            "off" => Some(Mode::Off),
            _ => None,
        }
    }
}
