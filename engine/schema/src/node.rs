//! The intermediate form: an arena of schema nodes in one dialect (JSON Schema 2020-12),
//! where a reference is an index. What OpenAPI 2.0, 3.0 and 3.1 write differently
//! (`nullable`, boolean `exclusiveMinimum`, `items: []`) is already brought to it.

use std::num::NonZeroU32;
use std::sync::Arc;

use mocker_source::{Diagnostic, Position};
use serde_json::{Number, Value};

use crate::format::Format;
use crate::pattern::Pattern;
use crate::validate::Num;

/// Index of a node in its [`Schemas`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SchemaId(NonZeroU32);

impl SchemaId {
    /// The `index`-th node of an arena.
    pub(crate) fn new(index: usize) -> Self {
        let id = u32::try_from(index + 1).ok().and_then(NonZeroU32::new);
        SchemaId(id.expect("limits::NODES keeps an arena below u32::MAX nodes"))
    }
    /// Position in the arena.
    pub fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// The arena. Immutable once lowered; shared by every operation of a document.
#[derive(Debug, Default)]
pub struct Schemas {
    pub(crate) nodes: Vec<Schema>,
}

impl std::ops::Index<SchemaId> for Schemas {
    type Output = Schema;
    fn index(&self, id: SchemaId) -> &Schema {
        &self.nodes[id.index()]
    }
}

impl Schemas {
    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }
    /// Whether there are no nodes.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }
    /// All nodes, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = (SchemaId, &Schema)> {
        self.nodes.iter().enumerate().map(|(index, node)| (SchemaId::new(index), node))
    }
    /// A warning for each pattern that no engine understands, at the schema that has it.
    /// Compiles every pattern; meant for `check`, not for the start of a server.
    pub fn pattern_faults(&self) -> Vec<Diagnostic> {
        let of = |node: &'_ Schema| -> Vec<Arc<Pattern>> {
            let own = node.string.iter().filter_map(|rules| rules.pattern.clone());
            let names =
                node.object.iter().flat_map(|rules| rules.patterns.iter().map(|(p, _)| Arc::clone(p)));
            own.chain(names).collect()
        };
        let mut faults = Vec::new();
        for node in &self.nodes {
            for pattern in of(node) {
                let Some(problem) = pattern.problem() else { continue };
                let message = format!("the pattern `{}` is not checked: {problem}", pattern.source);
                faults.push(Diagnostic::warning_at("pattern-unsupported", node.position, message));
            }
        }
        faults
    }
}

/// Set of JSON types a value may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Types(u8);

impl Types {
    /// The one type of a value, as schemas count them: `2.0` is an integer.
    pub fn of(value: &Value) -> Types {
        match value {
            Value::Null => Types::NULL,
            Value::Bool(_) => Types::BOOLEAN,
            Value::Number(number) if Num::from(number).is_integer() => Types::INTEGER,
            Value::Number(_) => Types::FRACTION,
            Value::String(_) => Types::STRING,
            Value::Array(_) => Types::ARRAY,
            Value::Object(_) => Types::OBJECT,
        }
    }

    /// No type: the schema `false`.
    pub const NONE: Types = Types(0);
    /// `null`
    pub const NULL: Types = Types(1);
    /// `boolean`
    pub const BOOLEAN: Types = Types(2);
    /// Numbers with a zero fraction
    pub const INTEGER: Types = Types(4);
    /// Numbers with a fraction; `type: number` is `INTEGER | FRACTION`
    pub const FRACTION: Types = Types(8);
    /// `number`: integers and fractions
    pub const NUMBER: Types = Types(4 | 8);
    /// `string`
    pub const STRING: Types = Types(16);
    /// `array`
    pub const ARRAY: Types = Types(32);
    /// `object`
    pub const OBJECT: Types = Types(64);
    /// Every type: no `type` keyword, or the schema `true`
    pub const ANY: Types = Types(127);

