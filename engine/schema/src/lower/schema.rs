//! One schema object: each member to the family of its keyword, then what depends on several.

use mocker_source::{Kind, Node};

use super::{Dialect, Lowering, Place, Resolve};
use crate::node::{Logic, Schema};
use crate::{SchemaId, Types};

/// A schema being read: the node so far, and the members that are only understood together.
#[derive(Default)]
pub(super) struct Draft<'t> {
    pub(super) node: Schema,
    pub(super) types: Option<Node<'t>>,
    pub(super) enumeration: Option<Node<'t>>,
    pub(super) constant: Option<Node<'t>>,
    pub(super) nullable: bool,
    pub(super) exclusive_minimum: bool,
    pub(super) exclusive_maximum: bool,
    pub(super) prefix_items: Option<Node<'t>>,
    pub(super) items: Option<Node<'t>>,
    pub(super) additional_items: Option<Node<'t>>,
    pub(super) discriminator: Option<Node<'t>>,
    pub(super) reference: Option<Node<'t>>,
    pub(super) dynamic_reference: Option<Node<'t>>,
    pub(super) title: Option<Node<'t>>,
    pub(super) example: Option<Node<'t>>,
    pub(super) examples: Option<Node<'t>>,
}

impl<'t, R: Resolve<'t>> Lowering<'t, R> {
    /// Reads `schema`, an object, into node `id`.
    pub(super) fn fill(&mut self, id: SchemaId, schema: Node<'t>, place: Place) {
        let mut draft = Draft {
            node: Schema { position: Some(schema.position()), ..Schema::default() },
            ..Draft::default()
        };
        for (keyword, value) in schema.entries() {
            self.keyword(&mut draft, keyword, value, place);
        }
        self.references(&mut draft, schema);
        self.types_and_values(&mut draft);
        self.array_shape(&mut draft);
        self.exclusive_bounds(&mut draft);
        self.examples(&mut draft);
        if let Some(discriminator) = draft.discriminator {
            self.discriminator(&mut draft, schema, discriminator);
        }
        let node = if draft.nullable { self.with_null(draft.node) } else { draft.node };
        self.nodes[id.index()] = node;
    }

    fn keyword(&mut self, draft: &mut Draft<'t>, keyword: &'t str, value: Node<'t>, place: Place) {
        match keyword {
            "type" => draft.types = Some(value),
            "description" => {}
            "properties" => self.properties(draft, value),
            "$ref" => draft.reference = Some(value),
            "format" => self.format(draft, value),
            "enum" => draft.enumeration = Some(value),
            "items" => draft.items = Some(value),
            "required" if place == Place::Schema => self.required(draft, value),
            "example" | "x-example" => draft.example = Some(value),
            "title" => draft.title = Some(value),
            "nullable" | "x-nullable" => self.nullable(draft, keyword, value),
            "default" | "x-faker" | "xml" => self.note(draft, keyword, value),
            "examples" => draft.examples = Some(value),
            "readOnly" => self.flag(value, keyword, &mut draft.node.read_only),
            "writeOnly" => self.flag(value, keyword, &mut draft.node.write_only),
            "allOf" | "anyOf" | "oneOf" | "not" | "if" | "then" | "else" => self.logic(draft, keyword, value),
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
                self.number_rule(draft, keyword, value);
            }
            "minLength" | "maxLength" | "pattern" | "contentEncoding" | "contentMediaType" => {
                self.string_rule(draft, keyword, value);
            }
            "minItems" | "maxItems" | "uniqueItems" | "contains" | "minContains" | "maxContains"
            | "unevaluatedItems" => self.array_rule(draft, keyword, value),
            "additionalProperties"
            | "patternProperties"
            | "propertyNames"
            | "minProperties"
            | "maxProperties"
            | "dependentRequired"
            | "dependentSchemas"
            | "dependencies"
            | "unevaluatedProperties" => {
                self.object_rule(draft, keyword, value);
            }
            "const" => draft.constant = Some(value),
            "prefixItems" => draft.prefix_items = Some(value),
            "additionalItems" => draft.additional_items = Some(value),
            "discriminator" => draft.discriminator = Some(value),
            "$dynamicRef" => draft.dynamic_reference = Some(value),
            _ => {}
        }
    }

    /// `nullable` is 3.0's, `x-nullable` 2.0's; 3.1 writes `null` among the types.
    fn nullable(&mut self, draft: &mut Draft<'t>, keyword: &str, value: Node<'t>) {
        match (keyword, self.dialect) {
            ("nullable", Dialect::OpenApi30) | ("x-nullable", Dialect::Swagger2) => {
                self.flag(value, keyword, &mut draft.nullable);
            }
            ("nullable", Dialect::OpenApi31) if value.as_bool() == Some(true) => {
                let right = "`type: [..., \"null\"]`";
                self.warn(
                    "nullable-ignored",
                    value,
                    format!("OpenAPI 3.1 has no `nullable`; it writes {right}"),
                );
            }
            _ => {}
        }
    }

    /// `$ref` beside other keywords (3.1), and `$dynamicRef`, taken for what it refers to statically.
    fn references(&mut self, draft: &mut Draft<'t>, schema: Node<'t>) {
        for reference in [draft.reference, draft.dynamic_reference].into_iter().flatten() {
            let Some(text) = reference.as_str() else {
                self.warn("ref-not-string", reference, "a reference is a string; this one is ignored");
                continue;
            };
            let Some(target) = self.referred(schema, text) else { continue };
            if draft.node.reference.is_none() {
                draft.node.reference = Some(target);
            } else {
                let logic = draft.node.logic.get_or_insert_with(Box::<Logic>::default);
                let mut all: Vec<_> = std::mem::take(&mut logic.all_of).into_vec();
                all.push(target);
                logic.all_of = all.into();
            }
        }
    }

    /// A boolean member; anything else is reported and leaves `flag` as it was.
    pub(super) fn flag(&mut self, value: Node<'t>, keyword: &str, flag: &mut bool) {
        match (value.as_bool(), value.as_str()) {
            (Some(truth), _) => *flag = truth,
            (None, Some(text @ ("true" | "false"))) => {
                *flag = text == "true";
                self.warn(
                    "keyword-type",
                    value,
                    format!("`{keyword}` is a boolean, not a string; read as {text}"),
                );
            }
            _ => self.warn("keyword-type", value, format!("`{keyword}` is a boolean; it is ignored")),
        }
    }

    /// `allOf anyOf oneOf not if then else`
    fn logic(&mut self, draft: &mut Draft<'t>, keyword: &str, value: Node<'t>) {
        if matches!(keyword, "allOf" | "anyOf" | "oneOf") {
            let Some(members) = self.schema_list(value, keyword) else { return };
            let logic = draft.node.logic.get_or_insert_with(Box::<Logic>::default);
            match keyword {
                "allOf" => logic.all_of = members,
                "anyOf" => logic.any_of = members,
                _ => logic.one_of = members,
            }
            return;
        }
        let schema = Some(self.id_of(value));
        let logic = draft.node.logic.get_or_insert_with(Box::<Logic>::default);
        match keyword {
            "not" => logic.not = schema,
            "if" => logic.condition = schema,
            "then" => logic.then = schema,
            _ => logic.otherwise = schema,
        }
    }

    /// The schemas of a list; `None` (reported) where it is empty or no list.
    pub(super) fn schema_list(&mut self, value: Node<'t>, keyword: &str) -> Option<Box<[SchemaId]>> {
        if value.kind() != Kind::Array || value.is_empty() {
            self.warn("keyword-type", value, format!("`{keyword}` is a list of schemas; it is ignored"));
            return None;
        }
        Some(value.items().map(|member| self.id_of(member)).collect())
    }

    /// The node beside which `null` is allowed: folded into the type where there is nothing
    /// but the type to allow it, else a choice between the node and `null`.
    fn with_null(&mut self, mut node: Schema) -> Schema {
        if node.reference.is_none() && node.logic.is_none() {
            node.types = node.types.or(Types::NULL);
            if let Some(values) = &mut node.values
                && !values.iter().any(serde_json::Value::is_null)
            {
                let mut longer = std::mem::take(values).into_vec();
                longer.push(serde_json::Value::Null);
                *values = longer.into();
                node.constant = false;
            }
            return node;
        }
        let outer = Schema {
            notes: node.notes.take(),
            read_only: node.read_only,
            write_only: node.write_only,
            position: node.position,
            ..Schema::default()
        };
        let null = Schema { types: Types::NULL, position: node.position, ..Schema::default() };
        let any_of = [self.push(node), self.push(null)].into();
        Schema { logic: Some(Box::new(Logic { any_of, ..Logic::default() })), ..outer }
    }
}
