//! What requests of an operation come to among the entities of its document.

use bumpalo::Bump;

use super::Operation;
use crate::media::{self, Kind};
use crate::options::Sampling;
use crate::reply::{From, Reply, Wish};
use crate::request::Sent;
use crate::request::body::{Bench, Scratch};
use crate::resources;
use crate::world::{Asked, Asking, Otherwise, Received, Site};

/// JSON Merge Patch (RFC 7396, section 4)
const MERGE_PATCH: &[u8] = b"application/merge-patch+json";

impl Operation {
    /// Whether its answers may be made of entities.
    #[inline]
    pub fn has_entities(&self) -> bool {
        self.site.is_some()
    }

    /// What a request comes to among the entities, and the reply that gives it: where the body would be made from the
    /// usual response's schema, and neither freshness nor another seed was asked for. What [`Asked::awaits_body`] goes
    /// through [`Operation::heard`] before it is written.
    pub fn among_entities(&self, reply: Reply, wish: &Wish<'_>, sent: &Sent<'_>) -> (Reply, Asking) {
        let Some(site) = self.site_in(reply.locale) else { return (reply, Asking::Nothing) };
        let Some((response, media)) = site.usual() else { return (reply, Asking::Nothing) };
        let is_usual = reply.response() == Some(response) && reply.status.is_none();
        if !is_usual
            || wish.seed.is_some()
            || self.is_fresh(wish)
            || self.options.sampling == Sampling::Static
        {
            return (reply, Asking::Nothing);
        }
        let otherwise = match reply.media() {
            None => Otherwise::Bare,
            Some(own) if self.is_as_good(response, own, media) && self.generates(&reply) == Some(true) => {
                Otherwise::Made
            }
            Some(_) => Otherwise::Another,
        };
        match site.ask(sent, otherwise) {
            Asking::Found(asked) => (Reply { from: From::World, ..reply }, Asking::Found(asked)),
            asking => (reply, asking),
        }
    }

    /// Whether a media type of a response says what the `usual` one says: it has the same schema, as JSON or XML.
    fn is_as_good(&self, response: usize, own: usize, usual: usize) -> bool {
        let content = &self.response(response).content;
        let schemas = self.schemas();
        let whole = |media: usize| Some(resources::target(schemas, content[media].schema?));
        let element =
            |media: usize| Some(resources::target(schemas, resources::elements(schemas, whole(media)?)?));
        let is_same =
            || whole(own) == whole(usual) || (element(own).is_some() && element(own) == element(usual));
        let kind = || media::kind(&media::concrete(&content[own].name, false, false));
        own == usual || (is_same() && matches!(kind(), Kind::Json | Kind::Xml))
    }

    /// What was asked for with what the request's body says of it.
    #[cold]
    pub fn heard<'b>(
        &self,
        reply: &Reply,
        asked: Asked,
        content_type: Option<&[u8]>,
        body: &'b [u8],
        bench: &mut Bench<'_, 'b>,
    ) -> Asked {
        match self.site_in(reply.locale) {
            Some(site) => self.heard_by(site, asked, (content_type, body), bench),
            None => asked,
        }
    }

    fn heard_by<'b>(
        &self,
        site: &Site,
        asked: Asked,
        (content_type, body): (Option<&[u8]>, &'b [u8]),
        bench: &mut Bench<'_, 'b>,
    ) -> Asked {
        let is_patch = content_type.is_some_and(|name| {
            let essence = name.split(|byte| *byte == b';').next().unwrap_or_default();
            essence.trim_ascii().eq_ignore_ascii_case(MERGE_PATCH)
        });
        let value = self.rules().bodies.value(content_type, body, bench);
        site.hear(asked, &Received { value, bytes: body, is_patch }, bench)
    }

    /// The response and the media type, by their indexes, in which an operation answers with entities.
    pub fn entities_at(&self) -> Option<(usize, usize)> {
        self.site.as_ref()?.usual()
    }

    /// The body that request number `sample` gets, of those that nobody sent; what it has as a body is `sent`, of the
    /// media type `content_type`. `None` where the operation has no body of entities.
    pub fn entities_of(&self, sample: u64, content_type: &str, sent: &[u8]) -> Option<Vec<u8>> {
        let site = self.site.as_ref()?;
        let (arena, mut scratch) = (Bump::new(), Scratch::default());
        let mut asked = site.sample(sample)?;
        if asked.awaits_body() {
            let mut bench = Bench { schemas: self.schemas(), scratch: &mut scratch, arena: &arena };
            asked = self.heard_by(site, asked, (Some(content_type.as_bytes()), sent), &mut bench);
        }
        let mut body = Vec::new();
        site.write(&asked, &mut body);
        Some(body)
    }
}
