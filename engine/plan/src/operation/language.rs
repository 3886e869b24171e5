//! An operation in the languages of its clients.

use std::sync::OnceLock;

use mocker_schema::generate::Locale;

use super::Operation;
use crate::options::Sampling;
use crate::reply::From;
use crate::source::{Origin, Source};
use crate::world::Site;

/// One operation a locale, made when a client first asks for it.
pub(super) type Spoken = [OnceLock<Box<Operation>>; Locale::COUNT];

impl Operation {
    /// The same with data of a locale. It is asked for answers only: requests are judged once for all languages.
    pub(super) fn spoken(&self, locale: Locale) -> &Operation {
        match &self.spoken {
            Some(spoken) if locale != self.options.locale => {
                spoken[locale.index()].get_or_init(|| Box::new(self.translated(locale)))
            }
            _ => self,
        }
    }

    fn translated(&self, locale: Locale) -> Operation {
        let site = self.site.as_ref().and_then(|site| site.spoken(locale)).map(Box::new);
        let operation = Operation::new(&self.document, self.index, &self.options.spoken(locale)).within(site);
        Operation { spoken: None, messages: None, ..operation }
    }

    /// Its place among the entities of a language.
    pub(super) fn site_in(&self, locale: Option<Locale>) -> Option<&Site> {
        locale.map_or(self, |locale| self.spoken(locale)).site.as_deref()
    }

    /// Adds which language a generated body has (RFC 9110, section 8.5), and that another client may get another one
    /// (section 12.5.5).
    pub(super) fn tell_language(
        &self,
        response: Option<usize>,
        source: Option<&Source<'_>>,
        from: From,
        headers: &mut Vec<(String, Vec<u8>)>,
    ) {
        let is_made = source.is_some_and(|source| match from {
            From::Schema | From::World => true,
            From::Example(_) => false,
            From::Usual => {
                self.options.sampling == Sampling::Realistic && source.origin() == Origin::Generated
            }
        });
        if is_made {
            headers.retain(|(name, _)| !name.eq_ignore_ascii_case(CONTENT_LANGUAGE));
            headers.push((CONTENT_LANGUAGE.to_owned(), self.options.locale.tag().into()));
        }
        let has_made = || response.is_some_and(|index| crate::header::is_any_made(self.response(index)));
        if is_made || (self.options.sampling == Sampling::Realistic && has_made()) {
            headers.push(("Vary".to_owned(), b"Accept-Language".to_vec()));
        }
    }
}

const CONTENT_LANGUAGE: &str = "Content-Language";

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::sync::Arc;

    use mocker_openapi::{Location, MemoryFetch, load};

    use crate::options::Options;
    use crate::reply::Wish;
    use crate::{Operation, Plan};

    use super::*;

    const DOCUMENT: &str = r#"{"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/a": {"get": {
        "responses": {"200": {"description": "d", "content": {"application/json": {"schema": {
            "type": "object", "required": ["city"], "properties": {"city": {"type": "string"}}}}}}}}}}}"#;

    fn made(operation: &Operation) -> usize {
        operation.spoken.iter().flat_map(|all| all.iter()).filter(|one| one.get().is_some()).count()
    }

    #[test]
    fn only_languages_that_are_asked_for_are_compiled() {
        let place = Location::File("/a.json".into());
        let document =
            load(place.clone(), &mut MemoryFetch::default().with(place, DOCUMENT)).document.unwrap();
        let document = Arc::new(document);
        for negotiates_locale in [true, false] {
            let options = Options { negotiates_locale, ..Options::default() };
            let (plan, _) = Plan::compile(std::slice::from_ref(&document), &options);
            let operation = plan.operation(0);
            for (tag, expected) in [("en", 0), ("de", 1), ("de", 1), ("fr", 2)] {
                let wish = Wish { locale: Locale::named(tag), ..Wish::default() };
                operation.ready(&operation.reply(&wish, std::iter::empty()).unwrap());
                assert_eq!(made(operation), if negotiates_locale { expected } else { 0 }, "{tag}");
            }
        }
    }
}
