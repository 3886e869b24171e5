//! Realistic strings: pools filled once, from the `fake` crate where it has them.

use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};

use fake::Fake;
use fake::faker::{
    address::en as address, automotive::fr_fr as automotive, barcode::en as barcode, company::en as company,
    creditcard::en as creditcard, currency::en as currency, filesystem::en as filesystem,
    finance::en as finance, internet::en as internet, job::en as job, lorem::en as lorem, name::en as name,
    phone_number::en as phone,
};

use super::block::{Pool, quoted};
use super::names::Era;
use super::random::Random;

/// Values in a pool. Fewer distinct ones remain where there are fewer.
const SIZE: usize = 200;

/// What makes strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// The pool of this row of [`FAKERS`]
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
pub type Faker = fn(&mut Random) -> String;

macro_rules! faked {
    ($faker:expr) => {
        |random| $faker.fake_with_rng::<String, _>(random)
    };
}
macro_rules! words {
    ($($word:literal),+ $(,)?) => {
        |random| { let words = [$($word),+]; words[random.index(words.len())].to_owned() }
    };
}

/// Every faker, by the name that `names.txt` and `x-faker` use.
const FAKERS: &[(&str, Faker)] = &[
    ("first_name", faked!(name::FirstName())),
    ("last_name", faked!(name::LastName())),
    ("full_name", |random| {
        format!("{} {}", faked(name::FirstName(), random), faked(name::LastName(), random))
    }),
    ("name_title", words!("Mr.", "Mrs.", "Ms.", "Dr.")),
    ("name_suffix", words!("Jr.", "Sr.", "II", "III", "PhD", "MD")),
    ("username", username),
    ("email", |random| format!("{}@example.{}", username(random), pick(random, &["com", "org", "net"]))),
    ("password", |random| {
        format!("{}-{}-{}!", capital(word_of(random)), word_of(random), random.below(90) + 10)
    }),
    ("phone", |random| format!("+1-{}-555-01{:02}", 200 + random.below(790), random.below(100))),
    ("phone_local", faked!(phone::PhoneNumber())),
    ("city", faked!(address::CityName())),
    ("state", faked!(address::StateName())),
    ("state_code", faked!(address::StateAbbr())),
    ("region_state", faked!(address::StateName())),
    ("country", faked!(address::CountryName())),
    (
        "country_code",
        words!("US", "DE", "FR", "GB", "NL", "SE", "ES", "IT", "JP", "CA", "AU", "BR", "IN", "PL", "CH"),
    ),
    ("street", |random| format!("{} {}", 1 + random.below(999), faked(address::StreetName(), random))),
    ("unit", faked!(address::SecondaryAddress())),
    ("building", |random| (1 + random.below(250)).to_string()),
    ("postal_code", |random| format!("{:05}", 1000 + random.below(98_000))),
    (
        "time_zone",
        words!(
            "Europe/Berlin",
            "America/New_York",
            "Asia/Tokyo",
            "Europe/London",
            "America/Sao_Paulo",
            "Australia/Sydney",
            "Asia/Kolkata",
            "America/Los_Angeles",
            "Etc/UTC"
        ),
    ),
    ("latitude", |random| decimal(random, 180, 90)),
    ("longitude", |random| decimal(random, 360, 180)),
    ("geohash", faked!(address::Geohash(8))),
    ("company", faked!(company::CompanyName())),
    ("industry", faked!(company::Industry())),
    (
        "department",
        words!("Sales", "Engineering", "Marketing", "Finance", "Support", "Operations", "Legal", "Research"),
    ),
    ("profession", faked!(company::Profession())),
    ("job_title", faked!(job::Title())),
    ("catch_phrase", faked!(company::CatchPhrase())),
    ("buzzword", faked!(company::Buzzword())),
    ("uri", |random| format!("https://example.{}/{}", pick(random, &["com", "org", "net"]), slug(random))),
    ("uri_reference", |random| format!("/{}/{}", word_of(random), slug(random))),
    ("uri_template", |random| format!("https://example.com/{}/{{id}}", word_of(random))),
    ("path", |random| format!("/{}/{}", word_of(random), word_of(random))),
    ("image", |random| format!("https://example.com/images/{}.png", slug(random))),
    ("domain", |random| format!("{}.example.{}", word_of(random), pick(random, &["com", "org", "net"]))),
    ("subdomain", |random| word_of(random).to_owned()),
    ("ipv4", |random| {
        format!("{}.{}.{}", pick(random, &["192.0.2", "198.51.100", "203.0.113"]), 1 + random.below(254), "")
            .trim_end_matches('.')
            .to_owned()
    }),
    ("ipv6", |random| {
        format!(
            "2001:db8:{:x}:{:x}::{:x}",
            random.below(65_536),
            random.below(65_536),
            1 + random.below(65_535)
        )
    }),
    ("cidr", |random| format!("10.{}.{}.0/24", random.below(256), random.below(256))),
    ("mac", mac),
    ("user_agent", faked!(internet::UserAgent())),
    ("slug", slug),
    ("file_name", |random| {
        format!("{}.{}", slug(random), pick(random, &["pdf", "png", "csv", "txt", "json", "docx"]))
    }),
    ("file_path", faked!(filesystem::FilePath())),
    ("extension", words!("pdf", "png", "csv", "txt", "json", "docx", "jpg")),
    (
        "mime_type",
        words!(
            "application/json",
            "text/plain",
            "image/png",
            "application/pdf",
            "text/csv",
            "image/jpeg",
            "text/html"
        ),
    ),
    ("semver", faked!(filesystem::SemverStable())),
    ("language", words!("en", "de", "fr", "es", "it", "nl", "pt", "ja", "sv", "pl")),
    ("currency_code", words!("USD", "EUR", "GBP", "JPY", "CHF", "SEK", "CAD", "AUD", "INR", "BRL")),
    ("country_currency", words!("USD", "EUR", "GBP", "JPY", "CHF")),
    ("currency_name", faked!(currency::CurrencyName())),
    ("currency_symbol", words!("$", "\u{20ac}", "\u{a3}", "\u{a5}")),
    ("amount", |random| format!("{}.{:02}", 1 + random.below(999), random.below(100))),
    ("rate", |random| format!("{}.{:02}", random.below(20), random.below(100))),
    ("integer_text", |random| (1 + random.below(10_000)).to_string()),
    ("color", |random| format!("#{:06x}", random.below(1 << 24))),
    ("card_number", faked!(creditcard::CreditCardNumber())),
    ("cvc", |random| format!("{:03}", random.below(1000))),
    ("last_four", |random| format!("{:04}", random.below(10_000))),
    ("iban", iban),
    ("bic", faked!(finance::Bic())),
    ("isin", faked!(finance::Isin())),
    ("account_number", |random| format!("{:010}", random.below(10_000_000_000))),
    ("isbn", faked!(barcode::Isbn13())),
    ("sku", |random| {
        format!(
            "{}-{:04}",
            word_of(random).to_uppercase().chars().take(3).collect::<String>(),
            random.below(10_000)
        )
    }),
    ("licence_plate", faked!(automotive::LicencePlate())),
    ("ref_name", words!("main", "develop", "feature/search", "release/1.4", "fix/login", "staging")),
    ("date", |random| date(random.below(WINDOW))),
    ("date_time", |random| date_time(random.below(WINDOW))),
    ("date_time_rfc1123", |random| date_time_rfc1123(random.below(WINDOW))),
    ("time_of_day", |random| format!("{}Z", clock(random.below(86_400)))),
    ("clock", |random| clock(random.below(96) * 900)[..5].to_owned()),
    ("unix_time", |random| (EPOCH + random.below(WINDOW)).to_string()),
    ("year", |random| (2000 + random.below(27)).to_string()),
    ("month", |random| format!("{:02}", 1 + random.below(12))),
    ("weekday", words!("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")),
    ("duration", words!("PT30S", "PT5M", "PT15M", "PT1H", "PT12H", "P1D", "P7D", "P1M", "P1Y")),
    ("google_duration", |random| format!("{}s", 1 + random.below(3600))),
    ("field_mask", words!("name", "name,description", "displayName,labels", "updateTime")),
    ("status", words!("active", "pending", "completed", "inactive", "processing", "approved")),
    ("kind", words!("standard", "basic", "premium", "custom", "default", "internal")),
    ("gender", words!("female", "male", "other")),
    ("marital_status", words!("single", "married", "divorced", "widowed")),
    ("scope", words!("read", "write", "admin", "read:users", "write:orders", "profile")),
    ("role", words!("admin", "member", "owner", "viewer", "editor")),
    ("environment", words!("production", "staging", "development", "test")),
    ("visibility", words!("public", "private", "internal")),
    ("priority", words!("low", "medium", "high", "critical")),
    ("unit_name", words!("piece", "kg", "m", "l", "hour", "box")),
    ("size_name", words!("small", "medium", "large")),
    ("region", words!("eu-central-1", "us-east-1", "eu-west-1", "ap-south-1", "us-west-2")),
    ("platform", words!("linux", "windows", "macos", "android", "ios")),
    ("encoding", words!("utf-8", "gzip", "base64", "identity")),
    ("protocol", words!("https", "http", "tcp", "udp")),
    ("http_method", words!("GET", "POST", "PUT", "PATCH", "DELETE")),
    (
        "error_code",
        words!("invalid_request", "not_found", "rate_limited", "conflict", "internal_error", "unauthorized"),
    ),
    ("code", |random| format!("{}{}", word_of(random).to_uppercase(), 10 + random.below(90))),
    (
        "message",
        words!(
            "The request was processed.",
            "The resource was not found.",
            "A required value is missing.",
            "The value is out of range.",
            "Please try again later.",
            "The operation was completed."
        ),
    ),
    ("title", |random| title(random, 2)),
    ("product", |random| format!("{} {}", pick(random, ADJECTIVES), pick(random, THINGS))),
    ("department_name", |random| format!("{} Team", capital(word_of(random)))),
    ("project", slug),
    ("thing_name", |random| title(random, 1)),
    ("word", |random| word_of(random).to_owned()),
    ("sentence", faked!(lorem::Sentence(4..9))),
    ("html", |random| format!("<p>{}</p>", faked(lorem::Sentence(4..8), random))),
    ("markdown", |random| format!("# {}\n\n{}", title(random, 1), faked(lorem::Sentence(4..8), random))),
    ("json", |random| format!("{{\"{}\":{}}}", word_of(random), random.below(100))),
    ("emoji", words!(":tada:", ":rocket:", ":heart:", ":eyes:")),
    ("regex", words!("^[a-z]+$", "^[0-9]{4}$", "^[A-Za-z0-9_-]+$")),
    ("json_pointer", |random| format!("/{}/{}", word_of(random), random.below(10))),
    ("relative_json_pointer", |random| format!("{}/{}", random.below(3), word_of(random))),
    ("cron", words!("0 0 * * *", "*/5 * * * *", "0 9 * * 1-5", "30 2 1 * *")),
    ("base64", |random| base64(random, b"+/")),
    ("base64url", |random| base64(random, b"-_")),
    ("phrase", |random| format!("{} {}", word_of(random), word_of(random))),
    ("date_begin", |random| date(random.below(FIRST_YEAR))),
    ("date_end", |random| date(FIRST_YEAR + random.below(WINDOW - FIRST_YEAR))),
    ("date_time_begin", |random| date_time(random.below(FIRST_YEAR))),
    ("date_time_end", |random| date_time(FIRST_YEAR + random.below(WINDOW - FIRST_YEAR))),
];

