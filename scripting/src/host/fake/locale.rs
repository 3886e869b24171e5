//! Languages and countries that names, places and numbers are written for: those of generated bodies, and those that
//! only the `fake` crate knows.

use fake::Fake as _;
use mocker_schema::generate::{self as schema, Random};

/// A language, of a country where that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locale {
    /// One in which bodies are generated
    Whole(schema::Locale),
    /// One that has some words of its own
    Foreign(Foreign),
}

/// Languages of the `fake` crate in which no bodies are generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    /// `ar`
    Arabic,
    /// `cy`
    Welsh,
    /// `fa`
    Persian,
    /// `zh`
    Chinese,
    /// `zh-TW`
    Taiwanese,
}

const FOREIGN: &[(&str, Foreign)] = &[
    ("ar", Foreign::Arabic),
    ("cy", Foreign::Welsh),
    ("fa", Foreign::Persian),
    ("zh", Foreign::Chinese),
    ("zh-TW", Foreign::Taiwanese),
];

impl Locale {
    /// What is taken where none is named.
    pub const ENGLISH: Locale = Locale::Whole(schema::Locale::ENGLISH);
}

/// Every locale by name, English first.
pub fn locales() -> impl Iterator<Item = (&'static str, Locale)> {
    let whole = schema::Locale::all().map(|locale| (locale.tag(), Locale::Whole(locale)));
    whole.chain(FOREIGN.iter().map(|(name, locale)| (*name, Locale::Foreign(*locale))))
}

/// The locale of a name, in any case, with `-` or `_`. A country that is not known leaves the language: `de-AT` is
/// `de`.
///
/// # Errors
/// When the language is not known; the text names those that are.
pub fn locale(name: &str) -> Result<Locale, String> {
    let foreign = |name: &str| {
        let found = FOREIGN.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, locale)| Locale::Foreign(*locale))
    };
    let name = name.replace('_', "-");
    let language = name.split('-').next().unwrap_or_default();
    let found = schema::Locale::named(&name).map(Locale::Whole);
    found.or_else(|| foreign(&name)).or_else(|| foreign(language)).ok_or_else(|| {
        let known: Vec<&str> = locales().map(|(known, _)| known).collect();
        format!("there is no locale `{name}`: those known are {}", known.join(", "))
    })
}

/// What the faker of generated bodies (`$name`) draws in a locale; in those that they do not know what a maker of the
/// `fake` crate draws.
macro_rules! localized {
    ($name:literal, $topic:ident :: $maker:ident, $random:expr, $locale:expr) => {{
        use fake::faker::$topic::raw::$maker;
        use fake::locales;
        use $crate::host::fake::locale::{Foreign, Locale, drawn};
        match $locale {
            Locale::Whole(locale) => schema::fake($name, locale, $random).unwrap_or_default(),
            Locale::Foreign(Foreign::Arabic) => drawn($maker(locales::AR_SA), $random),
            Locale::Foreign(Foreign::Welsh) => drawn($maker(locales::CY_GB), $random),
            Locale::Foreign(Foreign::Persian) => drawn($maker(locales::FA_IR), $random),
            Locale::Foreign(Foreign::Chinese) => drawn($maker(locales::ZH_CN), $random),
            Locale::Foreign(Foreign::Taiwanese) => drawn($maker(locales::ZH_TW), $random),
        }
    }};
}
pub(super) use localized;

/// What a maker of the `fake` crate draws.
pub(super) fn drawn<M>(maker: M, random: &mut Random) -> String
where
    String: fake::Dummy<M>,
{
    maker.fake_with_rng(random)
}
