//! The server itself.

use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::reply::{json, text, typed};
use crate::document;
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
    let done = tokio::task::spawn_blocking(move || plane.server.reload()).await;
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
