//! `mocker check --prove`: what is generated obeys the document, by another judge than ours.

use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::command::{mocker, text};

/// Documents of the corpus that are proved with every run; `MOCKER_PROVE=all` proves the large ones too.
const LARGE: u64 = 200_000;

fn prove(document: &str, samples: &str) -> (Output, Value) {
    let output = mocker(&["check", "--prove", "--samples", samples, "--format", "json", document]);
    let said = serde_json::from_slice(&output.stdout).unwrap_or_default();
    (output, said)
}

/// How many operations a document has, apart from what its proof says.
fn listed(said: &Value) -> usize {
    said[0]["operations"].as_array().unwrap().len()
}

/// Every description below `folder`.
fn descriptions(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(descriptions(&path));
        } else if path.extension().is_some_and(|extension| extension == "yaml" || extension == "json") {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn every_demo_and_feature_is_proved() {
    let (mut proved, mut entities) = (0, 0);
    for folder in ["petstore", "banking", "ecommerce", "microservices", "shop", "features"] {
        for path in descriptions(&Path::new("specs").join(folder)) {
            let (output, said) = prove(path.to_str().unwrap(), "10");
            let proof = &said[0]["proof"];
            if proof["hasSchemas"] != true {
                continue;
            }
            assert_eq!(proof["operations"]["all"], listed(&said), "{}", path.display());
            let faults = proof["faults"].as_array().unwrap();
            let failed = faults.iter().filter(|fault| fault["verdict"] == "failed").count();
            assert_eq!(failed, 0, "{}: {faults:?}", path.display());
            assert_eq!(output.status.code() == Some(0), said[0]["errors"] == 0, "{}", path.display());
            proved += proof["responses"]["proved"].as_u64().unwrap();
            entities += proof["entities"]["proved"].as_u64().unwrap();
        }
    }
    assert!(proved > 60 && entities > 15, "only {proved} responses, {entities} of the world");
}

/// Whatever is wrong with a document, its proof ends, and soon.
#[test]
fn hostile_documents_are_proved_as_far_as_they_go() {
    for path in descriptions(Path::new("specs/invalid")) {
        let start = Instant::now();
        let (output, said) = prove(path.to_str().unwrap(), "2");
        let code = output.status.code();
        assert!(matches!(code, Some(0 | 1)), "{}: {code:?} {}", path.display(), text(&output.stderr));
        let failed = said[0]["proof"]["operations"]["failed"].as_u64().unwrap_or_default();
        assert_eq!(failed, 0, "{}: {}", path.display(), said[0]["proof"]["faults"]);
        assert!(start.elapsed() < Duration::from_secs(60), "{}", path.display());
    }
}

const HEAD: &str = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get:\n      responses:\n        '200':\n          description: d\n          content:\n            application/json:\n";

fn said_of(media: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("api.yaml");
    let lines = media.lines().map(|line| format!("              {line}\n"));
    std::fs::write(&path, format!("{HEAD}{}", lines.collect::<String>())).unwrap();
    let output = mocker(&[&["check", "--prove"], arguments, &[path.to_str().unwrap()]].concat());
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn verdicts_and_exit_codes() {
    for (media, code, expected) in [
        (
            "schema: {type: integer, minimum: 3}",
            0,
            "responses             1        1        0        0               0         0        0\n",
        ),
        (
            "schema: {type: object, required: [size], properties: {size: {type: integer, minimum: 3, maximum: 2}}}",
            0,
            "no value found: GET /a 200 application/json: /size ",
        ),
        // Nothing that the generator knows gives such a text, and yet there is one.
        (
            "schema: {type: string, pattern: '^([0-9]{12})-\\1$'}",
            0,
            "no value found: GET /a 200 application/json: the value: ",
        ),
        (
            "schema: {type: string, pattern: '^([0-9]{12})-\\1$'}\nexample: '123456789012-123456789012'",
            1,
            "failed: GET /a 200 application/json: the value: ",
        ),
        (
            "schema: {type: integer}\nexamples: {odd: {value: seven}}",
            0,
            "author's example: GET /a 200 application/json `odd`: the value: \"seven\" is not of type \"integer\"\n",
        ),
        ("schema: {type: integer}\nexample: '7'", 0, "author's examples: 1 judged, 0 invalid\n"),
    ] {
        let (found, said, told) = said_of(media, &[]);
        assert_eq!(found, Some(code), "{media}: {said}{told}");
        assert!(said.contains(expected), "{media}: {said}");
        assert_eq!(told, "", "{media}: no bar where there is no terminal");
    }
}

#[test]
fn bodies_that_are_not_json_are_counted_apart() {
    let (output, said) = prove("specs/petstore/openapi.yaml", "1");
    assert_eq!(output.status.code(), Some(0));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("api.yaml");
    let xml = HEAD.replace("application/json", "application/xml");
    std::fs::write(&path, format!("{xml}              schema: {{type: object}}\n")).unwrap();
    let (output, of_xml) = prove(path.to_str().unwrap(), "1");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(of_xml[0]["proof"]["responses"]["notJson"], 1, "{of_xml}");
    assert_eq!(of_xml[0]["proof"]["responses"]["proved"], 0, "{of_xml}");
    assert_eq!(said[0]["proof"]["samples"], 1);
    assert_eq!(said[0]["proof"]["operations"]["failed"], 0);
}

#[test]
fn what_is_not_proved_does_not_count_as_proved() {
    let operation = |parameters: &str, responses: &str| {
        format!(
            "    get:\n      parameters: {parameters}\n      responses: {{'200': {{description: d{responses}}}}}\n"
        )
    };
    let parameter = "[{name: q, in: query, schema: {type: integer}}]";
    let xml = ", content: {application/xml: {schema: {type: object}}}";
    for (parameters, responses, column) in
        [(parameter, "", "proved"), (parameter, xml, "inPart"), ("[]", xml, "notJson"), ("[]", "", "nothing")]
    {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("api.yaml");
        let head = HEAD.split("    get:").next().unwrap();
        std::fs::write(&path, format!("{head}{}", operation(parameters, responses))).unwrap();
        let (output, said) = prove(path.to_str().unwrap(), "1");
        assert_eq!(output.status.code(), Some(0), "{said}");
        let operations = &said[0]["proof"]["operations"];
        for name in ["proved", "inPart", "failed", "unsatisfiable", "notJson", "nothing"] {
            assert_eq!(operations[name], u64::from(name == column), "{column}: {operations}");
        }
    }
}

#[test]
fn collections_are_said_not_to_be_proved() {
    let collection = serde_json::json!({
        "info": {"name": "C", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
        "item": [{"name": "a", "request": {"method": "GET", "url": "http://localhost/a"}, "response": []}]
    });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("collection.json");
    std::fs::write(&path, collection.to_string()).unwrap();
    let output = mocker(&["check", "--prove", path.to_str().unwrap()]);
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("nothing is proved: the document has no schemas"), "{said}");
    assert!(said.ends_with("collection.json: 1 operation, 0 errors, 0 warnings\n"), "{said}");
}

/// Each thread asks for a stack that is larger than all that may be had.
#[cfg(target_os = "linux")]
#[test]
fn a_proof_without_threads_fails() {
    let command = "ulimit -v 400000; exec \"$0\" check --prove specs/petstore/openapi.yaml";
    let mut shell = std::process::Command::new("sh");
    let output = shell.args(["-c", command, env!("CARGO_BIN_EXE_mocker")]).output().unwrap();
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}{}", text(&output.stderr));
    assert!(
        said.contains("failed: 5 of 5 operations were not looked at: no thread could be started\n"),
        "{said}"
    );
}

#[test]
fn samples_have_their_range() {
    for (samples, code) in [("0", 2), ("1", 0), ("1001", 2), ("many", 2)] {
        let (found, ..) = said_of("schema: {type: integer}", &["--samples", samples]);
        assert_eq!(found, Some(code), "{samples}");
    }
    let output = mocker(&["check", "--samples", "3", "specs/petstore/openapi.yaml"]);
    assert_eq!(output.status.code(), Some(2), "samples without --prove");
}

#[test]
fn the_documents_of_a_configuration_are_proved() {
    let output = mocker(&["check", "--prove", "--config", "specs/shop/mocker.yaml"]);
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("NO VALUE FOUND"), "{said}");
}

