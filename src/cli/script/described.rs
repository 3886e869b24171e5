//! What a description answers for one operation.

use std::sync::Arc;

use anyhow::{Context, bail};
use mocker_http::response::{DateCache, Sending};
use mocker_openapi::model::{Parameter, Place};
use mocker_plan::request::{Value, coerce};
use mocker_plan::{Operation, Options, Plan, Reply, Wish, method_name};
use mocker_scripting::{Answers, Response};
use percent_encoding::percent_decode_str;

use super::request_file::{Parsed, variables};
use crate::specs;

/// Field lines that a server decides.
const FRAMING: [&str; 3] = ["connection", "content-length", "date"];

/// One operation of a description, asked once.
pub(super) struct Described {
    plan: Plan,
    index: u32,
    name: String,
    /// Parameters that the document declares and the request has
    parameters: Vec<(String, serde_json::Value)>,
    key: mocker_schema::generate::Key,
}

impl Described {
    /// The operation of a name, as the request asks it.
    ///
    /// # Errors
    /// When the description cannot be read or has no such operation.
    pub(super) fn new(spec: &str, wanted: &str, seed: &str, request: &Parsed) -> anyhow::Result<Described> {
        let loaded = specs::load_all(&[spec.to_owned()])?;
        let documents: Vec<_> =
            loaded.into_iter().filter_map(|loaded| loaded.document).map(Arc::new).collect();
        if documents.is_empty() {
            bail!("{spec} has nothing to serve; `mocker check {spec}` tells why");
        }
        let options = Options { seed: Options::seed(seed), ..Options::default() };
        let (plan, _) = Plan::compile(&documents, &options);
        let names = |operation: &Operation| {
            let model = operation.model();
            (model.id.clone(), format!("{} {}", method_name(&model.method), model.path))
        };
        let is_it = |index: &u32| {
            let (id, name) = names(plan.operation(*index));
            id.as_deref() == Some(wanted) || name == wanted
        };
        let index = (0..plan.len() as u32)
            .find(is_it)
            .with_context(|| format!("{spec} has no operation `{wanted}`"))?;
        let operation = plan.operation(index);
        let name = names(operation).1;
        let captured = variables(&operation.model().path, &request.path);
        let key = captured.iter().fold(operation.key(None), |key, (_, value)| key.with(value.as_bytes()));
        let sent = |parameter: &Parameter| sent(parameter, &captured, request);
        let parameters = operation
            .model()
            .parameters
            .iter()
            .filter_map(|parameter| {
                let text = sent(parameter)?;
                Some((parameter.name.to_string(), typed(operation, parameter, &text)))
            })
            .collect();
        Ok(Described { plan, index, name, parameters, key })
    }

    fn answer(&self, wish: &Wish<'_>) -> Result<Response, String> {
        let operation = self.plan.operation(self.index);
        let reply: Reply =
            operation.reply(wish, std::iter::empty()).map_err(|reason| self.told(&reason, wish))?;
        let ready = operation.ready(&reply);
        let date = DateCache::new(0);
        let mut out = Vec::new();
        ready.write(Sending { status: reply.status(), ..Sending::plain(&date) }, self.key, &mut out);
        parsed(&out).ok_or_else(|| "the answer cannot be read".to_owned())
    }

    fn told(&self, reason: &mocker_plan::Unanswerable, wish: &Wish<'_>) -> String {
        let model = self.plan.operation(self.index).model();
        match (wish.code, &wish.example) {
            (Some(code), _) => {
                let codes: Vec<String> =
                    model.responses.iter().map(|(status, _)| format!("{status:?}")).collect();
                format!("the document describes no {code} for {}; it has {}", self.name, codes.join(", "))
            }
            (None, Some(example)) => format!("{} has no example `{example}`", self.name),
            _ => format!("{} cannot be answered: {reason:?}", self.name),
        }
    }
}

/// What the request has of a parameter, as text.
fn sent(parameter: &Parameter, captured: &[(&str, &str)], request: &Parsed) -> Option<String> {
    let name = &*parameter.name;
    match parameter.place {
        Place::Path => {
            let (_, value) = captured.iter().find(|(known, _)| *known == name)?;
            Some(percent_decode_str(value).decode_utf8_lossy().into_owned())
        }
        Place::Query => request.query().into_iter().find(|(known, _)| known == name).map(|(_, value)| value),
        Place::Header => request.field(name).map(str::to_owned),
        _ => None,
    }
}

/// A text as its schema has it; lists and objects stay text.
fn typed(operation: &Operation, parameter: &Parameter, text: &str) -> serde_json::Value {
    let Some(schema) = parameter.schema else { return text.into() };
    match coerce(operation.schemas()[schema].types, text) {
        Value::Null => serde_json::Value::Null,
        Value::Bool(is) => is.into(),
        Value::Number(_) => serde_json::from_str(text).unwrap_or_else(|_| text.into()),
        _ => text.into(),
    }
}

/// The response in its bytes.
fn parsed(bytes: &[u8]) -> Option<Response> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]);
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let fields = lines.filter_map(|line| line.split_once(": "));
    let fields = fields.filter(|(name, _)| !FRAMING.iter().any(|framing| framing.eq_ignore_ascii_case(name)));
    let fields = fields.map(|(name, value)| (name.into(), value.as_bytes().into())).collect();
    Some(Response { status, fields, body: bytes[end + 4..].to_vec() })
}

impl Answers for Described {
    fn operation(&self) -> &str {
        &self.name
    }

    fn generate(&self, code: Option<u16>) -> Result<Response, String> {
        self.answer(&Wish { code, ..Wish::default() })
    }

    fn example(&self, name: &str) -> Result<Response, String> {
        self.answer(&Wish { example: Some(name.into()), ..Wish::default() })
    }

    fn parameter(&self, name: &str) -> Option<serde_json::Value> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }
}

/// No description was given: nothing can be generated.
pub(super) struct Undescribed;

const UNDESCRIBED: &str = "nothing can be generated without a description; give --spec and --operation";

impl Answers for Undescribed {
    fn operation(&self) -> &str {
        ""
    }

    fn generate(&self, _: Option<u16>) -> Result<Response, String> {
        Err(UNDESCRIBED.to_owned())
    }

    fn example(&self, _: &str) -> Result<Response, String> {
        Err(UNDESCRIBED.to_owned())
    }

    fn parameter(&self, _: &str) -> Option<serde_json::Value> {
        None
    }
}
