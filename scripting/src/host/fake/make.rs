//! How the values of the table are made.

use fake::Fake as _;
use fake::faker::job::raw as job;
use fake::faker::lorem::en as lorem;
use fake::locales;
use mocker_schema::generate::{self as schema, Key, Random};
use serde_json::Value;

use super::Options;
use super::locale::{Locale, drawn, localized};
use crate::host::{numbers, text, uuid as uuids};

/// What the faker of the schemas draws that has this name.
pub(super) fn of_schema(name: &str, random: &mut Random) -> Value {
    schema::fake(name, schema::Locale::ENGLISH, random).into()
}

pub(super) fn first_name(random: &mut Random, options: &Options) -> Value {
    localized!("first_name", name::FirstName, random, options.locale).into()
}

pub(super) fn last_name(random: &mut Random, options: &Options) -> Value {
    localized!("last_name", name::LastName, random, options.locale).into()
}

pub(super) fn name(random: &mut Random, options: &Options) -> Value {
    localized!("full_name", name::Name, random, options.locale).into()
}

pub(super) fn title(random: &mut Random, options: &Options) -> Value {
    localized!("name_title", name::Title, random, options.locale).into()
}

pub(super) fn username(random: &mut Random, options: &Options) -> Value {
    of_locale("username", random, options, user)
}

pub(super) fn email(random: &mut Random, options: &Options) -> Value {
    let abroad = |random: &mut Random, locale| {
        let user = user(random, locale);
        format!("{user}@example.{}", ["com", "org", "net"][random.index(3)])
    };
    of_locale("email", random, options, abroad)
}

pub(super) fn phone(random: &mut Random, options: &Options) -> Value {
    localized!("phone", phone_number::PhoneNumber, random, options.locale).into()
}

pub(super) fn street(random: &mut Random, options: &Options) -> Value {
    of_locale("street", random, options, line)
}

pub(super) fn city(random: &mut Random, options: &Options) -> Value {
    localized!("city", address::CityName, random, options.locale).into()
}

pub(super) fn state(random: &mut Random, options: &Options) -> Value {
    localized!("state", address::StateName, random, options.locale).into()
}

pub(super) fn state_code(random: &mut Random, options: &Options) -> Value {
    localized!("state_code", address::StateAbbr, random, options.locale).into()
}

pub(super) fn postcode(random: &mut Random, options: &Options) -> Value {
    localized!("postal_code", address::ZipCode, random, options.locale).into()
}

pub(super) fn country(random: &mut Random, options: &Options) -> Value {
    localized!("country", address::CountryName, random, options.locale).into()
}

pub(super) fn address(random: &mut Random, options: &Options) -> Value {
    let abroad = |random: &mut Random, locale| {
        let street = line(random, locale);
        let postcode = localized!("postal_code", address::ZipCode, random, locale);
        format!("{street}, {postcode} {}", localized!("city", address::CityName, random, locale))
    };
    of_locale("address", random, options, abroad)
}

pub(super) fn company(random: &mut Random, options: &Options) -> Value {
    localized!("company", company::CompanyName, random, options.locale).into()
}

/// Bodies have English ones alone; some languages of the `fake` crate have their own.
pub(super) fn job(random: &mut Random, options: &Options) -> Value {
    let Locale::Whole(locale) = options.locale else {
        return localized!("job_title", job::Title, random, options.locale).into();
    };
    let job = match locale.tag() {
        "it-IT" => drawn(job::Title(locales::IT_IT), random),
        "ja-JP" => drawn(job::Title(locales::JA_JP), random),
        "nl-NL" => drawn(job::Title(locales::NL_NL), random),
        "pt-PT" => drawn(job::Title(locales::PT_PT), random),
        "tr-TR" => drawn(job::Title(locales::TR_TR), random),
        _ => return of_schema("job_title", random),
    };
    job.into()
}

/// What bodies have of this name in the locale, or what `abroad` makes where no bodies are made in it.
fn of_locale(
    name: &str,
    random: &mut Random,
    options: &Options,
    abroad: impl FnOnce(&mut Random, Locale) -> String,
) -> Value {
    match options.locale {
        Locale::Whole(locale) => schema::fake(name, locale, random).into(),
        Locale::Foreign(_) => abroad(random, options.locale).into(),
    }
}