#[test]
fn the_corpus_is_proved() {
    let folder = Path::new("../shared/corpus");
    let Ok(index) = std::fs::read_to_string(folder.join("INDEX.tsv")) else {
        eprintln!("SKIPPED: no corpus of real documents at {}", folder.display());
        return;
    };
    let is_whole = std::env::var("MOCKER_PROVE").is_ok_and(|value| value == "all");
    let samples = if is_whole { "20" } else { "2" };
    let mut count = 0;
    for name in index.lines().skip(1).filter_map(|line| line.split('\t').next()) {
        let path = folder.join(name);
        if !is_whole && std::fs::metadata(&path).unwrap().len() > LARGE {
            continue;
        }
        let (output, said) = prove(path.to_str().unwrap(), samples);
        let proof = &said[0]["proof"];
        if proof["hasSchemas"] == true {
            assert_eq!(proof["operations"]["all"], listed(&said), "{name}");
        }
        assert_eq!(proof["operations"]["failed"], 0, "{name}: {}", proof["faults"]);
        assert_eq!(proof["operations"]["unsatisfiable"], 0, "{name}: {}", proof["faults"]);
        assert!(output.status.success(), "{name}: {}", text(&output.stderr));
        count += 1;
    }
    assert!(count > 10, "only {count} documents");
}
