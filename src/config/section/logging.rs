//! `logging`: what the server tells, and what is written down of requests.

use std::io::IsTerminal;
use std::path::PathBuf;

use crate::config::shape::{Field, Flag, Shape, Table, Word};
use crate::config::values::Values;

const FORMATS: &[Word] = &[
    Word { name: "off", alias: None, about: "nothing" },
    Word { name: "common", alias: None, about: "Common Log Format" },
    Word { name: "combined", alias: None, about: "the same with `Referer` and `User-Agent`" },
    Word { name: "json", alias: None, about: "a JSON object a line" },
];

const LEVELS: &[Word] = &[
    Word { name: "error", alias: None, about: "what went wrong" },
    Word { name: "warn", alias: None, about: "and what is amiss" },
    Word { name: "info", alias: None, about: "and what happens" },
    Word { name: "debug", alias: None, about: "and what helps to find faults" },
    Word { name: "trace", alias: None, about: "everything" },
];

const TALK: &[Word] = &[
    Word {
        name: "auto",
        alias: None,
        about: "`human` on a terminal and for a start that fails, else `json`",
    },
    Word { name: "human", alias: None, about: "lines for people" },
    Word { name: "json", alias: None, about: "a JSON object a line" },
];

/// Stands for standard error.
const STANDARD_ERROR: &str = "-";

pub(super) static TABLE: Table = Table {
    name: "logging",
    about: "What the server tells on standard error, and what is written down of requests",
    fields: &[
        Field::new("level", Shape::Choice(LEVELS), "What of its own the server tells on standard error")
            .default("info")
            .flags(&[Flag::Value("--log-level", "LEVEL")]),
        Field::new(
            "format",
            Shape::Choice(TALK),
            "How it tells that: `auto` is `human` on a terminal and for a start that fails, else `json`",
        )
        .default("auto")
        .flags(&[Flag::Value("--log-format", "FORMAT")]),
        Field::new("access", Shape::Choice(FORMATS), "A line for each answer, in this format")
            .default("off")
            .flags(&[Flag::Value("--access-log", "FORMAT")]),
        Field::new(
            "access_file",
            Shape::File,
            "The file that gets those lines, opened again at each reload; `-` is standard error",
        )
        .default("-")
        .flags(&[Flag::Value("--access-file", "FILE")])
        .example("access_file: access.log"),
    ],
    families: &[],
    rules: &[],
};

/// What the server tells, and what is written down of requests.
#[derive(Debug)]
pub(crate) struct Logging {
    /// By name
    pub(crate) level: String,
    /// Each line of its own talk is a JSON object
    pub(crate) is_json: bool,
    /// The user asked for that
    pub(crate) asks_for_json: bool,
    pub(crate) access: Option<Format>,
    /// Else standard error
    pub(crate) access_file: Option<PathBuf>,
}

/// How a line of the access log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Common,
    Combined,
    Json,
}

impl Logging {
    pub(crate) fn read(values: &Values) -> Logging {
        let file = values.text("logging.access_file").map(PathBuf::from);
        Logging {
            level: values.text("logging.level").unwrap_or_default().to_owned(),
            asks_for_json: values.text("logging.format") == Some("json"),
            is_json: match values.text("logging.format") {
                Some("json") => true,
                Some("human") => false,
                _ => !std::io::stderr().is_terminal(),
            },
            access: match values.text("logging.access") {
                Some("common") => Some(Format::Common),
                Some("combined") => Some(Format::Combined),
                Some("json") => Some(Format::Json),
                _ => None,
            },
            access_file: file.filter(|file| file.as_os_str() != STANDARD_ERROR),
        }
    }
}
