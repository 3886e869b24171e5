//! What the schemas of a list's parameters say: whether one that is called so can mean what its name says.

use mocker_openapi::model::Parameter;
use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Schemas, Types};
use serde_json::Value;

use super::cursor::Cursor;
use super::matter::Matter;
use crate::composition::parts;
use crate::resources;

/// Numbers one of which a parameter admits that counts entities or pages.
const COUNTS: [&str; 7] = ["20", "1", "0", "10", "100", "2", "1000"];

/// Words for any value, where a parameter declares them and the property does not say what it can be.
const ANY: [&str; 4] = ["all", "any", "both", "*"];

/// Whether a parameter can count something: no date, no `S`, `M`, `L`.
pub(super) fn is_number(schemas: &Schemas, parameter: &Parameter) -> bool {
    let Some(schema) = parameter.schema else { return true };
    COUNTS.iter().any(|count| admits(schemas, schema, count))
}

/// How cursors are written; `None` where a parameter can be none.
pub(super) fn cursor_of(schemas: &Schemas, parameter: &Parameter, matter: &Matter) -> Option<Cursor> {
    Cursor::of(matter, |text| parameter.schema.is_none_or(|schema| admits(schemas, schema, text)))
}

/// Whether the identities of entities are values of a parameter.
pub(super) fn takes_identities(schemas: &Schemas, parameter: &Parameter, matter: &Matter) -> bool {
    let last = matter.codec.text(matter.size.saturating_sub(1));
    parameter.schema.is_none_or(|schema| admits(schemas, schema, &last))
}

/// Whether values are said to be texts, and no numbers.
pub(super) fn is_text(schemas: &Schemas, parameter: &Parameter) -> bool {
    let types = parameter.schema.map_or(Types::ANY, |schema| resources::types(schemas, schema));
    types.intersects(Types::STRING) && !types.intersects(Types::NUMBER)
}

/// Whether a schema admits a text of a query, or the number or word of JSON that it is.
fn admits(schemas: &Schemas, schema: SchemaId, text: &str) -> bool {
    let obeys = |value: &Value| schemas.is_valid(schema, value, Direction::Request);
    let other =
        || serde_json::from_str(text).ok().filter(|value: &Value| !value.is_array() && !value.is_object());
    obeys(&Value::from(text)) || other().is_some_and(|value| obeys(&value))
}

/// Whether values are neither lists nor objects.
pub(super) fn is_scalar(schemas: &Schemas, schema: Option<SchemaId>) -> bool {
    let Some(schema) = schema else { return false };
    let types = match resources::types(schemas, schema) {
        Types::ANY => values(schemas, schema).map(Types::of).fold(Types::NONE, Types::or),
        types => types,
    };
    !types.is_none() && !types.intersects(Types::ARRAY.or(Types::OBJECT))
}

/// Values that a parameter declares and the property that it is named after does not: they leave all entities.
pub(super) fn wide(schemas: &Schemas, parameter: &Parameter, property: Option<SchemaId>) -> Box<[Box<str>]> {
    let texts = |schema: Option<SchemaId>| -> Vec<String> {
        let values = schema.into_iter().flat_map(|schema| values(schemas, schema));
        values.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).collect()
    };
    let (declared, own) = (texts(parameter.schema), texts(property));
    let is_wide = |value: &String| match own.is_empty() {
        true => ANY.contains(&&*value.to_lowercase()),
        false => !own.contains(value),
    };
    declared.into_iter().filter(is_wide).map(Into::into).collect()
}

fn values(schemas: &Schemas, schema: SchemaId) -> impl Iterator<Item = &Value> {
    parts(schemas, Some(schema)).filter_map(|schema| schema.values.as_deref()).flatten()
}

/// Entities of a page where the client does not say.
pub(super) fn default(schemas: &Schemas, parameter: &Parameter) -> Option<u64> {
    schemas[parameter.schema?].notes.as_ref()?.default.as_ref().and_then(Value::as_u64)
}

/// 0 where the document says that pages begin there.
pub(super) fn first_page(schemas: &Schemas, parameter: &Parameter) -> u64 {
    let minimum = || {
        let rules = schemas[parameter.schema?].number.as_ref()?;
        rules.minimum.as_ref()?.as_u64()
    };
    let first = default(schemas, parameter).or_else(minimum);
    u64::from(first != Some(0))
}
