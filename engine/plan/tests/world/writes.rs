//! What clients send of entities, and what they are answered.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::client::{Answer, Server};

const ZOO: &str = include_str!("writes.yaml");

fn zoo() -> Server {
    Server::of(ZOO, 20)
}

/// The members of `wanted` are those of `found`.
#[track_caller]
fn has(found: &Value, wanted: &Value) {
    for (name, value) in wanted.as_object().unwrap() {
        assert_eq!(&found[name], value, "{name} of {found:#}");
    }
}

#[test]
fn what_is_created_has_what_was_sent_and_can_be_read() {
    let zoo = zoo();
    let sent = json!({ "name": "Rex", "age": 4, "home": { "city": "Rome", "street": "Via" } });
    let answer = zoo.send("POST", "/pets", &sent);
    let [location] = answer.fields("location")[..] else { panic!("{answer:?}") };
    let (location, read) = (location.to_owned(), zoo.body(location));
    let made = answer.body("/pets");
    has(&made, &sent);
    assert_eq!(location, format!("/pets/{}", made["id"]));
    assert!(made["id"].as_i64().unwrap() > 20, "fresh: {}", made["id"]);
    for name in ["id", "born", "nick", "labels"] {
        assert_eq!(read[name], made[name], "{name}");
    }
}

#[test]
fn another_body_is_another_entity_and_the_same_the_same() {
    let zoo = zoo();
    let id = |name: &str| zoo.send("POST", "/pets", &json!({ "name": name })).body("")["id"].clone();
    assert_eq!(id("Rex"), id("Rex"));
    assert_ne!(id("Rex"), id("Max"));
    assert_eq!(zoo.ask("POST", "/pets", None, b""), zoo.ask("POST", "/pets", None, b""));
}

/// Rows of what is sent, and what the answer has of it.
#[test]
fn what_is_answered_is_what_the_schema_lets_through() {
    let zoo = zoo();
    let own = zoo.body("/pets/7");
    for (sent, expected) in [
        (json!({ "name": "Rex" }), json!({ "name": "Rex", "age": own["age"] })),
        (json!({ "name": "R" }), json!({ "name": own["name"] })),
        (json!({ "name": "R", "age": 3 }), json!({ "name": own["name"], "age": 3 })),
        (json!({ "id": 9, "born": "2020-01-01" }), json!({ "id": 7, "born": own["born"] })),
        (
            json!({ "secret": "x", "password": "y", "other": 1 }),
            json!({ "secret": null, "password": null, "other": null }),
        ),
        (json!({ "nick": null }), json!({ "nick": null })),
        (json!({ "age": null }), json!({ "age": own["age"] })),
        (
            json!({ "home": { "city": "Rome" } }),
            json!({ "home": { "city": "Rome", "street": own["home"]["street"] } }),
        ),
        (
            json!({ "home": { "city": "Rome", "street": "Via", "floor": 2 } }),
            json!({ "home": { "city": "Rome", "street": "Via", "floor": 2 } }),
        ),
        (json!({ "labels": { "a": "b" } }), json!({ "labels": { "a": "b" } })),
        (json!([1, 2]), own.clone()),
        (json!("text"), own.clone()),
    ] {
        for method in ["PUT", "PATCH"] {
            let answer = zoo.send(method, "/pets/7", &sent).body("/pets/7");
            has(&answer, &expected);
            assert_eq!(answer["id"], 7, "{method} {sent}");
        }
    }
}

