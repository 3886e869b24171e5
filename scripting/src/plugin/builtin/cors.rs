//! `cors`: which pages may call (Fetch, section 3.3).

use serde_json::Value;

use super::origin::Pattern;
use super::settings::{flag, owned, texts};
use crate::plugin::limits::ORIGINS;
use crate::plugin::refusal::refuse;
use crate::plugin::{Misconfiguration, Notes, Verdict};
use crate::{Request, Response};

/// Says which pages may call.
#[derive(Debug)]
pub(super) struct Cors {
    origins: Box<[Pattern]>,
    methods: List,
    headers: List,
    /// Value of `Access-Control-Expose-Headers`; empty for none
    exposed: Box<str>,
    with_credentials: bool,
    /// In seconds
    max_age: Box<str>,
}

/// Names that are allowed.
#[derive(Debug)]
enum List {
    Any,
    /// With `, ` between them
    Listed(Box<str>),
}

impl Cors {
    pub(super) fn configure(config: &Value) -> Result<Cors, Vec<Misconfiguration>> {
        let given = texts(config, "origins");
        if given.len() > ORIGINS {
            let message = format!("there are {} origins; {ORIGINS} are allowed", given.len());
            return Err(vec![Misconfiguration::new("/origins", message)]);
        }
        let (mut origins, mut faults) = (Vec::new(), Vec::new());
        for (index, text) in given.iter().enumerate() {
            match Pattern::parse(text) {
                Ok(pattern) => origins.push(pattern),
                Err(help) => {
                    let pointer = if config["origins"].is_array() {
                        format!("/origins/{index}")
                    } else {
                        "/origins".into()
                    };
                    faults.push(
                        Misconfiguration::new(pointer, format!("`{text}` is no origin")).with_help(help),
                    );
                }
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Cors {
            origins: origins.into(),
            methods: List::of(&texts(config, "methods")),
            headers: List::of(&texts(config, "headers")),
            exposed: owned(texts(config, "expose")).join(", ").into(),
            with_credentials: flag(config, "credentials"),
            max_age: config["max_age"].as_u64().unwrap_or_default().to_string().into(),
        })
    }

    pub(super) fn before(&self, request: &Request) -> Verdict {
        let asked = request.field("access-control-request-method");
        let (Some(method), Some(origin), "OPTIONS") = (asked, request.field("origin"), &*request.method())
        else {
            return Verdict::Pass(Notes::default());
        };
        if !self.allows(&origin) {
            return Verdict::Answer(refuse(403, "Pages of this origin may not call."));
        }
        let mut response = Response { status: 204, ..Response::default() };
        let headers = request.field("access-control-request-headers").unwrap_or_default();
        let allowed = [
            ("Access-Control-Allow-Methods", self.methods.allowed(&method, self.with_credentials)),
            ("Access-Control-Allow-Headers", self.headers.allowed(&headers, self.with_credentials)),
            ("Access-Control-Max-Age", &self.max_age),
        ];
        for (name, value) in allowed.into_iter().filter(|(_, value)| !value.is_empty()) {
            response.set_field(name, value.as_bytes());
        }
        // What is echoed differs with what was asked.
        response.set_field("Vary", b"Access-Control-Request-Method, Access-Control-Request-Headers");
        Verdict::Answer(response)
    }

    pub(super) fn after(&self, request: &Request, response: &mut Response) {
        response.fields.retain(|(name, _)| !is_decided_here(name));
        let is_same_for_all = self.origins.contains(&Pattern::Any) && !self.with_credentials;
        if !is_same_for_all {
            vary(response, "Origin");
        }
        let origin = request.field("origin").filter(|origin| self.allows(origin));
        let shown = match (is_same_for_all, &origin) {
            (true, _) => "*",
            (false, Some(origin)) => origin,
            (false, None) => return,
        };
        response.set_field("Access-Control-Allow-Origin", shown.as_bytes());
        if self.with_credentials {
            response.set_field("Access-Control-Allow-Credentials", b"true");
        }
        if !self.exposed.is_empty() {
            response.set_field("Access-Control-Expose-Headers", self.exposed.as_bytes());
        }
    }

    fn allows(&self, origin: &str) -> bool {
        self.origins.iter().any(|pattern| pattern.matches(origin.as_bytes()))
    }
}

impl List {
    fn of(names: &[&str]) -> List {
        match names.contains(&"*") {
            true => List::Any,
            false => List::Listed(names.join(", ").into()),
        }
    }

    /// What an answer says when `asked` is asked for. With credentials `*` is a name like any other (Fetch, section
    /// 3.3.5), so that what is asked for is said in its place.
    fn allowed<'a>(&'a self, asked: &'a str, with_credentials: bool) -> &'a str {
        match self {
            List::Any if with_credentials => asked,
            List::Any => "*",
            List::Listed(names) => names,
        }
    }
}

/// Fields that each answer has from here; those of a preflight's answer are not among them.
fn is_decided_here(name: &str) -> bool {
    ["Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Expose-Headers"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name))
}

/// Adds a name to `Vary`.
fn vary(response: &mut Response, name: &str) {
    let Some(known) = response.field("Vary") else {
        response.set_field("Vary", name.as_bytes());
        return;
    };
    let names = known.split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
    let is_there = |known: &[u8]| known == b"*" || known.eq_ignore_ascii_case(name.as_bytes());
    if !names.into_iter().any(is_there) {
        let value = [known, b", ", name.as_bytes()].concat();
        response.set_field("Vary", &value);
    }
}
