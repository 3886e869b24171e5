//! Values that belong together: a row has a person with the e-mail of the name, or a place with its postal code. Each
//! value is a column of its own; members of one object draw the same row.

use std::collections::HashSet;

use super::locale::{Country, Data, Locale, Place};
use super::random::Random;
use super::{fakers, latin};

/// Rows of each kind.
pub(super) const ROWS: usize = 512;
/// Names drawn for one row before one that was there is taken again.
const DRAWS: usize = 8;
/// Degrees from the middle of a city within which its addresses lie, in ten thousandths.
const SPREAD: u64 = 200;

/// What rows are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    Person,
    Place,
    Company,
    Title,
    Product,
    Thing,
    Card,
}

pub(super) struct Person {
    pub(super) first: &'static str,
    pub(super) last: &'static str,
    /// Another name, but never the last one
    pub(super) middle: &'static str,
    pub(super) full: String,
    pub(super) title: &'static str,
    /// The names in small ASCII letters
    pub(super) plain: [String; 2],
    pub(super) domain: &'static str,
}

impl Person {
    pub(super) fn initials(&self) -> String {
        [self.first, self.last].iter().filter_map(|name| name.chars().next()).collect()
    }

    /// `alovelace`
    pub(super) fn username(&self) -> String {
        let [first, last] = &self.plain;
        first.chars().take(1).chain(last.chars()).collect()
    }

    pub(super) fn email(&self) -> String {
        let [first, last] = &self.plain;
        format!("{first}.{last}@{}", self.domain)
    }
}

/// An address in a city.
pub(super) struct Location {
    pub(super) country: Country,
    pub(super) city: &'static str,
    pub(super) state: &'static str,
    pub(super) state_code: &'static str,
    pub(super) postcode: &'static str,
    pub(super) time_zone: &'static str,
    pub(super) number: String,
    unit: String,
    street: &'static str,
    /// How the line of the street and the whole address are put together
    forms: [&'static str; 2],
    pub(super) latitude: String,
    pub(super) longitude: String,
    pub(super) phone: String,
}

impl Location {
    /// The line of the street.
    pub(super) fn line(&self) -> String {
        self.filled(self.forms[0])
    }

    pub(super) fn address(&self) -> String {
        self.filled(self.forms[1])
    }

    fn filled(&self, form: &str) -> String {
        let parts = [
            ("{street}", self.street),
            ("{number}", &self.number),
            ("{unit}", &self.unit),
            ("{city}", self.city),
            ("{state}", self.state),
            ("{code}", self.state_code),
            ("{postcode}", self.postcode),
        ];
        parts.iter().fold(form.to_owned(), |text, (part, value)| text.replace(part, value))
    }

    /// As E.164 writes it.
    pub(super) fn dialled(&self) -> String {
        self.phone.chars().filter(|character| *character == '+' || character.is_ascii_digit()).collect()
    }

    /// `+44`
    pub(super) fn calling_code(&self) -> &str {
        self.phone.split([' ', '-']).next().unwrap_or(&self.phone)
    }

