//! An operation as the plan holds it: which response, in which media type, how varied.

mod entities;
mod language;
mod origins;

use std::sync::{Arc, OnceLock};

use mocker_http::response::{BodyRule, Sending, body_rule, reason};
use mocker_openapi::Document;
use mocker_openapi::model::{self, ExampleValue, Response, StatusKey};
use mocker_schema::Schemas;
use mocker_schema::generate::{Failure, Key, Locale};
use mocker_schema::validate::Direction;

use crate::agreement::Fact;
use crate::answer::{Answer, Recipe};
use crate::callback::{self, Callbacks, Message};
use crate::choice::{self, Choice};
use crate::options::Options;
use crate::reply::{From, Reply, Unanswerable, Wish};
use crate::request::{Fault, Rules};
use crate::source::{Origin, Source};
use crate::variants::{Accepted, Variants, preferred};
use crate::world::{Asked, Site};
use language::Spoken;

/// One operation of one document.
pub struct Operation {
    document: Arc<Document>,
    options: Arc<Options>,
    index: usize,
    /// What a valid request without a wish gets
    usual: Option<Choice>,
    /// One a response, in document order
    responses: Box<[OnceLock<Box<Variants>>]>,
    /// The answer where no response fits
    nothing: OnceLock<Box<Answer>>,
    key: Key,
    rules: OnceLock<Box<Rules>>,
    alternatives: Vec<Alternative>,
    /// Its place among the entities; `None` for an operation without
    site: Option<Box<Site>>,
    /// The same in other languages; `None` where there is one for all
    spoken: Option<Box<Spoken>>,
    /// What callbacks send; `None` for an operation without
    messages: Option<Box<OnceLock<Box<[Message]>>>>,
}

/// An operation whose paths another one takes: it answers where the values of the path's variables are not what
/// the other declares.
pub struct Alternative {
    /// Number in the plan
    pub operation: u32,
    /// Names of the path's variables, in the order of the captures
    pub names: Box<[Box<str>]>,
}

/// A compiled answer, ready to be written any number of times.
pub struct Ready<'p> {
    answer: &'p Answer,
    site: Option<&'p Site>,
    source: Option<Source<'p>>,
}

impl Operation {
    /// Prepares operation `index` of `document`; nothing is rendered yet.
    pub(crate) fn new(document: &Arc<Document>, index: usize, options: &Arc<Options>) -> Self {
        let operation = &document.operations[index];
        Operation {
            document: Arc::clone(document),
            options: Arc::clone(options),
            index,
            usual: choice::usual(&operation.responses),
            responses: operation.responses.iter().map(|_| OnceLock::new()).collect(),
            nothing: OnceLock::new(),
            key: identity(Key(options.seed), operation),
            rules: OnceLock::new(),
            alternatives: Vec::new(),
            site: None,
            spoken: options.negotiates_locale.then(Box::default),
            messages: (!operation.callbacks.is_empty()).then(Box::default),
        }
    }

    /// The same in its place among the entities.
    pub(crate) fn within(self, site: Option<Box<Site>>) -> Self {
        Operation { site, ..self }
    }

    /// The operation as the document describes it.
    pub fn model(&self) -> &model::Operation {
        &self.document.operations[self.index]
    }

    /// The document it stands in.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// What its paths may begin with; `""` for as written.
    pub(crate) fn prefixes(&self) -> Vec<&str> {
        self.options.base_path.prefixes(&self.document.servers, self.model())
    }

    /// Operations that have the same method and paths with other variables, and come after it.
    #[inline]
    pub fn alternatives(&self) -> &[Alternative] {
        &self.alternatives
    }

    pub(crate) fn add_alternative(&mut self, alternative: Alternative) {
        if self.alternatives.iter().all(|known| known.operation != alternative.operation) {
            self.alternatives.push(alternative);
        }
    }

    /// The schemas that its parts name.
    #[inline]
    pub fn schemas(&self) -> &Schemas {
        &self.document.schemas
    }

    /// What its requests must be, compiled on the first call.
    #[inline]
    pub fn rules(&self) -> &Rules {
        self.rules.get_or_init(|| Box::new(Rules::compile(&self.document, self.model(), &self.options)))
    }

    /// Whether anything is sent when it was answered.
    #[inline]
    pub fn has_callbacks(&self) -> bool {
        self.messages.is_some()
    }

