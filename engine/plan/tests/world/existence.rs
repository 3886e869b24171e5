//! Which entities there are, and how clients may write what identifies them.

use crate::client::{Answer, Server, is_world};
use crate::written::{document, many, object, one};

const SHOP: &str = include_str!("shop.yaml");

#[test]
fn numbers_may_be_written_in_several_ways() {
    for server in [Server::of(SHOP, 20), Server::strict(SHOP, 20)] {
        for (path, same) in [
            ("/customers/007", "/customers/7"),
            ("/customers/+5", "/customers/5"),
            ("/customers/5.0", "/customers/5"),
            ("/customers/1e1", "/customers/10"),
            ("/customers/0x10", "/customers/16"),
            ("/customers/0x7/notes/1.0", "/customers/7/notes/1"),
            ("/customers/007/notes", "/customers/7/notes"),
            ("/customers/07/notes/+08", "/customers/7/notes/8"),
            ("/customers/007/orders", "/customers/7/orders"),
        ] {
            assert_eq!(server.body(path), server.body(same), "{path}");
        }
    }
    let server = Server::of(SHOP, 20);
    for path in [
        "/customers/-0",
        "/customers/x/notes",
        "/customers/1.5",
        "/customers/0x",
        "/customers/1e19",
        "/customers/99999999999999999999/notes",
        "/customers/%FF/notes",
    ] {
        assert_eq!(server.get(path), Answer::Alone, "{path}");
    }
}

#[test]
fn texts_are_not_numbers() {
    let server = Server::of(SHOP, 20);
    assert_eq!(server.body("/orders/007")["id"], "007");
}

/// Each of a parent's children may name it.
#[test]
fn long_parents_are_not_multiplied() {
    let (owner, pet) = (
        object(&[("id", "{ type: string }")]),
        object(&[("id", "{ type: integer }"), ("ownerId", "{ type: string }")]),
    );
    let text = document(
        &[
            ("GET /owners", &[], &many("Owner")),
            ("GET /owners/{ownerId}", &[], &one("Owner")),
            ("GET /owners/{ownerId}/pets", &[("limit", "{ type: integer }")], &many("Pet")),
            ("GET /owners/{ownerId}/pets/{petId}", &[], &one("Pet")),
        ],
        &[("Owner", &owner), ("Pet", &pet)],
    );
    let server = Server::of(&text, 20);
    for (length, is_there) in [(256, true), (257, false), (8000, false)] {
        let answer = server.get(&format!("/owners/{}/pets?limit=1000", "a".repeat(length)));
        assert_eq!(is_world(&answer), is_there, "{length}");
    }
}

#[test]
fn what_a_view_lists_is_there_below_it() {
    let (owner, pet) = (
        object(&[("id", "{ type: integer }")]),
        object(&[("id", "{ type: string, format: uuid }"), ("ownerId", "{ type: integer }")]),
    );
    let text = document(
        &[
            ("GET /owners", &[], &many("Owner")),
            ("GET /owners/{ownerId}", &[], &one("Owner")),
            ("GET /pets", &[], &many("Pet")),
            ("GET /pets/{petId}", &[], &one("Pet")),
            ("GET /owners/{ownerId}/pets", &[], &many("Pet")),
            ("DELETE /owners/{ownerId}/pets/{petId}", &[], ""),
        ],
        &[("Owner", &owner), ("Pet", &pet)],
    );
    let server = Server::strict(&text, 20);
    let mut seen = 0;
    for owner in 1..=20 {
        for pet in server.body(&format!("/owners/{owner}/pets")).as_array().unwrap() {
            seen += 1;
            let path = format!("/owners/{owner}/pets/{}", pet["id"].as_str().unwrap());
            assert_eq!(server.ask("DELETE", &path, None, b""), Answer::Alone, "{path}");
        }
    }
    assert_eq!(seen, 20);
    for path in ["/owners/1/pets/no-pet", "/owners/1/pets/%FF", "/owners/77/pets/no-pet"] {
        assert_eq!(server.ask("DELETE", path, None, b""), Answer::Unknown, "{path}");
    }
}

#[test]
fn what_no_list_of_the_world_has_may_exist_all_the_same() {
    let pet = object(&[("id", "{ type: integer }")]);
    let list = many("Pet");
    let without = document(
        &[
            ("GET /pets/{petId}", &[], &one("Pet")),
            ("DELETE /pets/{petId}", &[], ""),
            ("GET /pets/{petId}/toys", &[], &many("Toy")),
            ("GET /pets/{petId}/toys/{toyId}", &[], &one("Toy")),
        ],
        &[("Pet", &pet), ("Toy", &pet)],
    );
    let server = Server::strict(&without, 20);
    assert!(is_world(&server.get("/pets/4711")) && is_world(&server.get("/pets/4711/toys/20")));
    assert_eq!(server.ask("DELETE", "/pets/4711", None, b""), Answer::Alone);
    assert_eq!(server.get("/pets/4711/toys/21"), Answer::Unknown, "toys are listed");
    let with = document(
        &[
            ("GET /pets", &[], &list),
            ("GET /pets/{petId}", &[], &one("Pet")),
            ("DELETE /pets/{petId}", &[], ""),
        ],
        &[("Pet", &pet)],
    );
    let shown =
        with.replacen(&format!("schema: {list}"), &format!("example: [{{ id: 4711 }}], schema: {list}"), 1);
    assert_ne!(with, shown);
    for (text, ignores_examples, is_there) in
        [(&with, false, false), (&shown, true, false), (&shown, false, true)]
    {
        let server = Server::strict_with(text, 20, ignores_examples);
        assert_eq!(is_world(&server.get("/pets/4711")), is_there);
        assert_eq!(server.ask("DELETE", "/pets/4711", None, b"") == Answer::Alone, is_there);
    }
}

#[test]
fn what_is_no_text_is_not_there() {
    let server = Server::strict(SHOP, 20);
    for path in ["/customers/%FF", "/customers/%FF/notes", "/customers/1/notes/%FF", "/orders/%FF"] {
        assert_eq!(server.get(path), Answer::Unknown, "{path}");
    }
}
