//! Whatever bytes come, and however they are cut: the server sees the same, and nothing panics.
#![no_main]

#[path = "../../../engine/http/tests/connection/mod.rs"]
mod connection;

use libfuzzer_sys::fuzz_target;
use mocker_http::media::{MediaName, negotiate};
use mocker_http::{Limits, percent, query};

/// Small, so that short inputs reach every limit.
const LIMITS: Limits = Limits { head: 256, target: 64, fields: 8, body: 64 };

fuzz_target!(|input: &[u8]| {
    // The first two bytes say where to cut, the rest is what the client sends.
    let [first, second, bytes @ ..] = input else { return };
    let whole = connection::see(LIMITS, [bytes]);
    let size = usize::from(*first).max(1);
    let pieces = connection::see(LIMITS, bytes.chunks(size));
    assert_eq!(whole, pieces, "cut into pieces of {size}");
    let at = usize::from(*second).min(bytes.len());
    assert_eq!(whole, connection::see(LIMITS, [&bytes[..at], &bytes[at..]]), "cut at {at}");
    let bytewise = connection::see(LIMITS, bytes.chunks(1));
    assert_eq!(whole, bytewise, "cut into bytes");
    read_values(bytes);
});

/// What stands inside targets and fields.
fn read_values(bytes: &[u8]) {
    let mut decoded = Vec::new();
    for (name, value) in query::pairs(bytes) {
        decoded.extend(percent::decoded(name));
        decoded.extend(percent::decoded_form(value));
    }
    assert!(decoded.len() <= bytes.len());
    let offered = ["application/json", "text/*", "application/json;v=2"].map(|name| MediaName::parse(name));
    assert!(negotiate(bytes, offered.iter().flatten()).is_none_or(|index| index < offered.len()));
}
