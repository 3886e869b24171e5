//! Values of one object belong together, in every locale; what the schema says comes first.
#![allow(clippy::unwrap_used)]

use std::collections::HashSet;

use mocker_schema::generate::{Key, Locale, Options, Program, Record};
use mocker_schema::lower::{self, Dialect};
use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Schemas};
use mocker_source::FileId;
use serde_json::{Value, json};

const KEYS: u64 = 200;

fn lowered(schema: &Value) -> (Schemas, SchemaId) {
    let (tree, _) = mocker_source::parse(FileId(0), &serde_json::to_vec(schema).unwrap());
    let mut lowering = lower::local(&tree, Dialect::OpenApi31);
    let root = lowering.lower(tree.root());
    (lowering.finish().0, root)
}

/// Values of the schema in a locale, of which each obeys it by both validators.
fn values(schema: &Value, locale: Locale) -> Vec<Value> {
    let (schemas, root) = lowered(schema);
    let options = Options { locale, ..Options::new(Direction::Response, true) };
    let program = Program::compile(&schemas, root, &options).unwrap();
    let oracle = jsonschema::options().should_validate_formats(true).build(schema).unwrap();
    let values: Vec<Value> = (0..KEYS).map(|key| program.value(Key(key))).collect();
    for value in &values {
        assert!(schemas.is_valid(root, value, Direction::Response), "{schema} gave {value}");
        assert!(oracle.is_valid(value), "{schema} gave {value}");
    }
    values
}

fn object(properties: Value) -> Value {
    json!({"type": "object", "properties": properties})
}

fn strings(names: &[&str]) -> Value {
    object(
        names
            .iter()
            .map(|name| ((*name).to_owned(), json!({"type": "string"})))
            .collect::<serde_json::Map<_, _>>()
            .into(),
    )
}

fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("{pointer} of {value}"))
}

/// Whether an e-mail is that of a last name in plain letters.
fn is_of(email: &str, last: &str) -> bool {
    let plain: String = last.to_lowercase().chars().filter(char::is_ascii_alphabetic).collect();
    email.is_ascii() && (!last.is_ascii() || email.contains(&plain))
}

#[test]
fn people_have_the_address_of_their_name() {
    let schema = strings(&["id", "firstName", "last_name", "fullName", "username", "email", "initials"]);
    for locale in Locale::all() {
        let mut emails = HashSet::new();
        for value in values(&schema, locale) {
            let [first, last] = ["/firstName", "/last_name"].map(|name| text(&value, name));
            assert!(
                text(&value, "/fullName").contains(first) && text(&value, "/fullName").contains(last),
                "{value}"
            );
            assert!(is_of(text(&value, "/email"), last), "{}: {value}", locale.tag());
            assert!(is_of(text(&value, "/username"), last), "{}: {value}", locale.tag());
            assert!(text(&value, "/initials").starts_with(first.chars().next().unwrap()), "{value}");
            emails.insert(text(&value, "/email").to_owned());
        }
        assert!(emails.len() > 100, "{}: {}", locale.tag(), emails.len());
    }
}

/// For each city one state, country, currency and code for calling; cities of the locale.
#[test]
fn places_agree_in_all_they_say() {
    let schema = object(json!({
        "phone": {"type": "string", "format": "phone"}, "currency": {"type": "string"},
        "address": {"type": "object", "properties": {
            "city": {"type": "string"}, "state": {"type": "string"}, "postalCode": {"type": "string"},
            "country": {"type": "string"}, "countryCode": {"type": "string", "pattern": "^[A-Z]{2}$"},
            "lat": {"type": "number", "minimum": -90, "maximum": 90}, "longitude": {"type": "number"}}}}));
    for locale in Locale::all() {
        let mut seen: Vec<Value> = Vec::new();
        let mut cities = HashSet::new();
        for value in values(&schema, locale) {
            let of_city = json!([
                value["address"]["city"],
                value["address"]["country"],
                value["address"]["state"],
                value["address"]["countryCode"],
                value["currency"],
                text(&value, "/phone")[..3]
            ]);
            let near = [&value["address"]["lat"], &value["address"]["longitude"]]
                .map(|degrees| degrees.as_f64().unwrap().round());
            if let Some(known) = seen.iter().find(|known| known[0] == of_city[0]) {
                assert_eq!(*known, of_city, "{}: {near:?}", locale.tag());
            } else {
                seen.push(of_city);
            }
            cities.insert(text(&value, "/address/city").to_owned());
        }
        assert!(cities.len() >= 12, "{}: {cities:?}", locale.tag());
    }
    let german = values(&schema, Locale::named("de").unwrap());
    assert!(
        german.iter().all(|value| value["address"]["country"] == "Deutschland" && value["currency"] == "EUR")
    );
}

