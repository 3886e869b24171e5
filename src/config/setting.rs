//! Every setting by its path, with the variable that gives it.

use super::section::ROOT;
use super::shape::{Field, Shape, Table};

/// What variables begin with.
pub(crate) const PREFIX: &str = "MOCKER_";
/// Behind the name of a variable: the value is what the named file says.
pub(crate) const FROM_FILE: &str = "_FILE";

/// A setting: what one variable gives as a whole.
#[derive(Clone)]
pub(crate) struct Setting {
    /// `server.port`
    pub(crate) path: String,
    pub(crate) field: &'static Field,
}

impl Setting {
    /// `MOCKER_SERVER_PORT`, and the same of its other names.
    pub(crate) fn variables(&self) -> impl Iterator<Item = String> {
        let before = self.path.strip_suffix(self.field.key).unwrap_or_default();
        let names = std::iter::once(&self.field.key).chain(self.field.aliases);
        names.map(move |name| {
            format!("{PREFIX}{}", format!("{before}{name}").replace('.', "_").to_uppercase())
        })
    }
}

/// Every setting, in the order of the docs.
pub(crate) fn settings() -> Vec<Setting> {
    let mut found = Vec::new();
    collect(&ROOT, "", &mut found);
    found
}

fn collect(table: &'static Table, before: &str, found: &mut Vec<Setting>) {
    for field in table.fields {
        let path = format!("{before}{}", field.key);
        match &field.shape {
            Shape::Table(inner) => collect(inner, &format!("{path}."), found),
            _ => found.push(Setting { path, field }),
        }
    }
}
