//! Requests against small documents.

#![allow(clippy::unwrap_used)]

mod arbitrary;
mod content;
mod edges;
mod styles;
mod wording;

use bumpalo::Bump;
use mocker_http::Limits;
use mocker_http::request::{Progress, Slots, head};
use mocker_openapi::{Document, Location, MemoryFetch, load};
use mocker_schema::validate::Num;
use serde_json::{Value as Json, json};

use super::{Parameters, Sent};
use crate::operation::method_name;
use crate::request::{Fault, Value};
use crate::route::{Captures, Outcome, Request, Route, Router};

/// The document with this text.
pub(crate) fn document(text: &str) -> Document {
    let location = Location::File("/api.yaml".into());
    let loaded = load(location.clone(), &mut MemoryFetch::default().with(location, text));
    loaded.document.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics))
}

/// One operation, `GET` of a path, with its parameters as flow YAML.
pub(crate) struct Case {
    document: Document,
    parameters: Parameters,
    router: Router,
}

impl Case {
    pub(crate) fn new(path: &str, parameters: &[&str]) -> Case {
        Case::with_components(path, parameters, "{}")
    }

    pub(crate) fn with_components(path: &str, parameters: &[&str], schemas: &str) -> Case {
        Case::of(document(&format!(
            "openapi: 3.2.0\ninfo: {{ title: T, version: '1' }}\npaths:\n  \"{path}\":\n    get:\n      \
             parameters: [{}]\n      responses: {{ '204': {{ description: none }} }}\n\
             components: {{ schemas: {schemas} }}\n",
            parameters.join(", ")
        )))
    }

    pub(crate) fn of(document: Document) -> Case {
        let operation = &document.operations[0];
        let route = Route { template: &operation.path, method: method_name(&operation.method), operation: 0 };
        let (router, refused) = Router::build([route]);
        assert!(refused.is_empty());
        Case { parameters: Parameters::compile(&document, operation), document, router }
    }

    /// What is wrong with a request, and the values that were read.
    pub(crate) fn ask(&self, target: &[u8], fields: &str) -> (Vec<Fault>, Vec<(String, Json)>) {
        let mut input = [b"GET ", target, b" HTTP/1.1\r\nHost: x\r\n"].concat();
        input.extend_from_slice(fields.as_bytes());
        input.extend_from_slice(b"\r\n");
        let mut slots = Slots::new();
        let head = head(&input, &mut Progress::default(), &Limits::default(), &mut slots).unwrap().unwrap();
        self.judge(head.target.path, head.target.query.unwrap_or_default(), &head.fields)
    }

    pub(crate) fn judge(
        &self,
        path: &[u8],
        query: &[u8],
        fields: &mocker_http::request::Fields<'_>,
    ) -> (Vec<Fault>, Vec<(String, Json)>) {
        let mut captures = Captures::new();
        let request = Request { method: b"GET", path, query };
        let Outcome::Operation(matched) = self.router.find(&request, &|_| None, &mut captures) else {
            panic!("no route: {}", path.escape_ascii())
        };
        let arena = Bump::new();
        let names = self.router.names(matched.template);
        let sent = Sent { captures: &captures, names, path, query, fields };
        let mut faults = Vec::new();
        self.parameters.judge(&self.document.schemas, &sent, &arena, &mut faults);
        let values = self.parameters.values(&self.document.schemas, &sent, &arena);
        (faults, values.map(|(name, value)| (name.to_owned(), to_json(value))).collect())
    }

    /// Messages of what is wrong.
    pub(crate) fn messages(&self, target: &str, fields: &str) -> Vec<String> {
        self.ask(target.as_bytes(), fields).0.into_iter().map(|fault| fault.message).collect()
    }

    /// The one value that was read; nothing may be wrong.
    pub(crate) fn value(&self, target: &str) -> Option<Json> {
        let (faults, mut values) = self.ask(target.as_bytes(), "");
        assert_eq!(faults, [], "{target}");
        assert!(values.len() < 2);
        values.pop().map(|(_, value)| value)
    }
}

pub(crate) fn to_json(value: Value<'_>) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(truth) => json!(truth),
        Value::Number(Num::Integer(n)) => i64::try_from(n).map_or_else(|_| json!(n as u64), |n| json!(n)),
        Value::Number(Num::Float(f)) => json!(f),
        Value::String(text) => json!(text),
        Value::Array(items) => items.iter().map(|item| to_json(*item)).collect(),
        Value::Object(members) => {
            members.iter().map(|(name, value)| ((*name).to_owned(), to_json(*value))).collect()
        }
    }
}
