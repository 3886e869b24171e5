//! Every faker by name. The reference of scripts and templates is made from this table.

use super::Faker;
use super::make::*;

/// Fakers whose range is of a number, not of how many parts.
pub(super) const NUMBERS: &[&str] = &["number", "float", "price", "age"];

/// Other names for fakers.
pub(super) const ALIASES: &[(&str, &str)] = &[
    ("full_name", "name"),
    ("zip", "postcode"),
    ("zip_code", "postcode"),
    ("postal_code", "postcode"),
    ("job_title", "job"),
    ("phone_number", "phone"),
    ("integer", "number"),
    ("int", "number"),
    ("bool", "boolean"),
    ("date_time", "datetime"),
    ("image", "image_url"),
    ("uri", "url"),
    ("ip", "ipv4"),
    ("card_number", "credit_card"),
    ("currency", "currency_code"),
    ("mac_address", "mac"),
    ("user", "username"),
];

macro_rules! plain {
    ($name:literal, $gives:literal) => {
        plain!($name, $gives, $name)
    };
    ($name:literal, $gives:literal, $of_schema:literal) => {
        Faker {
            name: $name,
            gives: $gives,
            is_localized: false,
            range: None,
            make: |random, _| of_schema($of_schema, random),
        }
    };
}
macro_rules! local {
    ($name:literal, $gives:literal, $make:expr) => {
        Faker { name: $name, gives: $gives, is_localized: true, range: None, make: $make }
    };
}
macro_rules! ranged {
    ($name:literal, $gives:literal, $range:expr, $make:expr) => {
        Faker { name: $name, gives: $gives, is_localized: false, range: Some($range), make: $make }
    };
}
macro_rules! typed {
    ($name:literal, $gives:literal, $make:expr) => {
        Faker { name: $name, gives: $gives, is_localized: false, range: None, make: $make }
    };
}

pub(super) const FAKERS: &[Faker] = &[
    local!("name", "First and last name", name),
    local!("first_name", "First name", first_name),
    local!("last_name", "Last name", last_name),
    local!("title", "Title before a name", title),
    plain!("gender", "Gender"),
    ranged!("age", "Age in years", (18, 90), number),
    local!("email", "Mail address in a domain that is reserved for examples", email),
    local!("username", "Name for signing in", username),
    plain!("password", "Password of words and a number"),
    local!("phone", "Phone number", phone),
    local!("street", "Street and number of a house", street),
    local!("city", "City", city),
    local!("state", "State or province", state),
    local!("state_code", "State or province in letters, as addresses have it", state_code),
    local!("postcode", "Postal code", postcode),
    local!("country", "Country", country),
    plain!("country_code", "Country in two letters (ISO 3166-1)"),
    local!("address", "Street, postal code and city in one line, of one place", address),
    typed!("latitude", "Latitude, a number", |random, _| decimal(random, 90, 4)),
    typed!("longitude", "Longitude, a number", |random, _| decimal(random, 180, 4)),
    plain!("time_zone", "Time zone"),
    local!("company", "Name of a company", company),
    plain!("industry", "Branch of industry"),
    plain!("department", "Department of a company"),
    local!("job", "Job title", job),
    plain!("profession", "Profession"),
    plain!("catch_phrase", "Slogan"),
    plain!("buzzword", "Buzzword"),
    plain!("product", "Name of a product"),
    plain!("sku", "Number of an article"),
    ranged!("price", "Price with two decimals, a number", (1, 1000), price),
    plain!("word", "Word of lorem ipsum"),
    ranged!("words", "So many words", (3, 3), |random, options| words(random, options)),
    ranged!("sentence", "Sentence of so many words", (4, 9), sentence),
    ranged!("sentences", "So many sentences", (3, 3), sentences),
    ranged!("paragraph", "Paragraph of so many sentences", (3, 6), sentences),
    ranged!("paragraphs", "So many paragraphs, an empty line between them", (3, 3), paragraphs),
    plain!("slug", "Words for a path"),
    plain!("url", "URL in a domain that is reserved for examples", "uri"),
    plain!("domain", "Domain that is reserved for examples"),
    plain!("image_url", "URL of a picture", "image"),
    plain!("path", "Path of a URL"),
    plain!("ipv4", "Address that is reserved for documents (RFC 5737)"),
    plain!("ipv6", "Address that is reserved for documents (RFC 3849)"),
    plain!("cidr", "Network of private addresses"),
    plain!("mac", "MAC address"),
    typed!("port", "Port, a number from 1024 on", |random, _| (1024 + random.below(64_512)).into()),
    plain!("user_agent", "`User-Agent` of a browser"),
    plain!("http_method", "Method of HTTP"),
    typed!("http_status", "Status of HTTP, a number", http_status),
    plain!("mime_type", "Media type"),
    plain!("file_name", "Name of a file"),
    plain!("file_path", "Path of a file"),
    plain!("semver", "Version (Semantic Versioning)"),
    plain!("color", "Colour as `#rrggbb`"),
    plain!("credit_card", "Number of a credit card with its check digit", "card_number"),
    plain!("iban", "Number of a bank account with its check digits (ISO 13616)"),
    plain!("bic", "Code of a bank (ISO 9362)"),
    plain!("currency_code", "Currency in three letters (ISO 4217)"),
    plain!("currency_name", "Name of a currency"),
    plain!("currency_symbol", "Sign of a currency"),
    plain!("isbn", "Number of a book (ISBN-13)"),
    plain!("licence_plate", "Number plate of a car"),
    plain!("language", "Language in two letters (ISO 639-1)"),
    plain!("date", "Date in 2024 or 2025"),
    plain!("datetime", "Date and time in 2024 or 2025 (RFC 3339)", "date_time"),
    plain!("time", "Time of the day, in UTC", "time_of_day"),
    typed!("unix_time", "Seconds since 1970, in 2024 or 2025, a number", unix_time),
    plain!("weekday", "Day of the week"),
    plain!("month", "Month in two digits"),
    plain!("duration", "Duration (ISO 8601)"),
    plain!("cron", "Times of a cron job"),
    typed!("uuid", "UUID, version 4", uuid),
    typed!("boolean", "`true` or `false`", |random, _| (random.below(2) == 1).into()),
    ranged!("number", "Whole number", (0, 1000), number),
    ranged!("float", "Number with two decimals", (0, 1000), price),
    typed!("digit", "Number of one digit", |random, _| random.below(10).into()),
    plain!("status", "State of an order or account"),
    plain!("role", "Role of a user"),
    plain!("emoji", "Short name of an emoji"),
];
