//! What is asked for under which path: one file a subject.

mod chaos;
mod reply;
mod server;
mod state;

use axum::Router;
use axum::routing::{MethodRouter, delete, get, post, put};

use crate::Plane;

/// Method, path, and what answers.
type Route = (&'static str, &'static str, MethodRouter<Plane>);

/// Every route; `openapi.yaml` has the same.
fn table() -> Vec<Route> {
    vec![
        ("GET", "/api/v1/status", get(server::status)),
        ("GET", "/api/v1/health", get(server::health)),
        ("GET", "/api/v1/readiness", get(server::readiness)),
        ("GET", "/api/v1/operations", get(server::operations)),
        ("GET", "/api/v1/config", get(server::config)),
        ("POST", "/api/v1/reload", post(server::reload)),
        ("POST", "/api/v1/stop", post(server::stop)),
        ("GET", "/api/v1/log-level", get(server::log_level)),
        ("PUT", "/api/v1/log-level", put(server::set_log_level)),
        ("GET", "/api/v1/metrics", get(server::metrics)),
        ("GET", "/metrics", get(server::metrics)),
        ("GET", "/api/v1/openapi.json", get(server::openapi_json)),
        ("GET", "/api/v1/openapi.yaml", get(server::openapi_yaml)),
        ("GET", "/api/v1/state", get(state::scopes)),
        ("GET", "/api/v1/state/{scope}", get(state::entries)),
        ("DELETE", "/api/v1/state/{scope}", delete(state::clear)),
        ("GET", "/api/v1/state/{scope}/{key}", get(state::value)),
        ("PUT", "/api/v1/state/{scope}/{key}", put(state::set)),
        ("DELETE", "/api/v1/state/{scope}/{key}", delete(state::remove)),
        ("GET", "/api/v1/chaos", get(chaos::switches)),
        ("POST", "/api/v1/chaos/start", post(chaos::start_all)),
        ("POST", "/api/v1/chaos/stop", post(chaos::stop_all)),
        ("POST", "/api/v1/chaos/{name}/start", post(chaos::start)),
        ("POST", "/api/v1/chaos/{name}/stop", post(chaos::stop)),
    ]
}

/// Method and path template of every route.
pub fn routes() -> Vec<(&'static str, &'static str)> {
    table().into_iter().map(|(method, path, _)| (method, path)).collect()
}

pub(crate) fn router(plane: Plane) -> Router {
    let router =
        table().into_iter().fold(Router::new(), |router, (_, path, answer)| router.route(path, answer));
    router.with_state(plane)
}