    /// What is sent when it was answered, compiled on the first call; `None` for most operations.
    #[inline]
    pub fn callbacks(&self) -> Option<Callbacks<'_>> {
        let messages = self.messages.as_ref()?;
        let compile = || callback::compile(&self.document, self.model(), &self.options, self.key);
        Some(Callbacks::new(&self.document, self.model(), messages.get_or_init(compile)))
    }

    /// Status of the answer to a valid request.
    pub fn status(&self) -> u16 {
        self.usual.map_or(200, |choice| choice.status)
    }

    /// What an answer is a function of, before path parameters and counters; `seed` takes the place of the
    /// user's.
    pub fn key(&self, seed: Option<&str>) -> Key {
        match seed {
            None => self.key,
            Some(seed) => identity(Key(Options::seed(seed)), self.model()),
        }
    }

    /// Whether every request gets new data.
    pub fn is_fresh(&self, wish: &Wish<'_>) -> bool {
        let is_dynamic = wish.dynamic.unwrap_or(self.options.is_dynamic);
        wish.seed.is_none() && (self.options.is_fresh || (is_dynamic && !self.options.is_seeded))
    }

    /// The answer to a valid request.
    ///
    /// # Errors
    /// When the document has not what the client asks for.
    #[inline]
    pub fn reply<'a>(
        &self,
        wish: &Wish<'_>,
        accept: impl Iterator<Item = &'a [u8]> + Clone,
    ) -> Result<Reply, Unanswerable> {
        let choice = match wish.code {
            None => self.usual,
            Some(code) => {
                let choice = choice::of_code(&self.model().responses, code);
                Some(choice.ok_or(Unanswerable::NoCode { code })?)
            }
        };
        let Some(choice) = choice else {
            let locale = wish.locale;
            return Ok(Reply { response: None, media: None, from: From::Usual, status: None, locale });
        };
        let media = match self.variants(choice.response).accepted(accept.clone()) {
            Accepted::Media(media) => Some(media),
            Accepted::Bare => None,
            Accepted::Nothing if self.is_silent(choice.status) => None,
            Accepted::Nothing => return Err(not_acceptable(accept)),
        };
        let from = match media {
            Some(media) => self.body_of(wish, choice.response, media)?,
            None => From::Usual,
        };
        Ok(Reply { locale: wish.locale, ..self.as_reply(choice, media, from) })
    }

    /// The answer to a request that is refused: the response described for the first of `codes`, whatever
    /// `Accept` says. `None` where none is described.
    ///
    /// # Errors
    /// When the response has no example of the name asked for.
    pub fn refusal(&self, codes: &[u16], wish: &Wish<'_>) -> Result<Option<Reply>, Unanswerable> {
        let Some(choice) = choice::refusing(&self.model().responses, codes) else { return Ok(None) };
        let content = &self.response(choice.response).content;
        let exemplified = content.iter().position(|media| !media.examples.is_empty());
        let media = exemplified.or_else(|| content.iter().position(|media| media.schema.is_some()));
        let media = media.or((!content.is_empty()).then_some(0)).map(|media| media as u16);
        let is_named = wish.example.is_some() && wish.code.is_some_and(|code| codes.contains(&code));
        let from = match media {
            Some(media) if is_named => {
                let wish = Wish { dynamic: Some(false), ..wish.clone() };
                self.body_of(&wish, choice.response, media)?
            }
            _ => From::Usual,
        };
        Ok(Some(Reply { locale: wish.locale, ..self.as_reply(choice, media, from) }))
    }

    /// `reply` with the example that agrees with the request, if there is one and nothing else was asked for.
    pub fn agreeing(&self, reply: Reply, facts: &[Fact<'_>]) -> Reply {
        let (Some(response), Some(media), From::Usual) = (reply.response, reply.media, reply.from) else {
            return reply;
        };
        let described = &self.response(response.into()).content[usize::from(media)];
        let agreements = self.variants(response.into()).get(media).agreements(described);
        match agreements.and_then(|agreements| agreements.best(facts)) {
            Some(index) => Reply { from: From::Example(index as u16), ..reply },
            None => reply,
        }
    }

    /// Whether [`Operation::agreeing`] may choose another example for `reply`.
    #[inline]
    pub fn may_agree(&self, reply: &Reply) -> bool {
        match (reply.response, reply.media, reply.from) {
            (Some(response), Some(media), From::Usual)
                if self.options.matches_examples && !self.options.ignores_examples =>
            {
                self.response(response.into()).content[usize::from(media)].examples.len() > 1
            }
            _ => false,
        }
    }

    /// The media type that a client without a wish gets under a status, or under the usual one; `None` where the
    /// document describes none.
    pub fn media_of(&self, status: Option<u16>) -> Option<String> {
        let choice = match status {
            None => self.usual,
            Some(status) => choice::of_code(&self.model().responses, status),
        };
        let response = choice?.response;
        let media = preferred(self.response(response))?;
        Some(self.source(response, media as u16).content_type())
    }

    /// Which of the document's examples `reply` sends: indexes of the response, its media type and the example there.
    pub fn example_of(&self, reply: &Reply) -> Option<(u16, u16, u16)> {
        let (response, media) = (reply.response?, reply.media?);
        let example = match reply.from {
            From::Example(index) => index,
            From::Usual if !self.options.ignores_examples => {
                let examples = &self.response(response.into()).content[usize::from(media)].examples;
                let is_sent = |example: &model::Example| !matches!(example.value, ExampleValue::External(_));
                examples.iter().position(is_sent)? as u16
            }
            From::Usual | From::Schema | From::World => return None,
        };
        Some((response, media, example))
    }

    /// The answer whose body is made from the schema of one media type, whatever examples there are: indexes of the
    /// response and of its media type.
    pub fn generated(&self, response: u16, media: u16) -> Reply {
        Reply { response: Some(response), media: Some(media), from: From::Schema, status: None, locale: None }
    }

    /// Drops what was compiled so far; it is compiled again when it is asked for.
    pub fn forget(&mut self) {
        self.responses = self.responses.iter().map(|_| OnceLock::new()).collect();
        self.nothing = OnceLock::new();
        self.rules = OnceLock::new();
        self.spoken = self.spoken.as_ref().map(|_| Box::default());
    }

    /// The answer itself, compiled on the first call.
    pub fn ready(&self, reply: &Reply) -> Ready<'_> {
        match reply.locale {
            None => self.prepared(reply),
            Some(locale) => self.spoken(locale).prepared(reply),
        }
    }

    #[inline]
    fn prepared(&self, reply: &Reply) -> Ready<'_> {
        let Some(index) = reply.response else {
            let answer = self.nothing.get_or_init(|| Box::new(self.compile(None, 200, None, From::Usual)));
            return Ready { answer, site: None, source: None };
        };
        let index = usize::from(index);
        let variants = self.variants(index);
        let described = choice::status(self.model().responses[index].0);
        let silent = reply.status.filter(|status| body_rule(*status) != body_rule(described));
        let (slot, status) = match (reply.media, silent) {
            (Some(media), _) => (variants.get(media).slot(reply.from), described),
            (None, None) if reply.from == From::World => (&variants.placed, described),
            (None, None) => (&variants.bare, described),
            (None, Some(status)) => (&variants.silent, status),
        };
        let answer = slot.get_or_init(|| self.compile(Some(index), status, reply.media, reply.from));
        let site = self.site.as_deref().filter(|_| reply.from == From::World && reply.media.is_some());
        Ready { answer, site, source: reply.media.map(|media| self.source(index, media)) }
    }

    /// Whether no client gets a body, whatever it accepts.
    fn is_silent(&self, status: u16) -> bool {
        body_rule(status) != BodyRule::Body || self.model().method == model::Method::Head
    }

    fn as_reply(&self, choice: Choice, media: Option<u16>, from: From) -> Reply {
        let described = choice::status(self.model().responses[choice.response].0);
        // Where one of the two statuses has no body, the answer has none.
        let media = media.filter(|_| body_rule(choice.status) == body_rule(described));
        let status = (choice.status != described).then_some(choice.status);
        Reply { response: Some(choice.response as u16), media, from, status, locale: None }
    }

    /// Which body of a media type the wish is for.
    fn body_of(&self, wish: &Wish<'_>, response: usize, media: u16) -> Result<From, Unanswerable> {
        if wish.is_plain() && !self.options.is_dynamic {
            return Ok(From::Usual);
        }
        let described = &self.response(response).content[usize::from(media)];
        let content_type = || described.name.clone();
        if let Some(name) = &wish.example {
            let named = |example: &model::Example| {
                *example.name == **name && !matches!(example.value, ExampleValue::External(_))
            };
            let index = described.examples.iter().position(named);
            let missing =
                || Unanswerable::NoExample { content_type: content_type(), example: name.as_ref().into() };
            return index.map(|index| From::Example(index as u16)).ok_or_else(missing);
        }
        let has_schema = described.schema.or(described.item_schema).is_some();
        match wish.dynamic {
            Some(true) if !has_schema => Err(Unanswerable::NoSchema { content_type: content_type() }),
            Some(true) => Ok(From::Schema),
            None if self.options.is_dynamic && has_schema => Ok(From::Schema),
            _ if wish.seed.is_some() && self.is_generated(response, media) => Ok(From::Schema),
            _ => Ok(From::Usual),
        }
    }

    /// Whether the body of `reply` is made from the schema; `None` where it has none.
    pub fn generates(&self, reply: &Reply) -> Option<bool> {
        let (response, media) = (reply.response?, reply.media?);
        Some(match reply.from {
            From::Schema | From::World => true,
            From::Example(_) => false,
            From::Usual => self.is_generated(response.into(), media),
        })
    }

    fn is_generated(&self, response: usize, media: u16) -> bool {
        let source = self.source(response, media);
        self.variants(response).get(media).origin(|| source.origin()) == Origin::Generated
    }

    #[inline]
    fn variants(&self, response: usize) -> &Variants {
        self.responses[response].get_or_init(|| Box::new(Variants::new(self.response(response))))
    }

    fn response(&self, index: usize) -> &Response {
        &self.model().responses[index].1
    }

    fn source(&self, response: usize, media: u16) -> Source<'_> {
        let media = &self.response(response).content[usize::from(media)];
        Source {
            schemas: &self.document.schemas,
            media,
            options: &self.options,
            direction: Direction::Response,
            failure: self.failure(response),
        }
    }

    /// The error that a response tells of.
    fn failure(&self, response: usize) -> Option<Failure> {
        let is_usual = || self.usual.is_some_and(|usual| usual.response == response);
        match self.model().responses[response].0 {
            StatusKey::Code(status @ 400..) => Some(Failure { status: Some(status), reason: reason(status) }),
            StatusKey::Range(4..) => Some(Failure { status: None, reason: "" }),
            StatusKey::Default if !is_usual() => Some(Failure { status: None, reason: "" }),
            _ => None,
        }
    }

    fn compile(&self, response: Option<usize>, status: u16, media: Option<u16>, from: From) -> Answer {
        let schemas = &self.document.schemas;
        let declared =
            |index| crate::header::declared(schemas, self.response(index), &self.options, self.key);
        let mut headers = response.map(declared).unwrap_or_default();
        if let (Some(site), From::World) = (&self.site, from) {
            headers.retain(|(name, _)| !site.tells(name));
        }
        let is_told = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("deprecation"));
        if self.model().deprecated && !is_told {
            headers.push(("Deprecation".to_owned(), b"true".to_vec()));
        }
        let source = response.zip(media).map(|(response, media)| self.source(response, media));
        if self.options.negotiates_locale {
            self.tell_language(response, source.as_ref(), from, &mut headers);
        }
        let varies = self.options.is_fresh || from == From::Schema || self.model().path.contains('{');
        let shares = self.options.shares;
        Answer::compile(Recipe { status, headers, from, key: self.key, varies, source, shares })
    }
}

