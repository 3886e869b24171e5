//! Values say what their names mean, given what stands beside them; the schema comes first.
#![allow(clippy::unwrap_used)]

use std::collections::HashSet;

use mocker_schema::generate::{Key, Options, Program, Record};
use mocker_schema::lower::{self, Dialect};
use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Schemas};
use mocker_source::FileId;
use serde_json::{Map, Value, json};

const KEYS: u64 = 64;

fn lowered(schema: &Value) -> (Schemas, SchemaId) {
    let (tree, _) = mocker_source::parse(FileId(0), &serde_json::to_vec(schema).unwrap());
    let mut lowering = lower::local(&tree, Dialect::OpenApi31);
    let root = lowering.lower(tree.root());
    (lowering.finish().0, root)
}

fn values_in(schema: &Value, direction: Direction) -> Vec<Value> {
    let (schemas, root) = lowered(schema);
    let program = Program::compile(&schemas, root, &Options::new(direction, true)).unwrap();
    let values: Vec<Value> = (0..KEYS).map(|key| program.value(Key(key))).collect();
    for value in &values {
        assert!(schemas.is_valid(root, value, direction), "{schema} gave {value}");
    }
    values
}

fn values(schema: &Value) -> Vec<Value> {
    values_in(schema, Direction::Response)
}

fn object(properties: Value) -> Value {
    json!({"type": "object", "properties": properties})
}

/// An object of texts that the author calls `title`.
fn texts(title: &str, names: &[&str]) -> Value {
    let properties: Map<String, Value> =
        names.iter().map(|name| ((*name).to_owned(), json!({"type": "string"}))).collect();
    json!({"title": title, "type": "object", "properties": properties})
}

fn seen(schema: &Value, member: &str) -> HashSet<String> {
    let text = |value: Value| value[member].as_str().map_or_else(|| value[member].to_string(), str::to_owned);
    values(schema).into_iter().map(text).collect()
}

#[test]
fn what_a_thing_is_is_its_schemas_name() {
    for (title, members, expected) in [
        ("Customer", &["id", "object"][..], "customer"),
        ("CreditNoteResponse", &["type"], "credit_note"),
        ("simple-user", &["type", "login"], "user"),
        ("io.k8s.api.core.v1.Pod", &["apiVersion", "kind", "metadata"], "Pod"),
        ("TrackObject", &["type"], "track"),
    ] {
        let member = members.iter().find(|name| ["object", "type", "kind"].contains(name)).unwrap();
        assert_eq!(seen(&texts(title, members), member), HashSet::from([expected.to_owned()]), "{title}");
    }
    let lengthy = object(json!({"type": {"type": "string", "minLength": 20}}));
    assert!(values(&lengthy).iter().all(|value| value["type"].as_str().unwrap().len() >= 20));
    let plain = seen(&texts("", &["category", "type", "kind"]), "kind");
    assert!(plain.contains("standard") && !plain.contains("premium"), "{plain:?}");
}

#[test]
fn messages_of_errors_stand_where_errors_are() {
    let is_log =
        |text: &String| text.contains("value") || text.contains("resource") || text.contains("request");
    for (title, names, is_error) in [
        ("Error", &["code", "message"][..], true),
        ("Problem", &["title", "detail"], true),
        ("", &["error", "message"], true),
        ("ChatMessage", &["id", "author", "message"], false),
        ("Order", &["id", "details"], false),
    ] {
        let texts = seen(&texts(title, names), names.last().unwrap());
        assert_eq!(texts.iter().all(is_log), is_error, "{title}: {texts:?}");
        assert!(texts.iter().all(|text| text.starts_with(char::is_uppercase)), "{texts:?}");
    }
    let reasons = seen(&texts("Issue", &["id", "reason"]), "reason");
    assert!(reasons.iter().all(|reason| !reason.contains(' ')), "{reasons:?}");
}

