//! The server itself.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::reply::{json, text, typed};
use crate::document;
use crate::limits::MAX_RELOADS_WAITING;
use crate::model::{Condition, Health, Settings, Stage};
use crate::plane::Plane;
use crate::problem::Problem;

pub(super) async fn status(State(plane): State<Plane>) -> Response {
    json(StatusCode::OK, &plane.server.status())
}

pub(super) async fn health(State(plane): State<Plane>) -> Response {
    let health = Health::of(plane.server.checks());
    let status = match health.status {
        Condition::Healthy | Condition::Degraded => StatusCode::OK,
        Condition::Unhealthy => StatusCode::SERVICE_UNAVAILABLE,
    };
    json(status, &health)
}

pub(super) async fn readiness(State(plane): State<Plane>) -> Response {
    let stage = plane.server.status().stage;
    let is_ready = stage == Stage::Serving;
    let status = if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    json(status, &json!({ "ready": is_ready, "stage": stage }))
}

pub(super) async fn operations(State(plane): State<Plane>) -> Response {
    json(StatusCode::OK, &json!({ "operations": plane.server.operations() }))
}

pub(super) async fn config(State(plane): State<Plane>) -> Response {
    json(StatusCode::OK, &plane.server.settings().into_iter().collect::<Settings>())
}

pub(super) async fn reload(State(plane): State<Plane>) -> Result<Response, Problem> {
    let Ok(place) = Arc::clone(&plane.reloads).try_acquire_owned() else {
        let detail = format!("{MAX_RELOADS_WAITING} requests wait already for everything to be read again");
        return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, detail));
    };
    // A client that goes away leaves its thread waiting: the place is the thread's.
    let read_again = move || {
        let _place = place;
        plane.server.reload()
    };
    let done = tokio::task::spawn_blocking(read_again).await;
    let reload = done.map_err(|_| {
        Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "reading everything again failed; what was served is served on",
        )
    })?;
    let status = if reload.reloaded { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(json(status, &reload))
}

pub(super) async fn stop(State(plane): State<Plane>) -> Response {
    plane.server.stop();
    json(StatusCode::ACCEPTED, &json!({ "stage": Stage::Draining }))
}

pub(super) async fn log_level(State(plane): State<Plane>) -> Response {
    json(StatusCode::OK, &json!({ "level": plane.server.log_level() }))
}

pub(super) async fn set_log_level(State(plane): State<Plane>, body: Body) -> Result<Response, Problem> {
    let asked: Value = serde_json::from_str(&text(body).await?)
        .map_err(|fault| Problem::new(StatusCode::BAD_REQUEST, fault.to_string()))?;
    if !asked["level"].as_str().is_some_and(|level| plane.server.set_log_level(level)) {
        let detail = "`level` is one of `error`, `warn`, `info`, `debug`, `trace`";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail));
    }
    Ok(log_level(State(plane)).await)
}

pub(super) async fn metrics(State(plane): State<Plane>) -> Response {
    typed(
        StatusCode::OK,
        "application/openmetrics-text; version=1.0.0; charset=utf-8",
        plane.server.metrics(),
    )
}

pub(super) async fn openapi_json() -> Response {
    typed(StatusCode::OK, "application/json", document::json())
}

pub(super) async fn openapi_yaml() -> Response {
    typed(StatusCode::OK, "application/yaml", document::YAML)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::sync::mpsc::sync_channel;
    use std::sync::{Mutex, PoisonError};
    use std::time::Duration;

    use axum::http::Request;
    use mocker_state::Store;
    use tower::ServiceExt;

    use super::*;
    use crate::model::Reload;
    use crate::plane::{Double, NoChaos};
    use crate::routes::router;

    #[test]
    fn so_many_wait_for_a_reload_and_no_more() {
        let (go, going) = sync_channel::<()>(0);
        let going = Mutex::new(going);
        let reload = move || {
            let _ = going.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let (why, summary) = (String::new(), String::new());
            Reload {
                reloaded: true,
                revision: 1,
                took: Duration::ZERO,
                why,
                summary,
                diagnostics: Vec::new(),
            }
        };
        let plane = Plane::new(Arc::new(Double(reload)), Arc::new(NoChaos), Arc::new(Store::default()));
        let ask = || {
            let request = Request::post("/api/v1/reload").body(Body::empty()).unwrap();
            let router = router(plane.clone());
            async move { router.oneshot(request).await.unwrap().status() }
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let waiting: Vec<_> = (0..MAX_RELOADS_WAITING).map(|_| tokio::spawn(ask())).collect();
            while plane.reloads.available_permits() > 0 {
                tokio::task::yield_now().await;
            }
            assert_eq!(ask().await, StatusCode::SERVICE_UNAVAILABLE);
            // Who has gone away holds the place on until the reading ends.
            waiting[0].abort();
            assert_eq!(ask().await, StatusCode::SERVICE_UNAVAILABLE);
            drop(go);
            for (number, answer) in waiting.into_iter().enumerate() {
                assert!(number == 0 || answer.await.unwrap() == StatusCode::OK);
            }
            assert_eq!(ask().await, StatusCode::OK);
        });
    }
}
