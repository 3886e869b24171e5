//! Every schema that an operation uses, for any status, in requests and in responses: values
//! are made of it, and they obey it.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use mocker_openapi::Document;
use mocker_openapi::model::{MediaType, Operation};
use mocker_plan::method_name;
use mocker_schema::SchemaId;
use mocker_schema::generate::{Key, Options, Program};
use mocker_schema::sample::{self, sample};
use mocker_schema::validate::Direction;
use serde_json::Value;

/// Values made of each schema.
const KEYS: u64 = 3;

/// A schema, the way its values go, and the first place that uses it.
struct Use {
    schema: SchemaId,
    direction: Direction,
    place: String,
}

#[test]
fn every_schema_in_use_gives_values_that_obey_it() {
    let Some(corpus) = crate::corpus() else { return };
    let (mut count, mut refused, mut wrong) = (0, Vec::new(), Vec::new());
    for entry in corpus {
        let document = crate::document(&entry.path);
        for used in uses(&document) {
            for fill_optional in [true, false] {
                count += 1;
                let say =
                    |fault: String| format!("{}: {} {:?}: {fault}", entry.name, used.place, used.direction);
                match judge(&document, &used, fill_optional) {
                    Ok(()) => {}
                    Err(Fault::Refused(reason)) => refused.push(say(reason)),
                    Err(Fault::Wrong(reason)) => wrong.push(say(reason)),
                }
            }
        }
    }
    eprintln!("{count} schemas; refused: {}\n{}", refused.len(), refused.join("\n"));
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(!crate::is_whole_corpus() || count > 10_000, "only {count} schemas");
}

#[test]
fn every_schema_in_use_has_a_sample_that_obeys_it() {
    let Some(corpus) = crate::corpus() else { return };
    let (mut count, mut large, mut wrong) = (0, Vec::new(), Vec::new());
    let mut slowest = (Duration::ZERO, String::new());
    for entry in corpus {
        let document = crate::document(&entry.path);
        for used in uses(&document) {
            count += 1;
            let place = format!("{}: {} {:?}", entry.name, used.place, used.direction);
            let options = sample::Options { direction: used.direction, withhold: true };
            let start = Instant::now();
            let outcome = sample(&document.schemas, used.schema, options);
            if start.elapsed() > slowest.0 {
                slowest = (start.elapsed(), place.clone());
            }
            match outcome {
                Err(_) => large.push(place),
                Ok(value) if document.schemas.is_valid(used.schema, &value, used.direction) => {}
                Ok(_) => {
                    let options = Options::new(used.direction, true);
                    if Program::compile(&document.schemas, used.schema, &options).is_ok() {
                        wrong.push(place);
                    }
                }
            }
        }
    }
    eprintln!("{count} schemas; slowest: {slowest:?}; too large: {}\n{}", large.len(), large.join("\n"));
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(large.len() * 20 < count, "{} of {count} are too large", large.len());
}

/// Every schema with every way it goes, once.
fn uses(document: &Document) -> Vec<Use> {
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for operation in &document.operations {
        for (schema, direction, part) in parts(operation) {
            if seen.insert((schema, direction)) {
                let place = format!("{} {} {part}", method_name(&operation.method), operation.path);
                found.push(Use { schema, direction, place });
            }
        }
    }
    found
}

fn parts(operation: &Operation) -> Vec<(SchemaId, Direction, String)> {
    let mut found = Vec::new();
    let of_media = |media: &MediaType| [media.schema, media.item_schema].into_iter().flatten();
    for parameter in &operation.parameters {
        let schemas = parameter.schema.into_iter().chain(parameter.content.iter().flat_map(of_media));
        found.extend(schemas.map(|schema| (schema, Direction::Request, parameter.name.to_string())));
    }
    for media in operation.request_body.iter().flat_map(|body| &body.content) {
        found.extend(of_media(media).map(|schema| (schema, Direction::Request, media.name.to_string())));
    }
    for (key, response) in &operation.responses {
        for media in &response.content {
            let part = format!("{key:?} {}", media.name);
            found.extend(of_media(media).map(|schema| (schema, Direction::Response, part.clone())));
        }
        for header in &response.headers {
            let schemas = header.schema.into_iter().chain(header.content.iter().flat_map(of_media));
            found.extend(
                schemas.map(|schema| (schema, Direction::Response, format!("{key:?} {}", header.name))),
            );
        }
    }
    found
}

enum Fault {
    /// Nothing can obey the schema, it is said
    Refused(String),
    /// What was made does not obey the schema
    Wrong(String),
}

fn judge(document: &Document, used: &Use, fill_optional: bool) -> Result<(), Fault> {
    let options = Options::new(used.direction, fill_optional);
    let program = Program::compile(&document.schemas, used.schema, &options);
    let program = program.map_err(|fault| Fault::Refused(fault.reason))?;
    for key in 0..KEYS {
        let mut body = Vec::new();
        program.write(Key(7).with_number(key), &mut body);
        let value: Value = serde_json::from_slice(&body).map_err(|error| Fault::Wrong(error.to_string()))?;
        if document.schemas.is_valid(used.schema, &value, used.direction) {
            continue;
        }
        let broken = document.schemas.validate(used.schema, &value, used.direction);
        return Err(Fault::Wrong(format!("{:?}", broken.first())));
    }
    Ok(())
}
