//! Recordings of requests to weights of operations.

use std::sync::Arc;

use mocker_loadgen::scenario::{Mix, Options, Scenario, Selection, of_document};
use mocker_openapi::Document;

use crate::documents::{of_specs, of_text};

fn document(servers: &str, paths: &[&str]) -> Arc<Document> {
    let mut text =
        format!("openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\nservers: [{servers}]\npaths:\n");
    for (index, path) in paths.iter().enumerate() {
        let (method, path) = path.split_once(' ').unwrap();
        let parameters = path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).map(|name| {
            let kind = if name == "number" { "integer" } else { "string" };
            format!("{{name: {name}, in: path, required: true, schema: {{type: {kind}}}}}")
        });
        let parameters: Vec<String> = parameters.collect();
        // Methods of one path follow each other.
        if index == 0 || !paths[index - 1].ends_with(&format!(" {path}")) {
            text.push_str(&format!("  \"{path}\":\n"));
        }
        let responses = "responses: {'200': {description: ok}}";
        text.push_str(&format!("    {method}: {{parameters: [{}], {responses}}}\n", parameters.join(", ")));
    }
    of_text(&text)
}

fn scenario(documents: &[Arc<Document>]) -> Scenario {
    let operations =
        documents.iter().flat_map(|document| of_document(document, &Options::default()).0.operations);
    Scenario { operations: operations.collect() }
}

fn weights(scenario: &Scenario) -> Vec<String> {
    scenario.operations.iter().map(|operation| format!("{} {}", operation.name(), operation.weight)).collect()
}

fn mixed(documents: &[Arc<Document>], base_path: &str, recording: &str) -> Vec<String> {
    let mix = Mix::read(recording.as_bytes(), documents, base_path).unwrap();
    weights(&mix.apply(scenario(documents), &Selection::default()).unwrap())
}

#[test]
fn requests_weigh_the_operations_that_would_answer_them() {
    let paths = ["get /pets", "get /pets/mine", "get /pets/{id}", "delete /pets/{id}", "get /caf%C3%A9"];
    let documents = [document("{url: 'https://shop.example/v1'}", &paths)];
    for (base_path, recording, expected) in [
        ("", "GET /pets\nGET /pets?limit=5\nGET /pets/7\n", &["GET /pets 2", "GET /pets/{id} 1"][..]),
        (
            "",
            "GET /pets/mine\nGET /pets/min%65\nDELETE /pets/mine",
            &["GET /pets/mine 2", "DELETE /pets/{id} 1"],
        ),
        ("", "HEAD /pets\nget /pets\nGET /caf%c3%a9", &["GET /pets 1", "GET /caf%C3%A9 1"]),
        ("", "GET /pets\nGET /v1/pets\nGET /v2/pets", &["GET /pets 2"]),
        ("/api", "GET /pets\nGET /api/pets\nGET /v1/pets", &["GET /pets 3"]),
        ("/api/", "GET /api/pets/7\nGET http://other/api/pets/8", &["GET /pets/{id} 2"]),
        ("", "GET http://a/pets\nGET https://b:8/v1/pets?x", &["GET /pets 2"]),
    ] {
        assert_eq!(mixed(&documents, base_path, recording), expected, "{base_path} {recording}");
    }
}

#[test]
fn a_head_counts_for_get_unless_it_is_declared() {
    let undeclared = [document("", &["get /a"])];
    assert_eq!(mixed(&undeclared, "", "HEAD /a\nGET /a"), ["GET /a 2"]);
    let declared = of_text(
        "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {/a: {get: {responses: {}}, head: {responses: {}}}}",
    );
    assert_eq!(mixed(&[declared], "", "HEAD /a\nHEAD /a\nGET /a"), ["GET /a 1", "HEAD /a 2"]);
}

#[test]
fn conditions_of_path_keys_are_looked_up_in_the_query() {
    let documents = [document("", &["get /rest?method=info", "get /rest?method=list", "get /rest"])];
    let recording =
        "GET /rest?method=info&x=1\nGET /rest?x=1&method=info\nGET /rest?method=list\nGET /rest?method=x";
    let expected = ["GET /rest?method=info 2", "GET /rest?method=list 1", "GET /rest 1"];
    assert_eq!(mixed(&documents, "", recording), expected);
}

#[test]
fn templates_of_the_same_paths_are_told_apart_by_their_parameters() {
    let documents = [document("", &["get /a/{number}", "get /a/{name}"])];
    assert_eq!(
        mixed(&documents, "", "GET /a/7\nGET /a/x\nGET /a/y"),
        ["GET /a/{number} 1", "GET /a/{name} 2"]
    );
    let behind = [document("", &["get /z"]), documents[0].clone()];
    assert_eq!(mixed(&behind, "/v", "GET /v/a/7\nGET /v/a/x"), ["GET /a/{number} 1", "GET /a/{name} 1"]);
}

