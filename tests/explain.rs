//! `mocker explain`: what becomes of a request, told without a server.

use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::client::Client;
use crate::server::Server;

const PETSTORE: &str = "specs/petstore/openapi.yaml";

fn explain(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_mocker")).arg("explain").args(arguments).output().unwrap()
}

fn told(arguments: &[&str]) -> Value {
    let output = explain(&[arguments, &["--format", "json"]].concat());
    let text = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(&text)
        .unwrap_or_else(|error| panic!("{error}: {text} {}", String::from_utf8_lossy(&output.stderr)))
}

/// The body and status that are explained are those that a server sends.
#[test]
fn the_answer_is_the_one_that_a_server_gives() {
    let server = Server::start(&["--spec", PETSTORE]);
    for (method, target, fields) in [
        ("GET", "/pets", ""),
        ("GET", "/pets/7", ""),
        ("GET", "/pets/x?limit=a", ""),
        ("GET", "/pets", "Accept: text/none\r\n"),
        ("GET", "/pets/7", "Prefer: code=404\r\n"),
        ("GET", "/nowhere", ""),
        ("PUT", "/pets", ""),
    ] {
        let answer = Client::connect(server.address).ask(method, target, fields);
        let field = fields.trim();
        let header: &[&str] = if field.is_empty() { &[] } else { &["-H", field] };
        let told = told(&[&[method, target, "--spec", PETSTORE], header].concat());
        assert_eq!(told["answer"]["status"], json!(answer.status), "{method} {target}");
        assert_eq!(told["answer"]["body"], json!(answer.text()), "{method} {target}");
    }
}

#[test]
fn operation_variables_and_alternatives_are_told() {
    let spec = write("api.yaml", SPEC);
    let spec = spec.path().join("api.yaml");
    let spec = spec.to_str().unwrap();
    let told = told(&["GET", "http://localhost:1/v1/pets/7?limit=5", "--spec", spec]);
    assert_eq!(told["operation"]["name"], "GET /pets/{petId}");
    assert_eq!(told["operation"]["operationId"], "getPet");
    assert_eq!((&told["operation"]["file"], &told["operation"]["line"]), (&json!(spec), &json!(9)));
    assert_eq!(told["basePath"], "/v1");
    assert_eq!(told["variables"], json!({"petId": "7"}));
    let limit = json!({"in": "query", "name": "limit", "value": 5, "type": "integer"});
    assert!(told["parameters"].as_array().unwrap().contains(&limit), "{told:#}");
    for (kind, expected) in [
        ("other methods", "DELETE /pets/{petId}"),
        ("other paths", "GET /{any}/{id}"),
        ("other responses", "404: is asked for by `Prefer: code=404`"),
        ("other media types", "text/plain: is asked for by `Accept: text/plain`"),
        ("other examples", "second: is asked for by `Prefer: example=second`"),
    ] {
        let reasons = told["others"][kind].to_string();
        assert!(reasons.contains(expected), "{kind}: {told:#}");
    }
    let steps: Vec<&str> =
        told["steps"].as_array().unwrap().iter().filter_map(|step| step["step"].as_str()).collect();
    assert_eq!(steps, ["limits", "negotiation", "validation", "answer"]);
}

#[test]
fn what_the_user_added_is_told_in_order() {
    let folder = write("api.yaml", SPEC);
    std::fs::write(folder.path().join("mocker.yaml"), CONFIGURATION).unwrap();
    let config = folder.path().join("mocker.yaml");
    let config = config.to_str().unwrap();
    let told = told(&["GET", "/pets/7", "-H", "X-Kind: cat", "--config", config]);
    let text = |name: &str| {
        let steps = told["steps"].as_array().unwrap();
        let step = steps.iter().find(|step| step["step"] == name);
        step.unwrap_or_else(|| panic!("no {name}: {told:#}")).to_string()
    };
    assert!(text("chaos").contains("slow (latency), probability 0.25"), "{told:#}");
    assert!(text("answer").contains("rule 2 of `responses`: header `X-Kind` equals"), "{told:#}");
    let rules = told["others"]["rules"].to_string();
    assert!(rules.contains("rule 1: header `X-Kind` equals") && rules.contains("does not hold"), "{told:#}");
    assert_eq!(told["answer"]["status"], 202);
}

