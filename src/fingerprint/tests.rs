#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use mocker_openapi::{Fetch, FetchError, Location, load};
use mocker_plan::{Options, Plan};

use super::{Difference, Fingerprints, Marks, of_shown};

/// A document of one text.
struct Text(Vec<u8>);

impl Fetch for Text {
    fn fetch(&mut self, _: &Location) -> Result<Vec<u8>, FetchError> {
        Ok(self.0.clone())
    }
}

fn plan(text: &[u8]) -> Plan {
    let loaded = load(Location::File("api.yaml".into()), &mut Text(text.to_vec()));
    Plan::compile(&[Arc::new(loaded.document.unwrap())], &Options::default()).0
}

fn difference(before: &str, after: &str) -> Difference {
    let of = |text: &str| Fingerprints::of(&plan(text.as_bytes()), &Marks::default());
    of(before).difference(&of(after))
}

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: T, version: '1'}
servers: [{url: /v1}]
paths:
  /pets:
    get:
      parameters: [{$ref: '#/components/parameters/limit'}]
      responses: {'200': {description: d, content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}}}
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'201': {$ref: '#/components/responses/Made'}}
  /owners:
    get:
      security: [{key: []}]
      responses: {'200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Owner'}}}}}
  /open: {get: {responses: {'200': {description: d, content: {application/json: {example: {a: 1}}}}}}}
components:
  parameters: {limit: {name: limit, in: query, schema: {type: integer, maximum: 10}}}
  responses: {Made: {description: made, headers: {X-Id: {schema: {type: string}}}}}
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  schemas:
    Pet: {type: object, properties: {name: {type: string, minLength: 1}, owner: {$ref: '#/components/schemas/Owner'}}}
    Owner: {type: object, properties: {pets: {type: array, items: {$ref: '#/components/schemas/Pet'}}, address: {$ref: '#/components/schemas/Address'}}}
    Address: {type: object, properties: {street: {type: string}}}
";

#[test]
fn what_an_operation_leads_to_changes_it() {
    let pets = ["GET /pets", "POST /pets"];
    let table: [(&str, &str, &[&str]); 12] = [
        ("maximum: 10", "maximum: 11", &["GET /pets"]),
        ("minLength: 1", "minLength: 2", &["GET /owners", pets[0], pets[1]]),
        ("street: {type: string}", "street: {type: [string, 'null']}", &["GET /owners", pets[0], pets[1]]),
        ("description: made", "description: created", &["POST /pets"]),
        ("X-Id: {schema: {type: string}}", "X-Id: {schema: {type: integer}}", &["POST /pets"]),
        ("name: X-Key", "name: X-Other", &["GET /owners"]),
        ("example: {a: 1}", "example: {a: 2}", &["GET /open"]),
        ("example: {a: 1}", "x-mocker-template: false, example: {a: 1}", &[]),
        ("url: /v1", "url: /v2", &["GET /open", "GET /owners", pets[0], pets[1]]),
        // Neither lines nor places among the components count.
        ("\npaths:", "\n\n\n# a comment\npaths:", &[]),
        (
            "  schemas:\n",
            "  schemas:\n    Aaa: {type: object, properties: {b: {$ref: '#/components/schemas/Pet'}}}\n",
            &[],
        ),
        ("title: T", "title: U", &[]),
    ];
    for (one, other, expected) in table {
        let changed = DOCUMENT.replace(one, other);
        assert_ne!(changed, DOCUMENT, "{one}");
        let found = difference(DOCUMENT, &changed);
        assert_eq!(found.changed, expected, "{other}");
        assert!(found.added.is_empty() && found.removed.is_empty(), "{other}: {found:?}");
    }
}

#[test]
fn operations_come_and_go() {
    let found = difference(DOCUMENT, &DOCUMENT.replace("  /open:", "  /shut:"));
    let names = |name: &str| vec![name.to_owned()];
    assert_eq!(
        found,
        Difference { added: names("GET /shut"), changed: Vec::new(), removed: names("GET /open") }
    );
}

#[test]
fn what_is_added_changes_its_operation_and_what_counts_for_all_all() {
    let plan = plan(DOCUMENT.as_bytes());
    let of =
        |operations: &[u64], all| Fingerprints::of(&plan, &Marks { operations: operations.to_vec(), all });
    let before = of(&[0, 0, 0, 0], 0);
    assert_eq!(before.difference(&of(&[0, 0, 7, 0], 0)).changed.len(), 1);
    assert_eq!(before.difference(&of(&[0, 0, 0, 0], 7)).changed.len(), 4);
}

#[test]
fn places_do_not_show() {
    #[derive(Debug)]
    #[allow(dead_code)]
    struct Position {
        line: u32,
    }
    #[derive(Debug)]
    #[allow(dead_code)]
    struct Placed(Position, &'static str, Position);
    let placed = |line, text| of_shown(&Placed(Position { line }, text, Position { line }));
    assert_eq!(placed(1, "a"), placed(2, "a"));
    assert_ne!(placed(1, "a"), placed(1, "b"));
}

/// GitHub's document has 1,100 operations.
#[test]
fn a_large_document_is_looked_at_quickly() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/github.json");
    let Ok(text) = std::fs::read(&file) else {
        println!("SKIPPED: {} is not there", file.display());
        return;
    };
    let begun = Instant::now();
    let plan = plan(&text);
    let reading = begun.elapsed();
    let begun = Instant::now();
    let fingerprints = Fingerprints::of(&plan, &Marks::default());
    let took = begun.elapsed();
    println!("{} operations in {took:?}, read in {reading:?}", plan.len());
    // How fast the machine is, and how busy, counts on both sides.
    assert!(took < reading, "{took:?}, read in {reading:?}");
    assert_eq!(fingerprints.difference(&fingerprints), Difference::default());
}
