//! A request that a script changed, as if the client had sent it so.

use mocker_http::request::{Head, Progress, Slots, head};
use mocker_http::response::is_own_field;
use mocker_scripting::Request;

/// Reads a changed request anew.
///
/// # Errors
/// What makes it one that no client could send.
pub(crate) fn read_again<T>(
    request: &Request,
    limits: &mocker_http::Limits,
    act: impl FnOnce(&Head<'_>, &[u8]) -> T,
) -> Result<T, String> {
    let bytes = as_sent(request);
    let mut slots = Slots::new();
    match head(&bytes, &mut Progress::default(), limits, &mut slots) {
        Ok(Some(head)) if head.len == bytes.len() => Ok(act(&head, &bytes)),
        Ok(_) => Err("the changed request has a line break in its head".to_owned()),
        Err(refusal) => Err(format!("the changed request cannot be read: {}", refusal.detail())),
    }
}

fn as_sent(request: &Request) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend_from_slice(request.method().as_bytes());
    bytes.push(b' ');
    bytes.extend_from_slice(request.path().as_bytes());
    let query = request.query_text();
    if !query.is_empty() {
        bytes.push(b'?');
        bytes.extend_from_slice(query.as_bytes());
    }
    bytes.extend_from_slice(b" HTTP/1.1\r\n");
    for (name, value) in request.fields().filter(|(name, _)| !is_own_field(name)) {
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    if !request.body().is_empty() {
        bytes.extend_from_slice(format!("Content-Length: {}\r\n", request.body().len()).as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes
}
