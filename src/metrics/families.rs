//! The families of figures: names, what they mean, and their samples.

use std::collections::BTreeMap;
use std::fmt;

use mocker_engine::metrics::{Answered, Ending, RouteName, RouteReport};
use mocker_scripting::metrics::Figures as Calls;
use mocker_state::Distribution;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;

use super::Figures;

/// Nanoseconds of a second.
const NANOSECONDS: f64 = 1e9;

/// All families.
#[derive(Debug)]
pub(super) struct Families(pub(super) Figures);

impl Collector for Families {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let out = &mut encoder;
        self.requests(out)?;
        calls(out, "script", "a script", &self.0.requests.scripts)?;
        self.script_errors(out)?;
        calls(out, "plugin", "a plugin that is built in", &self.0.requests.plugins)?;
        self.chaos(out)?;
        self.connections(out)?;
        self.state(out)?;
        self.process(out)
    }
}

impl Families {
    fn requests(&self, out: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let routes = &self.0.requests.routes;
        let help = "Requests that were answered; an empty route stands for those that no operation answers";
        let mut family = out.encode_descriptor("mocker_requests", help, None, MetricType::Counter)?;
        for (RouteName { method, template }, route) in routes {
            for (Ending { answered, scenario }, count) in &route.endings {
                let status = status(*answered);
                let (method, route) = (&**method, &**template);
                let labels =
                    [("method", method), ("route", route), ("status", &status), ("scenario", scenario)];
                counter(&mut family.encode_family(&labels)?, *count)?;
            }
        }
        let help = "From when a request's head was there until its answer was made; requests that came at once \
                    share the time";
        distributions(out, ("mocker_request_duration_seconds", help), NANOSECONDS, routes, |route| {
            &route.durations
        })?;
        let help = "Bytes of answers, heads included";
        distributions(out, ("mocker_response_size_bytes", help), 1.0, routes, |route| &route.sent)?;
        let help = "Bytes of the bodies of requests";
        distributions(out, ("mocker_request_body_size_bytes", help), 1.0, routes, |route| &route.received)
    }

    /// Plugins that are built in do not fail.
    fn script_errors(&self, out: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let help = "Calls of a script that failed";
        let mut family = out.encode_descriptor("mocker_script_errors", help, None, MetricType::Counter)?;
        for (name, calls) in &self.0.requests.scripts {
            counter(&mut family.encode_family(&[("script", &**name)])?, calls.errors)?;
        }
        Ok(())
    }

    fn chaos(&self, out: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let help = "Requests that a scenario of chaos struck";
        let mut family = out.encode_descriptor("mocker_chaos_struck", help, None, MetricType::Counter)?;
        for (scenario, count) in &self.0.struck {
            let labels = [("scenario", &**scenario)];
            counter(&mut family.encode_family(&labels)?, *count)?;
        }
        let delays = &self.0.delays;
        count_of(out, "mocker_delays", "Answers that waited on purpose", delays.count)?;
        let help = "By how much they came later than asked";
        let mut family =
            out.encode_descriptor("mocker_delay_lateness_seconds", help, None, MetricType::Gauge)?;
        for (quantile, nanoseconds) in [("0.5", delays.p50), ("0.99", delays.p99), ("1", delays.max)] {
            let labels = [("quantile", quantile)];
            family.encode_family(&labels)?.encode_gauge(&(nanoseconds as f64 / NANOSECONDS))?;
        }
        Ok(())
    }

    fn connections(&self, out: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let counted = &self.0.connections;
        gauge(out, "mocker_connections", "Connections open now", counted.active as f64)?;
        for (name, help, count) in [
            ("mocker_connections_accepted", "Connections taken", counted.accepted),
            ("mocker_connections_refused", "Connections closed as they came, for a limit", counted.refused),
            (
                "mocker_connections_idle_timeouts",
                "Connections closed for want of a request",
                counted.idle_timeouts,
            ),
            (
                "mocker_connections_handshake_timeouts",
                "Connections closed because a TLS handshake was not gone on with",
                counted.handshake_timeouts,
            ),
            (
                "mocker_connections_request_timeouts",
                "Connections closed because a request did not come whole",
                counted.request_timeouts,
            ),
            (
                "mocker_connections_write_timeouts",
                "Connections reset because the client did not read",
                counted.write_timeouts,
            ),
            ("mocker_connections_aborted", "Connections reset by the server", counted.aborted),
            (
                "mocker_accept_errors",
                "Times that connections could not be taken, for want of descriptors say",
                counted.accept_errors,
            ),
            ("mocker_panics", "Faults of mocker itself that cost a connection", counted.panics),
        ] {
            count_of(out, name, help, count)?;
        }
        Ok(())
    }

