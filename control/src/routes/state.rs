//! What the server remembers.

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use mocker_state::{Refusal, ScopeInfo, Value};
use serde_json::{Value as Tree, json};

use super::reply::{json, nothing, number, parameter, text, typed};
use crate::limits::{LISTED_KEYS, MAX_LISTED_KEYS};
use crate::plane::Plane;
use crate::problem::Problem;
use crate::scope;

/// The names in a path, decoded.
type Names<T> = Result<Path<T>, PathRejection>;

pub(super) async fn scopes(State(plane): State<Plane>, RawQuery(query): RawQuery) -> Response {
    let prefix = parameter(query.as_deref(), "prefix").unwrap_or_default();
    let told = |info: ScopeInfo| {
        let name = scope::written(&info.name);
        let tell = name.starts_with(&prefix);
        tell.then(|| json!({ "name": name, "keys": info.keys, "bytes": info.bytes, "idle_ms": info.idle }))
    };
    let scopes: Vec<Tree> = plane.store.scopes(plane.server.now()).into_iter().filter_map(told).collect();
    let (usage, limits) = (plane.store.usage(), plane.store.limits());
    let usage = json!({
        "bytes": usage.bytes, "keys": usage.keys, "scopes": usage.scopes, "refused": usage.refused,
        "max_bytes": limits.bytes, "max_keys_of_a_scope": limits.keys, "max_scopes": limits.scopes,
    });
    json(StatusCode::OK, &json!({ "scopes": scopes, "usage": usage }))
}

pub(super) async fn entries(
    State(plane): State<Plane>,
    names: Names<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let name = decoded(names)?;
    let query = query.as_deref();
    let prefix = parameter(query, "prefix").unwrap_or_default();
    let limit =
        number(query, "limit")?.map_or(LISTED_KEYS, |limit| limit.min(MAX_LISTED_KEYS as u64) as usize);
    let listed = plane.store.list(scope::read(&name), &prefix, limit, plane.server.now());
    let entry = |(key, value): (Box<str>, Value)| json!({ "key": key, "value": value.to_tree() });
    let entries: Vec<Tree> = listed.into_iter().map(entry).collect();
    Ok(json(StatusCode::OK, &json!({ "scope": name, "entries": entries })))
}

pub(super) async fn clear(State(plane): State<Plane>, names: Names<String>) -> Result<Response, Problem> {
    let name = decoded(names)?;
    let removed = plane.store.clear(scope::read(&name), plane.server.now());
    Ok(json(StatusCode::OK, &json!({ "scope": name, "removed": removed })))
}

pub(super) async fn value(
    State(plane): State<Plane>,
    names: Names<(String, String)>,
) -> Result<Response, Problem> {
    let (name, key) = decoded(names)?;
    match plane.store.get(scope::read(&name), &key, plane.server.now()) {
        Some(value) => Ok(typed(StatusCode::OK, "application/json", value.to_json())),
        None => Err(absent(&name, &key)),
    }
}

pub(super) async fn set(
    State(plane): State<Plane>,
    names: Names<(String, String)>,
    RawQuery(query): RawQuery,
    body: Body,
) -> Result<Response, Problem> {
    let (name, key) = decoded(names)?;
    let life = number(query.as_deref(), "ttl_ms")?;
    let value = Value::parse(&text(body).await?)
        .map_err(|fault| Problem::new(StatusCode::BAD_REQUEST, fault.to_string()))?;
    plane
        .store
        .set(scope::read(&name), &key, value, life, plane.server.now())
        .map_err(|refusal| refused(&refusal))?;
    Ok(nothing())
}

pub(super) async fn remove(
    State(plane): State<Plane>,
    names: Names<(String, String)>,
) -> Result<Response, Problem> {
    let (name, key) = decoded(names)?;
    match plane.store.delete(scope::read(&name), &key, plane.server.now()) {
        true => Ok(nothing()),
        false => Err(absent(&name, &key)),
    }
}

fn decoded<T>(names: Names<T>) -> Result<T, Problem> {
    let Path(names) = names.map_err(|fault| Problem::new(StatusCode::BAD_REQUEST, fault.body_text()))?;
    Ok(names)
}

fn absent(scope: &str, key: &str) -> Problem {
    Problem::not_found(format!("there is no `{key}` in the scope `{scope}`"))
}

fn refused(refusal: &Refusal) -> Problem {
    let status =
        if refusal.is_full() { StatusCode::INSUFFICIENT_STORAGE } else { StatusCode::UNPROCESSABLE_ENTITY };
    Problem::new(status, refusal.to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::sync::Arc;

    use axum::body::to_bytes;
    use axum::http::Request;
    use mocker_state::Store;
    use tower::ServiceExt;

    use super::*;
    use crate::model::{Check, Operation, Reload, Setting, Status};
    use crate::plane::{NoChaos, Server};
    use crate::routes::router;

    /// A server of which nothing but the time is asked.
    struct Clock;

    impl Server for Clock {
        fn now(&self) -> u64 {
            1
        }
        fn status(&self) -> Status {
            unreachable!()
        }
        fn checks(&self) -> Vec<Check> {
            unreachable!()
        }
        fn operations(&self) -> Vec<Operation> {
            unreachable!()
        }
        fn settings(&self) -> Vec<(String, Setting)> {
            unreachable!()
        }
        fn reload(&self) -> Reload {
            unreachable!()
        }
        fn stop(&self) {
            unreachable!()
        }
        fn log_level(&self) -> &'static str {
            unreachable!()
        }

        fn set_log_level(&self, _: &str) -> bool {
            unreachable!()
        }

        fn metrics(&self) -> String {
            unreachable!()
        }
    }

    fn listed(store: &Arc<Store>, query: &str) -> usize {
        let plane = Plane { server: Arc::new(Clock), chaos: Arc::new(NoChaos), store: Arc::clone(store) };
        let request = Request::get(format!("/api/v1/state/s{query}")).body(Body::empty()).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let body = runtime.block_on(async {
            let response = router(plane).oneshot(request).await.unwrap();
            assert_eq!(response.status(), StatusCode::OK);
            to_bytes(response.into_body(), usize::MAX).await.unwrap()
        });
        serde_json::from_slice::<Tree>(&body).unwrap()["entries"].as_array().unwrap().len()
    }

    #[test]
    fn lists_are_bounded() {
        let store = Arc::new(Store::default());
        for number in 0..=MAX_LISTED_KEYS {
            if number == LISTED_KEYS {
                assert_eq!(listed(&store, ""), LISTED_KEYS);
            }
            store.set("s", &number.to_string(), Value::NULL, None, 1).unwrap();
        }
        assert_eq!(listed(&store, ""), LISTED_KEYS);
        for (limit, expected) in [
            (0, 0),
            (LISTED_KEYS + 1, LISTED_KEYS + 1),
            (MAX_LISTED_KEYS, MAX_LISTED_KEYS),
            (MAX_LISTED_KEYS + 1, MAX_LISTED_KEYS),
        ] {
            assert_eq!(listed(&store, &format!("?limit={limit}")), expected);
        }
    }
}