#[test]
fn patches_are_merged_as_rfc_7396_says() {
    let zoo = zoo();
    let own = zoo.body("/pets/7");
    let patched = |patch: &str| {
        zoo.ask("PATCH", "/pets/7", Some("Application/Merge-Patch+JSON; charset=utf-8"), patch.as_bytes())
            .body("")
    };
    let street = &own["home"]["street"];
    has(&patched(r#"{"home": {"city": "Rome"}}"#), &json!({ "home": { "city": "Rome", "street": street } }));
    let left = patched(r#"{"nick": null, "name": null, "labels": null, "age": 5}"#);
    assert!(left.get("nick").is_none() && left.get("labels").is_none(), "{left:#}");
    has(&left, &json!({ "name": own["name"], "age": 5 }));
    let replaced = zoo.ask(
        "PATCH",
        "/pets/7",
        Some("application/json-patch+json"),
        br#"[{"op": "replace", "path": "/age", "value": 5}]"#,
    );
    assert_eq!(replaced.body(""), own, "of JSON Patch nothing is carried out");
}

#[test]
fn forms_are_echoed_as_what_their_schema_says() {
    let answer = zoo().ask(
        "POST",
        "/pets",
        Some("application/x-www-form-urlencoded"),
        b"name=Rex+the+1st&age=4&password=x",
    );
    has(&answer.body(""), &json!({ "name": "Rex the 1st", "age": 4, "password": null }));
}

#[test]
fn bodies_that_cannot_be_read_are_as_good_as_none() {
    let zoo = zoo();
    for (content_type, body) in [
        (Some("application/json"), &b"{\"name\": "[..]),
        (Some("text/plain"), b"name"),
        (Some("application/json"), b""),
        (None, b"\xff\xff"),
        (Some("application/json"), b"{\"name\": 1e999}"),
    ] {
        assert!(matches!(zoo.ask("POST", "/pets", content_type, body), Answer::World { .. }), "{body:?}");
    }
    let deep = format!("{{\"labels\": {}}}", "[".repeat(100_000));
    assert!(matches!(zoo.ask("POST", "/pets", None, deep.as_bytes()), Answer::World { .. }));
}

#[test]
fn envelopes_are_those_of_reads_and_identities_may_be_chosen() {
    let zoo = zoo();
    let sent = json!({ "data": { "id": "k-00ff00", "name": "Ann", "level": 3, "nonsense": "x" } });
    let answer = zoo.send("POST", "/keepers", &sent);
    assert_eq!(answer.fields("location"), ["/keepers/k-00ff00"]);
    let made = answer.body("");
    has(&made["data"], &json!({ "id": "k-00ff00", "name": "Ann", "level": 3, "nonsense": null }));
    assert_eq!(zoo.body("/keepers/k-00ff00")["data"]["id"], "k-00ff00");
    // without a name around it, and with an identity that cannot be
    let other = zoo.send("POST", "/keepers", &json!({ "id": "nonsense", "name": "Ben" }));
    let location = other.fields("location")[0].to_owned();
    let made = other.body("");
    assert_eq!(made["data"]["name"], "Ben");
    assert_eq!(location, format!("/keepers/{}", made["data"]["id"].as_str().unwrap()));
    let known =
        zoo.body("/keepers")["data"].as_array().unwrap().iter().any(|one| one["id"] == made["data"]["id"]);
    assert!(!known, "{location} is in the list");
}

#[test]
fn what_is_created_within_a_parent_names_it() {
    let zoo = zoo();
    let keeper = zoo.body("/keepers")["data"][3]["id"].as_str().unwrap().to_owned();
    let notes = zoo.ask("POST", &format!("/api/v1/keepers/{keeper}/notes"), None, b"");
    let [location] = notes.fields("location")[..] else { panic!("{notes:?}") };
    assert!(location.starts_with(&format!("/api/v1/keepers/{keeper}/notes/")), "{location}");
    assert!(matches!(zoo.get(location), Answer::World { .. }));
    for day in ["Monday", "Tuesday", "Sunday"] {
        let answer = zoo.send(
            "POST",
            &format!("/keepers/{keeper}/visits"),
            &json!({ "day": day, "keeperId": "other" }),
        );
        let read = zoo.body(answer.fields("location")[0]);
        let made = answer.body("");
        has(&made, &json!({ "day": day, "keeperId": keeper }));
        has(&read, &json!({ "id": made["id"], "keeperId": keeper }));
    }
    // of a keeper whom no visit names
    let stranger = zoo.send("POST", "/keepers/k-123456/visits", &json!({ "day": "Friday" })).body("");
    has(&stranger, &json!({ "day": "Friday", "keeperId": "k-123456" }));
}

#[test]
fn where_every_identity_is_taken_one_of_them_is_answered() {
    let zoo = zoo();
    let made = zoo.send("POST", "/codes", &json!({ "use": "mine" }));
    assert_eq!(made.fields("location"), ["/somewhere/else"], "the author's stands");
    has(&made.body(""), &json!({ "use": "mine" }));
    has(&zoo.send("POST", "/codes", &json!({ "code": "b", "use": "x" })).body(""), &json!({ "code": "b" }));
}

#[test]
fn what_is_not_there_is_not_written() {
    let strict = Server::strict(ZOO, 20);
    for (method, path) in
        [("PUT", "/pets/21"), ("PATCH", "/pets/0"), ("DELETE", "/pets/99"), ("POST", "/keepers/none/notes")]
    {
        assert_eq!(strict.send(method, path, &json!({ "name": "Rex" })), Answer::Unknown, "{method} {path}");
    }
    assert_eq!(strict.send("PUT", "/pets/20", &json!({ "name": "Rex" })).body("")["name"], "Rex");
    assert_eq!(strict.send("DELETE", "/pets/20", &json!(null)), Answer::Alone, "as declared");
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let names =
            prop_oneof!["name", "age", "home", "city", "street", "id", "labels", "nick", "[a-z]{1,4}"];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((names, inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Whatever is sent: the answer obeys its schema (the client sees to that), can be read again, and is the same on
    /// every server of the seed.
    #[test]
    fn any_body_is_answered_within_the_schema(body in value(), is_patch: bool) {
        let text = body.to_string();
        let (zoo, other) = (zoo(), zoo());
        let content_type = if is_patch { "application/merge-patch+json" } else { "application/json" };
        for (method, target) in [("POST", "/pets"), ("PUT", "/pets/3"), ("PATCH", "/pets/3"), ("POST", "/keepers")] {
            let answer = zoo.ask(method, target, Some(content_type), text.as_bytes());
            prop_assert_eq!(&answer, &other.ask(method, target, Some(content_type), text.as_bytes()));
            for location in answer.fields("location") {
                prop_assert!(matches!(zoo.get(location), Answer::World { .. }), "{}", location);
            }
        }
    }
}
