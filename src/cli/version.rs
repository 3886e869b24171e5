//! `mocker version`: which build this is.

use std::io::Write;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

const NUMBER: &str = env!("CARGO_PKG_VERSION");
/// Of the checkout that was built, `unknown` where there was none.
const COMMIT: &str = env!("MOCKER_COMMIT");
/// The day of the commit or of `SOURCE_DATE_EPOCH`, in UTC; `unknown` where there was neither.
const BUILT: &str = env!("MOCKER_BUILT");

/// Tell which build this is.
#[derive(Args)]
#[command(
    after_help = "Examples:\n  mocker version\n  mocker version --json\n\nExit codes: 0 done, 2 usage."
)]
pub(crate) struct Version {
    /// JSON for machines
    #[arg(long)]
    json: bool,
}

impl Version {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let text = match self.json {
            false => format!("mocker {LINE}\n"),
            true => format!("{:#}\n", json!({ "version": NUMBER, "commit": COMMIT, "built": BUILT })),
        };
        // Whoever stops reading has seen enough.
        let _ = std::io::stdout().write_all(text.as_bytes());
        Ok(ExitCode::SUCCESS)
    }
}

/// `version 0.1.0 (commit: abc1234, built: 2026-11-22)`
pub(super) const LINE: &str = concat!(
    "version ",
    env!("CARGO_PKG_VERSION"),
    " (commit: ",
    env!("MOCKER_COMMIT"),
    ", built: ",
    env!("MOCKER_BUILT"),
    ")"
);
