//! Bodies made of the schemas of real requests are accepted; the same bodies cut short are not JSON.

use bumpalo::Bump;
use mocker_openapi::model::{MediaType, Style};
use mocker_openapi::{Document, model};
use mocker_plan::method_name;
use mocker_plan::request::Fault;
use mocker_plan::request::body::{Bench, Bodies, Scratch};
use mocker_schema::generate::{Key, Options, Program};
use mocker_schema::validate::Direction;
use serde_json::Value;

const FORM: &str = "application/x-www-form-urlencoded";

#[test]
fn bodies_that_obey_are_accepted() {
    let Some(corpus) = crate::corpus() else { return };
    let (mut texts, mut forms, mut wrong) = (0, 0, Vec::new());
    let mut scratch = Scratch::default();
    for entry in corpus {
        let document = crate::document(&entry.path);
        for operation in &document.operations {
            let bodies = Bodies::compile(&document, operation);
            let contents = operation.request_body.iter().flat_map(|body| &body.content);
            for media in contents {
                let Some(value) = made(&document, media) else { continue };
                let is_form = media.name.starts_with(FORM);
                let text = if is_form { form(media, &value) } else { value.to_string() };
                if !is_form && !media.name.contains("json") {
                    continue;
                }
                let mut judge = |text: &str| judged(&document, &bodies, media, text, &mut scratch);
                if !is_form {
                    assert!(text.len() < 2 || judge(&text[..text.len() - 1]).is_err(), "{text}");
                }
                *(if is_form { &mut forms } else { &mut texts }) += 1;
                let faults = judge(&text).unwrap_or_else(|fault| vec![fault]);
                if let Some(fault) = faults.first() {
                    wrong.push(format!(
                        "{}: {}: {}\n{text:.200}",
                        entry.name,
                        place(operation),
                        fault.message
                    ));
                }
            }
        }
    }
    eprintln!("{texts} JSON texts, {forms} forms");
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), texts + forms, wrong.join("\n"));
    assert!(!crate::is_whole_corpus() || texts > 1_000 && forms > 100, "{texts} texts, {forms} forms");
}

fn place(operation: &model::Operation) -> String {
    format!("{} {}", method_name(&operation.method), operation.path)
}

fn made(document: &Document, media: &MediaType) -> Option<Value> {
    let options = Options::new(Direction::Request, true);
    let program = Program::compile(&document.schemas, media.schema?, &options).ok()?;
    Some(program.value(Key(1)))
}

fn judged(
    document: &Document,
    bodies: &Bodies,
    media: &MediaType,
    text: &str,
    scratch: &mut Scratch,
) -> Result<Vec<Fault>, Fault> {
    let content_type = Some(media.name.as_bytes());
    let chosen = bodies.choose(content_type, true).unwrap_or_else(|refusal| panic!("{refusal:?}"));
    let (arena, mut faults) = (Bump::new(), Vec::new());
    let mut bench = Bench { schemas: &document.schemas, scratch, arena: &arena };
    bodies.judge(chosen, content_type, text.as_bytes(), &mut bench, &mut faults)?;
    Ok(faults)
}

/// The members as a client of the API would write them: brackets where the document says `deepObject`.
fn form(media: &MediaType, value: &Value) -> String {
    let mut pairs = Vec::new();
    for (name, value) in value.as_object().into_iter().flatten() {
        let encoding = media.encoding.iter().find(|(each, _)| **each == **name).map(|(_, encoding)| encoding);
        let is_deep = encoding.is_some_and(|encoding| encoding.style == Some(Style::DeepObject));
        match value {
            _ if is_deep => brackets(name.clone(), value, &mut pairs),
            Value::Array(items) => pairs.extend(items.iter().map(|item| pair(name, item))),
            value => pairs.push(pair(name, value)),
        }
    }
    pairs.join("&")
}

fn brackets(name: String, value: &Value, pairs: &mut Vec<String>) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            members.iter().for_each(|(member, value)| brackets(format!("{name}[{member}]"), value, pairs));
        }
        Value::Array(items) if !items.is_empty() => {
            items
                .iter()
                .enumerate()
                .for_each(|(index, value)| brackets(format!("{name}[{index}]"), value, pairs));
        }
        value => pairs.push(pair(&name, value)),
    }
}

fn pair(name: &str, value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let encoded: String = text.bytes().map(|byte| format!("%{byte:02x}")).collect();
    format!("{name}={encoded}")
}
