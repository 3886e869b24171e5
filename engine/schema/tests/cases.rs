//! Hand-written cases, one file a keyword family: `{"schema", "valid": [...], "invalid": [...]}`,
//! with `"dialect"` and `"direction"` where they are not 3.1 and a response.
#![allow(clippy::unwrap_used)]

use mocker_schema::lower::{self, Dialect};
use mocker_schema::validate::Direction;
use mocker_source::FileId;
use serde_json::Value;

fn dialect(case: &Value) -> Dialect {
    match case["dialect"].as_str() {
        Some("2.0") => Dialect::Swagger2,
        Some("3.0") => Dialect::OpenApi30,
        None | Some("3.1") => Dialect::OpenApi31,
        Some(other) => panic!("no dialect {other}"),
    }
}

fn check(file: &str, text: &str) -> usize {
    let cases: Vec<Value> = serde_json::from_str(text).unwrap_or_else(|error| panic!("{file}: {error}"));
    let mut judged = 0;
    for case in &cases {
        let direction = match case["direction"].as_str() {
            Some("request") => Direction::Request,
            _ => Direction::Response,
        };
        let source = serde_json::to_vec(&case["schema"]).unwrap();
        let (tree, faults) = mocker_source::parse(FileId(0), &source);
        assert!(faults.is_empty(), "{file}: {faults:?}");
        let mut lowering = lower::local(&tree, dialect(case));
        let id = lowering.lower(tree.root());
        let (schemas, _) = lowering.finish();
        for (list, expected) in [("valid", true), ("invalid", false)] {
            for value in case[list].as_array().into_iter().flatten() {
                let quick = schemas.is_valid(id, value, direction);
                let violations = schemas.validate(id, value, direction);
                assert_eq!(quick, expected, "{file}: {} on {value}: {violations:?}", case["schema"]);
                assert_eq!(
                    violations.is_empty(),
                    expected,
                    "{file}: {} on {value}: {violations:?}",
                    case["schema"]
                );
                judged += 1;
            }
        }
        assert!(case["valid"].is_array() || case["invalid"].is_array(), "{file}: {case} judges nothing");
    }
    judged
}

#[test]
fn every_case_is_judged_as_written() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut judged = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        judged += check(&path.display().to_string(), &std::fs::read_to_string(&path).unwrap());
    }
    assert!(judged > 300, "only {judged} values");
}
