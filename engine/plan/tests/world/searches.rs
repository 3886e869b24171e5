//! Filters and order: parameters that are named after properties.

use serde_json::Value;

use crate::client::Server;
use crate::written::pets;

const INTEGER: &str = "{ type: integer }";
const TEXT: &str = "{ type: string }";
const ID: (&str, &str) = ("id", INTEGER);

fn count(server: &Server, target: &str) -> usize {
    server.body(target).as_array().unwrap().len()
}

/// Values that are no filter of single texts or numbers leave all: as do those that only the parameter knows.
#[test]
fn what_no_entity_could_have_filters_nothing() {
    let states = "{ type: string, enum: [open, closed, all] }";
    let query = [("state", states), ("kind", states), ("labels", TEXT), ("owner", TEXT), ("either", TEXT)];
    let pet = [
        ID,
        ("state", "{ type: string, enum: [open, closed] }"),
        ("kind", TEXT),
        ("labels", "{ type: array, items: { type: string } }"),
        ("owner", "{ type: object, required: [name], properties: { name: { type: string } } }"),
        ("either", "{ anyOf: [{ type: string }, { type: array, items: { type: string } }] }"),
    ];
    let server = Server::of(&pets(&query, &[], &pet), 45);
    for target in ["/pets?state=all", "/pets?kind=all", "/pets?labels=bug", "/pets?owner=x", "/pets?either=x"]
    {
        assert_eq!(count(&server, target), 45, "{target}");
    }
    let (open, closed) = (count(&server, "/pets?state=open"), count(&server, "/pets?state=closed"));
    assert!(open > 0 && closed > 0 && open + closed == 45, "{open} and {closed}");
    for target in ["/pets?state=never", "/pets?kind=closed", "/pets?state=all&kind=closed"] {
        assert_eq!(count(&server, target), 0, "{target}");
    }
}

/// A client cannot leave out what is required: what no entity has says nothing then, what some have does.
#[test]
fn what_is_required_leaves_something() {
    let colour = "{ type: string, enum: [red, blue] }";
    let query = [("owner", TEXT), ("colour", TEXT), ("sort", TEXT)];
    let text = pets(&query, &[], &[ID, ("owner", TEXT), ("colour", colour)]);
    let server = Server::of(&text.replace("name: 'owner'", "required: true, name: 'owner'"), 45);
    let red = count(&server, "/pets?colour=red");
    assert!(red > 0 && red < 45);
    for (target, expected) in [
        ("/pets?owner=nobody", 45),
        ("/pets?owner=nobody&sort=-id", 45),
        ("/pets?owner=nobody&colour=red", red),
        ("/pets?owner=nobody&colour=green", 0),
        ("/pets?colour=green", 0),
    ] {
        assert_eq!(count(&server, target), expected, "{target}");
    }
    let owner = server.body("/pets/1")["owner"].as_str().unwrap().replace(' ', "%20");
    let owned = server.body(&format!("/pets?owner={owner}"));
    assert!(owned.as_array().unwrap().iter().all(|pet| pet["owner"] == server.body("/pets/1")["owner"]));
    let several = text.replace("name: '", "required: true, name: '");
    assert_eq!(count(&Server::of(&several, 45), "/pets?owner=nobody&colour=green"), 45);
    assert_eq!(count(&Server::of(&several, 45), "/pets?owner=nobody&colour=red"), red);
}

#[test]
fn texts_are_sorted_as_texts() {
    let names = ["Anna", "Anna Bell", "Anna!", "a\"b", "ab", "é", "z"];
    let schema = format!("{{ type: string, enum: {} }}", serde_json::to_string(&names).unwrap());
    let server = Server::of(&pets(&[("sort", TEXT)], &[], &[ID, ("name", &schema)]), 200);
    let list = |target: &str| -> Vec<String> {
        let body = server.body(target);
        body.as_array().unwrap().iter().map(|pet| pet["name"].as_str().unwrap().to_owned()).collect()
    };
    let mut sorted = list("/pets");
    assert!(names.iter().all(|name| sorted.iter().any(|known| known == name)));
    sorted.sort_unstable();
    assert_eq!(list("/pets?sort=name"), sorted);
    sorted.reverse();
    assert_eq!(list("/pets?sort=-name"), sorted);
}

#[test]
fn lists_and_objects_order_nothing() {
    let pet = [
        ID,
        ("tags", "{ type: array, items: { type: string } }"),
        ("owner", "{ type: object, required: [name], properties: { name: { type: string } } }"),
    ];
    let server = Server::of(&pets(&[("sort", TEXT)], &[], &pet), 45);
    let plain = server.body("/pets");
    for name in ["tags", "-tags", "owner", &"i".repeat(257), &"x".repeat(8000)] {
        assert_eq!(server.body(&format!("/pets?sort={name}")), plain, "{name}");
    }
    assert_ne!(server.body("/pets?sort=-id"), plain);
}

/// What is looked through is bounded, whatever a resource's size.
#[test]
fn searches_end() {
    let query = [("sort", TEXT), ("limit", INTEGER), ("offset", INTEGER)];
    for (size, found) in [(9_999, 9_999), (10_000, 10_000), (10_001, 10_000), (1_000_000_000, 10_000)] {
        let server = Server::of(&pets(&query, &[("total", INTEGER)], &[ID]), size);
        let body = server.body("/pets?sort=-id&limit=1");
        assert_eq!(
            (&body["total"], &body["data"][0]["id"]),
            (&Value::from(found), &Value::from(found)),
            "{size}"
        );
        assert_eq!(server.body("/pets?limit=1")["total"], size);
    }
}

/// Texts are told apart by their first 256 bytes.
#[test]
fn long_texts_are_sorted_by_what_they_begin_with() {
    let (long, longer) = ("a".repeat(256), "a".repeat(257));
    let names = [format!("{long}b"), format!("{longer}c"), format!("{}b", "a".repeat(255))];
    let schema = format!("{{ type: string, enum: {} }}", serde_json::to_string(&names).unwrap());
    let server = Server::of(&pets(&[("sort", TEXT)], &[], &[ID, ("name", &schema)]), 60);
    let body = server.body("/pets?sort=name");
    let list = body.as_array().unwrap();
    let same: Vec<&Value> = list.iter().take_while(|pet| pet["name"] != *names[2]).collect();
    assert!(list[same.len()..].iter().all(|pet| pet["name"] == *names[2]), "the 256th byte tells");
    let ids: Vec<u64> = same.iter().map(|pet| pet["id"].as_u64().unwrap()).collect();
    assert!(ids.is_sorted() && !ids.is_empty(), "the 257th does not: {ids:?}");
}
