//! Documents as people write them, and what the world makes of them.

use mocker_plan::WorldOptions;
use serde_json::{Value, json};

use crate::client::{Answer, Server, document};

const SHOP: &str = include_str!("shop.yaml");

#[test]
fn a_list_has_what_reads_give() {
    let server = Server::of(SHOP, 30);
    let list = server.body("/customers");
    let customers = list["items"].as_array().unwrap();
    assert_eq!(customers.len(), 30);
    for customer in customers {
        let read = server.body(&format!("/customers/{}", customer["id"]));
        for (name, value) in customer.as_object().unwrap() {
            assert_eq!(&read[name], value, "{name} of {}", customer["id"]);
        }
        // the list is of a shorter schema
        assert!(customer.get("notes").is_none() && read.get("notes").is_some());
    }
}

#[test]
fn references_lead_to_entities_that_exist() {
    let server = Server::strict(SHOP, 20);
    for order in server.body("/orders").as_array().unwrap() {
        let customer = server.body(&format!("/customers/{}", order["customerId"]));
        assert_eq!(customer["id"], order["customerId"]);
        let product = server.body(&format!("/products/{}", order["product"]["sku"].as_str().unwrap()));
        assert_eq!(product, order["product"], "an entity inside another is the same");
        for id in order["customerIds"].as_array().unwrap() {
            assert!(matches!(server.get(&format!("/customers/{id}")), Answer::World { .. }));
        }
    }
}

#[test]
fn children_name_their_parent_and_are_read_elsewhere_too() {
    let server = Server::strict(SHOP, 20);
    let mut seen = 0;
    for customer in 1..=20 {
        for order in server.body(&format!("/customers/{customer}/orders")).as_array().unwrap() {
            seen += 1;
            assert_eq!(order["customerId"], customer);
            assert_eq!(&server.body(&format!("/orders/{}", order["id"].as_str().unwrap())), order);
        }
        let notes = server.body(&format!("/customers/{customer}/notes"));
        for note in notes.as_array().unwrap() {
            assert_eq!(note["customer_id"], customer);
            let path = format!("/customers/{customer}/notes/{}", note["id"]);
            assert_eq!(&server.body(&path), note);
        }
    }
    assert_eq!(seen, 20, "each order has one customer");
    let texts = |customer: u32| server.body(&format!("/customers/{customer}/notes"));
    assert_ne!(texts(1), texts(2), "children of another parent are others");
}

#[test]
fn what_is_not_there_is_not_found_where_that_is_asked_for() {
    let strict = Server::strict(SHOP, 20);
    for path in
        ["/customers/21", "/customers/0", "/orders/nonsense", "/customers/21/notes", "/customers/21/notes/1"]
    {
        assert_eq!(strict.get(path), Answer::Unknown, "{path}");
    }
    assert!(matches!(strict.get("/customers/20/notes/20"), Answer::World { .. }));
    let open = Server::of(SHOP, 20);
    assert_eq!(open.body("/customers/1000000")["id"], 1_000_000);
    assert_eq!(open.body("/orders/nonsense")["id"], "nonsense");
    assert_eq!(open.body("/customers/77/notes/5")["customer_id"], 77);
}

/// `/repos/{owner}/{repo}`: the last variable is the identity, the same one of another owner is another entity.
#[test]
fn items_of_two_variables_are_told_apart_by_both() {
    let repo = "{ type: object, required: [name, about], properties: { name: { type: string }, about: { type: string, maxLength: 200 } } }";
    let answer =
        format!("{{ '200': {{ description: ok, content: {{ application/json: {{ schema: {repo} }} }} }} }}");
    let variables = "[{ name: owner, in: path, required: true, schema: { type: string } }, { name: repo, in: path, required: true, schema: { type: string } }]";
    let text = format!(
        "openapi: 3.1.0\ninfo: {{ title: T, version: '1' }}\npaths:\n  /repos/{{owner}}/{{repo}}:\n    parameters: {variables}\n    get: {{ responses: {answer} }}\n    patch: {{ requestBody: {{ content: {{ application/json: {{ schema: {repo} }} }} }}, responses: {answer} }}\n"
    );
    let server = Server::of(&text, 20);
    let (one, other) = (server.body("/repos/ann/tool"), server.body("/repos/ben/tool"));
    assert_eq!((&one["name"], &other["name"]), (&json!("tool"), &json!("tool")));
    assert_ne!(one["about"], other["about"]);
    let changed = server.send("PATCH", "/repos/ann/tool", &json!({ "about": "mine", "name": "x" })).body("");
    assert_eq!(changed, json!({ "name": "tool", "about": "mine" }));
}

