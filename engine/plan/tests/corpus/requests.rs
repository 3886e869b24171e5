//! Every operation of every real document: parameters that obey their schemas, written in their styles, are
//! accepted.

use bumpalo::Bump;
use mocker_http::Limits;
use mocker_http::request::{Progress, Slots, head};
use mocker_openapi::Document;
use mocker_openapi::model::{Operation, Parameter, Place, Style};
use mocker_plan::request::{Fault, Parameters, Sent, Severity};
use mocker_plan::route::{Captures, Outcome, Request, Route, Router};
use mocker_schema::generate::{Key, Options, Program};
use mocker_schema::validate::Direction;
use serde_json::Value;

#[test]
fn what_is_written_by_the_document_is_accepted() {
    let Some(corpus) = crate::corpus() else { return };
    let mut wrong = Vec::new();
    let mut sent = 0;
    for entry in corpus {
        let document = crate::document(&entry.path);
        for operation in &document.operations {
            let (count, faults) = judge(&document, operation, Key(3));
            sent += count;
            let name = format!("{} {:?} {}", entry.name, operation.method, operation.path);
            wrong.extend(faults.into_iter().map(|fault| format!("{name}: {fault}")));
        }
    }
    assert!(!crate::is_whole_corpus() || sent > 10_000, "only {sent} parameters in the corpus");
    assert!(wrong.is_empty(), "{} of {sent} parameters:\n{}", wrong.len(), wrong.join("\n"));
}

/// How many parameters were sent, and what was wrong with them.
fn judge(document: &Document, operation: &Operation, key: Key) -> (usize, Vec<String>) {
    let mut message = Message { path: operation.path.to_string(), ..Message::default() };
    let mut sent = 0;
    let mut unsent = Vec::new();
    for parameter in &operation.parameters {
        let value = value(document, parameter, key.with(parameter.name.as_bytes()));
        match value.filter(|value| message.add(parameter, value)) {
            Some(_) => sent += 1,
            None => unsent.push(parameter.name.to_lowercase()),
        }
    }
    let faults = message.faults(document, operation).into_iter().filter(|fault| {
        let is_unsent = unsent
            .iter()
            .any(|name| fault.message.ends_with(&format!("'{name}'")) || fault.location.get(1) == Some(name));
        fault.severity == Severity::Error && !is_unsent
    });
    (sent, faults.map(|fault| format!("{} ({})", fault.message, message.target())).collect())
}

/// A value for a parameter; none where its schema refuses all, or speaks of JSON or of nothing.
fn value(document: &Document, parameter: &Parameter, key: Key) -> Option<Value> {
    let options = Options::new(Direction::Request, true);
    let value = Program::compile(&document.schemas, parameter.schema?, &options).ok()?.value(key);
    document.schemas.is_valid(parameter.schema?, &value, Direction::Request).then_some(value)
}

/// A request under construction.
#[derive(Default)]
struct Message {
    path: String,
    query: Vec<String>,
    fields: String,
}

impl Message {
    /// Writes a parameter; false where its style has no way to write the value.
    fn add(&mut self, parameter: &Parameter, value: &Value) -> bool {
        let name = &parameter.name;
        let is_written = match parameter.place {
            Place::Path => self.add_to_path(parameter, value),
            Place::Query => query(parameter, value).map(|pairs| self.query.extend(pairs)),
            Place::Header => joined(parameter, value, |text| text.to_owned())
                .filter(|text| text.is_ascii() && text.trim() == text && !text.contains(['\r', '\n']))
                .map(|text| self.fields += &format!("{name}: {text}\r\n")),
            Place::Cookie => joined(parameter, value, encoded)
                .filter(|_| !parameter.explode || is_scalar(value))
                .map(|text| self.fields += &format!("Cookie: {name}={text}\r\n")),
            Place::QueryString => None,
        };
        is_written.is_some()
    }

    fn add_to_path(&mut self, parameter: &Parameter, value: &Value) -> Option<()> {
        let text = joined(parameter, value, encoded)?;
        if !matches!(parameter.style, Style::Simple) {
            return None;
        }
        self.path = self.path.replace(&format!("{{{}}}", parameter.name), &text);
        Some(())
    }

