//! `mocker reload`: have a running server read everything again.

use std::process::ExitCode;

use clap::Args;
use serde_json::Value;

use super::{CODES, Remote};
use crate::cli::FAULTY;
use crate::talk;

/// Have a running server read documents, configuration and scripts again.
///
/// What has errors is not served: the server goes on with what it had, and the errors are told.
#[derive(Args)]
#[command(after_help = format!("Examples:\n  mocker reload\n  mocker reload --format json\n\n{CODES}"))]
pub(crate) struct Reload {
    #[command(flatten)]
    remote: Remote,
}

impl Reload {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let client = self.remote.client()?;
        let told = self.remote.ask(&client, "POST", "/api/v1/reload", &[422])?;
        for line in told.value["diagnostics"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            talk::print(line);
        }
        let is_reloaded = told.value["reloaded"] == true;
        let code =
            self.remote.tell(&told, |reload| format!("{}\n", reload["summary"].as_str().unwrap_or_default()));
        Ok(if is_reloaded { code } else { ExitCode::from(FAULTY) })
    }
}
