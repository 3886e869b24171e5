//! How the schemas of a document are written: what the versions of OpenAPI say otherwise than JSON Schema.

use mocker_openapi::References;
use mocker_schema::lower::Dialect;
use mocker_schema::validate::Direction;
use mocker_source::Node;

use crate::limits::MAX_PROOF_REFERENCES;

/// Names that explain beside a `$ref`, and no more.
const EXPLAINING: [&str; 4] = ["$ref", "description", "summary", "$comment"];

/// A schema that stands among others, or among the fields of a Swagger 2.0 parameter.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Schema,
    Parameter,
}

/// One way to read schemas: the dialect, and which way the message goes.
#[derive(Clone, Copy)]
pub(super) struct Reading<'r, 't> {
    pub(super) references: &'r References<'t>,
    pub(super) dialect: Dialect,
    pub(super) direction: Direction,
}

impl<'t> Reading<'_, 't> {
    /// The schema behind references that stand alone: in OpenAPI 2.0 and 3.0 whatever is beside them (3.0.3, "Reference
    /// Object"). `None` where they lead nowhere, or to each other: then anything is allowed.
    pub(super) fn resolved(&self, schema: Node<'t>) -> Option<Node<'t>> {
        let mut at = schema;
        for _ in 0..MAX_PROOF_REFERENCES {
            match self.lone_reference(at) {
                Some(reference) => at = self.references.target(at, reference)?,
                None => return Some(at),
            }
        }
        None
    }

    fn lone_reference(&self, schema: Node<'t>) -> Option<&'t str> {
        let reference = schema.get("$ref")?.as_str()?;
        let is_lone = self.dialect != Dialect::OpenApi31
            || schema.entries().all(|(keyword, _)| EXPLAINING.contains(&keyword));
        is_lone.then_some(reference)
    }

    /// What references beside other keywords stand for (OpenAPI 3.1).
    pub(super) fn beside(&self, schema: Node<'t>) -> Vec<Node<'t>> {
        let written = ["$ref", "$dynamicRef"].into_iter().filter_map(|keyword| schema.get(keyword)?.as_str());
        written.filter_map(|reference| self.references.target(schema, reference)).collect()
    }

    /// Whether messages of this direction do not declare the property: requests what is `readOnly`.
    pub(super) fn is_withheld(&self, property: Node<'t>) -> bool {
        self.direction == Direction::Request && self.is_marked(property, "readOnly")
    }

    /// Whether the property may be absent though it is required: `readOnly` in requests, `writeOnly` in responses
    /// (OpenAPI 3.0.3, "Schema Object").
    pub(super) fn is_excused(&self, property: Node<'t>) -> bool {
        let mark = if self.direction == Direction::Request { "readOnly" } else { "writeOnly" };
        self.is_marked(property, mark)
    }

    fn is_marked(&self, property: Node<'t>, mark: &str) -> bool {
        let mut at = Some(property);
        for _ in 0..MAX_PROOF_REFERENCES {
            let Some(schema) = at else { return false };
            let is_lone = self.lone_reference(schema).is_some() && self.dialect != Dialect::OpenApi31;
            if !is_lone && schema.get(mark).is_some_and(is_true) {
                return true;
            }
            at = schema
                .get("$ref")
                .and_then(Node::as_str)
                .and_then(|reference| self.references.target(schema, reference));
        }
        false
    }

    /// Whether `null` is allowed beside what the schema says.
    pub(super) fn is_nullable(&self, schema: Node<'t>) -> bool {
        let keyword = match self.dialect {
            Dialect::Swagger2 => "x-nullable",
            Dialect::OpenApi30 => "nullable",
            Dialect::OpenApi31 => return false,
        };
        schema.get(keyword).is_some_and(is_true)
    }
}

/// `true`, in quotes too.
pub(super) fn is_true(value: Node<'_>) -> bool {
    value.as_bool().unwrap_or(value.as_str() == Some("true"))
}
