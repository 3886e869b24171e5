//! What the server remembers.

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use mocker_state::{GLOBAL, Refusal, ScopeInfo, Value};
use serde_json::{Value as Tree, json};

use super::reply::{json, nothing, number, parameter, text, typed};
use crate::limits::{LISTED_KEYS, MAX_LISTED_BYTES, MAX_LISTED_KEYS, MAX_LISTED_SCOPES};
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
    let scopes = plane.store.scopes(plane.server.now());
    let (usage, limits) = (plane.store.usage(), plane.store.limits());
    let count = scopes.iter().filter(|info| &*info.name != GLOBAL).count();
    let is_truncated = (MAX_LISTED_SCOPES..usage.scopes).contains(&count);
    let scopes: Vec<Tree> = scopes.into_iter().filter_map(told).collect();
    let usage = json!({
        "bytes": usage.bytes, "keys": usage.keys, "scopes": usage.scopes, "refused": usage.refused,
        "max_bytes": limits.bytes, "max_keys_of_a_scope": limits.keys, "max_scopes": limits.scopes,
    });
    json(StatusCode::OK, &json!({ "scopes": scopes, "truncated": is_truncated, "usage": usage }))
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
    // One more tells whether there are more; beyond the most that is told nobody knows.
    let mut listed = plane.store.list(scope::read(&name), &prefix, limit + 1, plane.server.now());
    let is_truncated = listed.len() > limit || listed.len() == MAX_LISTED_KEYS;
    listed.truncate(limit);
    Ok(typed(StatusCode::OK, "application/json", list(&name, &listed, is_truncated)))
}

/// A list of keys and values as JSON. Values are copied as they are written, and only as many as are told: all of a scope
/// may be as large as the store.
fn list(scope: &str, entries: &[(Box<str>, Value)], mut is_truncated: bool) -> Vec<u8> {
    let mut body = format!("{{\"scope\":{},\"entries\":[", json!(scope)).into_bytes();
    for (number, (key, value)) in entries.iter().enumerate() {
        if body.len() >= MAX_LISTED_BYTES {
            is_truncated = true;
            break;
        }
        let comma = if number == 0 { "" } else { "," };
        body.extend_from_slice(format!("{comma}{{\"key\":{},\"value\":", json!(key)).as_bytes());
        value.write_json(&mut body);
        body.push(b'}');
    }
    body.extend_from_slice(format!("],\"truncated\":{is_truncated}}}").as_bytes());
    body
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
    use crate::plane::{Double, NoChaos};
    use crate::routes::router;

    fn asked(store: &Arc<Store>, path: &str) -> Tree {
        let plane = Plane::new(Arc::new(Double(|| unreachable!())), Arc::new(NoChaos), Arc::clone(store));
        let request = Request::get(format!("/api/v1/state{path}")).body(Body::empty()).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let body = runtime.block_on(async {
            let response = router(plane).oneshot(request).await.unwrap();
            assert_eq!(response.status(), StatusCode::OK);
            to_bytes(response.into_body(), usize::MAX).await.unwrap()
        });
        serde_json::from_slice(&body).unwrap()
    }

    /// How many keys are told, and whether there may be more.
    fn listed(store: &Arc<Store>, query: &str) -> (usize, bool) {
        let told = asked(store, &format!("/s{query}"));
        (told["entries"].as_array().unwrap().len(), told["truncated"].as_bool().unwrap())
    }

    #[test]
    fn lists_are_bounded() {
        let store = Arc::new(Store::default());
        for number in 0..=MAX_LISTED_KEYS {
            if number == LISTED_KEYS {
                assert_eq!(listed(&store, ""), (LISTED_KEYS, false));
            }
            store.set("s", &number.to_string(), Value::NULL, None, 1).unwrap();
        }
        assert_eq!(listed(&store, ""), (LISTED_KEYS, true));
        for (limit, expected) in [
            (0, 0),
            (LISTED_KEYS + 1, LISTED_KEYS + 1),
            (MAX_LISTED_KEYS, MAX_LISTED_KEYS),
            (MAX_LISTED_KEYS + 1, MAX_LISTED_KEYS),
        ] {
            assert_eq!(listed(&store, &format!("?limit={limit}")), (expected, true));
        }
    }

    #[test]
    fn lists_are_bounded_in_bytes() {
        let store = Arc::new(Store::default());
        let value = Value::parse(&format!("\"{}\"", "x".repeat(MAX_LISTED_BYTES / 8))).unwrap();
        for number in 0..8 {
            store.set("s", &number.to_string(), value.clone(), None, 1).unwrap();
        }
        // What is told around the values counts too.
        assert_eq!(listed(&store, ""), (8, false));
        for number in 8..10 {
            store.set("s", &number.to_string(), value.clone(), None, 1).unwrap();
        }
        assert_eq!(listed(&store, ""), (8, true));
        assert_eq!(listed(&store, "?limit=8"), (8, true));
        assert_eq!(listed(&store, "?prefix=9"), (1, false));
    }

    #[test]
    fn what_is_listed_is_as_it_was_set() {
        let store = Arc::new(Store::default());
        let value = json!({ "a": [1, "\"\u{7}é"], "b": null });
        store.set("s \"", "k \"", Value::parse(&value.to_string()).unwrap(), None, 1).unwrap();
        let expected =
            json!({ "scope": "s \"", "entries": [{ "key": "k \"", "value": value }], "truncated": false });
        assert_eq!(asked(&store, "/s%20%22"), expected);
    }

    #[test]
    fn scopes_are_bounded() {
        let store = Arc::new(Store::default());
        store.set(GLOBAL, "k", Value::NULL, None, 1).unwrap();
        let told = |expected: (usize, bool)| {
            let told = asked(&store, "");
            let scopes = told["scopes"].as_array().unwrap().len();
            assert_eq!((scopes, told["truncated"].as_bool().unwrap()), expected);
        };
        for number in 1..MAX_LISTED_SCOPES {
            store.set(&number.to_string(), "k", Value::NULL, None, 1).unwrap();
        }
        told((MAX_LISTED_SCOPES, false));
        for (number, is_truncated) in [(MAX_LISTED_SCOPES, false), (MAX_LISTED_SCOPES + 1, true)] {
            store.set(&number.to_string(), "k", Value::NULL, None, 1).unwrap();
            told((MAX_LISTED_SCOPES + 1, is_truncated));
        }
    }
}
