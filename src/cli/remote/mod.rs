//! Commands that talk to a running server, through its Admin API.

pub(crate) mod chaos;
pub(crate) mod reload;
pub(crate) mod status;
pub(crate) mod stop;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;
use mocker_control::{Address, Answer, Client, ClientError};
use mocker_source::Diagnostic;
use serde_json::Value;

use super::config;
use super::flags::Flags;
use super::format::Format;
use crate::config::Given;
use crate::config::section::admin::Admin;
use crate::talk;

/// Exit codes of these commands, for their help.
const CODES: &str = "Exit codes: 0 done, 1 the server says no, 2 usage, or it wants another token, 4 no server answers there.";

/// The variable that gives the token; `_FILE` may follow.
const TOKEN: &str = "MOCKER_ADMIN_TOKEN";

/// Which server, and how its answer is told.
#[derive(Args)]
pub(crate) struct Remote {
    /// Where the server's Admin API is [default: `admin.address` of the configuration, else 127.0.0.1:9090]
    #[arg(long, value_name = "ADDR|unix:PATH")]
    admin: Option<Address>,
    /// The configuration [default: mocker.yaml, .yml, .json or .toml of the working directory]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Text for people or JSON for machines
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

impl Remote {
    /// A client of the server. Its token is that of the configuration: MOCKER_ADMIN_TOKEN, MOCKER_ADMIN_TOKEN_FILE.
    fn client(&self) -> anyhow::Result<Client> {
        let given = self.admin.iter().map(|address| Given {
            path: "admin.address".to_owned(),
            flag: "--admin",
            texts: vec![address.to_string()],
        });
        let flags = Flags { config: self.config.clone(), given: given.collect() };
        let loaded = flags.load()?;
        let admin = Admin::read(&loaded.values);
        // What is wrong with the rest is the server's to tell. But what does not say for its faults where the server is must
        // not lead to another.
        if loaded.configuration.is_none() && !admin.is_given {
            config::tell(&loaded);
            bail!("the configuration does not say where the server is; `--admin` does");
        }
        // Without it the server would ask for another.
        let is_of_token = |fault: &Diagnostic| fault.is_error() && fault.message.contains(TOKEN);
        if loaded.diagnostics.iter().any(is_of_token) {
            config::tell(&loaded);
            bail!("the token cannot be had");
        }
        Ok(Client::new(admin.address, admin.token))
    }

    /// Asks, and gives the answer where its status is one of `expected` or of success.
    fn ask(&self, client: &Client, method: &str, path: &str, expected: &[u16]) -> anyhow::Result<Told> {
        let Answer { status, body } = client.send(method, path)?;
        let value = serde_json::from_slice::<Value>(&body).with_context(|| {
            format!("what answers at {} is no Admin API: its answer is no JSON", client.address())
        })?;
        if !(200..300).contains(&status) && !expected.contains(&status) {
            let detail = value["detail"].as_str().unwrap_or("the server gives no reason").to_owned();
            if status == 401 {
                bail!("{detail} (MOCKER_ADMIN_TOKEN or MOCKER_ADMIN_TOKEN_FILE gives it)");
            }
            return Ok(Told { value, refusal: Some(detail) });
        }
        Ok(Told { value, refusal: None })
    }

    /// Tells an answer; the text is made of what was told.
    fn tell(&self, told: &Told, text: impl FnOnce(&Value) -> String) -> ExitCode {
        if let Some(refusal) = &told.refusal {
            talk::error(format_args!("error: {refusal}"));
            return ExitCode::from(super::FAULTY);
        }
        let report = match self.format {
            Format::Text => text(&told.value),
            Format::Json => format!("{:#}\n", told.value),
        };
        // Whoever stops reading has seen enough; the exit code still tells.
        let _ = std::io::stdout().write_all(report.as_bytes());
        ExitCode::SUCCESS
    }
}

/// What a server said.
struct Told {
    value: Value,
    /// Why it does not do it
    refusal: Option<String>,
}

/// Whether nobody answers, as opposed to anything else that is wrong.
pub(super) fn is_unreachable(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(ClientError::Unreachable { .. }))
}
