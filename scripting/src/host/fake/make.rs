//! How the values of the table are made.

use fake::Fake as _;
use fake::faker::lorem::en as lorem;
use mocker_schema::generate::{self as schema, Key, Random};
use serde_json::Value;

use super::Options;
use super::cities;
use super::locale::{Locale, localized};
use crate::host::{numbers, text, uuid as uuids};

/// What the faker of the schemas draws that has this name.
pub(super) fn of_schema(name: &str, random: &mut Random) -> Value {
    schema::fake(name, schema::Locale::ENGLISH, random).into()
}

pub(super) fn first_name(random: &mut Random, options: &Options) -> Value {
    localized!(name::FirstName, random, options.locale).into()
}

pub(super) fn last_name(random: &mut Random, options: &Options) -> Value {
    localized!(name::LastName, random, options.locale).into()
}

pub(super) fn name(random: &mut Random, options: &Options) -> Value {
    localized!(name::Name, random, options.locale).into()
}

pub(super) fn title(random: &mut Random, options: &Options) -> Value {
    localized!(name::Title, random, options.locale).into()
}

pub(super) fn username(random: &mut Random, options: &Options) -> Value {
    user(random, options.locale).into()
}

pub(super) fn email(random: &mut Random, options: &Options) -> Value {
    let user = user(random, options.locale);
    format!("{user}@example.{}", ["com", "org", "net"][random.index(3)]).into()
}

pub(super) fn phone(random: &mut Random, options: &Options) -> Value {
    match options.locale {
        Locale::English => of_schema("phone", random),
        // Kept free for films and books by the Bundesnetzagentur.
        Locale::German => format!("+49 30 23125 {:03}", random.below(1000)).into(),
        locale => localized!(phone_number::PhoneNumber, random, locale).into(),
    }
}

pub(super) fn street(random: &mut Random, options: &Options) -> Value {
    let number = 1 + random.below(200);
    match options.locale {
        Locale::English => of_schema("street", random),
        Locale::French => {
            format!("{number} {}", localized!(address::StreetName, random, Locale::French)).into()
        }
        Locale::Spanish | Locale::Italian | Locale::Portuguese | Locale::Brazilian => {
            format!("{}, {number}", localized!(address::StreetName, random, options.locale)).into()
        }
        locale => format!("{} {number}", localized!(address::StreetName, random, locale)).into(),
    }
}

pub(super) fn city(random: &mut Random, options: &Options) -> Value {
    match options.locale {
        Locale::English => of_schema("city", random),
        Locale::Spanish => cities::SPANISH[random.index(cities::SPANISH.len())].into(),
        Locale::Dutch => cities::DUTCH[random.index(cities::DUTCH.len())].into(),
        locale => localized!(address::CityName, random, locale).into(),
    }
}

pub(super) fn state(random: &mut Random, options: &Options) -> Value {
    localized!(address::StateName, random, options.locale).into()
}

pub(super) fn postcode(random: &mut Random, options: &Options) -> Value {
    match options.locale {
        Locale::English => of_schema("postal_code", random),
        Locale::Brazilian => localized!(address::PostCode, random, Locale::Brazilian).into(),
        locale => localized!(address::ZipCode, random, locale).into(),
    }
}

pub(super) fn country(random: &mut Random, options: &Options) -> Value {
    localized!(address::CountryName, random, options.locale).into()
}

pub(super) fn address(random: &mut Random, options: &Options) -> Value {
    let parts = [street(random, options), postcode(random, options), city(random, options)];
    let [street, postcode, city] = parts.each_ref().map(|part| part.as_str().unwrap_or_default());
    format!("{street}, {postcode} {city}").into()
}

pub(super) fn company(random: &mut Random, options: &Options) -> Value {
    localized!(company::CompanyName, random, options.locale).into()
}

pub(super) fn job(random: &mut Random, options: &Options) -> Value {
    localized!(job::Title, random, options.locale).into()
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
    let mut user = plain(localized!(name::FirstName, random, locale));
    if user.is_empty() {
        user = plain(localized!(name::FirstName, random, Locale::English));
    }
    format!("{user}{}", 10 + random.below(90))
}
