//! `mocker stop`: end a running server.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::{CODES, Remote};
use crate::limits::STOP_TIME;

/// End a running server, as SIGTERM does, and wait until it is gone.
///
/// Requests in flight have the server's `drain_timeout` to end.
#[derive(Args)]
#[command(after_help = format!("Examples:\n  mocker stop\n  mocker stop --admin 127.0.0.1:9091\n\n{CODES}"))]
pub(crate) struct Stop {
    #[command(flatten)]
    remote: Remote,
}

impl Stop {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let client = self.remote.client()?;
        let mut told = self.remote.ask(&client, "POST", "/api/v1/stop", &[])?;
        if told.refusal.is_none() {
            if !client.wait_for_end(STOP_TIME)? {
                let time = STOP_TIME.as_secs();
                let address = client.address();
                let late = format!("the server at {address} is ending, and has not ended within {time} s");
                told.refusal = Some(late);
            }
            told.value = json!({ "stopped": true });
        }
        Ok(self.remote.tell(&told, |_| format!("the server at {} has ended\n", client.address())))
    }
}
