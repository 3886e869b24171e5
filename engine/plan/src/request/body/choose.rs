//! Which of the media types of a request body a request has, when only its head is there.

use mocker_http::media::MediaName;

use super::parameter::parameter;
use super::{Bodies, Content, absent};
use crate::media::{self, Kind};
use crate::request::Fault;

const NO_BOUNDARY: &str = "Boundary parameter for multipart/form-data is not defined or generated in the request \
                           header. Try removing manually defined content-type from your request header if it exists.";

/// What a request's body is to be judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen(pub(super) Option<u16>);

/// Why the request is refused before its body has come.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// There is no body, and one is required: one fault among those of the request
    Absent(Fault),
    /// No body of this media type can be sent here: 415 with this detail
    Unsupported(String),
}

impl Chosen {
    /// Nothing to judge.
    pub const NOTHING: Chosen = Chosen(None);
}

impl Bodies {
    /// The media type for a request with this `Content-Type`: the one that names it most exactly, then one
    /// whose suffix or whose plain form it is (`application/vnd.x+json` is `application/json`), then a range.
    /// Without `Content-Type` it is the first.
    ///
    /// `has_body`: the head announces a body that is not empty, or of unknown length.
    ///
    /// # Errors
    /// See [`Refusal`].
    pub fn choose(&self, content_type: Option<&[u8]>, has_body: bool) -> Result<Chosen, Refusal> {
        if !has_body {
            return if self.required { Err(Refusal::Absent(absent())) } else { Ok(Chosen::NOTHING) };
        }
        if self.contents.is_empty() {
            let detail = "No supported content types, but request included a non-empty body";
            return Err(Refusal::Unsupported(detail.to_owned()));
        }
        let Some(content_type) = content_type.map(<[u8]>::trim_ascii).filter(|text| !text.is_empty()) else {
            return Ok(Chosen(Some(0)));
        };
        let ranked = self.contents.iter().enumerate().filter_map(|(index, content)| {
            content.rank(content_type).map(|rank| (rank, std::cmp::Reverse(index)))
        });
        let Some((_, std::cmp::Reverse(index))) = ranked.max() else {
            let names: Vec<&str> = self.contents.iter().map(|content| &*content.name).collect();
            return Err(Refusal::Unsupported(format!("Supported content types: {}", names.join(","))));
        };
        let is_form = essence(content_type).eq_ignore_ascii_case(b"multipart/form-data");
        if is_form && parameter(content_type, "boundary").is_none_or(|boundary| boundary.is_empty()) {
            return Err(Refusal::Unsupported(NO_BOUNDARY.to_owned()));
        }
        Ok(Chosen(u16::try_from(index).ok()))
    }
}

/// Rank of a match by the suffix alone (`application/vnd.x+json` for `application/json`).
const BY_SUFFIX: u8 = 3;

impl Content {
    /// How well a `Content-Type` fits; `None` if not at all.
    fn rank(&self, content_type: &[u8]) -> Option<u8> {
        let Some(media) = &self.media else {
            let is_same = essence(content_type).eq_ignore_ascii_case(media::essence(&self.name).as_bytes());
            return is_same.then_some(2 * BY_SUFFIX);
        };
        match media.fits(content_type) {
            // ranges are 0 and 1, names from 2 on
            Some(range @ 0..2) => Some(range),
            Some(name) => Some(name + BY_SUFFIX),
            None => is_by_suffix(media, essence(content_type)).then_some(BY_SUFFIX),
        }
    }

    /// How a body sent as `content_type` is read: ranges take the word of the request.
    pub(super) fn kind_of(&self, content_type: Option<&[u8]>) -> Kind {
        match (self.kind, content_type) {
            (Some(kind), _) => kind,
            (None, Some(sent)) => media::kind(&String::from_utf8_lossy(sent)),
            (None, None) => Kind::Binary,
        }
    }
}

/// `application/vnd.x+json` is within `application/json` and `application/*+json`.
fn is_by_suffix(media: &MediaName, sent: &[u8]) -> bool {
    let Some(slash) = memchr::memchr(b'/', sent) else { return false };
    let (kind, subtype) = (&sent[..slash], &sent[slash + 1..]);
    let suffix = memchr::memrchr(b'+', subtype).map(|plus| &subtype[plus + 1..]);
    let wanted = media.subtype().strip_prefix("*+");
    let is_wanted = match (wanted, suffix) {
        (Some(wanted), Some(suffix)) => suffix.eq_ignore_ascii_case(wanted.as_bytes()),
        (Some(wanted), None) => subtype.eq_ignore_ascii_case(wanted.as_bytes()),
        (None, Some(suffix)) => suffix.eq_ignore_ascii_case(media.subtype().as_bytes()),
        (None, None) => false,
    };
    is_wanted && kind.eq_ignore_ascii_case(media.kind().as_bytes())
}

/// `type/subtype`, without parameters.
pub(super) fn essence(content_type: &[u8]) -> &[u8] {
    let end = memchr::memchr(b';', content_type).unwrap_or(content_type.len());
    content_type[..end].trim_ascii()
}
