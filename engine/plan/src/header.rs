//! Values of declared header fields, in style `simple` (OpenAPI 3.1, section 4.8.21).

use mocker_http::response::{is_field_name, is_own_field};
use mocker_openapi::model::{
    Example, ExampleValue, Header, MediaType, Operation, Parameter, Place, Response,
};
use mocker_schema::generate::Key;
use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Schemas};
use serde_json::Value;

use crate::body::scalar;
use crate::generator;
use crate::options::{Options, Sampling};
use crate::request::NO_PARAMETERS;

/// Fields that describe the body as it is sent, which is not as the document says.
const OURS: &[&str] = &["content-encoding", "content-type"];

/// Fields of a request that hang on where it is sent and how.
const OF_SENDER: &[&str] = &["expect", "host"];

/// A declared field.
struct Field<'d> {
    name: &'d str,
    explode: bool,
    schema: Option<SchemaId>,
    content: Option<&'d MediaType>,
    examples: &'d [Example],
    direction: Direction,
}

/// Name and value of every declared header of `response` that can be sent.
pub(crate) fn declared(
    schemas: &Schemas,
    response: &Response,
    options: &Options,
    key: Key,
) -> Vec<(String, Vec<u8>)> {
    let fields = response.headers.iter().map(Field::of_response);
    fields.filter_map(|field| field.line(schemas, options, key)).collect()
}

/// Whether the value of a declared header of `response` is made, as the author wrote none.
pub(crate) fn is_any_made(response: &Response) -> bool {
    response
        .headers
        .iter()
        .map(Field::of_response)
        .any(|field| field.is_sendable() && field.example().is_none())
}

/// Name and value of every header parameter of `operation`, to be sent with a request.
pub(crate) fn of_request(
    schemas: &Schemas,
    operation: &Operation,
    options: &Options,
    key: Key,
) -> Vec<(String, Vec<u8>)> {
    let parameters = operation.parameters.iter().filter(|parameter| parameter.place == Place::Header);
    let fields = parameters.map(|parameter| Field::of_request(parameter));
    let is_ignored = |name| is_one_of(&NO_PARAMETERS, name) || is_one_of(OF_SENDER, name);
    let sendable = fields.filter(|field| !is_ignored(field.name));
    sendable.filter_map(|field| field.line(schemas, options, key)).collect()
}

fn is_one_of(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| name.eq_ignore_ascii_case(known))
}

impl<'d> Field<'d> {
    fn of_response(header: &'d Header) -> Self {
        Field {
            name: &header.name,
            explode: header.explode,
            schema: header.schema,
            content: header.content.as_ref(),
            examples: &header.examples,
            direction: Direction::Response,
        }
    }

    fn of_request(parameter: &'d Parameter) -> Self {
        Field {
            name: &parameter.name,
            explode: parameter.explode,
            schema: parameter.schema,
            content: parameter.content.as_ref(),
            examples: &parameter.examples,
            direction: Direction::Request,
        }
    }

    fn line(&self, schemas: &Schemas, options: &Options, key: Key) -> Option<(String, Vec<u8>)> {
        let value = self.is_sendable().then(|| self.value(schemas, options, key)).flatten()?;
        Some((self.name.to_owned(), value))
    }

    fn is_sendable(&self) -> bool {
        is_field_name(self.name) && !is_one_of(OURS, self.name) && !is_own_field(self.name)
    }

    /// What the author wrote.
    fn example(&self) -> Option<Value> {
        let of_content = self.content.into_iter().flat_map(|media| &media.examples);
        let example = self.examples.iter().chain(of_content).find_map(|example| match &example.value {
            ExampleValue::Json(text) => serde_json::from_str(text).ok(),
            ExampleValue::Serialized(text) => Some(Value::String(text.to_string())),
            ExampleValue::Content(bytes) => std::str::from_utf8(bytes).ok().map(Value::from),
            ExampleValue::External(_) => None,
        });
        // exporters write `example: null` where there is none
        example.filter(|value: &Value| !value.is_null())
    }

    fn value(&self, schemas: &Schemas, options: &Options, key: Key) -> Option<Vec<u8>> {
        let schema = self.schema.or(self.content.and_then(|media| media.schema));
        let key = key.with(self.name.as_bytes());
        let generated = || {
            Some(match options.sampling {
                Sampling::Realistic => {
                    generator::program(schemas, schema?, options, &options.generation(self.direction))
                        .value(key)
                }
                Sampling::Static => generator::sample(schemas, schema?, options, self.direction),
            })
        };
        let value = self.example().or_else(generated)?;
        let text = if self.content.is_some() && !value.is_string() {
            value.to_string()
        } else {
            simple(&value, self.explode)
        };
        Some(text.trim().as_bytes().to_vec())
    }
}

fn simple(value: &Value, explode: bool) -> String {
    match value {
        Value::Array(items) => items.iter().map(scalar).collect::<Vec<_>>().join(","),
        Value::Object(members) => {
            let between = if explode { "=" } else { "," };
            let pairs = members.iter().map(|(name, value)| format!("{name}{between}{}", scalar(value)));
            pairs.collect::<Vec<_>>().join(",")
        }
        single => scalar(single).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn simple_style() {
        for (value, explode, expected) in [
            (json!(5), false, "5"),
            (json!("a b"), false, "a b"),
            (json!(["a", 1, true]), false, "a,1,true"),
            (json!({"a": 1, "b": 2}), false, "a,1,b,2"),
            (json!({"a": 1, "b": 2}), true, "a=1,b=2"),
            (json!(null), true, ""),
        ] {
            assert_eq!(simple(&value, explode), expected, "{value}");
        }
    }
}