impl Ready<'_> {
    /// How the author's example breaks its schema.
    pub fn verdict(&self) -> &[Fault] {
        self.answer.verdict()
    }

    /// Names of the fields about cross-origin sharing that the document declares.
    pub fn sharing(&self) -> &[Box<str>] {
        self.answer.sharing()
    }

    /// Appends the answer with the entities that were asked for; without any, as [`Ready::write`] does.
    pub fn write_entities(&self, sending: Sending<'_>, key: Key, asked: Option<&Asked>, out: &mut Vec<u8>) {
        match (self.site, asked) {
            (Some(site), Some(asked)) => {
                self.answer.write_brought(sending, self.source, out, |out| site.write(asked, out));
            }
            _ => self.write(sending, key, out),
        }
    }

    /// Appends the answer for `key`. A status that `reply` brings is in `sending`.
    pub fn write(&self, sending: Sending<'_>, key: Key, out: &mut Vec<u8>) {
        self.answer.write(sending, self.source, key, out);
    }
}

impl Reply {
    /// Index among the operation's responses; `None` where the document describes none.
    pub fn response(&self) -> Option<usize> {
        self.response.map(usize::from)
    }

    /// Index among the response's media types; `None` for no body.
    pub fn media(&self) -> Option<usize> {
        self.media.map(usize::from)
    }