    fn target(&self) -> String {
        let path = self.path.replace(['{', '}'], "x");
        if self.query.is_empty() { path } else { format!("{path}?{}", self.query.join("&")) }
    }

    fn faults(&self, document: &Document, operation: &Operation) -> Vec<Fault> {
        let input = format!("GET {} HTTP/1.1\r\nHost: x\r\n{}\r\n", self.target(), self.fields);
        let mut slots = Slots::new();
        let limits = Limits { head: 1 << 20, target: 1 << 20, ..Limits::default() };
        let head = match head(input.as_bytes(), &mut Progress::default(), &limits, &mut slots) {
            Ok(Some(head)) => head,
            // Names that no header field can have
            _ => return Vec::new(),
        };
        let (path, query) = (head.target.path, head.target.query.unwrap_or_default());
        let (router, _) = Router::build([Route { template: &operation.path, method: "GET", operation: 0 }]);
        let mut captures = Captures::new();
        let request = Request { method: b"GET", path, query };
        let Outcome::Operation(matched) = router.find(&request, &|_| None, &mut captures) else {
            return Vec::new();
        };
        let names = router.names(matched.template);
        let arena = Bump::new();
        let sent = Sent { captures: &captures, names, path, query, fields: &head.fields };
        let mut faults = Vec::new();
        Parameters::compile(document, operation).judge(&document.schemas, &sent, &arena, &mut faults);
        faults
    }
}

/// The pairs of a parameter in the query.
fn query(parameter: &Parameter, value: &Value) -> Option<Vec<String>> {
    let name = encoded(&parameter.name);
    match (parameter.style, value) {
        (Style::DeepObject, Value::Object(_) | Value::Array(_)) => {
            let mut pairs = Vec::new();
            deep(&name, value, &mut pairs);
            Some(pairs)
        }
        (_, Value::Array(items)) if parameter.explode && !items.is_empty() => {
            items.iter().map(|item| Some(format!("{name}={}", encoded(&scalar(item)?)))).collect()
        }
        (Style::Form, Value::Object(members)) if parameter.explode => {
            let pair = |(name, value): (&String, &Value)| {
                Some(format!("{}={}", encoded(name), encoded(&scalar(value)?)))
            };
            members.iter().map(pair).collect()
        }
        _ => Some(vec![format!("{name}={}", joined(parameter, value, encoded)?)]),
    }
}

fn deep(name: &str, value: &Value, pairs: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| deep(&format!("{name}[{index}]"), item, pairs));
        }
        Value::Object(members) => {
            members
                .iter()
                .for_each(|(member, value)| deep(&format!("{name}[{}]", encoded(member)), value, pairs));
        }
        single => pairs.extend(scalar(single).map(|text| format!("{name}={}", encoded(&text)))),
    }
}

/// A value as one text, in a style that writes it so.
fn joined(parameter: &Parameter, value: &Value, encode: fn(&str) -> String) -> Option<String> {
    let separator = match parameter.style {
        Style::SpaceDelimited => "%20",
        Style::PipeDelimited => "|",
        Style::TabDelimited => "%09",
        _ => ",",
    };
    let part = |value: &Value| {
        let text = scalar(value)?;
        // Without a separator that stands there as itself an encoded one would count
        (!text.contains([',', '|', ' ', '\t'])).then(|| encode(&text))
    };
    let parts: Option<Vec<String>> = match value {
        Value::Array(items) if items.is_empty() => return None,
        Value::Array(items) => items.iter().map(part).collect(),
        Value::Object(members) if members.is_empty() => return None,
        Value::Object(members) => {
            let between = if parameter.explode { "=" } else { separator };
            members
                .iter()
                .map(|(name, value)| Some(format!("{}{between}{}", encode(name), part(value)?)))
                .collect()
        }
        single => return Some(encode(&scalar(single)?)),
    };
    Some(parts?.join(separator))
}

fn is_scalar(value: &Value) -> bool {
    !value.is_array() && !value.is_object()
}

/// The text of a scalar; none for what looks the same as nothing.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn encoded(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}
