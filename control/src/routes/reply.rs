//! Answers and what requests are read into.

use axum::body::{Body, to_bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use percent_encoding::percent_decode_str;
use serde::Serialize;

use crate::limits::MAX_BODY;
use crate::problem::Problem;

/// A value as JSON.
pub(super) fn json(status: StatusCode, value: &impl Serialize) -> Response {
    // Everything that is told has texts for keys.
    let body = serde_json::to_vec(value).unwrap_or_default();
    typed(status, "application/json", body)
}

pub(super) fn typed(status: StatusCode, media_type: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

pub(super) fn nothing() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

/// The text of a body.
pub(super) async fn text(body: Body) -> Result<String, Problem> {
    let bytes = to_bytes(body, MAX_BODY).await.map_err(|_| {
        Problem::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("the body did not come, or is longer than {MAX_BODY} bytes"),
        )
    })?;
    String::from_utf8(bytes.into())
        .map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "the body is not UTF-8".to_owned()))
}

/// The value of a parameter of the query; that of the first, if there are several.
pub(super) fn parameter(query: Option<&str>, name: &str) -> Option<String> {
    let mut pairs = query?.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let (_, value) = pairs.find(|(known, _)| *known == name)?;
    Some(percent_decode_str(&value.replace('+', " ")).decode_utf8_lossy().into_owned())
}

/// The same where it is a number.
pub(super) fn number(query: Option<&str>, name: &str) -> Result<Option<u64>, Problem> {
    let Some(text) = parameter(query, name) else { return Ok(None) };
    let number = text.parse().map_err(|_| {
        Problem::new(StatusCode::BAD_REQUEST, format!("`{name}` is a whole number, not `{text}`"))
    });
    number.map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_decoded() {
        let query = Some("prefix=a%2Fb+c&limit=7&limit=8&empty");
        assert_eq!(parameter(query, "prefix").as_deref(), Some("a/b c"));
        assert_eq!(number(query, "limit").ok(), Some(Some(7)));
        assert_eq!(parameter(query, "empty").as_deref(), Some(""));
        assert_eq!(parameter(query, "other"), None);
        assert_eq!(parameter(None, "prefix"), None);
        assert!(number(query, "prefix").is_err());
    }
}
