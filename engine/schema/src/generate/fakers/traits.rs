//! What kind of values fakers make, as far as examples have to know.

use super::{COLUMNS, Source, name};

/// Parts of sentences, and what is called by words
const PROSE: &[&str] = &[
    "pet_name",
    "breed",
    "vehicle_make",
    "airline",
    "airport",
    "first_name",
    "last_name",
    "full_name",
    "name_title",
    "city",
    "state",
    "country",
    "street",
    "address",
    "company",
    "title",
    "product",
    "thing_name",
    "currency_name",
    "name_suffix",
    "industry",
    "department",
    "profession",
    "job_title",
    "catch_phrase",
    "sentence",
    "phrase",
    "html",
    "markdown",
    "emoji",
    "weekday",
];

/// Those without rows that differ from one thing to the next; the words of the others are the vocabulary of an API, of
/// which an example knows more
const VARIOUS: &[&str] = &[
    "pet_name",
    "breed",
    "vehicle_make",
    "airline",
    "airport",
    "genre",
    "name_suffix",
    "birth_date",
    "geohash",
    "industry",
    "profession",
    "job_title",
    "catch_phrase",
    "domain",
    "ipv4",
    "ipv6",
    "cidr",
    "mac",
    "user_agent",
    "file_name",
    "semver",
    "integer_text",
    "amount",
    "rate",
    "color",
    "card_number",
    "cvc",
    "last_four",
    "iban",
    "bic",
    "isin",
    "account_number",
    "isbn",
    "sku",
    "licence_plate",
    "date",
    "date_time",
    "date_time_rfc1123",
    "time_of_day",
    "clock",
    "unix_time",
    "duration",
    "sentence",
    "phrase",
    "html",
    "markdown",
    "base64",
    "base64url",
];

const LINKS: &[&str] = &["uri", "uri_reference", "image", "website"];

impl Source {
    /// Whether values are words that people read.
    pub(in super::super) fn is_prose(self) -> bool {
        self.is_one_of(PROSE)
    }

    /// Whether values are links.
    pub(in super::super) fn is_link(self) -> bool {
        self.is_one_of(LINKS)
    }

    /// Whether values differ from one thing to the next, whatever the API.
    pub(in super::super) fn is_various(self) -> bool {
        let is_column = |faker: usize| COLUMNS.iter().any(|(known, _)| *known == name(faker));
        match self {
            Source::Faker(faker) => is_column(faker) || self.is_one_of(VARIOUS),
            Source::Characters(..) | Source::Uuid => true,
        }
    }

    fn is_one_of(self, names: &[&str]) -> bool {
        matches!(self, Source::Faker(faker) if names.contains(&name(faker)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::names;
    use super::*;

    #[test]
    fn all_are_fakers() {
        for known in [PROSE, VARIOUS, LINKS].concat() {
            assert!(names().any(|name| name == known), "{known}");
        }
    }
}
