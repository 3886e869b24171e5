//! What the server counts, as Prometheus reads it (OpenMetrics 1.0, text).

mod families;

use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use mocker_engine::Publication;
use mocker_engine::chaos::Fidelity;
use mocker_engine::metrics::Report;
use mocker_runtime::Snapshot;
use mocker_state::{Store, Usage};
use prometheus_client::encoding::text::encode;
use prometheus_client::registry::Registry;

use crate::memory;
use families::Families;

/// Where figures come from.
pub(crate) struct Sources {
    publication: Arc<Publication>,
    store: Arc<Store>,
    connections: Box<dyn Fn() -> Snapshot + Send + Sync>,
    started: Instant,
    /// Seconds from 1970 to then, by the clock as it was at first: a clock that is set starts nothing anew
    started_at: f64,
}

/// Figures of one moment.
#[derive(Debug)]
struct Figures {
    requests: Report,
    connections: Snapshot,
    state: Usage,
    /// How often each scenario of chaos struck
    struck: Vec<(String, u64)>,
    delays: Fidelity,
    revision: u64,
    operations: usize,
    uptime_seconds: f64,
    /// Seconds since 1970
    started: f64,
    resident_bytes: u64,
    /// Lines of the access log that found no room
    unlogged: u64,
}

impl Sources {
    /// The figures of a server that has begun at `started`; `connections` tells what its workers counted.
    pub(crate) fn new(
        publication: Arc<Publication>,
        store: Arc<Store>,
        connections: impl Fn() -> Snapshot + Send + Sync + 'static,
        started: Instant,
    ) -> Sources {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_secs_f64());
        let started_at = now - started.elapsed().as_secs_f64();
        Sources { publication, store, connections: Box::new(connections), started, started_at }
    }

    /// Everything counted, as a page for Prometheus.
    pub(crate) fn text(&self) -> String {
        let mut registry = Registry::default();
        registry.register_collector(Box::new(Families(self.figures())));
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = encode(&mut text, &registry);
        text
    }

    fn figures(&self) -> Figures {
        let (revision, deployment) = self.publication.current();
        let uptime_seconds = self.started.elapsed().as_secs_f64();
        let chaos = deployment.behaviours.chaos.statuses();
        Figures {
            requests: self.publication.metrics().map(|metrics| metrics.report()).unwrap_or_default(),
            connections: (self.connections)(),
            state: self.store.usage(),
            struck: chaos.map(|status| (status.name.to_owned(), status.struck)).collect(),
            delays: self.publication.fidelity(),
            revision,
            operations: deployment.plan.len(),
            uptime_seconds,
            started: self.started_at,
            resident_bytes: memory::resident().unwrap_or(0),
            unlogged: self.publication.access().lost(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use mocker_engine::{Deployment, Settings, Worker};
    use mocker_openapi::{Location, MemoryFetch, load};
    use mocker_plan::{Options, Plan};
    use mocker_runtime::Service;

    use super::*;

    const DOCUMENT: &str = r#"{"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/a\"b/{id}":
        {"get": {"responses": {"200": {"description": "d"}}}}}}"#;

    #[test]
    fn figures_are_written_as_prometheus_reads_them() {
        let location = Location::File("a.json".into());
        let mut files = MemoryFetch::default().with(location.clone(), DOCUMENT);
        let document = load(location, &mut files).document.expect("a sound document");
        let (plan, _) = Plan::compile(&[Arc::new(document)], &Options::default());
        let deployment = Deployment::new(Arc::new(plan), Settings::default());
        let publication = Arc::new(Publication::new(deployment).counting());
        let worker = Worker::new(Arc::clone(&publication), 0);
        let mut connection = worker.open(SocketAddr::from(([127, 0, 0, 1], 1)));
        let request = b"GET /a%22b/1 HTTP/1.1\r\nHost: a\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n";
        worker.feed(&mut connection, &request.repeat(3), &mut Vec::new());
        let sources = Sources::new(publication, Arc::default(), Snapshot::default, Instant::now());
        let text = sources.text();
        for line in [
            "# TYPE mocker_requests counter",
            r#"mocker_requests_total{method="GET",route="/a\"b/{id}",status="200",scenario=""} 3"#,
            r#"mocker_requests_total{method="GET",route="",status="404",scenario=""} 3"#,
            "# TYPE mocker_request_duration_seconds histogram",
            r#"mocker_request_duration_seconds_bucket{le="+Inf",method="GET",route=""} 3"#,
            r#"mocker_request_duration_seconds_count{method="GET",route="/a\"b/{id}"} 3"#,
            r#"mocker_request_body_size_bytes_bucket{le="128.0",method="GET",route=""} 3"#,
            "mocker_plan_operations 1.0",
            "mocker_access_log_dropped_total 0",
            "mocker_state_refusals_total 0",
            "# EOF",
        ] {
            assert!(text.lines().any(|written| written == line), "no {line} in\n{text}");
        }
        let (one, other) = (sources.figures(), sources.figures());
        assert!(one.resident_bytes > 1 << 20);
        assert!(
            one.uptime_seconds < other.uptime_seconds && one.started == other.started,
            "{one:?} {other:?}"
        );
    }
}
