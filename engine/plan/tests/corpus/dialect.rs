//! A schema of a document as a JSON Schema of its own, for a validator that knows no OpenAPI:
//! written from the specifications, without a look at how we lower schemas.

use serde_json::{Map, Value, json};

/// How the schemas of a document are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Swagger2,
    OpenApi30,
    OpenApi31,
}

impl Dialect {
    pub(crate) fn of(root: &Value) -> Option<Dialect> {
        let version = root.get("openapi").or(root.get("swagger"))?;
        let version = version.as_str().map_or_else(|| version.to_string(), str::to_owned);
        match version.as_str() {
            v if v.starts_with('2') => Some(Dialect::Swagger2),
            v if v.starts_with("3.0") => Some(Dialect::OpenApi30),
            v if v.starts_with('3') => Some(Dialect::OpenApi31),
            _ => None,
        }
    }
}

/// Rewrites schemas of one document, with what they refer to.
pub(crate) struct Bundle<'v> {
    pub(crate) root: &'v Value,
    pub(crate) dialect: Dialect,
    /// References in the order of `$defs`
    references: Vec<String>,
}

/// Keywords whose value is a schema, a list of them, or an object of them.
const ONE: &[&str] = &[
    "additionalProperties",
    "not",
    "contains",
    "if",
    "then",
    "else",
    "propertyNames",
    "unevaluatedProperties",
    "unevaluatedItems",
];
const LISTS: &[&str] = &["allOf", "anyOf", "oneOf", "prefixItems"];
const MAPS: &[&str] = &["properties", "patternProperties", "dependentSchemas"];
/// Keywords that are the same in every dialect.
const PLAIN: &[&str] = &[
    "type",
    "enum",
    "const",
    "multipleOf",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "pattern",
    "format",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minContains",
    "maxContains",
    "minProperties",
    "maxProperties",
    "dependentRequired",
];

impl<'v> Bundle<'v> {
    pub(crate) fn new(root: &'v Value, dialect: Dialect) -> Self {
        Bundle { root, dialect, references: Vec::new() }
    }

    /// `schema` for responses, with the closure of its references; `None` when a reference
    /// leads out of the document or there are more than `most`.
    pub(crate) fn standalone(mut self, schema: &Value, most: usize) -> Option<Value> {
        let mut converted = self.schema(schema);
        let mut definitions = Map::new();
        while let Some(reference) = self.references.get(definitions.len()).cloned() {
            if self.references.len() > most {
                return None;
            }
            let target = self.target(&reference)?;
            let definition = self.schema(target);
            definitions.insert(definitions.len().to_string(), definition);
        }
        if let (Value::Object(members), false) = (&mut converted, definitions.is_empty()) {
            members.insert("$defs".to_owned(), Value::Object(definitions));
        }
        Some(converted)
    }