#[test]
fn sizes_are_those_that_were_asked_for() {
    let sizes = vec![("customers".into(), 3)];
    let world = WorldOptions { sizes, usual_size: Some(5), ..WorldOptions::default() };
    let server = Server::new(&document(SHOP), 0, world);
    assert_eq!(server.body("/customers")["total"], 3);
    assert_eq!(server.body("/orders").as_array().unwrap().len(), 5);
}

#[test]
fn another_seed_is_another_world() {
    let body = |seed| Server::new(&document(SHOP), seed, WorldOptions::default()).body("/orders");
    assert_eq!(body(1), body(1));
    assert_ne!(body(1), body(2));
}

#[test]
fn the_order_of_requests_changes_nothing() {
    let paths = ["/orders", "/customers/3", "/customers/3/orders", "/products", "/customers/3/notes"];
    let asked = |order: &[usize]| {
        let server = Server::of(SHOP, 20);
        let mut answers: Vec<(usize, Value)> =
            order.iter().map(|index| (*index, server.body(paths[*index]))).collect();
        answers.sort_by_key(|(index, _)| *index);
        answers
    };
    assert_eq!(asked(&[0, 1, 2, 3, 4]), asked(&[4, 2, 0, 3, 1]));
}

/// What would break the schema is left out: the author's rules go before the world's.
#[test]
fn constraints_win() {
    let text = |identity: &str, rest: &str| {
        format!(
            "openapi: 3.1.0\ninfo: {{ title: T, version: '1' }}\npaths:\n  /pets:\n    get: {{ responses: {{ '200': {{ description: ok, content: {{ application/json: {{ schema: {{ type: array{rest}, items: {{ $ref: '#/components/schemas/Pet' }} }} }} }} }} }} }}\n  /pets/{{id}}:\n    get: {{ parameters: [{{ name: id, in: path, required: true, schema: {{}} }}], responses: {{ '200': {{ description: ok, content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Pet' }} }} }} }} }} }}\ncomponents: {{ schemas: {{ Pet: {{ type: object, required: [id], properties: {{ id: {identity}, name: {{ type: string }} }} }} }} }}\n"
        )
    };
    for (identity, most) in [
        ("{ type: integer, minimum: 100, maximum: 1000 }", 20),
        ("{ type: string, format: uuid }", 20),
        ("{ type: string, pattern: '^pet_[a-z]{8}$' }", 20),
        ("{ type: string, enum: [tom, tim, tam] }", 3),
        ("{ type: string, maxLength: 12 }", 20),
    ] {
        let server = Server::strict(&text(identity, ""), 20);
        assert_ne!(server.get("/pets"), Answer::Alone, "{identity}");
        let list = server.body("/pets");
        let ids: std::collections::HashSet<String> =
            list.as_array().unwrap().iter().map(|pet| pet["id"].to_string()).collect();
        assert_eq!(ids.len(), most, "{identity}: {ids:?}");
        for pet in list.as_array().unwrap() {
            let id = pet["id"].as_str().map_or_else(|| pet["id"].to_string(), str::to_owned);
            assert_eq!(&server.body(&format!("/pets/{id}")), pet, "{identity}");
        }
    }
    let open = Server::of(&text("{ type: integer, maximum: 50 }", ""), 20);
    assert_eq!(open.get("/pets/51"), Answer::Alone, "an entity of this identity would break the schema");
    let few = Server::of(&text("{ type: integer }", ", maxItems: 3"), 20);
    assert_eq!(few.body("/pets").as_array().unwrap().len(), 3);
    let one = Server::of(&text("{ const: 7 }", ""), 20);
    assert_eq!(one.body("/pets")[0]["id"], json!(7));
}
