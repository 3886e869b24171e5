//! Query strings as name-value pairs, still encoded; decode with [`percent::decoded_form`](crate::percent::decoded_form).

/// Pairs of `a=1&b=2` in order, as slices of the query. A pair without '=' has an empty value; empty pairs, as in
/// `a=1&&b=2`, are left out.
pub fn pairs(query: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> + Clone {
    query.split(|&byte| byte == b'&').filter(|pair| !pair.is_empty()).map(|pair| {
        match memchr::memchr(b'=', pair) {
            Some(at) => (&pair[..at], &pair[at + 1..]),
            None => (pair, &[][..]),
        }
    })
}
