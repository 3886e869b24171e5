//! Figures of the process, in the text format of Prometheus (version 0.0.4).

use std::fmt::Write;

use mocker_control::Status;

/// One family of one value each.
pub(super) fn text(status: &Status) -> String {
    let mut out = String::new();
    let mut gauge = |name: &str, help: &str, value: f64| {
        // Writing to a String cannot fail.
        let _ = write!(out, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n");
    };
    gauge("mocker_uptime_seconds", "Time since the server was started.", status.uptime.as_secs_f64());
    gauge(
        "mocker_plan_revision",
        "Number of what is served, one more with each reload.",
        status.revision as f64,
    );
    gauge("mocker_operations", "Operations that are served.", status.operations as f64);
    gauge("mocker_connections", "Open connections of clients.", status.connections as f64);
    if let Some(bytes) = status.memory_bytes {
        gauge("process_resident_memory_bytes", "Resident memory of the process.", bytes as f64);
    }
    out
}