#[test]
fn two_addresses_of_one_object_differ() {
    let schema =
        strings(&["billing_city", "billing_country_code", "shipping_city", "shippingCountryCode", "state"]);
    let values = values(&schema, Locale::ENGLISH);
    let country = |city: &Value, code: &Value| (city.clone(), code.clone());
    let mut known: Vec<(Value, Value)> = Vec::new();
    for value in &values {
        for pair in [
            country(&value["billing_city"], &value["billing_country_code"]),
            country(&value["shipping_city"], &value["shippingCountryCode"]),
        ] {
            match known.iter().find(|each| each.0 == pair.0) {
                Some(each) => assert_eq!(each.1, pair.1, "{value}"),
                None => known.push(pair),
            }
        }
    }
    let differ = values.iter().filter(|value| value["billing_city"] != value["shipping_city"]).count();
    assert!(differ as u64 > KEYS * 8 / 10, "{differ}");
}

/// People inside others, and in lists, are people of their own; the parts of a name are not.
#[test]
fn each_object_has_its_own_rows() {
    let person = strings(&["firstName", "email"]);
    let schema = object(json!({
        "name": {"type": "object", "properties": {"first": {"type": "string"}, "familyName": {"type": "string"}}},
        "email": {"type": "string", "format": "email"},
        "manager": person, "members": {"type": "array", "minItems": 3, "items": person}}));
    let (mut own, mut members) = (0, 0);
    for value in values(&schema, Locale::ENGLISH) {
        assert!(is_of(text(&value, "/email"), text(&value, "/name/familyName")), "{value}");
        own += u64::from(value["email"] != value["manager"]["email"]);
        members += u64::from(value["members"][0]["email"] != value["members"][1]["email"]);
        let email = text(&value, "/members/0/email");
        let first = text(&value, "/members/0/firstName").to_lowercase();
        assert!(
            !first.chars().all(|letter| letter.is_ascii_alphabetic()) || email.starts_with(&first),
            "{value}"
        );
    }
    assert!(own > KEYS * 9 / 10 && members > KEYS * 9 / 10, "{own} {members}");
}

#[test]
fn slugs_are_made_of_what_things_are_called() {
    let plain = |text: &str| text.to_lowercase().replace(' ', "-");
    for (schema, of) in [
        (strings(&["title", "slug"]), "/title"),
        (strings(&["name", "slug", "description"]), "/name"),
        (strings(&["productName", "slug"]), "/productName"),
    ] {
        for value in values(&schema, Locale::ENGLISH) {
            assert_eq!(text(&value, "/slug"), plain(text(&value, of)), "{value}");
        }
    }
}

/// Rows that one member cannot be are nobody's: the others stay in accord with it.
#[test]
fn what_is_left_of_the_rows_agrees() {
    let schema = object(json!({
        "first_name": {"type": "string"}, "email": {"type": "string", "maxLength": 24},
        "city": {"type": "string"}, "postal_code": {"type": "string", "pattern": "^[0-9]{5}$"},
        "country_code": {"type": "string", "minLength": 2, "maxLength": 2}}));
    for value in values(&schema, Locale::ENGLISH) {
        assert_eq!(value["country_code"], "US", "{value}");
        let first: String =
            text(&value, "/first_name").to_lowercase().chars().filter(char::is_ascii_alphabetic).collect();
        assert!(text(&value, "/email").starts_with(&first), "{value}");
    }
}

