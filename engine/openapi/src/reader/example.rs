//! `example` and `examples`: Example Objects (OpenAPI 3.2 §4.19) and what authors write instead.

use std::sync::Arc;

use mocker_source::{Diagnostic, Kind, Node};

use super::Reader;
use crate::codes;
use crate::model::{Example, ExampleValue};

/// Fields of an Example Object that hold its value.
const VALUES: [&str; 4] = ["value", "dataValue", "serializedValue", "externalValue"];

/// Names a file whose content is the body.
const BODY_FILE: &str = "x-mocker-body-file";

/// Whether nothing says that `{{` and `{%` mean nothing.
pub(super) fn may_be_template(holder: Node<'_>) -> bool {
    holder.get("x-mocker-template").and_then(Node::as_bool) != Some(false)
}

impl<'t> Reader<'_, 't> {
    /// `example` (named `default`) and then `examples`.
    pub(super) fn examples(&mut self, holder: Node<'t>) -> Vec<Example> {
        let mut examples = Vec::new();
        if let Some(node) = holder.get("example") {
            examples.push(self.bare_example("default", node));
        }
        let Some(map) = holder.get("examples").and_then(|map| self.deref(map)) else { return examples };
        match map.kind() {
            Kind::Object => {
                let entries = map.entries().filter(|(name, _)| !name.starts_with("x-"));
                examples.extend(entries.filter_map(|(name, node)| self.example(name, node)));
            }
            Kind::Array => {
                let message = "`examples` should map names to Example Objects, this is an array";
                self.report_shape(map, message);
                let items = map.items().enumerate();
                examples.extend(items.filter_map(|(index, node)| self.example(&index.to_string(), node)));
            }
            Kind::Null => {}
            _ => self.wrong_type(map, "examples", "an object"),
        }
        examples
    }

    fn report_shape(&mut self, node: Node<'t>, message: impl Into<String>) {
        let help = "write `examples: { some-name: { value: ... } }`";
        self.report(Diagnostic::warning(codes::EXAMPLES_SHAPE, node, message).with_help(help));
    }

    fn example(&mut self, name: &str, node: Node<'t>) -> Option<Example> {
        let node = self.deref(node)?;
        let position = node.position();
        let value = self.example_value(name, node)?;
        let mut example = Example::new(name, value, position);
        example.is_template &= may_be_template(node);
        Some(example)
    }

    /// The content of the file that `x-mocker-body-file` names: an example that goes before the others.
    pub(super) fn body_file(&mut self, holder: Node<'t>) -> Option<Example> {
        let file = self.text(holder, BODY_FILE)?;
        let node = holder.get(BODY_FILE)?;
        match self.resolver.content(holder, file) {
            Ok(content) => Some(Example::new("body-file", ExampleValue::Content(content), node.position())),
            Err((location, reason)) => {
                let message = format!("the body cannot be read from {location}: {reason}");
                let help = "mend `x-mocker-body-file`; until then the response is as good as without it";
                self.report(Diagnostic::warning(codes::EXAMPLE_UNREADABLE, node, message).with_help(help));
                None
            }
        }
    }

    fn example_value(&mut self, name: &str, node: Node<'t>) -> Option<ExampleValue> {
        if !VALUES.iter().any(|field| node.get(field).is_some()) {
            let describes = |key: &str| matches!(key, "summary" | "description") || key.starts_with("x-");
            if node.kind() == Kind::Object && node.entries().all(|(key, _)| describes(key)) {
                let message = format!("the example `{name}` has no `value`");
                self.report(
                    Diagnostic::warning(codes::EXAMPLE_EMPTY, node, message).with_help("add `value`"),
                );
                return None;
            }
            // arrays have been reported as a whole
            if node.key().is_some() {
                self.report_shape(node, format!("the example `{name}` should hold its value under `value`"));
            }
            return Some(ExampleValue::Json(self.example_text(node)));
        }
        if let Some(text) = node.get("serializedValue").and_then(Node::as_str) {
            return Some(ExampleValue::Serialized(text.into()));
        }
        if let Some(value) = node.get("value").or_else(|| node.get("dataValue")) {
            let value = self.through_reference(value);
            return Some(ExampleValue::Json(self.example_text(value)));
        }
        let external = self.text(node, "externalValue")?;
        Some(match self.resolver.content(node, external) {
            Ok(content) => ExampleValue::Content(content),
            Err((location, reason)) => {
                let message = format!("the example `{name}` cannot be read from {location}: {reason}");
                let help = "mend `externalValue`; until then the example is as good as not there";
                self.report(Diagnostic::warning(codes::EXAMPLE_UNREADABLE, node, message).with_help(help));
                ExampleValue::External(location.into())
            }
        })
    }

    /// An example that is its value.
    pub(crate) fn bare_example(&mut self, name: &str, node: Node<'t>) -> Example {
        let node = self.through_reference(node);
        Example::new(name, ExampleValue::Json(self.example_text(node)), node.position())
    }

    /// `example: { $ref: ... }` is data by the letter and a reference by intention: followed where it
    /// leads somewhere.
    fn through_reference(&mut self, node: Node<'t>) -> Node<'t> {
        let Some(reference) = node.get("$ref").filter(|_| node.len() == 1) else { return node };
        let Ok(target) = self.resolver.deref(node) else { return node };
        let message = "a value stands here, not a reference; it is followed all the same";
        let help = "use `examples` with a reference to an Example Object";
        self.report(Diagnostic::warning(codes::EXAMPLE_REF, reference, message).with_help(help));
        target
            .get("value")
            .filter(|_| VALUES.iter().any(|field| target.get(field).is_some()))
            .unwrap_or(target)
    }

    fn example_text(&mut self, node: Node<'t>) -> Arc<str> {
        let text = self.example_texts.entry(node.id()).or_insert_with(|| {
            let mut json = Vec::new();
            node.write_json(&mut json);
            String::from_utf8(json).unwrap_or_default().into()
        });
        Arc::clone(text)
    }
}
