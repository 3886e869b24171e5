//! `admin`: where the running server is looked at and told what to do.

use std::path::Path;

use mocker_control::Address;

use crate::config::shape::{Field, Flag, Grammar, Shape, Table};
use crate::config::values::Values;

static ADDRESS: Grammar = Grammar {
    name: "`off`, an address with a port, or `unix:PATH`",
    example: "127.0.0.1:9090",
    pattern: Some("^(off|unix:.+|[0-9]+|.+:[0-9]+)$"),
    check: |text| text.parse::<Address>().map(drop).map_err(|fault| fault.to_string()),
};

const ADMIN: &str = "Admin API";

pub(super) static TABLE: Table = Table {
    name: "admin",
    about: "The Admin API, through which `mocker status`, `reload`, `stop` and `chaos` talk to the running server",
    fields: &[
        Field::new(
            "address",
            Shape::Parsed(&ADDRESS),
            "Where it listens; an address that others than this machine can reach needs `admin.token`",
        )
        .default("127.0.0.1:9090")
        .joined(joined)
        .flags(&[Flag::Value("--admin", "ADDR|off|unix:PATH")])
        .under(ADMIN),
        Field::new(
            "token",
            Shape::Text,
            "What clients show as `Authorization: Bearer TOKEN`; better kept in `MOCKER_ADMIN_TOKEN_FILE` than here",
        )
        .example("token: change-me"),
        Field::new(
            "hosts",
            Shape::List(&Shape::Text),
            "Names that clients call it by, beside `localhost` and its address",
        )
        .example("hosts: [mocker]"),
    ],
    families: &[],
    rules: &[],
};

fn joined(folder: &Path, text: &str) -> String {
    match text.parse() {
        Ok(Address::Unix(path)) => Address::Unix(folder.join(path)).to_string(),
        _ => text.to_owned(),
    }
}

/// Where the running server is looked at and told what to do.
#[derive(Debug)]
pub(crate) struct Admin {
    pub(crate) address: Address,
    /// Whether the user named the address
    pub(crate) is_given: bool,
    pub(crate) token: Option<String>,
    pub(crate) hosts: Vec<String>,
}

impl Admin {
    pub(crate) fn read(values: &Values) -> Admin {
        Admin {
            address: values.text("admin.address").and_then(|text| text.parse().ok()).unwrap_or(Address::Off),
            is_given: values.is_given("admin.address"),
            token: values.text("admin.token").map(str::to_owned),
            hosts: values.texts("admin.hosts"),
        }
    }
}
