//! The language of an answer, of those that a client accepts: lookup by RFC 4647, section 3.4.

use mocker_http::language::language_ranges;
use mocker_schema::generate::Locale;

/// What a client's `Accept-Language` comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language<'a> {
    /// Whose names and places values have
    pub locale: Locale,
    /// The range that asks for it; `None` where none does
    pub range: Option<&'a [u8]>,
}

/// What was said of a locale.
#[derive(Clone, Copy)]
struct Heard<'a> {
    /// The range that asks for it, with its quality and its number among all
    wanted: Option<(u16, usize, &'a [u8])>,
    /// Bytes of the longest range that it lies within: what that says counts
    closest: usize,
    is_refused: bool,
}

impl<'a> Language<'a> {
    /// The locale of the range that is liked best, of equals the first; what the client refuses by `q=0` is none. `usual`
    /// where no range names a locale, or the first that is not refused where a range is `*`.
    pub(crate) fn of(lines: impl Iterator<Item = &'a [u8]>, usual: Locale) -> Language<'a> {
        let mut heard = [Heard { wanted: None, closest: 0, is_refused: false }; Locale::COUNT];
        let mut takes_any = None;
        for (number, range) in language_ranges(lines).enumerate() {
            if range.text == b"*" {
                takes_any = takes_any.or((range.quality > 0).then_some(range.text));
                continue;
            }
            for locale in near(range.text) {
                let heard = &mut heard[locale.index()];
                if range.text.len() > heard.closest && is_within(locale.tag().as_bytes(), range.text) {
                    (heard.closest, heard.is_refused) = (range.text.len(), range.quality == 0);
                }
            }
            if range.quality > 0
                && let Some(found) = lookup(range.text)
            {
                let wanted = &mut heard[found.index()].wanted;
                if wanted.is_none_or(|(quality, ..)| quality < range.quality) {
                    *wanted = Some((range.quality, number, range.text));
                }
            }
        }
        let is_refused = |locale: &Locale| heard[locale.index()].is_refused;
        let wanted = Locale::all().filter(|locale| !is_refused(locale));
        let wanted = wanted.filter_map(|locale| Some((locale, heard[locale.index()].wanted?)));
        let best = wanted.max_by_key(|(_, (quality, number, _))| (*quality, usize::MAX - number));
        if let Some((locale, (.., range))) = best {
            return Language { locale, range: Some(range) };
        }
        let other = || Locale::all().find(|locale| !is_refused(locale));
        match takes_any {
            Some(_) if is_refused(&usual) => Language { locale: other().unwrap_or(usual), range: takes_any },
            range => Language { locale: usual, range },
        }
    }
}

/// Locales whose tags begin with the same letter: a look at it saves most of the work.
fn near(range: &[u8]) -> impl Iterator<Item = Locale> {
    let first = range.first().map(u8::to_ascii_lowercase);
    Locale::all().filter(move |locale| locale.tag().as_bytes().first().copied() == first)
}

/// The locale whose tag is the range, or the longest beginning of it that some tag is; else the first of its language.
fn lookup(range: &[u8]) -> Option<Locale> {
    let begins = near(range).filter(|locale| is_within(range, locale.tag().as_bytes()));
    let of_language = || near(range).find(|locale| same(language(locale.tag().as_bytes()), language(range)));
    begins.max_by_key(|locale| locale.tag().len()).or_else(of_language)
}

/// Whether a tag is a range or begins with it, subtag by subtag (RFC 4647, section 3.3.1).
fn is_within(tag: &[u8], range: &[u8]) -> bool {
    let is_whole = |end: usize| tag.get(end).is_none_or(|byte| *byte == b'-');
    tag.get(..range.len()).is_some_and(|start| same(start, range)) && is_whole(range.len())
}

fn language(tag: &[u8]) -> &[u8] {
    tag.split(|byte| *byte == b'-').next().unwrap_or_default()
}

fn same(one: &[u8], other: &[u8]) -> bool {
    one.eq_ignore_ascii_case(other)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    fn chosen(field: &str, usual: &str) -> (&'static str, String) {
        let usual = Locale::named(usual).unwrap();
        let found = Language::of(std::iter::once(field.as_bytes()), usual);
        (found.locale.tag(), String::from_utf8_lossy(found.range.unwrap_or_default()).into_owned())
    }

    #[test]
    fn ranges_choose_among_locales() {
        for (field, expected, by) in [
            ("de", "de-DE", "de"),
            ("DE-de", "de-DE", "DE-de"),
            ("de-AT", "de-DE", "de-AT"),
            ("de-*", "de-DE", "de-*"),
            ("en", "en", "en"),
            ("en-GB", "en-GB", "en-GB"),
            ("en-GB-oxendict", "en-GB", "en-GB-oxendict"),
            ("en-AU", "en", "en-AU"),
            ("pt", "pt-PT", "pt"),
            ("pt-br", "pt-BR", "pt-br"),
            ("pt-Latn-BR", "pt-PT", "pt-Latn-BR"),
            // quality, then order
            ("fr;q=0.5, de;q=0.8", "de-DE", "de"),
            ("fr, de", "fr-FR", "fr"),
            ("fr;q=0.8, de;q=0.8", "fr-FR", "fr"),
            ("pl;q=0.001, xx", "pl-PL", "pl"),
            ("de;q=0.2, fr;q=0.5, de-AT", "de-DE", "de-AT"),
            ("xx, sv;q=0.9, it;q=0.1", "it-IT", "it"),
            // nothing that is known
            ("", "nl-NL", ""),
            ("xx", "nl-NL", ""),
            ("deutsch", "nl-NL", ""),
            ("de;q=x, fr;q=2", "nl-NL", ""),
            ("*-DE", "nl-NL", ""),
            // any
            ("*", "nl-NL", "*"),
            ("xx, *;q=0.5", "nl-NL", "*"),
            ("*, de;q=0.1", "de-DE", "de"),
            ("*;q=0", "nl-NL", ""),
            ("*;q=0, de", "de-DE", "de"),
            // not wanted
            ("de;q=0", "nl-NL", ""),
            ("de;q=0, de-DE", "de-DE", "de-DE"),
            ("de, de-DE;q=0", "nl-NL", ""),
            ("de, fr;q=0.5, de-DE;q=0.0", "fr-FR", "fr"),
            ("en;q=0, en-GB;q=0.3", "en-GB", "en-GB"),
            ("en-AU, en;q=0", "nl-NL", ""),
            ("nl;q=0", "nl-NL", ""),
            ("nl;q=0, *", "en", "*"),
            ("*;q=0.3, nl;q=0, en;q=0", "de-DE", "*"),
        ] {
            assert_eq!(chosen(field, "nl"), (expected, by.to_owned()), "{field}");
        }
        let everything: Vec<String> = Locale::all().map(|locale| format!("{};q=0", locale.tag())).collect();
        assert_eq!(chosen(&format!("*,{}", everything.join(",")), "nl").0, "nl-NL");
    }

    #[test]
    fn a_list_may_be_on_several_lines() {
        let lines = ["xx, fr;q=0.4", "it;q=0.5"].map(str::as_bytes);
        assert_eq!(Language::of(lines.into_iter(), Locale::ENGLISH).locale.tag(), "it-IT");
    }

    /// A tag alone is looked up as the configuration's is.
    #[test]
    fn ranges_are_read_as_settings_are() {
        for tag in ["de", "de-AT", "en", "en-AU", "en-us", "pt", "pt-BR", "ja", "tr-CY", "xx"] {
            assert_eq!(lookup(tag.as_bytes()), Locale::named(tag), "{tag}");
        }
        for locale in Locale::all() {
            assert_eq!(lookup(locale.tag().as_bytes()), Some(locale));
        }
    }

    #[test]
    fn a_hostile_field_is_harmless() {
        for field in [
            vec!["zz-YY;q=0.7"; 1000].join(","),
            format!("de{}", "-a".repeat(4000)),
            ",".repeat(8192),
            "*;q=9".repeat(1000),
        ] {
            let found = chosen(&field, "nl").0;
            assert_eq!(found, if field.starts_with("de-") { "de-DE" } else { "nl-NL" });
        }
    }

    proptest! {
        #[test]
        fn any_bytes_choose_some_locale(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let found = Language::of(std::iter::once(&*bytes), Locale::ENGLISH);
            prop_assert!(found.range.is_some() || found.locale == Locale::ENGLISH);
        }

        #[test]
        fn the_best_of_several_is_chosen(
            qualities in proptest::collection::vec(1u16..=1000, Locale::COUNT),
        ) {
            let each = Locale::all().zip(&qualities);
            let field: Vec<String> = each
                .map(|(locale, quality)| match quality {
                    1000 => locale.tag().to_owned(),
                    _ => format!("{};q=0.{quality:03}", locale.tag()),
                })
                .collect();
            let best = qualities.iter().max().unwrap();
            let first = qualities.iter().position(|quality| quality == best).unwrap();
            let field = field.join(", ");
            let found = Language::of(std::iter::once(field.as_bytes()), Locale::ENGLISH);
            prop_assert_eq!(found.locale.index(), first);
        }
    }
}