    /// Whether every type of `other` is in `self`.
    pub fn contains(self, other: Types) -> bool {
        self.0 & other.0 == other.0
    }
    /// Whether the two share a type.
    pub fn intersects(self, other: Types) -> bool {
        self.0 & other.0 != 0
    }
    /// The types in both.
    pub fn and(self, other: Types) -> Types {
        Types(self.0 & other.0)
    }
    /// The types in either.
    pub fn or(self, other: Types) -> Types {
        Types(self.0 | other.0)
    }
    /// Names as `type` lists them, `null` last.
    pub fn names(self) -> Vec<&'static str> {
        let number = if self.contains(Types::FRACTION) { "number" } else { "integer" };
        let named = [
            (Types::STRING, "string"),
            (Types::NUMBER, number),
            (Types::BOOLEAN, "boolean"),
            (Types::ARRAY, "array"),
            (Types::OBJECT, "object"),
            (Types::NULL, "null"),
        ];
        named.into_iter().filter(|(types, _)| self.intersects(*types)).map(|(_, name)| name).collect()
    }
    /// Whether no type is left.
    pub fn is_none(self) -> bool {
        self.0 == 0
    }
}

/// One schema. Keywords of a family that the author did not use cost a null pointer.
/// All keywords are assertions of a conjunction, `reference` included.
#[derive(Clone, Debug)]
pub struct Schema {
    /// `type` (with `nullable` folded in)
    pub types: Types,
    /// `$ref` or statically resolved `$dynamicRef`; sibling keywords stand in this node
    /// (dropped at lowering where the dialect ignores them)
    pub reference: Option<SchemaId>,
    /// `enum`, or `const` as an enumeration of one
    pub values: Option<Box<[Value]>>,
    /// Whether `values` was written as `const`
    pub constant: bool,
    /// `format`
    pub format: Option<Format>,
    /// Number keywords
    pub number: Option<Box<NumberRules>>,
    /// String keywords
    pub string: Option<Box<StringRules>>,
    /// Array keywords
    pub array: Option<Box<ArrayRules>>,
    /// Object keywords
    pub object: Option<Box<ObjectRules>>,
    /// `allOf anyOf oneOf not if then else discriminator`
    pub logic: Option<Box<Logic>>,
    /// What constrains nothing: default, examples, names for generation and XML
    pub notes: Option<Box<Notes>>,
    /// `readOnly` (of this node itself; look through `reference` for inherited)
    pub read_only: bool,
    /// `writeOnly`
    pub write_only: bool,
    /// Where the author wrote it
    pub position: Option<Position>,
}

impl Default for Schema {
    /// The schema `true`
    fn default() -> Self {
        Schema {
            types: Types::ANY,
            reference: None,
            values: None,
            constant: false,
            format: None,
            number: None,
            string: None,
            array: None,
            object: None,
            logic: None,
            notes: None,
            read_only: false,
            write_only: false,
            position: None,
        }
    }
}

impl ObjectRules {
    /// The schema of property `name`.
    pub fn property(&self, name: &str) -> Option<SchemaId> {
        self.index(name).map(|index| self.properties[index].1)
    }

    /// [`ObjectRules::property`] for members in turn: most come in the order of the schema, so the one behind the
    /// last is looked at first. `next` begins at 0.
    pub(crate) fn property_in_turn(&self, name: &str, next: &mut usize) -> Option<SchemaId> {
        let index = match self.properties.get(*next) {
            Some((expected, _)) if **expected == *name => *next,
            _ => self.index(name)?,
        };
        *next = index + 1;
        Some(self.properties[index].1)
    }

    fn index(&self, name: &str) -> Option<usize> {
        let index = self.sorted.binary_search_by(|&i| (*self.properties[i as usize].0).cmp(name)).ok()?;
        Some(self.sorted[index] as usize)
    }
}

/// `minimum maximum exclusiveMinimum exclusiveMaximum multipleOf`
#[derive(Clone, Debug, Default)]
pub struct NumberRules {
    /// Inclusive lower bound
    pub minimum: Option<Number>,
    /// Inclusive upper bound
    pub maximum: Option<Number>,
    /// Exclusive lower bound
    pub exclusive_minimum: Option<Number>,
    /// Exclusive upper bound
    pub exclusive_maximum: Option<Number>,
    /// Positive step
    pub multiple_of: Option<Number>,
}

/// `minLength maxLength pattern contentEncoding contentMediaType`
#[derive(Clone, Debug, Default)]
pub struct StringRules {
    /// Least number of Unicode code points
    pub min_length: u64,
    /// Greatest number of Unicode code points
    pub max_length: Option<u64>,
    /// ECMA 262 expression, unanchored
    pub pattern: Option<Arc<Pattern>>,
    /// `contentEncoding`, annotation only: `base64`, `base64url`, ...
    pub content_encoding: Option<Box<str>>,
    /// `contentMediaType`, annotation only
    pub content_media_type: Option<Box<str>>,
}

