//! `scripting`: what all scripts share.

use std::path::PathBuf;

use mocker_source::Node;

use crate::config::scalar::Scalar;
use crate::config::shape::{Bare, Field, Flag, Grammar, Shape, Table};
use crate::config::values::Values;

pub(super) static BUDGETS: Table = Table {
    name: "budgets",
    about: "What one call of a script may use; what is exceeded costs its own request a 500",
    fields: &[
        Field::new(
            "operations",
            Shape::Integer { least: 100, most: 1_000_000_000 },
            "Operations of the interpreter: statements, calls, accesses",
        )
        .default("1000000"),
        Field::new(
            "time",
            Shape::Time { least: 1, most: 10_000, bare: Bare::Nothing },
            "Time of the call, `sleep` not counted",
        )
        .default("50ms"),
        Field::new(
            "call_levels",
            Shape::Integer { least: 1, most: 64 },
            "Functions that are calling each other",
        )
        .default("64"),
        Field::new(
            "string_bytes",
            Shape::Size { least: 64, most: 64 << 20 },
            "Size of all strings inside one value",
        )
        .default("1MiB"),
        Field::new(
            "array_items",
            Shape::Integer { least: 16, most: 10_000 },
            "Items of all arrays inside one value",
        )
        .default("10000"),
        Field::new(
            "map_members",
            Shape::Integer { least: 16, most: 10_000 },
            "Members of all maps inside one value",
        )
        .default("10000"),
        Field::new("variables", Shape::Integer { least: 8, most: 4_096 }, "Variables of one function")
            .default("256"),
        Field::new(
            "expression_depth",
            Shape::Integer { least: 8, most: 64 },
            "Expressions inside each other",
        )
        .default("64"),
        Field::new(
            "sleep",
            Shape::Time { least: 0, most: 60_000, bare: Bare::Nothing },
            "Delay of the answer that `sleep` may ask for, altogether",
        )
        .default("30s"),
    ],
    families: &[],
    rules: &[],
};

static CLOCK: Grammar = Grammar {
    name: "a time such as `2026-01-31T12:00:00Z`",
    example: "2026-01-31T12:00:00Z",
    pattern: None,
    check: |text| mocker_scripting::host::time::parse(text).map(drop),
};

pub(super) static TABLE: Table = Table {
    name: "scripting",
    about: "What all scripts share",
    fields: &[
        Field::new(
            "dir",
            Shape::File,
            "Folder of scripts: `getPet.rhai` in it answers the operation `getPet`, and any of them can be imported",
        )
        .flags(&[Flag::Value("--scripts", "DIR")])
        .under("Scripts")
        .example("dir: scripts/"),
        Field::new("environment", Shape::List(&Shape::Text), "Variables of the environment that scripts may read")
            .example("environment: [STAGE]"),
        Field::new(
            "clock",
            Shape::Parsed(&CLOCK),
            "What scripts and templates take for the time; the real one when not given",
        )
        .flags(&[Flag::Value("--clock", "TIME")])
        .under("Scripts")
        .example("clock: 2026-01-31T12:00:00Z"),
        Field::new("budgets", Shape::Table(&BUDGETS), "What one call of a script may use"),
    ],
    families: &[],
    rules: &[],
};

/// A budget by its key, such as `call_levels`; times are in milliseconds, sizes in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Budget {
    pub(crate) key: &'static str,
    pub(crate) value: u64,
}

/// What all scripts share.
#[derive(Debug)]
pub(crate) struct Scripting {
    pub(crate) dir: Option<PathBuf>,
    /// Names of variables
    pub(crate) environment: Vec<String>,
    /// Milliseconds since 1970
    pub(crate) clock: Option<i64>,
    /// Every one of them
    pub(crate) budgets: Vec<Budget>,
}

impl Scripting {
    pub(super) fn read(values: &Values) -> Scripting {
        let budget = |field: &'static Field| {
            let value = values.plain(&format!("scripting.budgets.{}", field.key))?;
            Some(Budget { key: field.key, value: amount(value)? })
        };
        Scripting {
            dir: values.text("scripting.dir").map(PathBuf::from),
            environment: values.texts("scripting.environment"),
            clock: values
                .text("scripting.clock")
                .and_then(|text| mocker_scripting::host::time::parse(text).ok()),
            budgets: BUDGETS.fields.iter().filter_map(budget).collect(),
        }
    }
}

/// Those budgets that a mapping gives.
pub(super) fn budgets(node: Option<Node<'_>>) -> Vec<Budget> {
    let budget = |field: &'static Field| {
        let scalar = Scalar::of_node(&field.shape, node?.get(field.key)?).ok()?;
        Some(Budget { key: field.key, value: amount(&scalar)? })
    };
    BUDGETS.fields.iter().filter_map(budget).collect()
}

fn amount(scalar: &Scalar) -> Option<u64> {
    match scalar {
        Scalar::Whole(value) | Scalar::Size(value) => Some(*value),
        Scalar::Time(time) => u64::try_from(time.as_millis()).ok(),
        _ => None,
    }
}