    pub(super) fn digits(&self) -> String {
        self.phone.chars().filter(char::is_ascii_digit).collect()
    }
}

pub(super) struct Company {
    pub(super) name: String,
    pub(super) slug: String,
}

/// People with names that differ, as far as there are such.
pub(super) fn people(locale: Locale) -> Vec<Person> {
    let data = Data::of(locale);
    let (mut random, mut others) = (Random::new(1), Random::new(5));
    let mut seen = HashSet::new();
    let mut draw = || {
        let (first, last) = (pick(&data.first, &mut random), pick(&data.last, &mut random));
        let plain = [first.latin, last.latin].map(|name| latin::letters(name, locale.is_german()));
        let domain = ["example.com", "example.org", "example.net"][random.index(3)];
        let title = pick(&data.titles, &mut random);
        let full = data.full.replace("{first}", first.written).replace("{last}", last.written);
        let middle = match pick(&data.first, &mut others).written {
            same if same == first.written => data.first[0].written,
            middle => middle,
        };
        Person { first: first.written, last: last.written, middle, full, title, plain, domain }
    };
    (0..ROWS)
        .map(|_| {
            let mut person = draw();
            for _ in 0..DRAWS {
                if !person.plain.iter().any(String::is_empty) && seen.insert(person.plain.clone()) {
                    break;
                }
                person = draw();
            }
            person
        })
        .collect()
}

/// Addresses in all cities of the locale, in turn.
pub(super) fn locations(locale: Locale) -> Vec<Location> {
    let data = Data::of(locale);
    let mut random = Random::new(2);
    (0..ROWS).map(|row| location(&data, &data.places[row % data.places.len()], row, &mut random)).collect()
}

fn location(data: &Data, place: &Place, row: usize, random: &mut Random) -> Location {
    let postcode = place.postcodes[row / data.places.len() % place.postcodes.len()];
    let (number, unit) = ((1 + random.below(199)).to_string(), (1 + random.below(30)).to_string());
    let street = *pick(&data.streets, random);
    let mut near = |degrees: f64| {
        let shift = random.below(2 * SPREAD) as f64 - SPREAD as f64;
        format!("{:.4}", degrees + shift / 10_000.0)
    };
    let (latitude, longitude) = (near(place.latitude), near(place.longitude));
    let digit = |character| match character {
        '#' => char::from(fakers::DIGITS[random.index(10)]),
        character => character,
    };
    Location {
        country: place.country,
        city: place.city,
        state: place.state,
        state_code: place.state_code,
        postcode,
        time_zone: place.time_zone,
        number,
        unit,
        street,
        forms: [data.street, data.address],
        latitude,
        longitude,
        phone: place.phone.chars().map(digit).collect(),
    }
}

/// Companies that are called by the names of people.
pub(super) fn companies(locale: Locale) -> Vec<Company> {
    let data = Data::of(locale);
    let mut random = Random::new(3);
    let company = |_| {
        let (last, form) = (pick(&data.last, &mut random), pick(&data.companies, &mut random));
        Company {
            name: format!("{} {form}", last.written),
            slug: latin::hyphened(&format!("{} {form}", last.latin), locale.is_german()),
        }
    };
    (0..ROWS).map(company).collect()
}

/// What things, articles and products are called.
pub(super) fn names(group: Group) -> Vec<String> {
    let mut random = Random::new(4);
    (0..ROWS)
        .map(|_| match group {
            Group::Product => fakers::product(&mut random),
            Group::Title => fakers::title(&mut random),
            _ => fakers::thing(&mut random),
        })
        .collect()
}

pub(super) fn pick<'a, T>(among: &'a [T], random: &mut Random) -> &'a T {
    &among[random.index(among.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_have_their_own_addresses() {
        for locale in Locale::all() {
            let people = people(locale);
            let tag = locale.tag();
            let different: HashSet<String> = people.iter().map(Person::email).collect();
            assert!(different.len() > ROWS * 9 / 10, "{tag}: {}", different.len());
            for person in &people {
                let email = person.email();
                assert!(email.is_ascii() && email.contains(&person.plain[1]), "{tag}: {email}");
                assert!(person.full.contains(person.first) && person.full.contains(person.last), "{tag}");
                assert!(person.plain.iter().all(|name| name.len() > 1), "{tag}: {}", person.full);
            }
        }
    }

    #[test]
    fn addresses_have_what_belongs_to_their_city() {
        for locale in Locale::all() {
            let data = Data::of(locale);
            for location in locations(locale) {
                let place = data
                    .places
                    .iter()
                    .find(|place| place.city == location.city && place.country.name == location.country.name);
                let place = place.expect("a city of the locale");
                assert!(place.postcodes.contains(&location.postcode), "{}", location.city);
                let latitude: f64 = location.latitude.parse().unwrap_or_default();
                assert!((latitude - place.latitude).abs() < 0.03, "{}", location.city);
                assert!(
                    !location.phone.contains('#') && location.dialled().len() <= 16,
                    "{}",
                    location.phone
                );
                for text in [location.line(), location.address()] {
                    assert!(!text.contains(['{', '}']), "{text}");
                }
            }
        }
    }
}
