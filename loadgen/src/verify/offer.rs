//! The media types that a response is described with.

use mocker_http::media::MediaName;
use mocker_openapi::model::MediaType;
use mocker_plan::media;
use mocker_schema::SchemaId;

/// One entry of a response's `content`.
#[derive(Debug)]
pub(super) struct Offer {
    /// Nothing where the author wrote what is no media type
    name: Option<MediaName>,
    /// `application/json`, what a range is sent as
    sent_as: String,
    /// As written
    pub(super) written: Box<str>,
    pub(super) schema: Option<SchemaId>,
}

impl Offer {
    pub(super) fn of(media_type: &MediaType) -> Offer {
        let written = media::written(&media_type.name);
        Offer {
            name: MediaName::parse(written),
            sent_as: media::essence(&media::concrete(written, false, false)),
            written: written.into(),
            schema: media_type.schema,
        }
    }

    /// How well a `Content-Type` fits; `None` if not at all. The greater fits better.
    fn fits(&self, content_type: &[u8]) -> Option<u8> {
        let by_name = self.name.as_ref().and_then(|name| name.fits(content_type));
        by_name.or_else(|| {
            let sent = media::essence(&String::from_utf8_lossy(content_type));
            (sent == self.sent_as || self.has_suffix_of(&sent)).then_some(1)
        })
    }

    /// Whether this is a range of types with a suffix (`application/*+json`), and `sent` one of them.
    fn has_suffix_of(&self, sent: &str) -> bool {
        let Some((kind, suffix)) = self.written.split_once("/*+") else { return false };
        let suffix = suffix.split(';').next().unwrap_or_default().trim_end();
        let (sent_kind, subtype) = sent.split_once('/').unwrap_or_default();
        let sent_suffix = subtype.rsplit_once('+').map(|(_, suffix)| suffix);
        kind.trim_start().eq_ignore_ascii_case(sent_kind)
            && sent_suffix.is_some_and(|sent| sent.eq_ignore_ascii_case(suffix))
    }
}

/// The entry that an answer of this `Content-Type` is described by; of equals the first.
pub(super) fn fitting<'o>(offers: &'o [Offer], content_type: &[u8]) -> Option<&'o Offer> {
    let fitting = offers.iter().filter_map(|offer| Some((offer.fits(content_type)?, offer)));
    fitting.rev().max_by_key(|(fit, _)| *fit).map(|(_, offer)| offer)
}
