//! Whatever a server answers, and however it is cut: the client reads the same, and nothing panics.
#![no_main]

#[path = "../../../engine/http/tests/reader/mod.rs"]
mod reader;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    // The first two bytes say where to cut and to what the answer is, the rest is what the server sends.
    let [first, second, bytes @ ..] = input else { return };
    let to_head = second & 0x80 != 0;
    let whole = reader::read([bytes], to_head);
    let size = usize::from(*first).max(1);
    assert_eq!(whole, reader::read(bytes.chunks(size), to_head), "cut into pieces of {size}");
    let at = usize::from(second & 0x7f).min(bytes.len());
    assert_eq!(whole, reader::read([&bytes[..at], &bytes[at..]], to_head), "cut at {at}");
    assert_eq!(whole, reader::read(bytes.chunks(1), to_head), "cut into bytes");
});