/// Street and number.
fn line(random: &mut Random, locale: Locale) -> String {
    let number = 1 + random.below(200);
    format!("{} {number}", localized!("street", address::StreetName, random, locale))
}

pub(super) fn number(random: &mut Random, options: &Options) -> Value {
    whole(random, options).into()
}

/// A number with two decimals.
pub(super) fn price(random: &mut Random, options: &Options) -> Value {
    let (min, max) = (options.min as f64, options.max as f64);
    let drawn = min + random.below(1 << 53) as f64 / (1_u64 << 53) as f64 * (max - min);
    rounded(drawn, 2)
}

/// A number from minus to plus `bound`.
pub(super) fn decimal(random: &mut Random, bound: u64, digits: u32) -> Value {
    let steps = bound * 10_u64.pow(digits);
    rounded(random.below(2 * steps + 1) as f64 / 10_f64.powi(digits as i32) - bound as f64, digits)
}

pub(super) fn http_status(random: &mut Random, _: &Options) -> Value {
    const STATUSES: [u16; 12] = [200, 201, 202, 204, 301, 304, 400, 401, 403, 404, 429, 500];
    STATUSES[random.index(STATUSES.len())].into()
}

pub(super) fn unix_time(random: &mut Random, _: &Options) -> Value {
    let text = of_schema("unix_time", random);
    text.as_str().and_then(|text| text.parse::<i64>().ok()).into()
}

pub(super) fn uuid(random: &mut Random, _: &Options) -> Value {
    uuids::v4(Key(random.bits())).into()
}

pub(super) fn words(random: &mut Random, options: &Options) -> Value {
    joined(random, options, " ", |random| word(random).to_owned())
}

pub(super) fn sentence(random: &mut Random, options: &Options) -> Value {
    let words = words(random, options);
    match words.as_str() {
        Some(words) if !words.is_empty() => format!("{}.", capital(words)).into(),
        _ => words,
    }
}

pub(super) fn sentences(random: &mut Random, options: &Options) -> Value {
    joined(random, options, " ", lorem_sentence)
}

pub(super) fn paragraphs(random: &mut Random, options: &Options) -> Value {
    joined(random, options, "\n\n", |random| {
        let count = 3 + random.index(3);
        (0..count).map(|_| lorem_sentence(random)).collect::<Vec<_>>().join(" ")
    })
}

/// So many parts as the range allows.
fn joined(random: &mut Random, options: &Options, with: &str, make: fn(&mut Random) -> String) -> Value {
    let count = whole(random, options);
    (0..count).map(|_| make(random)).collect::<Vec<_>>().join(with).into()
}

fn lorem_sentence(random: &mut Random) -> String {
    let words: Vec<&str> = (0..4 + random.index(6)).map(|_| word(random)).collect();
    format!("{}.", capital(&words.join(" ")))
}

fn word(random: &mut Random) -> &'static str {
    lorem::Word().fake_with_rng(random)
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

/// A whole number of the range, both ends included.
fn whole(random: &mut Random, options: &Options) -> i64 {
    match options.max.abs_diff(options.min).checked_add(1) {
        Some(count) => options.min.wrapping_add_unsigned(random.below(count)),
        None => random.bits() as i64,
    }
}

fn rounded(number: f64, digits: u32) -> Value {
    match numbers::round(numbers::Number::Float(number), digits) {
        Ok(rounded) => rounded.as_f64().into(),
        Err(_) => number.into(),
    }
}

/// A first name in small ASCII letters, and two digits; English where the script has no such letters.
fn user(random: &mut Random, locale: Locale) -> String {
    let plain = |name: String| -> String {
        text::ascii(&name)
            .chars()
            .filter(char::is_ascii_alphabetic)
            .map(|letter| letter.to_ascii_lowercase())
            .collect()
    };
    let mut user = plain(localized!("first_name", name::FirstName, random, locale));
    if user.is_empty() {
        user = plain(localized!("first_name", name::FirstName, random, Locale::ENGLISH));
    }
    format!("{user}{}", 10 + random.below(90))
}