#[test]
fn several_documents_are_one() {
    let documents = [
        document("", &["get /{any}", "get /health"]),
        document("", &["get /pets", "get /health", "get /{any}/x"]),
    ];
    let recording = "GET /pets\nGET /pets\nGET /other\nGET /health\nGET /a/x\nGET /a/x";
    // What both have is answered by the first one, and what is written out goes before a variable of another document.
    let expected = ["GET /{any} 1", "GET /health 1", "GET /pets 2", "GET /{any}/x 2"];
    assert_eq!(mixed(&documents, "", recording), expected);
}

#[test]
fn patterns_select_before_the_recording_weighs() {
    let documents = [document("", &["get /a", "get /b", "get /c", "get /d"])];
    let mix = Mix::read(&b"GET /a\nGET /a\nGET /a\nGET /b\nGET /b\n"[..], &documents, "").unwrap();
    for (included, excluded, expected) in [
        (&[][..], &[][..], Ok(&["GET /a 3", "GET /b 2"][..])),
        (&["GET /a"], &[], Ok(&["GET /a 3"])),
        (&["GET /*"], &["/a"], Ok(&["GET /b 2", "GET /c 1", "GET /d 1"])),
        (&["/a", "/c"], &[], Ok(&["GET /a 3", "GET /c 1"])),
        (&["/a=7", "/c=0.5", "/b"], &[], Ok(&["GET /a 7", "GET /b 2", "GET /c 0.5"])),
        (&["/*", "/a=1"], &["/d"], Ok(&["GET /a 1", "GET /b 2", "GET /c 1"])),
        (&[], &["/b"], Ok(&["GET /a 3"])),
        (&[], &["/a", "/b"], Err("the recording asks none of the operations that are sent")),
    ] {
        let owned = |patterns: &[&str]| patterns.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
        let selection = Selection::parse(&owned(included), &owned(excluded)).unwrap();
        let selected = scenario(&documents).select(&selection).unwrap();
        let weights = mix.apply(selected, &selection).map(|scenario| weights(&scenario));
        let expected = expected.map(|names| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>());
        assert_eq!(weights.map_err(|fault| fault.to_string()), expected.map_err(str::to_owned));
    }
}

#[test]
fn what_is_not_in_both_is_told() {
    let paths = ["get /a", "get /b", "post /b", "get /c"];
    let documents = [document("", &paths)];
    let summary = |recording: &str| {
        Mix::read(recording.as_bytes(), &documents, "")
            .map(|mix| mix.summary().to_string())
            .map_err(|e| e.to_string())
    };
    let lines = [
        "GET http://api/a",
        "GET http://api/old",
        "GET http://api/old?x",
        "PUT http://api/a",
        "GET http://api/orders/1",
        "GET http://api/orders/2",
        "GET http://api/orders/3",
        "GET http://cdn/app.js",
        "GET http://api/a",
        "nonsense",
    ];
    assert_eq!(
        summary(&lines.join("\n")).unwrap(),
        "mix: 2 of 9 requests map to 1 of 4 operations; 6 to none: GET /orders/{id} (3), GET /old (2), PUT /a (1)\n\
         mix: 1 to other hosts: cdn (1)\n\
         mix: never asked: GET /b, POST /b, GET /c\n\
         mix: not understood: 1; the first is line 10: `nonsense`"
    );
    let all = "GET /a\nGET /b\nPOST /b\nGET /c\n";
    assert_eq!(summary(all).unwrap(), "mix: 4 of 4 requests map to 4 of 4 operations");
    let many: String = (0..12).map(|index| format!("GET /x{index}\n")).collect();
    assert_eq!(
        summary(&many).unwrap_err(),
        "none of the 12 requests of the recording maps to an operation: GET /x0 (1), GET /x1 (1), GET /x10 (1), \
         GET /x11 (1), GET /x2 (1), GET /x3 (1), GET /x4 (1), GET /x5 (1), GET /x6 (1), GET /x7 (1) and 2 more"
    );
}

#[test]
fn recordings_of_the_petstore_are_read_alike() {
    let documents = [of_specs("petstore/openapi.yaml")];
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs/petstore");
    let mixed = |name: &str| {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        mixed(&documents, "", &text)
    };
    let expected = ["GET /pets 6", "POST /pets 1", "GET /pets/{petId} 3", "PUT /pets/{petId} 1"];
    assert_eq!(mixed("traffic.log"), expected);
    assert_eq!(mixed("traffic.har"), expected);
}
