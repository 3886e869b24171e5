//! Languages and countries that names, places and numbers are of. The data stands in `locales/`, one file a language.

use fake::locales::{self, Data as Names};

/// A language, of a country where that matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Locale(u8);

/// How many there are.
pub(super) const COUNT: usize = LOCALES.len();

struct Known {
    tag: &'static str,
    text: &'static str,
    /// The only country whose places are taken
    country: Option<&'static str>,
    /// First and last names, where the text has none
    names: Option<[&'static [&'static str]; 2]>,
}

/// The first of a language stands for it where a country is not known.
const LOCALES: &[Known] = &[
    known("en", include_str!("locales/en.txt"), None, Some(names::<locales::EN>())),
    known("en-US", include_str!("locales/en.txt"), Some("US"), Some(names::<locales::EN>())),
    known("en-GB", include_str!("locales/en.txt"), Some("GB"), Some(names::<locales::EN>())),
    known("de-DE", include_str!("locales/de.txt"), None, Some(names::<locales::DE_DE>())),
    known("es-ES", include_str!("locales/es.txt"), None, None),
    known("fr-FR", include_str!("locales/fr.txt"), None, Some(names::<locales::FR_FR>())),
    known("it-IT", include_str!("locales/it.txt"), None, Some(names::<locales::IT_IT>())),
    known("ja-JP", include_str!("locales/ja.txt"), None, None),
    known("nl-NL", include_str!("locales/nl.txt"), None, Some(names::<locales::NL_NL>())),
    known("pl-PL", include_str!("locales/pl.txt"), None, None),
    known("pt-PT", include_str!("locales/pt-PT.txt"), None, Some(names::<locales::PT_PT>())),
    known("pt-BR", include_str!("locales/pt-BR.txt"), None, Some(names::<locales::PT_BR>())),
    known("tr-TR", include_str!("locales/tr.txt"), None, None),
];

const fn known(
    tag: &'static str,
    text: &'static str,
    country: Option<&'static str>,
    names: Option<[&'static [&'static str]; 2]>,
) -> Known {
    Known { tag, text, country, names }
}

const fn names<L: Names>() -> [&'static [&'static str]; 2] {
    [L::NAME_FIRST_NAME, L::NAME_LAST_NAME]
}

impl Locale {
    /// English, of all countries where it is spoken.
    pub const ENGLISH: Locale = Locale(0);

    /// How many there are.
    pub const COUNT: usize = COUNT;

    /// Every locale, English first.
    pub fn all() -> impl Iterator<Item = Locale> {
        (0..COUNT).map(|index| Locale(index as u8))
    }

    /// The locale of a tag (RFC 5646), in any case, with `-` or `_`; a country that is not known leaves the language:
    /// `de-AT` is `de-DE`. `None` for languages that are not known.
    pub fn named(tag: &str) -> Option<Locale> {
        let tag = tag.trim().replace('_', "-");
        let language = tag.split('-').next().unwrap_or_default();
        let whole = LOCALES.iter().position(|known| known.tag.eq_ignore_ascii_case(&tag));
        let of_language = || {
            LOCALES.iter().position(|known| {
                known.tag.split('-').next().is_some_and(|own| own.eq_ignore_ascii_case(language))
            })
        };
        whole.or_else(of_language).map(|index| Locale(index as u8))
    }

    /// As RFC 5646 writes it: `de-DE`.
    pub fn tag(self) -> &'static str {
        self.known().tag
    }

    /// Whether `ü` is written `ue` where marks cannot be.
    pub(super) fn is_german(self) -> bool {
        self.tag().starts_with("de")
    }

    /// Its place among all, less than [`Locale::COUNT`].
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    fn known(self) -> &'static Known {
        &LOCALES[self.index()]
    }
}

/// What the file of a locale says.
pub(super) struct Data {
    pub(super) first: Vec<Name>,
    pub(super) last: Vec<Name>,
    pub(super) titles: Vec<&'static str>,
    pub(super) companies: Vec<&'static str>,
    pub(super) streets: Vec<&'static str>,
    /// How a whole name, the line of a street and a whole address are put together
    pub(super) full: &'static str,
    pub(super) street: &'static str,
    pub(super) address: &'static str,
    pub(super) places: Vec<Place>,
}

/// A name, as it is written there and in Latin letters.
#[derive(Clone, Copy)]
pub(super) struct Name {
    pub(super) written: &'static str,
    pub(super) latin: &'static str,
}

/// What all places of a country have in common.
#[derive(Clone, Copy, Default)]
pub(super) struct Country {
    pub(super) name: &'static str,
    pub(super) alpha_2: &'static str,
    pub(super) alpha_3: &'static str,
    pub(super) currency: &'static str,
    pub(super) currency_symbol: &'static str,
    pub(super) currency_name: &'static str,
    pub(super) language: &'static str,
}

/// A city and what is true of it.
pub(super) struct Place {
    pub(super) country: Country,
    pub(super) city: &'static str,
    pub(super) state: &'static str,
    pub(super) state_code: &'static str,
    pub(super) postcodes: Vec<&'static str>,
    pub(super) time_zone: &'static str,
    /// Degrees
    pub(super) latitude: f64,
    pub(super) longitude: f64,
    /// `#` for any digit
    pub(super) phone: &'static str,
}

