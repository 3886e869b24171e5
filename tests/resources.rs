//! `mocker check --resources`, and what `docs/resources.md` says of it.

use std::io::Write;

use serde_json::Value;

use crate::client::{Client, get};
use crate::command::{mocker, text};
use crate::server::Server;

fn page() -> String {
    std::fs::read_to_string("docs/resources.md").unwrap()
}

/// The first block of a language in the page.
fn block(language: &str) -> String {
    let page = page();
    let block = page.split(&format!("```{language}\n")).nth(1).and_then(|rest| rest.split("```").next());
    block.expect("a block").to_owned()
}

#[test]
fn the_page_shows_what_is_printed() {
    let output = mocker(&["check", "--resources", "specs/banking/openapi.yaml"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stdout), block("text"));
}

#[test]
fn the_report_for_machines_has_the_same() {
    let output = mocker(&["check", "--resources", "--format", "json", "specs/petstore/openapi.yaml"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let pets = &report[0]["resources"][0];
    assert_eq!(pets["name"], "pets");
    assert_eq!(pets["identity"]["property"], "id");
    let roles: Vec<&str> =
        pets["operations"].as_array().unwrap().iter().filter_map(|one| one["role"].as_str()).collect();
    assert_eq!(roles, ["list", "create", "read", "replace", "delete"]);
    assert!(
        pets["operations"].as_array().unwrap().iter().all(|one| !one["why"].as_str().unwrap().is_empty())
    );
}

/// The page's operation, in a document that has what it names.
#[test]
fn what_the_author_says_is_taken_as_the_page_says() {
    let animal = "{ type: object, properties: { id: { type: integer }, keeper: { type: integer } } }";
    let answer = |schema: &str| {
        format!(
            "      responses: {{ '200': {{ description: ok, content: {{ application/json: {{ schema: {schema} }} }} }} }}\n"
        )
    };
    let cages = format!("{{ type: object, properties: {{ cages: {{ type: array, items: {animal} }} }} }}");
    let keeper = "{ type: object, properties: { id: { type: integer } } }";
    let document = format!(
        "openapi: 3.1.0\ninfo: {{ title: Zoo, version: '1' }}\n{}{}  /keepers/{{id}}:\n    get:\n{}",
        block("yaml"),
        answer(&cages),
        answer(keeper),
    );
    let mut file = tempfile::Builder::new().suffix(".yaml").tempfile().unwrap();
    file.write_all(document.as_bytes()).unwrap();
    let output = mocker(&["check", "--resources", file.path().to_str().unwrap()]);
    let report = text(&output.stdout);
    for line in ["animals  /zoo/all", "the author says so (in `cages`)", "keepers by keeper"] {
        assert!(report.contains(line), "{line} is not in\n{report}");
    }
}

#[test]
fn resources_are_asked_of_documents() {
    let output = mocker(&["check", "--resources"]);
    assert_eq!(output.status.code(), Some(2));
}

/// The page's settings, with a server that has them: what the page says of lists and reads.
#[test]
fn the_world_of_the_page_hangs_together() {
    let page = std::fs::read_to_string("docs/worlds.md").unwrap();
    let settings = page.split("```yaml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let spec = std::fs::canonicalize("specs/petstore/openapi.yaml").unwrap();
    let file = folder.path().join("mocker.yaml");
    std::fs::write(&file, format!("specs: {}\n{settings}  ignore_examples: true\n", spec.display())).unwrap();
    let server = Server::start(&["--config", file.to_str().unwrap()]);
    let list = get(server.address, "/pets");
    assert_eq!(list.header("x-total-count"), Some("12"));
    let pets = list.json();
    let pets = pets.as_array().unwrap();
    assert_eq!(pets.len(), 12);
    for pet in pets {
        assert_eq!(&get(server.address, &format!("/pets/{}", pet["id"])).json(), pet);
    }
    assert_eq!(get(server.address, "/pets/13").status, 404);
    let again = Server::start(&["--config", file.to_str().unwrap()]);
    assert_eq!(get(again.address, "/pets/7").body, get(server.address, "/pets/7").body);
}

/// What is sent as XML is of the same world.
#[test]
fn an_entity_is_the_same_in_every_media_type() {
    let pet = "schema: { $ref: '#/components/schemas/Pet' }";
    let pets = "schema: { type: array, items: { $ref: '#/components/schemas/Pet' } }";
    let answers = |path: &str, schema: &str| {
        format!(
            "  {path}:\n    get:\n      responses:\n        '200':\n          description: d\n          content:\n            \
             application/json: {{ {schema} }}\n            application/xml: {{ {schema} }}\n            \
             application/vnd.pets+json: {{ {schema} }}\n"
        )
    };
    let document = format!(
        "openapi: 3.1.0\ninfo: {{ title: T, version: '1' }}\npaths:\n{}{}components:\n  schemas:\n    Pet:\n      \
         {{ type: object, properties: {{ id: {{ type: integer }}, name: {{ type: string }} }} }}\n",
        answers("/pets", pets),
        answers("/pets/{id}", pet)
    );
    let mut file = tempfile::Builder::new().suffix(".yaml").tempfile().unwrap();
    file.write_all(document.as_bytes()).unwrap();
    let server = Server::start(&["--spec", file.path().to_str().unwrap()]);
    let get = |target: &str, accept: &str| {
        Client::connect(server.address).ask("GET", target, &format!("Accept: {accept}\r\n"))
    };
    for pet in get("/pets", "application/json").json().as_array().unwrap().iter().take(3) {
        let (id, name) = (&pet["id"], pet["name"].as_str().unwrap());
        let written = format!("<id>{id}</id><name>{name}</name>");
        assert!(get("/pets", "application/xml").text().contains(&written), "{written}");
        let read = get(&format!("/pets/{id}"), "application/xml");
        assert_eq!(read.header("content-type"), Some("application/xml"));
        assert!(read.text().contains(&written), "{}", read.text());
        assert_eq!(&get(&format!("/pets/{id}"), "application/vnd.pets+json").json(), pet);
    }
}

/// The demo's list is the author's example.
#[test]
fn what_the_author_lists_is_what_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let spec = std::fs::canonicalize("specs/petstore/openapi.yaml").unwrap();
    let file = folder.path().join("mocker.yaml");
    let settings = format!("specs: {}\ngeneration: {{ unknown_ids: not_found }}\n", spec.display());
    std::fs::write(&file, settings).unwrap();
    let server = Server::start(&["--config", file.to_str().unwrap()]);
    let pets = get(server.address, "/pets").json();
    let pets = pets.as_array().unwrap();
    assert!(pets.len() > 2);
    for pet in pets {
        assert_eq!(&get(server.address, &format!("/pets/{}", pet["id"])).json(), pet);
    }
    let sent = r#"{"name":"Minka","species":"cat"}"#;
    let head = "PUT /pets/2 HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n";
    let mut client = Client::connect(server.address);
    client.send(format!("{head}Content-Length: {}\r\n\r\n{sent}", sent.len()).as_bytes());
    let changed = client.answer(false).json();
    assert_eq!((&changed["name"], &changed["born"]), (&"Minka".into(), &pets[1]["born"]), "{changed}");
}

/// Whether bodies are judged or not, come at once or in pieces: the answer has what was sent.
#[test]
fn what_is_created_can_be_fetched_where_the_answer_says() {
    for validation in ["on", "off"] {
        let server = Server::start(&[
            "--spec",
            "specs/petstore/openapi.yaml",
            "--ignore-examples",
            "--base-path",
            "/v2",
            "--validate-request",
            validation,
        ]);
        let mut client = Client::connect(server.address);
        let body = r#"{"name":"Rex","species":"dog","price":9.5}"#;
        let head = "POST /v2/pets HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n";
        client.send(format!("{head}Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
        let made = client.answer(false);
        assert_eq!(made.status, 201, "{}", made.text());
        let location = made.header("location").unwrap().to_owned();
        assert_eq!(location, format!("/v2/pets/{}", made.json()["id"]));
        assert_eq!((&made.json()["name"], &made.json()["price"]), (&"Rex".into(), &9.5.into()));
        let read = get(server.address, &location);
        assert_eq!((read.status, &read.json()["id"]), (200, &made.json()["id"]));
        let pieces = format!("{head}Transfer-Encoding: chunked\r\n\r\n5\r\n{}\r\n", &body[..5]);
        client.send(pieces.as_bytes());
        client.send(format!("{:x}\r\n{}\r\n0\r\n\r\n", body.len() - 5, &body[5..]).as_bytes());
        assert_eq!(client.answer(false).json(), made.json());
    }
}
