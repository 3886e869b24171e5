//! What one call of a script may use.

use std::time::Duration;

/// What one call of a script may use. What is exceeded ends the call with a fault that names the budget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budgets {
    /// Operations of the interpreter: statements, calls, accesses
    pub operations: u64,
    /// Time of the call on its core, `sleep` not counted
    pub time: Duration,
    /// Bytes of all values together, where the host can tell them
    pub memory: usize,
    /// Script functions that are calling each other
    pub call_levels: usize,
    /// Bytes of all strings inside one value
    pub string_bytes: usize,
    /// Items of all arrays and bytes of all blobs inside one value
    pub array_items: usize,
    /// Members of all maps inside one value
    pub map_members: usize,
    /// Variables of one function
    pub variables: usize,
    /// Expressions inside each other, judged when the script is compiled
    pub expression_depth: usize,
    /// Delay of the answer that `sleep` may ask for, altogether
    pub sleep: Duration,
}

impl Default for Budgets {
    fn default() -> Self {
        Budgets {
            operations: 1_000_000,
            time: Duration::from_millis(50),
            memory: 64 << 20,
            call_levels: 64,
            string_bytes: 1 << 20,
            array_items: 10_000,
            map_members: 10_000,
            variables: 256,
            expression_depth: 64,
            sleep: Duration::from_secs(30),
        }
    }
}

/// A budget's name in the configuration, and the least and most that can be chosen.
struct Range(&'static str, u64, u64);

/// Every budget; times are in milliseconds.
const RANGES: [Range; 10] = [
    Range(OPERATIONS, 100, 1_000_000_000),
    Range(TIME, 1, 10_000),
    Range(MEMORY, 1 << 20, 1 << 30),
    Range(CALL_LEVELS, 1, 64),
    Range(STRING_BYTES, 64, 64 << 20),
    Range(ARRAY_ITEMS, 16, 10_000),
    Range(MAP_MEMBERS, 16, 10_000),
    Range(VARIABLES, 8, 4_096),
    Range(EXPRESSION_DEPTH, 8, 64),
    Range(SLEEP, 0, crate::limits::MAX_SLEEP.as_millis() as u64),
];

pub(crate) const OPERATIONS: &str = "operations";
pub(crate) const TIME: &str = "time";
pub(crate) const MEMORY: &str = "memory";
pub(crate) const CALL_LEVELS: &str = "call-levels";
pub(crate) const STRING_BYTES: &str = "string-bytes";
pub(crate) const ARRAY_ITEMS: &str = "array-items";
pub(crate) const MAP_MEMBERS: &str = "map-members";
pub(crate) const VARIABLES: &str = "variables";
pub(crate) const EXPRESSION_DEPTH: &str = "expression-depth";
pub(crate) const SLEEP: &str = "sleep";
pub(crate) const IMPORTS: &str = "imports";

impl Budgets {
    /// Names of all budgets in the configuration, in the order of the documentation.
    pub fn names() -> impl Iterator<Item = &'static str> {
        RANGES.iter().map(|range| range.0)
    }

    /// Chooses a budget by its name in the configuration; times are in milliseconds.
    ///
    /// # Errors
    /// When there is none of this name, or the value is out of range; the text says what would be right.
    pub fn set(&mut self, name: &str, value: u64) -> Result<(), String> {
        let Some(Range(name, least, most)) = RANGES.iter().find(|range| range.0 == name) else {
            let names: Vec<&str> = Budgets::names().collect();
            return Err(format!("there is no budget `{name}`; there are {}", names.join(", ")));
        };
        if value < *least || value > *most {
            return Err(format!("`{name}` is {value}; it can be {least} to {most}"));
        }
        let (count, time) = (value as usize, Duration::from_millis(value));
        match *name {
            OPERATIONS => self.operations = value,
            TIME => self.time = time,
            MEMORY => self.memory = count,
            CALL_LEVELS => self.call_levels = count,
            STRING_BYTES => self.string_bytes = count,
            ARRAY_ITEMS => self.array_items = count,
            MAP_MEMBERS => self.map_members = count,
            VARIABLES => self.variables = count,
            EXPRESSION_DEPTH => self.expression_depth = count,
            _ => self.sleep = time,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{Budgets, RANGES};

    #[test]
    fn each_budget_can_be_chosen_within_its_range() {
        for range in &RANGES {
            let mut budgets = Budgets::default();
            budgets.set(range.0, range.1).unwrap();
            assert_ne!(budgets, Budgets::default(), "{}", range.0);
            budgets.set(range.0, range.2).unwrap();
            assert!(budgets.set(range.0, range.2 + 1).unwrap_err().contains("it can be"), "{}", range.0);
            if range.1 > 0 {
                assert!(budgets.set(range.0, range.1 - 1).is_err(), "{}", range.0);
            }
        }
        assert!(Budgets::default().set("steps", 1).unwrap_err().contains("there are operations, time"));
    }
}
