//! The server's own judgement of requests, without sockets.

use std::net::SocketAddr;
use std::sync::Arc;

use mocker_engine::{Deployment, Publication, Settings, Worker};
use mocker_openapi::Document;
use mocker_plan::{BasePath, Options, Plan};
use mocker_runtime::Service;

/// A server of one document that refuses whatever breaks it.
pub(crate) struct Server {
    worker: Worker,
    plan: Arc<Plan>,
}

impl Server {
    pub(crate) fn of(document: &Arc<Document>, base_path: &str) -> Server {
        let base_path = if base_path.is_empty() {
            BasePath::None
        } else {
            BasePath::Prefix(base_path.trim_end_matches('/').to_owned())
        };
        let (plan, _) =
            Plan::compile(std::slice::from_ref(document), &Options { base_path, ..Options::default() });
        let plan = Arc::new(plan);
        let deployment = Deployment::new(Arc::clone(&plan), Settings::default());
        Server { worker: Worker::new(Arc::new(Publication::new(deployment)), 0), plan }
    }

    /// The answer to a request as it goes over the wire; a request that is not whole has none.
    pub(crate) fn answer(&self, request: &[u8]) -> String {
        let mut connection = self.worker.open(SocketAddr::from(([127, 0, 0, 1], 1)));
        let mut output = Vec::new();
        let step = self.worker.feed(&mut connection, request, &mut output);
        if step.consumed != request.len() {
            return format!("{} of {} bytes were read", step.consumed, request.len());
        }
        String::from_utf8_lossy(&output).into_owned()
    }

    /// Why a request of operation `index` is refused; `None` where it is not.
    pub(crate) fn refusal(&self, index: usize, request: &[u8]) -> Option<String> {
        let answer = self.answer(request);
        let expected = self.plan.operation(index as u32).status();
        let head = answer.split("\r\n\r\n").next().unwrap_or_default();
        let is_expected = head.starts_with(&format!("HTTP/1.1 {expected} "));
        let is_violation = |line: &&str| {
            line.starts_with("sl-violations") && line.contains("\"request\"") && line.contains("\"Error\"")
        };
        let violates = head.lines().find(is_violation);
        if is_expected && violates.is_none() {
            return None;
        }
        let body = answer.get(head.len() + 4..).unwrap_or_default();
        let line = head.lines().next().unwrap_or_default();
        Some(format!("{line}, not {expected}: {} {body:.600}", violates.unwrap_or_default()))
    }
}
