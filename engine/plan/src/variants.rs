//! One response of an operation: its media types, each answer compiled when first asked for.

use std::sync::OnceLock;

use mocker_http::media::{MediaName, negotiate, negotiate_lines};
use mocker_openapi::model::{MediaType, Response};

use crate::agreement::Agreements;
use crate::answer::Answer;
use crate::media::{self, Kind};
use crate::reply::From;
use crate::source::Origin;

/// The media types of one response.
pub(crate) struct Variants {
    /// In document order
    names: Box<[MediaName]>,
    /// What is sent where the client says nothing; `None` for a response without content
    preferred: Option<u16>,
    variants: Box<[Variant]>,
    /// The answer with an empty body
    pub(crate) bare: OnceLock<Answer>,
    /// The same where the request says where what it created is
    pub(crate) placed: OnceLock<Answer>,
    /// The answer under a status that has no body
    pub(crate) silent: OnceLock<Answer>,
}

/// One media type.
pub(crate) struct Variant {
    usual: OnceLock<Answer>,
    schema: OnceLock<Answer>,
    world: OnceLock<Answer>,
    examples: Box<[OnceLock<Answer>]>,
    agreements: OnceLock<Agreements>,
    origin: OnceLock<Origin>,
}

/// What a client's `Accept` comes to.
pub(crate) enum Accepted {
    /// This media type
    Media(u16),
    /// No body: there is none
    Bare,
    /// Nothing that is offered
    Nothing,
}

impl Variants {
    pub(crate) fn new(response: &Response) -> Variants {
        let name = |media: &MediaType| {
            let octets = || MediaName::parse("application/octet-stream");
            MediaName::parse(media::written(&media.name)).or_else(octets)
        };
        Variants {
            names: response.content.iter().filter_map(name).collect(),
            preferred: preferred(response).map(|index| index as u16),
            variants: response.content.iter().map(Variant::new).collect(),
            bare: OnceLock::new(),
            placed: OnceLock::new(),
            silent: OnceLock::new(),
        }
    }

    /// What the lines of `Accept` prefer, in document order where they do not mind; without any: JSON, else the
    /// first (RFC 9110, section 12.5.1).
    #[inline]
    pub(crate) fn accepted<'a>(&self, accept: impl Iterator<Item = &'a [u8]> + Clone) -> Accepted {
        let Some(preferred) = self.preferred else { return Accepted::Bare };
        let mut lines = accept.clone();
        let negotiated = match (lines.next(), lines.next()) {
            (None, _) => return Accepted::Media(preferred),
            (Some(line), None) => negotiate(line, self.names.iter()),
            (Some(_), Some(_)) => negotiate_lines(accept, self.names.iter()),
        };
        match negotiated {
            Some(index) => Accepted::Media(index as u16),
            None => Accepted::Nothing,
        }
    }

    /// One of the media types.
    pub(crate) fn get(&self, media: u16) -> &Variant {
        &self.variants[usize::from(media)]
    }
}

impl Variant {
    fn new(media: &MediaType) -> Variant {
        Variant {
            usual: OnceLock::new(),
            schema: OnceLock::new(),
            world: OnceLock::new(),
            examples: media.examples.iter().map(|_| OnceLock::new()).collect(),
            agreements: OnceLock::new(),
            origin: OnceLock::new(),
        }
    }

    /// Where the answer is kept.
    #[inline]
    pub(crate) fn slot(&self, from: From) -> &OnceLock<Answer> {
        match from {
            From::Usual => &self.usual,
            From::Example(index) => &self.examples[usize::from(index)],
            From::Schema => &self.schema,
            From::World => &self.world,
        }
    }

    /// Where the usual answer's body comes from.
    pub(crate) fn origin(&self, find: impl FnOnce() -> Origin) -> Origin {
        *self.origin.get_or_init(find)
    }

    /// What the examples say, where there are several.
    pub(crate) fn agreements(&self, media: &MediaType) -> Option<&Agreements> {
        (self.examples.len() > 1).then(|| self.agreements.get_or_init(|| Agreements::new(media)))
    }
}

/// The media type that a client without a wish gets: `*/*`, else JSON, else the first. Its index among the contents.
pub fn preferred(response: &Response) -> Option<usize> {
    let rank = |(index, media): &(usize, &MediaType)| match media::written(&media.name) {
        "*/*" => (0, *index),
        name if media::kind(name) != Kind::Json => (3, *index),
        name if media::essence(name) == "application/json" => (1, *index),
        _ => (2, *index),
    };
    response.content.iter().enumerate().min_by_key(rank).map(|(index, _)| index)
}
