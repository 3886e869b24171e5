//! The schema of a plugin's configuration: checks one, and adds what was left out.

use mocker_schema::lower::{Dialect, Lowering, Resolve};
use mocker_schema::validate::{Direction, Violation};
use mocker_schema::{SchemaId, Schemas};
use mocker_source::{Diagnostic, Node, escape_token, unescape_token};
use serde_json::{Value, json};

use super::limits::FAULTS;
use super::{Misconfiguration, defaults};
use crate::host;

/// What a plugin may be configured with, by its JSON Schema (2020-12).
#[derive(Debug)]
pub struct Configuration {
    schemas: Schemas,
    root: SchemaId,
    document: Value,
}

/// References inside the schema, which stands somewhere in a file.
struct Inside<'t>(Node<'t>);

impl<'t> Resolve<'t> for Inside<'t> {
    fn resolve(&self, at: Node<'t>, reference: &str) -> Result<Node<'t>, Diagnostic> {
        let found = reference.strip_prefix('#').and_then(|pointer| self.0.at_pointer(pointer));
        found.ok_or_else(|| {
            let message = format!("`{reference}` points at nothing in the schema");
            Diagnostic::error("ref-not-found", at, message)
                .with_help("point at a part of the schema under `config`, as `#/$defs/user`")
        })
    }
}

impl Configuration {
    /// Reads a schema; a fault of it is told at its place.
    pub(super) fn read(schema: Node<'_>) -> (Configuration, Vec<Diagnostic>) {
        let mut lowering = Lowering::new(Dialect::OpenApi31, Inside(schema));
        let root = lowering.lower(schema);
        let (schemas, mut diagnostics) = lowering.finish();
        diagnostics.extend(schemas.pattern_faults());
        (Configuration { schemas, root, document: schema.to_json() }, diagnostics)
    }

    /// The schema of a plugin that has nothing to configure.
    pub(super) fn nothing() -> Configuration {
        let text = br#"{"type": "object", "additionalProperties": false}"#;
        let (tree, _) = mocker_source::parse(mocker_source::FileId(0), text);
        Configuration::read(tree.root()).0
    }

    /// The schema, as it was written.
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// The configuration with defaults added, when it is what the schema says.
    ///
    /// # Errors
    /// Everything that is wrong with it, up to [`FAULTS`].
    pub fn check(&self, given: &Value) -> Result<Value, Vec<Misconfiguration>> {
        if !given.is_object() {
            return Err(vec![Misconfiguration::new("", "it must be a mapping of keys to values")]);
        }
        let mut value = given.clone();
        defaults::fill(&self.schemas, self.root, &mut value);
        let violations = self.schemas.validate(self.root, &value, Direction::Request);
        if violations.is_empty() {
            return Ok(value);
        }
        // What is wrong with a name is told of the name itself, right behind.
        let is_of_a_name = |index: usize| {
            let next = violations.get(index + 1).filter(|next| next.keyword == "propertyNames");
            next.is_some_and(|next| next.path == violations[index].path)
        };
        let told = violations.iter().enumerate().filter(|(index, _)| !is_of_a_name(*index));
        Err(told.take(FAULTS).map(|(_, violation)| self.told(violation, &value)).collect())
    }

    fn told(&self, violation: &Violation, value: &Value) -> Misconfiguration {
        let pointer = pointer(&violation.path);
        let name = label(&violation.path);
        match (violation.keyword, &violation.detail) {
            ("additionalProperties" | "unevaluatedProperties", Some(key)) => self.unknown_key(&pointer, key),
            ("propertyNames", Some(key)) => {
                let member = format!("{pointer}/{}", escape_token(key));
                let fault = Misconfiguration::new(member, format!("`{key}` may not be a key of `{name}`"));
                self.with_description(fault, &pointer)
            }
            ("required", _) => {
                let key = violation.message.split('\'').nth(1).unwrap_or_default();
                let fault = Misconfiguration::new(&pointer, format!("`{key}` is missing"));
                self.with_description(fault, &format!("{pointer}/{}", escape_token(key)))
            }
            ("enum", Some(values)) => {
                let fault = Misconfiguration::new(&pointer, format!("`{name}` must be one of: {values}"));
                let given = value.pointer(&pointer).and_then(Value::as_str).unwrap_or_default();
                match host::nearest(given, values.split(", ")) {
                    Some(near) => fault.with_help(format!("did you mean `{near}`?")),
                    None => self.with_description(fault, &pointer),
                }
            }
            ("pattern", _) => {
                let fault = Misconfiguration::new(&pointer, format!("`{name}` is not written as it must be"));
                let pattern =
                    format!("it must match {}", violation.message.trim_start_matches("must match "));
                match self.description(&pointer) {
                    Some(help) => fault.with_help(help),
                    None => fault.with_help(pattern),
                }
            }
            _ => {
                let fault = Misconfiguration::new(&pointer, format!("`{name}` {}", violation.message));
                self.with_description(fault, &pointer)
            }
        }
    }

