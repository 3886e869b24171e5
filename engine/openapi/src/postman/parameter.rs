//! Parameters of requests: what stands in the query, in the path and among the header fields.

use std::sync::Arc;

use mocker_schema::validate::Direction;
use mocker_schema::{SchemaId, Types};
use mocker_source::Position;
use serde_json::Value;

use super::Collection;
use super::infer::Shape;
use super::pairs::Pair;
use crate::codes;
use crate::limits::PARAMETERS;
use crate::media_type::is_token;
use crate::model::{Example, ExampleValue, Parameter, Place, Style};
use crate::reader::default_style;

/// Fields that are no parameters: OpenAPI does not let one describe them (3.1 §4.8.12.2.1), or clients send and
/// leave them out without being told.
const NO_PARAMETERS: [&str; 12] = [
    "accept",
    "content-type",
    "authorization",
    "accept-encoding",
    "cache-control",
    "connection",
    "content-length",
    "cookie",
    "host",
    "postman-token",
    "transfer-encoding",
    "user-agent",
];

/// A parameter of the requests that make up one operation.
struct Draft {
    place: Place,
    name: Box<str>,
    is_repeated: bool,
    /// Requests that have it
    requests: usize,
    /// The last of them, counted from 1
    last: usize,
    examples: Vec<Example>,
}

/// The parameters of one operation.
#[derive(Default)]
pub(super) struct Drafts {
    list: Vec<Draft>,
    /// There are more, which has been reported
    full: bool,
}

/// The value that an author tried.
pub(super) fn example(value: &str, position: Position) -> Vec<Example> {
    if value.is_empty() || value.contains("{{") {
        return Vec::new();
    }
    let text = Value::from(value).to_string();
    vec![Example::new("default", ExampleValue::Json(text.into()), position)]
}

impl<'t> Collection<'_, '_, 't> {
    /// Adds header fields and query of one more request, the `request`-th of its operation.
    pub(super) fn add_parameters(
        &mut self,
        drafts: &mut Drafts,
        request: usize,
        query: &[Pair<'t>],
        fields: &[Pair<'t>],
    ) {
        for pair in query {
            self.add_parameter(drafts, request, Place::Query, pair);
        }
        for pair in fields {
            if NO_PARAMETERS.iter().any(|name| pair.name.eq_ignore_ascii_case(name)) {
                continue;
            }
            if is_token(&pair.name) {
                self.add_parameter(drafts, request, Place::Header, pair);
            } else {
                let message = "this cannot be the name of a header field, and is left out".to_owned();
                self.warn(codes::PARAMETER_INVALID, pair.node, message, "use letters and `-`");
            }
        }
    }

    fn add_parameter(&mut self, drafts: &mut Drafts, request: usize, place: Place, pair: &Pair<'t>) {
        let is_same = |draft: &Draft| match place {
            Place::Header => draft.place == place && draft.name.eq_ignore_ascii_case(&pair.name),
            _ => draft.place == place && *draft.name == *pair.name,
        };
        let at = drafts.list.iter().position(is_same).unwrap_or(drafts.list.len());
        match drafts.list.get_mut(at) {
            Some(draft) if draft.last == request => draft.is_repeated |= place == Place::Query,
            Some(draft) => {
                draft.requests += 1;
                draft.last = request;
            }
            None if drafts.full => {}
            None if at >= PARAMETERS => {
                drafts.full = true;
                let message = format!("more than {PARAMETERS} parameters; the rest is left out");
                self.error(codes::TOO_MANY_PARAMETERS, pair.node, message, "leave some out");
            }
            None => drafts.list.push(Draft {
                place,
                name: pair.name.as_str().into(),
                is_repeated: false,
                requests: 1,
                last: request,
                examples: example(&pair.value, pair.node.position()),
            }),
        }
    }

    /// The parameters of an operation of so many requests. A header field that each of them has is required.
    pub(super) fn parameters(&mut self, drafts: Drafts, requests: usize) -> Vec<Arc<Parameter>> {
        let text = self.scalar(Types::STRING);
        let finish = |draft: Draft| {
            let schema = match draft.is_repeated {
                true => self.schema(Shape::strings(), Direction::Request),
                false => text,
            };
            let required = draft.place == Place::Header && draft.requests == requests;
            let examples = if draft.is_repeated { Vec::new() } else { draft.examples };
            Arc::new(parameter(draft.place, draft.name, required, schema, examples))
        };
        drafts.list.into_iter().map(finish).collect()
    }

    /// A variable of the path.
    pub(super) fn path_parameter(&mut self, name: &str, examples: Vec<Example>) -> Arc<Parameter> {
        let text = self.scalar(Types::STRING);
        Arc::new(parameter(Place::Path, name.into(), true, text, examples))
    }
}

fn parameter(
    place: Place,
    name: Box<str>,
    required: bool,
    schema: SchemaId,
    examples: Vec<Example>,
) -> Parameter {
    let style = default_style(place);
    Parameter {
        name,
        place,
        required,
        deprecated: false,
        style,
        explode: style == Style::Form,
        allow_reserved: false,
        allow_empty: false,
        schema: Some(schema),
        content: None,
        examples,
    }
}
