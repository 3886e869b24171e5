//! A second judge: the `jsonschema` crate reads the document's own words, and says of a sample
//! of answers what we say of them; of answers that were spoiled, too.

use std::sync::Arc;

use mocker_openapi::Document;
use mocker_openapi::model::StatusKey;
use mocker_plan::media::{Kind, kind};
use mocker_plan::{BasePath, Operation, Options, Plan, method_name};
use mocker_schema::validate::Direction;
use serde_json::{Value, json};

use crate::answers::{Sent, declared};
use crate::dialect::{Bundle, Dialect};

/// One operation in so many is judged: the oracle compiles slowly. `EVERY=1` judges all.
const EVERY: usize = 10;
/// Schemas that hang on more others than this are left out: the oracle's memory is not ours.
const DEFINITIONS: usize = 2_000;
/// Spoiled copies made of each answer.
const SPOILED: usize = 24;

#[derive(Default)]
struct Tally {
    judged: usize,
    spoiled: usize,
    rejected: usize,
    /// Operations that the oracle could not be asked about
    unasked: Vec<String>,
    differences: Vec<String>,
}

#[test]
fn the_oracle_agrees_about_every_tenth_answer() {
    let Some(corpus) = crate::corpus() else { return };
    let mut tally = Tally::default();
    for entry in corpus {
        let (tree, _) = mocker_source::parse(mocker_source::FileId(0), &std::fs::read(&entry.path).unwrap());
        let root = tree.root().to_json();
        let document = Arc::new(crate::document(&entry.path));
        judge(&entry.name, &root, &document, &mut tally);
    }
    eprintln!(
        "{} answers judged, {} spoiled copies of which {} rejected; not asked: {}\n{}",
        tally.judged,
        tally.spoiled,
        tally.rejected,
        tally.unasked.len(),
        tally.unasked.join("\n")
    );
    assert!(tally.differences.is_empty(), "{}\n{}", tally.differences.len(), tally.differences.join("\n"));
    if crate::is_whole_corpus() {
        assert!(tally.judged > 350, "only {} judged", tally.judged);
        assert!(tally.unasked.len() * 20 < tally.judged, "{} were not asked about", tally.unasked.len());
        assert!(tally.rejected * 3 > tally.spoiled, "spoiling spoils little: {}", tally.rejected);
    }
}

fn judge(name: &str, root: &Value, document: &Arc<Document>, tally: &mut Tally) {
    let Some(dialect) = Dialect::of(root) else { return };
    let options = Options { seed: 11, is_fresh: true, base_path: BasePath::None, ..Options::default() };
    let (plan, _) = Plan::compile(std::slice::from_ref(document), &options);
    let every: usize = std::env::var("EVERY").ok().and_then(|every| every.parse().ok()).unwrap_or(EVERY);
    for index in (0..plan.len()).step_by(every) {
        let operation = plan.operation(index as u32);
        let place = format!("{name}: {} {}", method_name(&operation.model().method), operation.model().path);
        match compare(&Bundle::new(root, dialect), document, operation, tally) {
            Ok(()) => {}
            Err(Doubt::Unasked(why)) => tally.unasked.push(format!("{place}: {why}")),
            Err(Doubt::Difference(what)) => tally.differences.push(format!("{place}: {what}")),
        }
    }
}

enum Doubt {
    Unasked(String),
    Difference(String),
}

fn unasked(why: impl ToString) -> Doubt {
    Doubt::Unasked(why.to_string())
}

