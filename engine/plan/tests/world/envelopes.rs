//! What envelopes say of their page beside where the next one is.

use serde_json::{Value, json};

use crate::client::Server;
use crate::written::{document, object, one, pets};

const INTEGER: &str = "{ type: integer }";
const TEXT: &str = "{ type: string }";
const NULLABLE: &str = "{ type: [string, 'null'] }";
const ID: (&str, &str) = ("id", INTEGER);
const PAGES: [(&str, &str); 2] = [("limit", INTEGER), ("offset", INTEGER)];

/// The first page of four, of 45.
fn page(query: &[(&str, &str)], envelope: &[(&str, &str)]) -> Value {
    Server::of(&pets(query, envelope, &[ID]), 45).body("/pets?limit=4")
}

#[test]
fn counts_of_what_is_listed_are_totals() {
    for name in [
        "petsCount",
        "pet_count",
        "totalPets",
        "total_pets",
        "number_of_pets",
        "numberOfPets",
        "numPets",
        "num_pets",
        "nbPets",
        "count_pets",
        "itemCount",
        "num_results",
        "petTotal",
        "totalPetCount",
        "dataCount",
    ] {
        assert_eq!(page(&PAGES, &[(name, INTEGER)])[name], 45, "{name}");
    }
    for name in ["owners_count", "petsCounted", "totalOwners", "account"] {
        let server = Server::of(&pets(&[], &[(name, "{ type: integer, minimum: 1000 }")], &[ID]), 45);
        assert_ne!(server.body("/pets")[name], 45, "{name}");
    }
}

/// Where the total has its own name, a count is that of the page.
#[test]
fn a_count_beside_a_total_is_of_the_page() {
    let page = page(&PAGES, &[("itemCount", INTEGER), ("totalItems", INTEGER)]);
    assert_eq!((&page["itemCount"], &page["totalItems"]), (&json!(4), &json!(45)));
}

#[test]
fn edges_of_a_page_are_identities() {
    for (first, last) in [("first_id", "last_id"), ("firstId", "lastId"), ("start_cursor", "end_cursor")] {
        for (id, schema) in [(INTEGER, TEXT), (TEXT, TEXT), (INTEGER, INTEGER), (TEXT, NULLABLE)] {
            let query = [("limit", INTEGER), ("after", TEXT)];
            let server = Server::of(&pets(&query, &[(first, schema), (last, schema)], &[("id", id)]), 45);
            let mut target = "/pets?limit=20".to_owned();
            for count in [20, 20, 5] {
                let page = server.body(&target);
                let list = page["data"].as_array().unwrap();
                assert_eq!(list.len(), count);
                let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                assert_eq!(text(&page[first]), text(&list[0]["id"]), "{first}: {schema} of {id}");
                assert_eq!(text(&page[last]), text(&list[count - 1]["id"]), "{last}: {schema} of {id}");
                target = format!("/pets?limit=20&after={}", text(&page[last]));
            }
            let empty = server.body(&target);
            assert!(empty["data"].as_array().unwrap().is_empty());
            assert!(empty.get(last).is_none_or(|value| value.is_null() || value == ""), "{empty}");
        }
    }
}

#[test]
fn an_edge_that_the_schema_does_not_admit_is_none() {
    let page = page(&PAGES, &[("last_id", "{ type: string, enum: [none] }")]);
    assert_eq!(page["last_id"], "none");
}

#[test]
fn the_address_of_the_list_is_what_was_asked_for() {
    for (name, schema, expected) in [
        ("url", "{ type: string, pattern: '^/pets' }", "/pets"),
        ("path", TEXT, "/pets"),
        ("href", TEXT, "/pets?limit=4"),
        ("self", "{ type: string, format: uri }", "http://a.b/pets?limit=4"),
        ("uri", "{ type: string, format: uri }", "http://a.b/pets"),
    ] {
        assert_eq!(page(&PAGES, &[(name, schema)])[name], expected, "{name}");
    }
    let other = page(&PAGES, &[("url", "{ type: string, enum: [/v1/pets] }")]);
    assert_eq!(other["url"], "/v1/pets", "what the schema does not admit is not said");
    let links = page(
        &PAGES,
        &[("links", "{ type: object, required: [self], properties: { self: { type: string } } }")],
    );
    assert_eq!(links["links"]["self"], "/pets?limit=4");
}

