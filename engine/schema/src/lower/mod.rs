//! From document values to schema nodes: every dialect's way of saying it, brought to one.

mod array;
mod compose;
mod cycles;
mod discriminator;
mod local;
mod notes;
mod object;
mod reference;
mod scalar;
mod schema;
mod values;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use mocker_source::{Diagnostic, Kind, Node, NodeId};

use crate::node::{Code, Notes, Schema};
use crate::pattern::{Pattern, Patterns};
use crate::{SchemaId, Schemas, Types, limits};

pub use compose::Composition;
pub use local::{Local, local};

/// Which rules the author wrote by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Swagger 2.0: `x-nullable`, boolean `exclusiveMinimum`, `$ref` siblings ignored
    Swagger2,
    /// OpenAPI 3.0: `nullable`, boolean `exclusiveMinimum`, `$ref` siblings ignored
    OpenApi30,
    /// OpenAPI 3.1 and 3.2: JSON Schema 2020-12
    OpenApi31,
}

/// Finds what a `$ref` (or `$dynamicRef`) points at; the documents' owner implements it.
pub trait Resolve<'t> {
    /// The value that `reference`, written in `at`, stands for.
    ///
    /// # Errors
    /// A diagnostic that says why there is none.
    fn resolve(&self, at: Node<'t>, reference: &str) -> Result<Node<'t>, Diagnostic>;
}

/// Lowers schemas into one arena; a value is lowered once however often it is referred to.
pub struct Lowering<'t, R> {
    resolver: R,
    dialect: Dialect,
    nodes: Vec<Schema>,
    known: HashMap<NodeId, SchemaId>,
    pending: Vec<(SchemaId, Node<'t>)>,
    names: HashMap<SchemaId, Arc<str>>,
    /// What descriptions say of how codes are written
    codes: Vec<(SchemaId, Code)>,
    strings: HashSet<Arc<str>>,
    patterns: Patterns,
    always: Option<SchemaId>,
    never: Option<SchemaId>,
    node_limit: usize,
    diagnostics: Vec<Diagnostic>,
    diagnostics_lost: usize,
}