#[test]
fn no_route_names_the_nearest_paths() {
    let output = explain(&["GET", "/pest", "--spec", PETSTORE]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("operation   none"), "{text}");
    assert!(text.contains("nearest paths\n    GET /pets\n"), "{text}");
    assert!(text.contains("HTTP/1.1 404 Not Found"), "{text}");

    let output = explain(&["PUT", "/pets", "--spec", PETSTORE]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("other methods\n    GET /pets"), "{text}");
}

#[test]
fn faults_of_a_request_are_told() {
    let told = told(&["POST", "/pets", "-d", "{}", "--spec", PETSTORE]);
    let steps = told["steps"].as_array().unwrap();
    let validation = steps.iter().find(|step| step["step"] == "validation").unwrap();
    assert_eq!(validation["text"], "refuses the request", "{told:#}");
    assert!(!validation["details"].as_array().unwrap().is_empty(), "{told:#}");
}

#[test]
fn what_cannot_be_asked_is_usage() {
    for arguments in [
        &["GET", "/pets"][..],
        &["GET", "pets", "--spec", PETSTORE],
        &["GET", "/pets", "-H", "none", "--spec", PETSTORE],
        &["GET", "/pets", "-d", "@no/such/file", "--spec", PETSTORE],
        &["GET", "/pets", "--spec", "no/such/file.yaml"],
        &["GET"],
    ] {
        let output = explain(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{arguments:?}");
    }
}

fn write(name: &str, text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), text).unwrap();
    folder
}

/// The sources of a field; `None` where it is not told of.
fn sources(told: &Value, pointer: &str) -> Option<String> {
    let fields = told["body"]["fields"].as_array()?;
    let field = fields.iter().find(|field| field["pointer"] == pointer)?;
    let sources: Vec<&str> = field["sources"].as_array()?.iter().filter_map(Value::as_str).collect();
    Some(sources.join("; "))
}