#[test]
fn a_nested_list_has_its_own_address() {
    let list = "{ type: object, required: [url, data], properties: { url: { type: string, pattern: '^/owners/' }, data: { type: array, items: { $ref: '#/components/schemas/Pet' } } } }";
    let text = document(
        &[("GET /owners/{ownerId}", &[], &one("Owner")), ("GET /owners/{ownerId}/pets", &[], list)],
        &[("Owner", &object(&[ID])), ("Pet", &object(&[ID]))],
    );
    assert_eq!(Server::of(&text, 5).body("/owners/3/pets")["url"], "/owners/3/pets");
}

/// A client sends what it is told as the parameter that there is.
#[test]
fn where_only_a_cursor_asks_for_pages_the_next_is_one() {
    let uuid = ("cursor", "{ type: string, format: uuid }");
    let server = Server::of(&pets(&[("limit", INTEGER), uuid], &[("next", NULLABLE)], &[ID]), 45);
    let (mut target, mut seen) = ("/pets?limit=20".to_owned(), 0);
    while seen < 45 {
        let page = server.body(&target);
        seen += page["data"].as_array().unwrap().len();
        match page["next"].as_str() {
            Some(next) => target = format!("/pets?limit=20&cursor={next}"),
            None => assert_eq!(seen, 45),
        }
        assert!(!target.contains("cursor=/"), "{target}");
    }
    let is_url = |query: &[(&str, &str)], name: &str, schema: &str| {
        page(query, &[(name, schema)])[name].as_str().is_some_and(|next| next.contains("/pets?"))
    };
    let cursor = [("limit", INTEGER), ("cursor", TEXT)];
    assert!(is_url(&PAGES, "next", TEXT) && is_url(&cursor, "next_url", TEXT));
    assert!(is_url(&cursor, "next", "{ type: string, format: uri }"));
    assert!(is_url(&cursor, "next", "{ type: string, example: 'https://a.b/pets?cursor=x' }"));
    let links = page(
        &cursor,
        &[("links", "{ type: object, required: [next], properties: { next: { type: string } } }")],
    );
    assert!(links["links"]["next"].as_str().is_some_and(|next| next.contains("/pets?")));
}

#[test]
fn start_and_end_are_indexes() {
    let server = Server::of(&pets(&PAGES, &[("start", INTEGER), ("end", INTEGER)], &[ID]), 45);
    for (offset, start, end) in [(0, 0, 19), (20, 20, 39), (40, 40, 44)] {
        let page = server.body(&format!("/pets?limit=20&offset={offset}"));
        assert_eq!((&page["start"], &page["end"]), (&json!(start), &json!(end)));
    }
}

/// `From` of a call is who calls.
#[test]
fn texts_that_are_called_as_a_property_filter() {
    let query = [("From", TEXT), ("limit", INTEGER), ("Page", "{ type: integer, minimum: 0 }")];
    let call = [ID, ("from", "{ type: string, enum: ['+1', '+2'] }")];
    let server = Server::of(&pets(&query, &[("page", INTEGER), ("next_page_uri", TEXT)], &call), 45);
    let page = server.body("/pets?From=%2B1&limit=1");
    assert_eq!((&page["data"][0]["from"], &page["page"]), (&json!("+1"), &json!(0)));
    assert_eq!(page["next_page_uri"], "/pets?From=%2B1&limit=1&Page=1");
    // a number says where the page begins all the same
    let query = [("from", INTEGER), ("limit", INTEGER)];
    let server = Server::of(&pets(&query, &[("total", INTEGER)], &[ID, ("from", INTEGER)]), 45);
    assert_eq!(server.body("/pets?from=44&limit=5")["data"].as_array().unwrap().len(), 1);
}