impl<'t, R: Resolve<'t>> Lowering<'t, R> {
    /// An empty arena for schemas of one dialect.
    pub fn new(dialect: Dialect, resolver: R) -> Self {
        Lowering {
            resolver,
            dialect,
            nodes: Vec::new(),
            known: HashMap::new(),
            pending: Vec::new(),
            names: HashMap::new(),
            codes: Vec::new(),
            strings: HashSet::new(),
            patterns: Patterns::default(),
            always: None,
            never: None,
            node_limit: limits::NODES,
            diagnostics: Vec::new(),
            diagnostics_lost: 0,
        }
    }

    /// The node for a schema value. Cycles are fine. What cannot mean anything becomes a
    /// schema without that keyword, and a diagnostic.
    pub fn lower(&mut self, schema: Node<'t>) -> SchemaId {
        let id = self.id_of(schema);
        while let Some((id, schema)) = self.pending.pop() {
            self.fill(id, schema, Place::Schema);
        }
        id
    }

    /// The node for what Swagger 2.0 writes into a parameter or header itself: `type`,
    /// `format`, `items` and the bounds beside `name`, `in` and a boolean `required`.
    pub fn lower_parameter(&mut self, parameter: Node<'t>) -> SchemaId {
        if let Some(id) = self.known.get(&parameter.id()) {
            return *id;
        }
        let Some(id) = self.reserve(parameter) else { return self.always() };
        self.known.insert(parameter.id(), id);
        self.fill(id, parameter, Place::Parameter);
        while let Some((id, schema)) = self.pending.pop() {
            self.fill(id, schema, Place::Schema);
        }
        id
    }

    /// Keeps the arena below `nodes` nodes instead of [`limits::NODES`].
    pub fn with_node_limit(mut self, nodes: usize) -> Self {
        self.node_limit = nodes.min(limits::NODES);
        self
    }

    /// The finished arena and what was odd.
    pub fn finish(mut self) -> (Schemas, Vec<Diagnostic>) {
        self.inherit_discriminators();
        for (id, name) in std::mem::take(&mut self.names) {
            self.nodes[id.index()].notes.get_or_insert_with(Box::<Notes>::default).name = Some(name);
        }
        for (id, code) in std::mem::take(&mut self.codes) {
            self.nodes[id.index()].notes.get_or_insert_with(Box::<Notes>::default).code = Some(code);
        }
        cycles::cut(&mut self.nodes, &mut self.diagnostics);
        if self.diagnostics_lost > 0 {
            let message = format!("{} more faults of schemas are not listed", self.diagnostics_lost);
            self.diagnostics.push(Diagnostic::warning_at("too-many-faults", None, message));
        }
        self.nodes.shrink_to_fit();
        (Schemas { nodes: self.nodes }, self.diagnostics)
    }

    /// The node for a schema value, which is filled later; references that stand alone are
    /// followed at once and need no node.
    fn id_of(&mut self, schema: Node<'t>) -> SchemaId {
        if let Some(id) = self.known.get(&schema.id()) {
            return *id;
        }
        if let Some(reference) = self.lone_reference(schema) {
            return self.follow(schema, reference);
        }
        let id = self.id_of_written(schema);
        self.known.insert(schema.id(), id);
        id
    }

    fn id_of_written(&mut self, schema: Node<'t>) -> SchemaId {
        match schema.as_bool() {
            Some(true) => return self.always(),
            Some(false) => return self.never(),
            None => {}
        }
        if schema.kind() != Kind::Object {
            let found = kind_name(schema.kind());
            self.warn(
                "schema-not-object",
                schema,
                format!("a schema is an object, not {found}; anything is allowed"),
            );
            return self.always();
        }
        let Some(id) = self.reserve(schema) else { return self.always() };
        self.pending.push((id, schema));
        if let Some(name) = component_name(schema) {
            let name = self.intern(name);
            self.names.insert(id, name);
        }
        id
    }

    fn reserve(&mut self, at: Node<'t>) -> Option<SchemaId> {
        if self.nodes.len() >= self.node_limit {
            let limit = self.node_limit;
            if self.diagnostics.last().is_none_or(|last| last.code != "too-many-schemas") {
                self.error(
                    "too-many-schemas",
                    at,
                    format!("more than {limit} schemas; this one allows anything"),
                );
            }
            return None;
        }
        Some(self.push(Schema::default()))
    }

    fn push(&mut self, schema: Schema) -> SchemaId {
        self.nodes.push(schema);
        SchemaId::new(self.nodes.len() - 1)
    }

    /// The schema `true`.
    fn always(&mut self) -> SchemaId {
        if let Some(id) = self.always {
            return id;
        }
        let id = self.push(Schema::default());
        self.always = Some(id);
        id
    }

    /// The schema `false`.
    fn never(&mut self) -> SchemaId {
        if let Some(id) = self.never {
            return id;
        }
        let id = self.push(Schema { types: Types::NONE, ..Schema::default() });
        self.never = Some(id);
        id
    }

    fn intern(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.strings.get(text) {
            return Arc::clone(known);
        }
        let text: Arc<str> = text.into();
        self.strings.insert(Arc::clone(&text));
        text
    }

    fn pattern(&mut self, source: &str) -> Arc<Pattern> {
        self.patterns.intern(source)
    }

    fn warn(&mut self, code: &'static str, at: Node<'t>, message: impl Into<String>) {
        self.report(|| Diagnostic::warning(code, at, message));
    }

    fn error(&mut self, code: &'static str, at: Node<'t>, message: impl Into<String>) {
        self.report(|| Diagnostic::error(code, at, message));
    }

    fn report(&mut self, diagnostic: impl FnOnce() -> Diagnostic) {
        if self.diagnostics.len() < limits::DIAGNOSTICS {
            self.diagnostics.push(diagnostic());
        } else {
            self.diagnostics_lost += 1;
        }
    }
}

/// Where a schema's keywords are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Schema,
    /// Among the fields of a Swagger 2.0 parameter
    Parameter,
}

/// `Pet` of `#/components/schemas/Pet`, `#/definitions/Pet` and `#/$defs/Pet`.
fn component_name(schema: Node<'_>) -> Option<&str> {
    let parent = schema.parent()?;
    let named = match parent.key()? {
        "schemas" => parent.parent()?.key()? == "components",
        "definitions" | "$defs" => true,
        _ => false,
    };
    if named { schema.key() } else { None }
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Null => "null",
        Kind::Bool => "a boolean",
        Kind::Number => "a number",
        Kind::String => "a string",
        Kind::Array => "a list",
        Kind::Object => "an object",
    }
}