    fn state(&self, out: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let state = &self.0.state;
        gauge(out, "mocker_state_bytes", "Memory of the state", state.bytes as f64)?;
        gauge(out, "mocker_state_keys", "Keys of the state, in all scopes", state.keys as f64)?;
        gauge(out, "mocker_state_scopes", "Scopes of the state beside the global one", state.scopes as f64)?;
        count_of(out, "mocker_state_refusals", "Operations on the state that found no room", state.refused)
    }

    fn process(&self, out: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let figures = &self.0;
        let help = "Answers that the access log had no room for";
        count_of(out, "mocker_access_log_dropped", help, figures.unlogged)?;
        gauge(out, "mocker_plan_revision", "How often what is served was replaced", figures.revision as f64)?;
        gauge(out, "mocker_plan_operations", "Operations that are served", figures.operations as f64)?;
        gauge(out, "mocker_uptime_seconds", "Time since the start", figures.uptime_seconds)?;
        gauge(out, "process_start_time_seconds", "When the process began, since 1970", figures.started)?;
        gauge(out, "process_resident_memory_bytes", "Resident memory", figures.resident_bytes as f64)
    }
}

fn status(answered: Answered) -> Box<str> {
    match answered {
        Answered::Status(code) => code.to_string().into(),
        Answered::Further => "other".into(),
        Answered::Nothing => "none".into(),
    }
}

/// A histogram of each route; its values are divided by `unit`.
fn distributions(
    out: &mut DescriptorEncoder<'_>,
    (name, help): (&str, &str),
    unit: f64,
    routes: &BTreeMap<RouteName, RouteReport>,
    of: impl Fn(&RouteReport) -> &Distribution,
) -> fmt::Result {
    let mut family = out.encode_descriptor(name, help, None, MetricType::Histogram)?;
    for (RouteName { method, template }, route) in routes {
        let distribution = of(route);
        let bounds = distribution.bounds.iter().map(|bound| *bound as f64 / unit).chain([f64::INFINITY]);
        let buckets: Vec<(f64, u64)> = bounds.zip(distribution.counts.iter().copied()).collect();
        let labels = [("method", &**method), ("route", &**template)];
        let (sum, count) = (distribution.sum as f64 / unit, distribution.count());
        family.encode_family(&labels)?.encode_histogram::<NoLabelSet>(sum, count, &buckets, None)?;
    }
    Ok(())
}

/// Calls of scripts or plugins.
fn calls(
    out: &mut DescriptorEncoder<'_>,
    kind: &str,
    what: &str,
    figures: &BTreeMap<Box<str>, Calls>,
) -> fmt::Result {
    let name = format!("mocker_{kind}_calls");
    let mut family = out.encode_descriptor(&name, &format!("Calls of {what}"), None, MetricType::Counter)?;
    for (name, calls) in figures {
        counter(&mut family.encode_family(&[(kind, &**name)])?, calls.calls)?;
    }
    let (name, help) = (format!("mocker_{kind}_seconds"), format!("Time in calls of {what}"));
    let mut family = out.encode_descriptor(&name, &help, None, MetricType::Counter)?;
    for (name, calls) in figures {
        let labels = [(kind, &**name)];
        let mut sample = family.encode_family(&labels)?;
        sample.encode_counter::<NoLabelSet, f64, f64>(&calls.time.as_secs_f64(), None)?;
    }
    Ok(())
}

fn counter(sample: &mut MetricEncoder<'_>, count: u64) -> fmt::Result {
    sample.encode_counter::<NoLabelSet, u64, f64>(&count, None)
}

fn count_of(out: &mut DescriptorEncoder<'_>, name: &str, help: &str, count: u64) -> fmt::Result {
    counter(&mut out.encode_descriptor(name, help, None, MetricType::Counter)?, count)
}

fn gauge(out: &mut DescriptorEncoder<'_>, name: &str, help: &str, value: f64) -> fmt::Result {
    out.encode_descriptor(name, help, None, MetricType::Gauge)?.encode_gauge(&value)
}