impl Data {
    /// What is said of `locale`; read anew whenever it is asked, which is once for each pool.
    pub(super) fn of(locale: Locale) -> Data {
        let known = locale.known();
        let mut data = Data::read(known.text);
        data.places.retain(|place| known.country.is_none_or(|country| place.country.alpha_2 == country));
        if let Some([first, last]) = known.names {
            let names = |names: &[&'static str]| names.iter().map(|name| self::name(name.trim())).collect();
            (data.first, data.last) = (names(first), names(last));
        }
        data
    }

    /// Lines that are not understood are left to the test.
    fn read(text: &'static str) -> Data {
        let mut data = Data {
            first: Vec::new(),
            last: Vec::new(),
            titles: Vec::new(),
            companies: Vec::new(),
            streets: Vec::new(),
            full: "",
            street: "",
            address: "",
            places: Vec::new(),
        };
        let mut country = Country::default();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            let parts = || rest.split(" | ").collect();
            match word {
                "full" => data.full = rest,
                "street" => data.street = rest,
                "address" => data.address = rest,
                "titles" => data.titles = parts(),
                "companies" => data.companies = parts(),
                "streets" => data.streets = parts(),
                "first" => data.first = rest.split(" | ").map(name).collect(),
                "last" => data.last = rest.split(" | ").map(name).collect(),
                "country" => country = self::country(rest).unwrap_or_default(),
                _ => data.places.extend(place(line, country)),
            }
        }
        data
    }
}

fn name(text: &'static str) -> Name {
    let (written, latin) = text.split_once('=').unwrap_or((text, text));
    Name { written, latin }
}

fn country(text: &'static str) -> Option<Country> {
    let mut parts = text.split(" | ");
    Some(Country {
        name: parts.next()?,
        alpha_2: parts.next()?,
        alpha_3: parts.next()?,
        currency: parts.next()?,
        currency_symbol: parts.next()?,
        currency_name: parts.next()?,
        language: parts.next()?,
    })
}

fn place(line: &'static str, country: Country) -> Option<Place> {
    let mut parts = line.split(" | ");
    let (city, state, state_code) = (parts.next()?, parts.next()?, parts.next()?);
    let postcodes = parts.next()?.split(", ").collect();
    let time_zone = parts.next()?;
    let (latitude, longitude) = parts.next()?.split_once(' ')?;
    Some(Place {
        country,
        city,
        state,
        state_code,
        postcodes,
        time_zone,
        latitude: latitude.parse().ok()?,
        longitude: longitude.parse().ok()?,
        phone: parts.next()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_name_locales() {
        for (tag, expected) in [
            ("de", Some("de-DE")),
            ("de_DE", Some("de-DE")),
            ("DE-at", Some("de-DE")),
            ("en", Some("en")),
            ("en-GB", Some("en-GB")),
            ("en-AU", Some("en")),
            ("pt", Some("pt-PT")),
            ("pt-br", Some("pt-BR")),
            ("xx", None),
            ("", None),
        ] {
            assert_eq!(Locale::named(tag).map(Locale::tag), expected, "{tag}");
        }
        assert_eq!(Locale::default(), Locale::ENGLISH);
    }

    #[test]
    fn every_locale_has_what_values_are_made_of() {
        for locale in Locale::all() {
            let (data, tag) = (Data::of(locale), locale.tag());
            assert!(data.first.len() >= 30 && data.last.len() >= 30, "{tag}");
            assert!(data.places.len() >= 12, "{tag}");
            assert!(data.streets.len() >= 10 && data.companies.len() >= 4 && data.titles.len() >= 2, "{tag}");
            assert!(data.full.contains("{first}") && data.street.contains("{street}"), "{tag}");
            for place in &data.places {
                let (tag, city) = (tag, place.city);
                assert!(place.latitude.abs() < 89.0 && place.longitude.abs() < 179.0, "{tag}: {city}");
                assert!(place.phone.starts_with('+') && place.phone.contains('#'), "{tag}: {city}");
                assert_eq!(
                    (place.country.alpha_2.len(), place.country.alpha_3.len()),
                    (2, 3),
                    "{tag}: {city}"
                );
                assert_eq!(place.country.currency.len(), 3, "{tag}: {city}");
                assert!(place.postcodes.iter().all(|code| !code.trim().is_empty()), "{tag}: {city}");
            }
        }
    }

    #[test]
    fn every_line_of_the_files_is_understood() {
        const WORDS: [&str; 9] =
            ["full", "street", "address", "titles", "companies", "streets", "first", "last", "country"];
        for known in LOCALES {
            let lines = known.text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
            for line in lines {
                let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
                let is_read = match word {
                    "country" => country(rest).is_some(),
                    word if WORDS.contains(&word) => !rest.is_empty(),
                    _ => place(line, Country::default()).is_some(),
                };
                assert!(is_read, "{}: {line}", known.tag);
            }
        }
    }
}
