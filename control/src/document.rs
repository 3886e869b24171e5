//! The OpenAPI document of the Admin API.

use std::sync::OnceLock;

use mocker_source::{FileId, parse};

/// As it is written.
pub(crate) const YAML: &str = include_str!("../openapi.yaml");

/// The same as JSON.
pub(crate) fn json() -> &'static str {
    static JSON: OnceLock<String> = OnceLock::new();
    JSON.get_or_init(|| parse(FileId(0), YAML.as_bytes()).0.root().to_json().to_string())
}