fn compare(
    bundle: &Bundle<'_>,
    document: &Document,
    operation: &Operation,
    tally: &mut Tally,
) -> Result<(), Doubt> {
    let sent = Sent::by(operation, operation.key(None)).map_err(unasked)?;
    let Some(content_type) = sent.field("Content-Type") else { return Ok(()) };
    let Some((status, media)) = declared(operation, content_type) else { return Ok(()) };
    let (Some(schema), true) = (media.schema, kind(content_type) == Kind::Json) else { return Ok(()) };
    let written = written(bundle, operation, status, content_type).ok_or(unasked("not found as written"))?;
    let standalone = Bundle::new(bundle.root, bundle.dialect).standalone(written, DEFINITIONS);
    let standalone = standalone.ok_or(unasked("hangs on too much"))?;
    let oracle = jsonschema::draft202012::options().should_validate_formats(true).build(&standalone);
    let oracle = oracle.map_err(|error| unasked(format!("the oracle refuses the schema: {error}")))?;
    let value: Value = serde_json::from_slice(&sent.body).map_err(unasked)?;
    tally.judged += 1;
    if let (true, Some(error)) = (media.examples.is_empty(), oracle.iter_errors(&value).next()) {
        let what = format!("generated, but {} {error}", error.instance_path());
        return Err(Doubt::Difference(what));
    }
    for spoiled in std::iter::once(value.clone()).chain(spoil(&value)) {
        let ours = document.schemas.is_valid(schema, &spoiled, Direction::Response);
        let theirs = oracle.is_valid(&spoiled);
        tally.spoiled += 1;
        tally.rejected += usize::from(!theirs);
        if ours != theirs {
            let said = match ours {
                true => oracle.iter_errors(&spoiled).next().map(|e| format!("{} {e}", e.instance_path())),
                false => document
                    .schemas
                    .validate(schema, &spoiled, Direction::Response)
                    .first()
                    .map(|v| format!("{v:?}")),
            };
            let mut said = said.unwrap_or_default();
            said.truncate(said.char_indices().nth(600).map_or(said.len(), |(at, _)| at));
            return Err(Doubt::Difference(format!("we say {ours}, the oracle {theirs}: {said}")));
        }
    }
    Ok(())
}

/// The schema of an answer in the document's own words.
fn written<'v>(
    bundle: &Bundle<'v>,
    operation: &Operation,
    status: StatusKey,
    content_type: &str,
) -> Option<&'v Value> {
    let model = operation.model();
    let item = deref(bundle, bundle.root.get("paths")?.get(&*model.path)?)?;
    let responses = item.get(method_name(&model.method).to_lowercase())?.get("responses")?;
    let response = match status {
        StatusKey::Code(code) => responses.get(code.to_string())?,
        StatusKey::Range(hundreds) => {
            responses.get(format!("{hundreds}XX")).or(responses.get(format!("{hundreds}xx")))?
        }
        StatusKey::Default => responses.get("default")?,
    };
    let response = deref(bundle, response)?;
    match bundle.dialect {
        Dialect::Swagger2 => response.get("schema"),
        _ => response.get("content")?.get(content_type)?.get("schema"),
    }
}

fn deref<'v>(bundle: &Bundle<'v>, value: &'v Value) -> Option<&'v Value> {
    match value.get("$ref").and_then(Value::as_str) {
        Some(reference) => bundle.target(reference),
        None => Some(value),
    }
}

/// Copies of `value` with one part gone or of another kind, spread over all its parts.
fn spoil(value: &Value) -> Vec<Value> {
    let mut places = Vec::new();
    walk(value, &mut String::new(), &mut places);
    let wrong = [json!(null), json!(true), json!(-1), json!(1.5), json!([]), json!({}), json!("")];
    let step = (places.len() / SPOILED).max(1);
    let chosen = places.iter().step_by(step).take(SPOILED).enumerate();
    chosen
        .map(|(turn, place)| {
            let mut copy = value.clone();
            let (parent, token) = place.rsplit_once('/').unwrap_or_default();
            match copy.pointer_mut(parent) {
                Some(Value::Object(members)) if turn % 3 == 0 => {
                    members.shift_remove(&token.replace("~1", "/").replace("~0", "~"));
                }
                _ => {
                    if let Some(part) = copy.pointer_mut(place) {
                        *part = wrong[turn % wrong.len()].clone();
                    }
                }
            }
            copy
        })
        .collect()
}

/// Pointers to all parts of `value`, itself left out.
fn walk(value: &Value, at: &mut String, places: &mut Vec<String>) {
    let length = at.len();
    let mut visit = |token: &str, part: &Value| {
        at.push('/');
        at.push_str(token);
        places.push(at.clone());
        walk(part, at, places);
        at.truncate(length);
    };
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| visit(&index.to_string(), item))
        }
        Value::Object(members) => {
            members.iter().for_each(|(name, part)| visit(&name.replace('~', "~0").replace('/', "~1"), part))
        }
        _ => {}
    }
}
