//! `application/x-www-form-urlencoded` (WHATWG URL, section 5.1).

use bumpalo::Bump;
use bumpalo::collections::Vec as BumpVec;
use mocker_http::query;

use super::field::Entry;
use crate::limits::MAX_FORM_FIELDS;
use crate::request::text::{Encoding, decode};

/// The pairs of a form, decoded.
///
/// # Errors
/// When there are more than [`MAX_FORM_FIELDS`].
pub(super) fn entries<'b>(body: &'b [u8], arena: &'b Bump) -> Result<BumpVec<'b, Entry<'b>>, String> {
    let mut entries = BumpVec::new_in(arena);
    for (name, text) in query::pairs(body.trim_ascii_end()) {
        if entries.len() == MAX_FORM_FIELDS {
            return Err(format!("must NOT have more than {MAX_FORM_FIELDS} fields"));
        }
        let name = decode(name, Encoding::Query, arena);
        let text = decode(text, Encoding::Query, arena);
        entries.push(Entry { name, text, is_json: false });
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(body: &[u8]) -> Vec<(String, String)> {
        let arena = Bump::new();
        let entries = entries(body, &arena).expect("few");
        entries.iter().map(|entry| (entry.name.to_owned(), entry.text.to_owned())).collect()
    }

    #[test]
    fn pairs_are_decoded() {
        for (body, expected) in [
            ("a=1&b=x+y&&c=%41%2B", vec![("a", "1"), ("b", "x y"), ("c", "A+")]),
            ("a&b=&=c", vec![("a", ""), ("b", ""), ("", "c")]),
            ("a=1=2", vec![("a", "1=2")]),
            ("a=100%&b=%zz%4", vec![("a", "100%"), ("b", "%zz%4")]),
            ("a=%ff\r\n", vec![("a", "\u{fffd}")]),
        ] {
            let expected: Vec<_> = expected.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned())).collect();
            assert_eq!(read(body.as_bytes()), expected, "{body}");
        }
    }

    #[test]
    fn fields_have_a_limit() {
        assert!(entries("a&".repeat(MAX_FORM_FIELDS).as_bytes(), &Bump::new()).is_ok());
        assert!(entries("a&".repeat(MAX_FORM_FIELDS + 1).as_bytes(), &Bump::new()).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_pairs(body in proptest::collection::vec(any::<u8>(), 0..200), text in "[%+&=a-f0-9\\[\\]]{0,60}") {
            read(&body);
            read(text.as_bytes());
        }
    }
}
