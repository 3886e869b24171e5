//! Realistic strings: pools filled when first used, of values drawn alone or of columns of rows.

mod called;
mod columns;
mod make;
mod table;
mod times;
mod traits;

use std::sync::{Arc, OnceLock};

pub(super) use called::{product, thing, title};
use columns::{COLUMNS, Column};
pub(super) use make::word;
use table::FREE;

use super::block::{Pool, quoted};
use super::cards;
use super::locale::{self, Locale};
use super::names::Era;
use super::random::Random;
use super::rows::{self, Group};
use crate::node::Code;

/// Values drawn for a pool. Fewer distinct ones remain where there are fewer.
const SIZE: usize = 512;

/// What makes strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// The faker of this number: those that draw alone, behind them the columns
    Faker(usize),
    /// So many characters of an alphabet
    Characters(&'static [u8], u32),
    /// A UUID
    Uuid,
}

/// A filled pool and the lengths of its strings, in characters.
pub(super) struct Filled {
    pub(super) pool: Arc<Pool>,
    pub(super) shortest: u64,
    pub(super) longest: u64,
}

pub(super) const HEX: &[u8] = b"0123456789abcdef";
pub(super) const DIGITS: &[u8] = b"0123456789";
pub(super) const LETTERS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// What draws a value of one kind.
type Faker = fn(&mut Random) -> String;

const COUNT: usize = FREE.len() + COLUMNS.len();

/// What the faker of this name draws, one of those that need no length; `None` where there is none of the name.
pub fn fake(name: &str, locale: Locale, random: &mut Random) -> Option<String> {
    let faker = number(name)?;
    if let Some((_, make)) = FREE.get(faker) {
        return Some(make(random));
    }
    let pool = &filled(locale, faker).pool;
    let text = pool.get(random.index(pool.len()));
    Some(serde_json::from_slice(text).unwrap_or_else(|_| String::from_utf8_lossy(text).into_owned()))
}

/// Every faker, by number.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FREE.iter().map(|(known, _)| *known).chain(COLUMNS.iter().map(|(known, _)| *known))
}

fn number(name: &str) -> Option<usize> {
    names().zip(0..).find(|(known, _)| *known == name).map(|(_, number)| number)
}

/// The source of this name: a faker, `uuid`, or `hex:N`, `digits:N`, `letters:N`.
pub(super) fn source(name: &str) -> Option<Source> {
    if name == "uuid" {
        return Some(Source::Uuid);
    }
    let Some((alphabet, length)) = name.split_once(':') else {
        return number(name).map(Source::Faker);
    };
    let alphabet = match alphabet {
        "hex" => HEX,
        "digits" => DIGITS,
        "letters" => LETTERS,
        _ => return None,
    };
    Some(Source::Characters(alphabet, length.parse().ok()?))
}

/// The name of a source, as [`source`] takes it.
pub(super) fn name_of(source: Source) -> String {
    let letters = |alphabet: &[u8]| match alphabet.len() {
        10 => "digits",
        16 => "hex",
        _ => "letters",
    };
    match source {
        Source::Faker(faker) => name(faker).to_owned(),
        Source::Uuid => "uuid".to_owned(),
        Source::Characters(alphabet, length) => format!("{}:{length}", letters(alphabet)),
    }
}

/// The name of a faker.
pub(super) fn name(faker: usize) -> &'static str {
    match FREE.get(faker) {
        Some((name, _)) => name,
        None => COLUMNS[faker - FREE.len()].0,
    }
}

/// The rows that a faker's values stand in, if they stand in any.
pub(super) fn group(faker: usize) -> Option<Group> {
    let (_, column) = COLUMNS.get(faker.checked_sub(FREE.len())?)?;
    Some(match column {
        Column::Person(_) => Group::Person,
        Column::Place(_) | Column::Degrees(_) => Group::Place,
        Column::Company(_) => Group::Company,
        Column::Card(_) => Group::Card,
        Column::Name(group, _) => *group,
    })
}

