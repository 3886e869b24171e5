//! `mocker status`: what a running server is, and how it is.

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use mocker_loadgen::duration::Written;
use serde_json::Value;

use super::{CODES, Remote};
use crate::cli::FAULTY;
use crate::config::Scalar;
use crate::report::counted;

/// Tell what a running server is, and how it is.
#[derive(Args)]
#[command(after_help = format!("Examples:\n  mocker status\n  mocker status --admin unix:/run/mocker.sock --format json\n\n{CODES}\n1 is for a server that is unhealthy, too."))]
pub(crate) struct Status {
    #[command(flatten)]
    remote: Remote,
}

impl Status {
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        let client = self.remote.client()?;
        let mut told = self.remote.ask(&client, "GET", "/api/v1/status", &[])?;
        if told.refusal.is_none() {
            let health = self.remote.ask(&client, "GET", "/api/v1/health", &[503])?;
            told.value["health"] = health.value;
        }
        let is_unhealthy = told.value["health"]["status"] == "unhealthy";
        let code = self.remote.tell(&told, text);
        Ok(if is_unhealthy { ExitCode::from(FAULTY) } else { code })
    }
}

fn text(status: &Value) -> String {
    let shown = |key: &str| match &status[key] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let count = |key: &str, noun: &str| counted(status[key].as_u64().unwrap_or_default() as usize, noun);
    let uptime = Duration::from_secs(status["uptime_seconds"].as_f64().unwrap_or_default() as u64);
    let addresses: Vec<&str> =
        status["addresses"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut lines = vec![
        format!(
            "mocker {}, {} for {}, process {}",
            shown("version"),
            shown("stage"),
            Written(uptime),
            shown("pid")
        ),
        row("addresses", &addresses.join(" ")),
        row("admin", &shown("admin")),
        row(
            "serves",
            &format!(
                "{} of {}, revision {}",
                count("operations", "operation"),
                count("documents", "document"),
                shown("revision")
            ),
        ),
        row("threads", &format!("{}, {}", shown("threads"), shown("driver"))),
        row("connections", &shown("connections")),
    ];
    if let Some(bytes) = status["memory_bytes"].as_u64() {
        lines.push(row("memory", &Scalar::Size(bytes / 1024 * 1024).to_string()));
    }
    let health = &status["health"];
    lines.push(row("health", health["status"].as_str().unwrap_or("unknown")));
    for check in health["checks"].as_array().into_iter().flatten() {
        let part = |key: &str| check[key].as_str().unwrap_or_default();
        lines.push(format!("  {}: {} ({})", part("name"), part("status"), part("message")));
    }
    lines.join("\n") + "\n"
}

fn row(name: &str, value: &str) -> String {
    format!("{name:<12} {value}")
}
