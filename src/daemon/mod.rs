//! A server in the background: who it is, when it is ready, what it says.

pub(crate) mod log;
pub(crate) mod notice;
pub(crate) mod record;

use std::path::PathBuf;

use anyhow::Context;

use crate::config::Environment;

/// The file of this name where the user's programs keep what they know.
///
/// # Errors
/// Where the user has no home.
pub(crate) fn usual(name: &str) -> anyhow::Result<PathBuf> {
    let home =
        Environment::state_home().context("there is neither XDG_STATE_HOME nor HOME: name the files")?;
    Ok(home.join("mocker").join(name))
}