#[test]
fn names_mean_what_stands_beside_them() {
    for (title, names, member, is_right) in [
        ("Address", &["city", "region"][..], "region", (|text| !text.contains("-1")) as fn(&str) -> bool),
        ("Pet", &["name", "born"], "born", |text| text > "2012"),
        ("User", &["name", "born"], "born", |text| text < "2012"),
        ("Address", &["city", "line2"], "line2", |text| {
            text.starts_with(['A', 'S', 'U']) && !text.contains("Suit.")
        }),
        ("Address", &["city", "line3"], "line3", |text| text.starts_with(['B', 'E'])),
        ("Card", &["last_digits"], "last_digits", |text| text.len() == 4),
        ("Payout", &["method"], "method", |text| ["standard", "instant"].contains(&text)),
        ("Minimal Repository", &["language"], "language", |text| text.len() > 2 || text == "Go"),
        ("Contact", &["phone_area_code"], "phone_area_code", |text| text.parse::<u32>().is_ok()),
        ("", &["name", "email"], "name", |text| text.contains(' ') && text.starts_with(char::is_uppercase)),
        ("Pod", &["apiVersion", "kind", "metadata"], "apiVersion", |text| text == "v1"),
        ("Container", &["image"], "image", |text| text.contains(':') && !text.contains('/')),
        ("Discount", &["object", "customer"], "customer", |text| text.len() == 24 && !text.contains(' ')),
        ("ExternalUrls", &["spotify"], "spotify", |text| text.starts_with("https://")),
        ("OwnerReference", &["apiVersion", "kind"], "kind", |text| text != "OwnerReference"),
        ("GistFile", &["filename", "language"], "language", |text| text.len() > 2 || text == "Go"),
        ("Folder", &["displayName"], "displayName", |text| text.contains(' ')),
        ("BankAccount", &["account_holder_type"], "account_holder_type", |text| text != "standard"),
        ("Subscription", &["id", "latest_invoice"], "latest_invoice", |text| text.len() == 24),
    ] {
        let texts = seen(&texts(title, names), member);
        assert!(texts.iter().all(|text| is_right(text)), "{title}.{member}: {texts:?}");
    }
    let person = texts("", &["firstName", "middleName", "lastName"]);
    assert!(values(&person).iter().all(|value| value["middleName"] != value["lastName"]));
}

#[test]
fn cards_agree_in_all_they_say() {
    let card = json!({"title": "Card", "type": "object", "properties": {
        "brand": {"type": "string"}, "number": {"type": "string"}, "last4": {"type": "string"},
        "cvc": {"type": "string"}, "exp_year": {"type": "integer"}}});
    let mut brands = HashSet::new();
    for card in values(&card) {
        let [brand, number, last, code] =
            ["brand", "number", "last4", "cvc"].map(|name| card[name].as_str().unwrap());
        assert!(number.ends_with(last), "{card}");
        assert_eq!(brand == "amex", number.starts_with("37") && code.len() == 4, "{card}");
        assert!(card["exp_year"].as_u64() >= Some(2027), "{card}");
        brands.insert(brand.to_owned());
    }
    assert_eq!(brands.len(), 4);
}

#[test]
fn numbers_keep_to_what_their_names_mean() {
    for (name, kind, least, most) in [
        ("popularity", "integer", 0.0, 100.0),
        ("percent_off", "number", 0.0, 100.0),
        ("disc_number", "integer", 1.0, 3.0),
        ("days_until_due", "integer", 1.0, 90.0),
        ("page", "integer", 1.0, 1.0),
        ("logprob", "number", -5.0, 0.0),
        ("retry_count", "integer", 0.0, 5.0),
    ] {
        for value in values(&object(json!({name: {"type": kind}}))) {
            let number = value[name].as_f64().unwrap();
            assert!((least..=most).contains(&number), "{name}: {number}");
        }
    }
    let number = json!({"type": "number"});
    for value in values(&object(json!({"min": number, "avg": number, "max": number, "sum": number}))) {
        let [min, avg, max, sum] = ["min", "avg", "max", "sum"].map(|name| value[name].as_f64().unwrap());
        assert!(min <= avg && avg <= max && max <= sum, "{value}");
    }
    let whole = json!({"type": "integer"});
    for value in values(&object(json!({"limit": whole, "remaining": whole, "used": whole}))) {
        let [limit, remaining] = ["limit", "remaining"].map(|name| value[name].as_u64().unwrap());
        assert!(remaining < limit && value["used"].as_u64() < Some(limit), "{value}");
    }
}

#[test]
fn entries_of_maps_are_called_by_the_map() {
    for (name, of, expected) in [
        ("labels", "string", "environment"),
        ("inventory", "integer", "available"),
        ("currency_options", "number", "eur"),
        ("headers", "string", "X-Request-Id"),
        ("unheard", "string", "primary"),
    ] {
        let map = json!({"type": "object", "additionalProperties": {"type": of}});
        for value in values(&object(json!({name: map}))) {
            assert!(value[name].get(expected).is_some(), "{value}");
        }
    }
    let narrow = json!({"labels": {"type": "object", "additionalProperties": {"type": "string"},
        "propertyNames": {"pattern": "^x-"}, "minProperties": 1}});
    for value in values(&object(narrow)) {
        assert!(value["labels"].as_object().unwrap().keys().all(|key| key.starts_with("x-")), "{value}");
    }
}

