//! What entities say of those within which they lie, and of those that they refer to.

use serde_json::Value;

use crate::client::Server;
use crate::written::{document, many, object, one};

const INTEGER: &str = "{ type: integer }";
const TEXT: &str = "{ type: string }";
const ID: (&str, &str) = ("id", INTEGER);

fn list(server: &Server, target: &str) -> Vec<Value> {
    server.body(target).as_array().unwrap().clone()
}

#[test]
fn children_name_all_that_they_lie_within() {
    let operations = [
        ("GET /orgs", many("Org")),
        ("GET /orgs/{org}", one("Org")),
        ("GET /orgs/{orgId}/teams", many("Team")),
        ("GET /orgs/{orgId}/teams/{teamId}", one("Team")),
        ("GET /orgs/{orgId}/teams/{team}/members", many("Member")),
        ("GET /orgs/{orgId}/teams/{team}/members/{memberId}", one("Member")),
        ("GET /orgs/{orgId}/teams/{team}/members/{member}/notes", many("Note")),
    ];
    let operations: Vec<_> = operations.iter().map(|(name, answer)| (*name, &[][..], &**answer)).collect();
    let inside = object(&[ID]);
    let text = document(
        &operations,
        &[
            ("Org", &object(&[ID])),
            ("Team", &object(&[("id", TEXT), ("org_id", INTEGER)])),
            ("Member", &object(&[ID, ("orgId", INTEGER), ("teamId", TEXT)])),
            (
                "Note",
                &object(&[ID, ("org", &inside), ("team_id", TEXT), ("member", INTEGER), ("name", TEXT)]),
            ),
        ],
    );
    for server in [Server::of(&text, 12), Server::strict(&text, 12)] {
        let teams = list(&server, "/orgs/7/teams");
        assert_eq!(teams.len(), 12);
        for team in teams {
            assert_eq!(team["org_id"], 7);
            let team = team["id"].as_str().unwrap();
            for member in list(&server, &format!("/orgs/07/teams/{team}/members")) {
                assert_eq!((&member["orgId"], &member["teamId"]), (&Value::from(7), &Value::from(team)));
            }
            for note in list(&server, &format!("/orgs/7/teams/{team}/members/3/notes")) {
                assert_eq!(
                    (&note["org"]["id"], &note["team_id"], &note["member"]),
                    (&7.into(), &team.into(), &3.into())
                );
            }
        }
    }
}

/// Identity, object and parent that are called alike are one.
#[test]
fn what_is_called_alike_names_one() {
    let (owner, pet) = (
        object(&[("id", INTEGER), ("name", TEXT)]),
        object(&[
            ID,
            ("ownerId", INTEGER),
            ("owner", &one("Owner")),
            ("breederId", INTEGER),
            ("billing_owner", &one("Owner")),
        ]),
    );
    let toy = object(&[ID, ("owner_id", INTEGER), ("owner", &one("Owner"))]);
    let tag = object(&[ID, ("owner", &one("Owner"))]);
    let operations = [
        ("GET /owners", many("Owner")),
        ("GET /owners/{ownerId}", one("Owner")),
        ("GET /pets", many("Pet")),
        ("GET /pets/{petId}", one("Pet")),
        ("GET /owners/{ownerId}/toys", many("Toy")),
        ("GET /owners/{ownerId}/toys/{toyId}", one("Toy")),
        ("GET /owners/{ownerId}/tags", many("Tag")),
        ("GET /owners/{ownerId}/tags/{tagId}", one("Tag")),
    ];
    let operations: Vec<_> = operations.iter().map(|(name, answer)| (*name, &[][..], &**answer)).collect();
    let text = document(&operations, &[("Owner", &owner), ("Pet", &pet), ("Toy", &toy), ("Tag", &tag)]);
    let server = Server::strict(&text, 30);
    let owner = |id: &Value| server.body(&format!("/owners/{id}"));
    let pets = list(&server, "/pets");
    for pet in &pets {
        assert_eq!(pet["owner"], owner(&pet["ownerId"]));
        assert_eq!(pet["billing_owner"], owner(&pet["billing_owner"]["id"]));
    }
    assert!(pets.iter().any(|pet| pet["billing_owner"] != pet["owner"]), "they are called otherwise");
    for toy in list(&server, "/owners/7/toys") {
        assert_eq!((&toy["owner_id"], &toy["owner"]), (&Value::from(7), &owner(&Value::from(7))));
    }
    for tag in list(&server, "/owners/7/tags") {
        assert_eq!(tag["owner"], owner(&Value::from(7)));
        assert_eq!(server.body(&format!("/owners/7/tags/{}", tag["id"])), tag);
    }
}

/// A list tells of an entity what its own schema has, whatever other lists tell.
#[test]
fn each_list_has_the_properties_of_its_schema() {
    let (short, pet) = (object(&[ID]), object(&[ID, ("ownerId", INTEGER), ("name", TEXT)]));
    let operations = [
        ("GET /owners", many("Owner")),
        ("GET /owners/{ownerId}", one("Owner")),
        ("GET /pets", many("Short")),
        ("GET /pets/{petId}", one("Pet")),
        ("GET /pets/search", many("Pet")),
        ("GET /owners/{ownerId}/pets", many("Pet")),
    ];
    let operations: Vec<_> = operations.iter().map(|(name, answer)| (*name, &[][..], &**answer)).collect();
    let text = document(&operations, &[("Owner", &object(&[ID])), ("Pet", &pet), ("Short", &short)]);
    let server = Server::of(&text, 12);
    let mut seen = 0;
    for (target, count) in [
        ("/pets", 1),
        ("/pets/search", 3),
        ("/owners/1/pets", 3),
        ("/owners/2/pets", 3),
        ("/owners/3/pets", 3),
    ] {
        for pet in list(&server, target) {
            seen += 1;
            assert_eq!(pet.as_object().unwrap().len(), count, "{target}: {pet}");
            let read = server.body(&format!("/pets/{}", pet["id"]));
            assert!(pet.as_object().unwrap().iter().all(|(name, value)| read[name] == *value), "{target}");
        }
    }
    assert!(seen > 24, "{seen}");
}

/// What stands around a list may say less of its items than the list itself does.
#[test]
fn all_that_is_said_of_items_counts() {
    let pet = object(&[ID, ("name", TEXT)]);
    let around = "{ type: object, properties: { data: { type: array, items: { type: object } } } }";
    let with = format!("{{ required: [data], properties: {{ data: {} }} }}", many("Pet"));
    let whole = format!("{{ allOf: [{around}, {with}] }}");
    let text =
        document(&[("GET /pets", &[], &whole), ("GET /pets/{petId}", &[], &one("Pet"))], &[("Pet", &pet)]);
    let server = Server::of(&text, 12);
    for pet in server.body("/pets")["data"].as_array().unwrap() {
        assert_eq!(&server.body(&format!("/pets/{}", pet["id"])), pet);
    }
}
