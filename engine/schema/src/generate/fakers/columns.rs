//! Every faker whose values stand in rows, by the name that `names.txt` and `x-faker` use.

use super::super::cards::Card;
use super::super::latin;
use super::super::rows::{Company, Group, Location, Person};

/// What is taken of a row.
pub(super) enum Column {
    Person(fn(&Person) -> String),
    Place(fn(&Location) -> String),
    /// A number, written without quotes
    Degrees(fn(&Location) -> String),
    Company(fn(&Company) -> String),
    Card(fn(&Card) -> String),
    /// Of what is called by one text
    Name(Group, fn(&str) -> String),
}

pub(super) const COLUMNS: &[(&str, Column)] = &[
    ("first_name", Column::Person(|person| person.first.to_owned())),
    ("last_name", Column::Person(|person| person.last.to_owned())),
    ("middle_name", Column::Person(|person| person.middle.to_owned())),
    ("full_name", Column::Person(|person| person.full.clone())),
    ("name_title", Column::Person(|person| person.title.to_owned())),
    ("initials", Column::Person(Person::initials)),
    ("username", Column::Person(Person::username)),
    ("email", Column::Person(Person::email)),
    ("email_short", Column::Person(|person| format!("{}@{}", person.plain[0], person.domain))),
    ("person_slug", Column::Person(|person| person.plain.join("-"))),
    ("phone", Column::Place(|place| place.phone.clone())),
    ("phone_dialled", Column::Place(Location::dialled)),
    ("phone_digits", Column::Place(Location::digits)),
    ("calling_code", Column::Place(|place| place.calling_code().to_owned())),
    ("city", Column::Place(|place| place.city.to_owned())),
    ("state", Column::Place(|place| place.state.to_owned())),
    ("state_code", Column::Place(|place| place.state_code.to_owned())),
    ("country", Column::Place(|place| place.country.name.to_owned())),
    ("country_code", Column::Place(|place| place.country.alpha_2.to_owned())),
    ("country_code_3", Column::Place(|place| place.country.alpha_3.to_owned())),
    ("country_code_small", Column::Place(|place| place.country.alpha_2.to_lowercase())),
    ("street", Column::Place(Location::line)),
    ("building", Column::Place(|place| place.number.clone())),
    ("address", Column::Place(Location::address)),
    ("postal_code", Column::Place(|place| place.postcode.to_owned())),
    ("postal_code_plain", Column::Place(|place| place.postcode.replace([' ', '-'], ""))),
    ("time_zone", Column::Place(|place| place.time_zone.to_owned())),
    ("latitude", Column::Place(|place| place.latitude.clone())),
    ("longitude", Column::Place(|place| place.longitude.clone())),
    ("latitude_degrees", Column::Degrees(|place| place.latitude.clone())),
    ("longitude_degrees", Column::Degrees(|place| place.longitude.clone())),
    ("locale", Column::Place(|place| place.country.language.to_owned())),
    ("currency_code", Column::Place(|place| place.country.currency.to_owned())),
    ("currency_code_small", Column::Place(|place| place.country.currency.to_lowercase())),
    ("currency_name", Column::Place(|place| place.country.currency_name.to_owned())),
    ("currency_symbol", Column::Place(|place| place.country.currency_symbol.to_owned())),
    ("company", Column::Company(|company| company.name.clone())),
    ("company_slug", Column::Company(|company| company.slug.clone())),
    ("company_domain", Column::Company(|company| format!("{}.example.com", company.slug))),
    ("website", Column::Company(|company| format!("https://{}.example.com", company.slug))),
    ("card_brand", Column::Card(|card| card.brand.to_owned())),
    ("card_number", Column::Card(|card| card.number.clone())),
    ("last_four", Column::Card(Card::last_four)),
    ("card_issuer", Column::Card(Card::issuer)),
    ("cvc", Column::Card(|card| card.code.clone())),
    ("title", Column::Name(Group::Title, str::to_owned)),
    ("slug", Column::Name(Group::Title, latin::slug)),
    ("product", Column::Name(Group::Product, str::to_owned)),
    ("product_slug", Column::Name(Group::Product, latin::slug)),
    ("thing_name", Column::Name(Group::Thing, str::to_owned)),
    ("thing_slug", Column::Name(Group::Thing, latin::slug)),
];

/// What stands in for a column where a schema refuses most of its values: more of the same row.
const OTHERWISE: &[(&str, &[&str])] = &[
    ("email", &["email_short"]),
    ("full_name", &["first_name"]),
    ("phone", &["phone_dialled", "phone_digits"]),
    ("country", &["country_code"]),
    ("country_code", &["country_code_3", "country_code_small", "country"]),
    ("state", &["state_code"]),
    ("state_code", &["state"]),
    ("postal_code", &["postal_code_plain"]),
    ("currency_code", &["currency_code_small"]),
    ("address", &["street"]),
    ("username", &["email_short", "email"]),
];

/// The columns to try for the one of this name, itself first.
pub(super) fn alternatives(name: &'static str) -> impl Iterator<Item = &'static str> {
    let others = OTHERWISE.iter().find(|(known, _)| *known == name).map_or(&[][..], |(_, others)| others);
    std::iter::once(name).chain(others.iter().copied())
}
