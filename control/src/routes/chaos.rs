//! Scenarios of faults.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::reply::json;
use crate::plane::Plane;
use crate::problem::Problem;

pub(super) async fn switches(State(plane): State<Plane>) -> Response {
    json(StatusCode::OK, &plane.chaos.switches())
}

pub(super) async fn start_all(State(plane): State<Plane>) -> Result<Response, Problem> {
    switch(&plane, None, true)
}

pub(super) async fn stop_all(State(plane): State<Plane>) -> Result<Response, Problem> {
    switch(&plane, None, false)
}

pub(super) async fn start(
    State(plane): State<Plane>,
    name: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    switch(&plane, Some(named(name)?), true)
}

pub(super) async fn stop(
    State(plane): State<Plane>,
    name: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    switch(&plane, Some(named(name)?), false)
}

fn named(name: Result<Path<String>, PathRejection>) -> Result<String, Problem> {
    let Path(name) = name.map_err(|fault| Problem::new(StatusCode::BAD_REQUEST, fault.body_text()))?;
    Ok(name)
}

fn switch(plane: &Plane, name: Option<String>, on: bool) -> Result<Response, Problem> {
    plane.chaos.switch(name.as_deref(), on).map_err(|fault| Problem::not_found(fault.to_string()))?;
    Ok(json(StatusCode::OK, &plane.chaos.switches()))
}
