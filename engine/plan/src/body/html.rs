//! A page around generated text.

use mocker_schema::validate::Direction;
use serde_json::Value;

use super::Typed;

/// Markup as the author wrote it; other text inside a small page, unless its schema would
/// then refuse it.
pub(super) fn write(typed: Typed<'_>, value: &Value) -> Vec<u8> {
    let text = String::from_utf8_lossy(&super::text(value)).into_owned();
    if text.contains('<') {
        return text.into_bytes();
    }
    let escaped = text.replace('&', "&amp;").replace('>', "&gt;");
    let page = format!(
        "<!doctype html>\n<html><head><title>{escaped}</title></head><body><p>{escaped}</p></body></html>\n"
    );
    let fits = |schema| typed.schemas.is_valid(schema, &Value::String(page.clone()), Direction::Response);
    if typed.schema.is_none_or(fits) { page.into_bytes() } else { text.into_bytes() }
}