const ADJECTIVES: &[&str] =
    &["Compact", "Classic", "Modern", "Portable", "Premium", "Sturdy", "Light", "Handmade"];
const THINGS: &[&str] =
    &["Lamp", "Chair", "Keyboard", "Backpack", "Bottle", "Notebook", "Headphones", "Table", "Camera"];

/// 2024-01-01T00:00:00Z
const EPOCH: u64 = 1_704_067_200;
/// Seconds of 2024 and 2025
const WINDOW: u64 = 731 * 86_400;
/// Seconds of 2024
const FIRST_YEAR: u64 = 366 * 86_400;

/// What a faker draws, for use inside a `format!`.
fn faked<F>(faker: F, random: &mut Random) -> String
where
    String: fake::Dummy<F>,
{
    faker.fake_with_rng(random)
}

fn pick<'a>(random: &mut Random, among: &[&'a str]) -> &'a str {
    among[random.index(among.len())]
}

fn word_of(random: &mut Random) -> &'static str {
    lorem::Word().fake_with_rng(random)
}

/// A plain word, always the same for an index.
pub(super) fn word(index: usize) -> &'static str {
    word_of(&mut Random::new(index as u64))
}

fn capital(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

fn title(random: &mut Random, more: usize) -> String {
    let mut text = capital(word_of(random));
    for _ in 0..more {
        text.push(' ');
        text.push_str(word_of(random));
    }
    text
}

fn slug(random: &mut Random) -> String {
    format!("{}-{}", word_of(random), word_of(random))
}

fn username(random: &mut Random) -> String {
    let first: String = faked(name::FirstName(), random);
    let plain: String = first.chars().filter(char::is_ascii_alphabetic).collect();
    format!("{}{}", plain.to_lowercase(), random.below(90) + 10)
}

fn decimal(random: &mut Random, width: u64, shift: i64) -> String {
    format!("{}.{:04}", random.below(width) as i64 - shift, random.below(10_000))
}

fn mac(random: &mut Random) -> String {
    let bytes = random.bits().to_le_bytes();
    bytes[..6].iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":")
}

