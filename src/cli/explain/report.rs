//! What is explained, for people and for machines.

use std::fmt::Write;

use serde_json::{Value, json};

use super::body::Body;
use crate::limits::MAX_REASONS;

/// Everything that is said of a request.
pub(super) struct Report {
    pub(super) request: String,
    pub(super) operation: Option<Declared>,
    /// The path template that matched, with its prefix
    pub(super) template: Option<String>,
    pub(super) base_path: Option<String>,
    pub(super) variables: Vec<(String, String)>,
    /// Place, name and value
    pub(super) parameters: Vec<(&'static str, String, Value)>,
    /// In the order in which they are taken
    pub(super) steps: Vec<Step>,
    pub(super) answer: Answer,
    /// What it is made of, where it is generated
    pub(super) body: Option<Body>,
    /// Why not the others
    pub(super) others: Vec<Others>,
}

/// An operation, and where it stands.
pub(super) struct Declared {
    /// `GET /pets/{petId}`
    pub(super) name: String,
    pub(super) id: Option<String>,
    /// Title of the document
    pub(super) document: String,
    /// File and line
    pub(super) place: Option<(String, u32)>,
}

/// One step on the way to the answer.
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) text: String,
    pub(super) details: Vec<String>,
}

/// The answer as it would be sent.
pub(super) struct Answer {
    pub(super) status: u16,
    /// Status line and fields
    pub(super) head: Vec<String>,
    /// Its first part
    pub(super) body: String,
    /// Bytes of the whole body
    pub(super) length: usize,
}

/// What did not become the answer, and why.
pub(super) struct Others {
    pub(super) kind: &'static str,
    pub(super) reasons: Vec<String>,
}

impl Report {
    pub(super) fn text(&self) -> String {
        let mut out = format!("{}\n\n", self.request);
        let mut line = |name: &str, text: &str| {
            // Writing to a String cannot fail.
            let _ = writeln!(out, "{name:<11} {text}");
        };
        match &self.operation {
            Some(operation) => line("operation", &operation.text()),
            None => line("operation", "none"),
        }
        if let Some(template) = &self.template {
            line("path", template);
        }
        if let Some(base) = self.base_path.as_deref().filter(|base| !base.is_empty()) {
            line("base path", base);
        }
        for (name, value) in &self.variables {
            line("variable", &format!("{name} = {value}"));
        }
        for (place, name, value) in &self.parameters {
            line("parameter", &format!("{place} {name} = {value} ({})", kind(value)));
        }
        out.push_str("\nsteps\n");
        for (number, step) in (1..).zip(&self.steps) {
            let _ = writeln!(out, "  {number}. {:<11} {}", step.name, step.text);
            step.details.iter().for_each(|detail| out.push_str(&format!("       {detail}\n")));
        }
        if let Some(body) = &self.body {
            out.push_str(&body.text());
        }
        out.push_str("\nanswer\n");
        self.answer.head.iter().for_each(|field| out.push_str(&format!("  {field}\n")));
        if !self.answer.body.is_empty() {
            out.push('\n');
            self.answer.body.lines().for_each(|text| out.push_str(&format!("  {text}\n")));
        }
        if self.answer.is_cut() {
            let _ = writeln!(out, "  ... ({} bytes in all)", self.answer.length);
        }
        if !self.others.is_empty() {
            out.push_str("\nwhy not\n");
        }
        for others in &self.others {
            let _ = writeln!(out, "  {}", others.kind);
            others
                .reasons
                .iter()
                .take(MAX_REASONS)
                .for_each(|reason| out.push_str(&format!("    {reason}\n")));
            if let Some(more) = others.reasons.len().checked_sub(MAX_REASONS).filter(|more| *more > 0) {
                let _ = writeln!(out, "    and {more} more");
            }
        }
        out
    }

    pub(super) fn json(&self) -> Value {
        let parameter = |(place, name, value): &(&str, String, Value)| json!({ "in": place, "name": name, "value": value, "type": kind(value) });
        let step = |step: &Step| json!({ "step": step.name, "text": step.text, "details": step.details });
        let variables =
            self.variables.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str())));
        let others = self.others.iter().map(|others| (others.kind.to_owned(), json!(others.reasons)));
        json!({
            "request": self.request,
            "operation": self.operation.as_ref().map(Declared::json),
            "path": self.template,
            "basePath": self.base_path,
            "variables": Value::Object(variables.collect()),
            "parameters": Value::from_iter(self.parameters.iter().map(parameter)),
            "steps": Value::from_iter(self.steps.iter().map(step)),
            "body": self.body.as_ref().map(Body::json),
            "answer": {
                "status": self.answer.status,
                "head": self.answer.head,
                "body": self.answer.body,
                "bodyBytes": self.answer.length,
                "isCut": self.answer.is_cut(),
            },
            "others": Value::Object(others.collect()),
        })
    }
}

impl Answer {
    fn is_cut(&self) -> bool {
        self.length > crate::limits::MAX_EXPLAINED_BODY
    }
}

impl Declared {
    /// `GET /pets (listPets) of "Petstore", openapi.yaml:12`
    pub(super) fn text(&self) -> String {
        let mut text = self.name.clone();
        if let Some(id) = &self.id {
            let _ = write!(text, " ({id})");
        }
        let _ = write!(text, " of \"{}\"", self.document);
        if let Some((file, line)) = &self.place {
            let _ = write!(text, ", {file}:{line}");
        }
        text
    }

    fn json(&self) -> Value {
        json!({
            "name": self.name,
            "operationId": self.id,
            "document": self.document,
            "file": self.place.as_ref().map(|(file, _)| file),
            "line": self.place.as_ref().map(|(_, line)| line),
        })
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
