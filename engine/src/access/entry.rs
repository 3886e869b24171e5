//! One answer in a ring: numbers of fixed width, then texts.

use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use mocker_http::request::{Head, Version};

use super::texts::{put, split, take};
use crate::limits::{MAX_LOGGED_FIELD, MAX_LOGGED_NAME, MAX_LOGGED_TARGET};

/// Bytes of the length before each entry.
const LENGTH: usize = 4;
/// Where the duration stands.
const TOOK: std::ops::Range<usize> = LENGTH + 8..LENGTH + 16;

/// One answer, or what a client got in place of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// When it was made, in nanoseconds since 1970
    pub time: u64,
    /// From when the request's head was there until the answer was made; those to requests that came at once share
    /// the time
    pub took: Duration,
    /// Where the client is
    pub client: IpAddr,
    /// Its status; `None` where none was sent
    pub status: Option<u16>,
    /// Bytes of its body
    pub bytes: u64,
    /// Of the request; `None` where its head was not read
    pub version: Option<Version>,
    /// Of the request; empty where its head was not read
    pub method: &'a [u8],
    /// As sent, up to [`MAX_LOGGED_TARGET`] bytes
    pub target: &'a [u8],
    /// `Referer`, up to [`MAX_LOGGED_FIELD`] bytes
    pub referer: &'a [u8],
    /// `User-Agent`, up to [`MAX_LOGGED_FIELD`] bytes
    pub agent: &'a [u8],
    /// The template of the operation's path; empty where none answered
    pub route: &'a [u8],
    /// The scenario of chaos that struck first; empty where none did
    pub scenario: &'a [u8],
}

/// Appends what an entry needs of a request's head.
pub(super) fn put_head(head: &Head<'_>, out: &mut Vec<u8>) {
    let field = |name| head.fields.find(name).unwrap_or_default();
    out.push(match head.version {
        Version::Http10 => 1,
        Version::Http11 => 2,
    });
    put(&[head.method_name.as_bytes()], MAX_LOGGED_NAME, out);
    match head.target.query {
        Some(query) => put(&[head.target.path, b"?", query], MAX_LOGGED_TARGET, out),
        None => put(&[head.target.path], MAX_LOGGED_TARGET, out),
    }
    put(&[field("Referer")], MAX_LOGGED_FIELD, out);
    put(&[field("User-Agent")], MAX_LOGGED_FIELD, out);
}

/// What an entry says beside the head.
pub(super) struct Answered<'a> {
    pub(super) time: u64,
    pub(super) took: Duration,
    pub(super) client: IpAddr,
    pub(super) status: u16,
    pub(super) bytes: u64,
    pub(super) route: &'a str,
    pub(super) scenario: &'a str,
}

/// Appends an entry; `head` is what [`put_head`] wrote, or nothing.
pub(super) fn put_entry(answered: &Answered<'_>, head: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    let client = match answered.client {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => address,
    };
    out.extend_from_slice(&[0; LENGTH]);
    out.extend_from_slice(&answered.time.to_le_bytes());
    out.extend_from_slice(&nanoseconds(answered.took).to_le_bytes());
    out.extend_from_slice(&answered.bytes.to_le_bytes());
    out.extend_from_slice(&answered.status.to_le_bytes());
    out.extend_from_slice(&client.octets());
    put(&[answered.route.as_bytes()], MAX_LOGGED_NAME, out);
    put(&[answered.scenario.as_bytes()], MAX_LOGGED_NAME, out);
    out.extend_from_slice(head);
    let length = u32::try_from(out.len() - start - LENGTH).unwrap_or(u32::MAX);
    out[start..start + LENGTH].copy_from_slice(&length.to_le_bytes());
}

/// Writes over how long the answer took.
pub(super) fn set_took(entry: &mut [u8], took: Duration) {
    if let Some(place) = entry.get_mut(TOOK) {
        place.copy_from_slice(&nanoseconds(took).to_le_bytes());
    }
}

/// How many bytes the first entry of these has.
pub(super) fn length(bytes: &[u8]) -> usize {
    let length = bytes.first_chunk().map_or(0, |length| u32::from_le_bytes(*length));
    (length as usize).saturating_add(LENGTH).min(bytes.len())
}

/// The entries that a ring gave.
pub fn entries(mut bytes: &[u8]) -> impl Iterator<Item = Entry<'_>> {
    std::iter::from_fn(move || {
        let length = length(bytes);
        (length > 0).then(|| read(split(&mut bytes, length)))
    })
}

fn read(mut bytes: &[u8]) -> Entry<'_> {
    let rest = &mut bytes;
    split(rest, LENGTH);
    let mut number =
        |width| split(rest, width).iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte));
    let (time, took, bytes, status) = (number(8), number(8), number(8), number(2) as u16);
    let client = split(rest, 16).try_into().map_or(Ipv6Addr::UNSPECIFIED, |octets: [u8; 16]| octets.into());
    let (route, scenario) = (take(rest), take(rest));
    let version = match split(rest, 1) {
        [1] => Some(Version::Http10),
        [2] => Some(Version::Http11),
        _ => None,
    };
    Entry {
        time,
        took: Duration::from_nanos(took),
        client: IpAddr::V6(client).to_canonical(),
        status: (status > 0).then_some(status),
        bytes,
        version,
        method: take(rest),
        target: take(rest),
        referer: take(rest),
        agent: take(rest),
        route,
        scenario,
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
