//! Languages and countries that names, places and numbers are written for.

use fake::Fake as _;
use mocker_schema::generate::Random;

/// A language, of a country where that matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locale {
    /// `en`
    English,
    /// `ar`
    Arabic,
    /// `cy`
    Welsh,
    /// `de`
    German,
    /// `es`
    Spanish,
    /// `fa`
    Persian,
    /// `fr`
    French,
    /// `it`
    Italian,
    /// `ja`
    Japanese,
    /// `nl`
    Dutch,
    /// `pt`
    Portuguese,
    /// `pt-BR`
    Brazilian,
    /// `tr`
    Turkish,
    /// `zh`
    Chinese,
    /// `zh-TW`
    Taiwanese,
}

const LOCALES: &[(&str, Locale)] = &[
    ("en", Locale::English),
    ("ar", Locale::Arabic),
    ("cy", Locale::Welsh),
    ("de", Locale::German),
    ("es", Locale::Spanish),
    ("fa", Locale::Persian),
    ("fr", Locale::French),
    ("it", Locale::Italian),
    ("ja", Locale::Japanese),
    ("nl", Locale::Dutch),
    ("pt", Locale::Portuguese),
    ("pt-BR", Locale::Brazilian),
    ("tr", Locale::Turkish),
    ("zh", Locale::Chinese),
    ("zh-TW", Locale::Taiwanese),
];

/// Every locale by name, English first.
pub fn locales() -> impl Iterator<Item = (&'static str, Locale)> {
    LOCALES.iter().copied()
}

/// The locale of a name, in any case, with `-` or `_`. A country that is not known leaves the language: `de-AT` is
/// `de`.
///
/// # Errors
/// When the language is not known; the text names those that are.
pub fn locale(name: &str) -> Result<Locale, String> {
    let is_same = |known: &str| {
        known.len() == name.len()
            && known
                .bytes()
                .zip(name.bytes())
                .all(|(known, asked)| known.eq_ignore_ascii_case(&asked) || known == b'-' && asked == b'_')
    };
    if let Some((_, locale)) = LOCALES.iter().find(|(known, _)| is_same(known)) {
        return Ok(*locale);
    }
    let language = name.split(['-', '_']).next().unwrap_or(name);
    let of_language = LOCALES.iter().find(|(known, _)| known.eq_ignore_ascii_case(language));
    of_language.map(|(_, locale)| *locale).ok_or_else(|| {
        let known: Vec<&str> = LOCALES.iter().map(|(known, _)| *known).collect();
        format!("there is no locale `{name}`: those known are {}", known.join(", "))
    })
}

/// A text of the `fake` crate's maker of this name, in a locale.
macro_rules! localized {
    ($topic:ident :: $maker:ident, $random:expr, $locale:expr) => {{
        use fake::faker::$topic::raw::$maker;
        use fake::locales;
        use $crate::host::fake::locale::{Locale, drawn};
        use $crate::host::fake::spanish::SpanishOfSpain;
        match $locale {
            Locale::English => drawn($maker(locales::EN), $random),
            Locale::Arabic => drawn($maker(locales::AR_SA), $random),
            Locale::Welsh => drawn($maker(locales::CY_GB), $random),
            Locale::German => drawn($maker(locales::DE_DE), $random),
            Locale::Spanish => drawn($maker(SpanishOfSpain), $random),
            Locale::Persian => drawn($maker(locales::FA_IR), $random),
            Locale::French => drawn($maker(locales::FR_FR), $random),
            Locale::Italian => drawn($maker(locales::IT_IT), $random),
            Locale::Japanese => drawn($maker(locales::JA_JP), $random),
            Locale::Dutch => drawn($maker(locales::NL_NL), $random),
            Locale::Portuguese => drawn($maker(locales::PT_PT), $random),
            Locale::Brazilian => drawn($maker(locales::PT_BR), $random),
            Locale::Turkish => drawn($maker(locales::TR_TR), $random),
            Locale::Chinese => drawn($maker(locales::ZH_CN), $random),
            Locale::Taiwanese => drawn($maker(locales::ZH_TW), $random),
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
