//! `mocker chaos`: switch scenarios of faults of a running server.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::{CODES, Remote};

/// Switch scenarios of faults of a running server.
#[derive(Args)]
#[command(after_help = format!("Examples:\n  mocker chaos list\n  mocker chaos start --scenario slow-payments\n  mocker chaos stop\n\n{CODES}"))]
pub(crate) struct Chaos {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Switch scenarios on
    Start(Switch),
    /// Switch scenarios off
    Stop(Switch),
    /// List all scenarios
    List(Look),
    /// Tell which scenarios are on
    Status(Look),
}

#[derive(Args)]
struct Switch {
    /// The scenario; repeatable [default: all]
    #[arg(long, value_name = "NAME")]
    scenario: Vec<String>,
    #[command(flatten)]
    remote: Remote,
}

#[derive(Args)]
struct Look {
    #[command(flatten)]
    remote: Remote,
}

impl Chaos {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        match self.action {
            Action::Start(switch) => switch.run("start"),
            Action::Stop(switch) => switch.run("stop"),
            Action::List(look) => look.run(|_| true),
            Action::Status(look) => look.run(|scenario| scenario["enabled"] == true),
        }
    }
}

impl Switch {
    fn run(self, action: &str) -> anyhow::Result<ExitCode> {
        let client = self.remote.client()?;
        let named =
            self.scenario.iter().map(|name| format!("{}/", utf8_percent_encode(name, NON_ALPHANUMERIC)));
        let mut paths: Vec<String> = named.map(|name| format!("/api/v1/chaos/{name}{action}")).collect();
        if paths.is_empty() {
            paths.push(format!("/api/v1/chaos/{action}"));
        }
        let mut last = None;
        for path in paths {
            let told = self.remote.ask(&client, "POST", &path, &[])?;
            let is_refused = told.refusal.is_some();
            last = Some(told);
            if is_refused {
                break;
            }
        }
        Ok(last.map_or(ExitCode::SUCCESS, |told| self.remote.tell(&told, |value| text(value, |_| true))))
    }
}

impl Look {
    fn run(self, is_shown: impl Fn(&Value) -> bool) -> anyhow::Result<ExitCode> {
        let client = self.remote.client()?;
        let told = self.remote.ask(&client, "GET", "/api/v1/chaos", &[])?;
        Ok(self.remote.tell(&told, |value| text(value, is_shown)))
    }
}

/// A line for each scenario.
fn text(switches: &Value, is_shown: impl Fn(&Value) -> bool) -> String {
    let scenarios =
        switches["scenarios"].as_array().into_iter().flatten().filter(|scenario| is_shown(scenario));
    let lines: Vec<String> = scenarios
        .map(|scenario| {
            let on = if scenario["enabled"] == true { "on " } else { "off" };
            let part = |key: &str| scenario[key].as_str().unwrap_or_default();
            format!("{on}  {}  {}  struck {}\n", part("name"), part("type"), scenario["struck"])
        })
        .collect();
    let head = if switches["enabled"] == false { "chaos is off\n" } else { "" };
    if lines.is_empty() { format!("{head}no scenarios\n") } else { format!("{head}{}", lines.concat()) }
}