#[test]
fn what_most_things_are_not_is_said_of_few() {
    let time = json!({"type": "string", "format": "date-time"});
    let nullable = json!({"type": ["string", "null"], "format": "date-time"});
    let branches = json!({"anyOf": [{"type": "string"}, {"type": "null"}]});
    let flag = json!({"type": "boolean"});
    for (of, name, required, expected) in [
        (&time, "canceled_at", false, None),
        (&time, "canceled_at", true, Some(false)),
        (&nullable, "closed_at", true, Some(true)),
        (&nullable, "mergedBy", false, Some(true)),
        (&branches, "failure_code", false, Some(true)),
        (&time, "deletionTimestamp", false, None),
        (&time, "created_at", false, Some(false)),
        (&branches, "error", false, Some(true)),
    ] {
        let required = if required { json!([name]) } else { json!([]) };
        let schema = json!({"type": "object", "required": required,
            "properties": {"id": {"type": "string"}, name: of}});
        for value in values(&schema) {
            assert_eq!(value.get(name).map(Value::is_null), expected, "{name}: {value}");
        }
        for value in values_in(&schema, Direction::Request) {
            assert!(value.get(name).is_some_and(|value| !value.is_null()), "{name}: {value}");
        }
    }
    let archived = values(&object(json!({"id": {"type": "string"}, "archived": flag})));
    let count = archived.iter().filter(|value| value["archived"] == true).count();
    assert!((1..KEYS as usize / 3).contains(&count), "{count}");
}

/// What is about it, has nothing else, is shown by the author or is needed by others stays.
#[test]
fn what_has_nothing_else_to_say_says_it() {
    let time = json!({"type": "string", "format": "date-time"});
    let shown = json!({"type": "string", "format": "date-time", "example": "2030-01-02T03:04:05Z"});
    for (schema, member) in [
        (object(json!({"canceled_at": time})), "canceled_at"),
        (object(json!({"id": {"type": "string"}, "canceled_at": shown})), "canceled_at"),
        (object(json!({"error": {"type": "string"}, "message": {"type": "string"}})), "error"),
        (
            json!({"title": "Cancellation", "type": "object",
            "properties": {"id": {"type": "string"}, "canceled_at": time}}),
            "canceled_at",
        ),
        (
            json!({"type": "object", "properties": {"id": {"type": "string"}, "closed_at": time},
            "dependentRequired": {"id": ["closed_at"]}}),
            "closed_at",
        ),
        (
            json!({"type": "object", "properties": {"id": {"type": "string"}, "closed_at": time},
            "minProperties": 2}),
            "closed_at",
        ),
    ] {
        for value in values(&schema) {
            assert!(value[member].is_string(), "{value}");
        }
    }
}

#[test]
fn the_first_of_many_has_the_examples_all_the_same() {
    let (schemas, root) = lowered(&json!({"type": "object", "properties": {
        "id": {"type": "string"}, "closed_at": {"type": ["string", "null"], "example": "2030-01-02"},
        "closed_on": {"type": "string"}}}));
    let record = Record::varied(&schemas, &[root], &Options::new(Direction::Response, true)).unwrap();
    let written = |record: &Record| {
        let mut text = Vec::new();
        record.write(Key(1), &mut text, |_| true, |_, _| false);
        serde_json::from_slice::<Value>(&text).unwrap()
    };
    assert_eq!(written(record.first())["closed_at"], "2030-01-02");
    assert_eq!(written(&record)["closed_at"], Value::Null);
}

#[test]
fn descriptions_say_how_codes_are_written() {
    let schema = object(json!({
        "country": {"type": ["string", "null"], "description": "Two-letter country code (ISO 3166-1 alpha-2)"},
        "currency": {"type": "string", "description": "ISO code, in lowercase"},
        "city": {"type": "string"},
        "origin": {"type": "object", "properties": {"country": {"type": "string", "description": "Its name"}}}}));
    for value in values(&schema) {
        let [country, currency] = ["country", "currency"].map(|name| value[name].as_str().unwrap());
        assert!(country.len() == 2 && country.chars().all(char::is_uppercase), "{value}");
        assert!(currency.len() == 3 && currency.chars().all(char::is_lowercase), "{value}");
        assert!(value["origin"]["country"].as_str().unwrap().len() > 3, "{value}");
    }
}