#[test]
fn what_a_body_is_made_of_is_told() {
    let folder = write("api.yaml", WORLD);
    let spec = folder.path().join("api.yaml");
    let spec = spec.to_str().unwrap();
    for (target, arguments, made_from, pointer, source) in [
        (
            "/pets/7",
            &["--world", "off", "--seed", "3"][..],
            "seed 3, GET /pets/{petId}, petId = 7",
            "/id",
            "range 1..100000 (by name \"id\")",
        ),
        (
            "/pets/7",
            &["--world", "off"],
            "seed 0, GET /pets/{petId}, petId = 7",
            "/legs",
            "range 2..4 (by its bounds)",
        ),
        ("/pets/7", &["--fresh"], "a number for each request", "/kind", "enum of 2"),
        ("/pets/7", &[], "seed 0, resource pets, identity 7", "/id", "identity of pets"),
        ("/pets/7", &[], "identity 7", "/ownerId", "reference to owners"),
        ("/pets", &[], "resource pets, the identity of each", "/data/*/id", "identity of pets"),
        ("/pets", &[], "the identity of each", "/total", "page: how many there are"),
        ("/pets", &[], "the identity of each", "/data/*/said", "example"),
        ("/owners/2", &[], "resource owners", "/email", "faker email (by format email)"),
    ] {
        let told = told(&[&["GET", target, "--spec", spec], arguments].concat());
        let parts: Vec<&str> =
            told["body"]["madeFrom"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert!(parts.join(", ").contains(made_from), "{target} {arguments:?}: {parts:?}");
        let found = sources(&told, pointer).unwrap_or_default();
        assert!(found.starts_with(source), "{target} {arguments:?} {pointer}: {found} of {told:#}");
        assert_eq!(told["body"]["resource"]["identity"], "id", "{target}");
    }
    let text = explain(&["GET", "/pets/7", "--spec", spec]);
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    for line in ["resource    pets, which the operation reads; identity id", "identity of pets", "enum of 2"]
    {
        assert!(text.contains(line), "{text}");
    }
}

/// Where the author wrote the body nothing is made, and of large bodies the first places are told.
#[test]
fn fields_are_told_up_to_a_limit() {
    let folder = write("api.yaml", SPEC);
    let spec = folder.path().join("api.yaml");
    assert_eq!(told(&["GET", "/pets/7", "--spec", spec.to_str().unwrap()])["body"], Value::Null);
    for (count, shown, cut) in [(200, 200, 0), (201, 200, 1)] {
        let properties = (0..count).map(|number| format!("p{number}: {{type: boolean}}"));
        let properties: Vec<String> = properties.collect();
        let head =
            "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get:\n      responses:\n";
        let schema = format!("{{type: object, properties: {{{}}}}}", properties.join(", "));
        let answer = format!(
            "        '200': {{description: d, content: {{application/json: {{schema: {schema}}}}}}}\n"
        );
        std::fs::write(&spec, format!("{head}{answer}")).unwrap();
        let told = told(&["GET", "/a", "--spec", spec.to_str().unwrap()]);
        assert_eq!(told["body"]["fields"].as_array().map(Vec::len), Some(shown), "{count}");
        assert_eq!(told["body"]["cut"], json!(cut), "{count}");
    }
}

const WORLD: &str = r##"openapi: 3.1.0
info: {title: Pets, version: "1"}
paths:
  /pets:
    get:
      responses:
        "200":
          description: d
          content:
            application/json:
              schema:
                type: object
                required: [data, total]
                properties:
                  data: {type: array, items: {$ref: "#/components/schemas/Pet"}}
                  total: {type: integer}
  /pets/{petId}:
    get:
      parameters: [{name: petId, in: path, required: true, schema: {type: integer}}]
      responses:
        "200": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}}
  /owners:
    get:
      responses:
        "200": {description: d, content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Owner"}}}}}
  /owners/{ownerId}:
    get:
      parameters: [{name: ownerId, in: path, required: true, schema: {type: integer}}]
      responses:
        "200": {description: d, content: {application/json: {schema: {$ref: "#/components/schemas/Owner"}}}}
components:
  schemas:
    Pet:
      type: object
      required: [id, ownerId, kind, legs, said]
      properties:
        id: {type: integer}
        ownerId: {type: integer}
        kind: {enum: [cat, dog]}
        legs: {type: integer, minimum: 2, maximum: 4}
        said: {type: string, example: woof}
    Owner:
      type: object
      required: [id, email]
      properties:
        id: {type: integer}
        email: {type: string, format: email}
"##;

const SPEC: &str = r#"openapi: 3.1.0
info: {title: Pets, version: "1"}
servers: [{url: "http://localhost/v1"}]
paths:
  /{any}/{id}:
    get: {responses: {"200": {description: d}}}
  /pets/{petId}:
    get:
      operationId: getPet
      parameters:
        - {name: petId, in: path, required: true, schema: {type: string}}
        - {name: limit, in: query, schema: {type: integer}}
      responses:
        "200":
          description: d
          content:
            application/json:
              examples:
                first: {value: {a: 1}}
                second: {value: {a: 2}}
            text/plain: {example: hi}
        "404": {description: d}
    delete: {responses: {"204": {description: d}}}
"#;

const CONFIGURATION: &str = r#"specs: [api.yaml]
responses:
  getPet:
    rules:
      - {when: {header.X-Kind: dog}, status: 201, body: dog}
      - {when: {header.X-Kind: cat}, status: 202, body: cat}
chaos:
  enabled: true
  scenarios:
    - {name: slow, type: latency, probability: 0.25, endpoints: [getPet], parameters: {fixed: 5ms}}
"#;