    /// What a reference inside the document points at.
    pub(crate) fn target(&self, reference: &str) -> Option<&'v Value> {
        let pointer = reference.strip_prefix('#')?;
        let decoded = pointer.replace("%7B", "{").replace("%7D", "}").replace("%20", " ");
        self.root.pointer(&decoded)
    }

    fn schema(&mut self, schema: &Value) -> Value {
        let Value::Object(members) = schema else {
            return if schema.is_boolean() { schema.clone() } else { Value::Bool(true) };
        };
        let mut out = Map::new();
        if let Some(Value::String(reference)) = members.get("$ref") {
            out.insert("$ref".to_owned(), self.reference(reference));
            if self.dialect != Dialect::OpenApi31 {
                return Value::Object(out);
            }
        }
        for (keyword, value) in members {
            if let Some(value) = self.keyword(members, keyword, value) {
                out.insert(keyword.clone(), value);
            }
        }
        formats(&mut out);
        if self.dialect != Dialect::OpenApi31 {
            return self.older(members, out);
        }
        Value::Object(out)
    }

    fn reference(&mut self, reference: &str) -> Value {
        let known = self.references.iter().position(|known| known == reference);
        let index = known.unwrap_or_else(|| {
            self.references.push(reference.to_owned());
            self.references.len() - 1
        });
        json!(format!("#/$defs/{index}"))
    }

    fn keyword(&mut self, members: &Map<String, Value>, keyword: &str, value: &Value) -> Option<Value> {
        if ONE.contains(&keyword) || keyword == "items" && !value.is_array() {
            return Some(self.schema(value));
        }
        if let (true, Value::Array(schemas)) = (LISTS.contains(&keyword), value) {
            return Some(schemas.iter().map(|schema| self.schema(schema)).collect());
        }
        if let (true, Value::Object(schemas)) = (MAPS.contains(&keyword), value) {
            let converted = schemas.iter().map(|(name, schema)| (name.clone(), self.schema(schema)));
            return Some(Value::Object(converted.collect()));
        }
        if let ("required", Value::Array(names)) = (keyword, value) {
            let properties = members.get("properties");
            let is_sent = |name: &&Value| {
                let property = name.as_str().and_then(|name| properties?.get(name));
                !property.is_some_and(|property| self.is_write_only(property))
            };
            return Some(names.iter().filter(is_sent).cloned().collect());
        }
        PLAIN.contains(&keyword).then(|| value.clone())
    }

    /// `writeOnly` of a property or of what it refers to: it is not required of responses
    /// (OpenAPI 3.0.3, "Schema Object").
    fn is_write_only(&self, property: &Value) -> bool {
        let mut at = Some(property);
        for _ in 0..16 {
            let Some(schema) = at else { return false };
            if schema.get("writeOnly") == Some(&Value::Bool(true)) {
                return true;
            }
            at = schema.get("$ref").and_then(Value::as_str).and_then(|reference| self.target(reference));
        }
        false
    }

    /// What OpenAPI 2.0 and 3.0 say otherwise than JSON Schema 2020-12.
    fn older(&self, members: &Map<String, Value>, mut out: Map<String, Value>) -> Value {
        for (flag, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
            if let Some(Value::Bool(is_exclusive)) = out.remove(flag)
                && is_exclusive
                && let Some(bound) = out.remove(bound)
            {
                out.insert(flag.to_owned(), bound);
            }
        }
        if out.get("type") == Some(&json!("file")) {
            out.insert("type".to_owned(), json!("string"));
        }
        let nullable = if self.dialect == Dialect::Swagger2 { "x-nullable" } else { "nullable" };
        match members.get(nullable) {
            Some(Value::Bool(true)) => json!({"anyOf": [out, {"type": "null"}]}),
            _ => Value::Object(out),
        }
    }
}

/// Formats that JSON Schema does not know, said by what it knows (the OpenAPI format registry;
/// Docker writes `dateTime`).
fn formats(members: &mut Map<String, Value>) {
    let Some(format) = members.get("format").and_then(Value::as_str) else { return };
    let bounds = match format {
        "dateTime" => {
            members.insert("format".to_owned(), json!("date-time"));
            return;
        }
        "int8" => json!({"minimum": i8::MIN, "maximum": i8::MAX}),
        "uint8" => json!({"minimum": 0, "maximum": u8::MAX}),
        "int16" => json!({"minimum": i16::MIN, "maximum": i16::MAX}),
        "uint16" => json!({"minimum": 0, "maximum": u16::MAX}),
        "int32" => json!({"minimum": i32::MIN, "maximum": i32::MAX}),
        "uint32" => json!({"minimum": 0, "maximum": u32::MAX}),
        "int64" => json!({"minimum": i64::MIN, "maximum": i64::MAX}),
        "uint64" => json!({"minimum": 0, "maximum": u64::MAX}),
        _ => return,
    };
    let all = members.entry("allOf").or_insert_with(|| json!([]));
    if let Value::Array(all) = all {
        all.push(bounds);
    }
}
