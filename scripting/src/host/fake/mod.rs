//! Realistic values by name, in a language.

mod locale;
mod make;
mod table;

use std::collections::HashMap;
use std::sync::OnceLock;

use mocker_schema::generate::{Key, Random};
use serde_json::Value;

pub use locale::{Locale, locale, locales};

use super::limits;

/// One kind of value, by the name that scripts and templates use.
pub struct Faker {
    /// As in `fake("first_name")`
    pub name: &'static str,
    /// What it gives, for the reference
    pub gives: &'static str,
    /// Whether the locale changes what it gives
    pub is_localized: bool,
    /// The least and the greatest number where the caller gives none; `None` where it takes none
    pub range: Option<(i64, i64)>,
    make: fn(&mut Random, &Options) -> Value,
}

/// What a value is to be like.
#[derive(Clone, Copy, Debug)]
struct Options {
    locale: Locale,
    min: i64,
    max: i64,
}

/// What the caller asks of a faker besides its name.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// A language, as `de` or `pt-BR`; English where there is none
    pub locale: Option<&'a str>,
    /// The least number, or of how many parts
    pub min: Option<i64>,
    /// The greatest number, or of how many parts
    pub max: Option<i64>,
}

/// Every faker, in the order of the reference.
pub fn fakers() -> &'static [Faker] {
    table::FAKERS
}

/// The faker of a name; `-` and `_` are one.
///
/// # Errors
/// When there is none; the text has the nearest name.
pub fn find(name: &str) -> Result<&'static Faker, String> {
    static BY_NAME: OnceLock<HashMap<&str, &Faker>> = OnceLock::new();
    let by_name = BY_NAME.get_or_init(|| {
        let own = table::FAKERS.iter().map(|faker| (faker.name, faker));
        let others = table::ALIASES.iter().map(|(alias, name)| {
            let faker = table::FAKERS.iter().find(|faker| faker.name == *name);
            (*alias, faker.expect("a test holds every alias against the table"))
        });
        own.chain(others).collect()
    });
    let found = by_name.get(name).or_else(|| by_name.get(name.replace('-', "_").as_str()));
    found.copied().ok_or_else(|| {
        let hint = super::hint(name, table::FAKERS.iter().map(|faker| faker.name));
        format!("there is no faker `{name}`{hint}")
    })
}

impl Faker {
    /// The value that belongs to a key.
    ///
    /// # Errors
    /// When the locale is not known, a range is given to a faker that takes none, or the range is none.
    pub fn value(&self, key: Key, wanted: &Wanted<'_>) -> Result<Value, String> {
        let locale = wanted.locale.map_or(Ok(Locale::ENGLISH), locale)?;
        let (min, max) = self.bounds(wanted)?;
        Ok((self.make)(&mut Random::new(key.0), &Options { locale, min, max }))
    }

    /// A value for the reference, always the same.
    pub fn example(&self) -> Value {
        let (min, max) = self.range.unwrap_or_default();
        (self.make)(
            &mut Random::new(Key(1).with(self.name.as_bytes()).0),
            &Options { locale: Locale::ENGLISH, min, max },
        )
    }

    fn bounds(&self, wanted: &Wanted<'_>) -> Result<(i64, i64), String> {
        let Some((least, greatest)) = self.range else {
            return match (wanted.min, wanted.max) {
                (None, None) => Ok((0, 0)),
                _ => Err(format!("the faker `{}` takes no range", self.name)),
            };
        };
        let (min, max) = match (wanted.min, wanted.max) {
            (None, None) => (least, greatest),
            (Some(min), None) => (min, greatest.max(min)),
            (None, Some(max)) => (least.min(max), max),
            (Some(min), Some(max)) => (min, max),
        };
        if min > max {
            return Err(format!("the least number, {min}, is above the greatest, {max}"));
        }
        let is_count = !table::NUMBERS.contains(&self.name);
        if is_count && (min < 0 || max > limits::FAKED_COUNT) {
            return Err(format!("the faker `{}` makes 0 to {} parts", self.name, limits::FAKED_COUNT));
        }
        Ok((min, max))
    }
}

/// The value of a faker by name; see [`find`] and [`Faker::value`].
///
/// # Errors
/// As they say.
pub fn fake(key: Key, name: &str, wanted: &Wanted<'_>) -> Result<Value, String> {
    find(name)?.value(key, wanted)
}

#[cfg(test)]
mod tests;