fn base64(random: &mut Random, last: &[u8; 2]) -> String {
    let alphabet = [&LETTERS[10..], &LETTERS[..10], last].concat();
    (0..24).map(|_| char::from(alphabet[random.index(64)])).collect()
}

/// A German account number with its check digits (ISO 13616: modulo 97).
fn iban(random: &mut Random) -> String {
    let account = format!("{:018}", random.below(1_000_000_000_000_000_000));
    // "DE00" behind the number, letters as 13 and 14
    let number: u128 = format!("{account}131400").parse().unwrap_or(0);
    format!("DE{:02}{account}", 98 - number % 97)
}

/// Year, month, day of a second after [`EPOCH`].
fn civil(second: u64) -> (u64, u64, u64) {
    let mut day = second / 86_400;
    let (year, lengths) = match day < 366 {
        true => (2024, [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]),
        false => {
            day -= 366;
            (2025, [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
        }
    };
    let mut month = 0;
    while month < 11 && day >= lengths[month] {
        day -= lengths[month];
        month += 1;
    }
    (year, month as u64 + 1, day + 1)
}

fn date(second: u64) -> String {
    let (year, month, day) = civil(second);
    format!("{year}-{month:02}-{day:02}")
}

fn clock(second: u64) -> String {
    format!("{:02}:{:02}:{:02}", second / 3600 % 24, second / 60 % 60, second % 60)
}

fn date_time(second: u64) -> String {
    format!("{}T{}Z", date(second), clock(second))
}

fn date_time_rfc1123(second: u64) -> String {
    let (year, month, day) = civil(second);
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    // 2024-01-01 was a Monday
    let weekday = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][(second / 86_400 % 7) as usize];
    let mut text = format!("{weekday}, {day:02} {} {year} ", months[month as usize - 1]);
    let _ = write!(text, "{} GMT", clock(second));
    text
}

/// The faker of this name, as `x-faker` has it: those that need no length.
pub fn faker(name: &str) -> Option<Faker> {
    FAKERS.iter().find(|(known, _)| *known == name).map(|(_, make)| *make)
}

/// The source of this name: a faker, `uuid`, or `hex:N`, `digits:N`, `letters:N`.
pub(super) fn source(name: &str) -> Option<Source> {
    if name == "uuid" {
        return Some(Source::Uuid);
    }
    let Some((alphabet, length)) = name.split_once(':') else {
        return FAKERS.iter().position(|(known, _)| *known == name).map(Source::Faker);
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
        Source::Faker(row) => FAKERS[row].0.to_owned(),
        Source::Uuid => "uuid".to_owned(),
        Source::Characters(alphabet, length) => format!("{}:{length}", letters(alphabet)),
    }
}

/// The source in the half of the time that a name asks for, where it makes times.
pub(super) fn in_era(made: Source, era: Era) -> Source {
    let Source::Faker(row) = made else { return made };
    let half = match (FAKERS[row].0, era) {
        ("date", Era::Begin) => "date_begin",
        ("date", Era::End) => "date_end",
        ("date_time", Era::Begin) => "date_time_begin",
        ("date_time", Era::End) => "date_time_end",
        _ => return made,
    };
    source(half).unwrap_or(made)
}

/// The filled pool of a faker.
pub(super) fn filled(faker: usize) -> &'static Filled {
    static POOLS: [OnceLock<Filled>; FAKERS.len()] = [const { OnceLock::new() }; FAKERS.len()];
    POOLS[faker].get_or_init(|| {
        let mut random = Random::new(faker as u64);
        let mut values: Vec<String> = (0..SIZE).map(|_| FAKERS[faker].1(&mut random)).collect();
        values.sort_unstable();
        values.dedup();
        let lengths = || values.iter().map(|value| value.chars().count() as u64);
        Filled {
            shortest: lengths().min().unwrap_or(0),
            longest: lengths().max().unwrap_or(0),
            pool: Arc::new(Pool::new(values.iter().map(|value| quoted(value)))),
        }
    })
}