    fn unknown_key(&self, parent: &str, key: &str) -> Misconfiguration {
        let fault =
            Misconfiguration::new(format!("{parent}/{}", escape_token(key)), format!("`{key}` is not known"));
        let known = self.schema_at(parent).and_then(|schema| schema["properties"].as_object());
        let names = || known.into_iter().flat_map(|known| known.keys()).map(String::as_str);
        match (host::nearest(key, names()), names().count()) {
            (Some(near), _) => fault.with_help(format!("did you mean `{near}`?")),
            (None, 0) => fault.with_help("there is nothing to configure here"),
            (None, _) => {
                let listed: Vec<String> = names().map(|name| format!("`{name}`")).collect();
                fault.with_help(format!("what is known: {}", listed.join(", ")))
            }
        }
    }

    fn with_description(&self, fault: Misconfiguration, pointer: &str) -> Misconfiguration {
        match self.description(pointer) {
            Some(help) => fault.with_help(help),
            None => fault,
        }
    }

    /// What the schema says of a value, with an example of it.
    fn description(&self, pointer: &str) -> Option<String> {
        let schema = self.schema_at(pointer)?;
        if ["description", "examples", "default"].iter().all(|key| schema.get(key).is_none()) {
            return self.description(&pointer[..pointer.rfind('/')?]);
        }
        let text = schema["description"].as_str().map(|text| text.trim_end_matches('.').to_owned());
        let example = schema["examples"].get(0).or_else(|| schema.get("default"));
        let example = example.map(|example| format!("for example `{}`", bare(example)));
        match (text, example) {
            (Some(text), Some(example)) => Some(format!("{text}; {example}")),
            (text, example) => text.or(example),
        }
    }

    /// The part of the schema that a value of a configuration is judged by, where that is plain to see.
    fn schema_at(&self, pointer: &str) -> Option<&Value> {
        let mut tokens = pointer.split('/').skip(1);
        tokens.try_fold(self.referred(&self.document)?, |schema, token| {
            let member = schema["properties"].get(&*unescape_token(token));
            let rest = || ["items", "additionalProperties"].into_iter().find_map(|key| schema.get(key));
            self.referred(member.or_else(rest)?)
        })
    }

    fn referred<'s>(&'s self, schema: &'s Value) -> Option<&'s Value> {
        let next = |schema: &&'s Value| {
            let reference = schema.get("$ref")?.as_str()?;
            self.document.pointer(reference.strip_prefix('#')?)
        };
        // A chain that ends is shorter than this; one that does not, describes nothing.
        let mut chain = std::iter::successors(Some(schema), next).take(super::limits::DEFAULTS_DEPTH);
        chain.find(|schema| schema.get("$ref").is_none())
    }
}

fn pointer(path: &[String]) -> String {
    path.iter().fold(String::new(), |pointer, token| pointer + "/" + &*escape_token(token))
}

/// What people call a place: `users.ann`, `keys[1]`.
fn label(path: &[String]) -> String {
    let is_index = |token: &str| token.bytes().all(|byte| byte.is_ascii_digit());
    let label = path.iter().fold(String::new(), |label, token| match (label.is_empty(), is_index(token)) {
        (true, _) => token.clone(),
        (false, true) => format!("{label}[{token}]"),
        (false, false) => format!("{label}.{token}"),
    });
    if label.is_empty() { "it".into() } else { label }
}

/// Text without its quotes, anything else as JSON.
fn bare(value: &Value) -> String {
    value.as_str().map_or_else(|| json!(value).to_string(), str::to_owned)
}