#[test]
fn the_schema_comes_first() {
    for (name, schema) in [
        ("email", json!({"type": "string", "format": "uuid"})),
        ("email", json!({"type": "string", "maxLength": 3})),
        ("email", json!({"type": "string", "pattern": "^x[0-9]+$"})),
        ("city", json!({"type": "string", "minLength": 200})),
        ("country", json!({"enum": ["Atlantis"]})),
        ("countryCode", json!({"type": "string", "pattern": "^[a-z]{2}$"})),
        ("countryCode", json!({"type": "string", "minLength": 3, "maxLength": 3})),
        ("phone", json!({"type": "string", "pattern": "^\\+[1-9][0-9]{1,14}$"})),
        ("phone", json!({"type": "string", "pattern": "^[0-9]{10,15}$"})),
        ("latitude", json!({"type": "number", "minimum": 80, "maximum": 81})),
        ("lat", json!({"type": "integer"})),
        ("price", json!({"type": "number", "exclusiveMinimum": 1, "exclusiveMaximum": 1.01})),
        ("zip", json!({"type": "integer", "minimum": 10000, "maximum": 99999})),
        ("name", json!({"type": ["string", "null"], "pattern": "^[A-Z]{4}$"})),
        ("avatar", json!({"type": "string", "format": "uri"})),
        (
            "emails",
            json!({"type": "array", "uniqueItems": true, "minItems": 5, "items": {"type": "string", "format": "email"}}),
        ),
    ] {
        for locale in Locale::all() {
            let object =
                object(json!({name: schema, "first_name": {"type": "string"}, "city": {"type": "string"}}));
            assert_eq!(values(&object, locale).len() as u64, KEYS, "{schema}");
        }
    }
}

#[test]
fn prices_have_two_decimals_and_least_is_below_most() {
    let schema = object(json!({
        "price": {"type": "number"}, "amount": {"type": "number", "minimum": 0, "multipleOf": 0.01}, "total": {"type": "string"},
        "min": {"type": "integer"}, "max": {"type": "integer"},
        "minPrice": {"type": "number"}, "maxPrice": {"type": "number"},
        "start": {"type": "integer", "minimum": 50}, "end": {"type": "integer", "minimum": 50}}));
    let (schemas, root) = lowered(&schema);
    let program = Program::compile(&schemas, root, &Options::new(Direction::Response, true)).unwrap();
    for key in 0..KEYS {
        let mut out = Vec::new();
        program.write(Key(key), &mut out);
        let written = String::from_utf8(out).unwrap();
        for name in ["price", "amount", "minPrice"] {
            let after = written.split(&format!("\"{name}\":")).nth(1).unwrap();
            let number = after.split([',', '}']).next().unwrap();
            assert!(number.split_once('.').is_some_and(|(_, cents)| cents.len() == 2), "{name}: {written}");
        }
        let value: Value = serde_json::from_str(&written).unwrap();
        for (least, most) in [("min", "max"), ("minPrice", "maxPrice"), ("start", "end")] {
            assert!(value[least].as_f64() <= value[most].as_f64(), "{written}");
        }
    }
}

#[test]
fn usual_statuses_are_drawn_more_often() {
    let schema = object(json!({"status": {"enum": ["active", "failed", "pending"]}}));
    let values = values(&schema, Locale::ENGLISH);
    let count = |status: &str| values.iter().filter(|value| value["status"] == status).count();
    assert!(count("active") > 2 * count("failed") && count("failed") > 0 && count("pending") > 0);
}

/// Whichever members are asked for, alone or together.
#[test]
fn records_draw_the_rows_of_their_key() {
    let schema = object(json!({
        "first_name": {"type": "string"}, "email": {"type": "string", "maxLength": 30}, "city": {"type": "string"},
        "address": {"type": "object", "properties": {"city": {"type": "string"}}}}));
    let (schemas, root) = lowered(&schema);
    let record = Record::compile(&schemas, &[root], &Options::new(Direction::Response, true)).unwrap();
    for key in 0..KEYS {
        let mut out = Vec::new();
        record.write(Key(key), &mut out, |_| true, |_, _| false);
        let whole: Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(whole["city"], whole["address"]["city"]);
        let first: String =
            text(&whole, "/first_name").to_lowercase().chars().filter(char::is_ascii_alphabetic).collect();
        assert!(text(&whole, "/email").starts_with(&first), "{whole}");
        for (column, name) in record.names().iter().enumerate() {
            let mut alone = Vec::new();
            record.value(Key(key), column, &mut alone);
            assert_eq!(serde_json::from_slice::<Value>(&alone).unwrap(), whole[&**name]);
        }
    }
}

/// What is trusted to obey its format does so in all locales.
#[test]
fn pools_of_all_locales_obey_their_formats() {
    for format in ["email", "phone", "country-code", "currency", "language", "hostname", "uri", "iban"] {
        let schema = object(json!({"value": {"type": "string", "format": format}}));
        Locale::all().for_each(|locale| _ = values(&schema, locale));
    }
}