/// Array keywords
#[derive(Clone, Debug, Default)]
pub struct ArrayRules {
    /// `prefixItems`
    pub prefix: Box<[SchemaId]>,
    /// `items`: the elements behind the prefix
    pub items: Option<SchemaId>,
    /// `contains`
    pub contains: Option<SchemaId>,
    /// `minContains`; 1 where the author gave none
    pub min_contains: u64,
    /// `maxContains`
    pub max_contains: Option<u64>,
    /// `minItems`
    pub min_items: u64,
    /// `maxItems`
    pub max_items: Option<u64>,
    /// `uniqueItems`
    pub unique: bool,
    /// `unevaluatedItems`
    pub unevaluated: Option<SchemaId>,
}

/// Names of properties
pub type Names = Box<[Arc<str>]>;

/// Schemas by name
pub type Named = Box<[(Arc<str>, SchemaId)]>;

/// Object keywords
#[derive(Clone, Debug, Default)]
pub struct ObjectRules {
    /// `properties`, in document order
    pub properties: Named,
    /// Indices of `properties` sorted by name, for lookup
    pub sorted: Box<[u32]>,
    /// `required`
    pub required: Names,
    /// `patternProperties`
    pub patterns: Box<[(Arc<Pattern>, SchemaId)]>,
    /// `additionalProperties`
    pub additional: Option<SchemaId>,
    /// `propertyNames`
    pub names: Option<SchemaId>,
    /// `minProperties`
    pub min_properties: u64,
    /// `maxProperties`
    pub max_properties: Option<u64>,
    /// `dependentRequired` (and the array form of `dependencies`)
    pub dependent_required: Box<[(Arc<str>, Names)]>,
    /// `dependentSchemas` (and the schema form of `dependencies`)
    pub dependent_schemas: Named,
    /// `unevaluatedProperties`
    pub unevaluated: Option<SchemaId>,
}

/// Schemas about schemas
#[derive(Clone, Debug, Default)]
pub struct Logic {
    /// `allOf`
    pub all_of: Box<[SchemaId]>,
    /// `anyOf`
    pub any_of: Box<[SchemaId]>,
    /// `oneOf`
    pub one_of: Box<[SchemaId]>,
    /// `not`
    pub not: Option<SchemaId>,
    /// `if`
    pub condition: Option<SchemaId>,
    /// `then`
    pub then: Option<SchemaId>,
    /// `else`
    pub otherwise: Option<SchemaId>,
    /// OpenAPI's `discriminator`
    pub discriminator: Option<Discriminator>,
}

/// OpenAPI's `discriminator`
#[derive(Clone, Debug)]
pub struct Discriminator {
    /// Property whose value names the schema
    pub property: Arc<str>,
    /// Value of that property to schema: the explicit mapping first, then the implicit
    /// names (last segment of each `$ref` of `oneOf`/`anyOf`) it does not override
    pub mapping: Named,
}

/// Annotations
#[derive(Clone, Debug, Default)]
pub struct Notes {
    /// `default`
    pub default: Option<Value>,
    /// `example` first, then `examples`
    pub examples: Box<[Value]>,
    /// Component name (`Pet` of `#/components/schemas/Pet`) or `title`
    pub name: Option<Arc<str>>,
    /// `x-faker`
    pub faker: Option<Box<Value>>,
    /// `format`, where [`Format`](crate::format::Format) does not know it
    pub format: Option<Box<str>>,
    /// OpenAPI's `xml`
    pub xml: Option<Box<Xml>>,
    /// How the description of a country or currency says that it is written
    pub code: Option<Code>,
}

/// How codes of countries (ISO 3166-1) and currencies (ISO 4217) are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// `GB`, `EUR`
    Upper,
    /// `gb`, `eur`
    Lower,
    /// `GBR`
    ThreeLetters,
}

/// OpenAPI's `xml` object
#[derive(Clone, Debug, Default)]
pub struct Xml {
    /// `name`
    pub name: Option<Box<str>>,
    /// `namespace`
    pub namespace: Option<Box<str>>,
    /// `prefix`
    pub prefix: Option<Box<str>>,
    /// `attribute` (3.2: `nodeType: attribute`)
    pub attribute: bool,
    /// `wrapped`
    pub wrapped: bool,
    /// 3.2 `nodeType: text` or `cdata`
    pub text: bool,
}
