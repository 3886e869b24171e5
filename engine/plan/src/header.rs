//! Values of declared response headers, in style `simple` (OpenAPI 3.1, section 4.8.21).

use mocker_http::response::{is_field_name, is_own_field};
use mocker_openapi::model::{ExampleValue, Header, Response};
use mocker_schema::Schemas;
use mocker_schema::generate::Key;
use serde_json::Value;

use crate::body::scalar;
use crate::generator;
use crate::options::{Options, Sampling};

/// Headers that describe the body as it is sent, which is not as the document says.
const OURS: &[&str] = &["content-encoding", "content-type"];

/// Name and value of every declared header of `response` that can be sent.
pub(crate) fn declared(
    schemas: &Schemas,
    response: &Response,
    options: &Options,
    key: Key,
) -> Vec<(String, Vec<u8>)> {
    let sendable = |header: &&Header| {
        let is_ours = OURS.iter().any(|ours| header.name.eq_ignore_ascii_case(ours));
        is_field_name(&header.name) && !is_ours && !is_own_field(&header.name)
    };
    let headers = response.headers.iter().filter(sendable);
    let named = |header: &Header| Some((header.name.to_string(), value(schemas, header, options, key)?));
    headers.filter_map(named).collect()
}

fn value(schemas: &Schemas, header: &Header, options: &Options, key: Key) -> Option<Vec<u8>> {
    let content = header.content.as_ref();
    let mut examples = header.examples.iter().chain(content.into_iter().flat_map(|media| &media.examples));
    let example = examples.find_map(|example| match &example.value {
        ExampleValue::Json(text) => serde_json::from_str(text).ok(),
        ExampleValue::Serialized(text) => Some(Value::String(text.to_string())),
        ExampleValue::Content(bytes) => std::str::from_utf8(bytes).ok().map(Value::from),
        ExampleValue::External(_) => None,
    });
    let schema = header.schema.or(content.and_then(|media| media.schema));
    let key = key.with(header.name.as_bytes());
    let generated = || {
        Some(match options.sampling {
            Sampling::Realistic => generator::program(schemas, schema?, options).value(key),
            Sampling::Static => generator::sample(schemas, schema?, options),
        })
    };
    let value = example.or_else(generated)?;
    let text = if content.is_some() && !value.is_string() {
        value.to_string()
    } else {
        simple(&value, header.explode)
    };
    Some(text.trim().as_bytes().to_vec())
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
