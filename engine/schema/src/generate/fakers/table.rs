//! Every faker that draws each value alone, by the name that `names.txt` and `x-faker` use.

use fake::Fake;
use fake::faker::{
    address::en as address, automotive::fr_fr as automotive, barcode::en as barcode, company::en as company,
    filesystem::en as filesystem, finance::en as finance, internet::en as internet, job::en as job,
};

use super::Faker;
use super::called::title;
use super::make::{base64, capital, iban, mac, pick, sentence, slug, word_of};
use super::times::{EPOCH, FIRST_YEAR, WINDOW, birth_date, clock, date, date_time, date_time_rfc1123};

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

pub(super) const FREE: &[(&str, Faker)] = &[
    ("name_suffix", words!("Jr.", "Sr.", "II", "III", "PhD", "MD")),
    ("password", |random| {
        format!("{}-{}-{}!", capital(word_of(random)), word_of(random), random.below(90) + 10)
    }),
    ("birth_date", birth_date),
    ("unit", |random| format!("{} {}", pick(random, &["Suite", "Apt.", "Unit"]), 1 + random.below(90))),
    ("building_part", |random| {
        format!(
            "{} {}",
            pick(random, &["Building", "Block", "Entrance"]),
            pick(random, &["A", "B", "C", "D"])
        )
    }),
    ("geohash", faked!(address::Geohash(8))),
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
    ("country_currency", words!("USD", "EUR", "GBP", "JPY", "CHF")),
    ("amount", |random| format!("{}.{:02}", 1 + random.below(999), random.below(100))),
    ("rate", |random| format!("{}.{:02}", random.below(20), random.below(100))),
    ("integer_text", |random| (1 + random.below(10_000)).to_string()),
    ("color", |random| format!("#{:06x}", random.below(1 << 24))),
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
    ("kind", words!("standard", "basic", "default", "primary", "general", "regular")),
    ("category", words!("general", "news", "sports", "travel", "food", "music", "technology", "health")),
    (
        "tag",
        words!(
            "new", "sale", "summer", "winter", "featured", "popular", "limited", "classic", "outdoor",
            "gift", "team", "beta"
        ),
    ),
    ("plan_name", words!("Free", "Basic", "Standard", "Plus", "Pro", "Business", "Enterprise")),
    ("model", |random| {
        format!("{}-{}", pick(random, &["A", "C", "M", "RX", "S", "T", "X"]), 100 + random.below(90) * 10)
    }),
    ("service", words!("billing", "search", "auth", "mail", "payments", "storage", "reports", "gateway")),
    ("team", words!("platform", "payments", "growth", "mobile", "data", "support", "design", "search")),
    ("programming_language", words!("Python", "TypeScript", "Go", "Rust", "Java", "Ruby", "Kotlin", "C++")),
    ("holder_type", words!("individual", "company")),
    ("payout_method", words!("standard", "instant")),
    ("shipping_method", words!("standard", "express", "pickup")),
    ("auth_method", words!("password", "totp", "sms", "passkey")),
    ("contact_method", words!("email", "phone", "post")),
    ("reason", words!("requested", "duplicate", "scheduled", "manual", "policy", "other")),
    (
        "condition_reason",
        words!("Available", "Completed", "Initialized", "Progressing", "Ready", "Scheduled"),
    ),
    ("condition_type", words!("Available", "Ready", "Initialized", "Progressing")),
    ("container_image", |random| {
        let name = pick(random, &["nginx", "redis", "postgres", "node", "python", "traefik"]);
        format!("{name}:{}.{}", 1 + random.below(20), random.below(30))
    }),
    ("resource_kind", words!("Pod", "Service", "Deployment", "ConfigMap")),
    ("pull_policy", words!("IfNotPresent", "Always", "Never")),
    ("restart_policy", words!("Always", "OnFailure", "Never")),
    ("signal", words!("SIGTERM", "SIGINT", "SIGQUIT")),
    ("api_group_version", words!("v1")),
    ("card_year", |random| (2027 + random.below(6)).to_string()),
    ("card_expiry", |random| format!("{:02}/{}", 1 + random.below(12), 27 + random.below(6))),
    ("birth_recent", |random| {
        format!("{}-{:02}-{:02}", 2012 + random.below(13), 1 + random.below(12), 1 + random.below(28))
    }),
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
        "error_message",
        words!(
            "The resource was not found.",
            "A required value is missing.",
            "The value is out of range.",
            "The request could not be processed."
        ),
    ),
    ("result_message", words!("The request was processed.", "The operation was completed.", "All is well.")),
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
    ("department_name", |random| format!("{} Team", capital(word_of(random)))),
    ("project", slug),
    ("religion", words!("Christianity", "Islam", "Hinduism", "Buddhism", "Judaism", "none")),
    (
        "expression",
        words!("status = 'active'", "amount > 100", "name = 'main'", "age >= 18", "type != 'test'"),
    ),
    ("license", words!("MIT", "Apache-2.0", "BSD-3-Clause", "GPL-3.0-only", "MPL-2.0")),
    ("architecture", words!("amd64", "arm64", "x86", "riscv64")),
    ("relation", words!("self", "next", "prev", "alternate")),
    ("command", words!("npm run build", "make test", "python main.py", "cargo run", "java -jar app.jar")),
    ("algorithm", words!("RS256", "ES256", "HS256", "PS256", "EdDSA")),
    ("key_type", words!("RSA", "EC", "OKP")),
    ("direction", words!("inbound", "outbound")),
    ("frequency", words!("daily", "weekly", "monthly", "quarterly", "yearly")),
    ("exchange", words!("NYSE", "NASDAQ", "XETRA", "LSE", "Euronext", "TSE")),
    ("ticker", words!("ACME", "GLBX", "INIT", "HOOL", "UMBR", "STRK", "WAYN", "CYBR")),
    (
        "pet_name",
        words!(
            "Rex", "Bella", "Max", "Luna", "Charlie", "Milo", "Coco", "Rocky", "Daisy", "Oscar", "Nala",
            "Felix", "Leo", "Molly"
        ),
    ),
    ("animal", words!("dog", "cat", "rabbit", "parrot", "hamster", "horse", "turtle", "goldfish")),
    (
        "breed",
        words!("Labrador", "Poodle", "Beagle", "Siamese", "Persian", "Maine Coon", "Dachshund", "Boxer"),
    ),
    ("blood_group", words!("A+", "A-", "B+", "B-", "AB+", "AB-", "0+", "0-")),
    ("payment_method", words!("card", "bank_transfer", "paypal", "invoice", "cash")),
    ("vehicle_make", words!("Volkswagen", "Toyota", "Ford", "Renault", "BMW", "Volvo", "Fiat", "Honda")),
    ("genre", words!("rock", "jazz", "drama", "comedy", "classical", "documentary", "fantasy", "pop")),
    ("continent", words!("Europe", "Asia", "Africa", "North America", "South America", "Oceania")),
    ("operator", words!("eq", "ne", "gt", "gte", "lt", "lte", "in", "contains")),
    ("sort_order", words!("asc", "desc")),
    ("boolean_text", words!("true", "false")),
    ("time_format", words!("HH:mm", "hh:mm a", "HH:mm:ss")),
    ("date_format", words!("YYYY-MM-DD", "DD.MM.YYYY", "MM/DD/YYYY")),
    ("airport", words!("FRA", "LHR", "CDG", "JFK", "AMS", "MAD", "FCO", "HND", "GRU", "IST", "WAW", "LIS")),
    ("airline", words!("LH", "BA", "AF", "AA", "KL", "IB", "JL", "LA", "TK", "TP")),
    ("grade", words!("A", "B", "C", "D")),
    ("size_code", words!("S", "M", "L", "XL")),
    ("word", |random| word_of(random).to_owned()),
    ("sentence", |random| sentence(4..9, random)),
    ("html", |random| format!("<p>{}</p>", sentence(4..8, random))),
    ("markdown", |random| format!("# {}\n\n{}", title(random), sentence(4..8, random))),
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