/// The columns to try for a faker: itself, and others of the same rows.
pub(super) fn columns(faker: usize) -> impl Iterator<Item = usize> {
    columns::alternatives(name(faker)).filter_map(number)
}

/// The column of numbers that goes with a column of texts.
pub(super) fn degrees(source: Source) -> Option<usize> {
    let Source::Faker(faker) = source else { return None };
    number(match name(faker) {
        "latitude" => "latitude_degrees",
        "longitude" => "longitude_degrees",
        _ => return None,
    })
}

/// What makes slugs of the values of a faker.
pub(super) fn slug_of(source: Source) -> Option<Source> {
    let Source::Faker(faker) = source else { return None };
    self::source(match name(faker) {
        "title" => "slug",
        "product" => "product_slug",
        "thing_name" => "thing_slug",
        "full_name" => "person_slug",
        "company" => "company_slug",
        _ => return None,
    })
}

/// The source in the half of the time that a name asks for, where it makes times.
pub(super) fn in_era(made: Source, era: Era) -> Source {
    let Source::Faker(row) = made else { return made };
    let half = match (name(row), era) {
        ("date", Era::Begin) => "date_begin",
        ("date", Era::End) => "date_end",
        ("date_time", Era::Begin) => "date_time_begin",
        ("date_time", Era::End) => "date_time_end",
        _ => return made,
    };
    source(half).unwrap_or(made)
}

/// The source as its codes are written, where it is of countries or currencies.
pub(super) fn coded(made: Source, code: Code) -> Source {
    let Source::Faker(row) = made else { return made };
    let coded = match (name(row), code) {
        ("country" | "country_code", Code::Upper) => "country_code",
        ("country" | "country_code", Code::Lower) => "country_code_small",
        ("country" | "country_code", Code::ThreeLetters) => "country_code_3",
        ("currency_code", Code::Lower) => "currency_code_small",
        _ => return made,
    };
    source(coded).unwrap_or(made)
}

/// The filled pool of a faker.
pub(super) fn filled(locale: Locale, faker: usize) -> &'static Filled {
    static POOLS: [[OnceLock<Filled>; COUNT]; locale::COUNT] =
        [const { [const { OnceLock::new() }; COUNT] }; locale::COUNT];
    // what draws alone is the same in all locales
    let pools = if faker < FREE.len() { &POOLS[0] } else { &POOLS[locale.index()] };
    pools[faker].get_or_init(|| {
        let values = match FREE.get(faker) {
            Some((_, make)) => drawn(*make, faker),
            None => column(&COLUMNS[faker - FREE.len()].1, locale),
        };
        let is_number = matches!(COLUMNS.get(faker.wrapping_sub(FREE.len())), Some((_, Column::Degrees(_))));
        let lengths = || values.iter().map(|value| value.chars().count() as u64);
        Filled {
            shortest: lengths().min().unwrap_or(0),
            longest: lengths().max().unwrap_or(0),
            pool: Arc::new(match is_number {
                true => Pool::new(&values),
                false => Pool::new(values.iter().map(|value| quoted(value))),
            }),
        }
    })
}

fn drawn(make: Faker, faker: usize) -> Vec<String> {
    let mut random = Random::new(faker as u64);
    let mut values: Vec<String> = (0..SIZE).map(|_| make(&mut random)).collect();
    values.sort_unstable();
    values.dedup();
    values
}

fn column(column: &Column, locale: Locale) -> Vec<String> {
    match column {
        Column::Person(value) => rows::people(locale).iter().map(value).collect(),
        Column::Place(value) | Column::Degrees(value) => rows::locations(locale).iter().map(value).collect(),
        Column::Company(value) => rows::companies(locale).iter().map(value).collect(),
        Column::Card(value) => cards::cards().iter().map(value).collect(),
        Column::Name(group, value) => rows::names(*group).iter().map(|name| value(name)).collect(),
    }
}