    /// The language that was agreed on, where there is a choice.
    pub fn locale(&self) -> Option<Locale> {
        self.locale
    }

    /// The status, where it is not the one the answer was prepared with.
    pub fn status(&self) -> Option<u16> {
        self.status
    }
}

/// The seed with what tells one operation from another.
fn identity(seed: Key, operation: &model::Operation) -> Key {
    let condition = operation.path_condition.as_deref().unwrap_or_default();
    let names = [method_name(&operation.method), &operation.path, condition];
    names.iter().fold(seed, |key, name| key.with(name.as_bytes()))
}

#[cold]
fn not_acceptable<'a>(accept: impl Iterator<Item = &'a [u8]>) -> Unanswerable {
    let lines: Vec<_> = accept.map(String::from_utf8_lossy).collect();
    let elements: Vec<&str> = lines.iter().flat_map(|line| line.split(',')).map(str::trim).collect();
    Unanswerable::NotAcceptable { accept: elements.join(",").into() }
}

/// The method as it stands in a request line.
pub fn method_name(method: &model::Method) -> &str {
    match method {
        model::Method::Get => "GET",
        model::Method::Put => "PUT",
        model::Method::Post => "POST",
        model::Method::Delete => "DELETE",
        model::Method::Options => "OPTIONS",
        model::Method::Head => "HEAD",
        model::Method::Patch => "PATCH",
        model::Method::Trace => "TRACE",
        model::Method::Query => "QUERY",
        model::Method::Other(name) => name,
    }
}
