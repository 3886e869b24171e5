//! What is refused, as `application/problem+json` (RFC 9457).

use axum::body::Body;
use axum::http::header::{ALLOW, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Why a request is refused.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    pub(crate) detail: String,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Problem {
        Problem { status, detail: detail.into() }
    }

    pub(crate) fn not_found(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::NOT_FOUND, detail)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let title = self.status.canonical_reason().unwrap_or("Refused");
        let body = json!({
            "type": "about:blank", "title": title, "status": self.status.as_u16(), "detail": self.detail,
        });
        let mut response = Response::new(Body::from(body.to_string()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"mocker\""));
        }
        response
    }
}

/// Gives an answer without a body one that says what is wrong; what a router made by itself has none.
pub(crate) fn completed(response: Response) -> Response {
    let is_ours = response.headers().contains_key(CONTENT_TYPE);
    let status = response.status();
    if is_ours || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let allow = response.headers().get(ALLOW).cloned();
    let detail = match (&allow, status) {
        (Some(allow), _) => format!("this path has {}", allow.to_str().unwrap_or_default()),
        (None, StatusCode::NOT_FOUND) => "there is no such path; /api/v1/openapi.json lists all".to_owned(),
        (None, _) => "the request was not understood".to_owned(),
    };
    let mut completed = Problem::new(status, detail).into_response();
    if let Some(allow) = allow {
        completed.headers_mut().insert(ALLOW, allow);
    }
    completed
}
