//! `request`: what was asked, read when it is named.

use std::borrow::Cow;
use std::sync::Arc;

use minijinja::value::{Enumerator, Object, ObjectRepr, Value, from_args};
use minijinja::{Error, State};

use super::super::convert::{context, fault, host, of_json};
use super::super::meter;
use super::unknown;
use crate::Request;
use crate::context::current;
use crate::host::json;

/// Fields of `request`.
pub(in super::super) const FIELDS: &[&str] =
    &["method", "path", "params", "query", "headers", "cookies", "body", "json", "form"];

/// `request`
#[derive(Debug)]
pub(super) struct Asked;

impl Object for Asked {
    fn get_value_by_str(self: &Arc<Self>, field: &str) -> Option<Value> {
        let context = current()?;
        let request = &context.request;
        Some(match field {
            "method" => Value::from(request.method()),
            "path" => Value::from(request.path()),
            "params" => Value::from_object(Pairs::Params),
            "query" => Value::from_object(Pairs::Query),
            "headers" => Value::from_object(Pairs::Headers),
            "cookies" => Value::from_object(Pairs::Cookies),
            "form" => Value::from_object(Pairs::Form),
            "body" => Value::from(String::from_utf8_lossy(request.body())),
            "json" => meter::body(|| match json::parse(request.body()) {
                Ok(value) => of_json(&value),
                Err(error) => Value::from(fault(format!("the request's body: {error}"))),
            }),
            _ => return None,
        })
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Str(FIELDS)
    }

    fn call_method(
        self: &Arc<Self>,
        _: &State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        match method {
            "param" => {
                let (name,): (&str,) = from_args(args)?;
                let value = context()?.answers.parameter(name);
                Ok(value.map_or(Value::UNDEFINED, |value| of_json(&value)))
            }
            "pointer" => {
                let (pointer,): (&str,) = from_args(args)?;
                let body = host(json::parse(context()?.request.body()))?;
                Ok(host(json::get(&body, pointer))?.map_or(Value::UNDEFINED, of_json))
            }
            _ => Err(unknown("request", method, &["param", "pointer"])),
        }
    }
}

/// Names and values of one part of the request.
#[derive(Clone, Copy, Debug)]
enum Pairs {
    Params,
    Query,
    Headers,
    Cookies,
    Form,
}

impl Pairs {
    fn first(self, request: &Request, name: &str) -> Option<Value> {
        let of = |mut pairs: Box<dyn Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> + '_>| {
            pairs.find(|(known, _)| known == name).map(|(_, value)| Value::from(value))
        };
        match self {
            Pairs::Params => request.param(name).map(Value::from),
            // `request.headers.x_request_id` is `request.headers["x-request-id"]`.
            Pairs::Headers => request
                .field(name)
                .or_else(|| name.contains('_').then(|| request.field(&name.replace('_', "-")))?)
                .map(Value::from),
            Pairs::Query => of(Box::new(request.query())),
            Pairs::Cookies => of(Box::new(request.cookies())),
            Pairs::Form => of(Box::new(request.form())),
        }
    }

    fn all(self, request: &Request) -> Vec<(String, Value)> {
        fn owned<'a>(pairs: impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)>) -> Vec<(String, Value)> {
            pairs.map(|(name, value)| (name.into_owned(), Value::from(value))).collect()
        }
        match self {
            Pairs::Params => owned(request.params()),
            Pairs::Query => owned(request.query()),
            Pairs::Cookies => owned(request.cookies()),
            Pairs::Form => owned(request.form()),
            Pairs::Headers => owned(request.fields())
                .into_iter()
                .map(|(name, value)| (name.to_ascii_lowercase(), value))
                .collect(),
        }
    }
}

impl Object for Pairs {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value_by_str(self: &Arc<Self>, name: &str) -> Option<Value> {
        self.first(&current()?.request, name)
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let Some(context) = current() else { return Enumerator::Empty };
        let mut names: Vec<String> = Vec::new();
        for (name, _) in self.all(&context.request) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        Enumerator::Values(names.into_iter().map(Value::from).collect())
    }

    fn call_method(
        self: &Arc<Self>,
        _: &State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        match method {
            "all" => {
                let (name,): (&str,) = from_args(args)?;
                let is_named = |known: &str| match **self {
                    Pairs::Headers => known.eq_ignore_ascii_case(name),
                    _ => known == name,
                };
                let all = self.all(&context()?.request);
                Ok(Value::from_iter(
                    all.into_iter().filter(|(known, _)| is_named(known)).map(|(_, value)| value),
                ))
            }
            "get" => {
                let (name, default): (&str, Option<Value>) = from_args(args)?;
                let value = self.first(&context()?.request, name);
                Ok(value.or(default).unwrap_or(Value::UNDEFINED))
            }
            _ => Err(unknown("request", method, &["all", "get"])),
        }
    }
}
