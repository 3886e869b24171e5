//! The request target: which of its forms it has and what it names (RFC 9112 section 3.2).

use super::Method;
use crate::Refusal;

/// A request target taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target<'a> {
    /// From the leading '/' to before '?', as sent: percent-encoded. `*` for `OPTIONS *`.
    pub path: &'a [u8],
    /// Behind '?', as sent; `None` without a '?'.
    pub query: Option<&'a [u8]>,
    /// Host and port of an absolute-form target; they stand above the `Host` field.
    pub authority: Option<&'a [u8]>,
}

impl<'a> Target<'a> {
    /// Takes a target apart.
    ///
    /// # Errors
    /// [`Refusal::Target`] when it has no form that the method allows; [`Refusal::HostInvalid`].
    #[inline]
    pub(super) fn parse(method: Method, target: &'a [u8]) -> Result<Self, Refusal> {
        match target {
            [b'/', ..] => {
                let (path, query) = split_query(target)?;
                Ok(Self { path, query, authority: None })
            }
            b"*" if method == Method::Options => Ok(Self { path: target, query: None, authority: None }),
            _ => Self::absolute(method, target),
        }
    }

    #[cold]
    fn absolute(method: Method, target: &'a [u8]) -> Result<Self, Refusal> {
        let behind = strip_prefix_ignoring_case(target, b"http://")
            .or_else(|| strip_prefix_ignoring_case(target, b"https://"))
            .ok_or(Refusal::Target)?;
        let end = behind.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(behind.len());
        let (authority, rest) = behind.split_at(end);
        if authority.is_empty() || !is_authority(authority) {
            return Err(Refusal::HostInvalid);
        }
        let (path, query) = split_query(rest)?;
        let path: &[u8] = match (path, query, method) {
            (b"", None, Method::Options) => b"*",
            (b"", _, _) => b"/",
            (path, _, _) => path,
        };
        Ok(Self { path, query, authority: Some(authority) })
    }
}

/// Cuts at the first '?'. A fragment never belongs into a request.
#[inline]
fn split_query(target: &[u8]) -> Result<(&[u8], Option<&[u8]>), Refusal> {
    let Some(at) = memchr::memchr2(b'?', b'#', target) else { return Ok((target, None)) };
    let query = &target[at + 1..];
    if target[at] == b'#' || memchr::memchr(b'#', query).is_some() {
        return Err(Refusal::Target);
    }
    Ok((&target[..at], Some(query)))
}

fn strip_prefix_ignoring_case<'a>(text: &'a [u8], prefix: &[u8]) -> Option<&'a [u8]> {
    let (head, rest) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// Whether every byte may stand in `host[:port]` (RFC 3986 section 3.2.2); user information may not
/// (RFC 9110 section 4.2.4).
#[inline]
pub(super) fn is_authority(text: &[u8]) -> bool {
    text.iter().all(|&byte| AUTHORITY[usize::from(byte)])
}

static AUTHORITY: [bool; 256] = {
    let allowed = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+;=%:[]";
    let mut table = [false; 256];
    let mut index = 0;
    while index < allowed.len() {
        table[allowed[index] as usize] = true;
        index += 1;
    }
    table
};
